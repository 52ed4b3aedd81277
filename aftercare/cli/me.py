"""``aftercare me``: facts about a person that every new plan takes into account."""

from typing import Annotated

import typer

from aftercare.cli import offers, show
from aftercare.cli.context import Context, parse_facts
from aftercare.cli.options import Json, Person, Rules, offer
from aftercare.core.conditions import FactType

app = typer.Typer(add_completion=False)


@app.command()
def me(
    facts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE]...",
            help="KEY= removes one.",
            autocompletion=offer(offers.facts),
        ),
    ] = None,
    person: Person = "",
    rules: Rules = None,
    json: Json = False,
) -> None:
    """Keep facts for the plans to come, or show what is kept."""
    context = Context(rules=rules)
    declared = context.rulebook.facts
    changes = {
        name: FactType.of(declared, name).read(value) if value else None
        for name, value in parse_facts(facts).items()
    }
    kept = context.store.keep_facts(person, changes) if changes else context.store.facts(person)
    if json:
        from aftercare.outputs.machine import to_json

        show.show(to_json({"person": person, "facts": kept}))
        return
    from aftercare.outputs.screens import facts_screen

    show.show_lines(facts_screen(kept, declared.values(), show.sheet()))
    if changes:
        show.say("Plans recorded from now on use these; those recorded stay as given.")
