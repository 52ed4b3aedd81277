"""Random input of every kind: an answer or a clear refusal, never a traceback."""

import random

import pytest
from conftest import NOW, rules_of
from hypothesis import given
from hypothesis import strategies as st
from test_rulebook import GOOD

from aftercare import Treatment, can_i, load_rules, plan
from aftercare.core.document import rulebook_from
from aftercare.core.names import normalise
from aftercare.core.recognition import recognise
from aftercare.errors import Problem
from aftercare.rulebook import check_source, load_vocabulary

#: What a slip of the keyboard or an ill will puts into a file.
SPLINTERS = [
    "no", "on", "9:00", "24", "48h", "-1h", "99999d", "[", "]", "{", "}", ":", "- ", "#", "'", '"',
    "\t", "\n", "  ", "&a ", "*a", "!!str ", "|", ">", "%", "@", "`", "null", "~", "true", "1e9",
    "\x00", "\x85", "\ufeff", "é", "💉", "---\n", "...\n", "? ", "<<: ", ".nan", "0x10",
    "retinoids",     "for", "usual: 1h", "longer: 3", "names: {}", "things: []",
    "shared: {a: [b, c]}",
    "facts: {a: {number: }}", "treatments:", "depth_mm", "sources: [x]",
]  # fmt: skip


def mutated(chance):
    text = GOOD
    for _ in range(chance.randrange(1, 5)):
        start = chance.randrange(len(text))
        match chance.randrange(5):
            case 0:
                text = text[:start] + chance.choice(SPLINTERS) + text[start:]
            case 1:
                text = text[:start] + text[start + chance.randrange(1, 30) :]
            case 2:
                end = start + chance.randrange(1, 60)
                text = text[:start] + text[start:end] * 2 + text[end:]
            case 3:
                lines = text.split("\n")
                chance.shuffle(lines)
                text = "\n".join(lines)
            case _:
                words = text.split(" ")
                words[chance.randrange(len(words))] = chance.choice(SPLINTERS)
                text = " ".join(words)
    return text


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_mutated_rule_files_each_are_read_or_refused_with_lines(seed):
    chance = random.Random(seed)
    vocabulary = load_vocabulary(labels=True)
    treatment = Treatment("needling", NOW, "Europe/London")
    usable = 0
    for _ in range(1000):
        text = mutated(chance)
        document, problems = check_source(text.encode("utf-8", "replace"), "x.yaml", vocabulary)
        lines = text.count("\n") + text.count("\x85") + 2
        for problem in problems:
            assert isinstance(problem, Problem)
            assert 1 <= problem.line <= lines
            assert problem.column >= 1
            assert problem.wrong
        if document is not None:
            book = rulebook_from(document, vocabulary)
            kind = next(iter(book.protocols))
            for restriction in plan(treatment.replace(kind=kind), book).restrictions:
                assert restriction.starts <= restriction.ends <= restriction.usual_ends
            usable += 1
    assert 0 < usable < 1000, "the mutations reach both sides"


@given(source=st.binary(max_size=400))
def test_random_bytes_are_no_rule_file(source):
    document, problems = check_source(source, "x.yaml", load_vocabulary(labels=True))
    assert document is None
    assert problems


LEXICON = load_rules().lexicon
PLAN = plan(Treatment("microneedling", NOW), load_rules())


@given(text=st.text(max_size=300))
def test_any_text_is_recognised_or_not(text):
    recognition = recognise(text, LEXICON)
    assert recognition.item == text
    for match in recognition.things:
        assert match.id in LEXICON
        assert match.how in ("exact", "part", "typo")
    can_i(text, PLAN, NOW)


@given(text=st.text(max_size=60))
def test_a_key_is_its_own_key(text):
    key = normalise(text)
    assert normalise(key.upper()).startswith(key[:1])
    assert normalise(f"  {text}\t") == key


def test_every_rule_of_a_random_plan_has_its_boundary():
    rules = rules_of("avoid: {retinoids: {for: 48h, usual: 5d, why: They sting.}}")
    (r,) = plan(Treatment("needling", NOW), rules).restrictions
    assert r.starts < r.ends < r.usual_ends
