"""What a chunk of a label names, however it is printed: whole, in company, glued or misprinted.

Exact names first, then names glued or broken, then near misses. A longer name that is known
always wins over a shorter one inside it, so that sodium lactate is no lactic acid.
"""

import re
from collections import Counter
from itertools import pairwise
from weakref import WeakKeyDictionary, ref

from aftercare.core.fuzzy import FuzzyIndex, sound
from aftercare.core.label_text import (
    EVERYDAY,
    POLYMER,
    Token,
    is_filler,
    is_little,
    may_deny,
    tokens_of,
)
from aftercare.core.names import Lexicon, words
from aftercare.core.recognition import Match
from aftercare.core.value import Row

#: Chunks kept read for the next time; the same ones stand on many labels.
_MOST_KEPT = 8_000
_LONGEST_KEPT = 120

#: A text with more names than this, and no separators, is not searched for polymers.
_MOST_IN_POLYMER = 200

#: Monomers and synonyms are few: of more slashes in one chunk, those with spaces separate.
_MOST_SLASHES = 5

_LONGEST_NAME = 8
_LONGEST_GUESS = 4
_SHORTEST_GLUED = 10

#: A word of so many names is common.
_COMMON = 3

#: A word of more letters than this is noise.
_LONGEST_KEY = 200

_CAMEL = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_EDGES = " -\u2013*+/'"
_GROUPS = frozenset("()[]{}<>/\\")


class Named(Row):
    """A name in a chunk: its tokens from `first` to `last`, both included, and its things.

    A polymer that the vocabulary lacks is a name of no things.
    """

    first: int
    last: int
    matches: "tuple[Match, ...]"
    everyday: bool = False


class Item(Row):
    """What becomes an ingredient: its text as printed, what it names, and the names it has."""

    text: str
    things: "tuple[Match, ...]"
    recognised: bool
    names: "tuple[Named, ...]" = ()


class Reading(Row):
    """What a chunk names, in its order. `unknown` are the words that no name accounts for.

    `one` is whether it is a single item, its names being synonyms or parts of one another;
    `denying` whether it holds a word that could take a name away; `full` whether names account
    for all of it and none is a guess; `everyday` whether all of these are foods and the like.
    """

    tokens: "list[Token]"
    names: "tuple[Named, ...]"
    unknown: "list[str]"
    one: bool
    denying: bool
    full: bool
    everyday: bool
    items: "tuple[Item, ...]"


