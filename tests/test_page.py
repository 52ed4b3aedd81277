"""The page as a file: complete, small, in one piece, and harmless whatever it is made of."""

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import combinations_with_replacement
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW, rules_of

import aftercare
from aftercare.core.document import rulebook_from
from aftercare.core.model import Override
from aftercare.core.schedule import merge, plan
from aftercare.core.spans import Span
from aftercare.errors import InputError
from aftercare.outputs.calendar import calendar, events
from aftercare.outputs.page import Clinic, logo_of, page
from aftercare.outputs.page.patterns import javascript
from aftercare.outputs.page.texts import ANSWERS, OVERRIDES, TEXTS, language, languages
from aftercare.outputs.page.texts import NOW as SAID_NOW
from aftercare.outputs.picture import picture
from aftercare.rulebook import check_source, load_vocabulary

LONDON = ZoneInfo("Europe/London")
DONE = datetime(2026, 11, 22, 15, tzinfo=LONDON)
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 40

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnirts\u2066 \x1b[31m\0",
    "<!--<script>",
    "x" * 10_000,
)


def default_plan(**changes):
    treatment = aftercare.Treatment("microneedling", DONE, facts={"depth_mm": 0.5}, id=1, **changes)
    return plan(treatment, aftercare.load_rules())


class Tags(HTMLParser):
    """The elements of a page, its texts, and every address in it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not {"style", "script", "title"} & set(self.open):
            self.texts.append(data.strip())


@pytest.mark.parametrize("code", languages())
def test_the_page_of_any_two_treatments_is_below_150_kb(code):
    rules = aftercare.load_rules()
    clinic = Clinic("Linden Skin Clinic", "+44 20 7946 0123")
    for kinds in combinations_with_replacement(rules.protocols, 2):
        plans = [
            plan(
                aftercare.Treatment(kind, DONE + n * timedelta(hours=3), person="Anna", id=n), rules
            )
            for n, kind in enumerate(kinds, 1)
        ]
        ics = calendar(events(plans, LONDON)).decode()
        html = page(plans, now=NOW, clinic=clinic, lang=code, ics=ics)
        assert len(html.encode()) < 150_000, kinds


def test_the_page_is_one_file_that_names_no_address_to_load():
    html = page(default_plan(), now=NOW, clinic=Clinic("Linden", "+44 20 7946 0123"))
    parsed = Tags(html)
    assert not {"link", "iframe", "object", "embed", "base"} & set(parsed.tags)
    assert not [
        a for a in parsed.attributes if a[1] in ("src", "srcset", "style") or a[1][:2] == "on"
    ]
    (policy,) = [v for _, n, v in parsed.attributes if n == "content" and "default-src" in v]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_every_restriction_care_and_warning_sign_is_there_without_the_script():
    plan_ = default_plan()
    texts = " ".join(Tags(page(plan_, now=NOW)).texts)
    for title in [r.title for r in plan_.restrictions] + [c.rule.title for c in plan_.care]:
        assert title in texts
    for kind in ("call", "urgent"):
        assert all(statement.text in texts for statement in plan_.statements(kind))
    assert "Tue 24 Nov, 15:00" in texts
    assert f"version {plan_.rulebooks[0].version}" in re.sub(r"\s+", " ", texts)


def test_the_same_plan_makes_the_same_page():
    assert page(default_plan(), now=NOW) == page(default_plan(), now=NOW)


def hostile_rules(hostile):
    """Rules that say something hostile in every place, as if no check had ever read them."""
    source = b"""
format: 1
title: EVIL
version: "1"
reviewed: 2026-01-01
sources: {bad: {title: EVIL, publisher: EVIL, url: "https://evil.example"}}
things:
  own: {title: EVIL, names: [own thing EVIL]}
treatments:
  needling:
    title: EVIL
    avoid:
      own: {for: 24h, usual: 48h, why: EVIL, note: EVIL, sources: [bad]}
    care:
      sunscreen: {every: day, at: "08:00", for: 2d, why: EVIL}
    allow: {panthenol: {why: EVIL, sources: [bad]}}
    call: [{text: EVIL, sources: [bad]}]
    urgent: [EVIL]
    ask_first: [EVIL]
    notes: [EVIL]
