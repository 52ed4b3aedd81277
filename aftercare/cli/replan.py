"""``aftercare replan``: new rules for a recorded treatment, only when asked, after a diff."""

from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context, treatment_of
from aftercare.cli.options import Number, Rules, Zone
from aftercare.core.changes import changes
from aftercare.core.schedule import over_at, plan
from aftercare.errors import InputError
from aftercare.outputs.phrases import clean

app = typer.Typer(add_completion=False)


@app.command()
def replan(
    id: Number,
    rules: Rules = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the diff only.")] = False,
    zone: Zone = None,
) -> None:
    """Apply the rules of today, or of --rules, to a recorded treatment."""
    from aftercare.outputs.changes import changes_screen, moved_screen

    record = Context().store.get(id)
    old_book = Context().rulebook_of(record)
    context = Context(zone, rules)
    new_book = context.rulebook
    if new_book.sha256 == record.rules:
        show.show(f"Treatment {id} has these rules already; nothing was changed.")
        return
    treatment = treatment_of(record)
    before = plan(treatment, old_book)
    after = plan(treatment, new_book)
    sheet = show.sheet()
    sheet.paragraph(f"From {old_book.title}, version {old_book.version}", style="bold")
    sheet.paragraph(f"to {new_book.title}, version {new_book.version}", style="bold")
    found = changes(old_book, new_book, record.kind)
    changes_screen(found, sheet)
    if not found:
        sheet.paragraph("No rule of this treatment differs.")
    show.show_lines(moved_screen(before, after, context.zone, context.now, sheet))
    if dry_run:
        show.show("Nothing was changed (--dry-run).")
        return
    if not yes and not show.confirm(f"Apply these rules to treatment {id}?"):
        raise InputError("nothing was changed", "to apply these rules: --yes")
    context.store.replan(id, (new_book.sha256, context.document), over_at(after))
    show.show(clean(f"Treatment {id} now has the rules of {new_book.title}."))
