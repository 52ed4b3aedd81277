"""``aftercare remind``: tell people what has changed, once."""

import os
import sys
from typing import Annotated

import typer

from aftercare.cli import offers, show, timers
from aftercare.cli.context import Context
from aftercare.cli.options import Person, Plain, Zone, offer
from aftercare.core.reminders import HORIZON, Letter, due, still_off
from aftercare.errors import DeliveryError, InputError, OutputError
from aftercare.outputs.phrases import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftercare.core.reminders import Notice
    from aftercare.delivery.courier import Case, Channel, Outcome

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Tell people what has changed, once."
)
to = typer.Typer(add_completion=False, no_args_is_help=True, help="Where reminders are sent.")
app.add_typer(to, name="to")
for command in (timers.install, timers.status, timers.uninstall):
    app.command()(command)

#: While watching, the record is looked at this often, in seconds.
WATCH_EVERY = 30

To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="URL", help="Any Apprise URL, instead of those kept; repeatable."),
]
Discreet = Annotated[
    bool, typer.Option("--discreet", help='Hide every name: "something has changed".')
]


@app.command()
def run(
    to: To = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and deliver when it is due.")
    ] = False,
    discreet: Discreet = False,
    zone: Zone = None,
) -> None:
    """Deliver what is due and was not delivered. Without a target it is printed."""
    if not watch:
        _run_once(Context(zone), to, discreet)
        return
    import signal
    import time

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            try:
                _run_once(Context(zone), to, discreet)
            except DeliveryError as error:
                show.show_error(error)  # it is tried again
            time.sleep(WATCH_EVERY)
    except KeyboardInterrupt:
        return


def _run_once(context: Context, to: "list[str] | None", discreet: bool) -> None:
    from aftercare.delivery.courier import BACK, go_round

    if not os.path.exists(context.store.path):
        raise context.nothing("")
    ledger = context.ledger
    channels = _channels(context, to)
    with ledger.alone() as alone:
        if not alone:
            show.note("Another aftercare remind is at work; it delivers what is due.")
            return
        circumstances = "\n".join([context.zone.key, *sorted(c.id for c in channels)])
        ledger.live_by(circumstances, context.now - BACK)
        discreet = discreet or ledger.setting("discreet") == "on"
        outcomes = go_round(
            ledger,
            channels,
            lambda person: _case(context, person),
            lambda case, notices, repeated: _letter(context, case, notices, discreet, repeated),
            context.now,
            context.zone,
        )
        ledger.keep_setting("last_run", context.now.isoformat())
    _report(outcomes)


def _report(outcomes: "Sequence[Outcome]") -> None:
    failed = [o for o in outcomes if o.error]
    if failed:
        reasons = "; ".join(dict.fromkeys(f"{o.channel}: {o.error}" for o in failed))
        raise DeliveryError(
            f"not delivered: {reasons}",
            "it is tried again; to see all targets: aftercare remind test",
        )


def _channels(context: Context, to: "list[str] | None") -> "list[Channel]":
    """The ways out: those asked for, or those kept, or the terminal if somebody reads it."""
    from hashlib import sha256

    from aftercare.delivery.courier import Channel

    kept = (
        [(url, "") for url in to] if to else [(t.url, t.person) for t in context.ledger.targets()]
    )
    if kept:
        from aftercare.delivery.notify import Notifier, shown

        return [
            Channel(sha256(url.encode()).hexdigest(), shown(url), Notifier(url).send, person)
            for url, person in kept
        ]
    if not sys.stdout.isatty() and "TERM" not in os.environ:
        raise DeliveryError(
            "there is no target, and no terminal on which anybody would read it",
            "add one: aftercare remind to add URL; nothing was marked as delivered",
        )
    return [Channel("terminal", "this terminal", _print)]


def _print(letter: Letter) -> None:
    try:
        show.show(f"{letter.title}\n{letter.body}\n")
        show.flush()
    except OutputError as error:
        raise OSError(error.message or "nobody reads it any more") from None


