"""Many appointments at once: the same plans as one by one, and files that are whole or absent."""

import csv
import io
import itertools
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from conftest import NOW, rules_of
from hypothesis import given
from hypothesis import strategies as st

import aftercare
from aftercare import Appointment, PlanRow, Rejected, Treatment, plan, plan_rows
from aftercare.batch import reading
from aftercare.batch import run as running
from aftercare.batch.rows import Planner
from aftercare.batch.run import plan_file
from aftercare.batch.workers import in_order
from aftercare.batch.writing import Folder, file_name
from aftercare.core.reminders import due
from aftercare.core.spans import instant_of
from aftercare.errors import AftercareError, InputError, TimeError
from aftercare.outputs.phrases import iso
from aftercare.when import parse_when
from aftercare.when.absolute import absolute_time

HEAD = "client,treatment,treated_at,zone,depth_mm\n"
LINE = "Ann,microneedling,2026-11-22T15:00,Europe/London,0.5\n"

#: Rules in which hours and days overtake each other when the clock changes.
CLOSE = """
avoid:
  retinoids: {for: 120h, usual: 5d, why: Deep}
  makeup: {for: 1d, usual: 24h, why: Open}
  exercise:
    for: 24h
    why: Sweat
    longer:
      - if: {depth_mm: ">= 0.8"}
        for: 1d
      - if: {skin: sensitive}
        for: 25h
        usual: 2d
      - if: {smoker: true}
        for: 48h
care:
  sunscreen: {every: day, at: "08:00", for: 14d}
"""

#: Zones of every temper, and times of 2026 that lie about their changes as often as not.
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
         "Pacific/Apia", "America/Santiago", "Asia/Kathmandu", "UTC"]  # fmt: skip
CHANGES = [datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2026, 3, 8),
           datetime(2026, 11, 1), datetime(2026, 4, 5), datetime(2026, 10, 4),
           datetime(2026, 2, 15), datetime(2026, 3, 22), datetime(2026, 9, 6)]  # fmt: skip
walls = st.one_of(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(CHANGES),
        st.integers(-8 * 1440, 1440),
    ),
).map(lambda at: at.replace(second=0, microsecond=0))
facts = st.fixed_dictionaries(
    {},
    optional={
        "depth_mm": st.sampled_from(["0.5", "0.8", "2"]),
        "skin": st.sampled_from(["normal", "Sensitive"]),
        "smoker": st.sampled_from(["yes", "no"]),
    },
)


def one_by_one(client, kind, at, zone, given_facts, rules):
    """The rows of one appointment by the public way: `plan`, and nothing else."""
    done = plan(Treatment(kind, at, zone, given_facts), rules)
    place = ZoneInfo(zone)
    for r in done.restrictions:
        yield (
            "1", client, done.protocols[0].id, zone, iso(r.starts, place), r.thing, r.title,
            iso(r.ends, place), iso(r.usual_ends, place), r.decided_by, " ".join(r.open_facts),
            f"{rules.version}+{rules.sha256[:12]}",
        )  # fmt: skip


def write(path, *lines, head=HEAD, encoding="utf-8"):
    path.write_text(head + "".join(lines), encoding=encoding, newline="")
    return path


