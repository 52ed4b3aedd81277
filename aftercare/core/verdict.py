"""The answer to "can I": no, yes or unknown, always with its reason.

A guess may forbid, never permit. Every yes rests on a rule. The strictest wins.
"""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from aftercare.core.model import Override, each
from aftercare.core.recognition import Match, Recognition, recognise
from aftercare.core.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from aftercare.core.label import Label
    from aftercare.core.model import Allow, Care, CareDays, Plan, Restriction, Source, Treatment
    from aftercare.core.names import Lexicon

#: Why a verdict is unknown: no name was recognised; a name was, but no rule mentions it; only
#: a guess or part of the item was, so that it cannot be permitted; the treatment is still to
#: come; the rules permit it only later; one of several treatments, not over yet, has rules that
#: do not mention it; it is a medicine; the answer lies in the ingredients.
#: Of a label: the text is no ingredient list; or it is one, and holds nothing restricted.
UNKNOWN_REASONS = (
    "not-recognised",
    "no-rule",
    "guess",
    "before",
    "not-yet",
    "silent",
    "medicine",
    "read-label",
    "no-list",
    "nothing-restricted",
)


class Reason(Value):
    """A rule that bears on the question. `ends` and `usual_ends` are None for a permission.

    `override` is set when it decided instead of the rule.
    """

    rule: str
    thing: str
    title: str
    why: str
    note: str
    sources: "tuple[Source, ...]"
    treatment: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    usual_ends: datetime | None = None
    open_facts: "tuple[str, ...]" = ()
    override: Override | None = None


class No(Value):
    """Off limits until `until` (exclusive: from that instant on it is free)."""

    recognition: Recognition
    at: datetime
    until: datetime
    better_wait_until: datetime | None
    because: "tuple[Reason, ...]"


class Yes(Value):
    """Permitted since `since`; `better_wait_until` is set while most advice still waits.

    `but_not` are kinds of the thing that are off limits all the same.
    """

    recognition: Recognition
    at: datetime
    since: datetime
    better_wait_until: datetime | None
    because: "tuple[Reason, ...]"
    but_not: "tuple[Reason, ...]" = ()


class Unknown(Value):
    """Nothing known permits or forbids it; `reason` is one of `UNKNOWN_REASONS`."""

    recognition: Recognition
    at: datetime
    reason: str
    because: "tuple[Reason, ...]" = ()


Verdict = No | Yes | Unknown


def can_i(item: "str | Recognition", plans: "Plan | Iterable[Plan]", at: datetime) -> Verdict:
    """Answer whether `item` is permitted at `at` (aware) under all `plans` together.

    `item` is recognised with the names of the plans' rule files. Plans are those of single
    treatments, as `plan` returns them; a merged plan gives the same answer.
    """
    plans = each(plans)
    lexicons = lexicons_of(plans)
    recognition = item if isinstance(item, Recognition) else recognise_in(item, lexicons)
    answers = [_thing(match, plans, lexicons, recognition, at) for match in recognition.things]
    if not answers:
        return Unknown(recognition, at, "not-recognised")
    verdict = _strictest(answers)
    if isinstance(verdict, Yes) and not recognition.certain:
        return Unknown(recognition, at, "guess", verdict.because)
    return verdict


def answer_on(thing: str, plans: "Plan | Iterable[Plan]", at: datetime) -> Verdict:
    """Answer on a thing by its id, as `can_i` does."""
    return can_i(Recognition(thing, (Match(thing, thing, "exact", thing),)), plans, at)


