"""Plans and verdicts as plain data for JSON. Independent of width, locale and colour."""

import json

from aftercare.core.verdict import No, Unknown, Yes, allowed
from aftercare.outputs.phrases import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo
    from typing import Any

    from aftercare.core.label import Label
    from aftercare.core.model import Override, Plan, Source, Statement, Treatment
    from aftercare.core.names import Lexicon
    from aftercare.core.outlook import Outlook
    from aftercare.core.recognition import Match, Recognition
    from aftercare.core.shelf import OnShelf
    from aftercare.core.verdict import Reason, Verdict

FORMAT_VERSION = 1


def to_json(data: "dict[str, Any]") -> str:
    """Return one JSON text, in ASCII so that no terminal or encoding can change it."""
    return json.dumps({"format_version": FORMAT_VERSION, **data}, indent=2)


def verdict_data(verdict: "Verdict", zone: "tzinfo") -> "dict[str, Any]":
    """Return a verdict; instants in `zone`'s offset."""
    recognition = verdict.recognition
    data: dict[str, Any] = {
        "item": recognition.item,
        "verdict": "unknown",
        "things": [_match(m) for m in recognition.things],
        "until": None,
        "better_wait_until": None,
        "at": iso(verdict.at, zone),
        "because": [_reason(r, zone) for r in verdict.because],
        "suggestions": list(recognition.suggestions),
        "reason": None,
        "but_not": [],
    }
    match verdict:
        case No(until=until, better_wait_until=better):
            data |= {"verdict": "no", "until": iso(until, zone)}
            data["better_wait_until"] = iso(better, zone)
        case Yes(better_wait_until=better, but_not=but_not):
            data |= {"verdict": "yes", "better_wait_until": iso(better, zone)}
            data["but_not"] = [_reason(r, zone) for r in but_not]
        case Unknown(reason=reason):
            data["reason"] = reason
    return data


def _reason(reason: "Reason", zone: "tzinfo") -> "dict[str, Any]":
    return {
        "rule": reason.rule,
        "thing": reason.thing,
        "title": reason.title,
        "treatment": reason.treatment,
        "ends": iso(reason.ends, zone),
        "usual_ends": iso(reason.usual_ends, zone),
        "why": reason.why,
        "note": reason.note,
        "sources": _sources(reason.sources),
        "open_facts": list(reason.open_facts),
        "override": _override(reason.override),
    }


def _override(override: "Override | None") -> "dict[str, Any] | None":
    if override is None:
        return None
    return {
        "thing": override.thing,
        "for": str(override.span),
        "because": override.because,
        "shorter_on_purpose": override.shorter_on_purpose,
    }


def _sources(sources: "Iterable[Source]") -> "list[dict[str, str]]":
    return [{f: getattr(s, f) for f in ("id", "title", "publisher", "url")} for s in sources]


def recognition_data(recognition: "Recognition", lexicon: "Lexicon") -> "dict[str, Any]":
    """Return what an item was understood as."""
    return {
        "item": recognition.item,
        "things": [
            {**_match(m), "title": lexicon.thing(m.id).title, "text": m.text}
            for m in recognition.things
        ],
        "leftover": list(recognition.leftover),
        "suggestions": list(recognition.suggestions),
    }


def _match(match: "Match") -> "dict[str, str]":
    return {"id": match.id, "name": match.name, "how": match.how}


def label_data(label: "Label", verdict: "Verdict | None", zone: "tzinfo") -> "dict[str, Any]":
    """Return a label as it was read, with the verdict on it, or null without a treatment."""
    return {
        "is_list": label.is_list,
        "clear": isinstance(verdict, Unknown) and verdict.reason == "nothing-restricted",
        "ingredients": [
            {
                "text": i.text,
                "position": i.position,
                "things": [_match(m) for m in i.things],
                "recognised": i.recognised,
                "late": label.late(i),
            }
            for i in label.ingredients
        ],
        "things": [_match(m) for m in label.things],
        "unrecognised": [i.text for i in label.unrecognised],
        "verdict": verdict and verdict_data(verdict, zone),
    }


