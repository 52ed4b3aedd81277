"""What people type, and the instant it means.

Unless a test says otherwise, it is Monday 23 November 2026, 11:00, in London.
"""

import os
import random
import re
import subprocess
import sys
import warnings
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from aftercare.core.spans import clock_quirk, instant_of
from aftercare.errors import TimeError
from aftercare.when import FARTHEST, LONGEST_TEXT, When, parse_when

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 11, tzinfo=LONDON)
ZONES = available_timezones()
PLACES = sorted(name for name in ZONES if "/" in name)
#: Clocks that change by half an hour, at midnight, twice for Ramadan, far from UTC or not at all.
ODD_PLACES = (
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Asuncion",
    "Asia/Beirut",
    "Africa/Cairo",
    "America/Havana",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Antarctica/Troll",
    "Etc/GMT+12",
)

places = st.sampled_from(ODD_PLACES) | st.sampled_from(PLACES)
sides = st.sampled_from(["past", "future"])
nows = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
seconds = nows.map(lambda now: now.replace(microsecond=0))


def read(text, prefer="past", now=NOW, zone="Europe/London"):
    return parse_when(text, now=now, zone=zone, prefer=prefer)


def local(text, prefer="past", now=NOW, zone="Europe/London"):
    """The result on the clock of its zone, to be read in a table."""
    when = read(text, prefer, now, zone)
    return f"{when.at.astimezone(ZoneInfo(when.zone)):%Y-%m-%d %H:%M}"


def refused(text, prefer="past", now=NOW, zone="Europe/London"):
    with pytest.raises(TimeError) as caught:
        read(text, prefer, now, zone)
    assert caught.value.message
    assert caught.value.hint
    return caught.value


def wall_of(instant, zone):
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@st.composite
def scenes(draw):
    """A place and a now there; every second one within a day of a clock change, if it has any."""
    zone = draw(places)
    now = draw(nows)
    if draw(st.booleans()):
        changes = clock_changes(zone)
        if changes:
            away = draw(st.integers(-26 * 3600, 26 * 3600))
            now = draw(st.sampled_from(changes)) + timedelta(seconds=away)
    return now, zone


CHANGES = {}


def clock_changes(zone):
    """The hours, 2025 to 2028, at which the offset of a zone changes."""
    if zone not in CHANGES:
        tz, at, found = ZoneInfo(zone), datetime(2025, 1, 1, tzinfo=UTC), []
        while at.year < 2029:
            after = at + timedelta(days=1)
            if at.astimezone(tz).utcoffset() != after.astimezone(tz).utcoffset():
                found += [
                    hour
                    for hour in (at + timedelta(hours=n) for n in range(24))
                    if hour.astimezone(tz).utcoffset()
                    != (hour + timedelta(hours=1)).astimezone(tz).utcoffset()
                ]
            at = after
        CHANGES[zone] = found
    return CHANGES[zone]


