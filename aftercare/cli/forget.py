"""``aftercare forget``: remove a treatment from the record."""

import typer

from aftercare.cli import show
from aftercare.cli.context import Context, treatment_of
from aftercare.cli.options import Number
from aftercare.outputs.phrases import clean, command

app = typer.Typer(add_completion=False)


@app.command()
def forget(id: Number) -> None:
    """Forget a recorded treatment; says how to record it again."""
    context = Context()
    treatment = treatment_of(context.store.forget(id))
    show.say(f"Forgot treatment {id}. To record it again:")
    show.show(clean(f"  {command(treatment)}"))