def _case(context: Context, person: str) -> "Case":
    from aftercare.delivery.courier import BACK, Case

    records = context.store.relevant(person, context.now - BACK)
    return Case(person, tuple(context.plans(records)), {r.id: r.recorded_at for r in records})


def _letter(
    context: Context, case: "Case", notices: "Sequence[Notice]", discreet: bool, repeated: bool
) -> Letter:
    from aftercare.outputs.messages import letter

    off = still_off(case.plans, context.now)
    return letter(
        notices,
        off,
        context.now,
        context.zone,
        person=case.person,
        discreet=discreet,
        repeated=repeated,
    )


@app.command("list")
def list_(person: Person = "", plain: Plain = False, zone: Zone = None) -> None:
    """Show what is coming: each change once, daily care with its next day."""
    from aftercare.outputs.messages import coming_text

    context = Context(zone)
    now, here = context.now, context.zone
    coming = due(context.recorded(person, now), now, now + HORIZON, here)
    if coming:
        show.answer(lambda width: coming_text(coming, here, width, now), plain)
    else:
        show.say("Nothing is coming: no plan is open.")


@app.command("test")
def send_test(to: To = None, discreet: Discreet = False) -> None:
    """Send one message through every target, and say what arrived and what failed."""
    from aftercare.outputs.messages import DISCREET

    context = Context()
    hidden = discreet or context.ledger.setting("discreet") == "on"
    letter = DISCREET if hidden else Letter("Aftercare: a test", "Reminders arrive here.")
    failed = []
    for channel in _channels(context, to):
        try:
            channel.send(letter)
        except OSError as error:
            failed.append(channel.name)
            show.say(f"failed: {channel.name} ({error})")
        else:
            show.say(f"arrived: {channel.name}")
    if failed:
        count = "1 target" if len(failed) == 1 else f"{len(failed)} targets"
        raise DeliveryError(f"{count} failed", "check the address and the network")


@app.command("discreet")
def keep_discreet(
    setting: Annotated[
        str,
        typer.Argument(
            metavar="[on|off]",
            help="Without it: what it is.",
            autocompletion=offer(offers.choice("on", "off")),
        ),
    ] = "",
) -> None:
    """Hide every name in every message from now on, or show them again."""
    context = Context()
    if setting:
        if setting not in ("on", "off"):
            raise InputError(f"{setting!r} is neither on nor off", "write on or off")
        context.ledger.keep_setting("discreet", setting)
    state = context.ledger.setting("discreet") == "on"
    show.say("Messages hide every name." if state else "Messages name what has changed.")


@to.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any Apprise URL; - asks for it.")],
    person: Person = "",
) -> None:
    """Keep a target. Its address may hold a password: it is kept where you alone can read it."""
    from aftercare.delivery.notify import Notifier

    if url == "-":
        url = sys.stdin.readline().strip()
    name = Notifier(url).shown
    context = Context()
    target, new = context.ledger.add_target(url, person.strip())
    for_whom = f" for {target.person}" if target.person else ""
    said = "Reminders go to" if new else "Kept already:"
    show.say(f"{said} {name}{for_whom} (target {target.id}).")
    show.say("To try it: aftercare remind test")
    show.say(f"To undo: aftercare remind to remove {target.id}")


@to.command("list")
def targets() -> None:
    """Show where reminders are sent."""
    from aftercare.delivery.notify import shown

    kept = Context().ledger.targets()
    for target in kept:
        for_whom = f"  for {target.person}" if target.person else ""
        show.show(clean(f"{target.id}  {shown(target.url)}{for_whom}"))
    if not kept:
        show.say("No target is kept: reminders are printed.")
        show.say("To add one: aftercare remind to add URL")


@to.command("remove")
def remove(id: Annotated[int, typer.Argument(metavar="ID", help="Its number.")]) -> None:
    """Send nothing there any more."""
    from aftercare.delivery.notify import shown

    target = Context().ledger.remove_target(id)
    show.say(f"Nothing is sent to {shown(target.url)} any more.")
