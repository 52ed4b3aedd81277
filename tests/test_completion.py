"""TAB completes in the real shells; what it offers is true, safe, and the same both ways."""

import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from shells import begin

from aftercare import recognise
from aftercare.cli import tab

SHELLS = ["bash", "zsh", "fish"]

#: A name that is trouble for whoever takes it for a command.
TROUBLE = 'x $(touch pwned)`touch pwned`; "it\'s" * ?{a,b}\\ ~ & <é> [1] #!'

#: What is typed, up to and with TAB, and the words that the command must then be given.
TYPED = [
    ("can-i retinaldehy\t", ["can-i", "retinaldehyde"]),
    ("can-i RETINALDEHY\t", ["can-i", "RETINALDEHYde"]),
    ("can-i go for a ru\t", ["can-i", "go", "for", "a", "run"]),
    ("what-is hyaluronic-acid-s\t", ["what-is", "hyaluronic-acid-serum"]),
    ("rules show mineral-s\t", ["rules", "show", "mineral-sunscreen"]),
    ("plan --treatment micro\\ n\t", ["plan", "--treatment", "micro needling"]),
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
    """Treatments of four people, and a product."""
    record_people(run)
    return home


def record_people(run):
    run("plan", "--treated-at", "yesterday 3pm")
    run("plan", "--treated-at", "yesterday 4pm", "--person", "Anna O'Brien")
    run("plan", "--treated-at", "yesterday 5pm", "--person", TROUBLE)
    run("plan", "--treated-at", "2 days ago", "--person", "Zo\u202e\x1b[31me")
    run("shelf", "add", "Night serum (50%)", "--text", "Aqua, Retinol, Glycerin, Carbomer")


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


COMMANDS = [
    "can-i", "what-is", "rules", "show", "explain", "forget", "correct", "replan", "shelf", "list",
    "remove", "plan", "page", "now", "me", "label", "history", "calendar", "remind", "timeline",
    "export", "fhir", "check", "diff", "batch", "unheard-of",
]  # fmt: skip
LATER = [
    "--person", "--treatment", "--fact", "--override", "--at", "--json", "--rules", "--recorded",
    "--rules=missing.yaml", "--", "go", "for", "vitamin", "night", "", "=", "1", "-x", "x",
    "--label", "--lang", "--version", "Anna O'Brien", "\ud800",
]  # fmt: skip
HALVES = [
    "", "r", "re", "RETI", "vitamin c", "a", "an", "x", "m", "skin=", "depth", "1", "no", "-",
    "--p", "--person=a", "=", "crème", "creme", "for a", "hyaluronic-", "'", "\\", '"n',
    "é\u0301", "\x00",
]  # fmt: skip


@pytest.fixture
def here(monkeypatch, home):
    """The environment in which `tab.answer` looks around."""
    values = {"AFTERCARE_HOME": str(home), "AFTERCARE_NOW": NOW.isoformat(), "TZ": "UTC"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@settings(max_examples=600)
@given(
    shell=st.sampled_from(SHELLS),
    commands=st.lists(st.sampled_from(COMMANDS), max_size=2),
    later=st.lists(st.sampled_from(LATER), max_size=3),
    half=st.sampled_from(HALVES),
)
def test_the_door_completes_as_the_framework_does(shell, commands, later, half, run, home, here):
    if not (home / "aftercare.db").exists():
        record_people(run)
    line = tab.SEPARATOR.join([*commands, *later, half])
    through_door, ordinary = (
        outcome(lambda door=door: tab.answer(f"complete_{shell}", line, door=door))
        for door in (True, False)
    )
    assert through_door == ordinary


def outcome(way):
    try:
        return way()
    except Exception as error:  # tells nobody anything: neither way may be alone in it
        return type(error)


@pytest.mark.parametrize("words", [
    ["can-i", "re"], ["can-i", "go", "for", "a", ""], ["what-is", "re"], ["now", "--person", "a"],
    ["plan", "--treated-at", "yesterday 3pm", "--treatment", "mi"], ["rules", "show", "re"],
    ["plan", "--override", "re"], ["forget", ""], ["shelf", "remove", ""],
], ids=" ".join)  # fmt: skip
def test_names_come_in_by_the_door(words, record, here):
    assert tab.plain(words[:-1], words[-1])


def test_what_is_offered_is_understood_and_the_title_comes_first(record, here):
    for half in ("reti", "vit", "sun", "hyal", "b", "mak"):
        found = tab.plain(["can-i"], half)
        assert 0 < len(found) <= 50
        for word, _ in found:
            assert word.startswith(half)
            assert recognise(word).certain, word
    titles = [word for word, _ in tab.plain(["can-i"], "Exerc")]
    assert titles[0] == "exercise" or titles[0].startswith("Exercise")


def test_no_control_character_reaches_the_shell(record, here):
    for shell in SHELLS:
        for words in (["now", "--person", ""], ["forget", ""]):
            lines = tab.answer(f"complete_{shell}", tab.SEPARATOR.join(words)).splitlines()
            assert all(line.replace("\t", "").isprintable() for line in lines)
            assert len(lines) == {"now": 3, "forget": 5}[words[0]]


STATES = ["no home", "damaged", "foreign", "locked"]


@pytest.mark.parametrize("state", STATES)
def test_tab_is_silent_and_changes_nothing_whatever_the_record_is(
    state, home, tmp_path, clean_environment, run
):
    store = home / "aftercare.db"
    if state == "no home":
        clean_environment["AFTERCARE_HOME"] = str(tmp_path / "nowhere")
    elif state == "damaged":
        store.write_bytes(b"not a database, but long enough to be read as one")
    else:
        run("plan", "--treated-at", "yesterday 3pm", "--person", "Anna")
        with closing(sqlite3.connect(store)) as db, db:
            if state == "foreign":
                db.execute("PRAGMA application_id = 7")
    before = content(tmp_path)  # read first: to close a file drops the locks on it
    lock = sqlite3.connect(store, isolation_level=None) if state == "locked" else None
    if lock:
        lock.execute("BEGIN EXCLUSIVE")
    try:
        for words in (["now", "--person", ""], ["forget", ""], ["rules", "explain", "no-wa"]):
            values = {
                **clean_environment,
                tab.VARIABLE: "complete_bash",
                tab.LINE: tab.SEPARATOR.join(words),
            }
            # Whatever else stands on the command line is not run.
            command = [sys.executable, "-m", "aftercare", "forget", "1"]
            done = subprocess.run(command, env=values, capture_output=True, text=True, cwd=tmp_path)
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout == ("words\nno-warning-signs\n" if "no-wa" in words else "words\n")
    finally:
        if lock:
            lock.close()
    assert content(tmp_path) == before


def content(folder):
    return {str(p): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


@pytest.mark.parametrize("instruction", ["complete_tcsh", "x", "source_bash", "complete_"])
def test_an_instruction_nobody_knows_is_answered_with_nothing(instruction, clean_environment):
    values = {**clean_environment, tab.VARIABLE: instruction, tab.LINE: "can-i\x1fre"}
    command = [sys.executable, "-m", "aftercare", "now"]
    done = subprocess.run(command, env=values, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unknown_shell_has_no_script(run):
    refused = run("completion", "tcsh")
    assert refused.code == 2
    assert "bash, zsh or fish" in refused.err


def test_a_name_that_the_terminal_cannot_show_is_not_offered_without_its_letters(
    run, clean_environment
):
    for person in ("Zoë", "Zo"):
        run("plan", "--treated-at", "yesterday 3pm", "--person", person)
    values = {**clean_environment, tab.VARIABLE: "complete_bash", "PYTHONUTF8": "0"}
    values |= {tab.LINE: tab.SEPARATOR.join(["now", "--person", "Z"]), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "aftercare"]
    done = subprocess.run(command, env=values, capture_output=True, text=True)
    assert done.stdout == "words\nZo\n"
