"""``aftercare now``: what holds at this moment."""

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import Json, Person, Zone
from aftercare.core.outlook import outlook

app = typer.Typer()


@app.command()
def now(person: Person = "", zone: Zone = None, json: Json = False) -> None:
    """Show what is off limits now, what is better to wait with, what to do today."""
    context = Context(zone)
    today = context.now.astimezone(context.zone).date()
    state = outlook(context.recorded(person, context.now), context.now, today)
    if json:
        from aftercare.outputs.machine import outlook_data, to_json

        show.show(to_json(outlook_data(state, context.zone)))
        return
    from aftercare.outputs.screens import outlook_screen

    show.show_lines(outlook_screen(state, context.zone, context.now, show.sheet()))
