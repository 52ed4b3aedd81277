"""The commands as a person and a script meet them."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW

YESTERDAY = ("--treated-at", "2026-11-22T15:00")


@pytest.fixture
def recorded(run):
    assert run("plan", *YESTERDAY).code == 0
    return run


class TestPlan:
    def test_it_prints_the_treatment_as_understood(self, run):
        done = run("plan", "--treated-at", "yesterday 3pm", "--fact", "depth_mm=0.5")
        assert done.code == 0
        assert "Sun 22 Nov 2026, 15:00 GMT, Europe/London, 20 h ago" in done.out
        assert "depth_mm=0.5" in done.out

    def test_it_prints_all_parts_of_a_plan(self, run):
        out = run("plan", *YESTERDAY).out
        for part in (
            "Retinoids", "Tue 24 Nov, 15:00", "1 day 4 h", "Fri 27 Nov, 15:00", "│ now",
            "Sunscreen at 08:00, Mon 23 Nov to Sun 6 Dec", "Call the clinic",
            "version 2026.11.2", "Saved as treatment 1. To undo: aftercare forget 1",
            "no medical advice",
        ):  # fmt: skip
            assert part in out, part

    def test_the_plan_of_one_treatment_says_that_another_is_not_over(self, recorded):
        other = ("--treated-at", "2026-11-23T10:00", "--treatment", "facial")
        said = "The rules of treatment 1 hold too; aftercare plan, without a time, shows all."
        assert said in " ".join(recorded("plan", *other, "--dry-run").out.split())
        done = recorded("plan", *other, "--json")
        assert said in done.err
        assert json.loads(done.out)
        assert "hold too" not in recorded("plan", *other, "--person", "Ana").out
        assert "hold too" not in recorded("plan", *other, now="2027-06-01T00:00Z").out

    def test_recording_again_changes_nothing(self, recorded):
        again = recorded("plan", *YESTERDAY)
        assert again.code == 0
        assert "Recorded already, as treatment 1; nothing was changed." in again.out
        assert len(json.loads(recorded("history", "--json").out)["treatments"]) == 1

    def test_a_dry_run_keeps_nothing(self, run, home):
        assert run("plan", *YESTERDAY, "--dry-run").code == 0
        assert not list(home.glob("*.db"))
        assert run("can-i", "retinol").code == 4

    def test_without_a_time_it_merges_what_is_recorded(self, recorded):
        recorded("plan", "--treated-at", "2026-11-23T10:00")
        done = recorded("plan", "--json")
        data = json.loads(done.out)
        assert [t["id"] for t in data["treatments"]] == [1, 2]
        retinoids = next(r for r in data["restrictions"] if r["thing"] == "retinoids")
        assert retinoids["treatment"] == 2
        assert retinoids["ends"] == "2026-11-25T10:00:00+00:00"
        assert "Decided by microneedling.avoid.retinoids, treatment 2" in recorded("plan").out

    def test_a_treatment_goes_by_any_of_its_names(self, run):
        data = json.loads(run("plan", *YESTERDAY, "--treatment", "exosome facial", "--json").out)
        assert data["treatments"][0]["kind"] == "microneedling"

    def test_kept_facts_of_a_person_count_and_given_ones_win(self, run):
        assert run("me", "depth_mm=1.5", "--person", "Ana").code == 0
        plan = json.loads(run("plan", *YESTERDAY, "--person", "ana", "--json").out)
        assert plan["treatments"][0]["facts"] == {"depth_mm": 1.5}
        given = ("--fact", "depth_mm=0.5", "--person", "Ana", "--json", "--dry-run")
        plan = json.loads(run("plan", *YESTERDAY, *given).out)
        assert plan["treatments"][0]["facts"] == {"depth_mm": 0.5}

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("--treated-at", "03/04/2026"), "3 Apr"),
            (("--treated-at", ""), "aftercare:"),
            ((*YESTERDAY, "--fact", "depth=1"), "depth_mm"),
            ((*YESTERDAY, "--fact", "depth_mm=9"), "a number from 0.1 to 3.5"),
            ((*YESTERDAY, "--fact", "depth_mm"), "KEY=VALUE"),
            ((*YESTERDAY, "--treatment", "tattoo"), "microneedling"),
            ((*YESTERDAY, "--zone", "Mars/Base"), "Europe/London"),
            (("--fact", "depth_mm=1"), "--treated-at"),
        ],
    )
    def test_wrong_input_says_what_would_be_right(self, run, arguments, says):
        done = run("plan", *arguments)
        assert (done.code, done.out) == (2, "")
        assert says in done.err


class TestCanI:
    def test_no_says_until_when_and_for_how_long(self, recorded):
        done = recorded("can-i", "retinol")
        assert done.code == 1
        assert done.first_line == "No, not until Tue 24 Nov, 15:00: 1 day 4 h from now"
        assert "microneedling.avoid.retinoids" in done.out
        assert "Sources:" in done.out

    def test_between_minimum_and_usual_it_says_both(self, recorded):
        done = recorded("can-i", "retinol", "--at", "2026-11-25T12:00")
        assert done.code == 0
        words = " ".join(done.out.split())
        assert words.startswith("Yes, since Tue 24 Nov, 15:00")
        assert "Most published advice waits until Fri 27 Nov, 15:00." in words

    def test_all_words_are_one_item(self, recorded):
        assert recorded("can-i", "go", "for", "a", "run").code == 1
        assert recorded("can-i", "vitamin", "c").code == 1

    def test_unknown_is_said_plainly(self, recorded):
        done = recorded("can-i", "unobtainium")
        assert done.code == 3
        assert done.first_line == "I don't know."

    def test_with_a_time_of_its_own_the_store_is_not_touched(self, run, home):
        done = run("can-i", "retinol", *YESTERDAY)
        assert done.code == 1
        assert not list(home.glob("*.db"))

    def test_the_boundary_is_exact(self, recorded):
        assert recorded("can-i", "retinol", now="2026-11-24T14:59:59.999999+00:00").code == 1
        assert recorded("can-i", "retinol", now="2026-11-24T15:00:00+00:00").code == 0

    @pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "Asia/Kolkata", "UTC"])
    def test_who_flies_gets_the_same_instants(self, recorded, zone):
        data = json.loads(recorded("can-i", "retinol", "--json", zone=zone).out)
        until = datetime.fromisoformat(data["until"])
        assert until == datetime(2026, 11, 24, 15, tzinfo=UTC)
        assert until.utcoffset() == until.astimezone(ZoneInfo(zone)).utcoffset()

    def test_before_anything_is_recorded(self, run):
        done = run("can-i", "retinol")
        assert (done.code, done.out) == (4, "")
        assert "aftercare plan --treated-at" in done.err


class TestJson:
    """The documented shapes; a change here is a change of format_version."""

    def test_can_i(self, recorded):
        data = json.loads(recorded("can-i", "retinol", "--json").out)
        assert data["format_version"] == 1
        assert list(data) == [
            "format_version", "item", "verdict", "things", "until", "better_wait_until", "at",
            "because", "suggestions", "reason", "but_not",
        ]  # fmt: skip
        assert (data["item"], data["verdict"]) == ("retinol", "no")
        assert data["things"] == [{"id": "retinoids", "name": "retinol", "how": "exact"}]
        assert data["until"] == "2026-11-24T15:00:00+00:00"
        assert data["better_wait_until"] == "2026-11-27T15:00:00+00:00"
        assert data["at"] == "2026-11-23T11:00:00+00:00"
        (reason,) = data["because"]
        assert set(reason) >= {"rule", "title", "ends", "usual_ends", "why", "sources"}
        assert set(reason["sources"][0]) == {"id", "title", "publisher", "url"}

    def test_plan(self, run):
        data = json.loads(run("plan", *YESTERDAY, "--json").out)
        assert data["format_version"] == 1
        assert set(data) >= {"treatments", "rules", "restrictions", "care", "call"}
        assert set(data["rules"]) == {"title", "version", "sha256"}
        assert set(data["restrictions"][0]) >= {
            "thing", "title", "starts", "ends", "usual_ends", "why", "sources", "decided_by",
            "open_facts",
        }  # fmt: skip
        assert set(data["care"][0]) >= {"thing", "title", "at", "first_day", "last_day"}

    @pytest.mark.parametrize("command", [("plan",), ("can-i", "retinol"), ("now",), ("history",)])
    def test_width_colour_and_encoding_change_nothing(self, recorded, command):
        plain = recorded(*command, "--json").out
        assert recorded(*command, "--json", columns=40, FORCE_COLOR="1", LC_ALL="C").out == plain
        assert plain.isascii()


class TestNow:
    def test_it_shows_the_soonest_to_lift_first(self, recorded):
        data = json.loads(recorded("now", "--json").out)
        ends = [r["ends"] for r in data["off_limits"]]
        assert ends == sorted(ends)
        assert data["next_lift"] == ends[0]

    def test_its_parts(self, recorded):
        out = recorded("now").out
        for part in ("Off limits now", "Allowed, but most published advice waits", "Do today",
                     "Next: "):  # fmt: skip
            assert part in out, part

    def test_when_all_is_over_it_says_so(self, recorded):
        done = recorded("now", now="2027-06-01T12:00:00+00:00")
        assert done.code == 0
        assert "Nothing in your rules is off limits now" in done.out

    def test_a_treatment_to_come_is_announced(self, run):
        run("plan", "--treated-at", "2026-11-25T10:00")
        out = run("now").out
        assert "New restrictions begin Wed 25 Nov, 10:00" in out


class TestHistory:
    def test_forget_and_its_undo(self, recorded):
        before = recorded("can-i", "retinol", "--json").out
        done = recorded("forget", "1")
        command = done.out.splitlines()[1].split()
        assert recorded("can-i", "retinol").code == 4
        assert command[0] == "aftercare"
        assert recorded(*command[1:]).code == 0
        after = recorded("can-i", "retinol", "--json").out
        assert after.replace('"treatment": 2', '"treatment": 1') == before

    def test_correct_and_its_undo(self, recorded):
        before = recorded("plan", "--json").out
        changes = ("--treated-at", "2026-11-22T18:30", "--fact", "depth_mm=2")
        done = recorded("correct", "1", *changes)
        assert "Sun 22 Nov 2026, 18:30" in done.out
        undo = done.out.splitlines()[-1].partition("aftercare ")[2].split()
        assert recorded("plan", "--json").out != before
        assert recorded(*undo).code == 0
        assert recorded("plan", "--json").out == before

    def test_it_lists_latest_first(self, recorded):
        recorded("plan", "--treated-at", "2026-11-01T10:00", "--person", "Ana")
        treatments = json.loads(recorded("history", "--json").out)["treatments"]
        assert [(t["id"], t["person"]) for t in treatments] == [(1, ""), (2, "Ana")]
        assert "for Ana" in recorded("history", "--person", "ana").out

    @pytest.mark.parametrize(
        "command", [("forget", "7"), ("correct", "7", "--fact", "a=1"), ("correct", "1")]
    )
    def test_what_is_not_there_cannot_be_changed(self, recorded, command):
        assert recorded(*command).code == 2


class TestMe:
    def test_facts_are_kept_shown_and_removed(self, run):
        assert "depth_mm: not given" in run("me").out
        assert "depth_mm=1.5" in run("me", "depth_mm=1.5").out
        assert json.loads(run("me", "--json").out)["facts"] == {"depth_mm": 1.5}
        assert "depth_mm: not given" in run("me", "depth_mm=").out

    def test_a_fact_nobody_declared_is_refused(self, run):
        assert run("me", "shoe_size=43").code == 2


class TestRules:
    def test_check_reports_each_problem_with_its_line(self, run, tmp_path):
        file = tmp_path / "mine.yaml"
        file.write_text("format: 1\ntitle: Mine\nversion: '1'\ntreatmens: {}\n")
        done = run("rules", "check", str(file))
        assert (done.code, done.out) == (5, "")
        assert f"{file}:4:1: unknown key 'treatmens'; did you mean 'treatments'?" in done.err
        assert run("rules", "check").code == 0

    def test_list_show_schema_path(self, run):
        assert "retinoids: avoid for 48h, better 5d" in run("rules", "list").out
        shown = run("rules", "show", "glycolic", "acid").out
        assert "microneedling.avoid.acids: 48h" in shown
        assert "(aha)" in shown
        assert json.loads(run("rules", "schema").out)["$schema"]
        assert run("rules", "path").out.strip().endswith("rules.yaml")
        assert run("rules", "show", "unobtainium").code == 2

    def test_a_wrong_rule_file_ends_with_5_and_records_nothing(self, run, tmp_path):
        file = tmp_path / "mine.yaml"
        file.write_text("format: 1\n")
        done = run("plan", *YESTERDAY, "--rules", str(file))
        assert done.code == 5
        assert run("history").code == 4


class TestExitCodes:
    def test_a_wrong_store_ends_with_6(self, recorded, home):
        (home / "aftercare.db").write_text("no database" * 500)
        for command in (("can-i", "retinol"), ("plan", *YESTERDAY), ("history",)):
            done = recorded(*command)
            assert (done.code, done.out) == (6, "")
            assert "move it away" in done.err

    def test_a_wrong_option_ends_with_2(self, run):
        assert run("can-i", "retinol", "--nonsense").code == 2
        assert run("nonsense").code == 2
        assert run("can-i").code == 2

    def test_help_tells_the_exit_codes(self, run):
        words = re.sub(r"\s+", " ", run("--help").out)
        assert "0 yes or done, 1 no, 2 wrong usage or input, 3 unknown, 4 nothing recorded" in words


HOSTILE = [
    "[bold]retinol[/bold]", "[/x]", ":fire:", "\x1b[31mretinol\x1b[0m", "retinol\x00",
    "\u202eloniter", "x" * 10_000, "retinol " * 1200, "\ud800".encode("utf-8", "replace").decode(),
    "a\nb\rc", "", " ", "?", "\u200b\u200b", "%s%n{0}", "ﷺ" * 500, "🧴",
]  # fmt: skip


@pytest.mark.parametrize("item", HOSTILE)
@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_any_item_is_shown_harmlessly(recorded, item, columns):
    done = recorded("can-i", item, columns=columns)
    assert done.code in (1, 3)
    assert len(done.out) < 5000
    for character in done.out:
        assert character == "\n" or character.isprintable(), repr(character)
    if columns > 40:
        assert all(len(line) <= columns or "http" in line for line in done.out.splitlines())
    assert json.loads(recorded("can-i", item, "--json").out)["item"] == item


@pytest.mark.parametrize("person", HOSTILE[:8])
def test_any_person_is_shown_harmlessly(run, person):
    done = run("plan", *YESTERDAY, "--person", person)
    assert done.code == 0
    assert "\x1b" not in done.out
    assert run("can-i", "retinol", "--person", person).code == 1
    assert "\x1b" not in run("history").out


@pytest.mark.parametrize("columns", [20, 40, 64, 80, 120])
@pytest.mark.parametrize("command", [("plan",), ("now",), ("history",), ("rules", "list")])
def test_nothing_runs_over_the_edge(recorded, command, columns):
    done = recorded(*command, columns=columns)
    assert max(len(line) for line in done.out.splitlines()) <= columns


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_without_unicode_gets_a_readable_form(clean_environment, encoding):
    environment = clean_environment | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "aftercare", "plan", *YESTERDAY],
        env=environment, capture_output=True, check=True,
    )  # fmt: skip
    out = done.stdout.decode(encoding)
    assert "###" in out
    assert "?" not in out


def test_colour_only_where_it_is_wanted(recorded):
    assert "\x1b" not in recorded("plan").out
    assert "\x1b" not in recorded("plan", GITHUB_ACTIONS="true").out
    assert "\x1b" in recorded("plan", FORCE_COLOR="1").out


@pytest.mark.parametrize("zone", ["Europe/London", ":America/New_York", "Asia/Kolkata"])
def test_the_machine_s_zone_is_used_and_named(run, zone):
    done = run("plan", "--treated-at", "2026-11-22T15:00", zone=zone)
    assert zone.lstrip(":") in done.out


def test_the_clock_of_the_environment_must_be_a_time(run):
    done = run("can-i", "retinol", *YESTERDAY, now="noonish")
    assert done.code == 2
    assert "AFTERCARE_NOW" in done.err


@pytest.fixture
def ended(clean_environment):
    """Run a program's command with a stdout of its own; return how it ended and what it said."""

    def ended(arguments, stdout, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "aftercare", *arguments],
            env=clean_environment | environment, stdout=stdout, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.returncode, done.stderr

    return ended


