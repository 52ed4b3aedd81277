"""Things and their names.

Names are compared by their `key`: case, accents, spaces, hyphens, plurals and British or
American spelling make no difference.
"""

import re
from functools import cache, cached_property

from aftercare.core.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from aftercare.core.fuzzy import FuzzyIndex

#: After so many searches in a text of names, a dictionary of it pays.
SEARCHES = 60


_STROKES = {0xF8: "o", 0x142: "l", 0x111: "d", 0x153: "oe", 0xE6: "ae", 0x131: "i"}


@cache
def pattern(text: str) -> "re.Pattern[str]":
    """A regular expression, compiled when it is first needed: most runs need one or two."""
    return re.compile(text)


WORD = r"[^\W_]+"
_AMERICAN = r"(?<=[a-z]{2})iz(?=e|ing|er|ation)"


def words(text: str) -> "list[str]":
    """Split a text into folded words: lower case, no accents, singular, British endings."""
    return [_fold(word) for word in _plain_words(text)]


def squashed(text: str) -> str:
    """Return the letters of a text as keys have them, of words that may be half typed."""
    return "".join(_plain_words(text))


def _plain_words(text: str) -> "list[str]":
    if not text.isascii():
        import unicodedata

        text = unicodedata.normalize("NFKD", text.casefold())
        text = "".join([c for c in text if not unicodedata.combining(c)]).translate(_STROKES)
    text = text.casefold()
    # One word is the usual question, and is seen without an expression.
    return [text] if text.isalnum() else pattern(WORD).findall(text)


def _fold(word: str) -> str:
    length = len(word)
    if length > 3 and word[-1] == "s" and word[-2] not in "siu":
        if length > 4 and word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("ches", "shes", "xes", "sses")):
            word = word[:-2]
        else:
            word = word[:-1]
    if "iz" in word:
        word = pattern(_AMERICAN).sub("is", word)
    if "our" in word and length > 5:
        word = word.replace("our", "or")
    if "ulph" in word:
        word = word.replace("sulph", "sulf")
    if "lumin" in word:
        word = word.replace("aluminium", "aluminum")
    return word.replace("grey", "gray") if "grey" in word else word


def normalise(text: str) -> str:
    """Return the key by which names are compared; empty when the text has no letters."""
    return "".join(words(text))


class Thing(Value):
    """Something a person can ask about. `kind` says what sort, see the rule file guide.

    `parts` are the things it is made of; `kind_of` the more general thing it belongs to.
    """

    id: str
    title: str
    kind: str = "other"
    parts: "tuple[str, ...]" = ()
    kind_of: str = ""


class _Ids(dict[str, list[str]]):
    """Thing ids by the text that lists them; thousands of names share a few of these."""

    def __missing__(self, text: str) -> "list[str]":
        ids = self[text] = text.split(" ")
        return ids


class NameIndex:
    """Names by key, kept as texts of lines ``key TAB name TAB ids``, by the key's first letter.

    A question looks up a handful of names among thousands: finding them in such a text costs
    less than making a dictionary of all. Whoever needs all of them gets the dictionary.
    """

    def __init__(self, texts: "Mapping[str, str | bytes]") -> None:
        self._texts = texts
        self._searches = 0
        self._all: dict[str, tuple[str, list[str]]] = {}

    @staticmethod
    def texts_of(names: "Mapping[str, tuple[str, list[str]]]") -> "dict[str, str]":
        """Return names as the texts that an index is made of."""
        lines: dict[str, list[str]] = {}
        for key, (name, ids) in names.items():
            line = f"{key}\t{' '.join(name.split())}\t{' '.join(ids)}"
            lines.setdefault(key[0], [""]).append(line)
        return {letter: "\n".join([*those, ""]) for letter, those in lines.items()}

    def _text(self, letter: str) -> bytes:
        """The text of a letter, in UTF-8: as it is kept, and the half of it in memory."""
        text = self._texts.get(letter, b"\n")
        return text.encode() if isinstance(text, str) else text

    def get(self, key: str) -> "tuple[str, list[str]] | None":
        """Return the name and thing ids of a key, or None."""
        self._searches += 1
        if self._searches > SEARCHES:
            return self.all().get(key)
        text = self._text(key[:1])
        start = text.find(f"\n{key}\t".encode())
        return None if start < 0 else _line(text, start + 1)[1]

    def beginning(self, key: str) -> "Iterator[tuple[str, list[str]]]":
        """Names whose key begins so, with their thing ids; all of them for an empty key."""
        wanted = f"\n{key}".encode()
        for letter in key[:1] or self._texts:
            text, end = self._text(letter), 0
            while 0 <= (start := text.find(wanted, end)) < len(text) - 1:
                end, found = _line(text, start + 1)
                yield found

    def all(self) -> "dict[str, tuple[str, list[str]]]":
        """Return all names by key. It is the index's own dictionary: look, do not touch."""
        if not self._all:
            texts = [t.encode() if isinstance(t, str) else t for t in self._texts.values()]
            text = b"".join([text[1:] for text in texts]).decode()
            parts = text.replace("\n", "\t").split("\t")[:-1]
            each = map(_Ids().__getitem__, parts[2::3])
            self._all = dict(zip(parts[::3], zip(parts[1::3], each, strict=True), strict=True))
        return self._all


