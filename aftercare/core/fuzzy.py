"""Names that are near to a misspelt one: a slip of the finger, of the ear, or of a scanner.

A guess may only forbid, so the limits are tight, and a name that is exactly known is never
asked about here.
"""

from collections import defaultdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: Words that so many names share that they say nothing about which one is meant.
GENERIC = ("acido", "acide", "acidum", "saure", "zuur", "kwas", "acid")

#: Answers kept for the next time; the same unknown words stand on many labels.
MOST_ANSWERS = 20_000

# How far the middle third of a key moves when it grows by so many letters in two edits.
_SHIFTS = {-2: (-2, -1, 0), -1: (-1, 0), 0: (-1, 0, 1), 1: (0, 1), 2: (0, 1, 2)}

# What sounds or looks alike, replaced in this order; a scanner takes "l", "I" and "1" for one
# another, "o" for "0".
_ALIKE = (
    ("0", "o"), ("1", "l"), ("5", "s"), ("rn", "m"), ("ph", "f"), ("y", "i"), ("z", "s"),
    ("ce", "se"), ("ci", "si"), ("ck", "k"), ("c", "k"), ("q", "k"), ("l", "i"),
)  # fmt: skip


def most_edits(key: str) -> int:
    """How many edits a key bears: none below 5 letters beside the generic word, 1 to 8, else 2."""
    length = len(key)
    for word in GENERIC:
        if len(key) > len(word) and (key.endswith(word) or key.startswith(word)):
            length -= len(word)
            break
    return 0 if length < 5 else 1 if length < 9 else 2


def sound(key: str) -> str:
    """Return the key as it sounds or looks: what people confuse becomes the same."""
    for one, other in _ALIKE:
        key = key.replace(one, other)
    return "".join([a for a, b in zip(key, f" {key}", strict=False) if a != b])


class FuzzyIndex:
    """Finds the nearest of many keys without comparing with each.

    Two edits leave one third of a name as it was: keys are found by their thirds.
    """

    def __init__(self, keys: "Iterable[str]") -> None:
        self._thirds: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        self._sounds: dict[str, list[str]] = defaultdict(list)
        self._limits: dict[str, int] = {}
        self._answers: dict[str, list[str]] = {}
        for key in keys:
            if not most_edits(key):
                continue
            self._limits[key] = most_edits(key)
            self._sounds[sound(key)].append(key)
            for third, (start, end) in enumerate(_thirds(len(key))):
                self._thirds[len(key), third, key[start:end]].append(key)

    def nearest(self, key: str) -> "list[str]":
        """Return the keys at the smallest distance within the limits, in order; or none."""
        if key not in self._answers:
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = self._search(key)
        return self._answers[key]

    def _search(self, key: str) -> "list[str]":
        from rapidfuzz.distance import OSA

        own = most_edits(key)
        if not own:
            return []
        best, found = 3, dict.fromkeys(self._sounds.get(sound(key), ()))
        if found:
            best = 1
        for candidate in self._candidates(key, own):
            limit = min(best, own, self._limits[candidate])
            distance = OSA.distance(key, candidate, score_cutoff=limit)
            if distance > limit or _number(key) != _number(candidate):
                continue  # hexapeptide-4 is another than hexapeptide-1
            if len(key) <= 5 and sorted(key) != sorted(candidate):
                continue  # of five letters, only swapped ones are a slip: "layer" is no lager
            if distance < best:
                best, found = distance, {}
            found[candidate] = None
        return sorted(found)

    def _candidates(self, key: str, most: int) -> "set[str]":
        """The keys of which a third stands unharmed in this one, where `most` edits leave it."""
        found: set[str] = set()
        for grown in range(-most, most + 1):
            length = len(key) - grown
            places = ((0,), _SHIFTS[grown], (grown,))
            for third, (start, end) in enumerate(_thirds(length)):
                for shift in places[third]:
                    first, last = max(0, start + shift), end + shift
                    piece = key[first:last]
                    # Two letters that changed places across a border break two thirds at once.
                    begun = key[first - 1 : first] + piece[1:] if first else piece
                    ended = piece[:-1] + key[last : last + 1]
                    for like in (piece, begun, ended):
                        found.update(self._thirds.get((length, third, like), ()))
        return found


def _number(key: str) -> str:
    """The number at the end of a key."""
    return key[len(key.rstrip("0123456789")) :]


def _thirds(length: int) -> "tuple[tuple[int, int], ...]":
    one, two = length // 3, 2 * length // 3
    return ((0, one), (one, two), (two, length))
