"""A rule file is read strictly; every problem is told with its place and what would be right."""

import json
import os
import pickle
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from conftest import NOW, ROOT, rules_of

from aftercare import RuleFileError, Treatment, Yes, can_i, load_rules, plan
from aftercare.core.names import normalise
from aftercare.rulebook import (
    VOCABULARY,
    cache,
    check,
    check_source,
    load_vocabulary,
)
from aftercare.rulebook.layers import LARGEST, default_rules

GOOD = """\
format: 1
title: Mine
version: "1"
sources:
  a-clinic: {title: Leaflet, url: "https://example.org/a"}
facts:
  depth_mm: {number: {min: 0.1, max: 3.5}, ask: Needle depth}
treatments:
  needling:
    title: Needling
    names: [roller]
    avoid:
      retinoids: {for: 48h, usual: 5d, why: They sting., sources: [a-clinic]}
      exercise:
        for: 24h
        why: Sweat.
        longer:
          - if: {depth_mm: ">= 0.8"}
            for: 96h
    care:
      sunscreen: {every: day, at: "08:00", for: 14d}
    allow: [hyaluronic-acid]
    call:
      - Pain that grows
"""


def problems_of(text):
    source = text if isinstance(text, bytes) else text.encode()
    document, problems = check_source(source, "mine.yaml", load_vocabulary(labels=True))
    assert (document is None) == bool(problems)
    return [str(problem) for problem in problems]


def test_a_good_file_has_no_problems():
    assert problems_of(GOOD) == []


@pytest.mark.parametrize(
    ("wrong", "instead_of", "place", "says", "right"),
    [
        ("fro: 48h", "for: 48h", "13:19", "unknown key 'fro'", "did you mean 'for'?"),
        ("for: 48", "for: 48h", "13:24", "the number 48", "24h"),
        ("for: 48 hours", "for: 48h", "13:24", "'48 hours'", "24h"),
        ("usual: 24h", "usual: 5d", "13:36", "usual (24h) is before for (48h)", "the longer"),
        ("sources: [a-clinik]", "sources: [a-clinic]", "13:68", "'a-clinik' is not declared",
         "did you mean 'a-clinic'?"),
        ("figures: {a-clinik: 48h}", "sources: [a-clinic]", "13:68", "'a-clinik' is not declared",
         "did you mean 'a-clinic'?"),
        ("figures: {a-clinic: 48}", "sources: [a-clinic]", "13:78", "the number 48", "24h-48h"),
        ("figures: {a-clinic: 48h-}", "sources: [a-clinic]", "13:78", "'48h-'", "24h-48h"),
        ("figures: {a-clinic: 3d-24h}", "sources: [a-clinic]", "13:78", "runs backwards",
         "from the lowest to the highest"),
        ("figures: {a-clinic: 9999d}", "sources: [a-clinic]", "13:78", "9999d", "shorter"),
        ("figures: {}", "sources: [a-clinic]", "13:67", "'figures' is", "what each source prints"),
        ("figures: {a-clinic: 48h}, sources: [a-clinic]", "sources: [a-clinic]", "13:94",
         "'a-clinic' has a figure already", "keep the figure"),
        ("retinoidz:", "retinoids:", "13:7", "no thing 'retinoidz'", "retinoids"),
        ('at: 9:00', 'at: "08:00"', "21:35", "YAML turns 9:00 into another number", '"9:00"'),
        ('at: "9 o clock"', 'at: "08:00"', "21:35", "'9 o clock'", "clock time"),
        ("title: no", "title: Needling", "10:12", "YAML turns no into false", '"no" in quotes'),
        ("on: Needling", "title: Needling", "10:5", "YAML turns on into true", '"on" in quotes'),
        ("depth: ", "depth_mm: \">= 0.8\"", "18:18", "no fact 'depth'", "depth_mm"),
        ('depth_mm: "deep"', 'depth_mm: ">= 0.8"', "18:28", "'deep' cannot be compared", ">= 0.8"),
        ("allow: [unobtainium]", "allow: [hyaluronic-acid]", "22:13", "no thing 'unobtainium'", ""),
        ('why: ""', "why: They sting.", "13:45", "'why' is ''", "some text"),
        ("title: Mine\ntitle: Yours", "title: Mine", "3:1", "'title' stands here twice", "one"),
        ("format: 2", "format: 1", "1:9", "the number 2", "1, the format this program reads"),
        ("version: 1.10", 'version: "1"', "3:10", "the number 1.1", "quotes"),
        ("every: week", "every: day", "21:26", "'week'", "day"),
        ("{min: 4, max: 3.5}", "{min: 0.1, max: 3.5}", "7:22", "min is above max", "swap"),
        ("call: Pain\n    x:", "call:", "23:11", "'call' is 'Pain'", "warning signs"),
        ("names: &a [roller]", "names: [roller]", "11:12", "anchor &a", "write it out"),
        ("names: *a", "names: [roller]", "11:12", "undefined alias", ""),
        ("title: !!python/object:os.system x", "title: Mine", "2:8", "tag", "leave it out"),
    ],
)  # fmt: skip
def test_each_problem_is_told_with_its_place_and_what_would_be_right(
    wrong, instead_of, place, says, right
):
    assert instead_of in GOOD
    found = problems_of(GOOD.replace(instead_of, wrong, 1))
    told = [p for p in found if says in p or ("alias" in says and "alias" in p)]
    assert told, found
    if "alias" not in says:
        assert told[0].startswith(f"mine.yaml:{place}: "), told
    assert right in told[0]


