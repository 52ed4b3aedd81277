"""The rules that ship: their figures are those of their sources, and each plan warns."""

import json
import runpy
from statistics import median

import pytest
from conftest import ROOT

from aftercare import load_rules
from aftercare.core.spans import parse_span
from aftercare.rulebook import load_document

DOCUMENT = load_document()
PROTOCOLS = {id: json.loads(text) for id, text in DOCUMENT["treatments"].items()}
ARTICLE = "founding-article"

#: Where sources contradict each other and the stricter is asked for; their notes say so.
STRICTER = {
    ("hydrafacial", "makeup"),
    ("laser-resurfacing", "nsaids"),
    ("tca-peel", "sun-exposure"),
}


def hours(text):
    span = parse_span(text)
    return span.hours if span.hours is not None else span.days * 24


def rules(section):
    return [
        pytest.param(id, thing, rule, id=f"{id}-{thing}")
        for id, protocol in PROTOCOLS.items()
        for thing, rule in protocol.get(section, {}).items()
        if "figures" in rule
    ]


def lowest(rule):
    return {source: hours(text.split("-")[0]) for source, text in rule["figures"].items()}


@pytest.mark.parametrize(("protocol", "thing", "rule"), rules("avoid"))
def test_a_rule_asks_for_the_articles_figure_or_else_the_median(protocol, thing, rule):
    figures = lowest(rule)
    middle = median(figures.values())
    if ARTICLE in figures:
        assert hours(rule["for"]) == figures[ARTICLE]
        assert hours(rule.get("usual", rule["for"])) == max(middle, figures[ARTICLE])
        return
    assert "usual" not in rule
    if (protocol, thing) in STRICTER:
        assert middle < hours(rule["for"]) <= max(figures.values())
        assert "stricter" in rule["note"]
    elif middle != int(middle):
        assert hours(rule["for"]) == int(middle) + 1
        assert "rounded up" in rule["note"]
    else:
        assert hours(rule["for"]) == middle
        assert rule["for"].endswith("d") == (middle >= 72 and middle % 24 == 0)


@pytest.mark.parametrize(("protocol", "thing", "rule"), rules("care"))
def test_care_goes_on_for_the_median_in_whole_days(protocol, thing, rule):
    middle = median(lowest(rule).values())
    assert hours(rule["for"]) == -(-middle // 24) * 24


@pytest.mark.parametrize(("protocol", "thing", "rule"), [*rules("avoid"), *rules("care")])
def test_a_figure_that_stands_alone_says_so(protocol, thing, rule):
    if len(rule["figures"]) == 1:
        assert "one source gives a time" in rule["note"]


@pytest.mark.parametrize("id", PROTOCOLS)
def test_a_rule_without_a_figure_tells_how_its_time_was_chosen(id):
    for rule in PROTOCOLS[id]["avoid"].values():
        assert "figures" in rule or rule["note"]


@pytest.mark.parametrize(
    ("deeper", "lighter"),
    [
        ("rf-microneedling", "microneedling"),
        ("tca-peel", "superficial-peel"),
        ("laser-resurfacing", "laser-ipl"),
    ],
)
def test_the_deeper_of_two_treatments_never_lets_a_thing_back_earlier(deeper, lighter):
    """The sources of the one are not those of the other, so their medians alone do not hold it."""
    rules, book = load_rules(), PROTOCOLS[deeper]
    waits = {thing: hours(rule["for"]) for thing, rule in PROTOCOLS[lighter]["avoid"].items()}
    begins = {thing: hours(rule["for"]) for thing, rule in book["avoid"].items()}
    for section in ("allow", "care"):
        for thing, rule in book.get(section, {}).items():
            begins.setdefault(thing, hours(rule.get("from", "0h")))
    for thing, hour in begins.items():
        for wider in rules.lexicon.wider(thing) & set(waits):
            assert hour >= waits[wider], (thing, wider)


def test_microneedling_is_meant_when_no_treatment_is_named():
    assert load_rules().protocol().id == "microneedling"


@pytest.mark.parametrize("id", PROTOCOLS)
def test_every_treatment_has_warning_signs_and_a_look_at_them(id):
    protocol = load_rules().protocol(id)
    assert len(protocol.call) >= 2
    assert any("Trouble breathing" in sign.text for sign in protocol.urgent)
    assert [str(span) for span in protocol.check] == ["24h", "72h"]


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("botox", "botulinum-toxin"), ("Lip fillers", "dermal-filler"), ("ipl", "laser-ipl"),
        ("TCA peel", "tca-peel"), ("Morpheus 8", "rf-microneedling"),
        ("Hydra-Facial", "hydrafacial"), ("glycolic peels", "superficial-peel"),
        ("Fraxel", "laser-resurfacing"),
        ("exosome facial", "microneedling"), ("dermaplane", "dermaplaning"), ("facials", "facial"),
    ],
)  # fmt: skip
def test_a_treatment_is_known_by_what_people_call_it(said, id):
    assert load_rules().protocol(said).id == id


@pytest.mark.parametrize("said", ["peel", "chemical peel", "laser", "injection", "needle"])
def test_a_name_that_could_be_two_treatments_is_refused(said, run):
    refused = run("plan", "--treatment", said, "--treated-at", "yesterday 3pm")
    assert refused.code == 2
    assert "botulinum-toxin" in refused.err


def test_the_table_of_the_documentation_is_that_of_the_file():
    made = runpy.run_path(str(ROOT / "docs" / "protocols.py"))["made"]
    assert (ROOT / "docs" / "protocols.md").read_text(encoding="utf-8") == made()
