"""What the page's own reader of names and labels works with: names, words and patterns.

All of it is taken from the core, so that the page and the command line cannot know different
words.
"""

from functools import lru_cache

from aftercare.core.names import NameIndex
from aftercare.outputs.page.patterns import javascript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Texts = Mapping[str, str | bytes]

# What the page's script knows by a name of its own, and what that is in the core.
_WORDS = {
    "names": {"AMERICAN": "_AMERICAN"},
    "fuzzy": {"GENERIC": "GENERIC", "ALIKE": "_ALIKE"},
    "recognition": {
        "AMOUNT": "_AMOUNT",
        "LONGEST_NAME": "LONGEST_NAME",
        "MOST_GUESSED_WORDS": "MOST_GUESSED",
        "NEGATIONS_AFTER": "_NEGATIONS_AFTER",
        "NEGATIONS_BEFORE": "_NEGATIONS_BEFORE",
        "ENOUGH_ALIKE": "ENOUGH_ALIKE",
        "MOST_SUGGESTED": "MOST_SUGGESTED",
    },
    "label_text": {
        "EVERYDAY": "EVERYDAY",
        "CUT": "_CUT",
        "LISTED_LINE": "_LISTED_LINE",
        "TOKEN": "_TOKEN",
        "TAG": "_TAG",
        "BLOCKS": "_BLOCKS",
        "ESCAPES": "_ESCAPES",
        "MANY": "MANY",
        "POLYMER": "POLYMER",
        "GOES_ON": "_GOES_ON",
        "HEADING": "_HEADING",
        "OTHER": "_OTHER",
        "CUT_OFF": "_CUT_OFF",
        "STRENGTH_AFTER": "_STRENGTH_AFTER",
        "STRENGTH_BEFORE": "_STRENGTH_BEFORE",
        "NOTHING_OF": "_NOTHING_OF",
        "FUNCTION": "_FUNCTION",
        "FILLERS": "_FILLERS",
        "REPLACING": "_REPLACING",
        "DENY": "_DENY",
        "DENY_WITH": "_DENY_WITH",
        "DENY_AFTER": "_DENY_AFTER",
        "OR": "_OR",
        "PASSED": "_PASSED",
        "DENIALS": "_DENIALS",
        "CONTAINS": "_CONTAINS",
    },
    "label_names": {
        "MOST_IN_POLYMER": "_MOST_IN_POLYMER",
        "MOST_SLASHES": "_MOST_SLASHES",
        "LONGEST_LABEL_NAME": "_LONGEST_NAME",
        "LONGEST_GUESS": "_LONGEST_GUESS",
        "SHORTEST_GLUED": "_SHORTEST_GLUED",
        "COMMON": "_COMMON",
        "LONGEST_KEY": "_LONGEST_KEY",
        "CAMEL": "_CAMEL",
        "BRACKET": "_BRACKET",
        "EDGES": "_EDGES",
    },
    "label": {
        "LARGEST_LABEL": "LARGEST_LABEL",
        "LATE": "LATE",
        "LONG_LIST": "LONG_LIST",
        "MOST_GUESSED_CHUNKS": "MOST_GUESSED",
        "LISTED_HEADED": "_HEADED",
        "LISTED_UNHEADED": "_UNHEADED",
        "LISTED_IN_SENTENCE": "_IN_SENTENCE",
        "FEWEST_LETTERS": "_FEWEST_LETTERS",
        "GLUED": "_GLUED",
        "NOISE": "_NOISE",
        "MOST_DENIED": "_MOST_DENIED",
        "BASES": "_BASES",
    },
}

#: What the words have as names in the script, in one order.
KNOWN = tuple(name for names in _WORDS.values() for name in names)

#: The modules of the core that they come from.
MODULES = tuple(_WORDS)

# Patterns that are looked for all over a text; the others are matched at its beginning or
# searched once.
_ALL_OVER = ("AMERICAN", "AMOUNT", "CUT", "TOKEN", "TAG", "ESCAPES", "HEADING", "OTHER", "CAMEL",
             "BRACKET")  # fmt: skip
_AT_BEGINNING = ("POLYMER", "STRENGTH_AFTER")


def groups(typed: "Texts", label: "Texts") -> "list[str]":
    """Names by their things: a line ``where TAB ids``, then a line for each name in order.

    `where` is 1 for names that are typed, 2 for those on labels, 3 for both. A name's line has
    only what differs from the name before it. How much is the same tell the letters of the
    first line, one for each name: apart from the names they deflate better.
    """
    entries: dict[tuple[str, str], int] = {}
    for where, texts in ((1, typed), (2, label)):
        for name, things in NameIndex(texts).beginning(""):
            ids = " ".join(things)
            entries[name, ids] = entries.get((name, ids), 0) | where
    groups: dict[tuple[int, str], list[str]] = {}
    for (name, ids), where in entries.items():
        groups.setdefault((where, ids), []).append(name)
    repeated, lines = "", []
    for (where, ids), names in sorted(groups.items()):
        lines.append(f"{where}\t{ids}")
        before = ""
        for name in sorted(names):
            differs = (n for n, (a, b) in enumerate(zip(before, name, strict=False)) if a != b)
            same = min(next(differs, len(before)), 90)
            repeated += chr(33 + same)
            lines.append(name[same:])
            before = name
    return [repeated, *lines]


@lru_cache(maxsize=1)
def words() -> "dict[str, Any]":
    """Return what the script knows by a name of its own, as JSON can hold it."""
    from importlib import import_module

    return {
        name: _plain(name, getattr(module, own))
        for module, names in ((import_module(f"aftercare.core.{m}"), n) for m, n in _WORDS.items())
        for name, own in names.items()
    }


def _plain(name: str, value: object) -> object:
    """A constant as JSON; sets become ``{"set": […]}``, patterns ``{"pattern": …}``."""
    if isinstance(value, set | frozenset):
        return {"set": sorted(value)}
    if isinstance(value, dict):
        return {key: sorted(words) for key, words in value.items()}
    if name in ("BLOCKS", "GOES_ON") and isinstance(value, tuple):
        return {"set": list(value)}
    if name in ("AMERICAN", "AMOUNT"):
        return {"pattern": javascript(str(value)), "flags": "gu"}
    source = getattr(value, "pattern", None)
    if source is None:
        return value
    ignore_case = bool(getattr(value, "flags", 0) & 2)
    pattern = javascript(source, ignore_case=ignore_case)
    if name in _AT_BEGINNING:
        pattern = f"^(?:{pattern})"
    flags = ("g" if name in _ALL_OVER else "") + ("i" if ignore_case else "") + "u"
    return {"pattern": pattern, "flags": flags}
