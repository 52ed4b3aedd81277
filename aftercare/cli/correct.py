"""``aftercare correct``: change a recorded treatment."""

import typer

from aftercare.cli import show
from aftercare.cli.context import Context, parse_facts, treatment_of
from aftercare.cli.options import Because, Facts, Number, Overrides, Shorter, TreatedAt, Zone
from aftercare.core.schedule import over_at
from aftercare.core.schedule import plan as plan_of
from aftercare.errors import InputError
from aftercare.outputs.phrases import correction

app = typer.Typer(add_completion=False)


@app.command()
def correct(
    id: Number,
    treated_at: TreatedAt = None,
    fact: Facts = None,
    override: Overrides = None,
    because: Because = None,
    shorter_on_purpose: Shorter = False,
    zone: Zone = None,
) -> None:
    """Correct the time, facts or overrides of a treatment. KEY= and THING= remove one."""
    context = Context(zone)
    if treated_at is None and not fact and not override:
        raise InputError("nothing to correct", "give --treated-at WHEN or --fact KEY=VALUE")
    record = context.store.get(id)
    before = treatment_of(record)
    book = context.rulebook_of(record)
    changes = parse_facts(fact)
    given = {k: v for k, v in {**before.facts, **changes}.items() if v != ""}
    after = before.replace(facts=book.read_facts(given))
    assumed: tuple[str, ...] = ()
    if treated_at is not None:
        when = context.when(treated_at, "past")
        after = after.replace(treated_at=when.at, zone=when.zone)
        assumed = when.assumed
    if override or because or shorter_on_purpose:
        from aftercare.core.overrides import corrected

        after = corrected(
            after, override or (), because or (), book, shorter_on_purpose=shorter_on_purpose
        )
    plan = plan_of(after, book)
    context.store.correct(id, after, over_at(plan))
    from aftercare.outputs.screens import plan_screen

    show.show_lines(plan_screen(plan, context.zone, context.now, show.sheet()))
    for sentence in assumed:
        show.say(sentence)
    show.say(f"Corrected treatment {id}. To undo: {correction(before, after)}")
