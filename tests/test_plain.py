"""Every terminal can be read: narrow ones, those without colour or Unicode, and speaking ones."""

import json
import os
import re
import select
import subprocess
import sys
import time
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW, rules_of
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aftercare import Treatment, plan
from aftercare.outputs.markdown import escaped, plan_markdown
from aftercare.outputs.phrases import ascii_only, clean, spoken

LABEL = (
    "Ingredients: Aqua, Retinol, Niacinamide, Parfum, Glycolic Acid, Foobarium Extract, Glycerin"
)

#: Commands whose answer a person reads, after `treated`.
READ = [
    ("plan",),
    ("plan", "--treated-at", "yesterday", "--fact", "depth_mm=1", "--dry-run"),
    ("now",),
    ("timeline",),
    ("can-i", "retinol"),
    ("can-i", "retnol"),
    ("can-i", "unobtainium"),
    ("can-i", "go", "for", "a", "run", "--at", "tomorrow"),
    ("label", "--text", LABEL),
    ("what-is", "retnol"),
    ("history",),
    ("me", "depth_mm=0.5"),
    ("shelf", "list"),
    ("shelf", "remove", "Night serum"),
    ("rules", "list"),
    ("rules", "show", "alcohol"),
    ("correct", "1", "--treated-at", "yesterday 4pm"),
    ("forget", "1"),
    ("remind", "status"),
]

#: Those that have `--plain`.
SPEAKING = [c for c in READ if c[0] in ("plan", "now", "timeline", "can-i", "label")]


@pytest.fixture
def treated(run):
    """Two treatments of two people, and a shelf."""
    assert run("plan", "--treated-at", "yesterday 3pm").code == 0
    assert run("plan", "--treated-at", "2h ago", "--person", "Zoë").code == 0
    for name, label in (
        ("Night serum", LABEL),
        ("Plain gel", "Ingredients: Aqua, Glycerin, Carbomer"),
    ):
        assert run("shelf", "add", name, "--text", label).code == 0


@pytest.mark.parametrize("columns", [20, 40, 53])
@pytest.mark.parametrize("command", READ, ids=" ".join)
def test_no_line_is_wider_than_a_narrow_terminal(command, columns, run, treated):
    """An address is never broken, nor a command that stands on a line of its own."""
    for term in ("xterm", "dumb"):
        for line in run(*command, columns=columns, TERM=term).out.splitlines():
            whole = "://" in line or line.startswith("  aftercare ")
            assert whole or len(line) <= columns, line


@pytest.mark.parametrize("command", READ, ids=" ".join)
def test_a_dumb_terminal_gets_ascii_without_colour(command, run, treated):
    out = run(*command, TERM="dumb").out
    assert out.isascii(), re.findall(r"[^\0-\x7f]", out)
    assert "\x1b" not in out


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("command", SPEAKING, ids=" ".join)
def test_plain_is_sentences_and_nothing_that_a_voice_stumbles_over(command, columns, run, treated):
    out = run(*command, "--plain", columns=columns, TERM="xterm").out
    assert out.isascii()
    assert not re.search(r"[|#█░│▶<>]|--(?!\w)|  |^[- ]", out, re.MULTILINE), out
    assert not re.search(r"\b((Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d|\d+ h|\d+ min)\b", out)
    last_lines = re.findall(r"(.*)\n(?:\n|\Z)", out)
    assert all(line.endswith((".", "?", ":", "!")) for line in last_lines if line), last_lines
    assert all(len(line) <= columns for line in out.splitlines() if "://" not in line)


@pytest.mark.parametrize("command", [("plan",), ("timeline",)])
def test_plain_tells_all_that_the_picture_shows(command, run, treated):
    restrictions = json.loads(run("plan", "--json").out)["restrictions"]
    told = " ".join(run(*command, "--plain").out.split())
    assert len(restrictions) > 20
    for restriction in restrictions:
        title = ascii_only(restriction["title"])
        assert re.search(rf"{re.escape(title)}: (off limits until|free since) \w+day ", told), title
    assert told.count("better wait until") == run("plan", columns=60).out.count("better wait until")


