"""Timers that run ``aftercare remind run`` every few minutes, each the platform's own.

Rendering is pure: `install` writes to the byte what `render` returns. (Only in a crontab may the
mark at the end of the line say more: how the crontab was before.)
"""

from importlib import import_module

from aftercare.delivery.timers.job import Job, Machine, Rendered, State
from aftercare.errors import AftercareError, InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Timer(Protocol):
        """One kind of timer on one machine."""

        title: str

        def __init__(self, machine: Machine) -> None: ...

        def usable(self) -> bool:
            """Whether this machine can run such a timer now."""

        def render(self, job: Job) -> "list[Rendered]":
            """Return what installing would write, and where. Pure."""

        def install(self, job: Job) -> bool:
            """Write and start it; False when it was so already. `AftercareError` if it fails."""

        def uninstall(self) -> bool:
            """Stop it and remove all of it; False when there was nothing."""

        def state(self) -> State:
            """Return what the platform knows of it."""


__all__ = ["KINDS", "Job", "Machine", "Rendered", "State", "choose", "of_kind", "on"]

#: Each kind and its class in the module of the same name.
KINDS = {
    "systemd": "SystemdTimer",
    "launchd": "LaunchdTimer",
    "schtasks": "ScheduledTask",
    "cron": "CrontabLine",
}


def of_kind(kind: str, machine: Machine) -> "Timer":
    """Return the timer of that kind; raises `InputError` for a kind that does not exist."""
    if kind not in KINDS:
        raise InputError(f"{kind!r} is no kind of timer", f"one of {', '.join(KINDS)}")
    module = import_module(f"aftercare.delivery.timers.{kind}")
    timer: Timer = getattr(module, KINDS[kind])(machine)
    return timer


def on(machine: Machine) -> "list[Timer]":
    """Return the timers of this platform, the best first, usable or not."""
    kinds = {"win32": ["schtasks"], "darwin": ["launchd", "cron"]}
    return [of_kind(kind, machine) for kind in kinds.get(machine.platform, ["systemd", "cron"])]


def choose(machine: Machine) -> "Timer":
    """Return the best timer that this machine can run; raises when there is none."""
    timers = on(machine)
    for timer in timers:
        if timer.usable():
            return timer
    raise AftercareError(
        f"this machine can run no {' and no '.join(timer.title for timer in timers)}",
        "install cron, or keep this running: aftercare remind run --watch",
    )
