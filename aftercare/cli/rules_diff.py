"""``aftercare rules diff``: what changed between two rule files, in words."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import offers, show
from aftercare.cli.context import Context
from aftercare.cli.options import Json, offer
from aftercare.errors import InputError


def diff(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[A] [B]", help="Files, or default.", autocompletion=offer(offers.files)
        ),
    ] = None,
    recorded: Annotated[
        int | None,
        typer.Option(
            "--recorded",
            metavar="ID",
            help="The rules of that treatment instead of A.",
            autocompletion=offer(offers.numbers),
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Tell in words what changed from A to B: rules diff A B, or rules diff --recorded 3 B."""
    from aftercare.core.changes import changes

    given = list(files or ())
    wanted = 2 if recorded is None else 1
    if not given or len(given) > wanted:
        raise InputError("give two rule files", "rules diff A B, or rules diff --recorded ID B")
    if len(given) < wanted:
        given.insert(0, "default")
    books = [Context(rules=_path(name)).rulebook for name in given]
    only = None
    if recorded is not None:
        record = Context().store.get(recorded)
        books.insert(0, Context().rulebook_of(record))
        only = record.kind
    found = changes(books[0], books[1], only)
    if json:
        from aftercare.outputs.changes import changes_data
        from aftercare.outputs.machine import to_json

        show.show(to_json(changes_data(found)))
        return
    from aftercare.outputs.changes import changes_screen

    show.show_lines(changes_screen(found, show.sheet()))
    if not found:
        show.show("No rule differs.")


def _path(name: str) -> "Path | None":
    return None if name == "default" else Path(name)