def times_when(
    thing: str, plans: "Plan | Iterable[Plan]", holds: "Callable[[datetime], bool]"
) -> "list[tuple[datetime, datetime]]":
    """Return the times, in UTC and half-open, at which something holds of the answer on a thing.

    Looked at is each moment at which the answer may change, from the first treatment to the
    last of these moments.
    """
    plans = each(plans)
    things = {thing}
    for lexicon in lexicons_of(plans):
        parts = lexicon.thing(thing).parts if thing in lexicon else ()
        things.update(*map(lexicon.wider, (thing, *parts)))
    moments = {x for p in plans for t in p.treatments for x in (t.treated_at, *p.over_at)}
    for plan in plans:
        for r in plan.restrictions:
            if r.rule.thing in things:
                moments |= {r.starts, r.ends, r.usual_ends}
        for c in plan.care:
            if c.rule.thing in things:
                moments |= {c.starts, asked_until(c)}
    found: list[tuple[datetime, datetime]] = []
    for moment, following in pairwise(sorted(moments)):
        if holds(moment):
            joins = found and found[-1][1] == moment
            found.append((found.pop()[0] if joins else moment, following))
    return found


def allowed(plans: "Plan | Iterable[Plan]") -> "tuple[Allow, ...]":
    """Return what the *allow* rules of plans permit from the latest treatment on, by all of them
    together, and what no advice waits longer for.
    """
    plans = each(plans)
    at = max((t.treated_at for p in plans for t in p.treatments), default=None)
    found = []
    for rule in dict.fromkeys(rule for p in plans for q in p.protocols for rule in q.allow):
        verdict = answer_on(rule.thing, plans, at) if at else None
        if isinstance(verdict, Yes) and verdict.better_wait_until is None:
            found.append(rule)
    return tuple(found)


def leaves_ends_open(plans: "Plan | Iterable[Plan]") -> bool:
    """Whether the end of a restriction brings no yes, since treatments overlap: another one is
    not over, and its rules forbid the thing or do not mention it."""
    plans = each(plans)
    if sum(len(p.treatments) for p in plans) < 2:
        return False
    ends = {(r.thing, r.ends) for p in plans for r in p.restrictions if r.starts < r.ends}
    return any(not isinstance(answer_on(thing, plans, at), Yes) for thing, at in ends)


def label_verdict(label: "Label", plans: "Plan | Iterable[Plan]", at: datetime) -> Verdict:
    """Answer for a product by what its label holds: no, or unknown, never yes.

    No rule permits a product as a whole; a label that was read and holds nothing restricted is
    unknown with the reason "nothing-restricted". A text that is no list is "no-list", and a
    label on which a thing is not free for certain is unknown with that thing's reason.
    """
    plans = each(plans)
    lexicons = lexicons_of(plans)
    recognition = Recognition("", label.things)
    answers = [_thing(match, plans, lexicons, recognition, at) for match in label.things]
    refusals = [a for a in answers if isinstance(a, No)]
    if refusals:
        return _strictest(list(refusals))
    if not label.is_list:
        return Unknown(recognition, at, "no-list")
    for answer in answers:
        if isinstance(answer, Unknown) and answer.reason in ("before", "medicine"):
            return answer
    return Unknown(recognition, at, "nothing-restricted")


def recognise_in(item: str, lexicons: "Sequence[Lexicon]") -> Recognition:
    """Recognise with several vocabularies: all things found count, the surest way first."""
    found = [recognise(item, lexicon) for lexicon in lexicons]
    if len(found) < 2:
        return found[0] if found else Recognition(item)
    sureness = ("exact", "part", "typo")
    matches: dict[str, Match] = {}
    for match in sorted((m for r in found for m in r.things), key=lambda m: sureness.index(m.how)):
        matches.setdefault(match.id, match)
    known = [r for r in found if r.things] or found
    return Recognition(
        item,
        tuple(matches.values()),
        min((r.leftover for r in known), key=len),
        tuple(dict.fromkeys(s for r in known for s in r.suggestions)),
    )


def lexicons_of(plans: "Sequence[Plan]") -> "list[Lexicon]":
    """Return the vocabularies of the plans' rule files, each once."""
    return list({id(book): book.lexicon for p in plans for book in p.rulebooks}.values())


