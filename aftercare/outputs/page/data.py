"""What the page's script needs of a plan, as plain data.

Every instant is computed here, in whole milliseconds since 1970, rounded up: nothing ends early.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

from aftercare.core.care import ANY_TIME, forbidden
from aftercare.core.verdict import (
    Yes,
    answer_on,
    asked_until,
    care_of,
    grants,
    lexicons_of,
    times_when,
    window,
)
from aftercare.outputs.page.readers import groups
from aftercare.outputs.page.texts import ANSWERS
from aftercare.outputs.phrases import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from aftercare.core.model import CareDays, Plan, Protocol, Source, Treatment
    from aftercare.core.verdict import Reason
    from aftercare.outputs.page.texts import Language

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, rounded up."""
    return -((_EPOCH - at) // _MILLISECOND)


def reasons_of(plans: "Sequence[Plan]") -> "dict[Reason, int]":
    """Every reason that a verdict under these plans can have, each once, with its place."""
    found = [window(r) for p in plans for r in p.restrictions]
    found += [grant for p in plans for grant in grants(p)]
    return {reason: n for n, reason in enumerate(dict.fromkeys(found))}


def script_data(plans: "Sequence[Plan]", reasons: "Mapping[Reason, int]") -> "dict[str, Any]":
    """Return the plans for the script: restrictions, permissions, care, and names of their own.

    Instants stand in a list of their own, things and titles in those of the reasons; everything
    else names its place in these. `plan.js` opens it.

    A lexicon is a list of vocabularies: 0 is the one that the page carries packed, which is the
    first of every lexicon, n the n-th of `vocabularies`.
    """
    restrictions = [r for p in plans for r in p.restrictions]
    order = {
        id(r): n
        for n, r in enumerate(sorted(restrictions, key=lambda r: (r.rule.id, r.treatment.id or 0)))
    }
    own: dict[int, int] = {}
    vocabularies: list[dict[str, Any]] = []
    lexicons: list[list[int]] = []
    for lexicon in lexicons_of(plans):
        places = [0]
        for vocabulary in lexicon.vocabularies[1:]:
            if _is_empty(vocabulary):
                continue
            if id(vocabulary) not in own:
                vocabularies.append(_vocabulary(vocabulary))
                own[id(vocabulary)] = len(vocabularies)
            places.append(own[id(vocabulary)])
        lexicons.append(places)
    granted = [g for p in plans for g in grants(p) if g.starts is not None]
    spoken = {reason.thing: n for reason, n in reasons.items()}
    instants: dict[int, int] = {}

    def place(at: datetime) -> int:
        return instants.setdefault(milliseconds(at), len(instants))

    return {
        "treatments": [
            [
                place(treatment.treated_at),
                place(over_at),
                sorted(spoken[thing] for thing in _spoken(protocol)),
                # Its daily care: the place among the permissions, and when it is over.
                [[granted.index(g), place(asked_until(c))] for g, c in _care(p, treatment)],
            ]
            for p in plans
            for protocol, treatment, over_at in zip(
                p.protocols, p.treatments, p.over_at, strict=True
            )
        ],
        "lexicons": lexicons,
        "vocabularies": vocabularies,
        "restrictions": [
            [reasons[window(r)], place(r.starts), place(r.ends), place(r.usual_ends), order[id(r)]]
            for r in restrictions
        ],
        "grants": [[reasons[g], place(g.starts)] for g in granted if g.starts is not None],
        "reasons": [clean(r.title, 200) for r in reasons],
        "things": [r.thing for r in reasons],
        "care": [
            [
                reasons[g],
                place(p.treatments[0].treated_at),
                place(c.starts),
                f"{c.at or ANY_TIME:%H:%M}",
                0 if c.at else 1,
                c.first_day.isoformat(),
                c.last_day.isoformat(),
                [[place(since), place(until)] for since, until in forbidden(c, plans)],
            ]
            for p in plans
            for treatment in p.treatments
            for g, c in _care(p, treatment)
        ],
        "held": {
            thing: [[place(since), place(until)] for since, until in windows]
            for thing, windows in _held(plans).items()
        },
        "instants": list(instants),
    }


def _held(plans: "Sequence[Plan]") -> "dict[str, list[tuple[datetime, datetime]]]":
    """When a thing that most advice waits longer with is not free yet, though its own rule lets
    it: by a rule on something wider, or a treatment that does not speak of it."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for r in (r for p in plans for r in p.restrictions):
        first, last = spans.get(r.thing, (r.ends, r.usual_ends))
        spans[r.thing] = min(first, r.ends), max(last, r.usual_ends)
    spans = {thing: span for thing, span in spans.items() if span[0] < span[1]}
    found = {
        t: times_when(t, plans, partial(_is_held, t, plans, span)) for t, span in spans.items()
    }
    return {thing: windows for thing, windows in found.items() if windows}


def _is_held(
    thing: str, plans: "Sequence[Plan]", span: "tuple[datetime, datetime]", at: datetime
) -> bool:
    return span[0] <= at < span[1] and not isinstance(answer_on(thing, plans, at), Yes)


def _spoken(protocol: "Protocol") -> "set[str]":
    """The things that a treatment's rules forbid or permit."""
    return {r.thing for r in protocol.avoid} | {r.thing for r in protocol.allow}


def _care(plan: "Plan", treatment: "Treatment") -> "Iterator[tuple[Reason, CareDays]]":
    """The daily care of one treatment, each with the permission that it is."""
    days = [c for c in plan.care if c.treatment == treatment]
    return zip(care_of(plan, treatment), days, strict=True)


def more_data(
    plan: "Plan", reasons: "Mapping[Reason, int]", words: "Language", ics: str
) -> "dict[str, Any]":
    """Return what travels packed: why each rule stands, who says so, and the calendar."""
    signs, others = ("urgent", "call"), ("ask_first", "notes")
    cited = [s for reason in reasons for s in reason.sources]
    cited += [
        source
        for kind in (*signs, *others)
        for statement in plan.statements(kind)
        for source in statement.sources
    ]
    numbers = {source.id: n for n, source in enumerate({s.id: s for s in cited}.values(), 1)}

    def numbered(sources: "Sequence[Source]") -> "list[int]":
        return [numbers[s.id] for s in sources]

    return {
        "words": {name: words(text) for name, text in ANSWERS.items()},
        "ics": ics,
        "reasons": [
            [
                clean(r.why),
                clean(r.note),
                clean(", ".join(r.open_facts)),
                clean(r.rule, 200),
                r.treatment if len(plan.treatments) > 1 else None,
                numbered(r.sources),
                words.override(r.override),
            ]
            for r in reasons
        ],
        "sources": [
            [clean(str(s) if _link(s.url) or not s.url else f"{s} ({s.url})"), _link(s.url)]
            for s in {s.id: s for s in cited}.values()
        ],
        # The words of the signs stand in the page.
        **{kind: [numbered(s.sources) for s in plan.statements(kind)] for kind in signs},
        **{
            kind: [[clean(s.text), numbered(s.sources)] for s in plan.statements(kind)]
            for kind in others
        },
    }


def _link(url: str) -> str:
    """An address that may be followed; "" for any other, such as ``javascript:``."""
    return url if url.startswith(("https://", "http://")) and url.isprintable() else ""


def _is_empty(vocabulary: "Mapping[str, Any]") -> bool:
    return not any(vocabulary[name] for name in ("things", "typed", "label", "neutral", "forms"))


def _vocabulary(vocabulary: "Mapping[str, Any]") -> "dict[str, Any]":
    rest = {name: vocabulary[name] for name in ("things", "neutral", "forms")}
    return {**rest, "names": groups(vocabulary["typed"], vocabulary["label"])}
