"""What there is to remind of: what lifts, the daily care, the signs to look for, the next session.

Lifts are pinned to instants; daily care follows the clock of wherever the person is.
"""

from datetime import datetime, time, timedelta, tzinfo

from aftercare.core.care import answer_by_then, care_at, may_be_done
from aftercare.core.model import Plan, zone_of
from aftercare.core.schedule import begun
from aftercare.core.spans import end_of, instant_of
from aftercare.core.value import Value
from aftercare.core.verdict import Unknown, Yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aftercare.core.model import Restriction, Statement, Treatment

#: Things that lift within this time of the first are told together, when the last of them has.
TOGETHER = timedelta(minutes=10)

#: A lift that nobody was told of for so long is no news any more.
NEWS_FOR = timedelta(days=7)

#: The warning signs are worth looking for this long after the time set for it.
CHECK_FOR = timedelta(hours=24)

#: What a notice can be about: a minimum that is over, a usual time that is over, the earliest
#: next session of a course, daily care, a look for the warning signs.
KINDS = ("lift", "usual", "session", "care", "check")

#: How far ahead of a treatment anything can be due; no rule may be longer.
HORIZON = timedelta(days=800)

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


class Notice(Value):
    """One thing to be told of: due at `at`, still true while ``at <= now < until``.

    `key` is the same whenever the same notice is computed again, and another when its instant
    changes, but for care, which is due once on a local day. `better_wait_until` is set on a lift
    that most advice waits longer for. `statements` are the warning signs of a check, the urgent
    ones first.
    """

    key: str
    kind: str
    at: datetime
    until: datetime
    thing: str
    title: str
    treatment: "Treatment"
    better_wait_until: datetime | None = None
    statements: "tuple[Statement, ...]" = ()


class Reminder(Value):
    """Notices told in one message, due at `at`; `person` is whose they are.

    `still_off` are the restrictions that hold at `at`, soonest to lift first.
    """

    at: datetime
    person: str
    notices: "tuple[Notice, ...]"
    still_off: "tuple[Restriction, ...]" = ()


class Letter(Value):
    """A message as it is sent: plain text."""

    title: str
    body: str


def due(
    plans: "Iterable[Plan]", since: datetime, until: datetime, zone: "tzinfo | None" = None
) -> "tuple[Reminder, ...]":
    """Return the reminders of plans that are due at ``since <= at < until``, in their order.

    The plans of each person are taken together, so that nothing is told to be free that
    another treatment forbids. `since` and `until` are aware. Daily care is due by the clock of
    `zone`, where the person is; without it, of the zone of their latest treatment.
    """
    people: dict[str, list[Plan]] = {}
    for plan in plans:
        people.setdefault(plan.treatments[0].person.casefold(), []).append(plan)
    found = [r for own in people.values() for r in _reminders(own, since, until, zone)]
    return tuple(sorted(found, key=lambda r: (r.at, r.person)))


def still_off(plans: "Sequence[Plan]", at: datetime) -> "tuple[Restriction, ...]":
    """Return the latest restriction of each thing that holds at `at`, soonest to lift first."""
    latest: dict[str, Restriction] = {}
    for restriction in (r for p in plans for r in p.restrictions if r.starts <= at < r.ends):
        seen = latest.setdefault(restriction.thing, restriction)
        if restriction.ends > seen.ends:
            latest[restriction.thing] = restriction
    return tuple(sorted(latest.values(), key=lambda r: (r.ends, r.title)))


def _reminders(
    plans: "Sequence[Plan]", since: datetime, until: datetime, zone: "tzinfo | None"
) -> "Iterator[Reminder]":
    latest = max((p.treatments[0] for p in plans), key=lambda t: t.treated_at)
    person, here = latest.person, zone or zone_of(latest.zone)
    others = [*_checks(plans), *_care(plans, since, until, here)]
    for notices in [*_lifts(plans, since, until), *([n] for n in others)]:
        at = max(n.at for n in notices)
        if since <= at < until:
            yield Reminder(at, person, tuple(notices), still_off(begun(plans, at), at))


