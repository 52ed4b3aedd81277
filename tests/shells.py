"""A shell in a terminal of its own, typed into as a person does."""

import os
import pty
import select
import shutil
import signal
import subprocess
import time

import pytest

#: Far more seconds than anything takes; only a failure waits so long.
PATIENCE = 60

PROMPT = "READY> "


class Shell:
    """An interactive shell; `type` sends keys, `until` reads the screen up to a text."""

    def __init__(self, command, environment, folder):
        master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment,
            start_new_session=True, preexec_fn=_own_terminal,
        )  # fmt: skip
        os.close(slave)
        self.terminal = master
        self.screen = ""

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def until(self, done):
        """Read until `done()`, a function or a text on the screen; return what was read."""
        wanted = done if callable(done) else lambda: done in self.screen
        end = time.monotonic() + PATIENCE
        while not wanted():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain; the screen: {self.screen!r}")
            if select.select([self.terminal], [], [], 0.05)[0]:
                try:
                    self.screen += os.read(self.terminal, 65536).decode(errors="replace")
                except OSError:
                    raise AssertionError(f"the shell ended: {self.screen!r}") from None
        seen, self.screen = self.screen, ""
        return seen

    def close(self):
        os.close(self.terminal)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _own_terminal():
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def program(name):
    """The path of a program; the test is skipped by its name when it is missing."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def begin(name, setup, environment, folder):
    """An interactive shell with `setup` in its own start-up file, at its prompt."""
    path = program(name)
    values = {**environment, "HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    if name == "bash":
        (folder / "bashrc").write_text(f"PS1='{PROMPT}'\n{setup}\n")
        command = [path, "--noprofile", "--rcfile", str(folder / "bashrc"), "-i"]
    elif name == "zsh":
        (folder / ".zshrc").write_text(f"PS1='{PROMPT}'\n{setup}\n")
        command = [path, "-d", "-i"]
    else:
        config = folder / ".config" / "fish"
        config.mkdir(parents=True, exist_ok=True)
        shown = f"function fish_prompt; echo '{PROMPT}'; end; set -g fish_greeting"
        (config / "config.fish").write_text(f"{shown}\n{setup}\n")
        command = [path, "-i"]
    shell = Shell(command, values, folder)
    shell.until(PROMPT.strip())
    return shell
