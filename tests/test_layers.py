"""A rule file that extends another says only what differs; the rest is the other's."""

import pytest
from conftest import NOW, rules_of

from aftercare import RuleFileError, Treatment, load_rules, plan
from aftercare.core.changes import changes
from aftercare.core.origins import Origins
from aftercare.rulebook import check, load_document, recompile
from aftercare.rulebook.layers import default_rules

HEAD = """\
format: 1
title: {title}
version: "1"
extends: {extends}
sources:
  leaflet: {{title: Our leaflet}}
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="clinic.yaml", extends="default"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD.format(title=name, extends=extends) + text, encoding="utf-8")
        return path

    return write


CHANGED = """\
things:
  night-oil: {title: Night oil, names: [Midnight Gold]}
facts:
  fair: {yes_no: true, ask: Fair skin}
treatments:
  microneedling:
    names: [the glow]
    remove: {alcohol: We see no need for it., care.clean-pillowcase: Nobody did it.}
    avoid:
      retinoids: {for: 72h, sources: [leaflet]}
      acids: {for: 7d, sources: [leaflet]}
      night-oil: {for: 24h, why: It is heavy., sources: [leaflet]}
    allow: [niacinamide]
    call: [Anything that worries you]
"""


def words(before, after):
    return {(c.rule, c.what): (c.before, c.after) for c in changes(before, after)}


def test_what_differs_is_what_the_file_says_and_nothing_else(write):
    found = words(load_rules(), load_rules(write(CHANGED)))
    assert found.pop(("avoid retinoids", "for")) == ("48h", "72h")
    assert found.pop(("avoid acids", "for")) == ("48h", "7d")
    assert found.pop(("avoid acids", "usual")) == ("5d", ""), "outgrown by the file's own time"
    assert found.pop(("avoid alcohol", "")) == ("24h", "")
    assert found.pop(("care clean-pillowcase", "")) == ("3d", "")
    assert found.pop(("avoid night-oil", "")) == ("", "24h")
    assert found.pop(("allow niacinamide", "")) == ("", "allowed")
    assert found.pop(("call", "")) == ("", "Anything that worries you"), "added, none dropped"
    assert found.pop(("names", "")) == ("", "the glow")
    assert found.pop(("fact fair", "")) == ("", "yes or no")
    assert {key[1] for key in found if key[0].startswith("avoid")} == {"sources", "figures"}
    assert {key[0] for key in found if not key[0].startswith("avoid")} == {
        "thing night-oil",
        "thing night-oil, names",
    }


def test_each_value_tells_which_file_it_came_from(write):
    origins = Origins(load_document(write(CHANGED)))
    of = ("for", "usual", "why", "sources")
    assert origins.values("microneedling", "avoid", "retinoids", of=of) == {
        "default": ["usual", "why"],
        "clinic.yaml": ["for", "sources"],
    }
    assert origins.file("microneedling", "avoid", "night-oil", "why") == "clinic.yaml"
    assert origins.file("microneedling", "avoid", "makeup", "for") == "default"
    assert origins.removed("alcohol") == [
        ("microneedling.alcohol", "clinic.yaml", "We see no need for it.")
    ]


def test_the_list_form_of_remove_has_one_reason(write):
    removed = "treatments:\n  microneedling:\n    remove: [alcohol]\n    because: No need.\n"
    path = write(removed)
    assert not [r for r in load_rules(path).protocol().avoid if r.thing == "alcohol"]
    assert Origins(load_document(path)).removed("alcohol")[0][2] == "No need."


def test_what_is_removed_and_said_again_keeps_nothing_of_the_old(write):
    text = "treatments:\n  microneedling:\n    remove: {alcohol: Ours., call: Ours.}\n"
    text += "    avoid:\n      alcohol: {for: 12h, why: Ours.}\n    call: [Only this]\n"
    protocol = load_rules(write(text)).protocol()
    (rule,) = [r for r in protocol.avoid if r.thing == "alcohol"]
    assert (str(rule.span), rule.why, rule.note, rule.sources) == ("12h", "Ours.", "", ())
    assert [s.text for s in protocol.call] == ["Only this"]


def test_a_treatment_can_be_removed_and_another_added(write):
    text = "remove: {microneedling: Not offered.}\n"
    text += "treatments:\n  peel:\n    title: Peel\n    avoid:\n      aha: {for: 7d, why: Sting.}\n"
    assert list(load_rules(write(text)).protocols)[-1] == "peel"
    assert "microneedling" not in load_rules(write(text)).protocols


def test_files_extend_each_other_as_seen_from_their_own_folder(write):
    write("treatments: {microneedling: {avoid: {makeup: {for: 30h}}}}\n", "chain/base.yaml")
    top = write(
        "treatments: {microneedling: {avoid: {acids: {for: 60h}}}}\n",
        "clinic.yaml",
        "chain/base.yaml",
    )
    spans = {r.thing: str(r.span) for r in load_rules(top).protocol().avoid}
    assert (spans["makeup"], spans["acids"], spans["retinoids"]) == ("30h", "60h", "48h")
    assert [layer["name"] for layer in load_document(top)["layers"]] == [
        "default",
        "chain/base.yaml",
        "clinic.yaml",
    ]


def test_at_most_five_files_below_and_no_loops(write):
    write("", "0.yaml")
    for n in range(1, 6):
        write("", f"{n}.yaml", f"{n - 1}.yaml")
    assert check(write("", "4.yaml", "3.yaml")) == []
    (problem,) = check(write("", "5.yaml", "4.yaml"))
    assert "more than 5 files" in problem.wrong
    (problem,) = check(write("", "a.yaml", "./a.yaml"))
    assert "leads back" in problem.wrong
    write("", "b.yaml", "c.yaml")
    (problem,) = check(write("", "c.yaml", "b.yaml"))
    assert "leads back" in problem.wrong


def test_a_problem_is_told_in_the_file_it_stands_in(write):
    write("treatments: {microneedling: {avoid: {makeup: {for: 30}}}}\n", "base.yaml")
    top = write(
        "treatments: {microneedling: {avoid: {acids: {fro: 60h}}}}\n", "clinic.yaml", "base.yaml"
    )
    told = [str(problem).rsplit("/", 1)[-1] for problem in check(top)]
    assert told[0].startswith("clinic.yaml:7:46: unknown key 'fro'")
    assert told[1].startswith("base.yaml:7:52: 'for' is the number 30")


def test_a_new_rule_must_be_whole_and_a_slip_in_a_treatment_s_name_is_noticed(write):
    (problem,) = check(write("treatments: {microneedling: {avoid: {peptides: {for: 3h}}}}\n"))
    assert "no 'why'" in problem.wrong
    problem, *_ = check(write("treatments: {microneedlng: {avoid: {acids: {for: 3h}}}}\n"))
    assert "microneedling" in problem.right


def test_a_change_in_any_file_is_noticed_by_the_cache_and_the_hash(write, tmp_path):
    base = write("treatments: {microneedling: {avoid: {makeup: {for: 30h}}}}\n", "base.yaml")
    top = write("", "clinic.yaml", "base.yaml")
    cache = tmp_path / "cache"
    one, again = load_rules(top, cache=cache), load_rules(top, cache=cache)
    assert one.sha256 == again.sha256
    base.write_text(base.read_text().replace("30h", "31h"), encoding="utf-8")
    other = load_rules(top, cache=cache)
    assert other.sha256 != one.sha256
    assert words(one, other) == {("avoid makeup", "for"): ("30h", "31h")}


def test_a_recorded_document_needs_none_of_its_files(write, tmp_path):
    base = write("treatments: {microneedling: {avoid: {makeup: {for: 30h}}}}\n", "base.yaml")
    top = write(CHANGED, "clinic.yaml", "base.yaml")
    document = load_document(top)
    base.unlink()
    top.unlink()
    assert recompile(document["layers"], document["sha256"]) == document


def test_an_unchanged_figure_s_sources_do_not_vouch_for_a_changed_one(run, write):
    done = run(
        "rules", "check", str(write("treatments: {microneedling: {avoid: {acids: {for: 7d}}}}\n"))
    )
    assert "its sources are those of the other figure" in done.out


FIGURES = """\
treatments:
  microneedling:
    avoid: {retinoids: {for: 72h, %s}}
