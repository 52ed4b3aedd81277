"""The record: nothing typed is lost, nothing is written twice, and a wrong file is left alone."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st

from aftercare import InputError, StoreError, Treatment
from aftercare.store import Store
from aftercare.store.file import APPLICATION_ID, VERSION
from aftercare.store.migrations import MIGRATIONS

RULES = ("abc", {"title": "Rules", "treatments": {"peel": "{}", "needling": '{"title": "Ä"}'}})
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "home" / "aftercare.db")


def record(store, at=NOW, kind="needling", person="", facts=None, over=None):
    treatment = Treatment(kind, at, "Europe/London", facts or {}, person)
    return store.record(treatment, over or at + 14 * DAY, RULES, NOW)


def test_what_is_recorded_is_read_back(store):
    id, new = record(store, facts={"depth_mm": 0.5}, person="Ana")
    assert new
    kept = store.get(id)
    assert (kept.treated_at, kept.zone, kept.facts) == (NOW, "Europe/London", {"depth_mm": 0.5})
    assert (kept.person, kept.kind, kept.recorded_at) == ("Ana", "needling", NOW)
    assert store.rules_of(kept.rules) == RULES[1]


def test_the_same_person_kind_and_instant_is_the_same_treatment(store):
    first, _ = record(store, person="Ana")
    assert record(store, person=" ana ") == (first, False)
    in_tokyo = NOW.astimezone(datetime.now().astimezone().tzinfo)
    assert record(store, at=in_tokyo, person="ANA") == (first, False)
    assert record(store, person="Bea")[1]
    assert record(store, kind="peel", person="Ana")[1]
    assert len(store.history()) == 3


def test_other_facts_for_the_same_treatment_are_not_dropped_silently(store):
    record(store, facts={"depth_mm": 0.5})
    with pytest.raises(InputError, match=r"depth_mm=0\.5") as error:
        record(store, facts={"depth_mm": 1.5})
    assert "aftercare correct 1" in error.value.hint


def test_numbers_are_never_used_again(store):
    first, _ = record(store)
    store.forget(first)
    second, _ = record(store)
    assert second == first + 1
    with pytest.raises(InputError):
        store.forget(first)


def test_a_correction_cannot_make_two_treatments_one(store):
    record(store)
    second, _ = record(store, at=NOW + DAY)
    with pytest.raises(InputError, match="already"):
        store.correct(second, Treatment("needling", NOW, "UTC"), NOW + DAY)
    assert store.get(second).treated_at == NOW + DAY


@given(
    days=st.lists(st.tuples(st.integers(-30, 30), st.sampled_from("ab")), unique=True, max_size=12),
    at=st.integers(-40, 60),
)
def test_relevant_is_all_that_is_not_over_and_the_latest_of_each_kind(days, at, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("store") / "aftercare.db")
    for day, kind in days:
        record(store, NOW + day * DAY, kind)
    moment = NOW + at * DAY
    expected = {(day, kind) for day, kind in days if day + 14 > at}
    for kind in "ab":
        past = [day for day, k in days if k == kind and day <= at]
        expected |= {(max(past), kind)} if past else set()
    found = store.relevant("", moment)
    assert {((r.treated_at - NOW).days, r.kind) for r in found} == expected
    assert [r.treated_at for r in found] == sorted(r.treated_at for r in found)


def test_facts_of_a_person_are_kept_changed_and_removed(store):
    assert store.facts("Ana") == {}
    store.keep_facts("Ana", {"skin": "sensitive", "smoker": True})
    assert store.keep_facts("ana", {"skin": "normal", "smoker": None}) == {"skin": "normal"}
    assert store.facts("ANA") == {"skin": "normal"}
    assert store.people() == [], "a person without a treatment is nobody to ask about"


def test_finding_what_is_relevant_reads_an_index_not_the_table(store):
    record(store)
    from aftercare.store import _RELEVANT

    with closing(sqlite3.connect(store.path)) as db, db:
        steps = db.execute("EXPLAIN QUERY PLAN " + _RELEVANT, {"person": "", "at": 0}).fetchall()
    for step in (row[3] for row in steps):
        assert not step.startswith("SCAN treatments"), step


class TestAWrongFileIsLeftAsItWas:
    def assert_refused(self, store, says):
        before = Path(store.path).read_bytes()
        for use in (lambda: record(store), lambda: store.relevant("", NOW)):
            with pytest.raises(StoreError, match=says) as error:
                use()
            assert error.value.hint
        assert Path(store.path).read_bytes() == before

    def test_damaged(self, store):
        record(store)
        with open(store.path, "r+b") as file:
            file.seek(0)
            file.write(b"SQLite format 3\0" + os.urandom(500))
        self.assert_refused(store, r"damaged|another program|newer")

    def test_not_a_database(self, store):
        os.makedirs(os.path.dirname(store.path))
        with open(store.path, "w") as file:
            file.write("my shopping list, which is long enough to be looked at " * 20)
        self.assert_refused(store, "damaged")

    def test_another_program_s(self, store):
        os.makedirs(os.path.dirname(store.path))
        with closing(sqlite3.connect(store.path)) as db, db:
            db.execute("CREATE TABLE bookmarks (url)")
        self.assert_refused(store, "another program")

    def test_a_newer_version_s(self, store):
        record(store)
        with closing(sqlite3.connect(store.path)) as db, db:
            db.execute(f"PRAGMA user_version = {VERSION + 1}")
        self.assert_refused(store, "newer aftercare")

    def test_a_folder(self, store):
        os.makedirs(store.path)
        for use in (lambda: record(store), lambda: store.relevant("", NOW)):
            with pytest.raises(StoreError):
                use()

    def test_truncated_rows(self, store):
        record(store)
        with closing(sqlite3.connect(store.path)) as db, db:
            db.execute("UPDATE treatments SET facts = '{'")
        with pytest.raises(StoreError, match="damaged"):
            store.history()

    def test_its_rules_are_gone(self, store):
        record(store)
        with pytest.raises(StoreError, match="lost the rules"):
            store.rules_of("nothing")
        document = store.rules_of(RULES[0])
        with closing(sqlite3.connect(store.path)) as db, db:
            db.execute("DELETE FROM rules_of_treatments WHERE id = 'peel'")
        assert document["treatments"]["needling"] == RULES[1]["treatments"]["needling"]
        with pytest.raises(StoreError, match="lost the rules"):
            document["treatments"]["peel"]

    def test_locked(self, store, monkeypatch):
        record(store)
        monkeypatch.setattr("aftercare.store.file.PATIENCE", 0.05)
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        try:
            self.assert_refused(store, "in use")
        finally:
            other.close()

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all"
    )
    def test_read_only(self, store):
        record(store)
        os.chmod(store.path, 0o400)
        with pytest.raises(StoreError, match=r"written|read"):
            record(store, at=NOW + DAY)
        assert len(store.history()) == 1

    def test_a_full_disk(self, store, tmp_path):
        record(store)
        before = sorted(r.id for r in store.history())
        script = (
            "import resource, sys\n"
            "from datetime import datetime, UTC, timedelta\n"
            "from aftercare import StoreError, Treatment\n"
            "from aftercare.store import Store\n"
            f"store = Store({store.path!r})\n"
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({os.path.getsize(store.path)},) * 2)\n"
            "try:\n"
            "    for n in range(2000):\n"
            "        at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=n)\n"
            "        store.record(Treatment('needling', at), at, ('x' * n, {}), at)\n"
            "except StoreError as error:\n"
            "    print(error.exit_code, error.message)\n"
        )
        pytest.importorskip("resource")
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
        assert done.stdout.startswith("6 "), done
        assert "written" in done.stdout
        kept = [r for r in store.history() if r.treated_at.year == 2026]
        assert sorted(r.id for r in kept) == before


def test_the_file_is_made_for_its_owner_alone(store):
    record(store)
    assert os.stat(store.path).st_mode & 0o777 == 0o600
    assert os.stat(os.path.dirname(store.path)).st_mode & 0o777 == 0o700


def test_reading_makes_no_file(store):
    assert store.relevant("", NOW) == []
    assert store.history() == []
    assert store.people() == []
    assert not os.path.exists(store.path)


def test_an_empty_file_is_a_new_store(store):
    os.makedirs(os.path.dirname(store.path))
    Path(store.path).touch()
    assert store.history() == []
    assert record(store)[1]
    with closing(sqlite3.connect(store.path)) as db, db:
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_every_version_has_the_step_that_leads_to_it():
    assert len(MIGRATIONS) == VERSION


class TestOfAnOlderVersion:
    """A record as an older version wrote it: all that is made of rule files in one document."""

    def older(self, store, *documents):
        record(store)
        with closing(sqlite3.connect(store.path)) as db, db:
            db.execute("CREATE TABLE older (sha256 TEXT PRIMARY KEY, document TEXT) WITHOUT ROWID")
            db.executemany("INSERT INTO older VALUES (?, ?)", documents)
            db.execute("DROP TABLE rulebooks")
            db.execute("DROP TABLE rules_of_treatments")
            db.execute("ALTER TABLE older RENAME TO rulebooks")
            db.execute("PRAGMA user_version = 7")

    def test_the_texts_are_taken_out_of_the_document(self, store):
        files = [{"name": "default", "text": "title: “Ä”\n"}]
        document = {"shape": 4, "layers": files, "title": "Ä", "source": "none"}
        self.older(store, ("abc", json.dumps(document)))
        assert store.rules_of("abc") == {"shape": 4, "title": "Ä", "treatments": {}}
        assert store.rule_files_of("abc") == files

    def test_the_rules_of_each_treatment_are_taken_out_in_their_order(self, store):
        treatments = {"peel": '{"title": "“Ä”"}', "a.b": "{}", "needling": "[]"}
        self.older(store, ("abc", json.dumps({"shape": 5, "treatments": treatments})))
        kept = store.rules_of("abc")
        assert list(kept["treatments"]) == list(treatments)
        assert kept == {"shape": 5, "treatments": treatments}

    def test_one_damaged_document_does_not_cost_the_whole_record(self, store):
        self.older(store, ("abc", '{"layers": []}'), ("bad", "{no json"))
        assert len(store.history()) == 1
        assert store.rules_of("abc") == {"treatments": {}}
        with pytest.raises(StoreError, match="damaged"):
            store.rules_of("bad")

    def test_it_is_understood_by_every_sqlite_that_knows_json(self):
        """`->` came with 3.38, `iif` with 3.32, and Python 3.11 runs on older ones."""
        assert not re.findall("->|iif", "".join(MIGRATIONS))


def test_a_path_with_odd_characters_works(tmp_path):
    store = Store(tmp_path / "a?b#c%41 d" / "aftercare.db")
    record(store)
    assert len(store.history()) == 1
    assert os.path.exists(store.path)


def test_two_writers_at_once_both_succeed(store):
    record(store)
    failures = []

    def write(kind):
        try:
            for n in range(25):
                record(store, NOW + n * DAY, kind)
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(kind,)) for kind in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    assert len(store.history()) == 51


def test_a_reader_rolls_back_what_a_crashed_writer_left_half_done(store, tmp_path):
    record(store)
    crashed = Store(tmp_path / "crashed" / "aftercare.db")
    os.makedirs(os.path.dirname(crashed.path))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN IMMEDIATE")
        for n in range(500):  # more than the cache holds, so that pages reach the file
            writer.execute("INSERT INTO rulebooks VALUES (?, ?, '[]')", (f"{n}", "x" * 3000))
        writer.execute("DELETE FROM treatments")
        for ending in ("", "-journal"):
            shutil.copyfile(store.path + ending, crashed.path + ending)
    assert [r.treated_at for r in crashed.history()] == [NOW]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path):
    """200 kills -9 while `aftercare plan` records: all that was acknowledged is there, once."""
    script = tmp_path / "victims.py"
    shutil.copyfile(os.path.join(os.path.dirname(__file__), "victims.py"), script)
    home = tmp_path / "home"
    # A killed process cannot say what it covered: it is not asked to.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
    done = subprocess.run(
        [sys.executable, str(script), str(home), "200"],
        env=environment, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    acknowledged, kills = json.loads(done.stdout)
    assert kills == 200
    store = Store(home / "aftercare.db")
    kept = [r.treated_at for r in store.history()]
    assert len(kept) == len(set(kept))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    numbers = sorted(int((at - start) / timedelta(minutes=1)) for at in kept)
    assert set(acknowledged) <= set(numbers), "something acknowledged was lost"
    # Each victim may have had one record in the making when it was killed, no more.
    assert len(numbers) <= len(acknowledged) + kills
    with closing(sqlite3.connect(store.path)) as db, db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
