"""A Windows scheduled task, run while its owner is logged on; late when the machine slept."""

import csv
import os
import re
import subprocess
import tempfile
from hashlib import sha256
from xml.sax.saxutils import escape

from aftercare.delivery.timers.job import EVERY, Job, Machine, Rendered, State, template
from aftercare.errors import AftercareError, InputError

TASK = "aftercare-remind"

#: What the Task Scheduler would replace within arguments; `aftercare.cli.carry` turns it back.
_CARRIED = str.maketrans({"%": "%25", "$": "%24"})


class ScheduledTask:
    """A task at the root of the Task Scheduler: a folder of its own would stay behind."""

    title = "Windows scheduled task"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def usable(self) -> bool:
        return self._machine.run("schtasks", "/query", "/fo", "csv", "/nh").code == 0

    def render(self, job: Job) -> "list[Rendered]":
        if job.python.count("%") > 1 or "$(" in job.python:
            raise InputError(
                f"the Task Scheduler would replace a part of {job.python!r}",
                "move it to a folder without % and $ in its name",
            )
        # A task has no environment, so a module of ours puts it in place; and python.exe
        # would open a window each time.
        assigned = [
            f"{name}={value}".translate(_CARRIED) for name, value in job.environment.items()
        ]
        carrying = job.replace(
            python=re.sub(r"(?i)(^|[\\/])python\.exe$", r"\1pythonw.exe", job.python),
            module="aftercare.cli.carry",
            arguments=(*assigned, "--", *job.arguments),
        )
        command, *arguments = carrying.argv
        text = template("task.xml").substitute(
            digest=sha256(repr(carrying).encode()).hexdigest()[:12],
            every=EVERY,
            user=escape(self._machine.user),
            command=escape(command),
            arguments=escape(subprocess.list2cmdline(arguments)),
        )
        return [Rendered(f"the Task Scheduler, as {TASK}", text)]

    def install(self, job: Job) -> bool:
        (task,) = self.render(job)
        mark = re.search(r"settings \w+", task.text)
        shown = self._machine.run("schtasks", "/query", "/tn", TASK, "/xml")
        if shown.code == 0 and mark and mark[0] in _ascii(shown.out):
            return False
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "task.xml")
            with open(path, "w", encoding="utf-16", newline="\r\n") as file:
                file.write(task.text)
            done = self._machine.run("schtasks", "/create", "/tn", TASK, "/xml", path, "/f")
        if done.code:
            raise AftercareError(
                f"schtasks /create failed: {done.complaint}",
                "see what it was given: aftercare remind install --print",
            )
        return True

    def uninstall(self) -> bool:
        if not self.state().installed:
            return False
        done = self._machine.run("schtasks", "/delete", "/tn", TASK, "/f")
        if done.code:
            raise AftercareError(
                f"schtasks /delete failed: {done.complaint}", f"remove {TASK} in taskschd.msc"
            )
        return True

    def state(self) -> State:
        shown = self._machine.run("schtasks", "/query", "/tn", TASK, "/fo", "csv", "/v", "/nh")
        rows = list(csv.reader(shown.text.splitlines()))
        if shown.code or not rows or len(rows[0]) < 12:
            return State(shown.code == 0)
        # Host, name, next run, status, logon mode, last run, last result, author, task, folder,
        # comment, state: by their places, since their names are in the language of the machine.
        _, _, following, status, _, last, result, *_ = rows[0]
        never = last.startswith(("N/A", "11/30/1999", "30/11/1999", "30.11.1999", "1999"))
        details = (f"next: {following}", f"status: {status}", f"last result: {result}")
        return State(True, status.lower() != "disabled", "" if never else last, details)


def _ascii(printed: bytes) -> str:
    """The ASCII in what was printed, be it in one byte a character or two."""
    return printed.replace(b"\0", b"").decode("ascii", "ignore")
