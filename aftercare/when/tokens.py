"""From the text to tokens, and what to say of a piece that means nothing where it stands."""

import re
from functools import cache

from aftercare.core.value import Value
from aftercare.errors import TimeError
from aftercare.when.places import ABBREVIATIONS, zone_of_city
from aftercare.when.scene import RELATIVE, WEEKDAYS, Scene, examples, quoted, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

#: The longest text that is looked at, in characters.
LONGEST_TEXT = 200


class Token(Value):
    """A piece of the text; `kind` is a letter of `_TOKENS`."""

    kind: str
    text: str
    match: "re.Match[str]"


AMOUNT = r"(?:\d{1,9}(?:\.\d{1,2})?|half an|an?|one)"
_UNIT = (
    r"(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w"
    r"|fortnights?|months?|years?|yrs?)"
)

#: What a text is made of. The first that fits wins, so the order is part of the meaning.
_TOKENS = {
    # Not a comma within a number: "14:00,5" stays unreadable.
    "K": r",(?= |[a-z])",
    "I": r"now(?![a-z])",
    "C": r"(?=\d{1,2}:\d|\d{1,2}(?:\.\d{2})? ?[ap]\.?m(?![a-z]))"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?)?"
    r"(?: ?(?P<half>[ap])\.?m(?![a-z])\.?)?"
    # ISO's compact time, only behind its T.
    r"|(?<=\dt)(?P<digits>\d{6}|\d{4})(?!\d)"
    r"|(?P<noon>(?:12 )?noon)(?![a-z])|(?P<midnight>(?:12 )?midnight)(?![a-z])",
    "H": rf"(?P<ahead>in )?(?P<amounts>{AMOUNT} ?{_UNIT}(?![a-z])(?:(?:,? | and |)\d{{1,9}} ?"
    rf"(?:{_UNIT}(?![a-z])|(?<=h\d\d)|(?<=h \d\d)))?)(?P<side> ago| from now)?(?![a-z\d])",
    "D": r"(?P<one>\d{1,4})(?P<between>[-/.])(?P<two>\d{1,2})(?P=between)(?P<three>\d{1,4})"
    r"(?![\d/.:]|-\d)|(?P<compact>\d{8})(?=t\d{4})",
    "B": r"\d{4}[-/.]\d{1,2}(?![\d/.:-])",
    "X": r"\d{1,2}[-/.]\d{1,2}(?![\d/.:-])",
    "A": r"at(?![a-z])|(?<=\d)t(?=\d)",
    "O": r"z(?![a-z])|(?:utc|gmt)[+-]\d{1,2}(?::?\d{2})?(?![\d:])|[+-]\d{2}(?::?\d{2})?(?![\d:])",
    "Z": r"(?:utc|gmt)(?![a-z\d/+-])|(?P<bracket>\[)?[a-z_]+(?:/[a-z0-9_+-]+)+(?(bracket)\])",
    "R": r"(?:yesterday|today|tomorrow)(?![a-z])",
    "W": r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)(?![a-z])\.?",
    "M": r"(?:(?<=\d)-)?(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?(?:-(?=\d{4}))?",
    "E": r"\d{1,2}(?:st|nd|rd|th)(?![a-z])",
    "Y": r"\d{4}(?!\d)",
    "N": r"\d{1,2}(?!\d)",
    "L": r"(?:last|next|this)(?![a-z])",
    "P": r"on(?![a-z])",
    "F": r"(?:of|the)(?![a-z])",
}


@cache
def _lexer() -> "re.Pattern[str]":
    # One pattern, compiled when the first text needs it: it costs more than it takes to answer.
    pattern = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _TOKENS.items())
    return re.compile(f" ?(?:{pattern})", re.IGNORECASE | re.ASCII)


