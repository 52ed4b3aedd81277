"""Names are recognised however they are spelt, inside phrases too; a negated one does not count."""

import random
import sys
import unicodedata
from datetime import timedelta

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st

from aftercare import Treatment, Yes, can_i, load_rules, plan, recognise
from aftercare.core.names import SEARCHES, WORD, NameIndex, normalise, pattern

RULES = load_rules()
LEXICON = RULES.lexicon
NAMES = sorted(LEXICON.typed_names.items())
#: Names of one to four words that a phrase cannot make longer by accident.
names = st.sampled_from(NAMES)


def ids_of(text):
    return {match.id for match in recognise(text, RULES).things}


class TestSpelling:
    @given(entry=names, how=st.sampled_from(["upper", "title", "accents", "spaces", "exact"]))
    def test_case_accents_and_spaces_make_no_difference(self, entry, how):
        _, (name, ids) = entry
        text = {
            "upper": name.upper(),
            "title": name.title(),
            "accents": unicodedata.normalize("NFD", name),
            "spaces": f"  {name.replace(' ', '  ')}\t",
            "exact": name,
        }[how]
        if normalise(text) == normalise(name):  # "ß".upper() and the like are other letters
            assert ids_of(text) == set(ids)
            assert all(match.how == "exact" for match in recognise(text, RULES).things)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("make-up", "makeup"), ("make up", "makeup"), ("retinols", "retinol"),
            ("moisturizer", "moisturiser"), ("Rétinol", "retinol"), ("PHAs", "pha"),
            ("glycolic-acid", "Glycolic Acid"), ("fake tans", "fake tan"),
            ("tanning beds", "tanning bed"), ("aluminum", "aluminium"), ("sulfate", "sulphate"),
        ],
    )  # fmt: skip
    def test_named_pairs_have_the_same_key(self, one, other):
        assert normalise(one) == normalise(other)

    def test_a_word_is_a_run_of_letters_and_digits_whichever_way_it_is_found(self):
        for code in range(sys.maxunicode + 1):
            assert chr(code).isalnum() == bool(pattern(WORD).fullmatch(chr(code)))

    def test_a_thing_goes_by_its_id_too_but_a_bare_acid_is_nothing(self):
        assert ids_of("acids") == {"acids"}
        assert ids_of("other-exfoliating-acids") == {"other-exfoliating-acids"}
        assert ids_of("acid") == set()


class TestPhrases:
    @pytest.mark.parametrize(
        ("item", "ids", "how"),
        [
            ("retinol serum 0.5%", {"retinoids"}, "part"),
            ("go for a run", {"exercise"}, "exact"),
            ("can I use my retinol tonight", {"retinoids"}, "exact"),
            ("hot yoga", {"exercise", "sauna-spa"}, "exact"),
            ("niacinamide and glycolic acid", {"niacinamide", "aha"}, "part"),
            ("2% BHA", {"bha"}, "exact"),
            ("hyaluronic acid serum", {"hyaluronic-acid"}, "exact"),
        ],
    )
    def test_names_are_found_as_whole_words(self, item, ids, how):
        recognition = recognise(item, RULES)
        assert {m.id for m in recognition.things} >= ids
        assert {m.how for m in recognition.things} == {how}
        assert recognition.certain

    @given(entry=names, words=st.lists(st.sampled_from(["zorb", "quux", "fnord"]), min_size=1))
    def test_a_word_that_says_nothing_is_left_over_and_makes_it_uncertain(self, entry, words):
        recognition = recognise(f"{' '.join(words)} {entry[1][0]}", RULES)
        assert not recognition.certain
        assert set(recognition.leftover) >= set(words)

    def test_a_word_without_meaning_begins_no_name(self):
        assert ids_of("layer a HA serum") == {"hyaluronic-acid"}

    @pytest.mark.parametrize("form", ["mask", "toner", "cleanser", "pads", "peel"])
    def test_what_else_is_in_a_mask_or_a_toner_decides(self, form):
        given_plan = plan(Treatment("microneedling", NOW), RULES)
        for hours in (1, 1000):
            verdict = can_i(
                f"{form} with hyaluronic acid", given_plan, NOW + timedelta(hours=hours)
            )
            assert not isinstance(verdict, Yes) or verdict.because[0].ends

    def test_a_form_alone_says_too_little(self):
        assert ids_of("serum") == {"product-types"}
        assert "product-types" not in ids_of("retinol serum")


class TestNegations:
    @pytest.mark.parametrize("name", ["retinol", "glycolic acid", "tretinoin", "benzoyl peroxide"])
    @pytest.mark.parametrize(
        "pattern", ["{}-free quux", "without {}", "no {}", "{} alternative", "sans {}", "ohne {}"]
    )
    def test_a_name_that_is_taken_away_does_not_count(self, name, pattern):
        things = {"retinoids", "aha", "benzoyl-peroxide"}
        assert not ids_of(pattern.format(name)) & things

    def test_it_takes_away_only_its_neighbour(self):
        assert "retinoids" in ids_of("fragrance-free retinol")
        assert "moisturiser" in ids_of("no retinol moisturiser")


class TestTheIndex:
    def test_searching_the_text_and_the_dictionary_agree(self):
        index = NameIndex(NameIndex.texts_of(LEXICON.typed_names))
        chance = random.Random(1)
        keys = [key for key, _ in chance.sample(NAMES, SEARCHES * 3)]
        for key in [*keys, "", "nothing", *(key[:-1] for key in keys)]:
            found = index.get(key)
            expected = LEXICON.typed_names.get(key)
            assert (found and (found[0], found[1])) == (expected and (expected[0], expected[1]))

    @given(name=st.text(min_size=1, max_size=30))
    def test_any_name_survives_the_text(self, name):
        key = normalise(name)
        if key:
            texts = NameIndex.texts_of({key: (name, ["one", "two"])})
            assert NameIndex(texts).get(key) == (" ".join(name.split()), ["one", "two"])


def test_suggestions_do_not_depend_on_the_order_of_names():
    """
    Of names that are equally near, the first three by the alphabet are suggested.
    """
    from aftercare.core.names import Lexicon
    from aftercare.core.recognition import recognise as recognise_with

    names = {f"kleverolonium{x}q": (f"kleverolonium{x}q", ["a"]) for x in "abcd"}

    def suggested(entries):
        texts = NameIndex.texts_of(dict(entries))
        things = {"a": {"title": "A"}}
        vocabulary = {"things": things, "typed": texts, "label": {}, "neutral": [], "forms": []}
        return recognise_with("klveolnimq", Lexicon(vocabulary)).suggestions

    first_three = tuple(f"kleverolonium{x}q" for x in "abc")
    assert suggested(names.items()) == suggested(reversed(names.items())) == first_three