def shelf_data(standing: "Iterable[OnShelf]", zone: "tzinfo") -> "dict[str, Any]":
    """Return products with the verdict on each."""
    return {
        "products": [
            {
                "id": item.product.id,
                "name": item.product.name,
                "has_label": item.label is not None,
                "verdict": verdict_data(item.verdict, zone),
            }
            for item in standing
        ]
    }


def plan_data(plan: "Plan", zone: "tzinfo") -> "dict[str, Any]":
    """Return a plan, of one treatment or merged; `rules` is that of the latest treatment."""
    from aftercare.core.care import daily_care

    books = {book.sha256: book for book in plan.rulebooks}
    rules = [{f: getattr(b, f) for f in ("title", "version", "sha256")} for b in books.values()]
    return {
        "treatments": [
            {**_treatment(t, zone), "title": protocol.title, "rules": book.sha256}
            for t, protocol, book in zip(
                plan.treatments, plan.protocols, plan.rulebooks, strict=True
            )
        ],
        "rules": rules[-1],
        "all_rules": rules,
        "restrictions": [
            {
                "thing": r.thing,
                "title": r.title,
                "starts": iso(r.starts, zone),
                "ends": iso(r.ends, zone),
                "usual_ends": iso(r.usual_ends, zone),
                "why": r.rule.why,
                "note": r.rule.note,
                "sources": _sources(r.rule.sources),
                "decided_by": r.decided_by,
                "treatment": r.treatment.id,
                "open_facts": list(r.open_facts),
                "override": _override(r.override),
            }
            for r in plan.restrictions
        ],
        "care": [
            {
                "thing": c.rule.thing,
                "title": c.rule.title,
                "every": "day",
                "at": c.at and f"{c.at:%H:%M}",
                "first_day": c.first_day.isoformat(),
                "last_day": c.last_day.isoformat(),
                "why": c.rule.why,
                "note": c.rule.note,
                "sources": _sources(c.rule.sources),
            }
            for c in daily_care(plan, zone)
        ],
        "allow": [
            {
                "thing": a.thing,
                "title": a.title,
                "why": a.why,
                "note": a.note,
                "sources": _sources(a.sources),
            }
            for a in allowed(plan)
        ],
        "next_session": iso(plan.next_session, zone),
        **{
            kind: [_statement(s) for s in plan.statements(kind)]
            for kind in ("call", "urgent", "ask_first", "notes")
        },
    }


def _treatment(t: "Treatment", zone: "tzinfo") -> "dict[str, Any]":
    return {
        "id": t.id,
        "kind": t.kind,
        "person": t.person,
        "treated_at": iso(t.treated_at, zone),
        "zone": t.zone,
        "facts": dict(t.facts),
        "overrides": [_override(o) for o in t.overrides],
    }


def history_data(treatments: "Iterable[Treatment]", zone: "tzinfo") -> "dict[str, Any]":
    """Return recorded treatments."""
    return {"treatments": [_treatment(t, zone) for t in treatments]}


def _statement(statement: "Statement") -> "dict[str, Any]":
    return {"text": statement.text, "sources": _sources(statement.sources)}


def outlook_data(outlook: "Outlook", zone: "tzinfo") -> "dict[str, Any]":
    """Return what holds at a moment."""

    def windows(restrictions: "Iterable[Any]") -> "list[dict[str, Any]]":
        return [
            {
                "thing": r.thing,
                "title": r.title,
                "starts": iso(r.starts, zone),
                "ends": iso(r.ends, zone),
                "usual_ends": iso(r.usual_ends, zone),
                "override": _override(r.override),
            }
            for r in restrictions
        ]

    next_lift: datetime | None = outlook.next_lift
    return {
        "at": iso(outlook.at, zone),
        "off_limits": windows(outlook.off_limits),
        "better_wait": windows(outlook.better_wait),
        "to_come": windows(outlook.to_come),
        "today": [
            {"thing": c.rule.thing, "title": c.rule.title, "at": c.at and f"{c.at:%H:%M}"}
            for c in outlook.today
        ],
        "next_lift": iso(next_lift, zone),
    }
