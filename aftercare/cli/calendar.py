"""``aftercare calendar``: the plan as calendar events, to a file or to a CalDAV server."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from aftercare.cli import calendars, options, show
from aftercare.cli.context import Context
from aftercare.errors import InputError

app = typer.Typer(add_completion=False)

_MINUTES = {"m": 1, "h": 60, "d": 1440}

#: An alarm sounds at most this long before its event.
EARLIEST_ALARM = timedelta(days=7)


@app.command()
def calendar(
    output: options.Output = None,
    alarm: Annotated[
        str | None,
        typer.Option("--alarm", metavar="TIME", help="How long before: 15m, 1h; else 0m."),
    ] = None,
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
    plain_http: Annotated[
        bool, typer.Option("--plain-http", help="For --push: send it, and the password, in clear.")
    ] = False,
    treated_at: options.TreatedAt = None,
    treatment: options.Kind = None,
    fact: options.Facts = None,
    person: options.Person = "",
    zone: options.Zone = None,
) -> None:
    """Write each change as an event, daily care as one that recurs. Again: moved, not doubled.

    With --treated-at it is the calendar of a treatment that is not recorded.
    """
    style = calendars.Style(_before(alarm, no_alarm), discreet)
    context = Context(zone)
    if treated_at is None and not (treatment or fact):
        if push:
            _push(context, push, user, person, style, in_clear=plain_http)
            return
        text = calendars.recorded_calendar(context, person, style)
    else:
        if push:
            raise InputError(
                "only what is recorded can be pushed: else it could not be taken back",
                "record it first: aftercare plan --treated-at WHEN",
            )
        plans, assumed = context.plans_for(person, context.now, treated_at, treatment, fact)
        for sentence in assumed:
            show.note(sentence)
        text = calendars.calendar_of(context, plans, style)
    calendars.hand_out(text, output)


def _before(text: "str | None", never: bool) -> "timedelta | None":
    if never and text is not None:
        raise InputError("--alarm and --no-alarm exclude each other", "give one of them")
    found = re.fullmatch(r"([0-9]{1,5})([mhd])", "0m" if text is None else text)
    before = timedelta(minutes=int(found[1]) * _MINUTES[found[2]]) if found else None
    if before is None or before > EARLIEST_ALARM:
        raise InputError(f"--alarm {text!r} is no time before", "write 0m, 15m, 2h … at most 7d")
    return None if never else before


def _push(
    context: Context, url: str, user: str, person: str, style: calendars.Style, *, in_clear: bool
) -> None:
    """Send what is recorded to the calendar at `url`, and say what that did."""
    from aftercare.delivery.caldav import Item, kept_password, push, read_address

    address = read_address(url, user, plain_http=in_clear)
    password = context.caldav_password or (kept_password(address) if address.user else "")
    if address.user and not password:
        raise InputError(
            f"no password is known for {address.account}",
            f"keep it: keyring set aftercare {address.account}; or set AFTERCARE_CALDAV_PASSWORD",
        )
    events = calendars.recorded_events(context, person, style)
    items = [Item(e.uid, None if e.cancelled else calendars.text_of([e], style)) for e in events]
    done = push(address, password, items)
    show.show(
        f"{address.host}: {done.sent} sent, {done.same} there already, {done.removed} removed."
    )
