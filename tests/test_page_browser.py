"""The page in a real browser: it answers as Python does, alone, on any width, for anybody.

These need Debian's Chromium and the extra ``browser-tests``; the checks of accessibility need
axe-core too (``npm install axe-core``, or `AFTERCARE_AXE` with the path of its axe.min.js).
"""

import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import page_cases
import pytest
from conftest import NOW, ROOT
from test_page import HOSTILE, PIXEL, default_plan, hostile_rules

import aftercare
from aftercare.core.label import read_label
from aftercare.core.outlook import outlook
from aftercare.core.schedule import plan
from aftercare.core.verdict import No, Unknown, Yes, can_i, label_verdict, lexicons_of
from aftercare.outputs.page import Clinic, logo_of, page
from aftercare.outputs.page.data import milliseconds, reasons_of

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
if not CHROMIUM:
    pytest.skip("Chromium is not installed", allow_module_level=True)

AXE = Path(os.environ.get("AFTERCARE_AXE") or ROOT / "node_modules" / "axe-core" / "axe.min.js")
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1@test\r\n"
    "DTSTAMP:20261122T150000Z\r\nDTSTART:20261124T150000Z\r\nSUMMARY:Retinoide: frei, ✓\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
LINDEN = Clinic("Linden Skin Clinic", "+44 20 7946 0123", logo_of(PIXEL))
#: When make-up and exercise lift under the default rules.
LIFTS = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser():
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page as a file, offline, with a clock of its own; fail on any error or request."""
    contexts, complaints = [], []

    def opened(html, *, now=NOW, zone="Europe/London", width=390, script="", **options):
        file = tmp_path / "plan.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 844}, timezone_id=zone, offline=True,
            accept_downloads=True, **options,
        )  # fmt: skip
        contexts.append(context)
        if script:
            context.add_init_script(script=script)
        tab = context.new_page()
        tab.set_default_timeout(20_000)

        def requested(request):
            if request.url != file.as_uri() and not request.url.startswith(("data:", "blob:")):
                complaints.append(request.url)

        tab.on("request", requested)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.clock.install(time=now)
        tab.goto(file.as_uri())
        if 'id="ask"' in html:
            tab.locator("#ask").wait_for(state="visible")
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def asked(tab, item):
    tab.fill("#item", item)
    tab.keyboard.press("Enter")
    return tab.locator("#answer").inner_text()


# -- the same answers --------------------------------------------------------------------


def match_data(matches):
    return [{"id": m.id, "name": m.name, "how": m.how, "text": m.text} for m in matches]


def verdict_data(verdict, reasons):
    """A verdict of Python's in the shape of the script's."""

    def places(because):
        return [reasons[reason] for reason in because]

    found = verdict.recognition
    data = {
        "answer": type(verdict).__name__.lower(),
        "because": places(verdict.because),
        "recognition": {
            "item": found.item,
            "things": match_data(found.things),
            "leftover": list(found.leftover),
            "suggestions": list(found.suggestions),
        },
    }
    match verdict:
        case No(until=until, better_wait_until=better):
            return data | {"until": milliseconds(until), "better": better and milliseconds(better)}
        case Yes(since=since, better_wait_until=better, but_not=but_not):
            data |= {"since": milliseconds(since), "better": better and milliseconds(better)}
            return data | {"butNot": places(but_not)}
        case Unknown(reason=reason):
            return data | {"reason": reason}


def label_data(label):
    return {
        "ingredients": [
            {"text": i.text, "position": i.position, "things": match_data(i.things),
             "recognised": i.recognised, "depth": i.depth}
            for i in label.ingredients
        ],
        "isList": label.is_list,
        "things": match_data(label.things),
    }  # fmt: skip


def at(ms):
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def differences(cases, python, script):
    return [
        (case, one, other)
        for case, one, other in zip(cases, python, script, strict=True)
        if one != other
    ]


@pytest.mark.parametrize("setting", ["one treatment", "two rule files", "the same rules twice"])
def test_the_page_and_python_give_the_same_answers(opened, setting):
    plans = page_cases.settings()[setting]
    tab = opened(page(plans, now=NOW))
    reasons = reasons_of(plans)
    moments = page_cases.moments(plans)
    misspelt = 900 if setting == "one treatment" else 150
    items = page_cases.questions(lexicons_of(plans)[-1], misspelt=misspelt)
    cases = [[item, moments[n % len(moments)]] for n, item in enumerate(items)]
    cases += [[item, moment] for item in page_cases.QUESTIONS for moment in moments]
    python = [verdict_data(can_i(item, plans, at(ms)), reasons) for item, ms in cases]
    script = tab.evaluate("cases => cases.map(([item, at]) => aftercare.canI(item, at))", cases)
    assert differences(cases, python, script) == []
    assert {d["answer"] for d in python} == {"no", "yes", "unknown"}


def test_the_page_and_python_read_the_same_on_labels(opened):
    plans = page_cases.settings()["one treatment"]
    tab = opened(page(plans, now=NOW))
    reasons = reasons_of(plans)
    moments = page_cases.moments(plans)
    (lexicon,) = lexicons_of(plans)
    texts = page_cases.labels(lexicon)
    cases = [[text, moments[n % len(moments)]] for n, text in enumerate(texts)]
    python = []
    for text, ms in cases:
        label = read_label(text, lexicon)
        verdict = label_verdict(label, plans, at(ms))
        python.append({"label": label_data(label), "verdict": verdict_data(verdict, reasons)})
    script = tab.evaluate(
        "cases => cases.map(([text, at]) => aftercare.readLabel(text, at))", cases
    )
    assert differences(cases, python, script) == []
    assert tab.evaluate("aftercare.readLabel('x'.repeat(200001), 0)") is None


def test_what_is_off_limits_at_each_moment_is_what_python_says(opened):
    for plans in page_cases.settings().values():
        tab = opened(page(plans, now=NOW))
        zone = ZoneInfo("Europe/London")
        for ms in page_cases.moments(plans):
            today = at(ms).astimezone(zone).date()
            mine = outlook(plans, at(ms), zone)
            theirs = tab.evaluate("([at, today]) => aftercare.outlook(at, today)", [ms, f"{today}"])
            assert [(r.thing, milliseconds(r.ends)) for r in mine.off_limits] == [
                (r["thing"], r["ends"]) for r in theirs["offLimits"]
            ]
            assert [(r.thing, milliseconds(r.usual_ends)) for r in mine.better_wait] == [
                (r["thing"], r["usual"]) for r in theirs["betterWait"]
            ]
            assert len(mine.to_come) == len(theirs["toCome"])
            assert [(c.rule.title, f"{c.at:%H:%M}" if c.at else "") for c in mine.today] == [
                (c["title"], c["time"]) for c in theirs["today"]
            ]


def test_letters_fold_as_they_do_in_python(opened):
    from aftercare.core.names import words

    letters = [chr(c) for c in range(0x20, 0x3000) if chr(c).isprintable()] + list("ﬁ𐌰Ⅷ㎎Ꭰꭰ")
    tab = opened(page(default_plan(), now=NOW))
    script = tab.evaluate(
        "letters => letters.map((c) => [aftercare.casefold(c), aftercare.words(`a${c}b`)])", letters
    )
    assert differences(letters, [[c.casefold(), words(f"a{c}b")] for c in letters], script) == []


# -- the clock ---------------------------------------------------------------------------


def test_the_countdown_moves_and_the_answer_flips_exactly_at_the_boundary(opened):
    tab = opened(page(default_plan(), now=NOW), now=LIFTS - timedelta(seconds=90))
    assert asked(tab, "makeup").startswith("No")
    tab.clock.pause_at(LIFTS - timedelta(seconds=61))
    before = tab.locator("#off .left").first.inner_text()
    tab.clock.run_for(1000)
    assert tab.locator("#off .left").first.inner_text() != before
    tab.clock.pause_at(LIFTS - timedelta(milliseconds=1))
    assert tab.locator("#answer").inner_text().startswith("No")
    assert "Make-up" in tab.locator("#off").inner_text()
    tab.clock.run_for(1)
    assert tab.locator("#answer").inner_text().startswith("Yes")
    assert "Make-up" not in tab.locator("#off").inner_text()
    assert "Exercise" in tab.locator("#wait").inner_text()


def test_times_are_those_of_the_readers_zone_which_is_named(opened):
    html = page(default_plan(), now=NOW)
    tab = opened(html, zone="Asia/Tokyo")
    assert "Times are those of Asia/Tokyo." in tab.locator("footer").inner_text()
    text = tab.locator("table").inner_text()
    assert re.search("Tue,? 24 Nov,? 00:00", text)
    assert not re.search("15:00", text)
    assert re.search("Wed,? 25 Nov,? 00:00", asked(tab, "retinol"))


def test_a_clock_before_the_treatment_is_noticed_and_said(opened):
    html = page(default_plan(), now=NOW)
    tab = opened(html, now=NOW - timedelta(days=400))
    assert "Set the clock right" in tab.locator("#clock").inner_text()
    assert not opened(html).locator("#clock").is_visible()


def test_a_treatment_to_come_is_not_yet_counted_down(opened):
    later = plan(
        aftercare.Treatment("microneedling", NOW + timedelta(days=2)), aftercare.load_rules()
    )
    tab = opened(page(later, now=NOW))
    assert "New restrictions begin" in tab.locator("#coming").inner_text()
    assert asked(tab, "retinol").startswith("I don't know")


# -- asking ------------------------------------------------------------------------------


def test_the_four_answers_look_and_read_differently(opened):
    tab = opened(page(default_plan(), now=LIFTS, clinic=LINDEN), now=LIFTS)
    for item, kind, words in (
        ("retinol", "no", "No"),
        ("makeup", "yes", "Yes"),
        ("go for a run", "wait", "Yes, but better wait"),
        ("retnol", "no", "Taking “retnol” as retinol"),
        ("hyaluronc acid", "unknown", "a guess permits nothing"),
        ("zzzz", "unknown", "no rule can permit it"),
        ("ibuprofen and codeine", "unknown", "I don't know"),
    ):
        said = asked(tab, item)
        assert words in said, (item, said)
        assert tab.locator("#answer").get_attribute("class") == f"answer {kind}"
    box = tab.locator("#answer")
    assert (box.get_attribute("role"), box.get_attribute("aria-live")) == ("status", "polite")


def test_an_answer_gives_its_reasons_and_their_sources(opened):
    tab = opened(page(default_plan(), now=NOW))
    asked(tab, "retinol")
    tab.locator("#answer summary").click()
    said = tab.locator("#answer details").inner_text()
    assert default_plan().restrictions[0].rule.why
    assert "Off limits until" in said
    tab.locator("#answer .cited a").first.click()
    assert tab.locator("#sources details").get_attribute("open") is not None


def test_a_pasted_label_is_read(opened):
    tab = opened(page(default_plan(), now=NOW))
    tab.locator("#label-box summary").click()
    tab.fill("#label", page_cases.LABELS[0])
    tab.locator("#label-form button").click()
    said = tab.locator("#reading").inner_text()
    assert said.startswith("No")
    assert "Retinol: Retinoids (vitamin A), off limits until" in said
    assert "Ingredients read: 8." in said
    tab.fill("#label", page_cases.LABELS[1])
    tab.locator("#label-form button").click()
    assert "That is no yes" in tab.locator("#reading").inner_text()


def test_the_calendar_is_handed_out_from_inside_the_file(opened):
    tab = opened(page(default_plan(), now=NOW, ics=ICS))
    with tab.expect_download() as download:
        tab.locator("#calendar").click()
    assert download.value.suggested_filename == "aftercare.ics"
    assert Path(download.value.path()).read_bytes() == ICS.encode()
    assert not opened(page(default_plan(), now=NOW)).locator("#calendar").is_visible()


# -- for anybody -------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways(opened, width):
    for html in (page(default_plan(person="x" * 300), now=NOW, clinic=LINDEN), long_page()):
        tab = opened(html, width=width)
        asked(tab, "y" * 300)
        for details in tab.locator("details").all():
            details.evaluate("d => { d.open = true }")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_readable_at_twice_the_size(opened):
    tab = opened(page(default_plan(), now=NOW, clinic=LINDEN), width=640)
    tab.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 640


def long_page():
    rules = hostile_rules(HOSTILE[-1])
    return page(plan(aftercare.Treatment("needling", NOW - timedelta(hours=2)), rules), now=NOW)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_content_runs_nowhere(opened, hostile):
    made = plan(aftercare.Treatment("needling", NOW, person=hostile), hostile_rules(hostile))
    tab = opened(page(made, now=NOW, clinic=Clinic(hostile, hostile)))
    for item in (hostile, "own thing", "panthenol"):
        asked(tab, item)
    assert tab.locator("script").count() == 5
    assert tab.locator("img, [onerror], a[href^='javascript']").count() == 0


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("sheet", [False, True])
def test_it_prints_on_one_sheet(opened, paper, sheet):
    tab = opened(page(default_plan(), now=NOW, clinic=LINDEN, sheet=sheet))
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format=paper))) == 1
    tab.emulate_media(media="print")
    colours = tab.evaluate(
        "[...document.querySelectorAll('body *')].map(e => getComputedStyle(e).color)"
    )
    assert set(colours) == {"rgb(0, 0, 0)"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "de"])
def test_axe_finds_nothing(opened, scheme, lang):
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    html = page(default_plan(), now=NOW, clinic=LINDEN, ics=ICS, lang=lang)
    tab = opened(html, color_scheme=scheme, script=AXE.read_text("utf-8"))
    for item in ("retinol", "sunscreen", "hyaluronic acid", "zzzz"):
        asked(tab, item)
        for details in tab.locator("details").all():
            details.evaluate("d => { d.open = true }")
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        tab.clock.resume()
        found = tab.evaluate("tags => axe.run({runOnly: tags})", tags)
        assert [(v["id"], [n["html"][:150] for n in v["nodes"]]) for v in found["violations"]] == []


def test_the_keyboard_alone_reaches_everything(opened):
    tab = opened(page(default_plan(), now=NOW, clinic=LINDEN, ics=ICS), width=1280)
    wanted = tab.evaluate(
        "[...document.querySelectorAll('a[href], button, input, textarea, summary')]"
        ".filter(e => e.checkVisibility()).length"
    )
    seen = set()
    for _ in range(wanted + 3):
        tab.keyboard.press("Tab")
        seen.add(tab.evaluate(
            "(e => e === document.body ? -1 : [...document.querySelectorAll('*')].indexOf(e))"
            "(document.activeElement)"
        ))  # fmt: skip
    assert len(seen - {-1}) == wanted
    tab.focus("#item")
    tab.keyboard.type("retinol")
    tab.keyboard.press("Enter")
    assert tab.locator("#answer").inner_text().startswith("No")


def test_without_the_script_every_time_is_there(opened, browser, tmp_path):
    file = tmp_path / "plain.html"
    file.write_text(page(default_plan(), now=NOW), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(file.as_uri())
    text = tab.locator("body").inner_text()
    assert "need JavaScript" in text
    assert "Tue 24 Nov, 15:00" in text
    assert not tab.locator("#item").is_visible()
    context.close()


@pytest.mark.parametrize("lang", ["de", "es"])
def test_the_script_speaks_the_pages_language(opened, lang):
    tab = opened(page(default_plan(), now=NOW, lang=lang))
    said = asked(tab, "retinol")
    assert {"de": "Erst ab", "es": "No hasta"}[lang] in said
    assert {"de": "Di., 24. Nov.", "es": "mar, 24 nov"}[lang] in said
    assert "Tag" in said or "día" in said
