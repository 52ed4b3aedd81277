"""From a treatment and its rules to a plan; from several plans to one.

The only place where windows are computed.
"""

from datetime import UTC, datetime, timedelta

from aftercare.core.conditions import all_hold
from aftercare.core.model import CareDays, Plan, Restriction, zone_of
from aftercare.core.spans import Ends
from aftercare.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from aftercare.core.model import Avoid, Care, Rulebook, Treatment
    from aftercare.core.spans import Span

_DAY = timedelta(days=1)


def plan(treatment: "Treatment", rules: "Rulebook") -> Plan:
    """Return the plan of a treatment: every window, every daily care.

    Raises `InputError` for a treatment the rules do not know or an override of a rule they do
    not have, and `FactError` for a fact they do not declare or a value it cannot have.
    """
    protocol = rules.protocol(treatment.kind)
    if treatment.kind != protocol.id or treatment.facts:
        facts = rules.read_facts(treatment.facts)
        treatment = treatment.replace(kind=protocol.id, facts=facts)
    windows = _Windows(treatment.treated_at, zone_of(treatment.zone))
    restrictions = [_restriction(rule, treatment, windows) for rule in protocol.avoid]
    if treatment.overrides:
        restrictions = _overridden(restrictions, treatment, windows)
    return Plan(
        (treatment,),
        (protocol,),
        (rules,),
        tuple(restrictions),
        tuple([days for rule in protocol.care for days in _care(rule, treatment, windows)]),
        (max([r.ends for r in restrictions], default=treatment.treated_at),),
    )


class _Windows(Ends):
    """The ends of spans from one start; each distinct span is computed once."""

    def __init__(self, start: datetime, zone: "ZoneInfo") -> None:
        super().__init__(start, zone)
        self.ends: dict[tuple[int | None, int | None], datetime] = {}

    def end(self, span: "Span") -> datetime:
        key = (span.hours, span.days)  # a plain tuple hashes five times faster than a value
        found = self.ends.get(key)
        if found is None:
            found = self.ends[key] = self.of(span)
        return found


def _restriction(rule: "Avoid", treatment: "Treatment", windows: _Windows) -> Restriction:
    ends = windows.end(rule.span)
    usual_ends = ends if rule.usual is None else max(ends, windows.end(rule.usual))
    if not rule.longer:
        start = treatment.treated_at
        return Restriction(rule, treatment, start, ends, usual_ends, rule.id, (), None)
    lines = [(ends, rule.id)]
    open_lines = []
    for longer in rule.longer:
        holds = all_hold(longer.conditions, treatment.facts)
        if holds is False:
            continue
        minimum = windows.end(longer.span)
        usual = minimum if longer.usual is None else max(minimum, windows.end(longer.usual))
        usual_ends = max(usual_ends, usual)
        if holds:
            lines.append((minimum, f"{rule.id} if {longer}"))
        else:
            open_lines.append((usual, longer))
    ends = max(end for end, _ in lines)
    usual_ends = max(usual_ends, ends)
    # An open fact matters only if what it would add lies beyond what is certain.
    open_facts = [
        condition.fact
        for usual, longer in open_lines
        if usual > ends
        for condition in longer.conditions
        if condition.holds(treatment.facts) is None
    ]
    return Restriction(
        rule,
        treatment,
        treatment.treated_at,
        ends,
        usual_ends,
        min(line for end, line in lines if end == ends),
        tuple(sorted(set(open_facts))),
        None,
    )


