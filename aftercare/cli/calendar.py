"""``aftercare calendar``: the plan as calendar events, to a file or to a CalDAV server."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import Output, Person, Zone
from aftercare.core.spans import parse_span
from aftercare.outputs.phrases import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aftercare.core.model import Plan
    from aftercare.outputs.calendar import Event

app = typer.Typer(add_completion=False)


@app.command()
def calendar(
    output: Output = None,
    alarm: Annotated[
        str, typer.Option("--alarm", metavar="TIME", help="How long before: 0m, 15m, 1h.")
    ] = "0m",
    no_alarm: Annotated[bool, typer.Option("--no-alarm", help="Events without a sound.")] = False,
    discreet: Annotated[bool, typer.Option("--discreet", help="Hide every name.")] = False,
    push: Annotated[
        str, typer.Option("--push", metavar="URL", help="Send it to this CalDAV calendar.")
    ] = "",
    user: Annotated[
        str,
        typer.Option(
            "--user",
            metavar="NAME",
            help="For --push; the password is asked of the keyring, or AFTERCARE_CALDAV_PASSWORD.",
        ),
    ] = "",
    person: Person = "",
    zone: Zone = None,
) -> None:
    """Write each change as an event, daily care as one that recurs. Again: moved, not doubled."""
    before = None if no_alarm else _before(alarm)
    context = Context(zone)
    events = published(context, person, discreet=discreet)
    if push:
        from aftercare.delivery.caldav import push as push_to

        written = push_to(
            push,
            context.caldav_login(push, user),
            [(e.uid, e.cancelled, text_of([e], before)) for e in events],
        )
        show.show(clean(f"{written.put} events sent, {written.removed} removed."))
        return
    text = text_of(events, before)
    if output is None:
        sys.stdout.buffer.write(text)
    else:
        show.write(output, text, f", {sum(not e.cancelled for e in events)} events")


def published(context: Context, person: str, *, discreet: bool = False) -> "list[Event]":
    """The events of what is recorded, as they are to be handed out now."""
    from aftercare.core.reminders import NEWS_FOR
    from aftercare.outputs.calendar import Event, events, hidden
    from aftercare.store.calendar import Published

    if not context.has_store:
        raise context.nothing(person)
    kept = Published(context.store)
    records = context.store.relevant(person, context.now - NEWS_FOR)
    plans = context.plans(records)
    made = events(plans, context.zone, kept.identity)
    made = [hidden(event) for event in made] if discreet else made
    treatments = [record.id for record in records]
    handed_out = kept.publish(person, made, treatments, Event, context.now)
    if not handed_out:
        raise context.nothing(person)
    return handed_out


def unpublished(context: Context, plans: "list[Plan]") -> "list[Event]":
    """The events of plans that are not recorded."""
    from aftercare.outputs.calendar import events

    return events(plans, context.zone)


def text_of(events: "list[Event]", alarm: "timedelta | None" = timedelta()) -> bytes:
    from aftercare.outputs.calendar import calendar as calendar_of

    return calendar_of(events, alarm=alarm)


def _before(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit == "m" and number.isdecimal() and int(number[:6]) <= 7 * 24 * 60:
        return timedelta(minutes=int(number))
    span = parse_span(text)
    return timedelta(hours=span.hours or 0, days=span.days or 0)
