"""``aftercare label``: read an ingredient list and say what it means for a treatment."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.can_i import exit_code
from aftercare.cli.context import Context, label_of
from aftercare.cli.options import At, Json, Person, Plain, Rules, Zone
from aftercare.core.label import read_label
from aftercare.core.verdict import label_verdict
from aftercare.errors import NothingRecordedError

app = typer.Typer()

LabelFile = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="A text file; - for standard input.")
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
    asked = context.asked_at(at)
    printed = label_of(file, text)
    try:
        plans = context.recorded(person, asked)
    except NothingRecordedError:
        plans = []
    lexicon = (plans[-1].rulebooks[0] if plans else context.rulebook).lexicon
    found = read_label(printed, lexicon)
    verdict = label_verdict(found, plans, asked) if plans else None
    if json:
        from aftercare.outputs.machine import label_data, to_json

        show.show(to_json(label_data(found, verdict, context.zone)))
    else:
        from aftercare.outputs.labels import label_text

        show.answer(
            lambda width: label_text(found, verdict, lexicon, context.zone, width, context.now),
            plain,
        )
    raise typer.Exit(NothingRecordedError.exit_code if verdict is None else exit_code(verdict))
