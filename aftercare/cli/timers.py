"""``aftercare remind install|status|uninstall``: the timer that runs ``remind run``."""

from datetime import datetime
from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import Json
from aftercare.outputs.phrases import clean, from_now, instant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aftercare.delivery.timers import State, Timer

app = typer.Typer(no_args_is_help=True, help="The timer that delivers reminders.")

Kind = Annotated[
    str | None,
    typer.Option("--kind", metavar="KIND", help="systemd, launchd, schtasks or cron."),
]


@app.command()
def install(
    kind: Kind = None,
    print_only: Annotated[
        bool, typer.Option("--print", help="Show what would be written and where; write nothing.")
    ] = False,
) -> None:
    """Have this machine deliver reminders by itself, every five minutes."""
    from aftercare.delivery.timers import choose, of_kind, on

    context = Context()
    timer = of_kind(kind, context.machine) if kind else choose(context.machine)
    if print_only:
        for file in timer.render(context.job):
            show.show(clean(f"# {timer.title}: {file.where}"))
            for line in file.text.splitlines():
                show.show(clean(line))
            show.show("")
        return
    changed = timer.install(context.job)
    for other in on(context.machine):
        if other.title != timer.title and other.uninstall():
            show.say(f"The {other.title} of before was removed.")
    if not changed:
        show.say(f"Installed already, as a {timer.title}; nothing was changed.")
        return
    show.say(f"Installed, as a {timer.title}: reminders are delivered every five minutes.")
    show.say("To see where to: aftercare remind to list")
    show.say("To undo: aftercare remind uninstall")


@app.command()
def status(json: Json = False) -> None:
    """Show whether the timer is active and when it last ran. Exit code: 0 active, 1 not."""
    from aftercare.delivery.timers import on

    context = Context()
    found = [(t, t.state()) for t in on(context.machine)]
    found = [(timer, state) for timer, state in found if state.installed]
    ran = context.ledger.setting("last_run")
    if json:
        _print_data(found, ran)
    elif not found:
        show.say("No timer is installed. To install one: aftercare remind install")
    else:
        for timer, state in found:
            _print(timer, state)
        if ran:
            at = datetime.fromisoformat(ran)
            when = f"{instant(at, context.zone, now=context.now)}, {from_now(at, context.now)}"
            show.say(f"Reminders were last looked for: {when}")
    raise typer.Exit(0 if any(state.active is not False for _, state in found) else 1)


def _print(timer: "Timer", state: "State") -> None:
    active = {True: "active", False: "not active", None: "installed"}[state.active]
    show.say(f"{timer.title}: {active}")
    last = () if state.last_run is None else (f"last ran: {state.last_run or 'not yet'}",)
    for line in (*last, *state.details):
        show.say(f"  {line}")


def _print_data(found: "list[tuple[Timer, State]]", ran: "str | None") -> None:
    from aftercare.outputs.machine import to_json

    timers = [
        {"kind": t.title, "active": s.active, "last_run": s.last_run, "details": list(s.details)}
        for t, s in found
    ]
    show.show(to_json({"timers": timers, "last_run": ran or None}))


@app.command()
def uninstall() -> None:
    """Remove the timer without a trace."""
    from aftercare.delivery.timers import on

    removed = [timer.title for timer in on(Context().machine) if timer.uninstall()]
    for title in removed:
        show.say(f"Removed: the {title}. To install it again: aftercare remind install")
    if not removed:
        show.say("No timer was installed; nothing was changed.")
