"""A plan, the state of things now, and the history as a person reads them in a terminal."""

from datetime import datetime

from aftercare.core.care import daily_care
from aftercare.core.model import zone_of
from aftercare.core.verdict import No, Unknown, Yes, allowed, answer_on, leaves_ends_open
from aftercare.outputs.phrases import (
    clock,
    day,
    from_now,
    instant,
    length,
    names,
    offset_name,
    override,
)
from aftercare.outputs.phrases import facts as facts_of
from aftercare.outputs.sheet import Sheet
from aftercare.outputs.timeline import timeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from rich.text import Text

    from aftercare.core.conditions import FactType, FactValue
    from aftercare.core.model import CareDays, Plan, Restriction, Treatment
    from aftercare.core.outlook import Outlook
    from aftercare.core.shelf import OnShelf
    from aftercare.core.verdict import Verdict

#: Said where the end of a restriction brings no yes.
OVERLAP = (
    "Where treatments overlap, an end is not always a yes: as long as one of them is not over,"
    " what its rules do not mention stays open. Ask your clinic."
)

DISCLAIMER = "This is no medical advice. When in doubt, call your clinic."


def plan_screen(plan: "Plan", zone: "ZoneInfo", now: datetime, sheet: Sheet) -> "list[Text]":
    """Return a plan: treatments, restrictions, picture, care, signs, and where it comes from."""
    for treatment, protocol in zip(plan.treatments, plan.protocols, strict=True):
        sheet.paragraph(protocol.title, style="bold")
        sheet.paragraph(treatment_line(treatment, now), indent=2, hang=2)
        if treatment.facts:
            sheet.paragraph(f"Facts: {facts_of(treatment.facts)}", indent=2, hang=2)
        _overrides(treatment, sheet, indent=2)
    by_end = sorted(plan.restrictions, key=lambda r: (r.ends, r.usual_ends, r.title))
    restrictions = sorted(by_end, key=lambda r: r.ends <= now)  # what is over already comes last
    if restrictions:
        sheet.heading(f"Off limits (times in {zone.key})")
        _restrictions(restrictions, plan, zone, now, sheet)
        if leaves_ends_open(plan):
            sheet.paragraph(OVERLAP, style="bold")
        if not sheet.words:
            sheet.blank()
            _picture(restrictions, zone, now, sheet)
    care = daily_care(plan, zone)
    if care:
        sheet.heading("Every day (at the clock of wherever you are)")
        for days in care:
            _care(days, sheet)
    if plan.next_session:
        when = instant(plan.next_session, zone, now=now)
        sheet.heading(f"Next session: not before {when}")
    free = allowed(plan)
    if free:
        sheet.heading("Allowed from the start")
        for rule in free:
            sheet.bullet(rule.title)
    for kind, title, style in (
        ("urgent", "Emergency: call the emergency number at once", "bold red"),
        ("call", "Call the clinic", "bold"),
        ("ask_first", "Ask a doctor first", "bold"),
        ("notes", "Good to know", "bold"),
    ):
        statements = plan.statements(kind)
        if statements:
            sheet.heading(title)
            sheet.lines[-1].stylize(style)
            for statement in statements:
                sheet.bullet(statement.text)
    sheet.blank()
    for book in {b.sha256: b for b in plan.rulebooks}.values():
        reviewed = f", reviewed {book.reviewed}" if book.reviewed else ""
        sheet.paragraph(f"Rules: {book.title}, version {book.version}{reviewed}.", style="dim")
    sheet.paragraph("Notes and sources: aftercare can-i THING, aftercare rules show THING.")
    sheet.paragraph(DISCLAIMER, style="dim")
    return sheet.lines


def _overrides(treatment: "Treatment", sheet: Sheet, indent: int) -> None:
    """What was set for a treatment beside the rules, also where a rule asks for more by now."""
    for given in treatment.overrides:
        text = f"Override: {given.thing}={given.span}, because: {given.because}"
        sheet.paragraph(text, indent=indent, hang=2)


def timeline_screen(
    plan: "Plan", zone: "ZoneInfo", now: datetime, sheet: Sheet, *, open_only: bool = False
) -> "list[Text]":
    """Return the picture alone; in words, a sentence for each bar. `open_only`: what is not over.

    What lifts next comes first, what is over already last.
    """
    by_end = sorted(plan.restrictions, key=lambda r: (r.ends, r.usual_ends, r.title))
    by_end.sort(key=lambda r: (r.ends <= now, r.usual_ends <= now))
    shown = [r for r in by_end if not open_only or now < r.usual_ends]
    for treatment, protocol in zip(plan.treatments, plan.protocols, strict=True):
        sheet.paragraph(f"{protocol.title}, {treatment_line(treatment, now)}", hang=2)
        _overrides(treatment, sheet, indent=2)
    still = [r for r in shown if r.starts <= now < r.ends]
    if still:
        lifting = [r.title for r in still if r.ends == still[0].ends]
        if len(lifting) > 4:
            lifting[3:] = [f"{len(lifting) - 3} more"]
        until = f"{instant(still[0].ends, zone, now=now)}, {from_now(still[0].ends, now)}"
        sheet.paragraph(f"Next to lift: {names(lifting)}: {until}", hang=2, style="bold")
    else:
        sheet.paragraph("Nothing in your rules is off limits now", style="bold")
    sheet.blank()
    if not sheet.words:
        _picture(shown, zone, now, sheet)
        sheet.paragraph(f"Times in {zone.key}.", style="dim")
        return sheet.lines
    for r in shown:
        sheet.paragraph(f"{r.title}: {_told(r, plan, zone, now)}")
    sheet.paragraph(f"Times in {zone.key}.")
    return sheet.lines


