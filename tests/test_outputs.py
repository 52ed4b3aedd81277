"""What people read: every kind of answer, lengths of time, and pictures."""

import textwrap
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW, rules_of
from hypothesis import given
from hypothesis import strategies as st

from aftercare import Treatment, can_i, merge, outlook, plan
from aftercare.core.recognition import Match, Recognition
from aftercare.outputs.answer import verdict_text
from aftercare.outputs.machine import verdict_data
from aftercare.outputs.phrases import clean, from_now, instant, length, offset_name
from aftercare.outputs.screens import outlook_screen, plan_screen
from aftercare.outputs.sheet import Sheet
from aftercare.outputs.timeline import timeline
from aftercare.outputs.wrapping import wrap

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)

RULES = """
    avoid:
      retinoids: {for: 48h, usual: 5d, why: They sting., note: A note.}
      sunscreen: {for: 0h, usual: 24h, why: Sources split.}
      chemical-sunscreen: {for: 24h, why: Filters enter.}
      exercise:
        for: 24h
        why: Sweat.
        longer: [{if: {depth_mm: ">= 0.8"}, for: 96h}]
    care:
      sunscreen: {every: day, at: "08:00", for: 14d}
      moisturiser: {every: day, for: 2d, from: 24h, why: It soothes.}
    allow: [hyaluronic-acid]
"""


def answer(item, hours=20, **treatment):
    given_plan = plan(Treatment("needling", NOW, "UTC", **treatment), rules_of(RULES))
    at = NOW + hours * HOUR
    verdict = can_i(item, given_plan, at)
    text = verdict_text(verdict, UTC, 80, at)
    return " ".join(text.split()), verdict


@pytest.mark.parametrize(
    ("item", "hours", "says"),
    [
        ("retinol", 20, "No, not until Wed 25 Nov, 11:00: 1 day 4 h from now Most published"),
        ("retinol", 50, "Yes, since Wed 25 Nov, 11:00. Most published advice waits until Sat 28"),
        ("retinol", 200, "Yes, since Wed 25 Nov, 11:00. Retinoids"),
        ("hyaluronic acid", 0, "Yes, since Mon 23 Nov, 11:00."),
        ("sunscreen", 2, "But not Chemical sunscreen filters: off limits until Tue 24 Nov, 11:00."),
        ("unobtainium", 2, "I don't know. I do not know what “unobtainium” is"),
        ("swimming", 2, "No rule mentions"),
        ("ibuprofen", 2, "Ask your clinic or pharmacist."),
        ("toner", 2, "The answer lies in its ingredients"),
        ("hyaluronic acid of doom", 2, "“doom” says nothing to me"),
        ("retinol", -2, "The treatment is still to come at that time"),
        ("hyaluronic acid", -2, "The treatment is still to come at that time"),
        ("moisturiser", 2, "The rules have it from Tue 24 Nov, 11:00 on; none speaks of before."),
        ("moisturiser", 24, "Yes, since Tue 24 Nov, 11:00."),
        ("exercise", 2, "Not known: depth_mm. It could make this longer"),
    ],
)
def test_each_answer_is_one_clear_line_and_what_it_rests_on(item, hours, says):
    text, _ = answer(item, hours)
    assert says in text, text


def test_a_guess_is_told():
    recognition = Recognition(
        "retnol", (Match("retinoids", "retinol", "typo", "retnol"),), (), ("retinol", "retinal")
    )
    given_plan = plan(Treatment("needling", NOW), rules_of(RULES))
    told = verdict_text(can_i(recognition, given_plan, NOW), UTC, 80, NOW)
    assert "(Taking “retnol” as retinol.)" in told
    later = verdict_text(can_i(recognition, given_plan, NOW + 300 * HOUR), UTC, 80, NOW)
    assert "Did you mean retinol, retinal?" in later


def test_beyond_two_reasons_the_rest_is_only_named():
    plans = [
        plan(Treatment("needling", NOW + n * HOUR, id=n + 1), rules_of(RULES)) for n in range(4)
    ]
    text = verdict_text(can_i("retinol", plans, NOW + 5 * HOUR), UTC, 80, NOW + 5 * HOUR)
    assert text.count("They sting.") == 2
    assert "Also: needling.avoid.retinoids." in text


def test_the_answer_for_another_moment_says_which():
    given_plan = plan(Treatment("needling", NOW), rules_of(RULES))
    verdict = can_i("retinol", given_plan, NOW + 60 * HOUR)
    text = verdict_text(verdict, UTC, 80, NOW)
    assert "(asked for Wed 25 Nov, 23:00)" in text
    assert verdict_data(verdict, LONDON)["verdict"] == "yes"


