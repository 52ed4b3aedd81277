"""A shell in a terminal of its own, typed into as a person does."""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time

import pytest

#: Far more seconds than anything takes; only a failure waits so long.
PATIENCE = 60

#: Prompts are numbered, since shells draw them anew whenever they like.
PROMPTS = {
    "bash": "PROMPT_COMMAND='n=$((n+1))'; PS1='READY $n> '",
    "zsh": "setopt prompt_subst; precmd() { ((n++)) }; PS1='READY $n> '",
    "fish": "function count --on-event fish_preexec; set -g n (math $n + 1); end; set -g n 1\n"
    'function fish_prompt; echo "READY $n> "; end; set -g fish_greeting',
}


class Shell:
    """An interactive shell; `type` sends keys, `answered` waits for the prompt."""

    def __init__(self, command, environment, folder):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment,
            start_new_session=True, preexec_fn=_own_terminal,
        )  # fmt: skip
        os.close(slave)
        self.terminal = master
        self.screen = ""
        self.prompts = 0

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def answered(self, too=lambda: True):
        """Wait for a new prompt, and until `too` is true; return what the screen showed."""
        self.wait(lambda: self._last_prompt() > self.prompts and too())
        self.prompts = self._last_prompt()
        seen, self.screen = self.screen, ""
        return seen

    def wait(self, done):
        """Read what the screen shows until `done`."""
        end = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < end, f"waited in vain; the screen: {self.screen!r}"
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.screen += os.read(self.terminal, 65536).decode(errors="replace")

    def _last_prompt(self):
        return max(map(int, re.findall(r"READY (\d+)>", self.screen)), default=0)

    def close(self):
        os.close(self.terminal)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _own_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def program(name):
    """The path of a program; the test is skipped by its name when it is missing."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def begin(name, setup, environment, folder):
    """An interactive shell with `setup` in its own start-up file, at a numbered prompt."""
    shell = start(name, f"{PROMPTS[name]}\n{setup}\n", environment, folder)
    shell.answered()
    return shell


def start(name, setup, environment, folder):
    """An interactive shell with `setup` in its own start-up file."""
    path = program(name)
    values = {**environment, "HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    if name == "bash":
        (folder / "bashrc").write_text(setup)
        command = [path, "--noprofile", "--rcfile", str(folder / "bashrc"), "-i"]
    elif name == "zsh":
        (folder / ".zshrc").write_text(setup)
        command = [path, "-d", "-i"]
    elif name == "tmux":
        (folder / "tmux.conf").write_text(setup)
        command = [path, "-S", str(folder / "s"), "-f", str(folder / "tmux.conf"), "new", "cat"]
    else:
        config = folder / ".config" / "fish"
        config.mkdir(parents=True, exist_ok=True)
        (config / "config.fish").write_text(setup)
        command = [path, "-i"]
    return Shell(command, values, folder)
