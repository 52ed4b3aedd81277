"""``aftercare shelf``: one's own products, and when each is free."""

from typing import Annotated

import typer

from aftercare.cli import offers, show
from aftercare.cli.context import Context, label_of
from aftercare.cli.label import LabelText
from aftercare.cli.options import Json, Person, Zone, offer
from aftercare.errors import InputError

app = typer.Typer(
    add_completion=False, help="Your own products, and when each is free.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What you call it.")]


@app.command()
def add(
    name: Name,
    label: Annotated[
        str | None,
        typer.Option(
            "--label",
            metavar="FILE",
            help="Its ingredients; - for stdin.",
            autocompletion=offer(offers.files),
        ),
    ] = None,
    text: LabelText = None,
    person: Person = "",
) -> None:
    """Put a product on the shelf, with its label or just by its name."""
    if not name.strip():
        raise InputError("a product needs a name", 'aftercare shelf add "Night serum"')
    printed = label_of(label, text) if label or text is not None else ""
    id, new = Context().store.put_on_shelf(person, " ".join(name.split()), printed)
    what = "On the shelf" if new else "On the shelf already; its label was replaced"
    show.say(f"{what}: {name} (product {id}). To undo: aftercare shelf remove {id}")


@app.command("list")
def list_(person: Person = "", zone: Zone = None, json: Json = False) -> None:
    """List the products: free, or what each must wait for."""
    context = Context(zone, labels=True)
    plans = context.recorded(person, context.now)
    standing = context.shelf(person, plans)
    if not standing:
        raise InputError("the shelf is empty", 'aftercare shelf add "Night serum" --label FILE')
    if json:
        from aftercare.outputs.machine import shelf_data, to_json

        show.show(to_json(shelf_data(standing, context.zone)))
        return
    from aftercare.outputs.screens import shelf_screen

    show.show_lines(shelf_screen(standing, context.zone, context.now, show.sheet()))


@app.command()
def remove(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="What you call it.", autocompletion=offer(offers.products)
        ),
    ],
    person: Person = "",
) -> None:
    """Take a product off the shelf, by its name or number."""
    product = Context().store.take_from_shelf(person, name)
    show.say(f"Took off the shelf: {product.name}")
