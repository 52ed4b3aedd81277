"""The calendar says what the plan says, to the second, to every program that reads it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from conftest import NOW, ROOT, rules_of
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

import aftercare
from aftercare import Treatment, due, plan
from aftercare.outputs.calendar import Event, calendar, events
from aftercare.rulebook.layers import default_rules
from aftercare.store import Store
from aftercare.store.calendar import Published

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
minutes = st.integers(0, 60 * 24 * 200).map(
    lambda n: datetime(2026, 9, 20, tzinfo=UTC) + n * MINUTE
)

ICAL_JS = Path(os.environ.get("AFTERCARE_ICALJS") or ROOT / "node_modules" / "ical.js")
READ_BY_ICAL_JS = """
import(process.argv[1] + "/dist/ical.js").then(async ({default: ICAL}) => {
  const text = require("fs").readFileSync(0, "utf8");
  for (const part of new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(part), each = event.iterator();
    for (let n = 0, next; n < 1000 && (next = each.next()); n++)
      console.log(next.toString() + " " + event.summary);
  }
});
"""
READ_BY_LIBICAL = r"""
#include <libical/ical.h>
#include <stdio.h>
#include <string.h>
static char *line(char *to, size_t size, void *from) { return fgets(to, (int)size, from); }
int main(void) {
    icalparser *parser = icalparser_new();
    icalparser_set_gen_data(parser, stdin);
    icalcomponent *all = icalparser_parse(parser, line), *one;
    if (!all || icalcomponent_count_errors(all)) return 1;
    for (one = icalcomponent_get_first_component(all, ICAL_VEVENT_COMPONENT); one;
         one = icalcomponent_get_next_component(all, ICAL_VEVENT_COMPONENT)) {
        struct icaltimetype start = icalcomponent_get_dtstart(one), next;
        icalproperty *rule = icalcomponent_get_first_property(one, ICAL_RRULE_PROPERTY);
        const char *summary = icalcomponent_get_summary(one);
        if (!rule) { printf("%s %s\n", icaltime_as_ical_string(start), summary); continue; }
        icalrecur_iterator *each = icalrecur_iterator_new(icalproperty_get_rrule(rule), start);
        while (next = icalrecur_iterator_next(each), !icaltime_is_null_time(next))
            printf("%s %s\n", icaltime_as_ical_string(next), summary);
    }
    return 0;
}
"""


treatments = st.lists(
    st.tuples(minutes, st.sampled_from(ZONES)), min_size=1, max_size=3, unique=True
)


@pytest.fixture(scope="module")
def shipped():
    return aftercare.load_rules()


def occurrences(text, zone):
    """Each moment that an iCalendar text names, as an instant, for a reader in `zone`."""
    found = Counter()
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        starts = event.decoded("dtstart")
        times = [starts]
        if "rrule" in event:
            times = list(rrulestr(event["rrule"].to_ical().decode(), dtstart=starts))
        for at in times:
            here = at if at.tzinfo else at.replace(tzinfo=zone, fold=1)
            found[here.astimezone(UTC), str(event["summary"])] += 1
    return found


def plans_of(treated, rules):
    return [
        plan(Treatment("microneedling", at, zone, id=n), rules)
        for n, (at, zone) in enumerate(sorted(treated), 1)
    ]


@settings(max_examples=40)
@given(
    treated=treatments,
    reader=st.sampled_from(ZONES),
)
def test_what_is_read_back_is_what_is_due(treated, reader, shipped):
    plans, zone = plans_of(treated, shipped), ZoneInfo(reader)
    read = occurrences(calendar(events(plans, zone)), zone)
    first = min(p.treatments[0].treated_at for p in plans)
    wanted = Counter(
        notice.at
        for reminder in due(plans, first, first + 800 * DAY, zone)
        for notice in reminder.notices
    )
    assert Counter(at for at, _ in read.elements()) == wanted


def test_no_event_is_a_fraction_of_a_second_too_early(shipped):
    at = datetime(2026, 11, 22, 15, 0, 0, 500_000, tzinfo=UTC)
    read = occurrences(calendar(events(plans_of([(at, "UTC")], shipped), UTC)), UTC)
    assert at + timedelta(hours=24, microseconds=500_000) in {moment for moment, _ in read}


def exported(run, *arguments, **environment):
    return icalendar.Calendar.from_ical(run("calendar", *arguments, **environment).out).walk(
        "VEVENT"
    )


class TestWhatIsHandedOutAgain:
    @pytest.fixture(autouse=True)
    def treated(self, run):
        run("plan", "--treated-at", "yesterday 3pm")

    def test_twice_the_same_is_the_same_to_the_byte(self, run):
        assert run("calendar").out == run("calendar", now=NOW + MINUTE).out

    def test_a_corrected_treatment_moves_its_events(self, run):
        before = {str(e["uid"]): e for e in exported(run)}
        run("correct", "1", "--treated-at", "yesterday 5pm")
        after = {str(e["uid"]): e for e in exported(run)}
        moved = [u for u in before if before[u]["dtstart"].dt != after[u]["dtstart"].dt]
        assert set(before) == set(after)
        assert len(moved) > 10
        assert all(after[uid]["sequence"] > before[uid]["sequence"] for uid in moved)

    def test_what_fell_away_is_cancelled(self, run):
        before = {str(e["uid"]): e for e in exported(run)}
        run("forget", "1")
        after = {str(e["uid"]): e for e in exported(run)}
        assert set(before) == set(after)
        assert {str(e["status"]) for e in after.values()} == {"CANCELLED"}
        assert all(after[uid]["sequence"] > before[uid]["sequence"] for uid in before)

    def test_two_records_share_no_uid(self, run, home):
        mine = {str(e["uid"]) for e in exported(run)}
        for file in home.glob("aftercare.db*"):
            file.unlink()
        run("plan", "--treated-at", "yesterday 3pm")
        assert not mine & {str(e["uid"]) for e in exported(run)}

    def test_discreet_hides_every_name(self, run):
        for event in exported(run, "--discreet"):
            assert str(event["summary"]) == "Aftercare: something changes"
            assert "description" not in event

    @pytest.mark.parametrize(("alarm", "trigger"), [("0m", 0), ("15m", 15), ("1h", 60)])
    def test_alarms(self, run, alarm, trigger):
        for event in exported(run, "--alarm", alarm):
            assert event.walk("VALARM")[0]["trigger"].dt == -trigger * MINUTE
        assert not exported(run, "--no-alarm")[0].walk("VALARM")

    def test_one_way_of_writing_it_is_never_handed_out_for_another(self, run):
        for arguments in [(), ("--discreet",), ("--no-alarm",), ("--zone", "Asia/Tokyo")] * 2:
            once, again = run("calendar", *arguments).out, run("calendar", *arguments).out
            assert once == again
            assert ("something changes" in once) == ("--discreet" in arguments)
            assert ("BEGIN:VALARM" in once) == ("--no-alarm" not in arguments)

    def test_a_page_by_other_rules_leaves_the_calendar_to_the_record(self, run, tmp_path):
        text = default_rules().read_text("utf-8").replace("for: 48h", "for: 47h")
        (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
        page = ["page", "-o", str(tmp_path / "p.html"), "--rules", str(tmp_path / "other.yaml")]
        assert run(*page).code == 0
        lifts = {e["dtstart"].dt for e in exported(run)}
        done = datetime(2026, 11, 22, 15, tzinfo=UTC)
        assert done + timedelta(hours=48) in lifts
        assert done + timedelta(hours=47) not in lifts

    def test_what_was_cancelled_is_told_for_a_while_and_then_no_more(self, run):
        run("calendar")
        run("forget", "1")
        assert exported(run)
        assert exported(run, now=NOW + 59 * DAY)
        assert run("calendar", now=NOW + 61 * DAY).code == 4

    def test_a_text_is_kept_for_what_was_published_last_and_for_nothing_older(self, run, home):
        kept = Published(Store(home / "aftercare.db"))
        event = Event("1@aftercare", "Yes", "", NOW, treatment=1)
        for basis in ("older", "newer"):
            _, text = kept.publish(
                "", lambda _: [event], [1], Event, NOW, basis, lambda _: b"a calendar"
            )
            assert text == b"a calendar"
        assert kept.text("", "older", NOW) is None
        assert kept.text("", "newer", NOW) == b"a calendar"
        assert kept.text("", "newer", NOW + 61 * DAY) is None

    def test_of_no_event_no_text_is_kept(self, run, home):
        kept = Published(Store(home / "aftercare.db"))
        kept.publish("", lambda _: [], [1], Event, NOW, "none", lambda _: b"an empty calendar")
        assert kept.text("", "none", NOW) is None

    def test_a_file_is_its_owners_alone(self, run, tmp_path):
        assert run("calendar", "-o", str(tmp_path / "plan.ics")).code == 0
        assert (tmp_path / "plan.ics").stat().st_mode & 0o077 == 0


MINIMAL = """
format: 1
title: Ours
version: "1"
treatments:
  needling:
    title: Needling
    avoid:
      retinoids: {for: 48h, why: It stings.}
    call: [Anything odd]
