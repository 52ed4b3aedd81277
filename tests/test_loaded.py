"""A plain question loads what it needs and nothing else: the modules are counted, one by one."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT

from aftercare.cli import tab

#: Runs a command as the installed one does, without site-packages or the start-up files in it,
#: and writes down which modules that loaded.
PROGRAM = """
import atexit  # a command ends at once unless somebody waits for the end
import sys
before = set(sys.modules)
folder, *sys.argv[1:] = sys.argv[1:]
sys.path.insert(0, folder)
from aftercare.__main__ import main
try:
    main()
except SystemExit:
    pass
finally:
    loaded = set(sys.modules) - before
import json
print(json.dumps(sorted(loaded)), file=sys.stderr)
"""


def names(text):
    return set(text.split())


#: What makes a start-up slow; never loaded by a plain question.
HEAVY = names(
    "typer click inspect typing rich yaml dataclasses importlib argparse dateutil jsonschema "
    "platformdirs tzlocal rapidfuzz pathlib hashlib subprocess urllib logging shellingham"
)

#: What each plain question loads of this program.
NAMES = names(
    "__main__ aftercare cli cli.places core core.names core.recognition core.value errors files "
    "rulebook rulebook.cache"
)
MODEL = {"core.conditions", "core.model", "core.spans", "store", "store.file"}
ANSWER = {*NAMES, *MODEL} | names(
    "cli.answers cli.context cli.door cli.show core.document core.lazy core.schedule "
    "core.verdict outputs outputs.answer outputs.phrases outputs.wrapping"
)
LABEL = {"core.fuzzy", "core.label", "core.label_names", "core.label_text", "outputs.labels"}
TAB = {"__main__", "aftercare", "cli", "cli.offers", "cli.places", "cli.tab", "core"}
OWN = {
    "can-i retinol": ANSWER,
    "now --short": ANSWER | {"core.outlook"},
    "label label.txt": ANSWER | LABEL,
    "TAB can-i reti": TAB | NAMES | {"core.continuations", "core.lazy", "rulebook.layers"},
    "TAB now --person a": TAB
    | MODEL
    | {"core.lazy", "core.names", "core.value", "errors", "files", "store.glance"},
}

#: The parts of the standard library that they may load, besides those that it keeps to itself.
STANDARD = names(
    "collections copyreg enum functools gc genericpath itertools json keyword "
    "operator os posixpath re reprlib stat types unicodedata zlib"
)
CLOCK = names("datetime math pwd sqlite3 struct sysconfig weakref zoneinfo")


@pytest.fixture
def loaded(run, clean_environment, tmp_path):
    """Which modules a command loads, with a treatment of yesterday and a warm cache."""
    run("plan", "--treated-at", "yesterday 3pm", "--person", "Anna")
    run("plan", "--treated-at", "yesterday 3pm")
    text = "Ingredients: Aqua, Glycerin, Retinol, Panthenol, Carbomer"
    (tmp_path / "label.txt").write_text(text)

    def loaded(command):
        words = command.split()
        environment = dict(clean_environment)
        if words[0] == "TAB":
            environment[tab.VARIABLE] = "complete_zsh"
            environment[tab.LINE] = tab.SEPARATOR.join(words[1:])
            words = []
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", PROGRAM, str(ROOT), *words],
            env=environment, cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert done.stdout
        modules = json.loads(done.stderr.splitlines()[-1])
        own = {m.removeprefix("aftercare.") for m in modules if m.partition(".")[0] == "aftercare"}
        others = {m.partition(".")[0] for m in modules} - {"aftercare"}
        return own, {m for m in others if m[0] != "_"}

    return loaded


@pytest.mark.parametrize("command", OWN)
def test_a_plain_question_loads_these_modules_and_no_other(command, loaded):
    own, others = loaded(command)
    assert not others & HEAVY, f"loaded, and slow: {sorted(others & HEAVY)}"
    added, gone = own - OWN[command], OWN[command] - own
    assert not added, f"loaded anew: {sorted(added)}; import them where they are used"
    assert not gone, f"no longer loaded: {sorted(gone)}; take them off the list here"
    known = STANDARD | CLOCK | ({"encodings"} if "TAB" not in command else set())
    assert not others - known, f"loaded anew: {sorted(others - known)}"


def test_half_a_name_needs_no_clock_and_no_record(loaded):
    _, others = loaded("TAB can-i reti")
    assert not others & CLOCK