def many(count):
    """Lines of appointments through a year, over zones and depths, some of them wrong."""
    start = datetime(2026, 1, 1)
    for n in range(count):
        at = (start + timedelta(minutes=4_447 * n % 525_600)).isoformat(timespec="minutes")
        depth = ("0.5", "", "2", "7")[n % 4]
        yield f"C{n},microneedling,{at},{ZONES[n % len(ZONES)]},{depth}\n"


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class TestTheRowsAreThoseOfThePlan:
    @given(appointments=st.lists(st.tuples(walls, st.sampled_from(ZONES), facts), max_size=8))
    def test_whatever_the_zone_the_facts_and_the_clock(self, appointments):
        rules = rules_of(CLOSE)
        given_rows, expected = [], []
        for n, (wall, zone, own) in enumerate(appointments):
            client, at = f"client {n}", wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            given_rows.append({"client": client, "treatment": "Needling", "zone": zone,
                               "treated_at": at.isoformat(), **own})  # fmt: skip
            expected += one_by_one(client, "needling", at, zone, own, rules)
        assert [tuple(row) for row in plan_rows(given_rows, rules)] == expected

    @given(
        wall=walls,
        zone=st.one_of(st.sampled_from(ZONES), st.sampled_from(sorted(available_timezones()))),
        own=facts,
    )
    def test_a_local_time_is_read_as_the_command_line_reads_it(self, wall, zone, own):
        """Read twice: the second time by what was remembered of the first."""
        rules = rules_of(CLOSE)
        text = wall.isoformat(timespec="minutes")
        later = wall.replace(tzinfo=UTC) + timedelta(days=400)
        at = parse_when(text, now=later, zone=zone, prefer="past").at
        appointment = Appointment("Ann", "needling", text, zone, tuple(own.items()))
        expected = [*one_by_one("Ann", "needling", at, zone, own, rules)]
        found = plan_rows([appointment, appointment], rules)
        assert [tuple(row) for row in found] == expected * 2

    @given(walls=st.lists(walls, min_size=2, max_size=12), zone=st.sampled_from(ZONES), own=facts)
    def test_what_is_remembered_of_one_is_right_for_the_next(self, walls, zone, own):
        rules = aftercare.load_rules() if not own else rules_of(CLOSE)
        kind = "microneedling" if not own else "needling"
        given_rows, expected = [], []
        for wall in walls:
            at = instant_of(wall, ZoneInfo(zone))
            given_rows.append(Appointment("Ann", kind, wall.isoformat(), zone, tuple(own.items())))
            expected += one_by_one("Ann", kind, at, zone, own, rules)
        assert [tuple(row) for row in plan_rows(given_rows, rules)] == expected

    @given(
        client=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        delimiter=st.sampled_from(",;"),
    )
    def test_written_as_csv_they_are_the_same_rows(self, client, delimiter):
        rules = rules_of(CLOSE.replace("Deep", "100 % deep"))
        appointment = Appointment(client, "needling", "2026-11-22T15:00", "UTC")
        planned = Planner(rules).planned(appointment)
        text = planned.csv(delimiter).decode()
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        assert [tuple(row) for row in read] == list(planned.rows())

    def test_written_as_csv_the_shipped_rules_are_the_same_rows_too(self):
        rules = aftercare.load_rules()
        planner = Planner(rules)
        for kind, day in itertools.product(rules.protocols, (1, 2)):
            planned = planner.planned(Appointment("Ann", kind, f"2026-06-0{day}T20:30", "UTC"))
            read = csv.reader(io.StringIO(planned.csv(",").decode(), newline=""))
            assert [tuple(row) for row in read] == list(planned.rows())

    def test_by_the_shipped_rules_in_their_order(self):
        rules = aftercare.load_rules()
        row = {"client": "Ann", "treatment": "exosome facial", "treated_at": "2026-10-20T15:00",
               "zone": "Europe/London", "depth_mm": 0.9}  # fmt: skip
        at = datetime(2026, 10, 20, 15, tzinfo=ZoneInfo("Europe/London"))
        expected = one_by_one("Ann", "microneedling", at, "Europe/London", {"depth_mm": 0.9}, rules)
        assert [tuple(r) for r in plan_rows([row], rules)] == list(expected)

    def test_a_case_that_was_forgotten_is_asked_again(self, monkeypatch):
        monkeypatch.setattr("aftercare.batch.rows.MOST_CASES", 1)
        rules = rules_of(CLOSE)
        rows = [Appointment("Ann", "needling", f"2026-10-{day}T15:00", "Europe/London",
                            (("depth_mm", depth),))
                for day, depth in itertools.product((19, 20, 22, 23), ("0.5", "2"))]  # fmt: skip
        alone = [row for a in rows for row in plan_rows([a], rules)]
        assert list(plan_rows(rows, rules)) == alone