def test_all_problems_are_reported_together_in_the_order_of_lines():
    text = GOOD.replace("for: 48h", "for: 48").replace("names: [roller]", "nmaes: [roller]")
    text = text.replace("allow: [hyaluronic-acid]", "allow: [gold]").replace("96h", "soon")
    lines = [int(problem.split(":")[1]) for problem in problems_of(text)]
    assert lines == [11, 13, 19, 22]


def test_a_name_claimed_by_two_things_is_refused():
    own = GOOD + "things:\n  night-oil: {title: Night oil, names: [Midnight Gold]}\n"
    assert problems_of(own) == []
    twice = own + "  day-oil: {title: Day oil, names: [midnight-golds]}\n"
    (problem,) = problems_of(twice)
    assert "'midnight-golds' belongs to night-oil already" in problem
    assert "shared: [night-oil, day-oil]" in problem
    (problem,) = problems_of(own.replace("Midnight Gold", "tretinoin"))
    assert "'tretinoin' belongs to retinoids already" in problem


def test_a_rule_file_adds_things_and_names():
    rules = rules_of(
        GOOD
        + "things:\n  night-oil: {title: Night oil, names: [Midnight Gold]}\n"
        + "  retinoids: {names: [Dr Maria Night Elixir]}\n"
    )
    assert rules.lexicon.look_up(normalise("midnight gold"))[1] == ["night-oil"]
    assert rules.lexicon.look_up(normalise("dr maria night elixir"))[1] == ["retinoids"]
    assert rules.lexicon.thing("retinoids").title == "Retinoids (vitamin A)"


def test_a_thing_cannot_be_made_of_itself():
    own = GOOD + "things:\n  one: {title: One, parts: [two]}\n  two: {title: Two, parts: [one]}\n"
    assert any("made of itself" in problem for problem in problems_of(own))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty", b"", "not a rule file"),
        ("a list", b"- a\n- b\n", "not a rule file"),
        ("a sentence", b"retinol is bad", "not a rule file"),
        ("binary", bytes(range(256)), "not UTF-8"),
        ("a zero byte", b"format: 1\x00", "not valid YAML"),
        ("unclosed", b"format: [1", "not valid YAML"),
        ("a bomb of brackets", b"[" * 100_000, "nested too deeply"),
        ("two documents", b"format: 1\n---\nformat: 1\n", "second document"),
        ("no treatments", b"format: 1\ntitle: A\nversion: '1'\n", "no treatments"),
        ("a complex key", b"? [a, b]\n: c\n", "key must be text"),
    ],
)
def test_what_is_no_rule_file_is_refused_clearly(name, content, says):
    assert any(says in problem for problem in problems_of(content)), problems_of(content)


def test_an_alias_bomb_is_refused_before_it_grows():
    bomb = "a: &a [x, x, x, x, x, x, x, x]\n"
    for last, this in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{this}: &{this} [{', '.join([f'*{last}'] * 8)}]\n"
    assert any("alias" in problem for problem in problems_of(bomb))


def test_a_large_file_a_folder_and_a_missing_file_are_refused(tmp_path):
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (LARGEST + 1))
    for path, says in ((large, "larger than"), (tmp_path, "is a folder"), (tmp_path / "x", "read")):
        with pytest.raises(RuleFileError, match=says):
            load_rules(path)


