"""``aftercare rules``: look at rule files and check them."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import Rules
from aftercare.errors import InputError, RuleFileError
from aftercare.rulebook import check as problems_of
from aftercare.rulebook import default_rules

app = typer.Typer(help="Look at rule files, and check your own.", no_args_is_help=True)

File = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Else the default rules.")]


@app.command()
def check(file: File = None) -> None:
    """Report everything that is wrong in a rule file, each with its line."""
    path = file or default_rules()
    problems = problems_of(path)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise RuleFileError(f"{path}: {count}", "mend these and check again", problems)
    show.show(f"{path}: no problems")


@app.command("list")
def list_(rules: Rules = None) -> None:
    """List the treatments and rules of a file."""
    from aftercare.outputs.screens import rulebook_screen

    show.show_lines(rulebook_screen(Context(rules=rules).rulebook, show.sheet()))


@app.command("show")
def show_thing(
    thing: Annotated[list[str], typer.Argument(metavar="THING", help="An id or any name.")],
    rules: Rules = None,
) -> None:
    """Show what the rules say of a thing, and the names it is known by."""
    from aftercare.core.recognition import recognise
    from aftercare.outputs.screens import thing_screen

    book = Context(rules=rules).rulebook
    item = " ".join(thing)
    found = recognise(item, book.lexicon).things
    if not found:
        raise InputError(f"nothing is known as {item!r}", "aftercare rules list shows the ids")
    show.show_lines(thing_screen([m.id for m in found], book, show.sheet()))


@app.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for editors."""
    from aftercare.rulebook.shape import SCHEMA

    show.show(SCHEMA.read_text(encoding="utf-8").rstrip())


@app.command()
def path() -> None:
    """Print where the default rule file lies."""
    show.show(str(default_rules()))