class Reader:
    """Reads chunks with the names of one lexicon, and remembers the latest."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.names = lexicon.label_names
        self._lexicon = ref(lexicon)
        self._words: frozenset[str] = frozenset()
        self._spelling: FuzzyIndex | None = None
        self._kept: dict[tuple[str, bool], Reading] = {}

    def read(self, text: str, *, guess: bool) -> Reading:
        """Return what a chunk names, with `guess` also what its unknown words may be."""
        if len(text) > _LONGEST_KEPT:
            return self._read(text, guess)
        found = self._kept.get((text, guess))
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[text, guess] = self._read(text, guess)
        return found

    def torn(self, one: Reading, other: Reading) -> bool:
        """Whether a separator or line break tore a name, half of which stands in each."""
        tail, head = one.tokens[-2:], other.tokens[:2]
        if not (_loose(one, len(one.tokens) - 1) or _loose(other, 0)):
            return False
        keys = [
            "".join([t.key for t in (*tail[-left:], *head[:right])])
            for left in range(len(tail), 0, -1)
            for right in range(len(head), 0, -1)
        ]
        return any(len(key) > 5 and key in self.names for key in keys)

    def _read(self, text: str, guess: bool) -> Reading:
        tokens = tokens_of(text)
        denying = may_deny(tokens)
        entry = self.names.get("".join([t.key for t in tokens]))
        if entry is not None and _meant(entry, tokens):
            printed = text[tokens[0].start : tokens[-1].end]
            everyday = _food(tokens)
            name = Named(0, len(tokens) - 1, _matches(entry, "exact", printed), everyday)
            item = Item(_spaced(text).strip(_EDGES), name.matches, True, (name,))
            return Reading(tokens, (name,), [], True, denying, True, everyday, (item,))
        names = _polymers_whole(text, tokens, self._exact(text, tokens))
        if guess:
            names = sorted([*names, *self._guesses(text, tokens, names)])
        held = {n for name in names for n in range(name.first, name.last + 1)}
        unknown = [t.key for n, t in enumerate(tokens) if n not in held and not is_filler(t.key)]
        one = len(names) < 2 or _apart(text, tokens, names)
        if "(" in text or "[" in text:
            around = self._around_brackets(text, tokens, names)
            names, unknown, one = (around, [], True) if around else (names, unknown, one)
        sure = all(name.matches and name.matches[0].how != "typo" for name in names)
        full = bool(names) and not unknown and sure
        everyday = all(name.everyday for name in names)
        items = _items(text, tokens, names, unknown)
        if one:
            items = [_item(text, tokens, names)._replace(text=_spaced(text).strip(_EDGES))]
        return Reading(tokens, tuple(names), unknown, one, denying, full, everyday, tuple(items))

    def _around_brackets(
        self, text: str, tokens: "list[Token]", names: "list[Named]"
    ) -> "list[Named]":
        """A name that goes on around brackets, "Simmondsia Chinensis (Jojoba) Seed Oil", and
        the names that reach into these; nothing when what stands around them is no name.
        """
        brackets = [match.span() for match in _BRACKET.finditer(text)]

        def inside(token: Token) -> bool:
            return any(start < token.start < end for start, end in brackets)

        outer = [token for token in tokens if not inside(token)]
        entry = self.names.get("".join([t.key for t in outer]))
        if entry is None or not outer or len(outer) == len(tokens):
            return []
        whole = Named(0, len(tokens) - 1, _matches(entry, "exact", text), _food(outer))
        return [whole, *(n for n in names if any(map(inside, tokens[n.first : n.last + 1])))]

    def _exact(self, text: str, tokens: "list[Token]") -> "list[Named]":
        """The longest names, from left to right."""
        found: list[Named] = []
        position = 0
        while position < len(tokens):
            for size in range(min(_LONGEST_NAME, len(tokens) - position), 0, -1):
                part = tokens[position : position + size]
                entry = self.names.get("".join([t.key for t in part]))
                if entry is not None and _meant(entry, part):
                    printed = text[part[0].start : part[-1].end]
                    matches = _matches(entry, "part", printed)
                    found.append(Named(position, position + size - 1, matches, _food(part)))
                    position += size
                    break
            else:
                position += 1
        return found

    def _guesses(self, text: str, tokens: "list[Token]", names: "list[Named]") -> "list[Named]":
        """What the words between the names may be: glued names, or near misses; and what all
        of them may be together, where names are words of a longer one that is misprinted.
        """
        held = {n for name in names for n in range(name.first, name.last + 1)}
        found: list[Named] = []
        if 1 < len(tokens) <= _LONGEST_NAME:
            near = self._near("".join([t.key for t in tokens]), [t.key for t in tokens])
            if near:
                whole = [m for name in near for m in _matches(self.names[name], "typo", text)]
                return [Named(0, len(tokens) - 1, tuple(whole))]
        position = 0
        while position < len(tokens):
            if position in held or is_filler(tokens[position].key):
                position += 1
                continue
            end = position + 1
            while end < len(tokens) and end - position < _LONGEST_GUESS and end not in held:
                if not _GROUPS.isdisjoint(text[tokens[end - 1].end : tokens[end].start]):
                    break
                end += 1
            for last in range(end, position, -1):
                part = tokens[position:last]
                printed = text[part[0].start : part[-1].end]
                matches = self._guess(part, printed)
                if matches:
                    found.append(Named(position, last - 1, matches))
                    position = last
                    break
            else:
                position += 1
        return found

    def _guess(self, part: "list[Token]", printed: str) -> "tuple[Match, ...]":
        """What unknown words are made of or near to."""
        key = "".join([t.key for t in part])
        if not 4 < len(key) <= _LONGEST_KEY:
            return ()
        parts = self._unglued(key) if len(key) >= _SHORTEST_GLUED else []
        if not parts and not printed.islower() and not printed.isupper():
            parts = self._camel(printed)
        if parts:
            return tuple([m for name in parts for m in _matches(self.names[name], "part", printed)])
        near = self._near(key, [t.key for t in part])
        return tuple([m for name in near for m in _matches(self.names[name], "typo", printed)])

    def _near(self, key: str, typed: "list[str]") -> "list[str]":
        """The names that a key may be a misprint of.

        A word that names are made of is no misprint, and one that is nearer to a common such
        word than to any of a name's is no misprint of that name.
        """
        from rapidfuzz.distance import OSA

        lexicon = self._lexicon()
        if lexicon is None:
            return []
        if self._spelling is None:
            known = Counter([w for name, _ in self.names.values() for w in set(words(name))])
            self._words = frozenset(known)
            self._spelling = FuzzyIndex([w for w, n in known.items() if n >= _COMMON])
        wrong = [word for word in typed if word not in self._words and not is_little(word)]
        if not wrong and len(typed) < 2:
            return []
        found = lexicon.fuzzy(labels=True).nearest(key)
        if not wrong:  # all are words: "acid tartrique" is one letter away, "leaf extract" is not
            return [name for name in found if OSA.distance(key, name, score_cutoff=1) == 1]
        for word in wrong if found else ():
            meant = self._spelling.nearest(word)
            if meant:
                away = OSA.distance(word, meant[0])
                heard = [sound(m) for m in meant]
                found = [
                    name
                    for name in found
                    if OSA.distance(key, name) <= away or any(h in sound(name) for h in heard)
                ]
        return found

    def _unglued(self, key: str) -> "list[str]":
        """The names that a word is made of, when it is nothing but names; else nothing."""
        ways: list[list[str] | None] = [[], *[None] * len(key)]
        for end in range(1, len(key) + 1):
            for start in range(max(0, end - 40), end - 3):
                before = ways[start]
                if before is not None and key[start:end] in self.names:
                    ways[end] = [*before, key[start:end]]
                    break
        return ways[len(key)] or []

    def _camel(self, printed: str) -> "list[str]":
        """The names in a word like GlycerinRetinolZorbium, by its capitals."""
        parts = _CAMEL.findall(printed)
        if len(parts) < 2 or " " in printed:
            return []
        keys = tokens_of(" ".join(parts))
        return ["".join([t.key for t in keys[n.first : n.last + 1]])
                for n in self._exact(" ".join(parts), keys)
                if sum(len(t.key) for t in keys[n.first : n.last + 1]) > 5]  # fmt: skip


_READERS: "WeakKeyDictionary[Lexicon, Reader]" = WeakKeyDictionary()


def reader_of(lexicon: Lexicon) -> Reader:
    """Return the reader of a lexicon, made when it is first asked for."""
    reader = _READERS.get(lexicon)
    if reader is None:
        reader = _READERS[lexicon] = Reader(lexicon)
    return reader


def _items(
    text: str, tokens: "list[Token]", names: "list[Named]", unknown: "list[str]"
) -> "list[Item]":
    """Each name as an item, and what is unknown between them."""
    found: list[Item] = []
    position = 0
    for name in [*names, None]:
        first = name.first if name else len(tokens)
        if any(token.key in unknown for token in tokens[position:first]):
            found.append(_item(text, tokens[position:first], []))
        if name:
            found.append(_item(text, tokens[name.first : name.last + 1], [name]))
            position = name.last + 1
    return found


def _item(text: str, tokens: "list[Token]", names: "list[Named]") -> Item:
    things = {(m.id, m.how): m for name in reversed(names) for m in reversed(name.matches)}
    printed = _spaced(text[tokens[0].start : tokens[-1].end])
    return Item(printed, tuple(reversed(things.values())), bool(things), tuple(names))


def _spaced(printed: str) -> str:
    return " ".join(printed.split())


def _matches(entry: "tuple[str, list[str]]", how: str, text: str) -> "tuple[Match, ...]":
    return tuple([Match(id, entry[0], how, text) for id in entry[1]])


def _meant(entry: "tuple[str, list[str]]", tokens: "list[Token]") -> bool:
    """Whether words that only together make a short name were meant so: "A HA" is no AHA."""
    if len(tokens) == 1 or sum([len(t.key) for t in tokens]) > 5:
        return True
    return len(words(entry[0])) == len(tokens)


def _food(tokens: "list[Token]") -> bool:
    return "".join([t.key for t in tokens]) in EVERYDAY


def _loose(reading: Reading, token: int) -> bool:
    return not any(name.first <= token <= name.last for name in reading.names)


def _polymers_whole(text: str, tokens: "list[Token]", names: "list[Named]") -> "list[Named]":
    """The names, each polymer being one that swallows the names of its monomers."""
    ends = [n for n, token in enumerate(tokens) if POLYMER.match(token.key)]
    if not ends or len(names) > _MOST_IN_POLYMER:
        return names
    first_of = {n: name.first for name in names for n in range(name.first, name.last + 1)}

    tight = text.count(" / ") > _MOST_SLASHES  # then these are separators

    def slash(token: int) -> bool:
        gap = text[tokens[token - 1].end : tokens[token].start] if token else ""
        return gap == "/" if tight else "/" in gap

    for end in reversed(ends):
        first = first_of.get(end, end)
        if first == end and end and not slash(end):
            first = first_of.get(end - 1, end - 1)
        while first:
            back = first - 1
            while not slash(first) and not slash(back) and back not in first_of and back:
                back -= 1  # words of a monomer, up to the slash before it
            if not slash(first) and not slash(back):
                break
            first = first_of.get(back, back)
        inside = [n for n in names if first <= n.first <= end]
        if len(inside) != 1 or (inside[0].first, inside[0].last) != (first, end):
            names = sorted([*(n for n in names if n not in inside), Named(first, end, ())])
    return names


def _apart(text: str, tokens: "list[Token]", names: "list[Named]") -> bool:
    """Whether brackets or slashes stand between all names: synonyms, or parts of one thing."""
    return len(names) <= _MOST_SLASHES and all(
        not _GROUPS.isdisjoint(text[tokens[one.last].end : tokens[other.first].start])
        for one, other in pairwise(names)
    )
