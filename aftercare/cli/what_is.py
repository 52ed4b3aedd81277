"""``aftercare what-is``: what a name was understood as, and why."""

from typing import Annotated

import typer

from aftercare.cli import offers, show
from aftercare.cli.context import Context
from aftercare.cli.options import Json, Rules, offer
from aftercare.core.recognition import recognise

app = typer.Typer(add_completion=False)


@app.command()
def what_is(
    item: Annotated[
        list[str],
        typer.Argument(
            metavar="ITEM...",
            help="Retnol, tret, BHA …",
            autocompletion=offer(offers.items, "item"),
        ),
    ],
    rules: Rules = None,
    json: Json = False,
) -> None:
    """Show what an item is taken as. Exit code: 0 recognised, 3 unknown."""
    lexicon = Context(rules=rules).rulebook.lexicon
    recognition = recognise(" ".join(item), lexicon)
    if json:
        from aftercare.outputs.machine import recognition_data, to_json

        show.show(to_json(recognition_data(recognition, lexicon)))
    else:
        from aftercare.outputs.answer import recognition_text

        show.answer(lambda width: recognition_text(recognition, lexicon, width))
    raise typer.Exit(0 if recognition.things else 3)
