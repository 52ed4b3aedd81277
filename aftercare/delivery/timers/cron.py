"""A line in the user's crontab. Cron makes nothing up for: the next run tells what is late."""

import re

from aftercare.delivery.timers.job import EVERY, Job, Machine, Rendered, State
from aftercare.errors import AftercareError

#: Ends our line; what follows it says how to restore the crontab that was there before.
MARK = b"# aftercare-remind"
_NEW, _JOINED = b" (in a new crontab)", b" (its own line)"

#: Cron ends the command at a bare percent sign, and some take two backslashes for one, so that
#: each stands outside of quotes or is followed by one.
_ESCAPES = str.maketrans({"'": "'\"'\"'", "\\": "\\''", "%": "'\\%'"})

_SIMPLE = re.compile(r"[\w/.:=@+,-]+", re.ASCII)

_DAEMONS = {"cron", "crond", "fcron", "dcron", "systemd-cron"}


class CrontabLine:
    """One line, told from the others by its mark."""

    title = "crontab line"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def usable(self) -> bool:
        try:
            self._read()
        except AftercareError:
            return False
        return True

    def render(self, job: Job) -> "list[Rendered]":
        return [Rendered(f"the crontab of {self._machine.user}", line(job))]

    def install(self, job: Job) -> bool:
        now = self._read()
        wanted = with_line(without_line(now), line(job).encode())
        if now == wanted:
            return False
        self._write(wanted)
        return True

    def uninstall(self) -> bool:
        try:
            now = self._read()
        except AftercareError:
            return False
        before = without_line(now)
        if before == now:
            return False
        self._write(before)
        return True

    def state(self) -> State:
        try:
            now = self._read()
        except AftercareError:
            return State(False)
        if without_line(now) == now:
            return State(False)
        listed = self._machine.run("ps", "-A", "-o", "comm=")
        running = {name.strip().rpartition("/")[2] for name in listed.text.splitlines()}
        if listed.code or self._machine.platform == "darwin":  # where cron starts on demand
            return State(True, None)
        if running & _DAEMONS:
            return State(True, True)
        return State(True, False, None, ("no cron daemon is running on this machine",))

    def _read(self) -> "bytes | None":
        """The crontab; None when there is none. To take a failure for none would lose it."""
        done = self._machine.run("crontab", "-l")
        if done.code == 0:
            return done.out
        said = done.complaint.lower()
        if done.code != 127 and ("no crontab" in said or "no such file" in said):
            return None
        raise AftercareError(f"crontab -l failed: {done.complaint}", "install cron")

    def _write(self, content: "bytes | None") -> None:
        """Put the crontab in place, or remove it."""
        words = ["-r"] if content is None else ["-"]
        done = self._machine.run("crontab", *words, given=content or b"")
        if done.code:
            raise AftercareError(
                f"crontab refused the line: {done.complaint}",
                "nothing was changed; see the line: aftercare remind install --kind cron --print",
            )


def line(job: Job) -> str:
    """Return the line that runs the job, for any ``sh`` and any cron."""
    words = [f"{name}={quoted(value)}" for name, value in job.environment.items()]
    words += map(quoted, job.argv)
    return f"*/{EVERY} * * * * {' '.join(words)} {MARK.decode()}\n"


def quoted(word: str) -> str:
    """Return a word for the shell that cron starts."""
    return word if _SIMPLE.fullmatch(word) else f"'{word.translate(_ESCAPES)}'"


def with_line(before: "bytes | None", line: bytes) -> bytes:
    """Return a crontab with our line at its end, marked with how to undo that."""
    ours = line.removesuffix(b"\n")
    if before is None:
        return ours + _NEW + b"\n"
    if before and not before.endswith(b"\n"):
        return before + b"\n" + ours + _JOINED + b"\n"
    return before + ours + b"\n"


def without_line(crontab: "bytes | None") -> "bytes | None":
    """Return the crontab as it was before `with_line`."""
    if crontab is None:
        return None
    kept: list[bytes] = []
    new = False
    for text in re.findall(rb"[^\n]*\n|[^\n]+", crontab):
        bare = text.rstrip(b"\n")
        if bare.endswith((MARK, MARK + _NEW, MARK + _JOINED)):
            new = new or bare.endswith(_NEW)
            if bare.endswith(_JOINED) and kept:
                kept[-1] = kept[-1].removesuffix(b"\n")
        else:
            kept.append(text)
    return None if new and not kept else b"".join(kept)
