"""TAB completes in the real shells; what it offers is true, safe, and the same both ways."""

import os
import shlex
import sqlite3
import sys
from contextlib import closing

import pytest
from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from shells import begin

from aftercare.cli import tab

SHELLS = ["bash", "zsh", "fish"]

#: A name that is trouble for whoever takes it for a command.
TROUBLE = "x $(touch pwned)`touch pwned`; \"it's\" * ?{a,b}\\ ~ & <é> [1] #!"

#: What is typed, up to and with TAB, and the words that the command must then be given.
TYPED = [
    ("can-i retinaldehy\t", ["can-i", "retinaldehyde"]),
    ("can-i RETINALDEHY\t", ["can-i", "RETINALDEHYde"]),
    ("can-i go for a ru\t", ["can-i", "go", "for", "a", "run"]),
    ("what-is hyaluronic-acid-s\t", ["what-is", "hyaluronic-acid-serum"]),
    ("rules show mineral-s\t", ["rules", "show", "mineral-sunscreen"]),
    ("plan --treatment microneedling\\ with\\ e\t", ["plan", "--treatment", "microneedling with exosomes"]),
    ("plan --override retin\t48h", ["plan", "--override", "retinoids=48h"]),
    ("me dep\t0.5", ["me", "depth_mm=0.5"]),
    ("now --person ann\t", ["now", "--person", "anna O'Brien"]),
    ("now --person 'anna O\t", ["now", "--person", "anna O'Brien"]),
    ('now --person "ann\t', ["now", "--person", "anna O'Brien"]),
    ("now --person=ann\t", ["now", "--person=anna O'Brien"]),
    ("now --person x\t", ["now", "--person", TROUBLE]),
    ("shelf remove Nig\t", ["shelf", "remove", "Night serum (50%)"]),
    ("forget 3\t", ["forget", "3"]),
    ("rules explain no-wa\t", ["rules", "explain", "no-warning-signs"]),
    ("label some\t", ["label", "some label.txt"]),
    ("now --sho\t", ["now", "--short"]),
    ("time\t", ["timeline"]),
]  # fmt: skip


@pytest.fixture
def record(run, home):
    """Treatments of three people, and a product."""
    run("plan", "--treated-at", "yesterday 3pm")
    run("plan", "--treated-at", "yesterday 4pm", "--person", "Anna O'Brien")
    run("plan", "--treated-at", "yesterday 5pm", "--person", TROUBLE)
    run("plan", "--treated-at", "2 days ago", "--person", "Zo\u202e\x1b[31me")
    run("shelf", "add", "Night serum (50%)", "--text", "Aqua, Retinol, Glycerin, Carbomer")
    return home


@pytest.fixture
def heard(tmp_path, clean_environment):
    """An `aftercare` that completes as the real one does, and else writes down its words."""
    folder = tmp_path / "bin"
    folder.mkdir()
    heard = tmp_path / "heard"
    program = folder / "aftercare"
    program.write_text(
        f'#!/bin/sh\n[ -n "$_AFTERCARE_COMPLETE" ] && exec {shlex.quote(sys.executable)}'
        f' -m aftercare "$@"\nprintf "%s\\037" "$@" > {shlex.quote(str(heard))}.new\n'
        f"mv {shlex.quote(str(heard))}.new {shlex.quote(str(heard))}\n"
    )
    program.chmod(0o755)
    clean_environment["PATH"] = f"{folder}{os.pathsep}{clean_environment['PATH']}"
    return heard


@pytest.mark.parametrize("name", SHELLS)
def test_tab_completes_in_the_shell(name, run, record, heard, clean_environment, tmp_path):
    folder = tmp_path / "person"
    folder.mkdir()
    (folder / "some label.txt").touch()
    script = run("completion", name).out
    if name == "bash":
        setup = script
    elif name == "zsh":
        (folder / "_aftercare").write_text(script)
        setup = "fpath=(~ $fpath); autoload -Uz compinit; compinit -u"
    else:
        completions = folder / ".config" / "fish" / "completions"
        completions.mkdir(parents=True)
        (completions / "aftercare.fish").write_text(script)
        setup = ""
    shell = begin(name, setup, clean_environment, folder)
    wrong = []
    try:
        for keys, words in TYPED:
            heard.unlink(missing_ok=True)
            shell.type(f"aftercare {keys}\r")
            shell.answered(heard.exists)
            said = heard.read_text().split("\x1f")[:-1]
            if said != words:
                wrong.append((keys, said))
    finally:
        shell.close()
    assert not wrong, "\n".join(map(repr, wrong))
    assert not list(tmp_path.rglob("pwned"))
