"""The page's own words in several languages: a translation is one file in `texts/`.

English stands in the template and in the tables below; the other languages are gettext
catalogues, read by Babel, which also knows how they write dates.
"""

from functools import lru_cache
from pathlib import Path

from aftercare.errors import InputError
from aftercare.outputs import phrases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from aftercare.core.model import Override

TEXTS = Path(__file__).with_name("texts")

#: What the script says about now, by the name it has there. A name in braces is filled in.
NOW = {
    "until": "until {when}",
    "next": "Next: {things}, in {left}, {when}",
    "nothing": "Nothing in your rules is off limits now",
    "off": "Off limits now",
    "begins": "New restrictions begin {when}.",
    "clock": "This device's clock says {now}, which is before this plan was made ({made})."
    " Set the clock right. Until then trust the times, not the countdowns or the search.",
    "from_now": "{left} from now",
}

#: What it says about a question, and about reasons and sources.
ANSWERS = {
    "open": "Not known: {facts}. It could make this longer.",
    "rule": "Rule: {rule}",
    "treatment": ", treatment {number}",
    "cited": "Sources:",
    "ask_first": "Ask a doctor first",
    "notes": "Good to know",
    "signs": "Where the warning signs come from",
    "sources": "Sources",
    "no": "No",
    "not_until": "Not until {when}.",
    "yes": "Yes",
    "since": "Since {when}.",
    "better": "Most published advice waits until {when}.",
    "wait": "Yes, but better wait",
    "but_not": "But not {thing}: off limits until {when}.",
    "unknown": "I don't know",
    "ask": "Ask your clinic.",
    "not_recognised": "I do not know what “{item}” is, so no rule can permit it.",
    "guess": "I took “{item}” as {things}, and a guess permits nothing.",
    "left": "“{words}” says nothing to me.",
    "again": "Ask again with the exact name, or paste the label below.",
    "before": "The treatment is still to come; the rules begin with it.",
    "not_yet": "The rules have it from {when} on; none speaks of before.",
    "medicine": "{things}: a medicine. Ask your clinic or pharmacist.",
    "read_label": "The answer lies in its ingredients. Paste its label below.",
    "no_rule": "No rule mentions {things}, so nothing here permits it.",
    "silent": "One of your treatments is not over, and its rules do not mention {things}. "
    "What the rules of another one permit is no answer for it.",
    "mean": "Did you mean {things}?",
    "taking": "Taking “{text}” as {name}.",
    "window": "Off limits until {when}.",
    "reasons": "Why, and who says so",
    "no_list": "No ingredient list was recognised in this text. Give the list itself.",
    "clear": "Nothing restricted was found on this label.",
    "no_yes": "That is no yes: no rule permits a product as a whole.",
    "restricted": "{text}: {thing}, off limits until {when}",
    "restricted_guess": "{text}: {thing} (taken as {name}), off limits until {when}",
    "late": "it stands late in the list, so there may be little of it",
    "count": "Ingredients read: {read}. Not recognised: {unknown}.",
    "too_long": "This text is longer than any label. Paste the ingredient list alone.",
}


#: What is said of an override, in a line of the table and among the reasons.
OVERRIDES = {
    False: "Set to {span} for this treatment: {because}.",
    True: "Set to {span} for this treatment, shorter than the rules ask: {because}.",
}


class Language:
    """One language of the page. `code` is its ISO code, `direction` "ltr" or "rtl"."""

    def __init__(self, code: str, words: "dict[str, str]") -> None:
        self.code = code
        self.direction = "rtl" if code in ("ar", "fa", "he", "ur") else "ltr"
        self._words = words

    def __call__(self, text: str) -> str:
        return self._words.get(text) or text

    def override(self, given: "Override | None") -> str:
        """What an override says; "" without one."""
        if given is None:
            return ""
        text = self(OVERRIDES[given.shorter_on_purpose])
        return phrases.clean(text.format(span=given.span, because=given.because))

    def instant(self, at: "datetime", zone: "tzinfo", now: "datetime") -> str:
        """A moment as this language writes it, with the year when it is not that of `now`."""
        local = at.astimezone(zone)
        if self.code == "en":
            return phrases.instant(at, zone, now=now)
        from babel.dates import format_skeleton

        years = "y" if local.year != now.astimezone(zone).year else ""
        day = format_skeleton(f"{years}MMMEd", local, locale=self.code)
        text = f"{day}, {phrases.clock(local)}"
        if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
            text += f" {phrases.offset_name(local)}"
        return text

    def day(self, value: "date") -> str:
        if self.code == "en":
            return phrases.day(value)
        from babel.dates import format_skeleton

        return str(format_skeleton("MMMEd", value, locale=self.code))

    def weekday(self, value: "date") -> str:
        """``Tue``"""
        if self.code == "en":
            return phrases.day(value)[:3]
        from babel.dates import format_date

        return str(format_date(value, "EEE", locale=self.code)).rstrip(".")


def languages() -> "list[str]":
    """The codes of all languages there are."""
    return ["en", *sorted(file.stem for file in TEXTS.glob("*.po"))]


@lru_cache(maxsize=16)
def language(code: str) -> Language:
    """Return a language; raises `InputError` naming those there are."""
    if code == "en":
        return Language("en", {})
    if code not in languages():
        raise InputError(f"no language {code!r}", f"there are: {', '.join(languages())}")
    from babel.messages.pofile import read_po

    with (TEXTS / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    return Language(code, {str(m.id): str(m.string) for m in catalogue if m.id and m.string})
