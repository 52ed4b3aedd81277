"""``aftercare export``: a plan in a format of others."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import Facts, Kind, Person, Rules, TreatedAt, Zone
from aftercare.core.schedule import merge
from aftercare.core.schedule import plan as plan_of
from aftercare.errors import InputError
from aftercare.files import write_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aftercare.core.model import Plan

app = typer.Typer(help="Hand a plan to other programs.", no_args_is_help=True)


@app.callback()
def _formats() -> None:
    pass


@app.command()
def fhir(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Else standard output.")
    ] = None,
    subject: Annotated[
        str, typer.Option("--subject", metavar="REFERENCE", help="The patient there: Patient/123.")
    ] = "",
    treated_at: TreatedAt = None,
    treatment: Kind = None,
    fact: Facts = None,
    person: Person = "",
    rules: Rules = None,
    zone: Zone = None,
) -> None:
    """Write the plan as a FHIR R4 CarePlan; without --treated-at, of what is recorded."""
    from aftercare.outputs.fhir import care_plan, to_json

    context = Context(zone, rules)
    plans = _plans(context, treated_at, treatment, fact, person)
    plan = plans[0] if len(plans) == 1 else merge(plans)
    text = to_json(care_plan(plan, subject=subject, now=context.now))
    if output is None:
        show.show(text)
        return
    try:
        write_whole(output, f"{text}\n".encode())
    except OSError as error:
        raise InputError(
            f"{output} cannot be written: {error.strerror or error}", "name another file"
        ) from None
    show.note(f"Written: {output}")


def _plans(
    context: Context,
    treated_at: "str | None",
    treatment: "str | None",
    fact: "list[str] | None",
    person: str,
) -> "list[Plan]":
    if treated_at is None:
        if treatment or fact:
            raise InputError(
                "--treatment and --fact describe a treatment", "say when it was: --treated-at"
            )
        return context.recorded(person, context.now)
    when = context.when(treated_at, "past")
    for sentence in when.assumed:
        show.note(sentence)
    described = context.treatment(when, treatment, fact, person)
    return [plan_of(described, context.rulebook)]
