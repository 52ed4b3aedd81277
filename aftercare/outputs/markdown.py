"""A plan as Markdown: CommonMark with GitHub's tables. Every foreign text stays text."""

import re

from aftercare.core.care import daily_care
from aftercare.core.verdict import allowed, leaves_ends_open
from aftercare.outputs.phrases import clean, day, instant, names, override
from aftercare.outputs.phrases import facts as facts_of
from aftercare.outputs.screens import DISCLAIMER, OVERLAP, treatment_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from aftercare.core.model import Plan, Restriction, Source

_SPECIAL = re.compile(r"([\\`*_\[\]<>&|#~$])")
_LEADING = re.compile(r"(\d*)([-+=.)])")

_STATEMENTS = (
    ("urgent", "Emergency: call the emergency number at once"),
    ("call", "Call the clinic"),
    ("ask_first", "Ask a doctor first"),
    ("notes", "Good to know"),
)


def plan_markdown(plan: "Plan", zone: "ZoneInfo", now: "datetime") -> str:
    """Return the whole plan; instants in `zone`, nothing counted from `now` but the year."""
    parts: list[str] = []
    for treatment, protocol in zip(plan.treatments, plan.protocols, strict=True):
        parts.append(f"# {escaped(protocol.title)}")
        parts.append(escaped(treatment_line(treatment, now)))
        told = [f"Facts: {facts_of(treatment.facts)}"] if treatment.facts else []
        told += [f"{given.thing}={given.span}: {override(given)}" for given in treatment.overrides]
        if told:
            parts.append(_list(told))
    if plan.restrictions:
        parts.append(f"## Off limits (times in {escaped(zone.key)})")
        parts.append(_table(plan.restrictions, zone, now))
        parts += [OVERLAP] if leaves_ends_open(plan) else []
    daily = daily_care(plan, zone)
    if daily:
        parts.append("## Every day (at the clock of wherever you are)")
        care = []
        for days in daily:
            at = f" at {days.at:%H:%M}" if days.at else ""
            span = f"{day(days.first_day)} to {day(days.last_day)}"
            care.append(f"{days.rule.title}{at}, {span}. {days.rule.why}")
        parts.append(_list(care))
    if plan.next_session:
        parts.append(f"## Next session: not before {instant(plan.next_session, zone, now=now)}")
    free = allowed(plan)
    if free:
        parts += ["## Allowed from the start", _list([rule.title for rule in free])]
    for kind, title in _STATEMENTS:
        statements = plan.statements(kind)
        if statements:
            parts += [f"## {title}", _list([s.text for s in statements])]
    sources = list(dict.fromkeys(s for r in plan.restrictions for s in r.rule.sources))
    if sources:
        parts += ["## Sources", "\n".join(f"- {_source(s)}" for s in sources)]
    books = {b.sha256: b for b in plan.rulebooks}.values()
    made = [f"Rules: {escaped(b.title)}, version {escaped(b.version)}." for b in books]
    return "\n\n".join([*parts, "---", *made, DISCLAIMER])


def _table(restrictions: "tuple[Restriction, ...]", zone: "ZoneInfo", now: "datetime") -> str:
    rows = ["| What | Until | Better wait until | Why |", "|---|---|---|---|"]
    for r in sorted(restrictions, key=lambda r: (r.ends, r.usual_ends, r.title)):
        usual = instant(r.usual_ends, zone, now=now) if r.usual_ends > r.ends else ""
        why = r.rule.why
        if r.override:
            why += f" {override(r.override)}"
        elif " if " in r.decided_by:
            why += f" Longer because {r.decided_by.partition(' if ')[2]}."
        if r.open_facts:
            why += f" Not known: {names(list(r.open_facts))}; it could make this longer."
        cells = map(escaped, (r.title, instant(r.ends, zone, now=now), usual, why))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _list(texts: "list[str]") -> str:
    return "\n".join(f"- {escaped(text)}" for text in texts)


def _source(source: "Source") -> str:
    """The source, with a link where its address is one of the web and nothing else."""
    told = escaped(str(source))
    if re.fullmatch(r"https?://[^\s<>\\]+", source.url) and clean(source.url) == source.url:
        return f"{told}: <{source.url}>"
    return f"{told}: {escaped(source.url)}" if source.url else told


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, also at the beginning of a line."""
    text = _SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))
    return _LEADING.sub(r"\1\\\2", text, count=1) if _LEADING.match(text) else text