def _overridden(
    restrictions: "list[Restriction]", treatment: "Treatment", windows: _Windows
) -> "list[Restriction]":
    """The strictest wins over an override too, unless it is shorter on purpose."""
    overrides = {o.thing: o for o in treatment.overrides}
    avoided = [r.thing for r in restrictions]
    for thing in overrides:
        if thing not in avoided:
            raise InputError(
                f"no rule of {treatment.kind} says how long to avoid {thing!r}, so none can be "
                "overridden",
                f"there are rules on: {', '.join(avoided)}",
            )
    if len(overrides) < len(treatment.overrides):
        raise InputError("a thing is overridden twice", "override it once")
    found = []
    for r in restrictions:
        override = overrides.get(r.thing)
        ends = r.ends if override is None else windows.end(override.span)
        if override and (ends > r.ends or (ends < r.ends and override.shorter_on_purpose)):
            usual_ends = max(r.usual_ends, ends)
            r = r.replace(
                ends=ends,
                usual_ends=usual_ends,
                decided_by=f"{r.rule.id} override {override.span}",
                open_facts=r.open_facts if usual_ends > ends else (),
                override=override,
            )
        found.append(r)
    return found


def _care(rule: "Care", treatment: "Treatment", windows: _Windows) -> "list[CareDays]":
    start = windows.start if rule.start is None else windows.end(rule.start)
    wall = start.astimezone(windows.zone).replace(tzinfo=None)
    found = []
    for at in rule.at or (None,):
        first = wall.date()
        if at is not None and at < wall.time():
            first += _DAY
        found.append(CareDays(rule, treatment, start, first, first + (rule.days - 1) * _DAY, at))
    return found


def merge(plans: "Iterable[Plan]", at: "datetime | None" = None) -> Plan:
    """Return one plan of several, in the order of their treatments' instants.

    Of the restrictions on a thing those that leave no gap are one, from the first beginning to
    the latest end; its `decided_by` and `treatment` tell which rule decided that end. After a
    gap the later one alone stays, unless what was before is not over yet at `at` (aware). The
    last carries the latest usual end of all.
    """
    plans = tuple(plans)
    if len(plans) == 1:
        return plans[0]
    ordered = sorted(plans, key=lambda p: [(t.treated_at, t.id or 0) for t in p.treatments])
    of_things: dict[str, list[Restriction]] = {}
    for restriction in (r for p in ordered for r in p.restrictions):
        of_things.setdefault(restriction.thing, []).append(restriction)
    found: list[Restriction] = []
    for restrictions in of_things.values():
        *before, last = _without_gaps(restrictions)
        found += [r for r in before if at is not None and at < r.ends]
        usual_ends = max([last.usual_ends, *[r.usual_ends for r in before]])
        found.append(last if not before else last.replace(usual_ends=usual_ends))
    return Plan(
        tuple(t for p in ordered for t in p.treatments),
        tuple(q for p in ordered for q in p.protocols),
        tuple(b for p in ordered for b in p.rulebooks),
        tuple(found),
        tuple(c for p in ordered for c in p.care),
        tuple(end for p in ordered for end in p.over_at),
    )


def _without_gaps(restrictions: "Iterable[Restriction]") -> "list[Restriction]":
    """Restrictions on one thing, in their order; those that leave no gap as one."""
    found: list[Restriction] = []
    for r in sorted(restrictions, key=lambda r: r.starts):
        if not found or found[-1].ends < r.starts:
            found.append(r)
            continue
        seen = found.pop()
        found.append(
            (r if r.ends >= seen.ends else seen).replace(
                starts=seen.starts,
                usual_ends=max(seen.usual_ends, r.usual_ends),
                open_facts=tuple(dict.fromkeys(seen.open_facts + r.open_facts)),
            )
        )
    return found


def begun(plans: "Iterable[Plan]", at: datetime) -> "list[Plan]":
    """Return the plans of what has been done by `at`."""
    return [p for p in plans if p.treatments[0].treated_at <= at]


def over_at(plan: Plan) -> datetime:
    """Return the instant, in UTC, from which nothing of a plan is left to wait for or to do.

    A day's margin covers a person who reads the last day's care in another zone.
    """
    ends = [r.usual_ends for r in plan.restrictions]
    ends += [
        datetime(c.last_day.year, c.last_day.month, c.last_day.day, tzinfo=UTC) + 2 * _DAY
        for c in plan.care
    ]
    return max(ends, default=plan.treatments[0].treated_at)
