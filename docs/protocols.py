"""Makes protocols.md from rules.yaml: ``python docs/protocols.py``, with ``--check`` only compares.

For each rule what it asks, and what its sources print: how many, and from which to which.
"""

import json
import sys
from pathlib import Path
from typing import Any

from aftercare.core.document import rulebook_from
from aftercare.core.spans import parse_span
from aftercare.rulebook import load_document, load_vocabulary

HERE = Path(__file__).parent
TARGET = HERE / "protocols.md"

HEAD = """\
# The treatments, and where their figures come from

Made from `rules.yaml` by `python docs/protocols.py`. *Minimum* is what a rule asks; *usual* is what
most published advice waits, where that is longer. *Sources* counts those that print a figure, and
*range* runs from the lowest to the highest figure that any of them prints. A rule without such a
source says in its note how its time was chosen: `aftercare rules show THING`. Most sources are
private clinics. This is no medical advice.
"""


def made() -> str:
    """Return the text of the page."""
    document = load_document()
    book = rulebook_from(document, load_vocabulary())
    parts = [HEAD]
    for id, protocol in book.protocols.items():
        data = json.loads(document["treatments"][id])
        parts.append(f"## {protocol.title} (`{id}`)\n")
        parts.append("| avoid | minimum | usual | sources | range |\n|---|---|---|---|---|")
        for rule in protocol.avoid:
            longer = [f"{line.span} if {line}" for line in rule.longer]
            minimum = "; ".join([str(rule.span), *longer])
            parts.append(row(rule.title, minimum, str(rule.usual or ""), data["avoid"][rule.thing]))
        if protocol.care:
            parts.append("\n| every day | for | from | sources | range |\n|---|---|---|---|---|")
            for care in protocol.care:
                start = str(care.start or "")
                parts.append(row(care.title, f"{care.days}d", start, data["care"][care.thing]))
        if protocol.allow:
            parts.append(f"\nAllowed from the start: {', '.join(a.title for a in protocol.allow)}.")
        parts.append("\nCall the clinic for:\n")
        parts += [f"- {sign.text}" for sign in protocol.call]
        parts.append("\nEmergency:\n")
        parts += [f"- {sign.text}" for sign in protocol.urgent]
        parts.append("")
    return "\n".join(parts)


def row(title: str, minimum: str, usual: str, rule: "dict[str, Any]") -> str:
    """One line of a table."""
    figures: dict[str, str] = rule.get("figures") or {}
    ends = [end for text in figures.values() for end in text.split("-")]
    ends.sort(key=hours)
    spread = (
        ""
        if not ends
        else ends[0]
        if hours(ends[0]) == hours(ends[-1])
        else (f"{ends[0]} to {ends[-1]}")
    )
    return f"| {title} | {minimum} | {usual} | {len(figures) or ''} | {spread} |"


def hours(text: str) -> int:
    """Return the nominal hours of a length of time."""
    span = parse_span(text)
    return span.hours if span.hours is not None else (span.days or 0) * 24


if __name__ == "__main__":
    text = made()
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
