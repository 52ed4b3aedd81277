"""Makes docs/plan.svg: a plan as a terminal shows it. Run it after a change of the output."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

import aftercare
from aftercare.outputs.screens import plan_screen
from aftercare.outputs.sheet import Sheet

WIDTH = 92

ZONE = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
DONE = datetime(2026, 11, 22, 15, tzinfo=ZONE)

treatment = aftercare.Treatment("microneedling", DONE, facts={"depth_mm": 0.5}, id=1)
plan = aftercare.plan(treatment, aftercare.load_rules())
lines = plan_screen(plan, ZONE, NOW, Sheet(WIDTH))
console = Console(width=WIDTH + 1, record=True, file=StringIO(), force_terminal=True)
end = next(n for n, line in enumerate(lines) if line.plain.startswith("Every day"))
for line in lines[:end]:  # the table and the timeline; the rest is text
    console.print(line)
svg = console.export_svg(title='aftercare plan --treated-at "yesterday 3pm" --fact depth_mm=0.5')
Path(__file__).with_name("plan.svg").write_text(svg, encoding="utf-8")