def _line(text: bytes, start: int) -> "tuple[int, tuple[str, list[str]]]":
    """The end of a line, and the name and thing ids that stand in it."""
    end = text.index(b"\n", start)
    _, name, ids = text[start:end].decode().split("\t")
    return end, (name, ids.split(" "))


class Lexicon:
    """All things and their names. Made from one or more vocabularies in plain data.

    A vocabulary is ``{"things": {id: {title, kind, parts, kind_of}}, "typed": texts, "label":
    texts, "neutral": [word], "forms": [word]}``, the texts being what a `NameIndex` is made of:
    names as people type them, and names of ingredients as they stand on labels. A later
    vocabulary adds to an earlier one.
    """

    def __init__(self, *vocabularies: "Mapping[str, Any]") -> None:
        self.vocabularies = vocabularies
        self._things: dict[str, Any] = {}
        self._typed = [NameIndex(v["typed"]) for v in reversed(vocabularies)]
        self._label = [NameIndex(v["label"]) for v in reversed(vocabularies)]
        self._label_names: dict[str, tuple[str, list[str]]] = {}
        self._fuzzy: dict[bool, FuzzyIndex] = {}
        self.neutral: set[str] = set()
        self.forms: set[str] = set()
        for vocabulary in vocabularies:
            self._things.update(vocabulary["things"])
            self.neutral.update(vocabulary["neutral"])
            self.forms.update(vocabulary["forms"])

    def __contains__(self, thing: str) -> bool:
        return thing in self._things

    def __iter__(self) -> "Iterator[str]":
        return iter(self._things)

    def thing(self, id: str) -> Thing:
        """Return a thing by its id; `KeyError` when there is none."""
        data = self._things[id]
        return Thing(
            id,
            data["title"],
            data.get("kind", "other"),
            tuple(data.get("parts", ())),
            data.get("kind_of", ""),
        )

    def look_up(self, key: str) -> "tuple[str, list[str]] | None":
        """Return the name and the thing ids of a key, or None."""
        for index in self._typed:
            found = index.get(key)
            if found is not None:
                return found
        return None

    def beginning(self, key: str) -> "Iterator[tuple[str, list[str]]]":
        """Names, as people type them, whose key begins so; those added later first."""
        for index in self._typed:
            yield from index.beginning(key)

    @property
    def typed_names(self) -> "dict[str, tuple[str, list[str]]]":
        """Names as people type them: by key, the name and its thing ids."""
        return {k: v for index in reversed(self._typed) for k, v in index.all().items()}

    @property
    def label_names(self) -> "dict[str, tuple[str, list[str]]]":
        """Names of ingredients as labels print them: by key, the name and its thing ids."""
        if not self._label_names:
            for index in reversed(self._label):
                self._label_names.update(index.all())
        return self._label_names

    def names_of(self, thing: str) -> "list[str]":
        """Return all names of a thing, in the vocabulary's order."""
        return [name for name, ids in self.typed_names.values() if thing in ids]

    def wider(self, thing: str) -> "set[str]":
        """Return the thing and all it belongs to: rules on any of these hold for it."""
        found = {thing}
        queue = [thing]
        while queue:
            current = queue.pop()
            general = self._things.get(current, {}).get("kind_of")
            above = self._wholes.get(current, ())
            for id in [general, *above] if general else above:
                if id not in found:
                    found.add(id)
                    queue.append(id)
        return found

    def special(self, thing: str) -> "list[str]":
        """Return the things that are a kind of this one, directly."""
        return list(self._kinds.get(thing, ()))

    @cached_property
    def _wholes(self) -> "dict[str, list[str]]":
        """The things that each thing is a part of."""
        wholes: dict[str, list[str]] = {}
        for id, data in self._things.items():
            for part in data.get("parts", ()):
                wholes.setdefault(part, []).append(id)
        return wholes

    @cached_property
    def _kinds(self) -> "dict[str, list[str]]":
        """The things that are a kind of each thing, directly."""
        kinds: dict[str, list[str]] = {}
        for id, data in self._things.items():
            if general := data.get("kind_of"):
                kinds.setdefault(general, []).append(id)
        return kinds

    def fuzzy(self, *, labels: bool = False) -> "FuzzyIndex":
        """Return the index of near names: of those that are typed, or those on labels."""
        if labels not in self._fuzzy:
            from aftercare.core.fuzzy import FuzzyIndex

            # On a label a short word is more often a fragment than a misprint.
            printed = (key for key in self.label_names if len(key) > 6) if labels else ()
            self._fuzzy[labels] = FuzzyIndex(printed if labels else self.typed_names)
        return self._fuzzy[labels]
