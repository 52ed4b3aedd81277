"""What holds at one moment: off limits, better to wait, do today, what lifts next."""

from datetime import date, datetime

from aftercare.core.schedule import begun, merge
from aftercare.core.value import Value
from aftercare.core.verdict import Yes, answer_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from aftercare.core.model import CareDays, Plan, Restriction


class Outlook(Value):
    """The state of several plans at `at`.

    `off_limits` come soonest to lift first, `better_wait` soonest usual end first. `today`
    is the care of the person's day, without what is not allowed at its hour. `next_lift` is None
    when nothing is off limits.
    """

    at: datetime
    off_limits: "tuple[Restriction, ...]"
    better_wait: "tuple[Restriction, ...]"
    to_come: "tuple[Restriction, ...]"
    today: "tuple[CareDays, ...]"

    @property
    def next_lift(self) -> "datetime | None":
        return self.off_limits[0].ends if self.off_limits else None


def off_limits(plans: "Iterable[Plan]", at: datetime) -> "tuple[Restriction, ...]":
    """Return what is off limits at `at` (aware), soonest to lift first."""
    restrictions = merge(begun(plans, at)).restrictions
    return tuple(sorted((r for r in restrictions if at < r.ends), key=_soonest))


def outlook(plans: "Iterable[Plan]", at: datetime, zone: "tzinfo") -> Outlook:
    """Return what holds at `at` (aware) for a person in `zone`."""
    plans = tuple(plans)
    done = begun(plans, at)
    restrictions = merge(done).restrictions
    waiting = [
        r
        for r in restrictions
        if r.ends <= at < r.usual_ends and isinstance(answer_on(r.thing, plans, at), Yes)
    ]
    return Outlook(
        at,
        off_limits(plans, at),
        tuple(sorted(waiting, key=_usual)),
        tuple(r for p in plans for r in p.restrictions if at < r.starts),
        _today(done, plans, at.astimezone(zone).date(), zone),
    )


def _today(
    done: "Iterable[Plan]", plans: "Sequence[Plan]", today: date, zone: "tzinfo"
) -> "tuple[CareDays, ...]":
    from aftercare.core.care import care_at, may_be_done

    found: dict[object, CareDays] = {}
    for days in (c for p in done for c in p.care):
        within = days.first_day <= today <= days.last_day
        if within and may_be_done(days, plans, care_at(days, today, zone)):
            found.setdefault((days.rule.thing, days.at), days)
    return tuple(sorted(found.values(), key=lambda c: (c.at is not None, c.at or 0, c.rule.title)))


def _soonest(r: "Restriction") -> "tuple[datetime, str]":
    return r.ends, r.title


def _usual(r: "Restriction") -> "tuple[datetime, str]":
    return r.usual_ends, r.title
