"""Times in a file: it is read on any day, so what they mean must not depend on today."""

import re
from datetime import UTC, datetime

from aftercare.errors import TimeError
from aftercare.when import parse_when

_YEAR = re.compile(r"(?<!\d)(?:19[7-9]|20\d|21\d)\d(?!\d{1,3}(?!\d))")


def absolute_time(text: str, zone: str) -> datetime:
    """Return the instant, in UTC, of a treatment's time as a file has it, by a clock in `zone`.

    Every form of `parse_when` that holds a whole date will do: ``22 Nov 2026 3pm``,
    ``25/12/2026 14:00``; a date alone counts from the end of its day. Raises `TimeError` for
    the others, for what has two readings, and for a zone in the text that is not `zone`.
    """
    year = _YEAR.search(text)
    if year is None:
        raise TimeError(f"{text!r} has no year of four digits", "write it as 2026-11-22 15:00")
    # Read on two days of the year after: what does not depend on today is the same on both.
    after = int(year[0]) + 1
    readings = {_read(text, zone, datetime(after, 2, day, day, 7, tzinfo=UTC)) for day in (10, 15)}
    if len(readings) > 1:
        raise TimeError(
            f"{text!r} depends on the day it is read", "write the whole date: 2026-11-22 15:00"
        )
    return readings.pop()


def _read(text: str, zone: str, now: datetime) -> datetime:
    try:
        when = parse_when(text, now=now, zone=zone, prefer="past")
    except TimeError as error:
        # Its hint speaks of today, which says nothing to who reads the file.
        raise TimeError(error.message, "write it as 2026-11-22 15:00") from None
    if when.zone != zone:
        raise TimeError(f"{text!r} names another zone than {zone}", "keep one of them")
    return when.at
