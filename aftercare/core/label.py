"""What a label holds: its ingredients as printed, and whether the text is a list of them at all.

A name in a list counts. A name in a sentence beside a list counts only where the sentence says
that the product holds it; without a list it counts too, for then it is all that is known.
"""

from aftercare.core.label_names import Item, Named, Reader, Reading, reader_of
from aftercare.core.label_text import (
    MANY,
    Chunk,
    Token,
    begins_denial,
    chunks,
    contained,
    cut_off,
    denied,
    has_strength,
    leads_on,
    readable,
    says_a_sentence,
)
from aftercare.core.names import Lexicon
from aftercare.core.recognition import Match
from aftercare.core.value import Row, Value
from aftercare.errors import InputError

#: A text with more characters than this is refused: no label is longer.
LARGEST_LABEL = 200_000

#: From this share of a list on, an ingredient stands late, if the list has so many.
LATE = 2 / 3
LONG_LIST = 8

#: Of a text with more chunks to guess at than this, the rest is not guessed; it is no label.
MOST_GUESSED = 1_000

# So many known names make a list: below a heading; without one; in the midst of a sentence.
_HEADED, _UNHEADED, _IN_SENTENCE = 2, 4, 10

# What has fewer letters is no name.
_FEWEST_LETTERS = 3

# A word of so many letters is several; if it is still unknown, it may hide anything.
_GLUED, _NOISE = 24, 36

# An enumeration of what is not in a product holds few names that stand in lists.
_MOST_DENIED = 3
_BASES = frozenset(("water", "aqua", "eau", "agua", "acqua", "wasser", "glycerin", "glycerine"))


class Ingredient(Value):
    """One item of a list: `text` as printed, `position` from 1, and what it names.

    `recognised` is whether all or part of it is a known name, of whatever thing. `depth` is how
    far down its list it stands, up to 1 for the last; 0 in a short list, or in none.
    """

    text: str
    position: int
    things: "tuple[Match, ...]" = ()
    recognised: bool = False
    depth: float = 0.0


class Label(Value):
    """What was read. `is_list` is whether the text is an ingredient list at all.

    The ingredients of lists come first, then those that only a sentence names.
    """

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
        """Whether it stands in the last third of a list of at least `LONG_LIST`."""
        return ingredient.depth > LATE


class _Piece(Row):
    """A chunk as it was read; `denied` when it stands in an enumeration of what is not in it."""

    chunk: Chunk
    reading: Reading
    sentence: bool
    denied: bool = False


def read_label(text: str, lexicon: Lexicon) -> Label:
    """Read the text of a label; `lexicon` must hold label names.

    Raises `InputError` when it has more than `LARGEST_LABEL` characters. The text of each
    ingredient stands in ``readable(text)``, but for the width of its spaces.
    """
    plain = readable(text) if len(text) <= LARGEST_LABEL else text
    if len(plain) > LARGEST_LABEL:
        wrong = f"a text of more than {LARGEST_LABEL // 1000},000 characters is no label"
        raise InputError(wrong, "give the ingredient list alone")
    reader = reader_of(lexicon)
    pieces = _denials_marked(_mended(plain, _read(chunks(plain), reader), reader))
    listed = _listed(pieces)
    pieces, complete = _guessed(pieces, listed, reader)
    lists = [p for p, is_listed in zip(pieces, listed, strict=True) if is_listed]
    found = _numbered(lists)
    complete = complete and not any(_is_noise(p.reading) for p in pieces)
    is_list = complete and _makes_a_list(lists, found) and not cut_off(plain)
    for piece, is_listed in zip(pieces, listed, strict=True):
        if not is_listed:
            for item in _said(piece, plain, is_list):
                found.append(Ingredient(item.text, len(found) + 1, item.things, item.recognised))
    return Label(tuple(found), is_list)


def _read(cut: "list[Chunk]", reader: Reader) -> "list[_Piece]":
    pieces = []
    for chunk in cut:
        reading = reader.read(chunk.text, guess=False)
        sentence = bool(reading.unknown) and says_a_sentence(reading.unknown, len(reading.names))
        pieces.append(_Piece(chunk, reading, sentence))
    return pieces


