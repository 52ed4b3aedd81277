"""``aftercare rules``: look at rule files and check them."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import offers, show
from aftercare.cli.context import Context
from aftercare.cli.options import Rules, offer
from aftercare.cli.rules_diff import diff
from aftercare.cli.rules_new import new
from aftercare.errors import InputError, RuleFileError
from aftercare.rulebook import lint
from aftercare.rulebook.layers import default_rules

app = typer.Typer(
    add_completion=False, help="Look at rule files, and check your own.", no_args_is_help=True
)

File = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Else the default rules.")]


@app.command()
def check(
    file: File = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are errors too.")] = False,
) -> None:
    """Report what is wrong in a rule file, and what is doubtful, each with its line."""
    from aftercare.outputs.phrases import clean

    path = file or default_rules()
    problems = lint(file, Context().now.date())
    errors = [problem for problem in problems if strict or not problem.warning]
    if errors:
        hint = "mend these and check again; aftercare rules explain CODE says more"
        raise RuleFileError(f"{path}: {_count(len(errors), 'problem')}", hint, errors)
    for problem in problems:
        show.show(clean(str(problem)))
    show.show(f"{path}: {_count(len(problems), 'warning') if problems else 'no problems'}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@app.command()
def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="[CODE]", help="Else lists all.", autocompletion=offer(offers.codes)
        ),
    ] = None,
) -> None:
    """Explain a code that stands in brackets behind a problem."""
    from difflib import get_close_matches

    from aftercare.outputs.wrapping import wrap
    from aftercare.rulebook.codes import CODES, WARNINGS

    if code is None:
        for name in CODES:
            show.show(f"{name}  ({'warning' if name in WARNINGS else 'error'})")
        return
    code = code.strip("[]").casefold()
    if code not in CODES:
        near = get_close_matches(code, CODES, 1)
        hint = f"did you mean {near[0]}?" if near else "aftercare rules explain lists them"
        raise InputError(f"no problem has the code {code!r}", hint)
    show.show(f"{code} ({'warning' if code in WARNINGS else 'error'})")
    show.show("\n".join(wrap(CODES[code], show.width())))


@app.command("list")
def list_(rules: Rules = None) -> None:
    """List the treatments and rules of a file."""
    from aftercare.outputs.rules import rulebook_screen

    show.show_lines(rulebook_screen(Context(rules=rules).rulebook, show.sheet()))


@app.command("show")
def show_thing(
    thing: Annotated[
        list[str],
        typer.Argument(
            metavar="THING",
            help="An id or any name.",
            autocompletion=offer(offers.things, "thing"),
        ),
    ],
    rules: Rules = None,
) -> None:
    """Show what the rules say of a thing, and the names it is known by."""
    from aftercare.core.origins import Origins
    from aftercare.core.recognition import recognise
    from aftercare.outputs.rules import thing_screen

    context = Context(rules=rules)
    book = context.rulebook
    item = " ".join(thing)
    found = recognise(item, book.lexicon).things
    if not found:
        raise InputError(f"nothing is known as {item!r}", "aftercare rules list shows the ids")
    show.show_lines(
        thing_screen([m.id for m in found], book, Origins(context.document), show.sheet())
    )


@app.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for editors."""
    from aftercare.rulebook.shape import SCHEMA

    show.show(SCHEMA.read_text(encoding="utf-8").rstrip())


@app.command()
def path() -> None:
    """Print where the default rule file lies."""
    show.show(str(default_rules()))


app.command()(diff)
app.command()(new)
