"""Looking at rules, comparing them, writing new ones, and giving a treatment other rules."""

import io
import json

import pytest

from aftercare.rulebook import check

YESTERDAY = ("--treated-at", "2026-11-22T15:00")
CLINIC = """\
format: 1
title: Our clinic
version: "7"
reviewed: 2026-11-01
extends: default
sources:
  leaflet: {title: Our leaflet}
treatments:
  microneedling:
    remove: {alcohol: We see no need for it.}
    avoid:
      retinoids: {for: 5d, sources: [leaflet]}
"""


@pytest.fixture
def clinic(tmp_path):
    path = tmp_path / "clinic.yaml"
    path.write_text(CLINIC, encoding="utf-8")
    return str(path)


@pytest.fixture
def answer(monkeypatch):
    """Type these lines when asked."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*lines, ""])))


class TestDiff:
    def test_it_says_in_words_what_changed(self, run, clinic):
        done = run("rules", "diff", "default", clinic)
        assert done.code == 0
        assert "- retinoids: 48h → 5d" in done.out
        assert "- alcohol: removed (24h)" in done.out
        assert run("rules", "diff", clinic).out == done.out, "the default is what A is without it"
        back = run("rules", "diff", clinic, "default").out
        assert "- retinoids: 5d → 48h" in back
        assert "- alcohol: added (24h)" in back
        assert run("rules", "diff", clinic, clinic).out == "No rule differs.\n"

    def test_against_a_recorded_plan(self, run, clinic):
        run("plan", *YESTERDAY, "--rules", clinic)
        assert run("rules", "diff", "--recorded", "1", clinic).out == "No rule differs.\n"
        assert "- retinoids: 5d → 48h" in run("rules", "diff", "--recorded", "1", "default").out
        assert run("rules", "diff", "--recorded", "9", clinic).code == 2

    def test_for_programs(self, run, clinic):
        data = json.loads(run("rules", "diff", clinic, "--json").out)
        assert {
            "treatment": "microneedling", "rule": "avoid retinoids", "value": "for",
            "before": "48h", "after": "5d",
        } in data["changes"]  # fmt: skip

    def test_without_files_it_says_what_to_give(self, run, clinic):
        assert run("rules", "diff").code == 2
        assert run("rules", "diff", clinic, clinic, clinic).code == 2
        assert run("rules", "diff", clinic, "missing.yaml").code == 5


def test_show_says_of_each_value_which_file_it_came_from(run, clinic):
    shown = run("rules", "show", "retinol", "--rules", clinic, columns=100).out
    assert "From default: why, note" in shown
    assert "From clinic.yaml: for, sources" in shown
    shown = run("rules", "show", "alcohol", "--rules", clinic, columns=100).out
    assert "microneedling.alcohol: removed by clinic.yaml: We see no need for it." in shown
    assert "From default" in run("rules", "show", "retinol").out


class TestReplan:
    def test_it_shows_the_diff_and_asks(self, run, clinic, answer):
        run("plan", *YESTERDAY)
        answer("n")
        done = run("replan", "1", "--rules", clinic)
        assert done.code == 2
        assert "- retinoids: 48h → 5d" in done.out
        assert "Retinoids (vitamin A), until: Tue 24 Nov, 15:00 → Fri 27 Nov, 15:00" in done.out
        assert "Alcoholic drinks: no longer in the rules" in done.out
        assert "Tue 24 Nov, 15:00" in run("can-i", "retinol").out, "as it was"
        answer("yes")
        assert run("replan", "1", "--rules", clinic).code == 0
        assert "Fri 27 Nov, 15:00" in run("can-i", "retinol").first_line
        assert run("replan", "1", "--rules", clinic).out.startswith("Treatment 1 has these rules")

    def test_nobody_there_to_ask_means_no(self, run, clinic, answer):
        run("plan", *YESTERDAY)
        answer()
        done = run("replan", "1", "--rules", clinic)
        assert done.code == 2
        assert "--yes" in done.err
        assert run("replan", "1", "--rules", clinic, "--dry-run").out.endswith("(--dry-run).\n")
        assert "Tue 24 Nov, 15:00" in run("can-i", "retinol").first_line
        assert run("replan", "1", "--rules", clinic, "--yes").code == 0

    def test_new_rules_change_no_recorded_plan_by_themselves(self, run, clinic, tmp_path):
        run("plan", *YESTERDAY, "--rules", clinic)
        before = run("plan", "--json").out
        (tmp_path / "clinic.yaml").write_text(CLINIC.replace("5d", "9d"), encoding="utf-8")
        assert run("plan", "--json").out == before
        (tmp_path / "clinic.yaml").unlink()
        assert run("plan", "--json").out == before

    def test_overrides_are_kept_and_when_their_rule_is_gone_it_is_refused(self, run, clinic):
        run("plan", *YESTERDAY, "--override", "alcohol=3d", "--because", "rosacea")
        done = run("replan", "1", "--rules", clinic, "--yes")
        assert done.code == 2
        assert "alcohol" in done.err
        assert "Wed 25 Nov, 15:00" in run("can-i", "wine").first_line
        run("correct", "1", "--override", "alcohol=")
        run("correct", "1", "--override", "retinoids=8d", "--because", "rosacea")
        assert run("replan", "1", "--rules", clinic, "--yes").code == 0
        assert "Mon 30 Nov, 15:00" in run("can-i", "retinol").first_line

    def test_a_plan_that_lasts_longer_now_is_still_found_then(self, run, clinic, tmp_path):
        (tmp_path / "clinic.yaml").write_text(CLINIC.replace("5d", "90d"), encoding="utf-8")
        run("plan", *YESTERDAY)
        run("plan", "--treated-at", "2026-11-23T10:00", "--treatment", "microneedling")
        run("replan", "1", "--rules", clinic, "--yes")
        done = run("can-i", "retinol", now="2027-02-01T10:00+00:00")
        assert done.code == 1, "the older of the two, of the same kind"


class TestNew:
    ANSWERS = (
        'Dr "Maria": skin', "", "retinol=72h", "nonsense=3h", "exercise=3", "", "Our leaflet",
        "spicy-food", "", "alcohol", "We see no need", "", "Anything: that # worries you",
    )  # fmt: skip

    def test_it_writes_a_valid_commented_file(self, run, answer, tmp_path):
        path = tmp_path / "new.yaml"
        answer(*self.ANSWERS)
        done = run("rules", "new", str(path))
        assert done.code == 0, done.err
        assert "nonsense" in done.err
        assert "24h, 5d, 2w" in done.err
        assert run("rules", "check", "--strict", str(path)).code == 0
        assert path.read_text(encoding="utf-8").startswith("# Aftercare rules of")
        changes = run("rules", "diff", str(path)).out
        assert "retinoids: 48h → 72h" in changes
        assert "alcohol: removed" in changes
        assert "spicy-food" not in changes, "no reason, no removal"
        assert "Anything: that # worries you" in changes

    def test_with_the_fewest_answers_it_is_valid_too(self, run, answer, tmp_path):
        path = tmp_path / "new.yaml"
        answer("Us")
        assert run("rules", "new", str(path)).code == 0
        assert check(path) == []
        assert run("rules", "check", "--strict", str(path)).code == 0
        assert run("rules", "diff", str(path)).out == "No rule differs.\n"

    def test_a_figure_without_a_source_says_so(self, run, answer, tmp_path):
        path = tmp_path / "new.yaml"
        answer("Us", "", "retinol=72h", "", "", "", "")
        assert run("rules", "new", str(path)).code == 0
        assert run("rules", "check", "--strict", str(path)).code == 0

    def test_it_overwrites_nothing_and_needs_a_title(self, run, answer, tmp_path, clinic):
        answer(*self.ANSWERS)
        assert run("rules", "new", clinic).code == 2
        answer("")
        assert run("rules", "new", str(tmp_path / "other.yaml")).code == 2
        assert not (tmp_path / "other.yaml").exists()
        answer(*self.ANSWERS)
        assert run("rules", "new", str(tmp_path / "no" / "folder.yaml")).code == 2