"""


def test_a_lift_that_a_later_treatment_makes_untrue_is_cancelled(run, tmp_path):
    """Also when nothing else is left of the first treatment that could be exported."""
    (tmp_path / "ours.yaml").write_text(MINIMAL)
    rules = ["--rules", str(tmp_path / "ours.yaml")]
    run("plan", "--treated-at", "2026-11-23T08:00", *rules)
    (first,) = exported(run)
    run("plan", "--treated-at", "2026-11-23T10:00", *rules)
    after = {str(e["uid"]): e for e in exported(run)}
    assert str(after[str(first["uid"])]["status"]) == "CANCELLED"
    assert [str(e["status"]) for e in after.values()].count("CONFIRMED") == 1


def test_care_for_any_time_of_the_day_begins_with_the_first_day():
    """An all-day event for each of its days, which sounds in the morning, not at midnight."""
    rules = rules_of("care:\n  moisturiser: {every: day, for: 3d}\n")
    at = datetime(2026, 11, 22, 15, tzinfo=UTC)
    text = calendar(events([plan(Treatment("needling", at, "UTC", id=1), rules)], UTC))
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert (event["dtstart"].dt, event["rrule"]["count"]) == (at.date(), [3])
    assert event.walk("VALARM")[0]["trigger"].dt == timedelta(hours=9)


def test_what_is_forgotten_leaves_no_words_behind(run, home):
    run("plan", "--treated-at", "yesterday 3pm", "--person", "Zerlina")
    run("calendar", "--person", "Zerlina")
    run("forget", "1")
    with closing(sqlite3.connect(home / "aftercare.db")) as db:
        bodies = " ".join(body for (body,) in db.execute("SELECT body FROM calendar_events"))
        assert not db.execute("SELECT * FROM calendar_texts").fetchall()
    assert bodies
    assert "Zerlina" not in bodies
    assert "Retinoids" not in bodies
    assert {str(e["status"]) for e in exported(run, "--person", "Zerlina")} == {"CANCELLED"}


def test_nothing_recorded_says_so(run):
    assert run("calendar").code == 4


def test_a_treatment_that_is_not_recorded_is_told_once_and_kept_nowhere(run, home):
    typed = ["--treated-at", "yesterday 3pm"]
    assert exported(run, *typed)
    assert run("calendar", *typed).out == run("calendar", *typed).out
    assert not (home / "aftercare.db").exists()
    assert run("calendar", "--treatment", "microneedling").code == 2


@pytest.mark.parametrize("alarm", ["x", "5", "-1h", "8d", "99999h", ""])
def test_an_alarm_is_a_time_before_within_a_week(run, alarm):
    run("plan", "--treated-at", "yesterday 3pm")
    assert run("calendar", "--alarm", alarm).code == 2
    assert run("calendar", "--alarm", "5m", "--no-alarm").code == 2


class TestProgramsOfOthers:
    """Across the end of summer time: treated on 24 October, read in London."""

    @pytest.fixture
    def text(self, shipped):
        (given_plan,) = plans_of(
            [(datetime(2026, 10, 24, 15, tzinfo=UTC), "Europe/London")], shipped
        )
        return calendar(events([given_plan], ZoneInfo("Europe/London")))

    def own(self, text):
        found = Counter()
        for (at, summary), count in occurrences(text, UTC).items():
            found[f"{at:%Y%m%dT%H%M%S}", summary] = count
        return found

    def told(self, lines):
        """Times without punctuation and zone, and summaries."""
        found = Counter()
        for line in lines.splitlines():
            time, _, summary = line.partition(" ")
            found[time.replace("-", "").replace(":", "").rstrip("Z"), summary] += 1
        return found

    def test_ical_js(self, text):
        if not shutil.which("node") or not ICAL_JS.exists():
            pytest.skip("needs node and ical.js (npm install ical.js)")
        script = ["node", "-e", READ_BY_ICAL_JS, str(ICAL_JS.resolve())]
        done = subprocess.run(script, input=text, capture_output=True, check=True)
        assert done.stderr == b""
        assert self.told(done.stdout.decode()) == self.own(text)

    def test_libical(self, text, tmp_path):
        if not shutil.which("cc") or not Path("/usr/include/libical/ical.h").exists():
            pytest.skip("needs a C compiler and libical (apt-get install libical-dev)")
        (tmp_path / "read.c").write_text(READ_BY_LIBICAL)
        command = ["cc", "-o", str(tmp_path / "read"), str(tmp_path / "read.c"), "-lical"]
        subprocess.run(command, check=True, capture_output=True)
        done = subprocess.run([tmp_path / "read"], input=text, capture_output=True, check=True)
        assert self.told(done.stdout.decode()) == self.own(text)

    def test_khal_imports_it_twice_and_lists_it_once(self, text, tmp_path):
        khal = shutil.which("khal", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        if khal is None:
            pytest.skip("needs khal (pip install khal)")
        (tmp_path / "events").mkdir()
        (tmp_path / "plan.ics").write_bytes(text)
        (tmp_path / "khal.conf").write_text(
            f"[calendars]\n[[private]]\npath = {tmp_path}/events\ntype = calendar\n[sqlite]\n"
            f"path = {tmp_path}/khal.db\n[locale]\nlocal_timezone = Europe/London\n"
            "default_timezone = Europe/London\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
            "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
            "longdatetimeformat = %Y-%m-%d %H:%M\n"
        )
        environment = {**os.environ, "HOME": str(tmp_path), "TZ": "Europe/London"}

        def call(*arguments):
            return subprocess.run(
                [khal, "-c", str(tmp_path / "khal.conf"), *arguments],
                env=environment, capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip

        for _ in range(2):
            call("import", "--batch", "-a", "private", str(tmp_path / "plan.ics"))
        listed = call(
            "list", "2026-10-20", "90d", "--day-format", "", "--format", "{start} {title}"
        )
        wanted = Counter(
            f"{at.astimezone(ZoneInfo('Europe/London')):%Y-%m-%d %H:%M} {summary}"
            for at, summary in occurrences(text, ZoneInfo("Europe/London")).elements()
        )
        assert Counter(filter(None, listed.splitlines())) == wanted

    def test_remind_lists_it(self, text, tmp_path):
        """It reads iCalendar by way of its companion, ics2rem."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        remind, ics2rem = shutil.which("remind"), shutil.which("ics2rem", path=path)
        if remind is None or ics2rem is None:
            pytest.skip("needs remind and ics2rem (apt-get install remind; pip install remind)")
        (tmp_path / "plan.ics").write_bytes(text)
        environment = {**os.environ, "TZ": "Europe/London", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}

        def call(*command):
            return subprocess.run(
                command, env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
            ).stdout

        call(ics2rem, "plan.ics", "plan.rem")
        listed = call(remind, "-s4", "-b2", "plan.rem", "2026-10-01")
        told = Counter()
        for line in listed.splitlines():
            day, _, _, _, minute, summary = line.split(" ", 5)
            told[day, int(minute), summary] += 1
        wanted = Counter()
        for (instant, summary), count in occurrences(text, ZoneInfo("Europe/London")).items():
            at = instant.astimezone(ZoneInfo("Europe/London"))
            wanted[f"{at:%Y/%m/%d}", at.hour * 60 + at.minute, summary] = count
        assert told == wanted