def cleaned(text: str, scene: Scene) -> str:
    """Return the text with single ASCII spaces, or refuse what is no text for a time."""
    if len(text) > LONGEST_TEXT:
        raise TimeError(f"{len(text)} characters are too many for a time", examples(scene))
    # The no-break and thin spaces that word processors put into "3 pm".
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ")
    for character in text:
        if not character.isprintable():
            raise TimeError(
                f"{quoted(text)} holds a character that cannot be seen",
                "type the time again: a tab, a line break or a control character is no part of it",
            )
        if not character.isascii():
            raise TimeError(
                f"{quoted(text)} holds {quoted(character)}, which no time is written with",
                f"use the digits 0-9 and English words: {examples(scene)}",
            )
    if not text.strip():
        raise TimeError("the time is empty", examples(scene))
    return " ".join(text.split())


def tokens_of(text: str, scene: Scene) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        match = _lexer().match(text, place)
        if match is None or match.lastgroup is None:
            word = re.compile(r" ?([a-z]+|\d+|[^ ,]+|,)", re.IGNORECASE).match(text, place)
            after_clock = any(token.kind == "C" for token in tokens)
            _refuse_word(word[1] if word else text[place:], after_clock, scene)
        tokens.append(Token(match.lastgroup, match[match.lastgroup].lower(), match))
        place = match.end()
    return tokens


def kinds_of(tokens: "Sequence[Token]") -> str:
    return "".join(token.kind for token in tokens)


def _refuse_word(word: str, after_clock: bool, scene: Scene) -> "NoReturn":
    """Say what is wrong with the first piece of text that is no part of any time."""
    shouted = after_clock and word.isalpha() and word.isupper() and 2 <= len(word) <= 5
    if word.lower() in ABBREVIATIONS or shouted:
        place, offset = ABBREVIATIONS.get(word.lower(), ("Europe/London", "+01:00"))
        several = "can mean several zones" if word.lower() in ABBREVIATIONS else "is not a zone"
        raise TimeError(f"{word} {several}", f"write {place} or {offset}")
    if word.isdigit():
        day = scene.today
        raise TimeError(
            f"{quoted(word)} is neither a date nor a time as it stands",
            f"write the date as {day} and the time as 14:00",
        )
    hint = examples(scene)
    if word.isalpha():
        hint = _meant(word) or hint
    raise TimeError(f"{quoted(word)} is not a word for a time", hint)


def _meant(word: str) -> str | None:
    """Return what a misspelled word or the name of a city was probably meant to be."""
    from difflib import get_close_matches

    known = (*RELATIVE, *(day.lower() for day in WEEKDAYS), "noon", "midnight", "last", "next")
    if near := get_close_matches(word.lower(), known, 1, 0.75):
        return f"did you mean {near[0]}?"
    zone = zone_of_city(word)
    return f"write {zone}" if zone else None


def refuse_leftover(tokens: list[Token], scene: Scene) -> "NoReturn":
    """Say which piece has no meaning where it stands: a lone number, a month, half a date."""
    if kinds_of([token for token in tokens if token.kind in "DMNE"]) in (
        "D",
        "MN",
        "NM",
        "ME",
        "EM",
    ):
        refuse(scene)
    for token in tokens:
        kind, number = token.kind, token.text
        if kind in "NE" and number.isdigit() and int(number) < 24:
            raise TimeError(
                f"{quoted(scene.text)}: {number} could be the hour {int(number):02}:00 or the day"
                f" {number} of a month",
                f"write {int(number):02}:00, or the date: {scene.today}",
            )
        if kind == "X":
            raise TimeError(
                f"{quoted(scene.text)}: {number} could be a date or a time, and it has no year",
                f"write the date as {scene.today} and the time as 14:30",
            )
        if kind == "Y" and int(number[:2]) < 24 and int(number[2:]) < 60:
            raise TimeError(
                f"{quoted(scene.text)}: {number} could be a year or the time"
                f" {number[:2]}:{number[2:]}",
                f"write {number[:2]}:{number[2:]}, or the date: {scene.today}",
            )
        if kind in "BYNEM":
            raise TimeError(
                f"{quoted(scene.text)} names no full date",
                f"write year, month and day: {scene.today}",
            )
    refuse(scene)