def _mended(plain: str, pieces: "list[_Piece]", reader: Reader) -> "list[_Piece]":
    """The pieces, those put together between which a name was torn."""
    whole: list[_Piece] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        if (
            last is not None
            and not (last.reading.full and piece.reading.full)
            and not (last.sentence or piece.sentence)
            and last.chunk.section == piece.chunk.section
            and reader.torn(last.reading, piece.reading)
        ):
            text = plain[last.chunk.start : piece.chunk.end]
            whole[-1:] = _read([last.chunk._replace(text=text)], reader)
        else:
            whole.append(piece)
    return whole


def _denials_marked(pieces: "list[_Piece]") -> "list[_Piece]":
    """The pieces, those marked that an enumeration denies: "free of: retinol, parabens."."""
    marked = list(pieces)
    for n, piece in enumerate(pieces[:-1]):
        mark = ":" if ":" in pieces[n + 1].chunk.before else ","
        if not piece.reading.denying or not begins_denial(piece.reading.tokens, mark):
            continue
        end = n + 1
        while end < len(pieces) and not pieces[end].chunk.begins_sentence:
            if end > n + 1 and ":" in pieces[end].chunk.before:
                break
            end += 1
        rest = pieces[n + 1 : end]
        names = [p for p in rest if p.reading.full and not p.reading.everyday]
        bases = any(t.key in _BASES for p in rest for t in p.reading.tokens)
        if len(names) <= _MOST_DENIED and not bases:
            marked[n + 1 : end] = [p._replace(denied=True) for p in rest]
    return marked


def _listed(pieces: "list[_Piece]") -> "list[bool]":
    """Of each piece, whether it is an item of a list."""
    listed = [False] * len(pieces)
    start = 0
    while start < len(pieces):
        first = pieces[start]
        end = start + 1
        if first.sentence:
            # "…, Lactic Acid from the fermentation of sugar, …"
            names = first.reading.names
            follows = start > 0 and listed[start - 1] and not first.chunk.begins_sentence
            headed = first.chunk.section in ("list", "active") and (
                start == 0 or pieces[start - 1].chunk.section != first.chunk.section
            )
            listed[start] = bool(names and names[0].first == 0 and (follows or headed))
        elif not first.denied:
            while end < len(pieces) and not (
                pieces[end].sentence
                or pieces[end].denied
                or pieces[end].chunk.section != first.chunk.section
            ):
                end += 1
            run = pieces[start:end]
            flows_on = end < len(pieces) and _flows(pieces[end])
            if start > 0 and pieces[start - 1].sentence and first.chunk.begins_sentence:
                is_run = any(p.reading.full for p in run) and _is_run(run, flows_on)
            else:
                is_run = _is_run(run, flows_on or _is_within(pieces, listed, start))
            if is_run:
                listed[start:end] = [True] * (end - start)
        start = end
    return listed


def _flows(piece: _Piece) -> bool:
    """Whether a piece is a sentence that began before it."""
    return piece.sentence and not piece.chunk.begins_sentence


def _is_within(pieces: "list[_Piece]", listed: "list[bool]", start: int) -> bool:
    """Whether a sentence leads into a piece, one that does not itself interrupt a list."""
    if leads_on(pieces[start].reading.unknown):
        return True
    while start > 0 and not pieces[start].chunk.begins_sentence:
        start -= 1
        if not pieces[start].sentence:
            return not listed[start]
        if pieces[start].chunk.begins_sentence:
            return True
    return False


def _is_run(run: "list[_Piece]", within: bool) -> bool:
    """Whether pieces between sentences are a list; `within` when a sentence leads into them."""
    section = run[0].chunk.section
    if section in ("list", "active"):
        return True
    readings = [p.reading for p in run]
    known = sum([r.full if r.one else len(r.names) for r in readings])
    items = sum([len(r.items) for r in readings])
    needed = _IN_SENTENCE if within or section == "key" else _UNHEADED
    return known >= needed and known * 5 >= items * 2


def _guessed(
    pieces: "list[_Piece]", listed: "list[bool]", reader: Reader
) -> "tuple[list[_Piece], bool]":
    """The pieces, with guesses at what was not recognised, and whether all were guessed at.

    Sentences are not guessed at, nor is a text in which next to nothing is known.
    """
    known = sum([len(p.reading.names) for p in pieces]) > 1 or any(listed)
    unclear = [
        n
        for n, p in enumerate(pieces)
        if p.reading.unknown and (listed[n] or (known and not p.sentence) or _is_glued(p.reading))
    ]
    found = list(pieces)
    for n in unclear[:MOST_GUESSED]:
        piece = pieces[n]
        found[n] = piece._replace(reading=reader.read(piece.chunk.text, guess=True))
    return found, len(unclear) <= MOST_GUESSED