def test_plain_keeps_the_letters_of_a_name(run, treated):
    assert "for Zoë" in run("plan", "--person", "Zoë", "--plain").out
    assert "for Zoe" in run("plan", "--person", "Zoë", "--plain", TERM="dumb").out


def test_what_is_over_and_what_is_to_come_are_told_so(run):
    run("plan", "--treated-at", "2026-11-01 12:00")
    told = " ".join(run("timeline", "--plain").out.split())
    assert "Make-up: free since Monday 2 November, 12:00." in told
    run("plan", "--treated-at", "2026-11-24 12:00", now="2026-11-24T13:00+00:00")
    told = " ".join(run("timeline", "--plain").out.split())
    assert "Make-up: off limits from Tuesday 24 November, 12:00 until Wednesday 25" in told


def test_an_override_is_told_in_every_form(run):
    made = ("--override", "retinoids=120h", "--because", "reactive skin")
    for form in ((), ("--plain",), ("--format", "md")):
        out = run("plan", "--treated-at", "1h ago", *made, *form).out
        assert "Set to 120h for this treatment: reactive skin." in " ".join(out.split())
    for form in ((), ("--plain",)):
        assert "because: reactive skin" in " ".join(run("timeline", *form).out.split())


def test_one_form_at_a_time(run, treated):
    for two in (("--plain", "--json"), ("--json", "--format", "md"), ("--plain", "--format", "md")):
        assert run("plan", *two).code == 2
    refused = run("plan", "--format", "doc")
    assert refused.code == 2
    assert "one of: html, md, svg" in refused.err


class TestTimeline:
    def test_it_is_the_picture_alone(self, run, treated):
        out = run("timeline", columns=100).out
        assert "Retinoids (vitamin A)" in out
        assert "█ off limits" in out
        assert "Call the clinic" not in out

    def test_names_are_whole_on_a_narrow_terminal(self, run, treated):
        out = run("timeline", columns=42).out
        assert "\nTouching, picking, scratching\n" in out

    def test_without_a_terminal_it_is_printed_once(self, run, treated):
        assert run("timeline", "--watch").code == 0

    def test_nothing_recorded_is_exit_code_4(self, run):
        assert run("timeline", "--watch").code == 4

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
    def test_watched_it_follows_the_record_and_ends_cleanly(self, run, treated, clean_environment):
        import pty

        ours, theirs = pty.openpty()
        environment = {**clean_environment, "TERM": "xterm", "COLUMNS": "100", "LINES": "60"}
        process = subprocess.Popen(
            [sys.executable, "-m", "aftercare", "timeline", "--watch"],
            env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        try:
            assert "now" in until(ours, "Times in Europe/London")
            run("plan", "--treated-at", "1h ago")
            until(ours, "treatment 3")
            process.send_signal(2)
            said = until(ours, None)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
            os.close(ours)
        assert "Traceback" not in said
        assert "\x1b[?25h" in said  # the cursor is back


def until(terminal, text):
    """Read from a terminal until `text` is there; None: until its end."""
    seen, end = b"", time.monotonic() + 30
    while text is None or text.encode() not in seen:
        ready, _, _ = select.select([terminal], [], [], max(end - time.monotonic(), 0))
        assert ready, seen.decode(errors="replace")
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            part = b""
        if not part:
            assert text is None, seen.decode(errors="replace")
            break
        seen += part
    return seen.decode(errors="replace")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "1 h 20 min, until Tue 3 Nov, 15:00",
            "1 hour 20 minutes, until Tuesday 3 November, 15:00",
        ),
        ("21 h and 1 min", "21 hours and 1 minute"),
        ("Sat down in May", "Sat down in May"),
        ("Longer because depth_mm >= 0.8.", "Longer because depth_mm at least 0.8."),
        ("SPF 30 hats", "SPF 30 hats"),
    ],
)
def test_what_is_read_out_has_no_abbreviations(text, read):
    assert spoken(text) == read


