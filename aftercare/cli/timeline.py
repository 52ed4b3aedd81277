"""``aftercare timeline``: the picture of what is recorded, once or live."""

import sys
from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.live import live
from aftercare.cli.options import Person, Plain, Zone
from aftercare.core.schedule import merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.text import Text

app = typer.Typer(add_completion=False)

#: Seconds from one look at the clock and the record to the next.
REFRESH = 2


@app.command()
def timeline(
    person: Person = "",
    zone: Zone = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay and move with the clock; Ctrl-C ends it.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Show the picture alone: a bar for each thing, over days."""
    lines = _lines(person, zone, plain, open_only=watch)
    if not (watch and sys.stdout.isatty()):
        show.show_lines(lines)
        return
    import signal
    import time

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with live() as draw:
            while True:
                draw(lines)
                time.sleep(REFRESH)
                lines = _lines(person, zone, plain, open_only=True)
    except KeyboardInterrupt:
        return


def _lines(person: str, zone: "str | None", plain: bool, *, open_only: bool) -> "list[Text]":
    from aftercare.outputs.screens import timeline_screen

    context = Context(zone)
    plans = context.recorded(person, context.now)
    plan = merge(plans, context.now)
    return timeline_screen(plan, context.zone, context.now, show.sheet(plain), open_only=open_only)
