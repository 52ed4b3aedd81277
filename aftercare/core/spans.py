"""Lengths of time and the instants they lead to.

Two kinds, never mixed: hours are elapsed time and are counted in UTC; days and weeks are
calendar time and end at the same local clock time that many days later.
All instants that leave this module are aware and in UTC.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from aftercare.core.value import Value
from aftercare.errors import InputError

#: The longest span a rule may have, in days. Longer is a slip of the pen, not aftercare.
LONGEST_DAYS = 730

_HOURS = {"h": 1, "d": 24, "w": 168}


class Span(Value):
    """A length of time as a rule writes it: ``hours`` elapsed, or ``days`` on the calendar.

    Exactly one of the two is meant; the other is None.
    """

    hours: int | None = None
    days: int | None = None

    def __str__(self) -> str:
        return f"{self.hours}h" if self.hours is not None else f"{self.days}d"


@lru_cache(maxsize=256)  # a rule file says the same few lengths again and again
def parse_span(text: str) -> Span:
    """Read ``24h``, ``5d`` or ``2w``. Whole numbers only, at most `LONGEST_DAYS`.

    Raises `InputError` with what would be right.
    """
    number_text, unit = text[:-1].rstrip(), text[-1:]
    if not (number_text.isdecimal() and number_text.isascii() and unit in _HOURS):
        raise InputError(
            f"{text!r} is not a length of time", "write hours, days or weeks: 24h, 5d, 2w"
        )
    number = int(number_text[:9])
    if number * _HOURS[unit] > LONGEST_DAYS * 24:
        raise InputError(f"{text!r} is longer than {LONGEST_DAYS} days", "use a shorter time")
    if unit == "h":
        return Span(number)
    return Span(None, number * (7 if unit == "w" else 1))


def end_of(span: Span, start: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which a span that began at `start` is over.

    `start` is aware. A calendar span ends at the local clock time of `start` in `zone`;
    see `instant_of` for a clock time that does not exist or exists twice.
    """
    return Ends(start, zone).of(span)


class Ends:
    """The ends of many spans from one start; what they share is computed once."""

    def __init__(self, start: datetime, zone: tzinfo) -> None:
        self.start = start.astimezone(UTC)
        self.zone = zone
        local = start.astimezone(zone)
        self.day = local.date()
        self.clocks = _both_readings(local)

    def of(self, span: Span) -> datetime:
        """Return the instant, in UTC, at which a span is over; see `end_of`."""
        if span.hours is not None:
            return self.start + timedelta(hours=span.hours)
        if not span.days:
            return self.start
        return _instant_of(self.day + timedelta(span.days), self.clocks, self.zone)


def instant_of(wall: datetime, zone: tzinfo) -> datetime:
    """Return the instant, in UTC, of a naive local clock time.

    A time the clock skipped moves forward to the next that exists (the instant of the change);
    a time that happens twice means the later instant.
    """
    return _instant_of(wall.date(), _both_readings(wall), zone)


def _both_readings(wall: datetime) -> tuple[time, time]:
    """The clock time of a moment as the first and as the second of two that look alike."""
    clock = wall.time()
    return (clock.replace(fold=0) if clock.fold else clock), clock.replace(fold=1)


def _instant_of(day: date, clocks: tuple[time, time], zone: tzinfo) -> datetime:
    first = datetime.combine(day, clocks[0], zone)
    second = datetime.combine(day, clocks[1], zone)
    # Both readings agree unless the clock skips or repeats that time.
    if first.utcoffset() == second.utcoffset():
        return second.astimezone(UTC)
    wall = datetime.combine(day, clocks[0])
    later = second.astimezone(UTC)
    if later.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return later
    # In a gap fold=1 reads the clock after the change, so it lands before the change, and
    # fold=0 the other way round: the change lies between the two.
    before, after = later, first.astimezone(UTC)
    offset = after.astimezone(zone).utcoffset()
    before, after = before.replace(microsecond=0), after.replace(microsecond=0)
    while (seconds := int((after - before).total_seconds())) > 1:
        middle = before + timedelta(seconds=seconds // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def clock_quirk(wall: datetime, zone: tzinfo) -> str | None:
    """Say whether a naive local time is ``"skipped"`` or ``"repeated"`` by a clock change."""
    first = wall.replace(tzinfo=zone, fold=0)
    second = wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return None
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == wall
    return "repeated" if exists else "skipped"