def _dosed(piece: _Piece) -> bool:
    return any(map(str.isdecimal, piece.chunk.text))


def _is_glued(reading: Reading) -> bool:
    return any(len(key) >= _GLUED for key in reading.unknown)


def _is_noise(reading: Reading) -> bool:
    if any(len(key) >= _NOISE for key in reading.unknown):
        return True
    return any(len(token.key) >= 2 * _NOISE for token in reading.tokens)


def _makes_a_list(lists: "list[_Piece]", found: "list[Ingredient]") -> bool:
    """Whether what was listed is enough, and like enough to the label of a cosmetic."""
    # "Active ingredients: panthenol, squalane" praises; a drug's actives have their strengths.
    full = [p for p in lists if p.reading.full and (p.chunk.section != "active" or _dosed(p))]
    telling = sum([len(p.reading.names) if not p.reading.one else not p.reading.everyday
                   for p in full])  # fmt: skip
    everyday = sum([p.reading.one and p.reading.everyday for p in full])
    headed = any(p.chunk.section in ("list", "active") for p in full)
    glued = any(not p.reading.one for p in lists)
    recognised = sum([i.recognised and all(m.how != "typo" for m in i.things) for i in found])
    if glued:
        telling = max(telling, recognised)
    enough = telling >= (_HEADED if headed else _UNHEADED)
    return enough and telling > everyday and recognised * 2 >= len(found)


def _items(piece: _Piece) -> "tuple[Item, ...]":
    """The items of a piece, without the things that its words deny."""
    reading = piece.reading
    if not (piece.denied or reading.denying) or (reading.full and len(reading.tokens) == 1):
        return reading.items
    return tuple([item._replace(things=_undenied(piece, item)) for item in reading.items])


def _undenied(piece: _Piece, item: Item) -> "tuple[Match, ...]":
    tokens, names = piece.reading.tokens, piece.reading.names
    if piece.denied:
        return ()
    known = [False] * len(tokens)
    for name in names:
        known[name.first : name.last + 1] = [True] * (name.last + 1 - name.first)
    held = [n for n in item.names if not denied(piece.chunk.text, tokens, known, n.first, n.last)]
    return tuple(dict.fromkeys([match for name in held for match in name.matches]))


def _numbered(lists: "list[_Piece]") -> "list[Ingredient]":
    """The ingredients with their positions, and how deep each stands in its own list."""
    sizes: list[int] = []
    placed: list[tuple[int, int, Item]] = []
    for n, piece in enumerate(lists):
        if n == 0 or (piece.chunk.section == "list" and piece.chunk.before == "\n"):
            sizes.append(0)
        # Of "lactic acid from sugar" the first name is the ingredient.
        single = piece.sentence and len(piece.reading.names) < MANY
        for item in _items(piece)[: 1 if single else None]:
            if not item.recognised and sum(map(str.isalpha, item.text)) < _FEWEST_LETTERS:
                continue  # "I.L.N. 43724/1"
            sizes[-1] += 1
            placed.append((len(sizes) - 1, sizes[-1], item))
    found = []
    for position, (n, place, item) in enumerate(placed, 1):
        depth = place / sizes[n] if sizes[n] >= LONG_LIST else 0.0
        found.append(Ingredient(item.text, position, item.things, item.recognised, depth))
    return found


def _said(piece: _Piece, plain: str, is_list: bool) -> "list[Item]":
    """The items that a sentence names, as far as these count beside the list."""
    tokens = piece.reading.tokens
    all_count = not is_list or piece.chunk.section in ("active", "key")
    return [
        item
        for item in _items(piece)
        if item.things
        and (all_count or any(_is_stated(piece, plain, tokens, name) for name in item.names))
    ]


def _is_stated(piece: _Piece, plain: str, tokens: "list[Token]", name: Named) -> bool:
    """Whether a sentence says that the product holds what it names, or how much of it."""
    start = piece.chunk.start + tokens[name.first].start
    end = piece.chunk.start + tokens[name.last].end
    return contained(tokens, name.first) or has_strength(plain, start, end)
