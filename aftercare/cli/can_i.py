"""``aftercare can-i``: the verdict on one thing."""

from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import At, Facts, Json, Kind, Person, Plain, Rules, TreatedAt, Zone
from aftercare.core.schedule import plan as plan_of
from aftercare.core.verdict import No, Unknown
from aftercare.core.verdict import can_i as verdict_on
from aftercare.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aftercare.core.verdict import Verdict

app = typer.Typer()


@app.command()
def can_i(
    item: Annotated[list[str], typer.Argument(metavar="ITEM...", help="Retinol, go for a run …")],
    at: At = None,
    treated_at: TreatedAt = None,
    treatment: Kind = None,
    fact: Facts = None,
    person: Person = "",
    rules: Rules = None,
    zone: Zone = None,
    plain: Plain = False,
    json: Json = False,
) -> None:
    """Answer whether something is permitted now. Exit code: 0 yes, 1 no, 3 unknown."""
    context = Context(zone, rules)
    when = None if at is None else context.when(at, "future")
    asked = context.now if when is None else when.at
    assumed = when.assumed if when else ()
    if treated_at is None:
        if treatment or fact:
            raise InputError(
                "--treatment and --fact describe a treatment", "say when it was: --treated-at"
            )
        plans = context.recorded(person, asked)
    else:
        done = context.when(treated_at, "past")
        assumed = (*done.assumed, *assumed)
        described = context.treatment(done, treatment, fact, person)
        plans = [plan_of(described, context.rulebook)]
    verdict = verdict_on(" ".join(item), plans, asked)
    _print(context, verdict, assumed, plain, json)
    raise typer.Exit(exit_code(verdict))


def exit_code(verdict: "Verdict") -> int:
    """0 yes, 1 no, 3 unknown."""
    return 1 if isinstance(verdict, No) else 3 if isinstance(verdict, Unknown) else 0


def _print(
    context: Context, verdict: "Verdict", assumed: "tuple[str, ...]", plain: bool, json: bool
) -> None:
    if json:
        from aftercare.outputs.machine import to_json, verdict_data

        show.show(to_json(verdict_data(verdict, context.zone)))
    else:
        from aftercare.outputs.answer import verdict_text

        show.answer(lambda width: verdict_text(verdict, context.zone, width, context.now), plain)
    for sentence in assumed:
        (show.note if json else show.say)(sentence)