class TestMarkdown:
    RULES = """
        avoid:
          retinoids: {for: 48h, usual: 5d, why: They sting.}
          exercise: {for: 24h, why: Sweat., longer: [{if: {depth_mm: ">= 0.8"}, for: 96h}]}
        care:
          sunscreen: {every: day, at: "08:00", for: 14d}
        allow: [hyaluronic-acid]
        call: ["Pain that grows"]
    """

    READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def tokens(self, text):
        for token in self.READER.parse(text):
            yield token
            yield from token.children or ()

    def test_a_plan_reads_back_from_markdown(self, run, treated):
        done = run("plan", "--format", "md")
        assert done.code == 0
        kinds = [(t.type, t.tag) for t in self.tokens(done.out)]
        assert kinds.count(("heading_open", "h1")) == 1
        assert kinds.count(("tr_open", "tr")) > 20
        assert ("html_inline", "") not in kinds
        links = [t.attrs["href"] for t in self.tokens(done.out) if t.type == "link_open"]
        assert links
        assert all(link.startswith(("https://", "http://")) for link in links)

    def test_what_was_saved_is_told_beside_it(self, run):
        done = run("plan", "--treated-at", "1h ago", "--format", "md")
        assert "Saved as treatment 1" not in done.out
        assert "Saved as treatment 1" in done.err

    def test_each_restriction_is_a_row(self):
        given_plan = plan(Treatment("needling", NOW, "UTC"), rules_of(self.RULES))
        text = plan_markdown(given_plan, ZoneInfo("UTC"), NOW)
        row = "| Retinoids (vitamin A) | Wed 25 Nov, 11:00 | Sat 28 Nov, 11:00 | They sting. |"
        assert row in text.split("\n")
        assert "Not known: depth\\_mm" in text
        deep = Treatment("needling", NOW, "UTC", {"depth_mm": 1.0})
        text = plan_markdown(plan(deep, rules_of(self.RULES)), ZoneInfo("UTC"), NOW)
        assert "\n\n- Facts: depth\\_mm=1\n\n" in text
        assert "Sweat. Longer because depth\\_mm \\>= 0.8." in text
        assert "\n\n## Call the clinic\n\n- Pain that grows\n\n" in text

    @given(
        text=st.text(max_size=60)
        | st.lists(
            st.sampled_from(
                ["<script>", "[x](javascript:y)", "`", "|", "\n", "# ", "- ", "1. ", "1) ", "* ",
                 "&amp;", "\\", "~~", "_", "**", "![i](u)", "<http://a.b>", "---", "===", "+ ",
                 "> ", "a", " ", "\t", "    x", "![", "](", "&#35;", "10", "\u202e"]
            ),
            max_size=8,
        ).map("".join)
    )  # fmt: skip
    def test_foreign_text_stays_text(self, text):
        shown = " ".join(clean(text).split())
        for frame in ("{}", "- {}", "# a {}", "|a|b|\n|-|-|\n| {} | c |"):
            tokens = list(self.tokens(frame.replace("{}", escaped(text))))
            kinds = {t.type for t in tokens}
            allowed = re.compile(
                r"(paragraph|heading|inline|text|text_special|table|thead|tbody|t[rdh]"
                r"|bullet_list|list_item)(_open|_close)?"
            )
            assert all(allowed.fullmatch(kind) for kind in kinds), (kinds, text)
            assert sum(t.type == "list_item_open" for t in tokens) == frame.startswith("-")
            assert sum(t.type == "td_open" for t in tokens) == 2 * frame.startswith("|")
            read = "".join(t.content for t in tokens if t.type in ("text", "text_special"))
            if shown:
                assert shown in " ".join(read.split()), (shown, read)
