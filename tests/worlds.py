"""Real service managers in a world of their own: nothing of this machine's user is touched.

A private mount namespace has its own /run, crontabs and control groups; in it a real systemd user
instance or a real cron daemon runs until the test ends. Needs root and util-linux.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress

import pytest

_NEST = """
set -e
mount -t tmpfs tmpfs /run
mkdir -p -m 700 /run/user/0 /run/systemd/system
mkdir -p /var/spool/cron
mount -t tmpfs tmpfs /var/spool/cron
mkdir -p -m 1730 /var/spool/cron/crontabs
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/$0
echo $$ > /sys/fs/cgroup/$0/cgroup.procs
touch /run/nested
exec "$@"
"""


class World:
    """A namespace in which programs run."""

    def __init__(self, pid, environment):
        self._pid, self.environment = pid, environment

    def run(self, *argv, **options):
        """Run a program inside; `env` adds to its environment."""
        environment = {**self.environment, **options.pop("env", {})}
        return subprocess.run(
            ["nsenter", "-t", str(self._pid), "-m", *argv],
            env=environment, capture_output=True, text=True, timeout=60, **options,
        )  # fmt: skip


@contextmanager
def world(home, *argv):
    """A world in which `argv` runs; skips where none can be made."""
    for program in ("unshare", "nsenter", argv[0]):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if os.geteuid() != 0:
        pytest.skip("only root can make a namespace of mounts")
    group = f"aftercare-test-{os.getpid()}-{time.monotonic_ns()}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": "/run/user/0",
        "LC_ALL": "C.UTF-8",
        "COVERAGE_PROCESS_START": os.environ.get("COVERAGE_PROCESS_START", ""),
    }
    with open(home / "world.log", "wb") as log:
        process = subprocess.Popen(
            ["unshare", "-m", "--propagation", "private", "sh", "-c", _NEST, group, *argv],
            env=environment, stdout=log, stderr=log, cwd=home,
        )  # fmt: skip
    inside = World(process.pid, environment)
    try:
        if not _until(lambda: inside.run("test", "-e", "/run/nested").returncode == 0, process):
            pytest.skip(f"no namespace can be made here: {(home / 'world.log').read_text()[:200]}")
        yield inside
    finally:
        _end(inside, process, group)


def _until(true, process=None):
    for _ in range(100):
        if true():
            return True
        if process is not None and process.poll() is not None:
            return False
        time.sleep(0.1)
    return False


def _end(inside, process, group):
    """End all that runs in the world's control group, and the group."""
    base = f"/sys/fs/cgroup/{group}"
    if process.poll() is None:
        inside.run("sh", "-c", f"echo 1 > {base}/cgroup.kill")
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
        process.wait(5)
    tidy = f"mount -t cgroup2 none /sys/fs/cgroup; find {base} -depth -type d -exec rmdir {{}} +"
    subprocess.run(["unshare", "-m", "sh", "-c", tidy], capture_output=True, timeout=30)


@contextmanager
def systemd(home):
    """A world with a systemd user instance that runs."""
    manager = "/lib/systemd/systemd"
    with world(home, manager, "--user") as inside:
        asked = ("systemctl", "--user", "is-system-running")
        if not _until(lambda: inside.run(*asked).stdout.strip() in ("running", "degraded")):
            pytest.skip("no systemd user instance runs here")
        yield inside
