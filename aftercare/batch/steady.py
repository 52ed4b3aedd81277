"""Days on which no clock is changed: there, times of day are mere sums."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

#: Days kept per zone; whoever has more pays in time, not in memory.
MOST_DAYS = 4_000

# No zone has ever changed its clock twice within so short a time.
_STEP = timedelta(hours=3)
_STEPS = range(-8, 17)  # from the day before to the end of the day after


class Offset(NamedTuple):
    """A zone's offset from UTC, and how ISO 8601 writes it, in ASCII."""

    length: timedelta
    text: bytes


class SteadyDays(dict[int, Offset | None]):
    """By the number of a day (`date.toordinal`), the offset that a zone has all day long.

    None when it is another one at any time of that day, the day before or the day after: then
    a local time may be skipped, or be there twice, and only the core knows what that means.
    One offset is always the same object.
    """

    def __init__(self, zone: "ZoneInfo") -> None:
        self._zone = zone
        self._offsets: dict[datetime | timedelta | None, Offset] = {}
        self._spans: dict[tuple[int, int], Offset | None] = {}

    def one_offset(self, first: int, days: int) -> Offset | None:
        """The offset that a zone has on a day and all the `days` after it; None if they differ."""
        span = first, days
        if span not in self._spans:
            if len(self._spans) >= MOST_DAYS:
                self._spans.clear()
            offsets = {self[day] for day in range(first, first + days + 1)}
            self._spans[span] = offsets.pop() if len(offsets) == 1 else None
        return self._spans[span]

    def __missing__(self, day: int) -> Offset | None:
        if len(self) >= MOST_DAYS:
            self.clear()
        midnight = datetime.combine(date.fromordinal(day), time(), UTC)
        near = [(midnight + n * _STEP).astimezone(self._zone) for n in _STEPS]
        lengths = {at.utcoffset() for at in near}
        length = lengths.pop()
        offset = None
        if not lengths and length is not None:
            offset = self._offsets.setdefault(
                length, Offset(length, near[0].isoformat()[19:].encode())
            )
        self[day] = offset
        return offset
