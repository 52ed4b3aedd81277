"""A launchd agent. What is missed in sleep, launchd runs once on waking."""

import os
from xml.sax.saxutils import escape

from aftercare.delivery.timers.job import (
    EVERY,
    Job,
    Machine,
    Rendered,
    State,
    remove,
    template,
    write,
)
from aftercare.errors import AftercareError

LABEL = "aftercare.remind"


class LaunchdTimer:
    """An agent in the user's own folder of agents."""

    title = "launchd agent"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._path = os.path.join(machine.home, "Library", "LaunchAgents", f"{LABEL}.plist")
        self._domain = f"gui/{machine.uid}"

    def usable(self) -> bool:
        return self._machine.run("launchctl", "print", self._domain).code == 0

    def render(self, job: Job) -> "list[Rendered]":
        environment = "".join(
            f"\n    <key>{escape(name)}</key>\n    <string>{escape(value)}</string>"
            for name, value in job.environment.items()
        )
        text = template("agent.plist").substitute(
            label=LABEL,
            arguments="".join(f"\n    <string>{escape(word)}</string>" for word in job.argv),
            environment=environment,
            minutes="".join(
                f"\n    <dict><key>Minute</key><integer>{m}</integer></dict>"
                for m in range(0, 60, EVERY)
            ),
        )
        return [Rendered(self._path, text)]

    def install(self, job: Job) -> bool:
        if not write(self.render(job)) and self.state().active:
            return False
        service = f"{self._domain}/{LABEL}"
        self._machine.run("launchctl", "bootout", service)  # the older one, if it is loaded
        done = self._machine.run("launchctl", "bootstrap", self._domain, self._path)
        if done.code:
            self.uninstall()
            raise AftercareError(
                f"launchctl bootstrap failed: {done.complaint}",
                "log in at the screen of this Mac, or: aftercare remind install --kind cron",
            )
        return True

    def uninstall(self) -> bool:
        if not os.path.lexists(self._path):
            return False
        self._machine.run("launchctl", "bootout", f"{self._domain}/{LABEL}")
        return remove(self._path, self._machine.home)

    def state(self) -> State:
        if not os.path.lexists(self._path):
            return State(False)
        shown = self._machine.run("launchctl", "print", f"{self._domain}/{LABEL}")
        wanted = ("runs = ", "last exit code = ")
        lines = (line.strip() for line in shown.text.splitlines())
        # launchd keeps no time of the last run, only how many there were.
        return State(True, shown.code == 0, None, tuple(x for x in lines if x.startswith(wanted)))