"""
    document, problems = check_source(source, "rules.yaml", load_vocabulary(labels=True))
    assert not problems
    flat = hostile.replace("\t", " ").replace("\n", " ")

    def spoil(value):
        if isinstance(value, dict):
            return {key: spoil(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [spoil(inner) for inner in value]
        if isinstance(value, str):
            return value.replace("EVIL", flat).replace(
                "https://evil.example", "javascript:alert(1)"
            )
        return value

    treatments = {
        id: json.dumps(spoil(json.loads(text))) for id, text in document["treatments"].items()
    }
    spoilt = {**spoil(document), "treatments": treatments}
    return rulebook_from(spoilt, load_vocabulary(labels=True))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_content_stays_text(hostile):
    rules = hostile_rules(hostile)
    treatment = aftercare.Treatment("needling", DONE, person=hostile)
    html = page(plan(treatment, rules), now=NOW, clinic=Clinic(hostile, hostile), ics=hostile)
    parsed = Tags(html)
    assert parsed.tags.count("script") == 4
    assert "img" not in parsed.tags
    assert not [a for a in parsed.attributes if a[1].startswith("on") or "javascript:" in a[2]]
    assert not [c for c in html if not c.isprintable() and c not in "\n\0"]
    assert "\u202e" not in html
    assert "\x1b" not in html


def test_only_a_number_becomes_a_telephone_link():
    for number, address in (
        ("+44 20 7946-0123", "tel:+442079460123"),
        ("javascript:alert(1)", None),
        ("call 112", None),
        ("1", None),
    ):
        html = page(default_plan(), now=NOW, clinic=Clinic(phone=number))
        hrefs = [value for _, name, value in Tags(html).attributes if name == "href" and value]
        assert hrefs == ([address] * 2 if address else [])


def test_a_logo_is_a_picture_inside_the_file():
    html = page(default_plan(), now=NOW, clinic=Clinic("Linden", logo=logo_of(PIXEL)))
    assert ("img", "src") in [a[:2] for a in Tags(html).attributes]
    assert 'src="data:image/png;base64,' in html
    for wrong in (b"GIF", b"<html>", b"\x89PNG\r\n" + b"\0" * 200_000):
        with pytest.raises(InputError):
            logo_of(wrong)


def test_a_sheet_has_neither_search_nor_names_and_opens_the_printer():
    html = page(default_plan(), now=NOW, sheet=True)
    parsed = Tags(html)
    assert "input" not in parsed.tags
    assert parsed.tags.count("script") == 1
    assert ">print();</script>" in html
    assert len(html) < 20_000


def test_a_merged_plan_says_of_each_treatment_when_it_was():
    plans = [default_plan(), default_plan().replace()]
    later = aftercare.Treatment("microneedling", DONE + timedelta(days=40), id=2)
    plans[1] = plan(later, aftercare.load_rules())
    texts = " ".join(Tags(page(plans, now=NOW)).texts)
    assert "Sun 22 Nov, 15:00" in texts
    assert "Fri 1 Jan 2027, 15:00" in texts
    assert merge(plans).restrictions


def test_an_override_is_told_beside_what_it_changed():
    override = Override("retinoids", Span(hours=24), "her own wish", shorter_on_purpose=True)
    texts = " ".join(Tags(page(default_plan(overrides=(override,)), now=NOW)).texts)
    assert "Set to 24h for this treatment, shorter than the rules ask: her own wish." in texts


# -- languages ---------------------------------------------------------------------------


def msgids():
    """Every text of the page, of the script and of the picture that is to be translated."""
    here = TEXTS.parent
    template = (here / "page.html.j2").read_text("utf-8")
    drawn = (here.parent / "picture.py").read_text("utf-8")
    found = re.findall(r'_\("((?:[^"\\]|\\.)*)"\)', template)
    found += re.findall(r'words\(\s*"([^"]*)"', drawn)
    return {*found, *SAID_NOW.values(), *ANSWERS.values(), *OVERRIDES.values()}


@pytest.mark.parametrize("code", languages())
def test_nothing_is_left_untranslated_and_nothing_stale_is_kept(code):
    if code == "en":
        return
    from babel.messages.pofile import read_po

    with (TEXTS / f"{code}.po").open("rb") as file:
        catalogue = {m.id: m.string for m in read_po(file) if m.id}
    assert set(catalogue) == msgids()
    for text, translated in catalogue.items():
        assert translated
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", translated))


def test_a_page_in_another_language_shows_no_english_of_the_programs_own(monkeypatch):
    """
    Every text outside a rule file's passes through the catalogue.
    """
    marked = language("de").__class__("de", {text: f"⟦{text}⟧" for text in msgids()})
    monkeypatch.setattr("aftercare.outputs.page.language", lambda _: marked)
    rules = rules_of("""
        avoid:
          retinoids: {for: 24h, usual: 72h, why: ⟦x⟧}
        care:
          sunscreen: {every: day, at: "08:00", for: 2d}
        allow: [hyaluronic-acid]
        call: [⟦y⟧]
        urgent: [⟦z⟧]
    """)
    treatment = aftercare.Treatment("needling", DONE, person="⟦p⟧")
    html = page(plan(treatment, rules), now=NOW, clinic=Clinic("⟦c⟧", "⟦112⟧"), program="⟦a⟧")
    given = {
        "Retinoids (vitamin A)",
        "Sunscreen",
        "Hyaluronic acid",
        "Needling",
        "Rules under test",
    }
    bare = re.sub(r"⟦[^⟧]*⟧", "", " ".join(Tags(html).texts))
    for text in given:
        bare = bare.replace(text, "")
    assert set(re.findall("[A-Za-z]{3,}", bare)) <= {"Nov", "Europe", "London"}


def test_dates_follow_the_language():
    texts = {
        code: " ".join(Tags(page(default_plan(), now=NOW, lang=code)).texts) for code in languages()
    }
    assert "Tue 24 Nov, 15:00" in texts["en"]
    assert "Di., 24. Nov., 15:00" in texts["de"]
    assert "mar, 24 nov" in texts["es"].replace(".", "")
    with pytest.raises(InputError, match="no language"):
        page(default_plan(), now=NOW, lang="xx")


# -- the picture -------------------------------------------------------------------------


def test_the_picture_stands_alone_and_shows_every_restriction():
    from xml.etree import ElementTree

    svg = picture(default_plan().restrictions, NOW, LONDON, width=720)
    root = ElementTree.fromstring(svg)
    texts = [e.text for e in root.iter() if e.tag.endswith("text")]
    assert all(r.title[:43] in " ".join(map(str, texts)) for r in default_plan().restrictions)
    assert "prefers-color-scheme:dark" in svg
    assert picture([], NOW, LONDON) == ""


def test_the_length_of_a_bar_is_its_share_of_the_time():
    """
    A day of four is a quarter.
    """
    rules = rules_of("""
        avoid:
          retinoids: {for: 24h, usual: 48h, why: x}
          makeup: {for: 96h, why: x}
    """)
    made = plan(aftercare.Treatment("needling", datetime(2026, 7, 1, tzinfo=UTC)), rules)
    svg = picture(made.restrictions, datetime(2026, 7, 2, tzinfo=UTC), UTC)
    assert re.findall(r'class="usual" x="25%" y="\d+" width="25%"', svg)
    assert re.findall(r'class="off" x="0%" y="\d+" width="25%"', svg)
    assert re.findall(r'class="off" x="0%" y="\d+" width="100%"', svg)
    assert '<line x1="25%" x2="25%"' in svg


# -- patterns and the command ------------------------------------------------------------


@pytest.mark.parametrize(
    ("python", "script"),
    [
        (r"[^\W_]+", r"[\p{L}\p{N}_]+"),
        (r"(?P<key>a)\d", r"(?<key>a)\p{Nd}"),
        (r"[\d.,]x", r"[\p{Nd}.,]x"),
        (r"a.c", r"a[^\n]c"),
        (r"\"«", '"«'),
    ],
)
def test_a_pattern_is_written_once_for_both_languages(python, script):
    assert javascript(python).replace("(?:(?![_])[\\p{L}\\p{N}_])", "[\\p{L}\\p{N}_]") == script


def test_the_command_writes_a_page_that_its_owner_alone_can_read(run, tmp_path):
    file = tmp_path / "plan.html"
    logo = tmp_path / "logo.png"
    logo.write_bytes(PIXEL)
    assert run("plan", "--treated-at", "yesterday 3pm").code == 0
    done = run("page", "-o", str(file), "--clinic", "Linden", "--logo", str(logo), "--lang", "es")
    assert (done.code, done.out) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600
    html = file.read_text("utf-8")
    assert '<html lang="es"' in html
    assert "Linden" in html
    sheet = run("page", "-o", str(file), "--print", "--treated-at", "yesterday 3pm")
    assert sheet.code == 0
    assert file.stat().st_size < 25_000


def test_the_command_says_what_is_wrong(run, tmp_path):
    file = str(tmp_path / "plan.html")
    assert run("page", "-o", file).code == 4
    treated = ("--treated-at", "yesterday 3pm")
    assert run("page", "-o", file, "--fact", "depth_mm=1").code == 2
    assert "no language" in run("page", "-o", file, *treated, "--lang", "xx").err
    assert "cannot be read" in run("page", "-o", file, *treated, "--logo", "no.png").err
    assert "cannot be written" in run("page", "-o", f"{file}/x", *treated).err


def test_a_missing_library_is_named_with_the_command_that_installs_it(run, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    done = run("page", "-o", str(tmp_path / "x.html"), "--treated-at", "yesterday 3pm")
    assert done.code == 2
    assert "pip install 'aftercare-cli[page]'" in done.err


def test_open_hands_the_file_to_the_browser(run, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    file = tmp_path / "plan.html"
    run("page", "-o", str(file), "--open", "--treated-at", "yesterday 3pm")
    assert opened == [file.as_uri()]
