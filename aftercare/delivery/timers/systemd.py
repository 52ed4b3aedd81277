"""A systemd user timer: on the wall clock, made up for after sleep (`Persistent=true`)."""

import os
import re

from aftercare.delivery.timers.job import (
    EVERY,
    Job,
    Machine,
    Rendered,
    State,
    prune,
    remove,
    template,
    write,
)
from aftercare.errors import AftercareError

TIMER, SERVICE = "aftercare-remind.timer", "aftercare-remind.service"

_SIMPLE = re.compile(r"[\w/.:=@+,-]+", re.ASCII)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%"})


class SystemdTimer:
    """A timer and a service under the user's own unit folder."""

    title = "systemd user timer"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._folder = os.path.join(machine.config, "systemd", "user")

    def usable(self) -> bool:
        return self._machine.run("systemctl", "--user", "show", "--property=Version").code == 0

    def render(self, job: Job) -> "list[Rendered]":
        service = template(SERVICE).substitute(
            command=command(job.argv),
            environment="".join(
                f"Environment={quoted(f'{name}={value}')}\n"
                for name, value in job.environment.items()
            ),
        )
        timer = template(TIMER).substitute(every=EVERY)
        return [Rendered(self._path(SERVICE), service), Rendered(self._path(TIMER), timer)]

    def install(self, job: Job) -> bool:
        new = not self.state().installed
        changed = write(self.render(job))
        if not changed and self.state().active:
            return False
        try:
            for words in (["daemon-reload"], ["enable", TIMER], ["restart", TIMER]):
                self._systemctl(*words)
        except AftercareError:
            if new:
                self.uninstall()
            raise
        return True

    def uninstall(self) -> bool:
        link = os.path.join(self._folder, "timers.target.wants", TIMER)
        units = [self._path(TIMER), self._path(SERVICE), link]
        if not any(map(os.path.lexists, units)):
            return False
        # Each of these may fail without a session; the files go all the same.
        call = self._machine.run
        call("systemctl", "--user", "disable", "--now", TIMER)
        call("systemctl", "--user", "clean", "--what=state", TIMER)
        for path in units:
            remove(path, self._machine.home)
        prune(os.path.join(self._machine.data, "systemd", "timers"), self._machine.home)
        call("systemctl", "--user", "daemon-reload")
        call("systemctl", "--user", "reset-failed", SERVICE)
        return True

    def state(self) -> State:
        if not os.path.lexists(self._path(TIMER)):
            return State(False)
        names = "ActiveState,LastTriggerUSec,NextElapseUSecRealtime"
        shown = self._machine.run("systemctl", "--user", "show", TIMER, f"--property={names}")
        found = dict(line.split("=", 1) for line in shown.text.splitlines() if "=" in line)
        if shown.code or not found:
            return State(True, None, None, ("systemd cannot be asked: " + shown.complaint,))
        last = found.get("LastTriggerUSec", "").replace("n/a", "")
        following = found.get("NextElapseUSecRealtime", "")
        details = (f"next: {following}",) if following else ()
        return State(True, found.get("ActiveState") == "active", last, details)

    def _path(self, unit: str) -> str:
        return os.path.join(self._folder, unit)

    def _systemctl(self, *words: str) -> None:
        done = self._machine.run("systemctl", "--user", *words)
        if done.code:
            raise AftercareError(
                f"systemctl --user {' '.join(words)} failed: {done.complaint}",
                "another kind of timer: aftercare remind install --kind cron",
            )


def command(argv: "list[str]") -> str:
    """Return a command as ``ExecStart=`` takes it; the colon leaves ``$`` alone.

    systemd starts no program with a quote or a backslash in its path, but the shell does.
    """
    if set("\\'\"") & set(argv[0]):
        argv = ["/bin/sh", "-c", 'exec "$0" "$@"', *argv]
    colon = ":" if any("$" in word for word in argv) else ""
    return colon + " ".join(map(quoted, argv))


def quoted(word: str) -> str:
    """Return one word of a unit file; ``%`` doubled, for it begins a specifier."""
    return word if _SIMPLE.fullmatch(word) else f'"{word.translate(_ESCAPES)}"'