"""


@pytest.mark.parametrize("named", ["sources: [leaflet]", "figures: {leaflet: 72h}"])
def test_who_names_sources_names_them_all(named, write, run):
    """Those below print another figure, and are not to vouch for this one."""
    path = write(FIGURES % named)
    (rule,) = [r for r in load_rules(path).protocol().avoid if r.thing == "retinoids"]
    assert [source.id for source in rule.sources] == ["leaflet"]
    assert "below-figures" not in run("rules", "check", str(path)).out
    assert "other figure" not in run("rules", "check", str(path)).out


def test_a_changed_figure_below_all_those_inherited_is_doubtful(write, run):
    text = (FIGURES % "note: Ours").replace("72h", "12h")
    assert "[below-figures]" in run("rules", "check", str(write(text))).out


def test_a_layered_file_plans_as_the_whole_would(write):
    treatment = Treatment("microneedling", NOW)
    same = write("", "same.yaml")
    assert (
        plan(treatment, load_rules(same)).restrictions == plan(treatment, load_rules()).restrictions
    )


def test_the_shipped_file_names_its_schema():
    first = default_rules().read_text(encoding="utf-8").partition("\n")[0]
    _, _, schema = first.partition("$schema=")
    assert (default_rules().parent / schema).samefile(
        default_rules().parent / "aftercare" / "data" / "rules.schema.json"
    )


def test_a_lone_remove_has_nothing_to_remove_from(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text('format: 1\ntitle: A\nversion: "1"\nremove: {a: b}\n', encoding="utf-8")
    assert any("nothing to remove from" in p.wrong for p in check(path))
    with pytest.raises(RuleFileError):
        load_rules(path)


def test_a_text_can_extend_the_default_rules_too():
    rules = rules_of(
        HEAD.format(title="Ours", extends="default")
        + "treatments: {microneedling: {avoid: {makeup: {for: 30h, sources: [leaflet]}}}}\n"
    )
    assert str({r.thing: r.span for r in rules.protocol().avoid}["makeup"]) == "30h"
