"""``aftercare export``: a plan in a format of others."""

from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import Facts, Kind, Output, Person, Rules, TreatedAt, Zone
from aftercare.core.schedule import merge

app = typer.Typer(add_completion=False, help="Hand a plan to other programs.", no_args_is_help=True)


@app.callback()
def _formats() -> None:
    pass


@app.command()
def fhir(
    output: Output = None,
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
    plans, assumed = context.plans_for(person, context.now, treated_at, treatment, fact)
    for sentence in assumed:
        show.note(sentence)
    plan = merge(plans, context.now)
    text = to_json(care_plan(plan, subject=subject, now=context.now))
    if output is None:
        show.show(text)
    else:
        show.write(output, f"{text}\n".encode())
