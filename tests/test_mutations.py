"""A slip of the pen in a rule file is reported, or it changes nothing that a reader could know."""

import json
import re
from collections import Counter
from datetime import date
from random import Random

import pytest

from aftercare.rulebook import load_vocabulary
from aftercare.rulebook.layers import Layer, default_rules
from aftercare.rulebook.linting import warnings
from aftercare.rulebook.reading import Reading

MISTAKES = 1000
SHARDS = 10

TEXT = default_rules().read_text(encoding="utf-8")
LINES = TEXT.splitlines(keepends=True)
TODAY = date(2026, 11, 23)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def spots(pattern):
    """Where the group of a pattern stands in the file, comments aside."""
    found = [m.span(1) for m in re.finditer(pattern, TEXT, re.MULTILINE)]
    return [s for s in found if "#" not in TEXT[TEXT.rfind("\n", 0, s[0]) + 1 : s[0]]]


KEYS = spots(r"^ *(?:- )?([a-z][a-z0-9_-]*):")
SPANS = spots(r"\b(\d+[hdw])\b(?=[,\]}]?$|,|\]|\})")
CITED = spots(r"(?<=[\[ ])([a-z0-9-]+)(?=[,\]])")
CLOCKS = spots(r'("\d\d:\d\d")')
PAIRS = spots(r"^ +(for: \S+\n +usual: \S+)$")
CONDITIONS = spots(r"if: (\{[^}]*\})")


def at(random, places):
    return random.choice(places)


def put(start, end, new):
    return TEXT[:start] + new + TEXT[end:]


def misspelt(random, word):
    n = random.randrange(len(word))
    return random.choice(
        [
            word[:n] + word[n + 1 :] or "x",
            word[:n] + random.choice(LETTERS) + word[n:],
            word[:n] + random.choice(LETTERS) + word[n + 1 :],
            word[:n] + word[n + 1 : n + 2] + word[n : n + 1] + word[n + 2 :],
        ]
    )


def some_line(random):
    return random.choice([n for n, line in enumerate(LINES) if line.strip()])


def lines_with(n, *new):
    return "".join([*LINES[:n], *new, *LINES[n + 1 :]])


def deleted_character(random):
    n = random.randrange(len(TEXT))
    return put(n, n + 1, "")


def doubled_character(random):
    n = random.randrange(len(TEXT))
    return put(n, n, TEXT[n])


def swapped_characters(random):
    n = random.randrange(len(TEXT) - 1)
    return put(n, n + 2, TEXT[n + 1] + TEXT[n])


def wrong_character(random):
    n = random.randrange(len(TEXT))
    return put(n, n + 1, random.choice(LETTERS + "0123456789 :-,[]{}\"'#"))


def doubled_line(random):
    n = some_line(random)
    return lines_with(n, LINES[n], LINES[n])


def deleted_line(random):
    return lines_with(some_line(random))


def wrong_indent(random):
    n = some_line(random)
    shift = random.choice([1, 2, 4, -1, -2, -4])
    line = LINES[n]
    return lines_with(n, " " * shift + line if shift > 0 else line[min(-shift, indent_of(line)) :])


def indent_of(line):
    return len(line) - len(line.lstrip(" "))


def dropped_unit(random):
    _, end = at(random, SPANS)
    return put(end - 1, end, "")


def wrong_unit(random):
    _, end = at(random, SPANS)
    return put(end - 1, end, random.choice(["H", "m", " hours", "days", " d ", "min", "y"]))


def swapped_for_and_usual(random):
    start, end = at(random, PAIRS)
    swapped = {"for": "usual", "usual": "for"}
    return put(start, end, re.sub("for|usual", lambda m: swapped[m[0]], TEXT[start:end]))


def misspelt_key(random):
    start, end = at(random, KEYS)
    return put(start, end, misspelt(random, TEXT[start:end]))


def misspelt_source(random):
    start, end = at(random, CITED)
    return put(start, end, misspelt(random, TEXT[start:end]))


def clock_without_quotes(random):
    start, end = at(random, CLOCKS)
    return put(start, end, TEXT[start:end].strip('"'))


def misspelt_condition(random):
    start, end = at(random, CONDITIONS)
    return put(start, end, misspelt(random, TEXT[start:end]))


