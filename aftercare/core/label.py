"""A label's ingredients: what each piece of its text names, however it is printed.

Exact names first, then names glued or broken, then near misses. A longer name that is known
always wins over a shorter one inside it, so that sodium lactate is no lactic acid.
"""

from aftercare.core.label_text import POLYMERS, Piece, may_deny, pieces, readable, taken_away
from aftercare.core.names import Lexicon
from aftercare.core.recognition import Match
from aftercare.core.value import Value

#: A text with more characters than this is cut: no label is longer.
LONGEST_TEXT = 200_000

#: From this share of a list on, an ingredient stands late.
LATE = 2 / 3

_LONGEST_NAME = 8
_LONGEST_GUESS = 4
_SHORTEST_GLUED = 12

#: A word of more letters than this is noise.
_LONGEST_KEY = 200


class Ingredient(Value):
    """One piece of a list: `text` as printed, `position` from 1, and what it names.

    `recognised` is whether all or part of it is a known name, of whatever thing.
    """

    text: str
    position: int
    things: "tuple[Match, ...]" = ()
    recognised: bool = False


class Label(Value):
    """What was read. `is_list` is whether the text is an ingredient list at all."""

    ingredients: "tuple[Ingredient, ...]"
    is_list: bool

    @property
    def things(self) -> "tuple[Match, ...]":
        """Each thing on the label once, the surest way first."""
        sureness = ("exact", "part", "typo")
        found: dict[str, Match] = {}
        matches = [match for i in self.ingredients for match in i.things]
        for match in sorted(matches, key=lambda m: sureness.index(m.how)):
            found.setdefault(match.id, match)
        return tuple(found.values())

    @property
    def unrecognised(self) -> "tuple[Ingredient, ...]":
        return tuple(i for i in self.ingredients if not i.recognised)

    def late(self, ingredient: Ingredient) -> bool:
        """Whether it stands in the last third of a list of at least eight."""
        count = len(self.ingredients)
        return count >= 8 and ingredient.position > count * LATE


def read_label(text: str, lexicon: Lexicon) -> Label:
    """Read the text of a label; `lexicon` must hold label names."""
    text = readable(text[:LONGEST_TEXT])
    denials = may_deny(text)
    cut = pieces(text)
    listed = [p for p in cut if not p.prose or p.active]
    claims = [p for p in cut if p.prose and not p.active]
    found: list[Ingredient] = []
    for piece in listed:
        found += _ingredients(piece, text, lexicon, len(found), denials)
    known = [i for i in found if i.recognised]
    actives = [p for p in listed if p.active]
    is_list = (len(known) >= 3 and len(known) * 5 >= len(found) * 2) or bool(
        actives and known and any(p.strength for p in actives)
    )
    for piece in claims:
        # Beside a list a claim counts only with a strength; without one it is all there is.
        if piece.strength or not is_list:
            said = _ingredients(piece, text, lexicon, len(found), denials, guess=False)
            found += [i for i in said if i.things]
    return Label(tuple(found), is_list)


def _ingredients(
    piece: Piece, text: str, lexicon: Lexicon, count: int, denials: bool, *, guess: bool = True
) -> "list[Ingredient]":
    """The ingredients of a piece: one as a rule, several where separators are missing."""
    tokens = piece.tokens
    names = lexicon.label_names
    whole = names.get("".join([t.key for t in tokens]))
    start, end = tokens[0].start, tokens[-1].end
    if whole is not None and not (denials and taken_away(text, start, end)):
        printed = " ".join(text[start:end].split())
        return [Ingredient(printed, count + 1, _matches(whole, "exact", printed), True)]
    found: list[Ingredient] = []
    unknown: list[int] = []

    def add(first: int, last: int, matches: "tuple[Match, ...]", recognised: bool) -> None:
        start, end = tokens[first].start, tokens[last].end
        if denials and matches and taken_away(text, start, end):
            matches = ()
        printed = " ".join(text[start:end].split())
        found.append(Ingredient(printed, count + len(found) + 1, matches, recognised))

    def flush() -> None:
        if unknown:
            run = list(unknown)
            unknown.clear()
            for first, last, matches in _guesses(run, piece, lexicon, guess):
                add(first, last, matches, bool(matches))

    if whole is None and tokens[-1].key in POLYMERS:
        add(0, len(tokens) - 1, (), False)
        return found
    position = 0
    while position < len(tokens):
        for size in range(min(_LONGEST_NAME, len(tokens) - position), 0, -1):
            entry = names.get("".join([t.key for t in tokens[position : position + size]]))
            if entry is not None:
                flush()
                last = position + size - 1
                printed = text[tokens[position].start : tokens[last].end]
                add(position, last, _matches(entry, "part", printed), True)
                position += size
                break
        else:
            unknown.append(position)
            position += 1
    flush()
    return found


def _matches(entry: "tuple[str, list[str]]", how: str, text: str) -> "tuple[Match, ...]":
    return tuple(Match(id, entry[0], how, text) for id in entry[1])


def _guesses(
    run: "list[int]", piece: Piece, lexicon: Lexicon, guess: bool
) -> "list[tuple[int, int, tuple[Match, ...]]]":
    """What a run of unknown words may be: glued names or near misses; the rest stays unknown."""
    keys = [piece.tokens[n].key for n in run]
    found: list[tuple[int, int, tuple[Match, ...]]] = []
    unknown: list[int] = []

    def flush() -> None:
        if any(not piece.tokens[n].key.isdecimal() for n in unknown):
            found.append((unknown[0], unknown[-1], ()))
        unknown.clear()

    position = 0
    while position < len(run):
        for size in range(min(_LONGEST_GUESS, len(run) - position), 0, -1):
            matches = _guess("".join(keys[position : position + size]), lexicon, guess)
            if matches:
                flush()
                found.append((run[position], run[position + size - 1], matches))
                position += size
                break
        else:
            unknown.append(run[position])
            position += 1
    flush()
    return found


def _guess(key: str, lexicon: Lexicon, guess: bool) -> "tuple[Match, ...]":
    """What an unknown key is made of or near to."""
    if len(key) > _LONGEST_KEY:
        return ()
    names = lexicon.label_names
    parts = _unglued(key, lexicon) if len(key) >= _SHORTEST_GLUED else []
    if parts:
        return tuple(m for part in parts for m in _matches(names[part], "part", key))
    near = lexicon.fuzzy(labels=True).nearest(key) if guess else []
    return tuple(m for name in near for m in _matches(names[name], "typo", key))


def _unglued(key: str, lexicon: Lexicon) -> "list[str]":
    """The names that a word is made of, when it is nothing but names; else nothing."""
    names = lexicon.label_names
    ways: list[list[str] | None] = [[], *[None] * len(key)]
    for end in range(1, len(key) + 1):
        for start in range(max(0, end - 40), end - 3):
            before = ways[start]
            if before is not None and key[start:end] in names:
                ways[end] = [*before, key[start:end]]
                break
    return ways[len(key)] or []
