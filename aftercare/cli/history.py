"""``aftercare history``: the treatments that are recorded."""

from typing import Annotated

import typer

from aftercare.cli import offers, show
from aftercare.cli.context import Context, treatment_of
from aftercare.cli.options import Json, Zone, offer

app = typer.Typer(add_completion=False)


@app.command()
def history(
    person: Annotated[
        str | None,
        typer.Option(
            "--person",
            metavar="NAME",
            help="Only theirs; else everyone's.",
            autocompletion=offer(offers.people),
        ),
    ] = None,
    zone: Zone = None,
    json: Json = False,
) -> None:
    """List recorded treatments, latest first, each with its number."""
    context = Context(zone)
    records = context.store.history(person)
    if not records:
        raise context.nothing(person or "")
    treatments = [treatment_of(record) for record in records]
    if json:
        from aftercare.outputs.machine import history_data, to_json

        show.show(to_json(history_data(treatments, context.zone)))
        return
    from aftercare.outputs.screens import history_screen

    show.show_lines(history_screen(treatments, context.now, show.sheet()))
