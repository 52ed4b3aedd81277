"""``aftercare can-i``: the verdict on one thing."""

from typing import Annotated

import typer

from aftercare.cli import answers, offers
from aftercare.cli.context import Context
from aftercare.cli.options import (
    At,
    Facts,
    Json,
    Kind,
    Person,
    Plain,
    Rules,
    TreatedAt,
    Zone,
    offer,
)

app = typer.Typer(add_completion=False)


@app.command()
def can_i(
    item: Annotated[
        list[str],
        typer.Argument(
            metavar="ITEM...",
            help="Retinol, go for a run …",
            autocompletion=offer(offers.items, "item"),
        ),
    ],
    at: At = None,
    treated_at: TreatedAt = None,
    treatment: Kind = None,
    fact: Facts = None,
    person: Person = "",
    rules: Rules = None,
    zone: Zone = None,
    plain: Plain = False,
    json: Json = False,
) -> None:
    """Answer whether something is permitted now. Exit code: 0 yes, 1 no, 3 unknown."""
    code = answers.can_i(
        Context(zone, rules),
        item,
        at=at,
        treated_at=treated_at,
        treatment=treatment,
        facts=fact,
        person=person,
        plain=plain,
        json=json,
    )
    raise typer.Exit(code)