class TestOneFunction:
    def test_it_is_lazy(self):
        endless = ({"client": n, "treatment": "needling", "treated_at": "2026-11-22T15:00",
                    "zone": "UTC"} for n in itertools.count())  # fmt: skip
        rows = plan_rows(endless, rules_of(CLOSE))
        assert [row.client for row in itertools.islice(rows, 6)] == ["0"] * 3 + ["1"] * 3

    def test_it_and_all_that_goes_in_and_out_can_be_pickled(self):
        rules = rules_of(CLOSE)
        assert pickle.loads(pickle.dumps(plan_rows)) is plan_rows
        row = Appointment("Ann", "needling", "2026-11-22T15:00", "UTC")
        out = list(plan_rows(pickle.loads(pickle.dumps([row])), pickle.loads(pickle.dumps(rules))))
        assert pickle.loads(pickle.dumps(out)) == list(plan_rows([row], rules))

    def test_what_has_no_plan_is_rejected_in_its_place(self):
        row = {"client": "Ann", "treatment": "needling", "treated_at": "2026-11-22T15:00"}
        first, second, *_ = plan_rows([row, {**row, "zone": "UTC"}], rules_of(CLOSE))
        assert first == Rejected("1", "", "Ann", "no zone is given; an IANA name: Europe/London")
        assert isinstance(second, PlanRow)

    def test_a_time_object_without_a_zone_is_rejected(self):
        row = {"client": "Ann", "treatment": "needling", "zone": "UTC"}
        for at in (datetime(2026, 11, 22, 15), datetime(2026, 11, 22, 15, tzinfo=UTC)):
            (first, *_) = plan_rows([{**row, "treated_at": at}], rules_of(CLOSE))
            assert isinstance(first, PlanRow if at.tzinfo else Rejected)


class TestTimesInAFile:
    @pytest.mark.parametrize(
        "text",
        ["22 Nov 2026 3pm", "Sun 22 Nov 2026, 15:00", "22.11.2026 15:00", "20261122T1500",
         "2026-11-22 15:00 Europe/London", "2026-11-22T16:00+01:00", "2026-11-22T15:00:00Z"],
    )  # fmt: skip
    def test_a_whole_date_is_read_however_it_is_written(self, text):
        assert absolute_time(text, "Europe/London") == datetime(2026, 11, 22, 15, tzinfo=UTC)

    def test_a_date_alone_counts_from_its_end_even_many_years_ago(self):
        at = datetime(2009, 11, 23, tzinfo=UTC)
        assert absolute_time("2009-11-22", "Europe/London") == at

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("03/04/2026 15:00", "3 Apr 2026 or 4 Mar 2026"),
            ("yesterday 3pm", "no year"),
            ("2h ago", "no year"),
            ("22 Nov 15:00", "no year"),
            ("sat 14:00 2026", "2026"),
            ("2026-02-30 12:00", "no 2026-02-30"),
            ("2026-11-22 15:00 Europe/Paris", "another zone"),
        ],
    )
    def test_what_depends_on_today_or_has_two_readings_is_refused(self, text, said):
        with pytest.raises(TimeError, match=said):
            absolute_time(text, "Europe/London")

    @given(text=st.text("0123456789-:T Z+.", max_size=25))
    def test_the_fast_way_reads_nothing_that_the_careful_way_refuses(self, text):
        appointment = Appointment("Ann", "needling", text.strip(), "Europe/London")
        (first, *_) = plan_rows([appointment], rules_of(CLOSE))
        (careful, *_) = plan_rows([appointment], rules_of(CLOSE), absolute_time)
        if isinstance(first, PlanRow):
            at = datetime.fromisoformat(first.treated_at)
            assert absolute_time(text.strip(), "Europe/London") == at
            assert careful == first