class TestTheRulesThatShip:
    def test_they_have_no_problems(self):
        assert check(default_rules()) == []

    def test_the_names_have_no_problems(self):
        assert check_source(Path(VOCABULARY).read_bytes(), "things.yaml", None)[1] == []

    def test_the_founding_article_s_figures_are_the_minimum(self):
        (protocol,) = [p for p in load_rules().protocols.values() if p.id == "microneedling"]
        spans = {
            rule.thing: (str(rule.span), rule.usual and str(rule.usual)) for rule in protocol.avoid
        }
        assert spans["exercise"] == ("24h", "48h")
        assert spans["makeup"][0] == "24h"
        assert spans["swimming"][0] == spans["sauna-spa"][0] == "48h"
        assert spans["retinoids"] == spans["acids"] == ("48h", "5d")

    def test_they_say_all_that_is_asked_of_them(self):
        protocol = load_rules().protocol("exosome facial")
        avoided = {rule.thing for rule in protocol.avoid}
        assert avoided >= {
            "exercise", "swimming", "sauna-spa", "retinoids", "acids", "makeup", "hot-shower",
            "vitamin-c", "benzoyl-peroxide", "physical-scrubs", "sun-exposure", "alcohol",
            "fragrance", "other-treatments", "touching-picking",
        }  # fmt: skip
        assert {care.thing for care in protocol.care} >= {"sunscreen", "gentle-cleanser"}
        assert protocol.call
        assert protocol.ask_first
        assert protocol.course
        assert protocol.check

    def test_each_rule_has_its_reason_and_its_sources_with_addresses(self):
        for rule in load_rules().protocol().avoid:
            assert rule.why
            assert rule.sources or "no source" in rule.note.casefold(), rule.id
            for source in rule.sources:
                assert source.url.startswith("http") or source.id == "founding-article", source

    @pytest.mark.parametrize(
        "item", ["sleep face down", "sleep on my side", "pick at it", "sex", "coffee", "warfarin"]
    )
    def test_what_no_source_permits_is_not_permitted(self, item):
        rules = load_rules()
        given_plan = plan(Treatment("microneedling", NOW), rules)
        for hours in (0, 30, 100, 1000):
            verdict = can_i(item, given_plan, NOW + timedelta(hours=hours))
            assert not isinstance(verdict, Yes) or verdict.because[0].ends

    def test_every_thing_a_rule_speaks_of_can_be_asked_for_by_name(self):
        rules = load_rules()
        for protocol in rules.protocols.values():
            for rule in (*protocol.avoid, *protocol.care, *protocol.allow):
                assert rules.lexicon.names_of(rule.thing), rule.id


PARTS = {"a": b"one", "b": b"twenty-two", "c": b""}
MADE = {"made": True, "parts": PARTS}


class TestTheCompiledFile:
    def make(self):
        return {"made": True, "parts": dict(PARTS)}

    def kept(self, folder, make, content=b"a"):
        found = cache.compiled(cache.Mark().add(content), "rules", folder, make)
        return {**found, "parts": dict(found["parts"])}

    def test_it_is_kept_by_content_and_version_and_found_again(self, tmp_path):
        self.kept(tmp_path, self.make)
        self.kept(tmp_path, self.make, b"b")
        assert len(list(tmp_path.iterdir())) == 2

        def fail():
            raise AssertionError("made again")

        assert self.kept(tmp_path, fail) == MADE

    def test_a_content_s_mark_is_that_of_its_pieces(self):
        pieces = cache.Mark().add(b"one").add(b"").add(b"two")
        assert str(pieces) == str(cache.Mark().add(b"onetwo")) != str(cache.Mark().add(b"twoone"))

    def test_a_damaged_file_is_made_again_wherever_the_damage_is(self, tmp_path):
        self.kept(tmp_path, self.make)
        (path,) = tmp_path.iterdir()
        good = path.read_bytes()
        flipped = [good[:n] + bytes([good[n] ^ 4]) + good[n + 1 :] for n in range(len(good))]
        cut = [good[:n] for n in range(len(good))]
        for damaged in (*flipped, *cut, b"\xff" + good, b"00000000\n[]"):
            path.write_bytes(damaged)
            assert self.kept(tmp_path, self.make) == MADE
            assert path.read_bytes() == good

    def test_a_file_that_goes_away_before_a_part_is_read_is_made_again(self, tmp_path):
        self.kept(tmp_path, self.make)
        found = cache.compiled(cache.Mark().add(b"a"), "rules", tmp_path, self.make)
        (path,) = tmp_path.iterdir()
        path.unlink()
        assert found["parts"]["b"] == b"twenty-two"
        assert path.exists()

    def test_kept_rules_can_be_sent_to_another_process(self, tmp_path):
        load_rules(cache=tmp_path)
        kept = pickle.loads(pickle.dumps(load_rules(cache=tmp_path)))
        shutil.rmtree(tmp_path)
        assert kept.lexicon.look_up("retinol") == load_rules().lexicon.look_up("retinol")

    def test_where_nothing_can_be_kept_it_works_all_the_same(self, tmp_path):
        blocked = tmp_path / "file"
        blocked.write_text("")
        assert self.kept(blocked / "cache", self.make) == MADE

    def test_the_kept_rules_lead_to_the_same_plan(self, tmp_path):
        fresh, treatment = load_rules(), Treatment("microneedling", NOW)
        load_rules(cache=tmp_path)
        kept = load_rules(cache=tmp_path)
        assert len(os.listdir(tmp_path)) == 3
        assert plan(treatment, kept).restrictions == plan(treatment, fresh).restrictions


def test_the_schema_accepts_the_rules_that_ship_for_editors_too():
    from jsonschema import Draft202012Validator

    schema = json.loads((ROOT / "aftercare/data/rules.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    data = yaml.load(default_rules().read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert data["title"]
