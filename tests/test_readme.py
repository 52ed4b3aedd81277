"""What the README shows is what happens."""

import re
import shlex

import pytest
from conftest import ROOT, rules_of

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_each_console_block_prints_the_lines_it_shows(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for block in blocks("console"):
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            program, *arguments = shlex.split(command)
            assert program == "aftercare"
            done = run(*arguments)
            printed = [line.strip() for line in done.out.splitlines()]
            for line in shown.splitlines():
                assert any(p.startswith(line.strip()) for p in printed), (command, line, done)


@pytest.mark.parametrize("block", blocks("python"))
def test_each_python_block_runs(block, capsys):
    exec(compile(block, "README.md", "exec"), {})
    assert "no, until 2026-11-24 15:00:00+00:00" in capsys.readouterr().out


@pytest.mark.parametrize("block", blocks("yaml"))
def test_each_rule_file_has_no_problems(block):
    assert rules_of(block).protocols


def test_every_command_is_in_the_table():
    from aftercare.cli.main import COMMANDS

    for command in COMMANDS:
        assert re.search(rf"`{command}\b", README), command


def test_ci_runs_the_readme_s_test_command():
    (command,) = [b.strip() for b in blocks("sh") if "pytest" in b]
    assert "readme_command" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "-m pytest" in command
