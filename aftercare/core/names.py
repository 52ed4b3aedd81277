"""What people call things: from words to thing ids.

Names are compared by their `key`: case, accents, spaces, hyphens, plurals and British or
American spelling make no difference. A text is recognised when it is a name, or holds names
as whole words.
"""

import re
from functools import cache

from aftercare.core.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

#: Longest name, in words, that is looked for inside a text.
LONGEST_NAME = 8

_STROKES = {0xF8: "o", 0x142: "l", 0x111: "d", 0x153: "oe", 0xE6: "ae", 0x131: "i"}


@cache
def _pattern(text: str) -> "re.Pattern[str]":
    """A regular expression, compiled when it is first needed: most runs need one or two."""
    return re.compile(text)


_WORD = r"[^\W_]+"
_AMOUNT = r"\d+(?:[.,]\d+)?\s?(?:%|percent\b|mg\b|ml\b|g\b|iu\b|minutes?\b|mins?\b)"
_AMERICAN = r"(?<=[a-z]{2})iz(?=e|ing|er|ation)"


def words(text: str) -> "list[str]":
    """Split a text into folded words: lower case, no accents, singular, British endings."""
    if not text.isascii():
        import unicodedata

        text = unicodedata.normalize("NFKD", text.casefold())
        text = "".join([c for c in text if not unicodedata.combining(c)]).translate(_STROKES)
    return [_fold(word) for word in _pattern(_WORD).findall(text.casefold())]


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
        word = _pattern(_AMERICAN).sub("is", word)
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


class Match(Value):
    """A thing that was recognised: `name` as the vocabulary writes it, `text` as typed.

    `how`: "exact" when the whole item is the name, "part" when the name stands in it as
    whole words, "typo" when it is only near to the name.
    """

    id: str
    name: str
    how: str
    text: str


class Recognition(Value):
    """What was understood. `leftover` are the words that no name and no filler accounts for."""

    item: str
    things: "tuple[Match, ...]" = ()
    leftover: "tuple[str, ...]" = ()
    suggestions: "tuple[str, ...]" = ()

    @property
    def certain(self) -> bool:
        """Whether nothing was guessed and no word was left over."""
        return bool(self.things) and not self.leftover and all(m.how != "typo" for m in self.things)


class NameIndex:
    """Names by key, kept as one text of lines ``key TAB name TAB ids``.

    A question looks up a handful of names among thousands: finding them in the text costs
    less than making a dictionary of it. Whoever needs all of them gets the dictionary.
    """

    def __init__(self, text: str = "\n") -> None:
        self._text = text

    @staticmethod
    def text_of(names: "Mapping[str, tuple[str, list[str]]]") -> str:
        """Return names as the text that an index is made of."""
        lines = [
            f"{key}\t{' '.join(name.split())}\t{' '.join(ids)}"
            for key, (name, ids) in names.items()
        ]
        return "\n".join(["", *lines, ""])

    def get(self, key: str) -> "tuple[str, list[str]] | None":
        """Return the name and thing ids of a key, or None."""
        start = self._text.find(f"\n{key}\t") if key else -1
        if start < 0:
            return None
        start += len(key) + 2
        name, _, ids = self._text[start : self._text.index("\n", start)].partition("\t")
        return name, ids.split(" ")

    def all(self) -> "dict[str, tuple[str, list[str]]]":
        """Return all names by key."""
        parts = [line.split("\t") for line in self._text.split("\n") if line]
        return {key: (name, ids.split(" ")) for key, name, ids in parts}


class Lexicon:
    """All things and their names. Made from one or more vocabularies in plain data.

    A vocabulary is ``{"things": {id: {title, kind, parts, kind_of}}, "typed": text, "label":
    text, "neutral": [word], "forms": [word]}``, the texts being those of a `NameIndex`: names
    as people type them, and names of ingredients as they stand on labels. A later vocabulary
    adds to an earlier one.
    """

    def __init__(self, *vocabularies: "Mapping[str, Any]") -> None:
        self._things: dict[str, Any] = {}
        self._typed = [NameIndex(v["typed"]) for v in reversed(vocabularies)]
        self._label = [NameIndex(v["label"]) for v in reversed(vocabularies)]
        self._label_names: dict[str, tuple[str, list[str]]] = {}
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
            above = [id for id, data in self._things.items() if current in data.get("parts", ())]
            for id in [general, *above] if general else above:
                if id not in found:
                    found.add(id)
                    queue.append(id)
        return found

    def special(self, thing: str) -> "list[str]":
        """Return the things that are a kind of this one, directly."""
        return [id for id, data in self._things.items() if data.get("kind_of") == thing]


def recognise(item: str, lexicon: Lexicon) -> Recognition:
    """Return what an item names: the whole of it if it is a name, else the names inside it."""
    whole = _whole(item, lexicon)
    if whole:
        return Recognition(item, whole)
    tokens, spellings = _tokens(item)
    things: dict[str, Match] = {}
    forms: dict[str, Match] = {}  # "serum" says what it is only when nothing else does
    leftover: list[str] = []
    position = 0
    while position < len(tokens):
        for size in range(min(LONGEST_NAME, len(tokens) - position), 0, -1):
            found = lexicon.look_up("".join(tokens[position : position + size]))
            if found:
                text = " ".join(spellings[position : position + size])
                matches = forms if tokens[position] in lexicon.forms and size == 1 else things
                for id in found[1]:
                    matches.setdefault(id, Match(id, found[0], "part", text))
                position += size
                break
        else:
            if not _says_nothing(tokens[position], lexicon):
                leftover.append(spellings[position])
            position += 1
    return Recognition(item, tuple((things or forms).values()), tuple(leftover))


def _whole(item: str, lexicon: Lexicon) -> "tuple[Match, ...]":
    """The item as a name, as it stands or without amounts and words that say nothing."""
    id = item.strip().casefold()
    if id in lexicon:  # "acids" is a thing's id; "acid" alone says too little
        return (Match(id, lexicon.thing(id).title, "exact", item),)
    key = normalise(item)
    found = lexicon.look_up(key)
    if found is None:
        tokens, _ = _tokens(item)
        key = "".join(t for t in tokens if t not in lexicon.neutral)
        found = lexicon.look_up(key)
    if found is None:
        return ()
    return tuple(Match(id, found[0], "exact", item) for id in found[1])


def _tokens(item: str) -> "tuple[list[str], list[str]]":
    """Folded words, and beside them the words as typed; amounts are left out."""
    text = item.casefold()
    if any(character.isdecimal() for character in text):
        text = _pattern(_AMOUNT).sub(" ", text)
    if not text.isascii():
        import unicodedata

        text = unicodedata.normalize("NFC", text)
    spellings = _pattern(_WORD).findall(text)
    return ["".join(words(s)) for s in spellings], spellings


def _says_nothing(token: str, lexicon: Lexicon) -> bool:
    in_lexicon = token in lexicon.neutral or token in lexicon.forms
    return in_lexicon or token.isdecimal()