def _thing(
    match: Match,
    plans: "Sequence[Plan]",
    lexicons: "Sequence[Lexicon]",
    recognition: Recognition,
    at: datetime,
) -> Verdict:
    """The verdict on one thing: on each of its parts if it has any, else by the rules on it."""
    parts = {p for lex in lexicons if match.id in lex for p in lex.thing(match.id).parts}
    if parts:
        matches = [match.replace(id=part) for part in sorted(parts)]
        return _strictest([_thing(m, plans, lexicons, recognition, at) for m in matches])
    ids = {id for lexicon in lexicons for id in lexicon.wider(match.id)}
    restrictions = [r for p in plans for r in p.restrictions if r.rule.thing in ids]
    active = [r for r in restrictions if r.starts <= at < r.ends]
    if active:
        return _no(restrictions, active, recognition, at)
    over = [r for r in restrictions if r.ends <= at]
    granted = [grant for p in plans for grant in grants(p, ids)]
    permissions = [grant for grant in granted if grant.starts is not None and grant.starts <= at]
    to_come = [window(r) for r in restrictions if at < r.starts]
    if to_come:
        return Unknown(recognition, at, "before", tuple(to_come))
    if not over and not permissions:
        begun = all(t.treated_at <= at for p in plans for t in p.treatments)
        if granted:
            return Unknown(recognition, at, "not-yet" if begun else "before", tuple(granted))
        return Unknown(recognition, at, _nothing_said(ids, lexicons))
    quiet, later_on = _silent(ids, plans, at)
    if later_on:
        return Unknown(recognition, at, "not-yet", tuple(later_on))
    if quiet and not _asked_for(ids, plans, at):
        return Unknown(recognition, at, "silent")
    because = [window(r) for r in _latest_first(over)]
    because += permissions
    later = max((r.usual_ends for r in over), default=at)
    since = [r.ends for r in over] or [min(p.starts for p in permissions if p.starts)]
    return Yes(
        recognition,
        at,
        max(since),
        later if later > at else None,
        tuple(because),
        _but_not(match.id, plans, lexicons, at),
    )


def _asked_for(ids: "set[str]", plans: "Sequence[Plan]", at: datetime) -> bool:
    """Whether daily care that goes on asks for it: what is to be done today is no question."""
    return any(
        c.rule.thing in ids and c.starts <= at < asked_until(c) for p in plans for c in p.care
    )


def asked_until(care: "CareDays") -> datetime:
    """When care is asked for no more, wherever the person is: in UTC, with a day's margin."""
    return datetime.combine(care.last_day + timedelta(days=2), time(), UTC)


def _silent(ids: "set[str]", plans: "Sequence[Plan]", at: datetime) -> "tuple[bool, list[Reason]]":
    """Whether a treatment that is not over never speaks of a thing, and what others say later.

    What one treatment's rules permit is no answer for another, fresher one whose rules do not
    mention the thing, or permit it only later.
    """
    quiet, later = False, list[Reason]()
    for plan in plans:
        each = zip(plan.protocols, plan.treatments, plan.over_at, strict=True)
        for protocol, treatment, over_at in each:
            if not treatment.treated_at <= at < over_at:
                continue
            if ids & {r.thing for r in protocol.avoid} or ids & {r.thing for r in protocol.allow}:
                continue
            care = care_of(plan, treatment, ids)
            quiet = quiet or not care
            if all(grant.starts is not None and at < grant.starts for grant in care):
                later += care
    return quiet, later


def _no(
    restrictions: "list[Restriction]",
    active: "list[Restriction]",
    recognition: Recognition,
    at: datetime,
) -> No:
    until = max(r.ends for r in active)
    # A later treatment that begins before this ends carries the ban on.
    while longer := [r.ends for r in restrictions if r.starts <= until < r.ends]:
        until = max(longer)
    bearing = [r for r in restrictions if r.starts <= until and r.ends > at]
    usual = max(r.usual_ends for r in restrictions if r.starts <= until)
    because = tuple(window(r) for r in _latest_first(bearing))
    return No(recognition, at, until, usual if usual > until else None, because)


