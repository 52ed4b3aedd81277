"""Treatments, facts, conditions and lengths of time: what is accepted, what is refused, and why."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW, rules_of

import aftercare
from aftercare import FactError, InputError, TimeError, Treatment, plan
from aftercare.core.conditions import FactType, parse_condition
from aftercare.core.spans import Span, parse_span


class TestTreatment:
    def test_its_time_is_kept_in_utc_and_its_zone_by_name(self):
        treatment = Treatment("x", datetime(2026, 7, 1, 15, tzinfo=ZoneInfo("Europe/London")))
        assert treatment.treated_at == datetime(2026, 7, 1, 14, tzinfo=UTC)
        assert treatment.treated_at.tzinfo is UTC
        assert treatment.zone == "Europe/London"
        assert Treatment("x", NOW).zone == "UTC"

    def test_a_time_without_a_zone_or_out_of_reach_is_refused(self):
        with pytest.raises(TimeError, match="needs a time zone"):
            Treatment("x", datetime(2026, 7, 1, 15))
        for year in (1, 1900, 9999):
            with pytest.raises(TimeError, match="out of reach"):
                Treatment("x", datetime(year, 7, 1, tzinfo=UTC))

    @pytest.mark.parametrize("zone", ["Mars/Base", "../etc/passwd", "", "\x00", "a" * 5000])
    def test_an_unknown_zone_is_refused(self, zone):
        if zone:
            with pytest.raises(InputError, match="no time zone"):
                Treatment("x", NOW, zone)

    def test_a_kind_the_rules_do_not_know_is_refused_with_those_they_do(self):
        rules = rules_of("call: [Pain]")
        with pytest.raises(InputError) as error:
            plan(Treatment("tattoo", NOW), rules)
        assert "needling" in error.value.hint
        assert rules.protocol("Needlings").id == "needling"


class TestFacts:
    number = FactType("depth_mm", "number", "", 0.1, 3.5)
    choice = FactType("skin", "choice", "", choices=("normal", "Very sensitive"))
    yes_no = FactType("smoker", "yes_no", "")

    @pytest.mark.parametrize(
        ("fact", "given", "kept"),
        [
            (number, "0.5", 0.5), (number, 2, 2.0), (choice, " very SENSITIVE", "Very sensitive"),
            (yes_no, "Yes", True), (yes_no, False, False), (yes_no, "n", False),
        ],
    )  # fmt: skip
    def test_a_value_is_read_in_its_own_type(self, fact, given, kept):
        assert fact.read(given) == kept

    @pytest.mark.parametrize(
        ("fact", "given"),
        [
            (number, "deep"), (number, "nan"), (number, "inf"), (number, 9), (number, True),
            (number, None), (choice, "oily"), (yes_no, "maybe"), (yes_no, 2),
        ],
    )  # fmt: skip
    def test_a_value_it_cannot_have_is_refused_with_those_it_can(self, fact, given):
        with pytest.raises(FactError) as error:
            fact.read(given)
        assert fact.describe() in error.value.hint

    def test_bounds_may_be_open(self):
        assert FactType("a", "number", "").describe() == "a number"
        assert FactType("a", "number", "", 1).describe() == "a number from 1"
        assert FactType("a", "number", "", None, 3).describe() == "a number up to 3"
        assert FactType("a", "number", "", None, 3).read("-5") == -5

    @pytest.mark.parametrize(
        ("condition", "true", "false"),
        [
            (">= 0.8", 0.8, 0.79), ("> 0.8", 0.81, 0.8), ("<= 0.8", 0.8, 0.81),
            ("<0.8", 0.7, 0.8), ("= 1", 1.0, 1.5), ("2", 2.0, 1.0),
        ],
    )  # fmt: skip
    def test_a_comparison_holds_or_not_or_is_open(self, condition, true, false):
        asked = parse_condition(self.number, condition)
        assert asked.holds({"depth_mm": true}) is True
        assert asked.holds({"depth_mm": false}) is False
        assert asked.holds({}) is None

    def test_choices_and_yes_no(self):
        asked = parse_condition(self.choice, ["normal", "very sensitive"])
        assert asked.holds({"skin": "Very sensitive"})
        assert str(asked) == "skin normal or Very sensitive"
        assert str(parse_condition(self.yes_no, True)) == "smoker yes"
        assert parse_condition(self.yes_no, "no").holds({"smoker": False})

    def test_a_number_that_is_none_is_an_error_not_a_skipped_rule(self):
        with pytest.raises(FactError):
            parse_condition(self.number, "> 1").holds({"depth_mm": "deep"})

    def test_facts_a_file_does_not_declare_are_refused(self):
        rules = rules_of("call: [Pain]")
        with pytest.raises(FactError, match="no fact 'age'"):
            plan(Treatment("needling", NOW, facts={"age": 3}), rules)


class TestSpans:
    @pytest.mark.parametrize(
        ("text", "span"),
        [("24h", Span(hours=24)), ("5d", Span(days=5)), ("2w", Span(days=14)), ("0h", Span(0)),
         (" 48 h ", Span(hours=48))],
    )  # fmt: skip
    def test_what_a_rule_may_write(self, text, span):
        assert parse_span(text.strip()) == span
        assert parse_span(str(span)) == span

    @pytest.mark.parametrize(
        "text",
        ["", "h", "24", "-1h", "1.5h", "24 hours", "٣d", "1y", "731d", "99999999999w", "1d2h"],
    )
    def test_what_it_may_not(self, text):
        with pytest.raises(InputError) as error:
            parse_span(text)
        assert error.value.hint


def test_the_public_names_are_there_and_no_others():
    for name in aftercare.__all__:
        assert getattr(aftercare, name) is not None
        assert name in dir(aftercare)
    with pytest.raises(AttributeError):
        aftercare.unobtainium  # noqa: B018


def test_recognise_with_the_names_that_ship_and_with_a_file_s_own():
    assert aftercare.recognise("tretinoin").things[0].id == "retinoids"
    rules = aftercare.load_rules()
    assert aftercare.recognise("tretinoin", rules).certain
