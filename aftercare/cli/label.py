"""``aftercare label``: read an ingredient list and say what it means for a treatment."""

from typing import Annotated

import typer

from aftercare.cli import answers, offers
from aftercare.cli.context import Context
from aftercare.cli.options import At, Json, Person, Plain, Rules, Zone, offer

app = typer.Typer(add_completion=False)

LabelFile = Annotated[
    str | None,
    typer.Argument(
        metavar="[FILE]",
        help="A text file; - for standard input.",
        autocompletion=offer(offers.files),
    ),
]
LabelText = Annotated[
    str | None, typer.Option("--text", metavar="TEXT", help="The label's text itself.")
]


@app.command()
def label(
    file: LabelFile = None,
    text: LabelText = None,
    at: At = None,
    person: Person = "",
    rules: Rules = None,
    zone: Zone = None,
    plain: Plain = False,
    json: Json = False,
) -> None:
    """Read a label. Exit code: 1 holds something off limits, 3 not for certain, 4 no treatment."""
    context = Context(zone, rules, labels=True)
    raise typer.Exit(
        answers.label(context, file, text=text, at=at, person=person, plain=plain, json=json)
    )