class TestFiles:
    @pytest.mark.parametrize("separator", ",;")
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_comma_or_semicolon_with_or_without_bom(self, run, tmp_path, separator, encoding, end):
        text = "Zoë Ñ,microneedling,2026-11-22T15:00,Europe/London,0.5\n"
        file = tmp_path / "a.csv"
        whole = (HEAD + text).replace(",", separator).replace("\n", end)
        file.write_text(whole, encoding=encoding, newline="")
        done = run("batch", str(file), "--out", str(tmp_path / "out"))
        assert done.code == 0
        assert done.out == f"1 appointment, 27 rows in {tmp_path / 'out' / 'plans.csv'}.\n"
        written = (tmp_path / "out" / "plans.csv").read_bytes()
        assert written.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
        assert written.decode("utf-8-sig").startswith(f"format_version{separator}client")
        rows = list(csv.DictReader(written.decode("utf-8-sig").splitlines(), delimiter=separator))
        assert len(rows) == 27
        assert {row["client"] for row in rows} == {"Zoë Ñ"}
        assert {row["format_version"] for row in rows} == {"1"}

    def test_columns_in_any_order_and_a_decimal_comma_where_semicolons_part(self, run, tmp_path):
        file = tmp_path / "a.csv"
        file.write_text("Zone;depth_mm;TREATED_AT;client;treatment;\n"
                        "Europe/London;0,9;2026-11-22 15:00;Ann;microneedling;;\n;;;;\n"
        )  # fmt: skip
        assert run("batch", str(file), "--out", str(tmp_path)).code == 0
        with open(tmp_path / "plans.csv", newline="") as written:
            rows = {row["thing"]: row for row in csv.DictReader(written, delimiter=";")}
        assert rows["exercise"]["decided_by"] == "microneedling.avoid.exercise if depth_mm >= 0.8"

    def test_a_bad_row_is_rejected_with_its_line_and_the_rest_goes_on(self, run, tmp_path):
        file = write(
            tmp_path / "a.csv",
            LINE,
            "Bob,lobotomy,2026-11-22T15:00,Europe/London,\n",
            '"two\nlines",microneedling,03/04/2026,Europe/London,\n',
            "\n",
            "Cid,microneedling,2026-11-22T15:00,,\n",
            "Dan,microneedling,2026-11-22T15:00,Mars/Base,\n",
            "Eve,microneedling,2026-11-22T15:00,UTC,deep\n",
            "Fay,microneedling,2026-11-22T15:00\n",
            ",microneedling,2026-11-22T15:00,UTC,\n",
            'Gus "G",microneedling,2026-11-22T15:00,UTC,\n',
            '"Hal"x,microneedling,2026-11-22T15:00,UTC,\n',
            "Ida,,2026-11-22T15:00,UTC,\n",
            "Jon,microneedling,yesterday 3pm,UTC,\n",
            "Kim,microneedling,,UTC,\n",
            "Leo,microneedling,1066-10-14T09:00,UTC,\n",
            LINE.replace("Ann", "Zoe"),
        )
        done = run("batch", str(file), "--out", str(tmp_path))
        assert done.code == 1
        assert "12 appointments rejected" in done.out
        wrong = {
            int(row["line"]): (row["client"], row["reason"])
            for row in table(tmp_path / "rejected.csv")
        }
        assert sorted(wrong) == [3, 4, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17]
        for line, client, said in [
            (3, "Bob", "no treatment 'lobotomy'"),
            (4, "two\nlines", "3 Apr 2026 or 4 Mar 2026"),
            (7, "Cid", "no zone"),
            (8, "Dan", "no time zone 'Mars/Base'"),
            (9, "Eve", "depth_mm cannot be 'deep'"),
            (10, "", "3 cells where the first line has 5"),
            (11, "", "no client"),
            (13, "", "a quote ends within its cell"),
            (14, "Ida", "no treatment is given"),
            (15, "Jon", "no year"),
            (16, "Kim", "no time is given"),
            (17, "Leo", "the year 1066"),
        ]:
            assert wrong[line][0] == client
            assert said in wrong[line][1]
        planned = [row["client"] for row in table(tmp_path / "plans.csv")]
        assert list(dict.fromkeys(planned)) == ["Ann", 'Gus "G"', "Zoe"]

    def test_a_broken_letter_or_an_open_quote_costs_its_own_row_only(self, tmp_path):
        file = tmp_path / "a.csv"
        lines = [LINE.encode(), LINE.encode().replace(b"Ann", b"Zo\xeb"), LINE.encode(),
                 b'"Bob' + LINE.encode(), LINE.encode(), b'"Eve"' + LINE.encode()[3:],
                 b'"' + b"x" * 200_000 + b"\n", LINE.encode(), b'"open\n']  # fmt: skip
        file.write_bytes(HEAD.encode() + b"".join(lines))
        done = plan_file(file, tmp_path, aftercare.load_rules())
        wrong = {int(row["line"]): row["reason"] for row in table(tmp_path / "rejected.csv")}
        assert "not UTF-8" in wrong[3]
        assert "quote" in wrong[5]
        assert "more than" in wrong[8]
        assert "never closed" in wrong[10]
        assert done.planned == 3

    @pytest.mark.parametrize(
        ("head", "said"),
        [
            ("client,treatment,treated_at\n", "no column zone"),
            ("client,treatment,treated_at,zone,dept_mm\n", "no fact 'dept_mm'"),
            ("client,treatment,treated_at,zone,client\n", "client is there twice"),
            ("", "no column client, treatment, treated_at, zone"),
            ("\0\n", "no column"),
        ],
    )
    def test_columns_that_would_make_every_plan_wrong_stop_it_at_once(
        self, run, tmp_path, head, said
    ):
        file = write(tmp_path / "a.csv", LINE if head else "", head=head)
        done = run("batch", str(file), "--out", str(tmp_path / "out"))
        assert done.code == 2
        assert said in done.err
        assert not list((tmp_path / "out").iterdir())

    def test_what_is_no_such_file_is_said(self, run, tmp_path):
        write(tmp_path / "a.csv", LINE, encoding="utf-16")
        (tmp_path / "folder").write_text("a file")
        (tmp_path / "long.csv").write_text(HEAD + "x" * 2_000_000)
        write(tmp_path / "b.csv", LINE)
        for name, out, said in [
            ("a.csv", "out", "UTF-16"),
            ("none.csv", "out", "cannot be read"),
            ("long.csv", "out", "million"),
            ("b.csv", "folder", "cannot be written into"),
        ]:
            done = run("batch", str(tmp_path / name), "--out", str(tmp_path / out))
            assert (done.code, said in done.err) == (2, True), done.err
        assert "--out" in run("batch", str(tmp_path / "b.csv")).err

    def test_the_files_are_their_owner_s_alone(self, tmp_path):
        plan_file(write(tmp_path / "a.csv", LINE), tmp_path / "out", aftercare.load_rules())
        assert {p.stat().st_mode & 0o77 for p in (tmp_path / "out").rglob("*")} == {0}


