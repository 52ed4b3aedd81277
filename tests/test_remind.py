"""Reminders arrive: once, while they are true, whatever happens on the way."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import NOW
from receiver import WAYS, receiver
from simulation import MINUTE, ZONES, judge, simulate

from aftercare import Treatment, due, load_rules, plan
from aftercare.core.reminders import Letter
from aftercare.core.schedule import over_at
from aftercare.delivery.courier import Case, Channel, go_round
from aftercare.store import Store
from aftercare.store.ledger import WAITING, Ledger

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def rules():
    return load_rules()


@pytest.fixture
def treated(run):
    """A treatment of yesterday 15:00, recorded now."""
    assert run("plan", "--treated-at", "yesterday 3pm").code == 0


@pytest.mark.parametrize("zone", ZONES)
def test_minute_by_minute_all_that_is_true_is_told_once(zone, rules, tmp_path):
    """Sleeps, crashes, failures, two processes at once; round a clock change of the zone."""
    start = change_in(zone) - 30 * HOUR
    treated = [start + 3 * HOUR, start + 31 * HOUR]
    end = start + 4 * DAY
    arrived, plans, shown, ticks, _ = simulate(zone, treated, start, end, 1, tmp_path, rules=rules)
    counts = judge(zone, arrived, plans, shown, ticks, start, end)
    assert counts["told"] > 10


def change_in(zone):
    """The first clock change of a zone in the autumn of 2026, or any moment."""
    from zoneinfo import ZoneInfo

    at = datetime(2026, 9, 1, tzinfo=UTC)
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    while at.year == 2026 and at.astimezone(ZoneInfo(zone)).utcoffset() == offset:
        at += HOUR
    return at


class Life:
    """A record with one treatment, its ledger, and rounds of the courier at chosen moments."""

    def __init__(self, home, rules):
        self.store = Store(home / "aftercare.db")
        self.ledger = Ledger(self.store)
        treatment = Treatment("microneedling", NOW, "Europe/London")
        wanted = plan(treatment, rules)
        id, _ = self.store.record(treatment, over_at(wanted), (rules.sha256, {}), NOW)
        self.plan = plan(treatment.replace(id=id), rules)

    def round(self, now, *channels, write=None):
        def texts(case, notices, repeated):
            return Letter("repeat" if repeated else "first", " ".join(n.key for n in notices))

        def case_of(person):
            return Case(person, (self.plan,), {1: NOW})

        zone = self.plan.treatments[0].treated_at.tzinfo
        return go_round(self.ledger, channels, case_of, write or texts, now, zone)


@pytest.fixture
def life(tmp_path, rules):
    return Life(tmp_path, rules)


class TestAFarEndThatFails:
    def test_ledger_and_receiver_agree_in_the_end(self, life):
        """It drops, delays, answers 500 and closes half-way."""
        pytest.importorskip("apprise")
        from aftercare.delivery.notify import Notifier

        chance = random.Random(20261123)
        with receiver() as far:
            far.pause = 1.3
            far.ways = [chance.choice(WAYS) for _ in range(12)]
            channel = Channel("far", "far", Notifier(far.url).send)
            now, outcomes = NOW, []
            while now < NOW + 3 * DAY:
                outcomes += life.round(now, channel)
                now += 10 * MINUTE
        failed = [o for o in outcomes if o.error]
        delivered = [o for o in outcomes if not o.error]
        assert failed
        accepted = [(m["title"], m["message"].split()) for m in far.accepted]
        arrived = [key for _, keys in accepted for key in keys]
        known = life.ledger.deliveries("far", "")
        assert {key for key, d in known.items() if d.done} == set(arrived)
        assert {n.key for o in delivered for n in o.notices} == set(arrived)
        seen = set()
        for title, keys in accepted:  # what comes a second time says so
            assert title == "repeat" or not seen & set(keys)
            seen |= set(keys)
        expected = {
            n.key
            for r in due([life.plan], NOW + MINUTE, NOW + 3 * DAY)
            for n in r.notices
            if n.kind != "care"
        }
        assert expected <= set(arrived)

    def test_it_does_not_hold_up_the_others(self, life):
        arrived, waited_for = threading.Event(), []

        def stuck(letter):
            waited_for.append(arrived.wait(timeout=60))
            raise OSError("too slow")

        life.round(
            NOW + 25 * HOUR,
            Channel("a", "a", stuck),
            Channel("b", "b", lambda letter: arrived.set()),
        )
        assert waited_for == [True]

    def test_it_is_tried_again_with_growing_pauses(self, life):
        tries, now = [], NOW + 25 * HOUR

        def fail(letter):
            tries.append(now)
            raise OSError("no")

        while now < NOW + 30 * HOUR:
            life.round(now, Channel("a", "a", fail))
            now += MINUTE
        pauses = [b - a for a, b in pairwise(tries)]
        assert pauses[:6] == [MINUTE * n for n in (1, 2, 4, 8, 16, 32)]
        assert set(pauses[6:]) <= {HOUR}

    def test_what_is_not_true_any_more_is_never_sent(self, life):
        down, letters = True, []

        def send(letter):
            if down:
                raise OSError("no")
            letters.append(letter.body)

        channel = Channel("a", "a", send)
        life.round(NOW + 21 * HOUR, channel)  # 08:00, sunscreen
        down = False
        life.round(NOW + 40 * HOUR, channel)
        assert letters
        assert not [body for body in letters if "care:sunscreen:2026-11-24" in body]


def test_a_laptop_that_slept_a_day_gets_one_message(life):
    letters = []
    life.round(NOW + 49 * HOUR, Channel("a", "a", letters.append))
    assert len(letters) == 1
    assert letters[0].body.count("lift:") > 10


def test_two_processes_do_not_deliver_at_once(life):
    with life.ledger.alone() as first, Ledger(life.store).alone() as second:
        assert (first, second) == (True, False)


def test_an_index_finds_who_is_waiting(life):
    with life.store.reading() as db:
        steps = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + WAITING, (0,))]
    assert any("agenda_by_time" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps


class TestCommands:
    def test_without_a_target_it_is_printed_once(self, run, treated):
        first = run("remind", "run", now=NOW + 4 * HOUR, TERM="xterm")
        assert first.code == 0
        assert "Since Mon 23 Nov, 15:00 you may again: " in first.out
        assert "Make-up" in first.out
        assert "Still off limits: " in first.out
        assert run("remind", "run", now=NOW + 4 * HOUR, TERM="xterm").out == ""

    def test_late_is_fine_while_it_is_true(self, run, treated):
        late = run("remind", "run", now=NOW + 28 * HOUR, TERM="xterm")
        assert "Since Mon 23 Nov, 15:00 you may again: " in late.out
        much_later = run("remind", "run", now=NOW + 300 * DAY, TERM="xterm")
        assert (much_later.code, much_later.out) == (0, "")

    def test_what_was_over_when_the_plan_was_shown_is_not_told(self, run, treated):
        assert run("remind", "run", now=NOW, TERM="xterm").out == ""

    def test_a_corrected_time_is_told_anew(self, run, treated):
        run("remind", "run", now=NOW + 4 * HOUR, TERM="xterm")
        run("correct", "1", "--treated-at", "today 9am")
        again = run("remind", "run", now=NOW + 22 * HOUR, TERM="xterm")
        assert "Since Tue 24 Nov, 09:00 you may again: " in again.out

    def test_discreet_hides_every_name(self, run, treated):
        for arguments in (["--discreet"], []):
            said = run("remind", "run", *arguments, now=NOW + 4 * HOUR, TERM="xterm").out
            assert ("Make-up" in said) == (not arguments and bool(said))
        run("remind", "discreet", "on")
        kept = run("remind", "run", now=NOW + 49 * HOUR, TERM="xterm").out
        assert kept.startswith("Aftercare: something has changed\n")
        assert "etino" not in kept

    def test_list_shows_what_is_coming(self, run, treated):
        lines = run("remind", "list", COLUMNS="40").out.splitlines()
        assert lines[0] == "Mon 23 Nov, 15:00"
        assert max(map(len, lines)) <= 40
        assert "  the next session is possible" in lines
        assert lines.count("  Sunscreen: today's care") == 1

    def test_what_is_forgotten_leaves_nothing_behind_and_nothing_is_told_twice(
        self, run, treated, home
    ):
        def told():
            with closing(sqlite3.connect(home / "aftercare.db")) as db:
                return {key for (key,) in db.execute("SELECT key FROM deliveries")}

        run("plan", "--treated-at", "yesterday 4pm")
        assert run("remind", "run", now=NOW + 5 * HOUR, TERM="xterm").out
        assert {key.split(":")[1] for key in told() if key.startswith("lift:")} == {"2"}
        run("forget", "1")
        assert run("remind", "run", now=NOW + 5 * HOUR, TERM="xterm").out == ""
        assert told()
        run("forget", "2")
        assert not told()

    def test_what_is_forgotten_takes_only_its_own_with_it(self, run, home):
        """A number is not to be mistaken for a minute."""
        for n in range(15):
            run("plan", "--treated-at", f"2026-11-01T{n:02}:15")
        ledger = Ledger(Store(home / "aftercare.db"))
        own = "lift:15:makeup:2026-11-02T14:15:00+00:00"
        others = {"lift:2:makeup:2026-11-02T01:15:00+00:00", "care:sunscreen:2026-11-24:08:15"}
        ledger.begin("far", "", [own, *others], NOW)
        run("forget", "15")
        assert set(ledger.deliveries("far", "")) == others

    def test_targets_are_kept_shown_without_secrets_and_used(self, run, treated, home):
        pytest.importorskip("apprise")
        with receiver() as far:
            url = far.url.replace("127", "anna:s3cret@127")
            added = run("remind", "to", "add", url)
            assert "target 1" in added.out
            listed = run("remind", "to", "list").out
            assert listed.startswith("1  json://")
            assert "s3cret" not in added.out + listed
            tested = run("remind", "test")
            assert (tested.code, tested.out.split()[0]) == (0, "arrived:")
            assert run("remind", "run", now=NOW + 4 * HOUR).code == 0
            assert [m["title"][:13] for m in far.accepted] == ["Aftercare: a ", "Allowed again"]
            assert run("remind", "to", "remove", "1").code == 0
            assert run("remind", "to", "list").out.startswith("No target is kept")
        gone = run("remind", "test", "--to", far.url)
        assert (gone.code, gone.out.split()[0]) == (7, "failed:")
        assert "s3cret" not in gone.err

    def test_an_address_that_means_nothing_is_refused(self, run):
        pytest.importorskip("apprise")
        refused = run("remind", "to", "add", "smoke://signal")
        assert refused.code == 2
        assert "smoke" in refused.err

    def test_without_the_extra_one_line_names_what_to_install(self, run, treated, monkeypatch):
        monkeypatch.setitem(sys.modules, "apprise", None)
        refused = run("remind", "run", "--to", "ntfy://topic", now=NOW + 4 * HOUR)
        assert refused.code == 2
        assert "pip install 'aftercare-cli[notify]'" in refused.err

    def test_nothing_recorded_says_so(self, run):
        assert run("remind", "run").code == 4


def test_cron_without_a_reachable_target_fails_and_marks_nothing(run, treated, home):
    """An empty environment: no terminal, no TERM, no bus."""
    bare = {
        "AFTERCARE_HOME": str(home), "AFTERCARE_NOW": (NOW + 4 * HOUR).isoformat(),
        "TZ": "Europe/London",
        "COVERAGE_PROCESS_START": os.environ.get("COVERAGE_PROCESS_START", ""),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "aftercare", "remind", "run"],
        env=bare,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 7
    assert "no target" in done.stderr
    assert "Make-up" in run("remind", "run", now=NOW + 4 * HOUR, TERM="xterm").out


def test_kill_9_repeats_at_most_what_was_being_sent_and_loses_nothing(run, treated, home):
    """Forty processes are killed while they deliver; the last one is let through."""
    pytest.importorskip("apprise")
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    with receiver() as far:
        environment = {
            **os.environ, "AFTERCARE_HOME": str(home), "TZ": "Europe/London", "FAR": far.url,
            "START": NOW.isoformat(),
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("killed_couriers.py")), "40", "7"],
            env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    killed = json.loads(done.stdout)
    assert killed >= 20
    changes = [m["message"] for m in far.accepted if "Since" in m["message"]]
    firsts = [text for text in changes if "You may have had this" not in text]
    assert len(set(firsts)) == len(firsts)
    text = "\n".join(changes)
    for thing in ("Make-up", "Retinoids", "Hot shower", "Benzoyl peroxide", "next session"):
        assert thing in text
