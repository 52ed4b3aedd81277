"""From what people type to things: exact names, names inside phrases, and near misses.

The asymmetry is the point: a near miss may lead to "no" or to a suggestion, never to "yes".
"""

from aftercare.core.names import WORD, Lexicon, normalise, pattern, words
from aftercare.core.value import Value

#: Longest name, in words, that is looked for inside a text.
LONGEST_NAME = 8

#: Of a text with more words left over than this, nothing is guessed.
MOST_GUESSED = 30

#: So many names are suggested, if as much of them is the same.
MOST_SUGGESTED, ENOUGH_ALIKE = 3, 0.78

_AMOUNT = r"\d+(?:[.,]\d+)?\s?(?:%|percent\b|mg\b|ml\b|g\b|iu\b|minutes?\b|mins?\b)"

# Words that take the name beside them away: "retinol-free", "without retinol". As `words`
# folds them: "sans" is "san".
_NEGATIONS_AFTER = {"free", "alternative", "substitute", "replacement", "frei"}
_NEGATIONS_BEFORE = {"no", "not", "non", "without", "san", "ohne", "sin", "senza", "sem", "zonder"}


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
        size, found = _longest_name(tokens, position, lexicon)
        if found is None:
            if not _says_nothing(tokens[position], lexicon):
                leftover.append(spellings[position])
            position += 1
            continue
        text = " ".join(spellings[position : position + size])
        after = position + size
        if after < len(tokens) and tokens[after] in _NEGATIONS_AFTER:
            size += 1
        elif position and tokens[position - 1] in _NEGATIONS_BEFORE:
            leftover.pop()
        else:
            matches = forms if tokens[position] in lexicon.forms and size == 1 else things
            for id in found[1]:
                matches.setdefault(id, Match(id, found[0], "part", text))
        position += size
    near, leftover = _near(leftover, lexicon)
    for match in near:
        things.setdefault(match.id, match)
    found_things = tuple((things or forms).values())
    suggestions = _suggestions(item, lexicon) if not found_things else ()
    return Recognition(item, found_things, tuple(leftover), suggestions)


def _near(leftover: "list[str]", lexicon: Lexicon) -> "tuple[list[Match], list[str]]":
    """What the words that are left over are near to, and the words near to nothing."""
    if not 0 < len(leftover) <= MOST_GUESSED:
        return [], leftover
    index = lexicon.fuzzy()
    matches: list[Match] = []
    far: list[str] = []
    position = 0
    while position < len(leftover):
        for size in range(min(LONGEST_NAME, len(leftover) - position), 0, -1):
            text = " ".join(leftover[position : position + size])
            keys = index.nearest(normalise(text))
            names = [found for key in keys if (found := lexicon.look_up(key))]
            if names:
                matches += [Match(id, name, "typo", text) for name, ids in names for id in ids]
                position += size
                break
        else:
            far.append(leftover[position])
            position += 1
    return matches, far


def _suggestions(item: str, lexicon: Lexicon) -> "tuple[str, ...]":
    """Names that look somewhat like an item of which nothing was recognised."""
    key = normalise(item)
    if not 3 < len(key) < 40:
        return ()
    from rapidfuzz import fuzz, process

    names = lexicon.typed_names
    cutoff = ENOUGH_ALIKE * 100
    near = process.extract(key, names.keys(), scorer=fuzz.ratio, score_cutoff=cutoff, limit=None)
    near.sort(key=lambda found: (-found[1], found[0]))  # the order of names decides nothing
    return tuple(dict.fromkeys(names[key][0] for key, _, _ in near[:MOST_SUGGESTED]))


def _longest_name(
    tokens: "list[str]", position: int, lexicon: Lexicon
) -> "tuple[int, tuple[str, list[str]] | None]":
    """The longest name that begins at a token: its number of tokens, its name and things."""
    for size in range(min(LONGEST_NAME, len(tokens) - position), 0, -1):
        found = lexicon.look_up("".join(tokens[position : position + size]))
        if found is None:
            continue
        # "a HA toner" is no AHA: a word that says nothing begins a name only as a word of it.
        first = tokens[position]
        if size == 1 or first not in lexicon.neutral or words(found[0])[0] == first:
            return size, found
    return 1, None


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
        text = pattern(_AMOUNT).sub(" ", text)
    if not text.isascii():
        import unicodedata

        text = unicodedata.normalize("NFC", text)
    spellings = pattern(WORD).findall(text)
    return ["".join(words(s)) for s in spellings], spellings


def _says_nothing(token: str, lexicon: Lexicon) -> bool:
    in_lexicon = token in lexicon.neutral or token in lexicon.forms
    return in_lexicon or token.isdecimal()