class TestWholeOrNotAtAll:
    def test_again_and_on_several_cores_the_bytes_are_the_same(self, tmp_path, monkeypatch):
        monkeypatch.setattr(reading, "BLOCK", 3_000)
        monkeypatch.setattr(running, "FEW", 2)
        quoted = LINE.replace("Ann", '"Ann\nof two ""lines"""')
        file = write(tmp_path / "a.csv", *many(300), quoted, *many(300))
        rules, seen = aftercare.load_rules(), []
        for number, jobs in enumerate((1, 4, 4)):
            done = plan_file(file, tmp_path / str(number), rules, jobs=jobs, progress=seen.append)
            assert done == (451, 451 * 27, 150)
        for name in ("plans.csv", "rejected.csv"):
            written = {(tmp_path / str(n) / name).read_bytes() for n in range(3)}
            assert len(written) == 1
        assert max(seen) == file.stat().st_size

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_killed_in_the_middle_it_leaves_nothing_half_written(
        self, tmp_path, clean_environment, jobs
    ):
        file = write(tmp_path / "a.csv", *many(40_000))
        out = tmp_path / "out"
        out.mkdir()
        (out / "plans.csv").write_text("of yesterday")
        command = [sys.executable, "-m", "aftercare", "batch", str(file), "--out", str(out)]
        process = subprocess.Popen([*command, "--jobs", str(jobs)], env=clean_environment)
        part = out / "plans.csv.part"
        wait_for(lambda: part.exists() and part.stat().st_size > 1_000_000)
        children = children_of(process.pid)
        process.kill()
        process.wait()
        assert (out / "plans.csv").read_text() == "of yesterday"
        assert not (out / "rejected.csv").exists()
        wait_for(lambda: not any(map(alive, children)))
        write(file, *many(400))
        subprocess.run(command, env=clean_environment, capture_output=True)
        plan_file(file, tmp_path / "other", aftercare.load_rules(), read_time=absolute_time)
        assert sorted(p.name for p in out.iterdir()) == ["plans.csv", "rejected.csv"]
        for name in ("plans.csv", "rejected.csv"):
            assert (out / name).read_bytes() == (tmp_path / "other" / name).read_bytes()

    def test_stopped_by_hand_it_takes_its_parts_away(self, tmp_path, clean_environment):
        file = write(tmp_path / "a.csv", *many(40_000))
        out = tmp_path / "out"
        process = subprocess.Popen(
            [sys.executable, "-m", "aftercare", "batch", str(file), "--out", str(out),
             "--jobs", "2"],
            env=clean_environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        part = out / "plans.csv.part"
        wait_for(lambda: part.exists() and part.stat().st_size > 1_000_000)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) != 0
        assert not list(out.iterdir())

    def test_two_runs_do_not_write_into_one_folder(self, run, tmp_path):
        file = write(tmp_path / "a.csv", LINE)
        with Folder(tmp_path / "out"):
            done = run("batch", str(file), "--out", str(tmp_path / "out"))
        assert done.code == 2
        assert "another run" in done.err
        assert run("batch", str(file), "--out", str(tmp_path / "out")).code == 0

    def test_a_full_disk_leaves_what_was_there(self, tmp_path):
        if not os.path.exists("/dev/full"):
            return
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "rejected.csv.part").symlink_to("/dev/full")
        (tmp_path / "out" / "plans.csv").write_text("of yesterday")
        file = write(tmp_path / "a.csv", "Bob,lobotomy,2026-11-22T15:00,Europe/London,\n")
        with pytest.raises(InputError, match="No space"):
            plan_file(file, tmp_path / "out", aftercare.load_rules())
        assert [p.name for p in (tmp_path / "out").iterdir()] == ["plans.csv"]
        assert (tmp_path / "out" / "plans.csv").read_text() == "of yesterday"

    def test_memory_does_not_grow_with_the_rows(self, tmp_path):
        rules = aftercare.load_rules()
        peaks = []
        for count in (2_000, 2_000, 10_000):  # the first fills what is kept
            file = write(tmp_path / "a.csv", *many(count))
            tracemalloc.start()
            plan_file(file, tmp_path, rules)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[2] < 1.3 * peaks[1]


