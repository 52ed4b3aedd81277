"""What ``aftercare calendar`` hands out, free of the command-line framework."""

from datetime import timedelta

from aftercare import __version__
from aftercare.cli import show
from aftercare.core.reminders import NEWS_FOR
from aftercare.core.value import Value
from aftercare.store.calendar import Published

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from aftercare.cli.context import Context
    from aftercare.core.model import Plan
    from aftercare.outputs.calendar import Event
    from aftercare.store import Record


class Style(Value):
    """How events are handed out: `alarm` is how long before one it sounds, None for never."""

    alarm: timedelta | None = timedelta()
    discreet: bool = False


#: With an alarm at the moment itself.
USUAL = Style()


def hand_out(text: bytes, output: "str | Path | None") -> None:
    """Write a calendar into a file; without one to standard output."""
    if output is None:
        show.show_bytes(text)
    else:
        show.write(output, text, f", {text.count(b'STATUS:CONFIRMED')} events")


def recorded_calendar(context: "Context", person: str, style: Style = USUAL) -> bytes:
    """The calendar of what is recorded, as it is to be handed out now.

    It follows from the record alone: while that is the same, so is the text kept from before.
    """
    kept, records = _recorded(context, person)
    text = kept.text(person, _basis(context, records, style), context.now)
    return text or _publish(context, kept, person, records, style)[1]


def recorded_events(context: "Context", person: str, style: Style = USUAL) -> "list[Event]":
    """The events of what is recorded, as they are to be handed out now."""
    kept, records = _recorded(context, person)
    return _publish(context, kept, person, records, style)[0]


def calendar_of(context: "Context", plans: "list[Plan]", style: Style = USUAL) -> bytes:
    """The calendar of plans that are not recorded."""
    return text_of(_events(context, plans, style), style)


def text_of(events: "list[Event]", style: Style = USUAL) -> bytes:
    from aftercare.outputs.calendar import calendar

    return calendar(events, alarm=style.alarm)


def _recorded(context: "Context", person: str) -> "tuple[Published, list[Record]]":
    if not context.has_store:
        raise context.nothing(person)
    return Published(context.store), context.store.relevant(person, context.now - NEWS_FOR)


def _publish(
    context: "Context",
    kept: Published,
    person: str,
    records: "list[Record]",
    style: Style,
) -> "tuple[list[Event], bytes]":
    """The events as they are to be handed out, and as text, which is kept."""
    from aftercare.outputs.calendar import Event

    plans = context.plans(records)
    handed_out, text = kept.publish(
        person,
        lambda identity: _events(context, plans, style, identity),
        [record.id for record in records],
        Event,
        context.now,
        basis=_basis(context, records, style),
        write=lambda events: text_of(events, style),
    )
    if not handed_out:
        raise context.nothing(person)
    return handed_out, text


def _basis(context: "Context", records: "list[Record]", style: Style) -> str:
    """All that a calendar follows from."""
    rules = None if context.rules is None else context.rulebook.sha256
    return repr((__version__, context.zone.key, style, rules, records))


def _events(
    context: "Context", plans: "list[Plan]", style: Style, identity: str = ""
) -> "list[Event]":
    from aftercare.outputs.calendar import events, hidden

    found = events(plans, context.zone, identity)
    return [hidden(event) for event in found] if style.discreet else found
