"""What changed from one rulebook to another, and for one treatment, in words and for JSON."""

from aftercare.outputs.phrases import instant
from aftercare.outputs.sheet import Sheet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any
    from zoneinfo import ZoneInfo

    from rich.text import Text

    from aftercare.core.changes import Change
    from aftercare.core.model import Plan

#: Longer texts are told cut; the rule files have them whole.
LONGEST = 160


def changes_screen(changes: "Iterable[Change]", sheet: Sheet) -> "list[Text]":
    """Return the changes under a heading for each treatment, a line each."""
    arrow = "->" if sheet.plain else "→"
    where = None
    for change in changes:
        if change.where != where:
            where = change.where
            sheet.heading(where or "For all treatments")
        sheet.bullet(_words(change, arrow))
    return sheet.lines


def _words(change: "Change", arrow: str) -> str:
    """``retinoids: 48h → 5d``, ``allow peptides: removed (…)``."""
    name = change.rule.removeprefix("avoid ")
    if change.what not in ("", "for"):
        name = f"{name}, {change.what}"
    before, after = _cut(change.before), _cut(change.after)
    if not change.before:
        return f"{name}: added ({after})"
    if not change.after:
        return f"{name}: removed ({before})"
    return f"{name}: {before} {arrow} {after}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def changes_data(changes: "Iterable[Change]") -> "dict[str, Any]":
    """Return the changes; before or after is null where the value was added or removed."""
    return {
        "changes": [
            {
                "treatment": change.where or None,
                "rule": change.rule,
                "value": change.what or None,
                "before": change.before or None,
                "after": change.after or None,
            }
            for change in changes
        ]
    }


def moved_screen(
    before: "Plan", after: "Plan", zone: "ZoneInfo", now: "datetime", sheet: Sheet
) -> "list[Text]":
    """Return what moves for one treatment: each end that is another than it was."""
    arrow = "->" if sheet.plain else "→"
    old = {r.thing: r for r in before.restrictions}
    new = {r.thing: r for r in after.restrictions}
    lines = [
        f"{r.title}: off limits until {instant(r.ends, zone, now=now)} (new)"
        for thing, r in new.items()
        if thing not in old
    ]
    for thing, was in old.items():
        if thing not in new:
            lines.append(f"{was.title}: no longer in the rules")
            continue
        then = new[thing]
        for what, one, other in (
            ("until", was.ends, then.ends),
            ("better wait until", was.usual_ends, then.usual_ends),
        ):
            if one != other:
                moved = f"{instant(one, zone, now=now)} {arrow} {instant(other, zone, now=now)}"
                lines.append(f"{was.title}, {what}: {moved}")
    sheet.heading("For this treatment")
    for line in lines or ["No end moves."]:
        sheet.bullet(line)
    return sheet.lines
