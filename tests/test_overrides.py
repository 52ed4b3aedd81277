"""An override changes one minimum for one treatment; it shortens only on purpose."""

import json
import shlex
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from conftest import NOW, rules_of
from hypothesis import given
from hypothesis import strategies as st

from aftercare import InputError, No, Treatment, Unknown, Yes, can_i, merge, plan
from aftercare.core.model import Override
from aftercare.core.overrides import corrected, read_overrides, with_overrides
from aftercare.core.spans import Span
from aftercare.store import Store
from aftercare.store.file import APPLICATION_ID
from aftercare.store.migrations import MIGRATIONS

HOUR = timedelta(hours=1)
RULES = """
avoid:
  retinoids: {for: 48h, usual: 120h, why: They sting.}
  exercise:
    for: 24h
    why: Sweat.
    longer:
      - if: {depth_mm: ">= 0.8"}
        for: 96h
"""
YESTERDAY = ("--treated-at", "2026-11-22T15:00")
OVERRIDE = ("--override", "retinoids=72h", "--because", "reactive skin")


def override(thing, hours, *, shorter=False):
    return Override(thing, Span(hours=hours), "reactive skin", shorter)


def treated(*overrides, **facts):
    return Treatment("needling", NOW, "UTC", facts, overrides=overrides)


def of(thing, made):
    (found,) = [r for r in made.restrictions if r.thing == thing]
    return found


class TestInThePlan:
    @given(hours=st.integers(0, 400), deep=st.sampled_from([None, 0.5, 1.0]), shorter=st.booleans())
    def test_the_strictest_wins_unless_it_is_shorter_on_purpose(self, hours, deep, shorter):
        facts = {} if deep is None else {"depth_mm": deep}
        rules = rules_of(RULES)
        asked = of("exercise", plan(treated(**facts), rules))
        made = plan(treated(override("exercise", hours, shorter=shorter), **facts), rules)
        found, ends = of("exercise", made), NOW + hours * HOUR
        assert found.ends == (ends if shorter else max(ends, asked.ends))
        assert found.usual_ends == max(ends, asked.usual_ends), "what the rules ask stays usual"
        assert (found.override is not None) == (found.ends != asked.ends)
        assert ("override" in found.decided_by) == (found.override is not None)
        assert of("retinoids", made).ends == NOW + 48 * HOUR, "nothing else moves"

    def test_a_yes_that_an_override_brought_forward_still_says_what_the_rules_ask(self):
        made = plan(treated(override("retinoids", 12, shorter=True)), rules_of(RULES))
        assert isinstance(can_i("retinol", made, NOW + 11 * HOUR), No)
        verdict = can_i("retinol", made, NOW + 12 * HOUR)
        assert isinstance(verdict, Yes)
        assert verdict.better_wait_until == NOW + 120 * HOUR
        assert verdict.because[0].override.because == "reactive skin"
        assert isinstance(can_i("peptides", made, NOW), Unknown)

    def test_an_open_fact_that_can_no_longer_matter_is_not_asked_for(self):
        rules = rules_of(RULES)
        assert of("exercise", plan(treated(), rules)).open_facts == ("depth_mm",)
        longer = plan(treated(override("exercise", 96)), rules)
        assert of("exercise", longer).open_facts == ()
        shorter = plan(treated(override("exercise", 30)), rules)
        assert of("exercise", shorter).open_facts == ("depth_mm",)

    def test_of_several_treatments_the_latest_end_counts_all_the_same(self):
        rules = rules_of(RULES)
        brought_forward = plan(treated(override("retinoids", 1, shorter=True)), rules)
        other = plan(treated().replace(treated_at=NOW - HOUR), rules)
        for order in ([brought_forward, other], [other, brought_forward]):
            found = of("retinoids", merge(order))
            assert found.ends == NOW + 47 * HOUR
            assert found.override is None

    def test_an_override_of_no_rule_is_an_error_not_skipped(self):
        with pytest.raises(InputError, match="acids"):
            plan(treated(override("acids", 5)), rules_of(RULES))
        with pytest.raises(InputError, match="twice"):
            plan(treated(override("exercise", 5), override("exercise", 6)), rules_of(RULES))


