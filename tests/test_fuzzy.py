"""Near misses are found within tight limits, and agree with comparing every name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from aftercare import load_rules, recognise
from aftercare.core.fuzzy import FuzzyIndex, most_edits, sound

RULES = load_rules()
KEYS = sorted(RULES.lexicon.typed_names)
INDEX = FuzzyIndex(KEYS)


def understood(text):
    return {m.id for m in recognise(text, RULES).things}


@pytest.mark.parametrize(
    ("typed", "thing"),
    [
        ("retnol", "retinoids"), ("retinoll", "retinoids"), ("adapaline", "retinoids"),
        ("salysilic", "bha"), ("salicyclic acid", "bha"), ("gylcolic acid", "aha"),
        ("glycollic acid", "aha"), ("latic acid", "aha"),
        ("azealic acid", "other-exfoliating-acids"),
        ("benzoil peroxyde", "benzoyl-peroxide"), ("vitammin c", "vitamin-c"),
        ("Retino1", "retinoids"),
        ("excercise", "exercise"), ("suana", "sauna-spa"), ("maekup", "makeup"),
        ("hylauronic acid", "hyaluronic-acid"),
    ],
)  # fmt: skip
def test_slips_are_understood_as_guesses(typed, thing):
    recognition = recognise(typed, RULES)
    assert thing in {m.id for m in recognition.things}
    assert not recognition.certain


@pytest.mark.parametrize(
    "typed",
    ["retail", "retro", "mandolin", "salad", "salsa", "tart", "homework", "sailing gear", "cat",
     "42", "?", "acid", "layer", "lactose", "mandarin"],
)  # fmt: skip
def test_other_words_are_no_slips(typed):
    risky = {"retinoids", "acids", "aha", "bha", "pha", "other-exfoliating-acids", "vitamin-c"}
    assert not understood(typed) & risky


@pytest.mark.parametrize(
    ("friend", "not_"),
    [
        ("citric acid", "aha"), ("sorbic acid", "vitamin-c"), ("stearic acid", "aha"),
        ("cetyl palmitate", "retinoids"), ("butylene glycol", "aha"), ("lauric acid", "aha"),
        ("maleic acid", "aha"), ("citirc acid", "aha"), ("bakuchiol", "retinoids"),
        ("beta-carotene", "retinoids"), ("sodium lactate", "aha"), ("hyaluronic acid", "aha"),
    ],
)  # fmt: skip
def test_false_friends_are_themselves(friend, not_):
    assert not_ not in understood(friend)


@given(
    key=st.sampled_from([k for k in KEYS if 9 <= len(k) <= 20]),
    place=st.integers(1, 7),
    letter=st.sampled_from("abcdeinortz"),
)
def test_the_index_finds_what_comparing_with_every_name_finds(key, place, letter):
    typed = key[:place] + letter + key[place + 1 :]
    if typed in KEYS:
        return
    limit = most_edits(typed)
    distances = {k: OSA.distance(typed, k, score_cutoff=2) for k in KEYS if most_edits(k)}
    fair = {k: d for k, d in distances.items() if d <= min(limit, most_edits(k))}
    nearest = {k for k, d in fair.items() if d == min(fair.values())} if fair else set()
    alike = {k for k in KEYS if most_edits(k) and sound(k) == sound(typed)}
    found = set(INDEX.nearest(typed))
    assert found <= nearest | alike
    assert found >= nearest or (alike and min(fair.values(), default=3) > 1)


@given(
    key=st.sampled_from([k for k in KEYS if 9 <= len(k) <= 20 and k.isalpha()]),
    edits=st.lists(st.tuples(st.integers(0, 18), st.integers(0, 3)), min_size=2, max_size=2),
)
def test_two_edits_of_any_kind_are_found(key, edits):
    typed = key
    for place, kind in edits:
        at = place % (len(typed) - 1)
        one, other, rest = typed[at], typed[at + 1], typed[at + 2 :]
        typed = typed[:at] + (other, one + one + other, other + one, "x" + other)[kind] + rest
    if OSA.distance(typed, key) <= min(most_edits(typed), most_edits(key)):
        assert INDEX.nearest(typed)


def test_another_number_is_another_name():
    assert FuzzyIndex(["hexapeptide1", "orange4"]).nearest("hexapeptide2") == []
    assert FuzzyIndex(["hexapeptide1", "orange4"]).nearest("orange") == []
    assert FuzzyIndex(["hexapeptide1", "orange4"]).nearest("hexapetide1") == ["hexapeptide1"]


@given(key=st.sampled_from([k for k in KEYS if most_edits(k)]))
def test_a_name_is_nearest_to_itself(key):
    assert key in INDEX.nearest(key)


def test_short_words_bear_no_edit():
    assert [most_edits(k) for k in ("aha", "malicacid", "retinol", "salicylicacid")] == [0, 1, 1, 2]