@pytest.mark.parametrize("unbuffered", ["1", ""])
@pytest.mark.parametrize(
    "command",
    ["can-i retinol", "can-i hyaluronic acid", "can-i retinol --zone UTC", "now --short", "plan",
     "calendar", "history --json"],
)  # fmt: skip
class TestAnAnswerThatCannotBeWritten:
    """It is never taken for an answer: neither for a yes, which is 0, nor for a no, which is 1."""

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full: a disk that is full")
    def test_on_a_full_disk(self, recorded, ended, command, unbuffered):
        for colour in ({}, {"FORCE_COLOR": "1"}):
            with open("/dev/full", "wb") as full:
                code, said = ended(command.split(), full, PYTHONUNBUFFERED=unbuffered, **colour)
            assert code == 8
            assert re.fullmatch("aftercare: the answer cannot be written: .*\n", said)

    def test_to_a_reader_that_went_away(self, recorded, ended, command, unbuffered):
        for colour in ({}, {"FORCE_COLOR": "1"}):
            reading, writing = os.pipe()
            os.close(reading)
            found = ended(command.split(), writing, PYTHONUNBUFFERED=unbuffered, **colour)
            os.close(writing)
            assert found == (8, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full: a disk that is full")
@pytest.mark.parametrize("unbuffered", ["1", ""])
def test_help_that_cannot_be_written_is_no_fault(ended, unbuffered):
    with open("/dev/full", "wb") as full:
        code, said = ended(["--help"], full, PYTHONUNBUFFERED=unbuffered)
    assert code == 8
    assert re.fullmatch("aftercare: the answer cannot be written: .*\n", said)


@pytest.mark.parametrize("where", ["aftercare.cli.door.answer", "aftercare.cli.main.main"])
def test_a_fault_of_the_program_is_neither_a_yes_nor_a_no(clean_environment, where):
    module, _, name = where.rpartition(".")
    program = (
        f"import {module}\n"
        f"def fails(*_): raise RuntimeError('a fault')\n"
        f"{module}.{name} = fails\n"
        "from aftercare.__main__ import main\n"
        "main()\n"
    )
    words = ["can-i", "retinol"] if "door" in where else ["history"]
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        env=clean_environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 70
    assert "RuntimeError: a fault" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="closes a stream as a shell does: POSIX")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize(
    ("command", "code"),
    [("can-i retinol", 1), ("can-i hyaluronic acid", 0), ("plan", 0), ("forget 9", 2)],
)
def test_a_closed_stream_changes_no_answer(recorded, clean_environment, command, code, closed):
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m aftercare {command} {closed}', sys.executable],
        env=clean_environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == code
    assert done.stdout == "" if ">&-" in closed.split() else (done.stdout or code == 2)
    assert "Traceback" not in done.stderr