def word_for_a_value(random):
    _, end = at(random, KEYS)
    stop = TEXT.index("\n", end)
    return put(end, stop, ": " + random.choice(["no", "yes", "null", "12", "[]", "{}", "9:00"]))


KINDS = (
    deleted_character, doubled_character, swapped_characters, wrong_character, doubled_line,
    deleted_line, wrong_indent, dropped_unit, wrong_unit, swapped_for_and_usual, misspelt_key,
    misspelt_source, clock_without_quotes, misspelt_condition, word_for_a_value,
)  # fmt: skip

#: What a person reads and no program can proofread.
PROSE = ("why", "note", "text", "title", "publisher", "url", "ask", "version", "sessions")
FIGURES = ("for", "usual", "from", "reviewed")
#: What a rule file is right without: whether it was left out on purpose, only its writer knows.
OPTIONAL = (
    "usual", "note", "publisher", "url", "at", "from", "longer", "check", "names", "urgent",
    "ask_first", "notes", "figures",
)  # fmt: skip
STATEMENTS = ("call", "urgent", "ask_first", "notes", "names")


def read(text):
    reading = Reading([Layer("default", "rules.yaml", text.encode())], load_vocabulary(labels=True))
    if reading.problems:
        return None, reading.problems
    treatments = {id: json.loads(text) for id, text in reading.document["treatments"].items()}
    return {**reading.document, "treatments": treatments}, warnings(reading, TODAY)


def differences(before, after, path=()):
    """Yield (path, before, after) of each value that differs; None for one that is not there."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            yield from differences(before.get(key), after.get(key), (*path, key))
    elif before != after:
        yield path, before, after


def excuse(document, moved, path, before, after):
    """Why this difference is one that a linter cannot know to be wrong; None if there is none."""
    key = path[-1]
    if isinstance(before, str) and isinstance(after, str):
        if key in PROSE:
            return "other words"
        if key in FIGURES or "figures" in path:
            return "another valid figure"
    if isinstance(before, list) and isinstance(after, list):
        if key == "sources" and set(after) < set(before):
            return "a source fewer"
        if key in (*STATEMENTS, "at", "check", "longer") and len(before) == len(after):
            return "an item with other words or another valid figure"
        if key in STATEMENTS and len(after) < len(before):
            return "an item fewer"
        if key in STATEMENTS and moved:
            return "under another heading"
    if after is None and path[-2:-1] == ("figures",):
        return "a source fewer"
    if key == "at" or (path[0] == "facts" and key in ("min", "max")):
        return "another valid figure"
    if after is None and len(path) > 1 and document:
        holder = document
        for step in path[:-1]:
            holder = holder[step]
        silent = key == "sources" and (
            "figures" in holder or "no source" in holder.get("note", "").casefold()
        )
        of_rule = path[2] if path[0] == "treatments" and len(path) > 3 else ""
        if silent or key in OPTIONAL or (key == "why" and of_rule in ("care", "allow")):
            return "left out"
    return None


def sentences(document):
    return [s for p in document["treatments"].values() for k in STATEMENTS for s in p.get(k, ())]


def outcome(text, document):
    """What became of a mistake, and what has no excuse."""
    made, problems = read(text)
    if problems:
        return ("reported" if made is None else "warned"), []
    own = {k: v for k, v in made.items() if k not in ("layers", "sha256")}
    found = list(differences({k: document[k] for k in own}, own))
    if not found:
        return "the same rules", []
    if list(own["treatments"].values()) == list(document["treatments"].values()):
        found = [d for d in found if d[0][0] != "treatments"] or [(("id", "title"), "a", "b")]
    moved = sentences(own) == sentences(document)
    reasons = [excuse(document, moved, *difference) for difference in found]
    return reasons[0] or "missed", [d for d, r in zip(found, reasons, strict=True) if r is None]


@pytest.fixture(scope="module")
def document():
    document, problems = read(TEXT)
    assert problems == []
    return document


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_single_mistake_is_reported_or_harmless(shard, document):
    counted = Counter()
    for n in range(shard, MISTAKES, SHARDS):
        random = Random(n)
        kind = KINDS[n % len(KINDS)]
        text = kind(random)
        if text == TEXT:
            counted["no mistake"] += 1
            continue
        result, unexcused = outcome(text, document)
        assert not unexcused, (kind.__name__, n, unexcused)
        counted[result] += 1
    print(dict(counted))
    assert counted["reported"] > 30