def wait_for(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in half a minute")


def children_of(process):
    """The processes that a process started; empty where the system does not tell."""
    try:
        return Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []


def alive(process):
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def slowest_first(number):
    time.sleep(0.02 if number % 3 == 0 else 0)
    if number == 99:
        raise InputError("no good number", "take another")
    return number * number


def die(number):
    os._exit(number)


class TestWorkers:
    def test_results_come_in_the_order_of_the_tasks(self):
        assert list(in_order(slowest_first, range(30), 3)) == [n * n for n in range(30)]

    def test_few_tasks_and_one_job_need_no_process(self):
        here = [os.getpid()]
        assert list(in_order(lambda _: os.getpid(), range(3), 4, few=3)) == here * 3
        assert list(in_order(lambda _: os.getpid(), range(9), 1)) == here * 9
        assert list(in_order(slowest_first, [], 4)) == []

    def test_an_error_in_a_worker_is_raised_here(self):
        with pytest.raises(InputError, match="no good number") as raised:
            list(in_order(slowest_first, range(90, 100), 2))
        assert raised.value.hint == "take another"

    def test_a_worker_that_dies_is_said(self):
        with pytest.raises(AftercareError, match="stopped from outside"):
            list(in_order(die, range(5, 50), 2))


class TestFilesOfClients:
    HOSTILE = ("../../etc/passwd", "CON", "nul.txt", "Zoë", "Zoe", "zoe", "ZOE", ".", "..", "",
               " ", "a/b", "a\\b", "a" * 5_000, "李", "李雷", "\u202eexe", "-rf", "a\0b", "x:y",
               "~")  # fmt: skip

    def test_a_name_is_safe_stable_and_another_for_each_client(self):
        names = [file_name(client) for client in self.HOSTILE]
        assert len(set(names)) == len(names)
        for name in names:
            assert len(name) <= 57
            assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
            assert name[0] != "-"
        assert file_name("Zoë Müller") == "zoe-muller-" + file_name("Zoë Müller")[-16:]

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_all_treatments_of_a_client_are_in_one_page_calendar_and_record(
        self, run, tmp_path, jobs
    ):
        clients = ["Ann", "../evil", "Zoë", "Ann", *map(str, range(20))]
        file = write(tmp_path / "a.csv", *(
            f"{client},microneedling,2026-11-{22 - (n % 4)}T15:00,Europe/London,0.5\n"
            for n, client in enumerate(clients)
        ), "Bad,microneedling,tomorrow,Europe/London,\n")  # fmt: skip
        done = run("batch", str(file), "--out", str(tmp_path / "out"), "--pages", "--calendars",
                   "--fhir", "--jobs", jobs, "--clinic", "Our <clinic>")  # fmt: skip
        assert done.code == 1, done.err
        rows = table(tmp_path / "out" / "files.csv")
        assert list(dict.fromkeys(row["client"] for row in rows)) == list(dict.fromkeys(clients))
        for row in rows:
            assert (tmp_path / "out" / row["file"]).stat().st_size > 1000
        assert len(rows) == 3 * len(set(clients))
        found = [p for p in (tmp_path / "out").rglob("*") if p.is_file()]
        assert len(found) == len(rows) + 3
        ann = tmp_path / "out" / "fhir" / f"{file_name('Ann')}.json"
        assert len(json.loads(ann.read_text())["contained"]) == 2
        page = (tmp_path / "out" / "pages" / f"{file_name('Ann')}.html").read_text()
        assert "Our &lt;clinic&gt;" in page
        before = {p: p.read_bytes() for p in found}
        run("batch", str(file), "--out", str(tmp_path / "out"), "--pages", "--calendars", "--fhir",
            "--clinic", "Our <clinic>", now=NOW + timedelta(days=3))  # fmt: skip
        assert {p: p.read_bytes() for p in found} == before


class TestDue:
    SPAN = ("2026-11-24 00:00", "2026-11-26 00:00")

    def file(self, folder):
        return write(
            folder / "a.csv",
            "Ann,microneedling,2026-11-22T15:00,Europe/London,0.5\n",
            "Bob,microneedling,2026-11-22T16:00,Asia/Tokyo,\n",
            "Ann,microneedling,2026-11-23T15:00,Europe/London,0.5\n",
            "Old,microneedling,2024-11-23T15:00,Europe/London,0.5\n",
            "New,microneedling,2027-11-23T15:00,Europe/London,0.5\n",
            "Bad,microneedling,2026-11-23T15:00,,\n",
        )

    def test_it_lists_what_each_client_is_to_hear(self, run, tmp_path):
        done = run("batch", str(self.file(tmp_path)), "--due", *self.SPAN)
        assert done.code == 1
        assert f"{tmp_path / 'a.csv'}:7: no zone is given" in done.err
        rows = list(csv.DictReader(done.out.splitlines()))
        assert list(dict.fromkeys(row["client"] for row in rows)) == ["Ann", "Bob"]
        rules = aftercare.load_rules()
        tokyo = ZoneInfo("Asia/Tokyo")
        bob = plan(
            Treatment("microneedling", datetime(2026, 11, 22, 16, tzinfo=tokyo), facts={}, id=1),
            rules,
        )
        since, until = datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC)
        expected = [
            (
                r.at.astimezone(tokyo).isoformat(),
                n.kind,
                n.thing,
                "; ".join(o.title for o in r.still_off),
            )
            for r in due([bob], since, until)
            for n in r.notices
        ]
        told = [
            (r["due_at"], r["kind"], r["thing"], r["still_off"])
            for r in rows
            if r["client"] == "Bob"
        ]
        assert told == expected
        # Ann was treated again: what the first treatment frees the second still forbids.
        freed = {
            r["thing"]: r["due_at"] for r in rows if r["client"] == "Ann" and r["kind"] == "lift"
        }
        assert freed["makeup"].startswith("2026-11-24T15:00")

    def test_spans_that_meet_tell_everything_once(self, run, tmp_path):
        file, days = self.file(tmp_path), [f"2026-11-{day} 00:00" for day in (22, 24, 25, 29)]
        parts = [
            run("batch", str(file), "--due", *span).out.splitlines()[1:]
            for span in itertools.pairwise(days)
        ]
        whole = run("batch", str(file), "--due", days[0], days[-1]).out.splitlines()[1:]
        assert sorted(line for part in parts for line in part) == sorted(whole)

    def test_into_a_folder(self, run, tmp_path):
        file = self.file(tmp_path)
        printed = run("batch", str(file), "--due", *self.SPAN).out
        done = run("batch", str(file), "--due", *self.SPAN, "--out", str(tmp_path / "out"))
        assert (tmp_path / "out" / "due.csv").read_bytes().decode() == printed
        assert "rows in" in done.out

    def test_a_span_the_wrong_way_round_is_refused(self, run, tmp_path):
        file = str(self.file(tmp_path))
        assert run("batch", file, "--due", *reversed(self.SPAN)).code == 2
        assert run("batch", file, "--due", *self.SPAN, "--pages").code == 2


def test_a_terminal_sees_a_bar_and_a_pipe_one_line(tmp_path, clean_environment):
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here")
    file = write(tmp_path / "a.csv", *many(3_000))
    here, there = pty.openpty()
    environment = {**clean_environment, "TERM": "xterm-256color", "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-m", "aftercare", "batch", str(file), "--out", str(tmp_path)],
        env=environment, stdout=subprocess.PIPE, stderr=there,
    )  # fmt: skip
    os.close(there)
    assert b"Plans" in os.read(here, 100_000)
    os.close(here)
    assert done.stdout.decode().count("\n") == 1
