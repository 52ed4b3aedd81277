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

# What sounds or looks alike, replaced in this order; "0" and "1" are a scanner's o and l.
_ALIKE = (
    ("0", "o"), ("1", "l"), ("5", "s"), ("rn", "m"), ("ph", "f"), ("y", "i"), ("z", "s"),
    ("ce", "se"), ("ci", "si"), ("ck", "k"), ("c", "k"), ("q", "k"),
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
        for candidate in self._candidates(key):
            limit = min(best, own, self._limits[candidate])
            distance = OSA.distance(key, candidate, score_cutoff=limit)
            if distance > limit or (len(key) <= 5 and sorted(key) != sorted(candidate)):
                continue  # of five letters, only swapped ones are a slip: "layer" is no lager
            if distance < best:
                best, found = distance, {}
            found[candidate] = None
        return sorted(found)

    def _candidates(self, key: str) -> "set[str]":
        found: set[str] = set()
        for length in range(len(key) - 2, len(key) + 3):
            for third, (start, end) in enumerate(_thirds(length)):
                for shift in range(-2, 3):
                    if start + shift >= 0:
                        piece = key[start + shift : end + shift]
                        found.update(self._thirds.get((length, third, piece), ()))
        return found


def _thirds(length: int) -> "tuple[tuple[int, int], ...]":
    one, two = length // 3, 2 * length // 3
    return ((0, one), (one, two), (two, length))