def test_every_command_runs_as_a_program(clean_environment):
    def aftercare(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "aftercare", *arguments],
            env=clean_environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    expected = [
        (("--version",), 0),
        (("can-i", "retinol"), 4),
        (("plan", *YESTERDAY), 0),
        (("can-i", "retinol"), 1),
        (("can-i", "hyaluronic", "acid"), 0),
        (("can-i", "unobtainium"), 3),
        (("now",), 0),
        (("history",), 0),
        (("me", "depth_mm=0.5"), 0),
        (("correct", "1", "--fact", "depth_mm=1"), 0),
        (("rules", "check"), 0),
        (("rules", "list"), 0),
        (("rules", "show", "retinoids"), 0),
        (("rules", "schema"), 0),
        (("rules", "path"), 0),
        (("forget", "1"), 0),
        (("forget", "1"), 2),
        (("nonsense",), 2),
    ]
    for arguments, code in expected:
        done = aftercare(*arguments)
        assert done.returncode == code, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
        assert bool(done.stdout) == (code in (0, 1, 3))


def test_times_are_told_to_the_second_where_there_are_seconds(run):
    run("plan", "--treated-at", "2026-11-22T15:00:37")
    assert run("can-i", "retinol").first_line.startswith("No, not until Tue 24 Nov, 15:00:37")


def test_an_assumption_about_time_is_said(run):
    done = run("plan", "--treated-at", "2026-10-25 01:30", "--dry-run")
    assert "twice" in done.out
    done = run("can-i", "retinol", "--treated-at", "2026-11-22", "--json")
    assert "end of" in done.err


def test_a_relative_time_counts_from_the_minute(run):
    moment = (NOW + timedelta(seconds=42)).isoformat()
    data = json.loads(run("plan", "--treated-at", "2h ago", "--json", now=moment).out)
    assert data["treatments"][0]["treated_at"] == "2026-11-23T09:00:00+00:00"
