"""``aftercare plan``: from a treatment to its plan, and keep it."""

import shlex
from typing import Annotated

import typer

from aftercare.cli import offers, show
from aftercare.cli.context import Context
from aftercare.cli.options import (
    Because,
    Facts,
    Json,
    Kind,
    Overrides,
    Person,
    Plain,
    Rules,
    Shorter,
    TreatedAt,
    Zone,
    offer,
)
from aftercare.core.schedule import merge, over_at
from aftercare.core.schedule import plan as plan_of
from aftercare.errors import InputError
from aftercare.outputs.phrases import clean, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from aftercare.core.model import Plan
    from aftercare.when import When

app = typer.Typer(add_completion=False)


@app.command()
def plan(
    treated_at: TreatedAt = None,
    treatment: Kind = None,
    fact: Facts = None,
    person: Person = "",
    rules: Rules = None,
    zone: Zone = None,
    override: Overrides = None,
    because: Because = None,
    shorter_on_purpose: Shorter = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print, keep nothing.")] = False,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="For people elsewhere: html, md or svg.",
            autocompletion=offer(offers.choice("html", "md", "svg")),
        ),
    ] = "",
    plain: Plain = False,
    json: Json = False,
) -> None:
    """Compute the plan of a treatment and keep it; without --treated-at, show what is kept."""
    context = Context(zone, rules, labels=True)
    form = _form(format, plain, json)
    if treated_at is None:
        if treatment or fact or override:
            raise InputError(
                "--treatment, --fact and --override describe a new treatment",
                "say when it was: --treated-at",
            )
        _print(context, context.recorded(person, context.now), form)
        return
    when = context.when(treated_at, "past")
    kept_facts = context.store.facts(person)
    described = context.treatment(when, treatment, fact, person, kept_facts)
    if override or because or shorter_on_purpose:
        from aftercare.core.overrides import read_overrides, with_overrides

        book = context.rulebook
        given = read_overrides(override or (), because or (), book, described.kind)
        described = with_overrides(described, given, book, shorter_on_purpose=shorter_on_purpose)
    wanted = plan_of(described, context.rulebook)
    if dry_run:
        _print(context, [wanted], form)
        _say(when, "Nothing was kept (--dry-run).", form, _others(context, wanted))
        return
    plan, saved = _record(context, wanted)
    _print(context, [plan], form)
    _say(when, saved, form, _others(context, plan))


def _others(context: Context, plan: "Plan") -> str:
    """A sentence on the person's other treatments that are not over; "" when there are none."""
    (treatment,) = plan.treatments
    records = context.store.relevant(treatment.person, context.now)
    beside = [
        f"{p.treatments[0].id}"
        for p in Context().plans(r for r in records if r.id != treatment.id)  # by their own rules
        if context.now < p.over_at[0]
    ]
    if not beside:
        return ""
    number = f"treatment{'s' * (len(beside) > 1)} {names(beside)}"
    person = f" --person {shlex.quote(treatment.person)}" if treatment.person else ""
    return f"The rules of {number} hold too; aftercare plan{person}, without a time, shows all."


def _form(format: str, plain: bool, json: bool) -> str:
    """The one form that was asked for: ``json``, ``plain``, a key of `FORMATS`, or nothing."""
    forms = [
        name for name, wanted in (("json", json), ("plain", plain), (format, format)) if wanted
    ]
    if len(forms) > 1:
        raise InputError("--json, --plain and --format exclude each other", "choose one of them")
    if format and format not in FORMATS:
        raise InputError(f"there is no format {format!r}", f"one of: {', '.join(FORMATS)}")
    return forms[0] if forms else ""


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


def _json(context: Context, plans: "list[Plan]") -> str:
    from aftercare.outputs.machine import plan_data, to_json

    return to_json(plan_data(merge(plans, context.now), context.zone))


def _markdown(context: Context, plans: "list[Plan]") -> str:
    from aftercare.outputs.markdown import plan_markdown

    return plan_markdown(merge(plans, context.now), context.zone, context.now)


def _picture(context: Context, plans: "list[Plan]") -> str:
    from aftercare.outputs.picture import picture

    restrictions = merge(plans, context.now).restrictions
    return picture(restrictions, context.now, context.zone, width=PICTURE_WIDTH)


def _html(context: Context, plans: "list[Plan]") -> str:
    from aftercare.cli.pages import html_of

    return html_of(context, plans)


#: Pixels across, of a picture that stands alone.
PICTURE_WIDTH = 720

#: The forms of ``--format``: from plans to the text that stands alone on stdout.
FORMATS = {"html": _html, "md": _markdown, "svg": _picture}


def _print(context: Context, plans: "list[Plan]", form: str) -> None:
    write = _json if form == "json" else FORMATS.get(form)
    if write is not None:
        show.show(write(context, plans))
        return
    from aftercare.outputs.screens import plan_screen, shelf_screen

    sheet = show.sheet(form == "plain")
    plan = merge(plans, context.now)
    plan_screen(plan, context.zone, context.now, sheet)
    standing = context.shelf(plan.treatments[0].person, plans)
    show.show_lines(shelf_screen(standing, context.zone, context.now, sheet))


def _say(when: "When", saved: str, form: str, others: str) -> None:
    """What was assumed, what was saved and what holds besides: with the plan for people, beside
    it for programs."""
    tell = show.say if form in ("", "plain") else show.note
    for sentence in filter(None, (*when.assumed, others, saved)):
        tell(clean(sentence))
