"""Makes docs/page-light.png, page-dark.png and page-print.png: the page as a client sees it.

    pip install -e '.[browser-tests]' && apt-get install chromium && python docs/screenshots.py

Run it after a change of the page.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import sync_playwright

import aftercare
from aftercare.outputs.page import Clinic, page

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
DONE = datetime(2026, 11, 22, 15, tzinfo=ZoneInfo("Europe/London"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}

treatment = aftercare.Treatment("microneedling", DONE, facts={"depth_mm": 0.5}, id=1)
plan = aftercare.plan(treatment, aftercare.load_rules())
html = page(plan, now=NOW, clinic=Clinic("Linden Skin Clinic", "+44 20 7946 0123"))
here = Path(__file__).parent

with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
    file = Path(folder) / "plan.html"
    file.write_text(html, encoding="utf-8")
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport=PHONE, color_scheme=scheme, timezone_id="Europe/London"
        )
        tab = context.new_page()
        tab.clock.install(time=NOW)
        tab.goto(file.as_uri())
        tab.locator("#ask").wait_for(state="visible")
        if scheme == "dark":  # the light one shows what matters now, the dark one an answer
            tab.fill("#item", "retnol")
            tab.keyboard.press("Enter")
            tab.locator("#answer .verdict").wait_for()
            tab.evaluate("document.activeElement.blur(); document.querySelector('#ask')"
                         ".scrollIntoView({behavior: 'instant'}); scrollBy(0, -16)")  # fmt: skip
        tab.screenshot(path=here / f"page-{scheme}.png")
        if scheme == "light":
            tab.emulate_media(media="print")
            tab.set_viewport_size({"width": 703, "height": 994})
            tab.screenshot(path=here / "page-print.png")
        context.close()
    browser.close()
