"""A shell in a terminal of its own, typed into as a person does."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
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
        end = time.monotonic() + PATIENCE
        while not ((new := self._last_prompt()) > self.prompts and too()):
            assert time.monotonic() < end, f"no prompt; the screen: {self.screen!r}"
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.screen += os.read(self.terminal, 65536).decode(errors="replace")
        self.prompts = new
        seen, self.screen = self.screen, ""
        return seen

    def _last_prompt(self):
        return max(map(int, re.findall(r"READY (\d+)>", self.screen)), default=0)

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
    setup = f"{PROMPTS[name]}\n{setup}\n"
    if name == "bash":
        (folder / "bashrc").write_text(setup)
        command = [path, "--noprofile", "--rcfile", str(folder / "bashrc"), "-i"]
    elif name == "zsh":
        (folder / ".zshrc").write_text(setup)
        command = [path, "-d", "-i"]
    else:
        config = folder / ".config" / "fish"
        config.mkdir(parents=True, exist_ok=True)
        (config / "config.fish").write_text(setup)
        command = [path, "-i"]
    shell = Shell(command, values, folder)
    shell.answered()
    return shell
