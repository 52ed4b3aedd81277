"""A plan as FHIR: the models that others wrote take it, and it says what the plan says."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from conftest import NOW
from fhir.resources.R4B.careplan import CarePlan
from hypothesis import given
from hypothesis import strategies as st

import aftercare
from aftercare import Treatment, merge, plan
from aftercare.outputs.fhir import USUAL_ENDS, care_plan, to_json

DONE = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped():
    return aftercare.load_rules()


def validated(resource):
    """The resource as the R4 models read it from its JSON."""
    return CarePlan.model_validate_json(to_json(resource))


def planned(rules, at=DONE, zone="Europe/London", person="", **facts):
    return plan(Treatment("microneedling", at, zone, facts, person), rules)


def test_every_window_and_every_care_is_an_activity_with_its_timing(shipped):
    wanted = planned(shipped, depth_mm=0.9)
    details = [a.detail for a in validated(care_plan(wanted, now=NOW)).activity]
    forbidden = [d for d in details if d.doNotPerform]
    assert [(d.code.text, d.scheduledPeriod.start, d.scheduledPeriod.end) for d in forbidden] == [
        (r.title, r.starts, r.ends) for r in wanted.restrictions
    ]
    usual = [{e.url: e.valueDateTime for e in d.extension or ()}.get(USUAL_ENDS) for d in forbidden]
    assert usual == [r.usual_ends if r.usual_ends > r.ends else None for r in wanted.restrictions]
    daily = [
        d.scheduledTiming.repeat for d in details if d.scheduledTiming and d.scheduledTiming.repeat
    ]
    assert [(r.boundsPeriod.start, r.boundsPeriod.end, r.timeOfDay) for r in daily] == [
        (c.first_day, c.last_day, [c.at]) for c in wanted.care
    ]
    (check,) = [
        d.scheduledTiming.event for d in details if d.scheduledTiming and d.scheduledTiming.event
    ]
    assert check == [DONE + timedelta(hours=24), DONE + timedelta(hours=72)]
    (session,) = [d for d in details if d.kind == "Appointment"]
    assert session.scheduledPeriod.start == wanted.next_session


@given(
    hours=st.lists(st.integers(-20_000, 20_000), min_size=1, max_size=3),
    now=st.one_of(st.none(), st.integers(-30_000, 30_000)),
    zone=st.sampled_from(["Europe/London", "Asia/Kathmandu", "America/St_Johns", "UTC"]),
    person=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20),
)
def test_any_plan_at_any_time_is_valid(hours, now, zone, person, shipped):
    plans = [planned(shipped, DONE + timedelta(hours=h), zone, person) for h in hours]
    at = None if now is None else DONE + timedelta(hours=now)
    resource = care_plan(plans[0] if len(plans) == 1 else merge(plans), now=at)
    read = validated(resource)
    assert len(read.contained) == len(plans)
    kept, given_text = (
        text.replace("+00:00", "Z") for text in (read.model_dump_json(), to_json(resource))
    )
    assert json.loads(kept) == json.loads(given_text)


def test_what_is_over_is_completed_and_what_holds_in_progress(shipped):
    wanted = planned(shipped)
    for days, status in ((-1, {"scheduled"}), (100, {"completed"})):
        resource = validated(care_plan(wanted, now=DONE + timedelta(days=days)))
        assert {a.detail.status for a in resource.activity if a.detail.doNotPerform} == status
    resource = validated(care_plan(wanted, now=DONE + timedelta(hours=48)))
    statuses = {
        a.detail.code.text: a.detail.status for a in resource.activity if a.detail.doNotPerform
    }
    retinoids = next(r.title for r in wanted.restrictions if r.thing == "retinoids")
    assert statuses[retinoids] == "completed"
    assert statuses["Another needling"] == "in-progress"


def test_the_command_prints_it_or_writes_it(run, tmp_path):
    treated = ("--treated-at", "yesterday 3pm", "--fact", "depth_mm=0.5")
    printed = run("export", "fhir", *treated, "--subject", "Patient/123", "--person", "Ann")
    read = CarePlan.model_validate_json(printed.out)
    assert (printed.code, read.subject.reference, read.subject.display) == (0, "Patient/123", "Ann")
    assert read.contained[0].note[0].text == "depth_mm=0.5"
    file = tmp_path / "plan.json"
    written = run("export", "fhir", *treated, "--subject", "Patient/123", "--person", "Ann",
                  "-o", str(file))  # fmt: skip
    assert (written.out, file.read_text()) == ("", printed.out)
    assert run("export", "fhir", "-o", str(tmp_path / "no" / "x.json"), *treated).code == 2


def test_without_a_time_it_is_that_of_the_record(run):
    assert run("export", "fhir").code == 4
    assert run("export", "fhir", "--fact", "depth_mm=1").code == 2
    run("plan", "--treated-at", "yesterday 3pm")
    run("plan", "--treated-at", "2026-11-20T10:00")
    assert len(CarePlan.model_validate_json(run("export", "fhir").out).contained) == 2
