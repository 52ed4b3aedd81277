"""The front door and the ordinary way are one: same bytes, same exit code, same record after."""

import sys
from datetime import timedelta

import pytest
from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.cli import door
from aftercare.cli.main import main

HOUR = timedelta(hours=1)

NAMES = [
    "retinol", "retnol", "hyaluronic acid", "go for a run", "unobtainium", "sunscreen", "acids",
    "makeup", "AHA", "ibuprofen", "[bold]", "a\u202eb", "café", "", "  ", "-", "--", "-x", "--at",
    "--help", "--json", "--jso", "--version", "vitamin c serum with", "ß", "\udcff",
]  # fmt: skip
LABELS = ["label.txt", "no-list.txt", "missing.txt", "folder", "-", "bytes.txt", "a\x00b"]
FILES = [
    "a.ics", "./a.ics", "x//a.ics", "folder/a.ics", "folder", "folder/", ".", "", "-o", "-oa.ics",
    "-", "--no-alarm", "--json", "no/such/a.ics", "ä.ics", "\udcff",
]  # fmt: skip


@pytest.fixture
def both(monkeypatch, capsys, home, tmp_path):
    """Run a command line through the door and the ordinary way; None where the door declines."""
    for name, content in {
        "label.txt": b"Ingredients: Aqua, Glycerin, Retinol, Panthenol, Carbomer",
        "no-list.txt": b"Hello.", "bytes.txt": b"\xff\xfe\x00Aqua, Glycerin",
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)

    def written():
        ours = ("cache", "aftercare.db")
        files = [f for f in tmp_path.rglob("*") if f.is_file() and not {*f.parts} & {*ours}]
        return {str(f): f.read_bytes() for f in files}

    def one_way(way):
        try:
            code = way()
        except SystemExit as ended:
            code = ended.code or 0
        printed = capsys.readouterr()
        store = home / "aftercare.db"
        return (
            code,
            printed.out,
            printed.err,
            store.read_bytes() if store.exists() else None,
            written(),
        )

    def both(arguments, environment):
        for name in ("TERM", "NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "COLUMNS"):
            monkeypatch.delenv(name, raising=False)
        values = {"AFTERCARE_HOME": str(home), "AFTERCARE_NOW": NOW.isoformat(), "TZ": "UTC"}
        for name, value in {**values, **environment}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["aftercare", *arguments])
        through_door = one_way(lambda: door.answer(arguments))
        return through_door, one_way(main)

    return both


command_lines = st.one_of(
    st.lists(st.sampled_from(NAMES), max_size=3).map(lambda words: ["can-i", *words]),
    st.lists(st.sampled_from([*LABELS, "--json", "--text"]), max_size=3).map(
        lambda words: ["label", *words]
    ),
    st.lists(st.sampled_from(["--short", "--json", "x", "--short"]), max_size=3).map(
        lambda words: ["now", *words]
    ),
    st.tuples(
        st.sampled_from(["calendar", "page"]), st.lists(st.sampled_from(FILES[:-1]), max_size=2)
    ).map(lambda line: [line[0], *line[1]]),
    st.tuples(st.sampled_from(["calendar", "page"]), st.sampled_from(FILES)).map(
        lambda line: [line[0], "-o", line[1]]
    ),
)
environments = st.fixed_dictionaries(
    {},
    optional={
        "TZ": st.sampled_from(["Europe/London", "America/New_York", "Asia/Tokyo", "No/Where", ""]),
        "COLUMNS": st.sampled_from(["40", "80", "x", "0", "-3"]),
        "AFTERCARE_NOW": st.one_of(
            st.sampled_from(["yesterday", "2026-11-24T15:00", "2026-11-24T15:00+00:00"]),
            st.integers(0, 60 * 40).map(lambda n: (NOW + n * HOUR).isoformat()),
        ),
        "TERM": st.sampled_from(["xterm-256color", "dumb"]),
        "NO_COLOR": st.just("1"),
        "FORCE_COLOR": st.just("1"),
        "_AFTERCARE_COMPLETE": st.just(""),
    },
)


@pytest.mark.parametrize("state", ["empty", "recorded", "several", "damaged", "no cache"])
@settings(max_examples=250)
@given(arguments=command_lines, environment=environments)
def test_the_door_answers_as_the_ordinary_way_does(state, arguments, environment, both, run, home):
    if not (home / "ready").exists():
        prepare(state, run, home)
        (home / "ready").touch()
    through_door, ordinary = both(arguments, environment)
    if through_door[0] is None:
        assert through_door[1:3] == ("", "")  # it declines before it says anything
    else:
        assert through_door == ordinary


def prepare(state, run, home):
    if state in ("recorded", "several", "no cache"):
        run("plan", "--treated-at", "yesterday 3pm")
    if state == "several":
        run("plan", "--treated-at", "3 days ago", "--fact", "depth_mm=2")
        run("shelf", "add", "Night serum", "--text", "Aqua, Retinol, Glycerin, Carbomer")
    if state == "damaged":
        (home / "aftercare.db").write_bytes(b"not a database, but long enough to be read as one")
    if state == "no cache":
        for file in (home / "cache").iterdir():
            file.write_bytes(b"00000000\n{}")


def test_plain_command_lines_do_come_in_by_the_door(both, run):
    run("plan", "--treated-at", "yesterday 3pm")
    for arguments in (
        ["can-i", "retinol"], ["can-i", "--json", "go", "for", "a", "run"], ["now", "--short"],
        ["label", "label.txt"], ["label", "label.txt", "--json"], ["now", "--json", "--short"],
        ["calendar"], ["calendar", "-o", "a.ics"], ["calendar", "-o", "folder/a.ics"],
        ["page", "-o", "a.html"],
    ):  # fmt: skip
        through_door, ordinary = both(arguments, {})
        assert through_door[0] is not None
        assert through_door == ordinary


def test_the_short_line_names_what_is_off_limits_and_is_empty_when_nothing_is(run):
    assert run("now", "--short").out == ""
    run("plan", "--treated-at", "yesterday 3pm")
    line = run("now", "--short", zone="UTC").out
    assert line.startswith("alcohol (+8) 4 h · hot-shower 16 h · ")
    assert run("now", "--short", now="2027-06-01T00:00Z").out == ""