def _lifts(plans: "Sequence[Plan]", since: datetime, until: datetime) -> "Iterator[list[Notice]]":
    """The ends of windows at which a thing is free indeed, those told together in one list."""
    ends = [("lift", r.ends, r) for p in plans for r in p.restrictions if r.starts < r.ends]
    ends += [("usual", r.usual_ends, r) for p in plans for r in p.restrictions]
    ends = [end for end in ends if end[0] == "lift" or end[1] > end[2].ends]
    ends += [("lift", at, r) for at, r in _held_up(plans)]
    ends.sort(key=lambda end: (end[1], end[2].title, end[0]))
    # Groups are made of all ends, so that the same ones are found whatever span is asked for.
    while ends:
        first = ends[0][1]
        size = sum(at - first <= TOGETHER for _, at, _ in ends)
        group, ends = ends[:size], ends[size:]
        if first < until and group[-1][1] >= since:
            notices = {n.key: n for end in group if (n := _lift(*end, plans)) is not None}
            once = {(n.thing, n.kind, n.at): n for n in reversed(notices.values())}
            if once:
                yield list(reversed(once.values()))


def _held_up(plans: "Sequence[Plan]") -> "Iterator[tuple[datetime, Restriction]]":
    """Restrictions that ended while another treatment's rules, which do not mention the thing,
    left it open; and when that one is over, which is when the thing is free."""
    for plan in plans:
        known = {rule.thing for p in plan.protocols for rule in p.avoid}
        for treatment, over_at in zip(plan.treatments, plan.over_at, strict=True):
            for r in (r for other in plans for r in other.restrictions if r.thing not in known):
                if treatment.treated_at <= r.ends < over_at:
                    before = answer_by_then(r.thing, plans, over_at - _INSTANT)
                    if isinstance(before, Unknown) and before.reason == "silent":
                        yield over_at, r


def _lift(
    kind: str, at: datetime, restriction: "Restriction", plans: "Sequence[Plan]"
) -> "Notice | None":
    """The notice of one end, if the thing is free then by all treatments."""
    thing, title = restriction.thing, restriction.title
    verdict = answer_by_then(thing, plans, at)
    if not isinstance(verdict, Yes) or (kind == "usual" and verdict.better_wait_until):
        return None
    courses = {p.course.thing for plan in plans for p in plan.protocols if p.course}
    if kind == "lift" and thing in courses:
        kind = "session"
    later = verdict.better_wait_until
    news = at + NEWS_FOR if later is None else min(later, at + NEWS_FOR)
    return Notice(
        f"{kind}:{restriction.treatment.id or 0}:{thing}:{at.isoformat()}",
        kind,
        at,
        _false_again(thing, plans, at, news),
        thing,
        title,
        restriction.treatment,
        later,
    )


def _false_again(thing: str, plans: "Sequence[Plan]", at: datetime, until: datetime) -> datetime:
    """When a lift is no longer true: at `until`, or when a treatment takes the yes away."""
    begins = (t.treated_at for p in plans for t in p.treatments if at < t.treated_at < until)
    return min((b for b in begins if not isinstance(answer_by_then(thing, plans, b), Yes)),
               default=until)  # fmt: skip


def _checks(plans: "Sequence[Plan]") -> "Iterator[Notice]":
    for plan in plans:
        for protocol, treatment in zip(plan.protocols, plan.treatments, strict=True):
            for span in protocol.check:
                at = end_of(span, treatment.treated_at, zone_of(treatment.zone))
                yield Notice(
                    f"check:{treatment.id or 0}:{span}:{at.isoformat()}",
                    "check",
                    at,
                    at + CHECK_FOR,
                    "",
                    protocol.title,
                    treatment,
                    None,
                    (*protocol.urgent, *protocol.call),
                )


def _care(
    plans: "Sequence[Plan]", since: datetime, until: datetime, here: tzinfo
) -> "Iterator[Notice]":
    """The care of each local day, once however many treatments ask for it."""
    found: dict[str, Notice] = {}
    for days in (c for p in plans for c in p.care):
        day = max(days.first_day, since.astimezone(here).date() - _DAY)
        last = min(days.last_day, until.astimezone(here).date() + _DAY)
        while day <= last:
            at = care_at(days, day, here)
            if at >= days.starts and since <= at < until:
                clock = f"{days.at:%H:%M}" if days.at else "any"
                key = f"care:{days.rule.thing}:{day.isoformat()}:{clock}"
                if key not in found and may_be_done(days, plans, at):
                    midnight = datetime.combine(day + _DAY, time())
                    ends = max(instant_of(midnight, here), at + timedelta(hours=1))
                    thing, title = days.rule.thing, days.rule.title
                    found[key] = Notice(key, "care", at, ends, thing, title, days.treatment)
            day += _DAY
    yield from found.values()
