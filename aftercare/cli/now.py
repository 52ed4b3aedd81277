"""``aftercare now``: what holds at this moment."""

from typing import Annotated

import typer

from aftercare.cli import answers, show
from aftercare.cli.context import Context
from aftercare.cli.options import Json, Person, Plain, Zone
from aftercare.core.outlook import outlook

app = typer.Typer(add_completion=False)


@app.command()
def now(
    person: Person = "",
    zone: Zone = None,
    short: Annotated[
        bool, typer.Option("--short", help="One line for a prompt; empty when all is free.")
    ] = False,
    plain: Plain = False,
    json: Json = False,
) -> None:
    """Show what is off limits now, what is better to wait with, what to do today."""
    if short:
        raise typer.Exit(answers.now_short(Context(zone), person=person, json=json))
    context = Context(zone, labels=True)
    plans = context.recorded(person, context.now)
    state = outlook(plans, context.now, context.zone)
    standing = context.shelf(person, plans)
    if json:
        from aftercare.outputs.machine import outlook_data, shelf_data, to_json

        show.show(
            to_json({**outlook_data(state, context.zone), **shelf_data(standing, context.zone)})
        )
        return
    from aftercare.outputs.screens import outlook_screen, shelf_screen

    sheet = show.sheet(plain)
    outlook_screen(state, context.zone, context.now, sheet)
    show.show_lines(shelf_screen(standing, context.zone, context.now, sheet))