def _picture(
    restrictions: "Sequence[Restriction]", zone: "ZoneInfo", now: datetime, sheet: Sheet
) -> None:
    for line in timeline(restrictions, now, zone, sheet.width, plain=sheet.plain):
        sheet.row(line)


def _ended(r: "Restriction", plan: "Plan", now: datetime) -> "tuple[str, str, str]":
    """What is true of a thing whose own restriction is over: a word, a phrase and its style."""
    verdict = answer_on(r.thing, plan, now)
    if isinstance(verdict, Yes):
        return "free", "free since", "green"
    if isinstance(verdict, No):
        return "not yet", "forbidden by another rule; this one ended", "bold red"
    return "ask", "left open by another treatment, ask your clinic; this rule ended", "yellow"


def _told(r: "Restriction", plan: "Plan", zone: "ZoneInfo", now: datetime) -> str:
    """``off limits until …, 4 h from now; better wait until …``, or since when it is free."""
    until = instant(r.ends, zone, now=now)
    told = f"{_ended(r, plan, now)[1]} {until}" if r.ends <= now else ""
    if now < r.starts:
        told = f"off limits from {instant(r.starts, zone, now=now)} until {until}"
    elif now < r.ends:
        told = f"off limits until {until}, {from_now(r.ends, now)}"
    if r.usual_ends > max(r.ends, now):
        told += f"; better wait until {instant(r.usual_ends, zone, now=now)}"
    return told


def treatment_line(treatment: "Treatment", now: datetime) -> str:
    """``Sun 22 Nov 2026, 15:00 GMT, Europe/London, 20 h ago``."""
    own = zone_of(treatment.zone)
    local = treatment.treated_at.astimezone(own)
    text = f"{day(local.date(), year=True)}, {clock(local)} {offset_name(local)}, {treatment.zone}"
    text += f", {from_now(treatment.treated_at, now)}"
    if treatment.person:
        text += f", for {treatment.person}"
    return text if treatment.id is None else f"{text} (treatment {treatment.id})"


def _restrictions(
    restrictions: "Sequence[Restriction]",
    plan: "Plan",
    zone: "ZoneInfo",
    now: datetime,
    sheet: Sheet,
) -> None:
    cells: list[tuple[str, str]]
    widths = [min(max(len(r.title) for r in restrictions), sheet.width - 56), 18, 14]
    if not sheet.narrow:
        cells = [(t, "dim") for t in ("What", "Until", "From now", "Better wait until")]
        sheet.columns(cells, widths)
    for r in restrictions:
        until = instant(r.ends, zone, now=now)
        usual = instant(r.usual_ends, zone, now=now) if r.usual_ends > r.ends else ""
        left, said, style = length(r.ends - now), "", "bold red"
        if r.ends <= now:
            left, said, style = _ended(r, plan, now)
        if sheet.words:
            sheet.paragraph(f"{r.title}: {_told(r, plan, zone, now)}")
        elif sheet.narrow:
            sheet.paragraph(r.title, style=style)
            when = f"{said} {until}" if said else f"until {until} ({left})"
            sheet.paragraph(when, indent=2, hang=2)
            if usual:
                sheet.paragraph(f"better wait until {usual}", indent=2, hang=2)
        else:
            cells = [(r.title, style), (until, ""), (left, ""), (usual, "yellow")]
            sheet.columns(cells, widths)
        sheet.paragraph(r.rule.why, indent=2, hang=0, style="dim")
        if r.override:
            sheet.paragraph(override(r.override), indent=2, style="bold")
        elif " if " in r.decided_by:
            sheet.paragraph(f"Longer because {r.decided_by.partition(' if ')[2]}.", indent=2)
        if len(plan.treatments) > 1:
            number = f"treatment {r.treatment.id}" if r.treatment.id else r.treatment.kind
            sheet.paragraph(f"Decided by {r.decided_by}, {number}.", indent=2, style="dim")
        if r.open_facts:
            facts = names(list(r.open_facts))
            sheet.paragraph(
                f"Not known: {facts}; it could make this longer.", indent=2, style="dim"
            )


def _care(days: "CareDays", sheet: Sheet) -> None:
    at = f" at {days.at:%H:%M}" if days.at else ""
    first, last = day(days.first_day), day(days.last_day)
    sheet.paragraph(f"{days.rule.title}{at}, {first} to {last}", indent=2, hang=2)
    if days.rule.why:
        sheet.paragraph(days.rule.why, indent=4, style="dim")


