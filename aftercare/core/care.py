"""Daily care: when it is due, and the days on which all treatments together allow it.

One treatment's rules may ask for what those of another, fresher one forbid; the strictest wins.
"""

from datetime import date, datetime, time, timedelta

from aftercare.core.model import each
from aftercare.core.schedule import begun
from aftercare.core.spans import instant_of
from aftercare.core.verdict import No, Unknown, answer_on, times_when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from aftercare.core.model import CareDays, Plan
    from aftercare.core.verdict import Verdict

#: The local time at which care is due that may be done at any time of the day.
ANY_TIME = time(9)

_DAY = timedelta(days=1)


def care_at(days: "CareDays", day: date, zone: "tzinfo") -> datetime:
    """Return the instant, in UTC, at which the care of a local day is due in `zone`.

    What may be done at any time of the day is due at `ANY_TIME`, or when it begins if that is
    later on the same day.
    """
    at = instant_of(datetime.combine(day, days.at or ANY_TIME), zone)
    if days.at is None and days.starts.astimezone(zone).date() == day:
        return max(at, days.starts)
    return at


def answer_by_then(thing: str, plans: "Plan | Sequence[Plan]", at: datetime) -> "Verdict":
    """Answer on a thing by its id, by those treatments alone that have been by `at`."""
    return answer_on(thing, begun(each(plans), at), at)


def may_be_done(days: "CareDays", plans: "Plan | Sequence[Plan]", at: datetime) -> bool:
    """Whether nothing in plans speaks against care at `at`: no rule that forbids it, nor one
    that permits it only later."""
    verdict = answer_by_then(days.rule.thing, plans, at)
    later = isinstance(verdict, Unknown) and verdict.reason == "not-yet"
    return not isinstance(verdict, No) and not later


def forbidden(
    days: "CareDays", plans: "Plan | Sequence[Plan]"
) -> "list[tuple[datetime, datetime]]":
    """Return the times, in UTC and half-open, at which plans do not allow care they ask for."""
    return times_when(days.rule.thing, plans, lambda at: not may_be_done(days, plans, at))


def daily_care(plans: "Plan | Sequence[Plan]", zone: "tzinfo") -> "list[CareDays]":
    """Return the care of plans, without the days on which they do not allow it at its hour in
    `zone`; where such days lie between others, there is one for each run of days.
    """
    plans = each(plans)
    return [run for p in plans for days in p.care for run in _runs(days, plans, zone)]


def _runs(days: "CareDays", plans: "Sequence[Plan]", zone: "tzinfo") -> "Iterator[CareDays]":
    windows = forbidden(days, plans)
    if not windows:
        yield days
        return
    first = None
    day = days.first_day
    while day <= days.last_day + _DAY:
        at = care_at(days, day, zone)
        free = day <= days.last_day and not any(since <= at < until for since, until in windows)
        if free and first is None:
            first = day
        elif not free and first is not None:
            yield days.replace(first_day=first, last_day=day - _DAY)
            first = None
        day += _DAY
