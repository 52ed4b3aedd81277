"""``aftercare plan``: from a treatment to its plan, and keep it."""

from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import Facts, Json, Kind, Person, Rules, TreatedAt, Zone
from aftercare.core.schedule import merge, over_at
from aftercare.core.schedule import plan as plan_of
from aftercare.errors import InputError
from aftercare.outputs.phrases import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from aftercare.core.model import Plan
    from aftercare.when import When

app = typer.Typer()


@app.command()
def plan(
    treated_at: TreatedAt = None,
    treatment: Kind = None,
    fact: Facts = None,
    person: Person = "",
    rules: Rules = None,
    zone: Zone = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print, keep nothing.")] = False,
    json: Json = False,
) -> None:
    """Compute the plan of a treatment and keep it; without --treated-at, show what is kept."""
    context = Context(zone, rules, labels=True)
    if treated_at is None:
        if treatment or fact:
            raise InputError(
                "--treatment and --fact describe a new treatment", "say when it was: --treated-at"
            )
        _print(context, context.recorded(person, context.now), json)
        return
    when = context.when(treated_at, "past")
    kept_facts = context.store.facts(person)
    wanted = plan_of(context.treatment(when, treatment, fact, person, kept_facts), context.rulebook)
    if dry_run:
        _print(context, [wanted], json)
        _say(when, "Nothing was kept (--dry-run).", json)
        return
    plan, saved = _record(context, wanted)
    _print(context, [plan], json)
    _say(when, saved, json)


def _record(context: Context, wanted: "Plan") -> "tuple[Plan, str]":
    """Keep a plan's treatment; return the plan as it is kept, and what to say about that."""
    (treatment,) = wanted.treatments
    rules = (wanted.rulebooks[0].sha256, context.document)
    id, new = context.store.record(
        treatment, over_at(wanted), rules, context.now, _next_at(context, wanted)
    )
    if new:
        plan = plan_of(treatment.replace(id=id), wanted.rulebooks[0])
        return plan, f"Saved as treatment {id}. To undo: aftercare forget {id}"
    record = context.store.get(id)
    context.rules = None
    (plan,) = context.plans([record])
    said = f"Recorded already, as treatment {id}; nothing was changed."
    if record.rules != wanted.rulebooks[0].sha256:
        said += " It keeps the rules it was given by."
    return plan, said


def _next_at(context: Context, wanted: "Plan") -> "datetime | None":
    """When the plan first has something to tell."""
    from aftercare.core.reminders import due

    end = max(over_at(wanted), context.now)
    return next((r.at for r in due([wanted], context.now, end, context.zone)), None)


def _print(context: Context, plans: "list[Plan]", json: bool) -> None:
    plan = plans[0] if len(plans) == 1 else merge(plans)
    if json:
        from aftercare.outputs.machine import plan_data, to_json

        show.show(to_json(plan_data(plan, context.zone)))
        return
    from aftercare.outputs.screens import plan_screen, shelf_screen

    sheet = show.sheet()
    plan_screen(plan, context.zone, context.now, sheet)
    standing = context.shelf(plan.treatments[0].person, plans)
    show.show_lines(shelf_screen(standing, context.zone, context.now, sheet))


def _say(when: "When", saved: str, json: bool) -> None:
    """What was assumed and what was saved: with the plan for people, beside it for programs."""
    tell = show.note if json else show.show
    for sentence in (*when.assumed, saved):
        tell(clean(sentence))
