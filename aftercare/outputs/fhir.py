"""A plan as a FHIR R4 CarePlan, for a clinic's record system.

Each restriction is an activity that must not be performed until its period is over, each daily
care one with its timing, each look for the warning signs one at its instants. The treatments are
contained Procedures. What FHIR has no field for, the usual end, is an extension and in words.
"""

import json

from aftercare.core.care import daily_care
from aftercare.core.model import zone_of
from aftercare.core.schedule import over_at
from aftercare.core.spans import end_of
from aftercare.outputs.phrases import facts, instant, iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo
    from typing import Any

    from aftercare.core.model import CareDays, Plan, Restriction, Source, Treatment

#: The extension that holds the instant until which most published advice waits.
USUAL_ENDS = "urn:aftercare-cli:fhir:usual-ends"


def care_plan(
    plan: "Plan", *, subject: str = "", person: str = "", now: "datetime | None" = None
) -> "dict[str, Any]":
    """Return the resource as plain data; instants in the zone of the latest treatment.

    `subject` is the patient's address in the record system, ``Patient/123``; `person` is the name
    that stands beside it or instead, left out the treatment's. `now` decides what is over, in
    progress or to come; without it all is as at the treatment, so that the same plan gives the
    same resource on any day.
    """
    latest = plan.treatments[-1]
    zone = zone_of(latest.zone)
    at = now or latest.treated_at
    starts = min(t.treated_at for t in plan.treatments)
    ends = over_at(plan)
    patient = {"reference": subject} if subject else {}
    person = person or latest.person
    if person or not patient:
        patient["display"] = person or "the person treated"
    titles = dict.fromkeys(p.title for p in plan.protocols)
    resource: dict[str, Any] = {
        "resourceType": "CarePlan",
        "contained": [
            _procedure(n, t, plan.protocols[n - 1].title, patient)
            for n, t in enumerate(plan.treatments, 1)
        ],
        "instantiatesUri": [
            f"urn:sha256:{sha256}" for sha256 in _once(b.sha256 for b in plan.rulebooks)
        ],
        "status": "completed" if at >= ends else "active",
        "intent": "plan",
        "category": [{"text": "Aftercare"}],
        "title": f"Aftercare: {', '.join(titles)}",
        "subject": patient,
        "period": {"start": iso(starts, zone), "end": iso(ends, zone)},
        "supportingInfo": [{"reference": f"#{_id(n)}"} for n in range(1, len(plan.treatments) + 1)],
        "activity": [{"detail": detail} for detail in _details(plan, at, zone)],
        "note": [{"text": text} for text in _notes(plan)],
    }
    if now is not None:
        resource["created"] = iso(now, zone)
    return resource


def to_json(resource: "dict[str, Any]") -> str:
    """Return a resource as FHIR's own JSON, in ASCII."""
    return json.dumps(resource, indent=2)


def _id(number: int) -> str:
    return f"treatment-{number}"


def _once(values: "Iterable[Any]") -> "list[Any]":
    return list(dict.fromkeys(values))


def _procedure(
    number: int, treatment: "Treatment", title: str, patient: "dict[str, str]"
) -> "dict[str, Any]":
    found: dict[str, Any] = {
        "resourceType": "Procedure",
        "id": _id(number),
        "status": "completed",
        "code": {"text": title},
        "subject": patient,
        "performedDateTime": iso(treatment.treated_at, zone_of(treatment.zone)),
    }
    if treatment.facts:
        found["note"] = [{"text": facts(treatment.facts)}]
    return found


def _details(plan: "Plan", at: "datetime", zone: "tzinfo") -> "Iterator[dict[str, Any]]":
    for restriction in plan.restrictions:
        yield _restriction(restriction, at, zone)
    for days in daily_care(plan, zone):
        yield _care(days, at, zone)
    yield from _checks(plan, at)
    session = plan.next_session
    if session is not None:
        yield {
            "kind": "Appointment",
            "code": {"text": "Next session"},
            "status": "not-started",
            "scheduledPeriod": {"start": iso(session, zone)},
            "description": "The earliest time for the next session.",
        }


def _status(at: "datetime", starts: "datetime", ends: "datetime") -> str:
    return "completed" if at >= ends else "in-progress" if at >= starts else "scheduled"


def _restriction(r: "Restriction", at: "datetime", zone: "tzinfo") -> "dict[str, Any]":
    said = f"Not before {instant(r.ends, zone)} {r.ends.astimezone(zone).year}."
    detail: dict[str, Any] = {
        "code": {"text": r.title},
        **_reasons(r.rule.why, r.rule.sources),
        "status": _status(at, r.starts, r.ends),
        "doNotPerform": True,
        "scheduledPeriod": {"start": iso(r.starts, zone), "end": iso(r.ends, zone)},
    }
    if r.usual_ends > r.ends:
        detail["extension"] = [{"url": USUAL_ENDS, "valueDateTime": iso(r.usual_ends, zone)}]
        said += f" Most published advice waits until {instant(r.usual_ends, zone)}."
    detail["description"] = " ".join(filter(None, (said, r.rule.note)))
    return detail


def _care(days: "CareDays", at: "datetime", zone: "tzinfo") -> "dict[str, Any]":
    here = at.astimezone(zone).date()
    repeat: dict[str, Any] = {
        "boundsPeriod": {"start": days.first_day.isoformat(), "end": days.last_day.isoformat()},
        "frequency": 1,
        "period": 1,
        "periodUnit": "d",
    }
    if days.at is not None:
        repeat["timeOfDay"] = [days.at.isoformat()]
    over, begun = here > days.last_day, here >= days.first_day
    detail: dict[str, Any] = {
        "code": {"text": days.rule.title},
        **_reasons(days.rule.why, days.rule.sources),
        "status": "completed" if over else "in-progress" if begun else "scheduled",
        "doNotPerform": False,
        "scheduledTiming": {"repeat": repeat},
    }
    if days.rule.note:
        detail["description"] = days.rule.note
    return detail


def _checks(plan: "Plan", at: "datetime") -> "Iterator[dict[str, Any]]":
    """The looks for the warning signs of each treatment, with the signs."""
    for protocol, treatment in zip(plan.protocols, plan.treatments, strict=True):
        zone = zone_of(treatment.zone)
        instants = [end_of(span, treatment.treated_at, zone) for span in protocol.check]
        if instants:
            yield {
                "code": {"text": "Look for the warning signs"},
                "status": _status(at, min(instants), max(instants)),
                "doNotPerform": False,
                "scheduledTiming": {"event": [iso(instant, zone) for instant in instants]},
                "description": " ".join(
                    _sentence(s.text) for s in (*protocol.urgent, *protocol.call)
                ),
            }


def _reasons(why: str, sources: "tuple[Source, ...]") -> "dict[str, Any]":
    """Why, and the addresses of what was published."""
    found: dict[str, Any] = {}
    addresses = _once(s.url for s in sources if s.url and " " not in s.url)
    if addresses:
        found["instantiatesUri"] = addresses
    if why:
        found["reasonCode"] = [{"text": why}]
    return found


def _notes(plan: "Plan") -> "Iterator[str]":
    """Who says so, and what to call the clinic for."""
    for book in {book.sha256: book for book in plan.rulebooks}.values():
        yield f"By the rules {book.title!r}, version {book.version}. No medical advice."
    for kind, head in (
        ("urgent", "At once: "),
        ("call", "Call the clinic: "),
        ("ask_first", "Ask first: "),
        ("notes", ""),
    ):
        for statement in plan.statements(kind):
            yield head + statement.text


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