class TestPhrases:
    @pytest.mark.parametrize(
        ("span", "text"),
        [
            (timedelta(hours=28), "1 day 4 h"), (timedelta(minutes=260), "4 h 20 min"),
            (timedelta(minutes=20), "20 min"), (timedelta(seconds=20), "1 min"),
            (timedelta(), "less than a minute"), (timedelta(days=2), "2 days"),
            (timedelta(days=3, minutes=5), "3 days 1 h"),
            (timedelta(days=2, hours=23, minutes=5), "3 days"),
        ],
    )  # fmt: skip
    def test_lengths(self, span, text):
        assert length(span) == text

    @given(minutes=st.integers(0, 100_000))
    def test_a_length_is_never_told_too_short(self, minutes):
        words = length(timedelta(minutes=minutes)).replace("less than a minute", "0 min").split()
        units = {"day": 1440, "days": 1440, "h": 60, "min": 1}
        told = sum(int(n) * units[unit] for n, unit in zip(words[::2], words[1::2], strict=True))
        assert minutes <= told < minutes + 60

    def test_from_now(self):
        assert from_now(NOW + HOUR, NOW) == "1 h from now"
        assert from_now(NOW - 20 * HOUR, NOW) == "20 h ago"
        assert from_now(NOW, NOW) == "just now"

    def test_an_hour_that_happens_twice_is_told_apart(self):
        first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert instant(first, LONDON, now=first) == "Sun 25 Oct, 01:30 BST"
        assert instant(first + HOUR, LONDON, now=first) == "Sun 25 Oct, 01:30 GMT"
        assert instant(first + 2 * HOUR, LONDON, now=first) == "Sun 25 Oct, 02:30"

    def test_the_year_is_told_when_it_is_another(self):
        assert instant(NOW, LONDON) == "Mon 23 Nov 2026, 11:00"
        assert instant(NOW, LONDON, now=NOW + timedelta(days=60)) == "Mon 23 Nov 2026, 11:00"

    def test_zones_without_letters_have_numbers(self):
        assert offset_name(NOW.astimezone(ZoneInfo("Asia/Kathmandu"))) == "UTC+05:45"
        assert offset_name(NOW.astimezone(ZoneInfo("America/Sao_Paulo"))) == "UTC-03:00"

    @given(text=st.text(max_size=200))
    def test_clean_text_holds_nothing_that_moves_a_terminal(self, text):
        shown = clean(text, 100)
        assert len(shown) <= 100
        assert all(c.isprintable() for c in shown)


class TestPictures:
    @given(
        width=st.integers(20, 200),
        hours=st.integers(-30, 400),
        windows=st.lists(
            st.tuples(st.integers(0, 600), st.integers(0, 300)), min_size=1, max_size=5
        ),
        plain=st.booleans(),
    )
    def test_a_timeline_fits_its_width_and_bars_keep_their_order(
        self, width, hours, windows, plain
    ):
        things = ("retinoids", "exercise", "makeup", "alcohol", "aha")
        body = "".join(
            f"  {thing}: {{for: {ends}h, usual: {ends + more}h, why: Because.}}\n"
            for thing, (ends, more) in zip(things, windows, strict=False)
        )
        restrictions = plan(Treatment("needling", NOW), rules_of("avoid:\n" + body)).restrictions
        lines = timeline(restrictions, NOW + hours * HOUR, LONDON, width, plain=plain)
        for line in lines:
            assert len(line.plain) <= width, line.plain
            assert not plain or line.plain.isascii()
        full, usual = ("#", "-") if plain else ("█", "░")
        for line in lines[1 : 1 + len(restrictions)]:
            bar = line.plain.split(" ")[-1]
            if usual in bar and full in bar:
                assert bar.rindex(full) < bar.index(usual)

    def test_nothing_to_draw_is_no_picture(self):
        assert timeline([], NOW, LONDON, 80) == []


class TestScreens:
    def test_a_plan_without_rules_still_has_its_signs(self):
        given_plan = plan(Treatment("needling", NOW), rules_of("call: [Pain that grows]"))
        text = "\n".join(line.plain for line in plan_screen(given_plan, LONDON, NOW, Sheet(80)))
        assert "Pain that grows" in text
        assert "Off limits" not in text

    def test_a_longer_time_tells_its_condition(self):
        treatment = Treatment("needling", NOW, facts={"depth_mm": 1.0})
        given_plan = plan(treatment, rules_of(RULES))
        text = "\n".join(line.plain for line in plan_screen(given_plan, LONDON, NOW, Sheet(80)))
        assert "Longer because depth_mm >= 0.8." in text

    def test_a_merged_plan_tells_which_treatment_decided(self):
        plans = [plan(Treatment("needling", NOW + n * HOUR, id=n), rules_of(RULES)) for n in (1, 2)]
        text = "\n".join(l.plain for l in plan_screen(merge(plans), LONDON, NOW, Sheet(80)))  # noqa: E741
        assert "Decided by needling.avoid.retinoids, treatment 2." in text

    @pytest.mark.parametrize("width", [30, 80])
    def test_care_without_a_time_of_day_and_nothing_off_limits(self, width):
        at = NOW + 30 * HOUR
        rules = rules_of("care: {moisturiser: {every: day, for: 9d}}")
        state = outlook([plan(Treatment("needling", NOW), rules)], at, UTC)
        lines = outlook_screen(state, LONDON, at, Sheet(width))
        text = " ".join(" ".join(line.plain for line in lines).split())
        assert "Nothing in your rules is off limits now" in text
        assert "Plain moisturiser" in text


def test_a_picture_stands_alone_as_svg(run):
    from xml.etree import ElementTree

    done = run("plan", "--treated-at", "yesterday 3pm", "--format", "svg")
    root = ElementTree.fromstring(done.out)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Retinoids" in "".join(root.itertext())


def test_a_page_on_standard_output_is_the_page(run):
    done = run("plan", "--treated-at", "yesterday 3pm", "--format", "html")
    assert done.out.lower().startswith("<!doctype html>")
    assert "Retinoids" in done.out


@given(
    words=st.lists(st.text("abé-", max_size=40), max_size=12),
    width=st.integers(9, 30),
    first=st.integers(0, 6),
    others=st.integers(0, 6),
    whole=st.booleans(),
)
def test_lines_are_wrapped_as_the_standard_library_does(words, width, first, others, whole):
    text, first, others = " ".join(words).lstrip(), " " * first, " " * others
    theirs = textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=not whole,
        break_on_hyphens=False,
    )
    assert wrap(text, width, first, others, whole=whole) == [line.rstrip() for line in theirs]