class TestATreatment:
    """prefer="past": what a person says about something that was done."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("now", "2026-11-23 11:00"),
            ("  NOW ", "2026-11-23 11:00"),
            ("yesterday 3pm", "2026-11-22 15:00"),
            ("Yesterday,  3 PM", "2026-11-22 15:00"),
            ("3.30pm yesterday", "2026-11-22 15:30"),
            ("yesterday at noon", "2026-11-22 12:00"),
            ("today 9am", "2026-11-23 09:00"),
            ("today 23:00", "2026-11-23 23:00"),
            ("tomorrow 9am", "2026-11-24 09:00"),
            ("10:00", "2026-11-23 10:00"),
            ("11:00", "2026-11-23 11:00"),
            ("23:00", "2026-11-22 23:00"),
            ("3pm", "2026-11-22 15:00"),
            ("3 p.m.", "2026-11-22 15:00"),
            ("12am", "2026-11-23 00:00"),
            ("12 pm", "2026-11-22 12:00"),
            ("midnight", "2026-11-23 00:00"),
            ("24:00", "2026-11-23 00:00"),
            ("sat 2pm", "2026-11-21 14:00"),
            ("2pm saturday", "2026-11-21 14:00"),
            ("at 2pm on Sat.", "2026-11-21 14:00"),
            ("last sat 2pm", "2026-11-21 14:00"),
            ("sat 24:00", "2026-11-22 00:00"),
            ("on monday 10:00", "2026-11-23 10:00"),
            ("on monday 14:00", "2026-11-16 14:00"),
            ("next tuesday 9am", "2026-11-24 09:00"),
            ("2h ago", "2026-11-23 09:00"),
            ("90 min ago", "2026-11-23 09:30"),
            ("an hour ago", "2026-11-23 10:00"),
            ("half an hour ago", "2026-11-23 10:30"),
            ("1.5 hours ago", "2026-11-23 09:30"),
            ("1h30 ago", "2026-11-23 09:30"),
            ("2 hours and 30 minutes ago", "2026-11-23 08:30"),
            ("3 days ago", "2026-11-20 11:00"),
            ("3 days ago at 14:00", "2026-11-20 14:00"),
            ("1 week ago", "2026-11-16 11:00"),
            ("in 2h", "2026-11-23 13:00"),
            ("in 3 days", "2026-11-26 11:00"),
            ("2 hours from now", "2026-11-23 13:00"),
            ("22 Nov 2026 2pm", "2026-11-22 14:00"),
            ("Nov 22 2026 14:00", "2026-11-22 14:00"),
            ("Nov. 22nd, 2026 at 14:00", "2026-11-22 14:00"),
            ("2pm on Sunday the 22nd of November", "2026-11-22 14:00"),
            ("22-Nov-2026 14:00", "2026-11-22 14:00"),
            ("22 November 14:00", "2026-11-22 14:00"),
            ("24 December 14:00", "2025-12-24 14:00"),
            ("Sun 22 Nov 2026, 15:00", "2026-11-22 15:00"),
            ("Sun 22 Nov 2026, 15:00 GMT", "2026-11-22 15:00"),
            ("Tue 24 Nov, 15:00", "2026-11-24 15:00"),
            ("Mon 24 Nov, 15:00", "2025-11-24 15:00"),
            ("25/12/2026 10:00", "2026-12-25 10:00"),
            ("12/25/2026 10:00", "2026-12-25 10:00"),
            ("04.04.2026 10:00", "2026-04-04 10:00"),
            ("2026/11/22 10:00", "2026-11-22 10:00"),
            ("2026-11-22T14:00", "2026-11-22 14:00"),
            ("2026-11-22t14:00z", "2026-11-22 14:00"),
            ("2026-11-22 14:00:59.999", "2026-11-22 14:00"),
            ("2026-11-22T24:00", "2026-11-23 00:00"),
            ("20261122T1400", "2026-11-22 14:00"),
            ("20261122T140000+0100", "2026-11-22 13:00"),
            ("2026-11-22T14:00+05:30", "2026-11-22 08:30"),
            ("2026-11-22 14:00 -03", "2026-11-22 17:00"),
            ("2026-11-22 14:00 UTC", "2026-11-22 14:00"),
            ("2026-07-22 14:00 UTC", "2026-07-22 15:00"),
            ("2026-07-22 14:00 GMT", "2026-07-22 15:00"),
            ("2026-11-22 14:00 GMT+2", "2026-11-22 12:00"),
            ("2026-11-22 14:00 Europe/London", "2026-11-22 14:00"),
            ("2026-11-22 14:00 asia/tokyo", "2026-11-22 14:00"),
            ("2026-11-22T14:00+09:00[Asia/Tokyo]", "2026-11-22 14:00"),
            ("3\N{NARROW NO-BREAK SPACE}pm", "2026-11-22 15:00"),
        ],
    )
    def test_is_read_as_people_mean_it(self, text, expected):
        assert local(text) == expected

    def test_on_a_day_without_a_time_counts_from_the_end_of_that_day(self):
        said = ("No time was given: counted from the end of that day.",)
        for text in ("yesterday", "2026-11-22", "22 Nov 2026", "22 Nov", "sunday", "Sun 22 Nov"):
            when = read(text)
            assert when.at == datetime(2026, 11, 23, tzinfo=LONDON)
            assert when.assumed == said

    def test_of_today_without_a_time_counts_from_now_because_it_cannot_be_later(self):
        for text in ("today", "2026-11-23", "23 Nov", "mon"):
            when = read(text)
            assert when.at == NOW
            assert when.assumed[-1] == (
                "No time was given: counted from now, since the day is not over."
            )

    def test_on_a_day_to_come_is_left_to_the_caller_to_refuse(self):
        assert local("2026-11-30") == "2026-12-01 00:00"


class TestAQuestion:
    """prefer="future": may I then?"""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("10:00", "2026-11-24 10:00"),
            ("11:00", "2026-11-23 11:00"),
            ("14:00", "2026-11-23 14:00"),
            ("noon", "2026-11-23 12:00"),
            ("midnight", "2026-11-24 00:00"),
            ("sat 2pm", "2026-11-28 14:00"),
            ("mon 10:00", "2026-11-30 10:00"),
            ("mon 14:00", "2026-11-23 14:00"),
            ("last sat 2pm", "2026-11-21 14:00"),
            ("next tuesday 9am", "2026-11-24 09:00"),
            ("22 Oct 14:00", "2027-10-22 14:00"),
            ("24 Nov 14:00", "2026-11-24 14:00"),
            ("29 Feb 14:00", "2028-02-29 14:00"),
            ("Tue 24 Nov, 15:00", "2026-11-24 15:00"),
            ("Sun 22 Nov, 15:00", "2026-11-22 15:00"),
            ("yesterday 3pm", "2026-11-22 15:00"),
            ("2h ago", "2026-11-23 09:00"),
        ],
    )
    def test_is_read_as_people_mean_it(self, text, expected):
        assert local(text, "future") == expected

    def test_about_a_day_without_a_time_is_about_its_start_so_that_no_yes_is_too_early(self):
        for text in ("tomorrow", "2026-11-24", "24 Nov", "tue", "next tue", "Tue 24 Nov 2026"):
            when = read(text, "future")
            assert when.at == datetime(2026, 11, 24, tzinfo=LONDON)
            assert when.assumed[-1] == "No time was given: counted from the start of that day."

    def test_about_today_is_about_now(self):
        when = read("today", "future")
        assert when.at == NOW
        assert when.assumed == ("No time was given: counted from now, since the day has begun.",)


class TestADateWithoutAYear:
    """A year too far back would declare every restriction over, without a word."""

    @pytest.mark.parametrize(
        ("text", "readings"),
        [
            ("24 Nov 14:00", "24 Nov 2025 or 24 Nov 2026"),
            ("24 Nov", "24 Nov 2025 or 24 Nov 2026"),
            ("14:00 on the 24th of November", "24 Nov 2025 or 24 Nov 2026"),
            ("23 Nov 14:00", "23 Nov 2025 or 23 Nov 2026"),  # in three hours
            ("23 Dec", "23 Dec 2025 or 23 Dec 2026"),
        ],
    )
    def test_of_a_treatment_is_refused_while_the_same_date_is_less_than_a_month_ahead(
        self, text, readings
    ):
        error = refused(text)
        assert f"could be {readings}" in error.message
        assert error.hint.startswith("write the year: ")

    @pytest.mark.parametrize(
        ("text", "readings"),
        [
            ("22 Nov 14:00", "22 Nov 2026 or 22 Nov 2027"),
            ("22 Nov", "22 Nov 2026 or 22 Nov 2027"),
            ("23 Nov 10:00", "23 Nov 2026 or 23 Nov 2027"),  # an hour ago
            ("24 Oct", "24 Oct 2026 or 24 Oct 2027"),
        ],
    )
    def test_of_a_question_is_refused_while_the_same_date_is_less_than_a_month_ago(
        self, text, readings
    ):
        error = refused(text, "future")
        assert f"could be {readings}" in error.message
        assert error.hint.startswith("write the year: ")

    def test_is_read_where_the_same_date_is_31_days_away_on_the_other_side(self):
        assert local("24 Dec") == "2025-12-25 00:00"
        assert local("23 Oct", "future") == "2027-10-23 00:00"

    def test_is_read_where_its_near_reading_is_on_the_preferred_side(self):
        assert local("23 Nov 10:00") == "2026-11-23 10:00"
        assert local("23 Nov 14:00", "future") == "2026-11-23 14:00"
        assert local("23 Nov") == local("23 Nov", "future") == "2026-11-23 11:00"

    def test_is_refused_across_the_new_year_too(self):
        december, january = datetime(2026, 12, 20, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
        assert "5 Jan 2026 or 5 Jan 2027" in refused("5 Jan", now=december).message
        assert "28 Dec 2026 or 28 Dec 2027" in refused("28 Dec", "future", january).message
        assert local("28 Dec", now=january) == "2026-12-29 00:00"

    def test_is_read_on_the_leap_day_when_the_other_year_has_none(self):
        now = datetime(2029, 2, 20, tzinfo=UTC)
        assert local("29 Feb 10:00", now=now) == "2028-02-29 10:00"

    def test_is_settled_by_its_weekday(self):
        assert local("Mon 24 Nov 14:00") == "2025-11-24 14:00"
        assert local("Tue 24 Nov 14:00") == "2026-11-24 14:00"
        assert local("Mon 22 Nov 14:00", "future") == "2027-11-22 14:00"

    def test_is_read_once_the_year_is_written_as_the_refusal_asks(self):
        for prefer, text in (("past", "24 Nov"), ("future", "22 Nov")):
            first, second = (
                refused(text, prefer).hint.removeprefix("write the year: ").split(" or ")
            )
            assert read(first, prefer).at < read(second, prefer).at

    @settings(max_examples=300)
    @given(scenes(), st.integers(0, 365), st.times(), st.booleans(), sides)
    def test_never_has_a_silent_reading_a_year_from_one_within_a_month(
        self, scene, days, clock, whole_day, prefer
    ):
        now, zone = scene
        today = wall_of(now, zone).date()
        day = today + timedelta(days=days - 183)
        time_of_day = "" if whole_day else f" {clock:%H:%M}"
        when, _ = outcome(f"{day:%d %B}{time_of_day}", prefer, now, zone)
        if when is not None and abs(day - today) < timedelta(days=31):
            assert abs(when.at - now) < timedelta(days=32)


class TestTheResult:
    def test_is_in_utc_with_the_text_as_typed_and_the_default_zone(self):
        when = read("  Yesterday 3pm ")
        assert when == When(
            at=datetime(2026, 11, 22, 15, tzinfo=UTC),
            zone="Europe/London",
            text="  Yesterday 3pm ",
            assumed=(),
        )
        assert when.at.tzinfo is UTC

    def test_lives_in_the_place_that_was_named(self):
        when = read("yesterday 14:00 america/argentina/buenos_aires")
        assert when.zone == "America/Argentina/Buenos_Aires"
        assert when.at == datetime(2026, 11, 22, 17, tzinfo=UTC)

    @pytest.mark.parametrize("offset", ["Z", "+01:00", " UTC", " GMT", " UTC-5"])
    def test_keeps_the_default_zone_where_an_offset_names_no_place(self, offset):
        assert read(f"2026-11-22 14:00{offset}", zone="Asia/Tokyo").zone == "Asia/Tokyo"

    def test_counts_yesterday_on_the_calendar_of_the_place_that_was_named(self):
        # 11:00 on Monday in London is already Tuesday on Kiritimati.
        assert local("yesterday 14:00 Pacific/Kiritimati") == "2026-11-23 14:00"

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("23:00", "No day was given: taken as Sun 22 Nov 2026."),
            ("24 Dec 14:00", "No year was given: taken as Wed 24 Dec 2025."),
            ("Mon 24 Nov 14:00", "No year was given: taken as Mon 24 Nov 2025."),
            ("last sat 2pm", "'last sat' was taken as Sat 21 Nov 2026."),
            ("mon 14:00", "'mon' was taken as Mon 16 Nov 2026."),
            ("midnight", "Midnight was taken as the start of Mon 23 Nov 2026."),
            ("yesterday 12am", "12am was taken as 00:00."),
            ("yesterday 12:30pm", "12:30pm was taken as 12:30."),
            ("yesterday 3:30", "3:30 says neither am nor pm: taken as 03:30."),
        ],
    )
    def test_says_what_was_assumed(self, text, sentence):
        assert read(text).assumed == (sentence,)


class TestWhereTheClockChanges:
    def test_a_time_that_london_skips_becomes_the_moment_of_the_change(self):
        when = read("2026-03-29 01:30")
        assert when.at == datetime(2026, 3, 29, 1, tzinfo=UTC)
        assert when.assumed == (
            "01:30 does not exist on Sun 29 Mar 2026 (the clock went forward): taken as 02:00.",
        )

    def test_a_time_that_london_has_twice_is_the_later(self):
        when = read("2026-10-25 01:30")
        assert when.at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        assert when.assumed == (
            "01:30 happens twice on Sun 25 Oct 2026 (the clock went back): taken as the later.",
        )

    def test_a_treatment_at_the_first_of_the_two_is_the_earlier_until_the_later_has_come(self):
        between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 01:45, for the first time
        for text in ("01:30", "today 01:30", "2026-10-25 01:30", "sunday 01:30"):
            when = read(text, now=between)
            assert when.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
            assert "taken as the earlier, since the later is still to come." in when.assumed[-1]
        assert read("01:30", "future", now=between).at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "hour"), [("+00:00", 1), ("+01:00", 0), ("Z", 1), (" UTC", 1), (" GMT", 1)]
    )
    def test_a_time_with_an_offset_happens_once(self, text, hour):
        when = read(f"2026-10-25 01:30{text}")
        assert when.at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert when.assumed == ()

    def test_lord_howe_skips_and_repeats_half_an_hour(self):
        zone = "Australia/Lord_Howe"
        assert local("2026-10-04 02:15", zone=zone) == "2026-10-04 02:30"
        assert local("2026-10-04 02:30", zone=zone) == "2026-10-04 02:30"
        assert read("2026-04-05 01:45", zone=zone).at == instant_of(
            datetime(2026, 4, 5, 1, 45), ZoneInfo(zone)
        )
        assert "happens twice" in read("2026-04-05 01:45", zone=zone).assumed[0]

    @pytest.mark.parametrize(
        ("zone", "eve"),
        [("Asia/Beirut", date(2026, 3, 28)), ("Africa/Cairo", date(2026, 4, 23))],
    )
    def test_a_day_whose_next_day_has_no_midnight_ends_when_the_clock_changes(self, zone, eve):
        next_day = eve + timedelta(days=1)
        when = read(str(eve), zone=zone)
        assert local(str(eve), zone=zone) == f"{next_day} 01:00"
        assert "00:00 does not exist" in when.assumed[-1]
        assert local(f"{eve} 24:00", zone=zone) == f"{next_day} 01:00"
        assert local(str(next_day), "future", zone=zone) == f"{next_day} 01:00"

    def test_midnight_was_skipped_in_paraguay_as_long_as_it_changed_its_clocks(self):
        now = datetime(2024, 11, 1, tzinfo=UTC)
        assert local("2024-10-05", now=now, zone="America/Asuncion") == "2024-10-06 01:00"

    def test_where_midnight_happens_twice_a_question_means_the_first_and_a_treatment_the_later(
        self,
    ):
        havana = ZoneInfo("America/Havana")
        midnight = datetime(2026, 11, 1, tzinfo=havana)
        now = datetime(2026, 10, 1, tzinfo=UTC)
        assert read("2026-11-01", "future", now, "America/Havana").at == midnight.astimezone(UTC)
        later = midnight.replace(fold=1).astimezone(UTC)
        assert read("2026-10-31", "past", now, "America/Havana").at == later

    @settings(max_examples=300)
    @given(scenes(), st.integers(1, 17000), sides)
    def test_hours_ago_are_elapsed_time(self, scene, hours, prefer):
        now, zone = scene
        assert read(f"{hours}h ago", prefer, now, zone).at == now - timedelta(seconds=hours * 3600)
        assert read(f"in {hours} hours", prefer, now, zone).at == now + timedelta(
            seconds=hours * 3600
        )

    @settings(max_examples=300)
    @given(scenes(), st.integers(1, 700), st.sampled_from([-1, 1]))
    def test_days_ago_are_the_same_time_on_the_local_clock(self, scene, days, side):
        now, zone = scene
        text = f"{days} days ago" if side < 0 else f"in {days} days"
        wall = wall_of(now, zone) + timedelta(days=days * side)
        when = read(text, now=now, zone=zone)
        assert when.at == instant_of(wall, ZoneInfo(zone))
        if clock_quirk(wall, ZoneInfo(zone)) is None:
            assert wall_of(when.at, zone) == wall
            assert when.assumed == ()
        else:
            assert when.assumed


class TestEveryPlaceAndEveryInstant:
    @settings(max_examples=500)
    @given(seconds, places, st.timedeltas(-FARTHEST, FARTHEST), sides)
    def test_a_printed_time_with_its_offset_is_read_back(self, now, zone, away, prefer):
        instant = (now + away).replace(microsecond=0)
        assume(abs(instant - now) <= FARTHEST)
        printed = instant.astimezone(ZoneInfo(zone))
        for text in (
            printed.isoformat(),
            printed.isoformat(" "),
            f"{printed:%Y%m%dT%H%M%S%z}",
            f"{printed.isoformat()}[{zone}]",
            f"{printed.isoformat()} {zone.lower()}",
        ):
            when = read(text, prefer, now, zone)
            assert when.at == instant
            assert when.assumed == ()
            assert when.zone == zone

    @settings(max_examples=500)
    @given(scenes(), st.integers(-700 * 1440, 700 * 1440), sides)
    def test_a_local_time_with_its_place_is_the_instant_of_that_clock(self, scene, minutes, prefer):
        now, zone = scene
        wall = wall_of(now, zone).replace(second=0, microsecond=0) + timedelta(minutes=minutes)
        tz = ZoneInfo(zone)
        assume(not (wall.replace(tzinfo=tz) <= now < instant_of(wall, tz)))
        for text in (
            f"{wall:%Y-%m-%d %H:%M} {zone}",
            f"{wall:%Y-%m-%dT%H:%M:%S} {zone.upper()}",
            f"{wall:%d %B %Y} {wall:%I:%M %p}".lower() + f" {zone}",
        ):
            when = parse_when(text, now=now, zone="Europe/London", prefer=prefer)
            assert when.at == instant_of(wall, tz)
            assert when.zone == zone
            quirk = clock_quirk(wall, tz)
            sentence = {"skipped": "does not exist", "repeated": "happens twice"}.get(quirk, "")
            if quirk:
                assert sentence in when.assumed[-1]
            else:
                assert all("was taken as" in said for said in when.assumed)  # 12am

    @settings(max_examples=500)
    @given(scenes(), st.times())
    def test_a_bare_time_is_the_nearest_on_its_side_of_now(self, scene, clock):
        now, zone = scene
        clock = clock.replace(microsecond=0, fold=0)
        # A clock can lose an hour on the way, and a time that it skips comes as much later.
        day = timedelta(hours=27)
        past = read(clock.isoformat(), "past", now, zone).at
        assert now - day < past <= now
        future = read(clock.isoformat(), "future", now, zone).at
        assert now <= future < now + day
        for at in (past, future):
            assert at in instants_on(wall_of(at, zone).date(), clock, zone)

    @settings(max_examples=500)
    @given(scenes(), st.integers(0, 6), st.times(), st.booleans())
    def test_a_weekday_is_the_nearest_on_its_side_of_now(self, scene, weekday, clock, time_first):
        now, zone = scene
        clock = clock.replace(second=0, microsecond=0, fold=0)
        name = ("monday", "Tue", "wed", "Thurs", "fri", "SAT", "sunday")[weekday]
        text = f"{clock:%H:%M} {name}" if time_first else f"{name} {clock:%H:%M}"
        week = timedelta(days=7, hours=3)
        past = read(text, "past", now, zone).at
        assert now - week < past <= now
        future = read(text, "future", now, zone).at
        assert now <= future < now + week
        for at in (past, future):
            on = wall_of(at, zone).date()
            assert on.weekday() == weekday
            assert at in instants_on(on, clock, zone)

    @settings(max_examples=300)
    @given(scenes(), st.integers(-700, 700))
    def test_a_day_without_a_time_is_never_shorter_for_a_treatment_nor_later_for_a_question(
        self, scene, days
    ):
        now, zone = scene
        today = wall_of(now, zone).date()
        day = today + timedelta(days=days)
        treated, asked = read(str(day), "past", now, zone), read(str(day), "future", now, zone)
        assert treated.assumed
        assert asked.assumed
        if days == 0:
            assert treated.at == asked.at == now
            return
        noon = instant_of(datetime.combine(day, time(12)), ZoneInfo(zone))
        assert asked.at < noon < treated.at
        assert wall_of(treated.at - timedelta(hours=1, seconds=1), zone).date() <= day
        assert wall_of(treated.at, zone).date() == day + timedelta(days=1)
        assert wall_of(asked.at, zone).date() == day
        assert wall_of(asked.at - timedelta(seconds=1), zone).date() < day

    @settings(max_examples=300)
    @given(seconds, places, st.integers(-360, 360), sides, st.booleans())
    def test_what_the_program_prints_is_read_back(self, now, zone, days, prefer, with_year):
        wall = (wall_of(now, zone) + timedelta(days=days)).replace(hour=15, minute=5, second=0)
        weekday = "MonTueWedThuFriSatSun"[3 * wall.weekday() :][:3]
        month = "JanFebMarAprMayJunJulAugSepOctNovDec"[3 * wall.month - 3 :][:3]
        year = f" {wall.year}" if with_year else ""
        text = f"{weekday} {wall.day} {month}{year}, {wall:%H:%M}"
        assume(clock_quirk(wall, ZoneInfo(zone)) is None)
        assert wall_of(read(text, prefer, now, zone).at, zone) == wall


def instants_on(day, clock, zone):
    """The instants at which a local clock shows a time on a day, or passes it."""
    wall, tz = datetime.combine(day, clock), ZoneInfo(zone)
    return {instant_of(wall, tz), wall.replace(tzinfo=tz).astimezone(UTC)} | {
        # Skipped at the end of the day before.
        instant_of(wall - timedelta(days=1), tz)
    }


class TestARefusal:
    @pytest.mark.parametrize(
        ("text", "wrong", "right"),
        [
            ("03/04/2026", "3 Apr 2026 or 4 Mar 2026", "2026-04-03 or 2026-03-04"),
            ("03.04.2026", "3 Apr 2026 or 4 Mar 2026", "2026-04-03 or 2026-03-04"),
            ("3-4-2026 14:00", "3 Apr 2026 or 4 Mar 2026", "2026-04-03 or 2026-03-04"),
            ("10", "the hour 10:00 or the day 10", "10:00"),
            ("today 5", "the hour 05:00 or the day 5", "05:00"),
            ("2026", "a year or the time 20:26", "2026-11-23"),
            ("22/11", "a date or a time", "2026-11-23"),
            ("14.30", "a date or a time", "14:30"),
            ("15h", "before or after now", "15h ago or in 15h, or 15:00"),
            ("in 2h ago", "before or after now", "2h ago or in 2h"),
            ("5m ago", "minutes or months", "5 min ago"),
            ("sat midnight", "the start or the end", "sat 00:00 for its start, sat 24:00"),
            ("last mon", "Mon 16 Nov 2026 or Mon 23 Nov 2026", "2026-11-16 or 2026-11-23"),
            ("next mon 9am", "Mon 23 Nov 2026 or Mon 30 Nov 2026", "2026-11-23 or 2026-11-30"),
            ("this sat", "Sat 21 Nov 2026 or Sat 28 Nov 2026", "2026-11-21 or 2026-11-28"),
            ("10:00-11:00", "from 10:00 until 11:00", "2026-11-23T10:00-11:00"),
            ("Sat 22 Nov 2026", "is a Sunday", "Sun 22 Nov 2026 or Sat 21 Nov 2026"),
            ("Wed 22 Nov", "is not a Wednesday", "Sun 22 Nov 2026"),
            ("3pm 4pm", "two times", "3pm or 4pm"),
            (
                "2026-11-22 14:00+02:00 Europe/London",
                "offset",
                "14:00+0200 or 2026-11-22 14:00 Eur",
            ),
        ],
    )
    def test_shows_both_readings_of_what_has_two(self, text, wrong, right):
        error = refused(text)
        assert wrong in error.message
        assert right in error.hint

    @pytest.mark.parametrize(
        ("text", "wrong", "right"),
        [
            ("", "empty", "yesterday 3pm"),
            ("   ", "empty", "yesterday 3pm"),
            ("22/11/26", "four digits", "2026-11-23"),
            ("26-11-22", "four digits", "2026-11-23"),
            ("22 Nov 26", "two digits", "22 Nov 2026"),
            ("2026-11", "no full date", "2026-11-23"),
            ("Nov 2026", "no full date", "2026-11-23"),
            ("Nov", "no full date", "2026-11-23"),
            ("sat 21st", "no full date", "2026-11-23"),
            ("20261122", "neither a date nor a time", "2026-11-23"),
            ("2026-W48-1", "-W48-1", "2026-11-22 14:00"),
            ("2026-02-30", "no 2026-02-30", "check"),
            ("2027-02-29", "no 2027-02-29", "check"),
            ("2026-22-11", "no 2026-22-11", "check"),
            ("13/14/2026", "no month", "2026-11-22"),
            ("30 Feb", "no 30 Feb", "check"),
            ("31 April 2026", "no 31 April", "check"),
            ("32 Nov", "no 32 Nov", "check"),
            ("0 Nov", "no 0 Nov", "check"),
            ("29 Feb", "last two years", "2026-11-23"),
            ("25:00", "no 25:00", "14:00"),
            ("24:01", "no 24:01", "14:00"),
            ("14:60", "no 14:60", "14:00"),
            ("23:59:60", "no 23:59:60", "14:00"),
            ("13pm", "no 13pm", "13:00 or 1pm"),
            ("0am", "no 0am", "14:00"),
            ("14:00 BST", "BST can mean several zones", "Europe/London or +01:00"),
            ("14:00 bst", "several zones", "Europe/London or +01:00"),
            ("BST", "several zones", "Europe/London or +01:00"),
            ("14:00 EST", "several zones", "America/New_York or -05:00"),
            ("Sun 22 Nov 2026, 15:00 PST", "several zones", "America/Los_Angeles"),
            ("14:00 CET", "several zones", "Europe/Paris or +01:00"),
            ("14:00 QQQ", "QQQ is not a zone", "Europe/London"),
            ("14:00 Europe/Lundon", "no time zone", "Europe/London"),
            ("14:00 Asia/New_York", "no time zone", "America/New_York"),
            ("14:00 London", "'London'", "Europe/London"),
            ("14:00 Mars/Phobos", "no time zone", "Europe/London"),
            ("14:00 Europe/London Europe/Paris", "two zones", "keep one"),
            ("14:00 +25:00", "no clock", "+14:00"),
            ("14:00 +01:20", "no clock", "+14:00"),
            ("+01:00", "no clock time", "T14:00+01:00"),
            ("yesterady 3pm", "'yesterady'", "yesterday"),
            ("wensday", "'wensday'", "wednesday"),
            ("week", "'week'", "2026-11-22 14:00"),
            ("last week", "'week'", "2026-11-22 14:00"),
            ("tonight", "'tonight'", "2026-11-22 14:00"),
            ("2 months ago", "no fixed length", "days or weeks"),
            ("1 day 2h ago", "mixes days", "26h ago"),
            ("1.5 days ago", "whole number", "36h ago"),
            ("0h ago", "no time at all", "now"),
            ("2h ago 14:00", "two times", "keep one"),
            ("Europe/London", "no zone can", "2026-11-23 14:00 Europe/London"),
            ("31 UTC Mar 11:00", "no zone can", "2026-11-23 14:00 UTC"),
            (", 14:00", "cannot be read", "2026-11-22 14:00"),
            ("next 22 Nov", "cannot be read", "2026-11-22 14:00"),
            ("at", "cannot be read", "2026-11-22 14:00"),
            ("yesterday\t3pm", "cannot be seen", "again"),
            ("3pm\x1b[2J", "cannot be seen", "again"),
            ("3pm\N{ZERO WIDTH SPACE}", "cannot be seen", "again"),
            ("\N{ARABIC-INDIC DIGIT ONE}4:00", "no time is written with", "0-9"),
            ("\N{FULLWIDTH DIGIT ONE}4:00", "no time is written with", "0-9"),
            ("3pm " * 60, "240 characters", "2026-11-22 14:00"),
        ],
    )
    def test_says_what_was_wrong_and_what_would_be_right(self, text, wrong, right):
        error = refused(text)
        assert wrong in error.message
        assert right in error.hint

    @pytest.mark.parametrize("prefer", ["past", "future"])
    @pytest.mark.parametrize(
        "text",
        [
            "2024-11-21",
            "2028-11-25 14:00",
            "0001-01-01",
            "0000-00-00",
            "9999-12-31T23:59-12:00",
            "9999-12-31 24:00",
            "99999h ago",
            "999999999 weeks ago",
            "in 999999999 days",
            "731 days ago 00:00",
            "in 732 days",
        ],
    )
    def test_meets_what_is_more_than_two_years_away(self, text, prefer):
        refused(text, prefer)

    def test_keeps_control_characters_out_of_its_message(self):
        for text in ("\x1b[31m", "\x00", "\x9b1m", "3pm\N{RIGHT-TO-LEFT OVERRIDE}", "\ud800"):
            error = refused(text)
            assert error.message.isprintable()
            assert error.hint.isprintable()

    def test_offers_examples_that_can_be_read(self):
        for prefer in ("past", "future"):
            examples = refused("?", prefer).hint.removeprefix("write ")
            for text in re.split(r", | or ", examples):
                assert read(text, prefer)

    def test_meets_a_default_zone_that_does_not_exist(self):
        assert "Europe/London" in refused("now", zone="Europe/Lundon").hint
        for zone in ("", "Europe", "../etc/passwd", "/etc/localtime", "\x00", "a" * 300):
            refused("now", zone=zone)

    def test_meets_a_clock_that_is_set_to_no_real_year(self):
        for year in (1, 1969, 9999):
            refused("yesterday", now=datetime(year, 1, 1, tzinfo=UTC))

    def test_is_no_answer_to_a_now_without_a_zone_which_is_a_mistake_in_the_program(self):
        with pytest.raises(ValueError, match="aware"):
            read("now", now=datetime(2026, 11, 23, 11))


WORDS = """
now today yesterday tomorrow noon midnight mon tues wednesday thu fri sat Sunday last next this on
at the of in ago and an a half from h hours min m days d week w months year 1 2 3 10 15 22 26 31 99
0 1.5 2026 2027 1400 20261122 22nd 31st Nov november feb dec may mar sept 3pm 3 pm am 12am 13pm
14:00 24:00 25:00 3.30pm 14.30 15h 23:59:60 T t Z z + - : . , / UTC GMT GMT+1 BST EST +01:00 -03
-11:00 +2500 Europe/London Asia/Tokyo Mars/Phobos [Europe/Paris] Etc/GMT+5 2026-11-22 2026-02-30
2026-11-22T14:00 20261122T1400 03/04/2026 25/12/2026 22/11/26 2026-11 2026-W48-1 9999-12-31
0001-01-01 999999999 London
"""
TOKENS = [word for line in WORDS.splitlines() for word in line.split(" ") if word]
GAPS = (" ", "", "  ", ", ")
soup = st.lists(
    st.tuples(st.sampled_from(TOKENS) | st.text(max_size=3), st.sampled_from(GAPS)), max_size=5
).map(lambda pieces: "".join(word + gap for word, gap in pieces))
READABLE = (
    "yesterday 3:30pm",
    "2h 30min ago",
    "3 days ago at 14:00",
    "last sat 2pm",
    "Sun 22 Nov 2026, 15:00 GMT",
    "the 22nd of November, noon",
    "2026-11-22T14:00:30.5+01:00",
    "2026-11-22 14:00 Europe/London",
    "25/12/2026 24:00",
    "20261122T1400Z",
)


def nearly_readable(chance):
    """One of the readable texts with a slip: something put in, left out, or put elsewhere."""
    text = chance.choice(READABLE)
    for _ in range(chance.randint(1, 2)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 0, 1, 1, 2, 5)))
        new = chance.choice(("", "", *"0123456789 :-+.,/TZ[", chance.choice(TOKENS)))
        text = text[:start] + new + text[end:]
    return text


def soup_of(chance):
    pieces = range(chance.randint(1, 4))
    return "".join(chance.choice(TOKENS) + chance.choice(GAPS) for _ in pieces)


def outcome(text, *context):
    """The moment, or the refusal; anything else that is raised goes through."""
    try:
        return read(text, *context), None
    except TimeError as error:
        return None, error


class TestAnyText:
    @pytest.mark.parametrize("make", [soup_of, nearly_readable])
    def test_of_ten_thousand_is_a_moment_or_a_refusal(self, make):
        chance = random.Random(20261122)
        moments = 0
        for _ in range(5_000):
            text, prefer = make(chance), chance.choice(("past", "future"))
            moments += self.check(text, prefer, NOW.astimezone(UTC), "Europe/London")
        assert 50 < moments < 4_000

    @settings(max_examples=1_000)
    @given(soup | st.text(max_size=30), sides, nows, places)
    @example("32 Nov 9999 24:00", "past", NOW.astimezone(UTC), "Europe/London")
    @example("2147483648 Nov", "past", NOW.astimezone(UTC), "Europe/London")
    @example("Nov 22 \ud800", "past", NOW.astimezone(UTC), "Europe/London")
    def test_is_a_moment_or_a_refusal_with_a_hint(self, text, prefer, now, zone):
        self.check(text, prefer, now, zone)

    def check(self, text, prefer, now, zone):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            when, error = outcome(text, prefer, now, zone)
        if error is not None:
            assert error.message.strip()
            assert error.message.isprintable()
            assert (error.hint or "").strip()
            assert (error.hint or "").isprintable()
        if when is not None:
            assert when.at.tzinfo is UTC
            assert abs(when.at - now) <= FARTHEST
            assert when.zone in ZONES
            assert when.text == text
            assert len(text) <= LONGEST_TEXT
            assert all(said.endswith(".") for said in when.assumed)
        return when is not None

    @settings(max_examples=500)
    @given(soup | st.sampled_from(READABLE), sides)
    def test_means_the_same_in_any_case_and_with_more_spaces(self, text, prefer):
        def moment(text):
            when, _ = outcome(text, prefer)
            return when and (when.at, when.zone)

        spaced = "  " + text.replace(" ", "   ") + " "
        if text.isascii() and text.isprintable() and len(spaced) <= LONGEST_TEXT:
            assert moment(text) == moment(spaced) == moment(text.upper()) == moment(text.lower())


class TestTheModule:
    def run(self, code, **environment):
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        ended = subprocess.run(
            [sys.executable, "-c", code],
            env=kept | {"PYTHONPATH": os.pathsep.join(sys.path), **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return ended.stdout.strip()

    READ = (
        "import sys; from datetime import datetime, UTC; from aftercare.when import parse_when\n"
        "print(*(parse_when(t, now=datetime(2026, 11, 23, 11, tzinfo=UTC), zone='Europe/London',"
        " prefer='past') for t in {texts}), 'dateutil' in sys.modules)"
    )

    def test_loads_dateutil_for_names_of_months_alone(self):
        plain = ["now", "2026-11-22T14:00", "yesterday 3pm", "sat 14:00", "2h ago"]
        assert self.run(self.READ.format(texts=plain)).endswith("False")
        assert self.run(self.READ.format(texts=["22 Nov 2026 2pm"])).endswith("True")

    def test_reads_neither_the_clock_nor_the_zone_nor_the_locale(self):
        code = self.READ.format(texts=["today", "sat 3pm", "22 Nov", "2026-03-29 01:30"])
        here = self.run(code, TZ="UTC", LC_ALL="C")
        there = self.run(code, TZ="Pacific/Kiritimati", LC_ALL="de_DE.UTF-8")
        assert here == there
