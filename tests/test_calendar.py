"""The calendar says what the plan says, to the second, to every program that reads it."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
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
from aftercare.outputs.calendar import calendar, events

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


VDIRSYNCER = """
[general]
status_path = "{0}/status/"
[pair plan]
a = "here"
b = "there"
collections = ["plan"]
[storage here]
type = "filesystem"
path = "{0}/here"
fileext = ".ics"
[storage there]
type = "caldav"
username = "anna"
password = "s3cret"
url = "{1}"
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
    assert bodies
    assert "Zerlina" not in bodies
    assert "Retinoids" not in bodies
    assert {str(e["status"]) for e in exported(run, "--person", "Zerlina")} == {"CANCELLED"}


def test_nothing_recorded_says_so(run):
    assert run("calendar").code == 4


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


class TestCalDAV:
    @pytest.fixture
    def server(self, tmp_path):
        """A real server on loopback with one calendar of Anna's; its address."""
        pytest.importorskip("radicale", reason="needs Radicale (pip install radicale)")
        pytest.importorskip("caldav")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (tmp_path / "users").write_text("anna:s3cret\n")
        folder = tmp_path / "storage"
        command = [
            sys.executable, "-m", "radicale", "--config", "", "--hosts", f"127.0.0.1:{port}",
            "--auth-type", "htpasswd", "--auth-htpasswd-filename", str(tmp_path / "users"),
            "--auth-htpasswd-encryption", "plain", "--storage-filesystem-folder", str(folder),
            "--auth-delay", "0", "--logging-level", "error",
        ]  # fmt: skip
        with open(tmp_path / "log", "wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}/anna/plan/"
            for _ in range(200):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            self.make_calendar(url)
            yield url
        finally:
            process.terminate()
            process.wait()

    def client(self, url):
        import caldav

        return caldav.DAVClient(url=url, username="anna", password="s3cret")

    def make_calendar(self, url):
        self.client(url).mkcalendar(url, "")

    def there(self, url):
        found = {}
        for event in self.client(url).calendar(url=url).events():
            (component,) = event.icalendar_instance.walk("VEVENT")
            found[str(component["uid"])] = component
        return found

    def push(self, run, url, password="s3cret"):
        return run("calendar", "--push", url, "--user", "anna", AFTERCARE_CALDAV_PASSWORD=password)

    def test_create_again_correct_forget(self, run, server):
        run("plan", "--treated-at", "yesterday 3pm")
        first = self.push(run, server)
        assert first.code == 0, first.err
        created = self.there(server)
        assert f"{len(created)} events sent" in first.out
        self.push(run, server)
        assert self.there(server).keys() == created.keys()
        run("correct", "1", "--treated-at", "yesterday 5pm")
        self.push(run, server)
        moved = self.there(server)
        assert moved.keys() == created.keys()
        assert sum(moved[u]["dtstart"].dt != created[u]["dtstart"].dt for u in moved) > 10
        run("forget", "1")
        for _ in range(2):  # the second time there is nothing left to remove
            assert self.push(run, server).code == 0
            assert self.there(server) == {}

    def test_a_wrong_password_is_said_and_never_shown(self, run, server):
        run("plan", "--treated-at", "yesterday 3pm")
        refused = self.push(run, server, password="wr0ng")
        assert refused.code == 7
        assert "refused" in refused.err
        assert "wr0ng" not in refused.err + refused.out

    def test_a_server_that_is_not_there(self, run, server):
        run("plan", "--treated-at", "yesterday 3pm")
        assert self.push(run, server.replace("/plan/", "/other/thing/")).code == 7
        gone = self.push(run, "http://127.0.0.1:9/anna/plan/")
        assert (gone.code, "cannot be reached" in gone.err) == (7, True)

    def test_vdirsyncer_takes_it(self, run, server, tmp_path):
        vdirsyncer = shutil.which(
            "vdirsyncer", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        )
        if vdirsyncer is None:
            pytest.skip("needs vdirsyncer (pip install vdirsyncer)")
        run("plan", "--treated-at", "yesterday 3pm")
        self.push(run, server)
        (tmp_path / "conf").write_text(VDIRSYNCER.format(tmp_path, server.removesuffix("plan/")))
        for command in ("discover", "sync"):
            subprocess.run(
                [vdirsyncer, "-c", str(tmp_path / "conf"), command],
                input="y\ny\ny\n", text=True, capture_output=True, check=True, timeout=60,
            )  # fmt: skip
        assert len(list((tmp_path / "here" / "plan").iterdir())) == len(self.there(server))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/", "no CalDAV address"),
        ("http://example.org/cal/", "use https"),
        ("https://anna:pw@example.org/cal/", "seen by everyone"),
    ],
)
def test_addresses_that_would_give_something_away_are_refused(run, url, said):
    run("plan", "--treated-at", "yesterday 3pm")
    refused = run("calendar", "--push", url)
    assert (refused.code, said in refused.err) == (2, True)
    assert "pw" not in refused.err
