"""``aftercare completion``: what makes a shell complete on TAB."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import offers, show
from aftercare.cli.options import offer
from aftercare.errors import InputError

app = typer.Typer(add_completion=False)

#: The shells' own functions, one file each.
SCRIPTS = Path(__file__).parent.parent / "data" / "completion"


@app.command()
def completion(
    shell: Annotated[
        str,
        typer.Argument(
            metavar="SHELL",
            help="bash, zsh or fish.",
            autocompletion=offer(offers.choice(*offers.SHELLS)),
        ),
    ],
) -> None:
    """Print what a shell needs to complete names, people and numbers on TAB."""
    if shell not in offers.SHELLS:
        raise InputError(f"{shell!r} is no shell that completes", "bash, zsh or fish")
    show.show((SCRIPTS / f"aftercare.{shell}").read_text(encoding="utf-8").rstrip())