def outlook_screen(
    outlook: "Outlook", zone: "ZoneInfo", now: datetime, sheet: Sheet
) -> "list[Text]":
    """Return the state now: off limits, better to wait, do today, what lifts next."""
    if outlook.off_limits:
        sheet.heading("Off limits now")
        for r in outlook.off_limits:
            _countdown(r, r.ends, "bold red", zone, now, sheet)
    else:
        sheet.heading("Nothing in your rules is off limits now")
    if outlook.better_wait:
        sheet.heading("Allowed, but most published advice waits")
        for r in outlook.better_wait:
            _countdown(r, r.usual_ends, "yellow", zone, now, sheet)
    if outlook.today:
        sheet.heading("Do today")
        for care in outlook.today:
            at = f"{care.at:%H:%M}{',' if sheet.words else ' '} " if care.at else ""
            sheet.paragraph(f"{at}{care.rule.title}", indent=2, hang=2)
    if outlook.to_come:
        starts = min(r.starts for r in outlook.to_come)
        sheet.heading("To come")
        sheet.paragraph(f"New restrictions begin {instant(starts, zone, now=now)}.", indent=2)
    if outlook.next_lift:
        lifting = [r.title for r in outlook.off_limits if r.ends == outlook.next_lift]
        sheet.heading(f"Next: {from_now(outlook.next_lift, now)}")
        until = instant(outlook.next_lift, zone, now=now)
        sheet.paragraph(f"{names(lifting)}, {until}", indent=2, hang=2)
    sheet.blank()
    sheet.paragraph(f"Times in {zone.key}. {DISCLAIMER}", style="dim")
    return sheet.lines


def _countdown(
    r: "Restriction", ends: datetime, style: str, zone: "ZoneInfo", now: datetime, sheet: Sheet
) -> None:
    until = instant(ends, zone, now=now)
    if sheet.words:
        sheet.paragraph(f"{r.title}: {length(ends - now)}, until {until}")
    elif sheet.narrow:
        sheet.paragraph(r.title, indent=2, hang=2, style=style)
        sheet.paragraph(f"{length(ends - now)}, until {until}", indent=4)
    else:
        cells = [(r.title, style), (length(ends - now), ""), (f"until {until}", "")]
        sheet.columns(cells, [sheet.width - 46, 14], indent=2)
    if r.override:
        sheet.paragraph(override(r.override), indent=4, style="dim")


def shelf_screen(
    standing: "Sequence[OnShelf]", zone: "ZoneInfo", now: datetime, sheet: Sheet
) -> "list[Text]":
    """Return one's own products, each free, to wait for, or not known."""
    if standing:
        sheet.heading("Your shelf")
    for item in standing:
        style, text = _on_shelf(item.verdict, zone, now)
        if item.label is not None and not item.label.is_list:
            text += "; its label could not be read as a list"
        if sheet.words:
            sheet.paragraph(f"{item.product.name}: {text}")
            continue
        sheet.paragraph(item.product.name, indent=2, hang=2, style=style)
        sheet.paragraph(text, indent=4)
    return sheet.lines


def _on_shelf(verdict: "Verdict", zone: "ZoneInfo", now: datetime) -> "tuple[str, str]":
    match verdict:
        case No(until=until):
            why = names(list(dict.fromkeys(r.title for r in verdict.because)))
            when = f"{instant(until, zone, now=now)}, {from_now(until, now)}"
            return "bold red", f"wait until {when}: {why}"
        case Yes(better_wait_until=better) if better:
            return "yellow", f"free; most advice waits until {instant(better, zone, now=now)}"
        case Yes():
            return "green", "free"
        case Unknown(reason="nothing-restricted"):
            return "green", "nothing restricted was found on its label"
        case Unknown():
            return "", "not known: read its label, or ask your clinic"


def history_screen(treatments: "Iterable[Treatment]", now: datetime, sheet: Sheet) -> "list[Text]":
    """Return recorded treatments in the order given, each with its number."""
    for t in treatments:
        sheet.paragraph(f"{t.id}  {t.kind}", style="bold")
        sheet.paragraph(treatment_line(t.replace(id=None), now), indent=3)
        if t.facts:
            sheet.paragraph(f"Facts: {facts_of(t.facts)}", indent=3)
        _overrides(t, sheet, indent=3)
    return sheet.lines


def facts_screen(
    kept: "Mapping[str, FactValue]", declared: "Iterable[FactType]", sheet: Sheet
) -> "list[Text]":
    """Return the facts that are kept, and those that could be."""
    for fact in declared:
        value = (
            facts_of({fact.name: kept[fact.name]})
            if fact.name in kept
            else f"{fact.name}: not given"
        )
        sheet.paragraph(value, style="bold" if fact.name in kept else "")
        sheet.paragraph(f"{fact.ask}: {fact.describe()}", indent=2, style="dim")
    unused = {name: value for name, value in kept.items() if name not in {f.name for f in declared}}
    if unused:
        sheet.paragraph(f"Kept, but unknown to these rules: {facts_of(unused)}")
    return sheet.lines
