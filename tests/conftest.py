"""What the tests share: rule files from a docstring, and the command line as people run it."""

import inspect
import os
import shutil
import sys
import textwrap
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from aftercare.cli.main import main
from aftercare.core.document import rulebook_from
from aftercare.errors import RuleFileError
from aftercare.rulebook import check_source, load_rules, load_vocabulary

# The same examples on every run: a failure here is a failure everywhere.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("steady")

ROOT = Path(__file__).parent.parent

#: The moment at which the commands under test believe to run: Mon 23 Nov 2026, 11:00 GMT.
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)

HEADER = """
format: 1
title: Rules under test
version: "1"
facts:
  depth_mm: {number: {min: 0.1, max: 3.5}, ask: Needle depth}
  skin: {choice: [normal, sensitive], ask: Skin}
  smoker: {yes_no: true, ask: Do you smoke}
treatments:
  needling:
    title: Needling
"""


@cache
def rules_of(text):
    """The rulebook of a rule file's text; a fragment is put under one treatment."""
    text = textwrap.dedent(text)
    if "format:" not in text:
        text = HEADER + textwrap.indent(text, "    ")
    document, problems = check_source(
        text.encode(), "under-test.yaml", load_vocabulary(labels=True)
    )
    if problems:
        raise RuleFileError("the test's rules are wrong", problems=problems)
    return rulebook_from(document, load_vocabulary(labels=True))


@pytest.fixture
def rules(request):
    """The rules that stand in the test's own docstring, below its first line."""
    _, _, text = inspect.cleandoc(request.function.__doc__).partition("\n")
    return rules_of(text)


class Result:
    """What a command printed and how it ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def first_line(self):
        return self.out.partition("\n")[0]


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory):
    """A cache of the shipped files, as it is after the first command."""
    folder = tmp_path_factory.mktemp("cache")
    load_rules(cache=folder)
    return folder


@pytest.fixture
def home(tmp_path, warm_cache):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(warm_cache, home / "cache")
    (home / "cache").chmod(0o700)
    return home


@pytest.fixture
def run(monkeypatch, capsys, home):
    """Run the command line in this process, at `NOW`, in London, on a store of its own."""

    def run(*arguments, now=NOW, zone="Europe/London", columns=80, **environment):
        values = {
            "AFTERCARE_NOW": now if isinstance(now, str) else now.isoformat(),
            "AFTERCARE_HOME": str(home),
            "TZ": zone,
            "COLUMNS": str(columns),
            **environment,
        }
        with monkeypatch.context() as patch:
            for name, value in values.items():
                patch.setenv(name, value)
            for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "NO_COLOR"):
                if name not in environment:
                    patch.delenv(name, raising=False)
            patch.setattr(sys, "argv", ["aftercare", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        printed = capsys.readouterr()
        return Result(ended.value.code or 0, printed.out, printed.err)

    return run


@pytest.fixture
def clean_environment(home):
    """The environment of a command in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "AFTERCARE_HOME": str(home),
        "AFTERCARE_NOW": NOW.isoformat(),
        "TZ": "Europe/London",
        "PYTHONUTF8": "1",
        "COVERAGE_PROCESS_START": os.environ.get("COVERAGE_PROCESS_START", ""),
    }
