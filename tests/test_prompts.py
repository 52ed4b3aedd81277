"""The README's lines for prompts and status bars, as they stand there, in the real programs."""

import re
import shlex
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT
from shells import program, start

#: The shells' ways to say "END42", which the line as it is typed does not.
ENDS = {
    "bash": "echo END$((40+2))",
    "zsh": "echo END$((40+2))",
    "fish": "echo END(math 40 + 2)",
}


def readme_line(name):
    """The line for a program in the README's block, without its comment."""
    for block in re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL):
        for line in block.splitlines():
            line, _, comment = line.rpartition("#")
            if comment.strip() == name and "now --short" in line:
                return line
    raise AssertionError(f"the README has no line for {name}")


@pytest.fixture
def environment(tmp_path, clean_environment):
    """An environment in which `aftercare` is on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "aftercare"
    command.write_text(
        f'#!/bin/sh\n{shlex.quote(sys.executable)} -m aftercare "$@"\n'
        f"touch {shlex.quote(str(tmp_path / 'asked'))}\n"
    )
    command.chmod(0o755)
    return clean_environment | {"PATH": f"{folder}:{clean_environment['PATH']}"}


@pytest.fixture(params=["restricted", "free"])
def line(request, run):
    """What the prompt is to show: with a treatment of yesterday, and with none."""
    if request.param == "free":
        return ""
    run("plan", "--treated-at", "yesterday 3pm")
    shown = run("now", "--short").out.strip()
    assert " h · " in shown
    return shown


@pytest.mark.parametrize("name", ENDS)
def test_the_line_works_in_the_shell(name, line, environment, tmp_path):
    shell = start(name, readme_line(name), environment, tmp_path)
    try:
        shell.type(f"{ENDS[name]}\r")
        shell.wait(lambda: "END42" in shell.screen)
        if line:
            shell.wait(lambda: line in shell.screen)
        assert " · " not in shell.screen.replace(line, "") if line else " · " not in shell.screen
        assert "rror" not in shell.screen
    finally:
        shell.close()


def test_the_line_works_in_tmux(line, environment, tmp_path):
    tmux = program("tmux")
    shell = start("tmux", readme_line("tmux"), environment, tmp_path)
    try:
        shell.wait((tmp_path / "asked").exists)
        shell.wait(lambda: line in shell.screen)  # whole: the bar is long enough for it
        assert "rror" not in shell.screen
        assert line or " · " not in shell.screen
    finally:
        stop = [tmux, "-S", str(tmp_path / "s"), "kill-server"]
        subprocess.run(stop, env=environment, capture_output=True)
        shell.close()


def test_the_table_for_starship_runs_as_starship_runs_it(line, environment):
    """Starship hands the command to `sh` on its standard input and shows the output, trimmed."""
    (text,) = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    module = tomllib.loads(text)["custom"]["aftercare"]
    assert module["when"] is True
    done = subprocess.run(
        ["sh"], input=module["command"], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, line, "")