def _but_not(
    thing: str, plans: "Sequence[Plan]", lexicons: "Sequence[Lexicon]", at: datetime
) -> "tuple[Reason, ...]":
    special = {id for lexicon in lexicons for id in lexicon.special(thing)}
    if not special:
        return ()
    active = [
        r for p in plans for r in p.restrictions if r.thing in special and r.starts <= at < r.ends
    ]
    return tuple(window(r) for r in _latest_first(active))


def _latest_first(restrictions: "Iterable[Restriction]") -> "list[Restriction]":
    ordered = sorted(restrictions, key=lambda r: (r.rule.id, r.treatment.id or 0))
    return sorted(ordered, key=lambda r: (r.ends, r.usual_ends), reverse=True)


def window(r: "Restriction") -> Reason:
    """The reason that a restriction is."""
    rule = r.rule
    return Reason(
        r.decided_by,
        r.thing,
        rule.title,
        rule.why,
        rule.note,
        rule.sources,
        r.treatment.id,
        r.starts,
        r.ends,
        r.usual_ends,
        r.open_facts,
        r.override,
    )


def grants(plan: "Plan", things: "Collection[str] | None" = None) -> "list[Reason]":
    """The permissions of a plan's *allow* and *care* rules on some things, or on all of them,
    each from its instant on."""
    found = [
        _permission(rule, treatment.id, treatment.treated_at)
        for protocol, treatment in zip(plan.protocols, plan.treatments, strict=True)
        for rule in protocol.allow
        if things is None or rule.thing in things
    ]
    return found + [g for treatment in plan.treatments for g in care_of(plan, treatment, things)]


def care_of(
    plan: "Plan", treatment: "Treatment", things: "Collection[str] | None" = None
) -> "list[Reason]":
    """The permissions of one treatment's *care* rules, as `grants` has them."""
    return [
        _permission(c.rule, treatment.id, c.starts)
        for c in plan.care
        if (things is None or c.rule.thing in things) and c.treatment == treatment
    ]


def _permission(rule: "Allow | Care", treatment: int | None, starts: datetime) -> Reason:
    return Reason(
        rule.id, rule.thing, rule.title, rule.why, rule.note, rule.sources, treatment, starts
    )


def _nothing_said(ids: "set[str]", lexicons: "Sequence[Lexicon]") -> str:
    """Why no rule speaks of a thing: what kind of thing it is."""
    kinds = {lexicon.thing(id).kind for lexicon in lexicons for id in ids if id in lexicon}
    if "medicine" in kinds:
        return "medicine"
    return "read-label" if "product-type" in kinds else "no-rule"


def _strictest(answers: "list[Verdict]") -> Verdict:
    """No before unknown before yes; among equals the latest, with the reasons of all."""
    if len(answers) == 1 and len(answers[0].because) < 2 and not getattr(answers[0], "but_not", ()):
        return answers[0]  # the usual case
    refusals = [a for a in answers if isinstance(a, No)]
    if refusals:
        refusals.sort(key=lambda a: a.until, reverse=True)
        usual = max(a.better_wait_until or a.until for a in refusals)
        until = refusals[0].until
        return refusals[0].replace(
            better_wait_until=usual if usual > until else None,
            because=_all(a.because for a in refusals),
        )
    doubts = [a for a in answers if isinstance(a, Unknown)]
    if doubts:
        return doubts[0].replace(because=_all(a.because for a in doubts))
    yes = [a for a in answers if isinstance(a, Yes)]
    yes.sort(key=lambda a: (a.better_wait_until or a.since, a.since), reverse=True)
    waits = [a.better_wait_until for a in yes if a.better_wait_until]
    return yes[0].replace(
        since=max(a.since for a in yes),
        better_wait_until=max(waits, default=None),
        because=_all(a.because for a in yes),
        but_not=_all(a.but_not for a in yes),
    )


def _all(reasons: "Iterable[tuple[Reason, ...]]") -> "tuple[Reason, ...]":
    found = [reason for group in reasons for reason in group]
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)
