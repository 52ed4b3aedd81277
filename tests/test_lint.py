"""What is wrong or doubtful in a rule file is told with a code, and each code is explained."""

from datetime import date

import pytest
from conftest import ROOT

from aftercare.core.conditions import FactType, parse_condition
from aftercare.rulebook import lint
from aftercare.rulebook.codes import CODES, WARNINGS
from aftercare.rulebook.layers import default_rules

WRONG = ROOT / "tests" / "wrong"
TODAY = date(2026, 11, 23)

GOOD = """\
format: 1
title: Mine
version: "1"
reviewed: 2026-11-01
sources:
  leaflet: {title: Our leaflet}
facts:
  depth_mm: {number: {min: 0.1, max: 3.5}, ask: Needle depth}
  skin: {choice: [normal, sensitive, dry], ask: Skin}
treatments:
  needling:
    title: Needling
    names: [roller]
    call: [Pain that grows]
    avoid:
      acids: {for: 48h, usual: 5d, why: They sting., sources: [leaflet]}
      exercise:
        for: 24h
        why: Sweat.
        sources: [leaflet]
        longer:
          - if: {depth_mm: ">= 0.8"}
            for: 96h
          - if: {skin: [sensitive, dry]}
            for: 48h
    care:
      sunscreen: {every: day, for: 14d, sources: [leaflet]}
    allow:
      hyaluronic-acid: {sources: [leaflet]}
"""


def warned(tmp_path, text, today=TODAY):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    problems = lint(path, today)
    assert all(p.warning for p in problems), [str(p) for p in problems]
    return [p.code for p in problems]


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_wrong_file_and_its_message(code, monkeypatch):
    monkeypatch.chdir(WRONG)
    expected = (WRONG / f"{code}.yaml").read_text(encoding="utf-8").partition("\n")[0]
    (told, *_) = [p for p in lint(f"{code}.yaml", TODAY) if p.code == code]
    assert str(told) == f"{code}.yaml:{expected.removeprefix('# ')}"
    assert told.warning == (code in WARNINGS)


def test_no_wrong_file_is_without_a_code():
    assert {path.stem for path in WRONG.glob("*.yaml")} == set(CODES)


def test_the_rules_that_ship_have_no_warnings():
    assert [str(p) for p in lint(default_rules(), TODAY)] == []


def test_a_good_file_has_no_warnings_until_its_review_is_a_year_old(tmp_path):
    assert warned(tmp_path, GOOD) == []
    assert warned(tmp_path, GOOD, date(2027, 11, 1)) == []
    assert warned(tmp_path, GOOD, date(2027, 11, 2)) == ["old-review"]
    assert warned(tmp_path, GOOD, date(2026, 10, 31)) == ["old-review"]


@pytest.mark.parametrize(
    ("instead_of", "wrong", "code"),
    [
        ('">= 0.8"', '"> 0"', "never-applies"),
        ('">= 0.8"', '"> 3.5"', "never-applies"),
        ('">= 0.8"', '"< 0.1"', "never-applies"),
        ('">= 0.8"', '"= 7"', "never-applies"),
        ("[sensitive, dry]", "[normal, sensitive, dry]", "never-applies"),
        ('- if: {skin: [sensitive, dry]}', '- if: {depth_mm: ">= 1", skin: dry}', "never-applies"),
        ("for: 24h", "for: 4d", "shorter-longer"),
        ("acids: {for: 48h, usual: 5d", "acids: {for: 0h", "never-applies"),
        ("hyaluronic-acid:", "aha:", "contradiction"),
        ("sunscreen: {every: day", "acids: {every: day, from: 24h", "contradiction"),
        ("    care:", "      aha: {for: 24h, why: It stings., sources: [leaflet]}\n    care:",
         "contradiction"),
        ("    care:", "      sunscreen: {for: 8h, why: It stings., sources: [leaflet]}\n    care:",
         "contradiction"),
        ("{every: day, for: 14d, sources: [leaflet]}", "{every: day, for: 14d}", "no-source"),
        ("{sources: [leaflet]}", "{}", "no-source"),
        ("treatments:", "neutral: [retinol]\ntreatments:", "shadowed-name"),
        ("treatments:", "things:\n  mine: {title: Retinol}\ntreatments:", "shadowed-name"),
        ("    call: [Pain that grows]\n", "", "no-warning-signs"),
        ("reviewed: 2026-11-01\n", "", "old-review"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_told(instead_of, wrong, code, tmp_path):
    assert instead_of in GOOD
    assert code in warned(tmp_path, GOOD.replace(instead_of, wrong, 1))


@pytest.mark.parametrize(
    ("instead_of", "fine"),
    [
        ("    care:", "      aha: {for: 5d, why: It stings., sources: [leaflet]}\n    care:"),
        ("sunscreen: {every: day", "acids: {every: day, from: 48h"),
        ("{sources: [leaflet]}", "{note: There is no source for it.}"),
        ("for: 48h\n", "for: 24h\n            usual: 5d\n"),
        ("    care:", "      mineral-sunscreen: {for: 8h, why: W., sources: [leaflet]}\n    care:"),
    ],
)
def test_what_only_looks_doubtful_is_not_told(instead_of, fine, tmp_path):
    assert instead_of in GOOD
    assert warned(tmp_path, GOOD.replace(instead_of, fine, 1)) == []


def test_a_condition_is_said_to_decide_nothing_only_if_it_never_does(tmp_path):
    """Each comparison with each number, against trying all values."""
    fact = FactType("depth_mm", "number", "", 0.1, 3.5)
    values = [n / 10 for n in range(1, 36)]
    for operator in (">=", "<=", ">", "<", "="):
        for number in (0, 0.1, 0.2, 2, 3.4, 3.5, 3.6):
            text = f'"{operator} {number}"'
            condition = parse_condition(fact, text.strip('"'))
            holds = {condition.holds({"depth_mm": value}) for value in values}
            codes = warned(tmp_path, GOOD.replace('">= 0.8"', text))
            assert ("never-applies" in codes) == (len(holds) == 1), text


class TestOnTheCommandLine:
    def test_warnings_are_told_and_with_strict_they_are_errors(self, run, tmp_path):
        path = tmp_path / "mine.yaml"
        path.write_text(GOOD.replace("    call: [Pain that grows]\n", ""), encoding="utf-8")
        done = run("rules", "check", str(path))
        assert done.code == 0
        assert "warning: needling has no signs" in done.out
        assert "1 warning" in done.out
        done = run("rules", "check", "--strict", str(path))
        assert (done.code, done.out) == (5, "")
        assert "[no-warning-signs]" in done.err
        assert run("rules", "check", "--strict").code == 0

    def test_each_code_is_explained(self, run):
        for code in CODES:
            assert run("rules", "explain", code).out.startswith(code)
        assert set(CODES) == {line.split()[0] for line in run("rules", "explain").out.splitlines()}
        done = run("rules", "explain", "no-sauce")
        assert done.code == 2
        assert "no-source" in done.err