class TestAsTyped:
    @pytest.mark.parametrize(
        ("texts", "because", "says"),
        [
            (["retinoids"], ["x"], "THING=LENGTH"),
            (["retinoids=3"], ["x"], "24h, 5d, 2w"),
            (["retinoids=3h"], [], "--because"),
            (["retinoids=3h"], [" "], "--because"),
            (["retinoids=3h"], ["x" * 501], "shorter"),
            (["retinoids=3h", "exercise=3h"], ["a", "b", "c"], "--because"),
            (["retinoids=3h", "retinol=4h"], ["a"], "once"),
            (["retnol=3h"], ["a"], "retinoids, exercise"),
            (["peptides=3h"], ["a"], "retinoids, exercise"),
            ([], ["a"], "--override"),
        ],
    )
    def test_what_cannot_be_used_says_what_would_be_right(self, texts, because, says):
        with pytest.raises(InputError) as error:
            read_overrides(texts, because, rules_of(RULES), "needling")
        assert says in error.value.hint

    def test_one_reason_for_all_or_one_for_each_and_any_exact_name(self):
        def reasons(*because):
            found = read_overrides(
                ["retinol=72h", "exercise=5d"], because, rules_of(RULES), "needling"
            )
            return [(o.thing, o.because) for o in found]

        assert reasons("a") == [("retinoids", "a"), ("exercise", "a")]
        assert reasons("a", "b") == [("retinoids", "a"), ("exercise", "b")]

    def test_shorter_than_the_minimum_of_this_very_treatment_is_said_to_be_on_purpose(self):
        rules = rules_of(RULES)
        given_overrides = (override("exercise", 72),)
        assert with_overrides(treated(), given_overrides, rules, shorter_on_purpose=False)
        deep = treated(depth_mm=1.0)
        with pytest.raises(InputError, match=r"24h, by .* if depth_mm >= 0\.8") as error:
            with_overrides(deep, given_overrides, rules, shorter_on_purpose=False)
        assert "--shorter-on-purpose" in error.value.hint
        meant = with_overrides(deep, given_overrides, rules, shorter_on_purpose=True)
        assert of("exercise", plan(meant, rules)).ends == NOW + 72 * HOUR

    def test_only_those_that_shorten_are_marked_so(self):
        rules = rules_of(RULES)
        both = (override("exercise", 1), override("retinoids", 72))
        made = with_overrides(treated(), both, rules, shorter_on_purpose=True)
        assert [o.shorter_on_purpose for o in made.overrides] == [True, False]

    def test_a_correction_adds_changes_and_removes(self):
        rules = rules_of(RULES)
        first = corrected(treated(), ["retinoids=72h"], ["a"], rules, shorter_on_purpose=False)
        second = corrected(first, ["retinol=96h", "exercise=48h"], ["b"], rules,
                           shorter_on_purpose=False)  # fmt: skip
        assert {o.thing: o.because for o in second.overrides} == {"retinoids": "b", "exercise": "b"}
        third = corrected(second, ["retinoids="], [], rules, shorter_on_purpose=False)
        assert [o.thing for o in third.overrides] == ["exercise"]
        with pytest.raises(InputError, match="not overridden"):
            corrected(third, ["retinoids="], [], rules, shorter_on_purpose=False)


