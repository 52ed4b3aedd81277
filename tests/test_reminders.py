"""What there is to remind of follows from the plans, and never says more than they permit."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW, rules_of
from hypothesis import given
from hypothesis import strategies as st

import aftercare
from aftercare import Treatment, Yes, can_i, due, plan
from aftercare.core.recognition import Match, Recognition
from aftercare.core.reminders import TOGETHER

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
#: Minutes round the clock changes of autumn 2026 and spring 2027.
minutes = st.integers(0, 60 * 24 * 160).map(
    lambda n: datetime(2026, 10, 20, tzinfo=UTC) + n * MINUTE
)
#: Treatments whose rules speak of other things.
KINDS = ["microneedling", "tca-peel", "botulinum-toxin", "hydrafacial"]
treatments = st.lists(
    st.tuples(minutes, st.sampled_from(ZONES), st.sampled_from(KINDS)),
    min_size=1, max_size=4, unique=True,
)  # fmt: skip
FAR = 400 * DAY


@pytest.fixture(scope="module")
def shipped():
    return aftercare.load_rules()


def plans_of(treated, rules):
    return [
        plan(Treatment(kind[0] if kind else "microneedling", at, zone, id=n), rules)
        for n, (at, zone, *kind) in enumerate(sorted(treated), 1)
    ]


def verdict_on(thing, plans, at):
    begun = [p for p in plans if p.treatments[0].treated_at <= at]
    return can_i(Recognition(thing, (Match(thing, thing, "exact", thing),)), begun, at)


def all_of(plans, zone=None):
    start = min(p.treatments[0].treated_at for p in plans)
    return due(plans, start, start + FAR, zone)


def notices(plans, *kinds):
    return [n for r in all_of(plans) for n in r.notices if n.kind in kinds]


@given(treated=treatments)
def test_what_is_said_to_lift_is_free_from_then_on_and_was_not_before(treated, shipped):
    plans = plans_of(treated, shipped)
    for notice in notices(plans, "lift", "session"):
        assert isinstance(verdict_on(notice.thing, plans, notice.at), Yes)
        assert not isinstance(verdict_on(notice.thing, plans, notice.at - MINUTE), Yes)
        last = notice.until - timedelta(microseconds=1)
        assert isinstance(verdict_on(notice.thing, plans, last), Yes)
    for notice in notices(plans, "usual"):
        assert verdict_on(notice.thing, plans, notice.at).better_wait_until is None


@given(treated=treatments)
def test_every_ban_that_ends_in_a_yes_is_told_of_once(treated, shipped):
    plans = plans_of(treated, shipped)
    told = [(n.thing, n.at) for n in notices(plans, "lift", "session")]
    assert len(told) == len(set(told))
    ends = {(r.thing, r.ends) for p in plans for r in p.restrictions if r.starts < r.ends}
    for end in ends:
        assert (end in told) == isinstance(verdict_on(end[0], plans, end[1]), Yes)
    # The others were held up by a treatment that does not mention them, until it was over.
    assert {at for thing, at in told if (thing, at) not in ends} <= {
        end for p in plans for end in p.over_at
    }


def test_a_lift_that_another_treatment_held_up_is_told_of_when_that_one_is_over(shipped):
    plans = plans_of([(NOW, "UTC", "botulinum-toxin"), (NOW, "UTC", "microneedling")], shipped)
    (told,) = [n for n in notices(plans, "lift") if n.thing == "retinoids"]
    (botox,) = [p for p in plans if p.treatments[0].kind == "botulinum-toxin"]
    assert told.at == botox.over_at[0]


@given(treated=treatments, cuts=st.lists(minutes, min_size=1, max_size=5))
def test_whatever_spans_are_asked_for_in_a_row_the_reminders_are_the_same(treated, cuts, shipped):
    plans = plans_of(treated, shipped)
    start, end = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC)
    borders = [start, *sorted(cuts), end]
    pieces = [due(plans, one, other) for one, other in pairwise(borders)]
    assert [r for piece in pieces for r in piece] == list(due(plans, start, end))


@given(treated=treatments)
def test_lifts_within_ten_minutes_are_one_message_when_all_are_true(treated, shipped):
    reminders = [r for r in all_of(plans_of(treated, shipped)) if r.notices[0].kind != "care"]
    for reminder in reminders:
        assert all(n.at <= reminder.at <= n.at + TOGETHER for n in reminder.notices)
        assert all(r.starts <= reminder.at < r.ends for r in reminder.still_off)


@given(treated=treatments, zone=st.sampled_from(ZONES))
def test_care_is_due_once_on_each_of_its_local_days_where_the_person_is(treated, zone, shipped):
    here = ZoneInfo(zone)
    plans = plans_of(treated, shipped)
    told = [n for r in all_of(plans, here) for n in r.notices if n.kind == "care"]
    assert len({n.key for n in told}) == len(told)
    sunscreen = [n.at.astimezone(here) for n in told if n.thing == "sunscreen"]
    assert len({at.date() for at in sunscreen}) == len(sunscreen)
    for at in sunscreen:
        assert (at.hour, at.minute) == (8, 0)


def test_care_for_what_another_treatment_forbids_is_not_asked_for():
    """Two treatments."""
    one = rules_of("care:\n  moisturiser: {every: day, at: '08:00', for: 5d}\n")
    other = rules_of("avoid:\n  moisturiser: {for: 30h, why: Leave it.}\n")
    first = plan(Treatment("needling", NOW, "UTC"), one)
    second = plan(Treatment("needling", NOW + 12 * HOUR, "UTC"), other)
    days = [n.at.day for n in notices([first, second], "care")]
    assert [n.at.day for n in notices([first], "care")] == [24, 25, 26, 27, 28]
    assert days == [25, 26, 27, 28]


def test_the_signs_are_looked_for_after_a_day_and_after_three(shipped):
    (given_plan,) = plans_of([(NOW, "Europe/London")], shipped)
    checks = notices([given_plan], "check")
    assert [n.at - NOW for n in checks] == [24 * HOUR, 72 * HOUR]
    texts = [s.text for s in checks[0].statements]
    assert texts[: len(given_plan.protocols[0].urgent)] == [
        s.text for s in given_plan.protocols[0].urgent
    ]


def test_a_course_tells_of_the_earliest_next_session(shipped):
    plans = plans_of([(NOW, "Europe/London"), (NOW + 40 * DAY, "Europe/London")], shipped)
    sessions = notices(plans, "session")
    assert [n.at for n in sessions] == [p.next_session for p in plans]


def test_people_are_kept_apart(shipped):
    anna = plan(Treatment("microneedling", NOW, "UTC", person="Anna", id=1), shipped)
    ben = plan(Treatment("microneedling", NOW + HOUR, "UTC", person="Ben", id=2), shipped)
    both = due([anna, ben], NOW, NOW + FAR)
    assert [r for r in both if r.person == "Anna"] == list(due([anna], NOW, NOW + FAR))
    assert [r for r in both if r.person == "Ben"] == list(due([ben], NOW, NOW + FAR))


def test_care_for_any_time_is_due_on_its_first_day_too():
    rules = rules_of("care:\n  moisturiser: {every: day, for: 2d}\n")
    given_plan = plan(Treatment("needling", NOW + 4 * HOUR, "UTC", id=1), rules)
    told = [n.at for r in all_of([given_plan]) for n in r.notices]
    assert told == [NOW + 4 * HOUR, NOW.replace(hour=9) + DAY]