class TestOnTheCommandLine:
    def test_it_is_shown_on_every_output_and_kept_with_the_plan(self, run):
        said = "Set to 72h for this treatment: reactive skin."
        assert said in run("plan", *YESTERDAY, *OVERRIDE).out
        for command in (("plan",), ("can-i", "retinol"), ("now",)):
            assert said in run(*command).out, command
        assert "because: reactive skin" in run("history").out
        kept = {
            "thing": "retinoids", "for": "72h", "because": "reactive skin",
            "shorter_on_purpose": False,
        }  # fmt: skip
        data = json.loads(run("plan", "--json").out)
        assert data["treatments"][0]["overrides"] == [kept]
        (found,) = [r for r in data["restrictions"] if r["thing"] == "retinoids"]
        assert found["override"] == kept
        assert json.loads(run("can-i", "retinol", "--json").out)["because"][0]["override"] == kept
        now = json.loads(run("now", "--json").out)["off_limits"]
        assert [r["override"] for r in now if r["thing"] == "retinoids"] == [kept]
        assert json.loads(run("history", "--json").out)["treatments"][0]["overrides"] == [kept]

    def test_a_shorter_one_is_refused_unless_it_is_on_purpose(self, run):
        shorter = ("--override", "retinoids=24h", "--because", "our own cream")
        done = run("plan", *YESTERDAY, *shorter)
        assert done.code == 2
        assert "--shorter-on-purpose" in done.err
        assert run("history").code == 4, "nothing was recorded"
        done = run("plan", *YESTERDAY, *shorter, "--shorter-on-purpose")
        assert "shorter than the rules ask: our own cream" in done.out

    def test_other_overrides_for_the_same_treatment_are_not_dropped_silently(self, run):
        run("plan", *YESTERDAY, *OVERRIDE)
        assert "nothing was changed" in run("plan", *YESTERDAY, *OVERRIDE).out
        done = run("plan", *YESTERDAY)
        assert done.code == 2
        assert "aftercare correct 1 --override" in done.err

    def test_each_change_says_how_to_undo_it_and_that_works(self, run):
        run("plan", *YESTERDAY, *OVERRIDE)
        before = json.loads(run("plan", "--json").out)["treatments"][0]["overrides"]
        for change in (
            ("--override", "retinoids=5d", "--because", "worse"),
            ("--override", "retinoids="),
            ("--override", "acids=1h", "--because", "calm", "--shorter-on-purpose"),
        ):
            last = run("correct", "1", *change).out.splitlines()[-1]
            run(*shlex.split(last.rpartition("aftercare ")[2]))
            assert json.loads(run("plan", "--json").out)["treatments"][0]["overrides"] == before
        again = run("forget", "1").out.splitlines()[-1].strip().removeprefix("aftercare ")
        run(*shlex.split(again))
        assert json.loads(run("plan", "--json").out)["treatments"][0]["overrides"] == before

    def test_without_a_treatment_it_is_refused(self, run):
        assert run("plan", *OVERRIDE).code == 2
        assert run("plan", *YESTERDAY, "--because", "x").code == 2

    def test_hostile_reasons_stay_text(self, run):
        reason = "[red]\x1b[31m\u202e</script> if depth_mm >= 9"
        done = run("plan", *YESTERDAY, "--override", "retinoids=72h", "--because", reason)
        assert "\x1b" not in done.out
        assert "\u202e" not in done.out
        assert "[red]" in done.out
        assert "Longer because" not in done.out


def test_a_record_from_before_overrides_is_brought_up_to_date(tmp_path):
    path = tmp_path / "aftercare.db"
    before = next(n for n, step in enumerate(MIGRATIONS) if "ADD COLUMN overrides" in step)
    with closing(sqlite3.connect(path)) as db, db:
        for step in MIGRATIONS[:before]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {before}")
        db.execute("INSERT INTO rulebooks VALUES ('abc', '{}')")
        db.execute("INSERT INTO people (person, name) VALUES ('ana', 'Ana')")
        db.execute(
            "INSERT INTO treatments (person, kind, treated_at, zone, facts, rulebook, over_at,"
            " recorded_at) VALUES ('ana', 'needling', ?, 'UTC', '{}', 'abc', 9, 9)",
            (int(NOW.timestamp()) * 1_000_000,),
        )
    store = Store(path)
    assert store.get(1).overrides == ()
    kept = store.get(1)
    changed = Treatment(kept.kind, kept.treated_at, "UTC", {}, "Ana", 1, (override("acids", 3),))
    store.correct(1, changed, NOW)
    assert store.get(1).overrides == (override("acids", 3),)
