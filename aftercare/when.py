"""From what a person types to the instant it means: ``yesterday 3pm`` and a zone, given now.

A text is a *day*, a *clock time*, or both in either order, and perhaps a *zone*; or a length of
time before or after now. Case and extra spaces do not matter; ``on``, ``at``, ``the``, ``of``
and commas may stand where people put them.

=============  =====================================================================================
now            ``now``
length         ``2h ago`` ``90 min ago`` ``an hour ago`` ``half an hour ago`` ``1h 30min ago``
               ``in 2h`` ``2 hours from now``: elapsed time.
               ``3 days ago`` ``a week ago`` ``in 3 days``: calendar time, the same local clock
               time that many days away; with a clock time (``3 days ago at 14:00``) just a day.
day, numbers   ``2026-11-22`` ``2026/11/22``; ``25/12/2026`` and ``11.22.2026``, because only one
               of the two can be the month.
day, words     ``22 Nov 2026`` ``Nov 22, 2026`` ``22nd of November 2026`` ``22-Nov-2026``, each
               also with its weekday in front (``Sun 22 Nov 2026``), which must be the right one.
               Without a year (``22 Nov``): the nearest in the preferred direction; a weekday
               settles the year instead (``Tue 24 Nov``).
day, relative  ``today`` ``yesterday`` ``tomorrow``
weekday        ``sat`` ``saturday`` ``on sat``: the nearest in the preferred direction.
               ``last sat``: the latest one before today. ``next sat``: the first after today.
clock time     ``14:00`` ``14:00:30`` ``3pm`` ``3 p.m.`` ``3:30pm`` ``3.30pm`` ``noon``; ``24:00``
               is the end of its day. Alone: the nearest in the preferred direction.
               ``midnight`` only alone: with a day it could be the day's start or its end.
both           ``2026-11-22T14:00`` ``2026-11-22 14:00`` ``20261122T1400`` ``sat 2pm`` ``2pm sat``
               ``Sun 22 Nov 2026, 15:00``
zone           after a clock time ``Z`` ``+01:00`` ``+0100`` ``+01`` ``UTC`` ``GMT`` ``GMT+1``: this
               settles the instant and says nothing on where the person lives. A place,
               ``Europe/London`` or ``[Europe/London]``, becomes the zone of the result.
               It stands right after the clock time or last of all.
=============  =====================================================================================

The preferred direction is the past for a treatment and the future for a question. A day without
a clock time is read strictly: a treatment counts from the day's end (the start of the next
day), a question from its start, and both from now when the day is today.

What has two readings is refused with both shown (``03/04/2026``, ``10``, ``BST``), and so is what
is more than two years away.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from aftercare.core.spans import clock_quirk, instant_of
from aftercare.core.value import Value
from aftercare.errors import TimeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Literal, NoReturn

#: The longest text that is looked at, in characters.
LONGEST_TEXT = 200
#: How far from now an instant may be: two years, one of them a leap year.
FARTHEST = timedelta(days=731)

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}


class When(Value):
    """An instant that somebody typed, and what had to be assumed to read it.

    `at` is aware and in UTC. `zone` is the IANA name of the place whose clock and calendar
    count: the one in the text, or else the default; an offset, ``Z``, ``UTC`` or ``GMT`` fixes
    the instant but leaves the default zone. `text` is as typed. Each of `assumed` is a sentence.
    """

    at: datetime
    zone: str
    text: str
    assumed: tuple[str, ...]


def parse_when(text: str, *, now: datetime, zone: str, prefer: "Literal['past', 'future']") -> When:
    """Read `text` as a moment seen from `now` (aware) by a clock in `zone` (an IANA name).

    `prefer` is ``"past"`` for a treatment and ``"future"`` for a question: it decides which of
    many 14:00s, Saturdays or 22 Novembers is meant, and which end of a day. A full date is
    taken as it stands, so the result may still lie on the other side of `now`.

    Raises `TimeError`, always with a hint, for what cannot be read or has two readings.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    scene = _scene(text, now.astimezone(UTC), zone, prefer == "past")
    tokens = _tokens(_cleaned(text, scene), scene)
    tokens, place = _without_place(tokens, scene)
    tokens, offset = _without_offset(tokens, scene)
    if place is not None:
        scene = scene.replace(zone=_place_name(place, scene), tz=_place_clock(place, scene))
    calendar = scene if offset is None else scene.replace(tz=offset)
    at, assumed = _moment(tokens, calendar)
    if abs(at - scene.now) > FARTHEST:
        _refuse_far(scene)
    if place is not None and offset is not None:
        _check_offset(at, offset, scene)
    return When(at=at, zone=scene.zone, text=text, assumed=assumed)


# --- what every step needs to know ------------------------------------------------------------


class _Scene(Value):
    """Who asks: the text, now in UTC, the zone's name, the clock to read by, the direction."""

    text: str
    now: datetime
    zone: str
    tz: tzinfo
    past: bool

    @property
    def wall(self) -> datetime:
        return self.now.astimezone(self.tz).replace(tzinfo=None, fold=0)

    @property
    def today(self) -> date:
        return self.wall.date()


def _scene(text: str, now: datetime, zone: str, past: bool) -> _Scene:
    scene = _Scene(text=text, now=now, zone=zone, tz=UTC, past=past)
    if not 1970 <= now.year < 9990:
        raise TimeError(f"now is in the year {now.year}", "set the clock of this computer")
    clock = _zone_called(zone)
    if clock is None:
        _refuse_zone(zone, scene)
    return scene.replace(tz=clock)


# --- refusals ---------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _examples(scene: _Scene) -> str:
    day = scene.today + timedelta(days=-1 if scene.past else 1)
    word, length = ("yesterday", "2h ago") if scene.past else ("tomorrow", "in 2h")
    return f"write {day} 14:00, {word} 3pm, sat 14:00 or {length}"


def _refuse(scene: _Scene) -> "NoReturn":
    raise TimeError(f"{_quoted(scene.text)} cannot be read as a time", _examples(scene))


def _refuse_far(scene: _Scene) -> "NoReturn":
    raise TimeError(
        f"{_quoted(scene.text)} is more than two years from now",
        f"check the year: today is {_shown(scene.today)}",
    )


def _refuse_zone(name: str, scene: _Scene) -> "NoReturn":
    near = _near_zones(name)
    hint = f"write {' or '.join(near)}" if near else "write a place such as Europe/London"
    raise TimeError(f"there is no time zone called {_quoted(name)}", hint)


#: Abbreviation -> a place and an offset it often stands for, for the hint alone.
_ABBREVIATIONS = {
    "bst": ("Europe/London", "+01:00"),
    "ist": ("Asia/Kolkata", "+05:30"),
    "wet": ("Europe/Lisbon", "+00:00"),
    "west": ("Europe/Lisbon", "+01:00"),
    "cet": ("Europe/Paris", "+01:00"),
    "cest": ("Europe/Paris", "+02:00"),
    "mez": ("Europe/Berlin", "+01:00"),
    "eet": ("Europe/Athens", "+02:00"),
    "eest": ("Europe/Athens", "+03:00"),
    "msk": ("Europe/Moscow", "+03:00"),
    "et": ("America/New_York", "-05:00"),
    "est": ("America/New_York", "-05:00"),
    "edt": ("America/New_York", "-04:00"),
    "ct": ("America/Chicago", "-06:00"),
    "cst": ("America/Chicago", "-06:00"),
    "cdt": ("America/Chicago", "-05:00"),
    "mt": ("America/Denver", "-07:00"),
    "mst": ("America/Denver", "-07:00"),
    "mdt": ("America/Denver", "-06:00"),
    "pt": ("America/Los_Angeles", "-08:00"),
    "pst": ("America/Los_Angeles", "-08:00"),
    "pdt": ("America/Los_Angeles", "-07:00"),
    "jst": ("Asia/Tokyo", "+09:00"),
    "aest": ("Australia/Sydney", "+10:00"),
    "aedt": ("Australia/Sydney", "+11:00"),
    "nzst": ("Pacific/Auckland", "+12:00"),
    "nzdt": ("Pacific/Auckland", "+13:00"),
}


def _refuse_word(word: str, after_clock: bool, scene: _Scene) -> "NoReturn":
    """Say what is wrong with the first piece of text that is no part of any time."""
    shouted = after_clock and word.isalpha() and word.isupper() and 2 <= len(word) <= 5
    if word.lower() in _ABBREVIATIONS or shouted:
        place, offset = _ABBREVIATIONS.get(word.lower(), ("Europe/London", "+01:00"))
        several = "can mean several zones" if word.lower() in _ABBREVIATIONS else "is not a zone"
        raise TimeError(f"{word} {several}", f"write {place} or {offset}")
    if word.isdigit():
        day = scene.today
        raise TimeError(
            f"{_quoted(word)} is neither a date nor a time as it stands",
            f"write the date as {day} and the time as 14:00",
        )
    hint = _examples(scene)
    if word.isalpha():
        hint = _meant(word) or hint
    raise TimeError(f"{_quoted(word)} is not a word for a time", hint)


def _meant(word: str) -> str | None:
    """Return what a misspelled word or the name of a city was probably meant to be."""
    from difflib import get_close_matches

    known = (*_RELATIVE, *(day.lower() for day in _WEEKDAYS), "noon", "midnight", "last", "next")
    if near := get_close_matches(word.lower(), known, 1, 0.75):
        return f"did you mean {near[0]}?"
    cities = [name for name in _zone_names().values() if _city(name) == word.lower()]
    return f"write {min(cities, key=_legacy)}" if cities else None


# --- text to tokens ---------------------------------------------------------------------------


class _Token(Value):
    """A piece of the text; `kind` is a letter of `_TOKENS`."""

    kind: str
    text: str
    match: "re.Match[str]"


_AMOUNT = r"(?:\d{1,9}(?:\.\d{1,2})?|half an|an?|one)"
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
    "H": rf"(?P<ahead>in )?(?P<amounts>{_AMOUNT} ?{_UNIT}(?![a-z])(?:(?:,? | and |)\d{{1,9}} ?"
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


def _cleaned(text: str, scene: _Scene) -> str:
    """Return the text with single ASCII spaces, or refuse what is no text for a time."""
    if len(text) > LONGEST_TEXT:
        raise TimeError(f"{len(text)} characters are too many for a time", _examples(scene))
    # The no-break and thin spaces that word processors put into "3 pm".
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ")
    for character in text:
        if not character.isprintable():
            raise TimeError(
                f"{_quoted(text)} holds a character that cannot be seen",
                "type the time again: a tab, a line break or a control character is no part of it",
            )
        if not character.isascii():
            raise TimeError(
                f"{_quoted(text)} holds {_quoted(character)}, which no time is written with",
                f"use the digits 0-9 and English words: {_examples(scene)}",
            )
    if not text.strip():
        raise TimeError("the time is empty", _examples(scene))
    return " ".join(text.split())


def _tokens(text: str, scene: _Scene) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        match = _lexer().match(text, place)
        if match is None or match.lastgroup is None:
            word = re.compile(r" ?([a-z]+|\d+|[^ ,]+|,)", re.IGNORECASE).match(text, place)
            after_clock = any(token.kind == "C" for token in tokens)
            _refuse_word(word[1] if word else text[place:], after_clock, scene)
        tokens.append(_Token(match.lastgroup, match[match.lastgroup].lower(), match))
        place = match.end()
    return tokens


def _kinds(tokens: "Sequence[_Token]") -> str:
    return "".join(token.kind for token in tokens)


# --- zones and offsets ------------------------------------------------------------------------


def _without_place(tokens: list[_Token], scene: _Scene) -> tuple[list[_Token], _Token | None]:
    places = [token for token in tokens if token.kind == "Z"]
    if len(places) > 1:
        raise TimeError(
            f"{_quoted(scene.text)} names two zones", f"keep one: 14:00 {places[0].match['Z']}"
        )
    if not places:
        return tokens, None
    # Last, or right after the clock time: taken from anywhere else it would join what it parts.
    kinds = _kinds(tokens)
    if not re.fullmatch("[^Z]+Z|.*CO?Z.*", kinds):
        name = places[0].match["Z"]
        raise TimeError(
            f"{_quoted(scene.text)}: {name} stands where no zone can",
            f"write it last: {scene.today} 14:00 {name}",
        )
    rest = [token for token in tokens if token.kind != "Z"]
    if kinds.endswith("KZ"):
        rest.pop()
    return rest, places[0]


def _place_name(place: _Token, scene: _Scene) -> str:
    """Return the IANA name of a zone in the text; ``UTC`` and ``GMT`` keep the default."""
    name = place.match["Z"].strip("[]")
    if "/" not in name:
        return scene.zone
    clock = _zone_called(name)
    if clock is None:
        _refuse_zone(name, scene)
    return clock.key


def _place_clock(place: _Token, scene: _Scene) -> tzinfo:
    return UTC if "/" not in place.text else ZoneInfo(_place_name(place, scene))


def _without_offset(tokens: list[_Token], scene: _Scene) -> tuple[list[_Token], timezone | None]:
    kinds = _kinds(tokens)
    if "O" not in kinds:
        return tokens, None
    if "CO" not in kinds or kinds.count("O") > 1:
        raise TimeError(
            f"{_quoted(scene.text)} has an offset that belongs to no clock time",
            f"write date, time and offset: {scene.today}T14:00+01:00",
        )
    place = kinds.index("O")
    offset = _offset(tokens[place].text, scene)
    if "D" not in kinds and _looks_like_a_range(tokens[place - 1], tokens[place]):
        clock, later = tokens[place - 1].text, tokens[place].text.lstrip("-")
        raise TimeError(
            f"{_quoted(scene.text)} could be from {clock} until {later}, or {clock} where clocks"
            f" are {later} behind UTC",
            f"write {clock} alone, or with its date: {scene.today}T{clock}-{later}",
        )
    return tokens[:place] + tokens[place + 1 :], offset


def _offset(text: str, scene: _Scene) -> timezone:
    digits = text.lstrip("utcgm").replace(":", "")
    if digits == "z":
        return UTC
    number = digits[1:]
    hours, minutes = (int(number), 0) if len(number) <= 2 else (int(number[:-2]), int(number[-2:]))
    total = (hours * 60 + minutes) * (-1 if digits[0] == "-" else 1)
    if minutes % 15 or minutes >= 60 or not -12 * 60 <= total <= 14 * 60:
        raise TimeError(
            f"no clock is {text} from UTC",
            f"write an offset from -12:00 to +14:00: {scene.today}T14:00+01:00",
        )
    return timezone(timedelta(minutes=total))


def _looks_like_a_range(clock: _Token, offset: _Token) -> bool:
    """Tell ``10:00-11:00``, an appointment, from ``01:00 -03``, a clock in Brazil."""
    spaced = offset.match[0].startswith(" ")
    return offset.text[0] == "-" and (":" in offset.text or not spaced)


def _check_offset(at: datetime, offset: timezone, scene: _Scene) -> None:
    """Refuse ``14:00+02:00 Europe/London``: the two name different instants."""
    if at.astimezone(scene.tz).utcoffset() == at.astimezone(offset).utcoffset():
        return
    here, name = at.astimezone(offset), str(scene.tz)
    raise TimeError(
        f"{_quoted(scene.text)}: the offset is not the one of {name} at that time",
        f"write {here:%Y-%m-%dT%H:%M%z} or {here:%Y-%m-%d %H:%M} {name}",
    )


#: Names written the way the list of zones writes most of them: no need to read the list.
_PLAIN_ZONE = r"[A-Z][a-z]+(?:/[A-Z][a-z]+(?:_[A-Z][a-z]+)*)+|UTC"


def _zone_called(name: str) -> ZoneInfo | None:
    """Return the zone with an IANA name in any case, or None."""
    if not re.fullmatch(_PLAIN_ZONE, name):
        name = _zone_names().get(name.lower(), "")
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # not found; a bad key; a directory, as "Europe"
        return None


@cache
def _zone_names() -> dict[str, str]:
    from zoneinfo import available_timezones

    return {name.lower(): name for name in sorted(available_timezones())}


def _near_zones(name: str) -> list[str]:
    from difflib import get_close_matches

    names = _zone_names()
    same_city = [known for known in names.values() if _city(known) == _city(name)]
    if same_city:
        return [min(same_city, key=_legacy)]
    return [names[near] for near in get_close_matches(name.lower(), names, 2, 0.75)]


def _city(zone: str) -> str:
    return zone.lower().rpartition("/")[2]


def _legacy(zone: str) -> tuple[bool, str]:
    """Sort the names people know before the ones kept for old programs."""
    return zone.split("/")[0] in {"Etc", "US", "Brazil", "Canada", "Chile", "Mexico"}, zone


# --- tokens to an instant ---------------------------------------------------------------------


class _Clock(Value):
    """A clock time, as the time since 00:00 on the clock (24:00 is a whole day)."""

    since: timedelta
    token: _Token
    assumed: tuple[str, ...] = ()

    @property
    def midnight(self) -> bool:
        return self.token.match["midnight"] is not None


class _Days(Value):
    """The days a text can mean, likeliest first.

    With `side` (-1 for the past, 1 for the future) the first whose moment is on that side of now
    counts; without, the first. `unsaid` is what the text left open, for the sentence about it:
    ``"day"``, ``"year"`` or the words that could be another day.
    """

    days: tuple[date, ...]
    side: int = 0
    unsaid: str = ""


_Moment = tuple[datetime, tuple[str, ...]]


def _moment(tokens: list[_Token], scene: _Scene) -> _Moment:
    kinds = _kinds(tokens)
    if kinds == "I":
        return scene.now, ()
    if kinds == "H":
        return _length(tokens[0], scene)
    if kinds.count("C") > 1:
        times = " or ".join(token.text for token in tokens if token.kind == "C")
        raise TimeError(f"{_quoted(scene.text)} has two times", f"keep one of them: {times}")
    day_tokens, clock = _without_clock(tokens, scene)
    if clock is None:
        return _whole_day(_days(day_tokens, scene), scene)
    if not day_tokens:
        return _pick(_any_day(scene), clock, scene)
    if clock.midnight:
        _refuse_midnight(day_tokens, scene)
    return _pick(_days(day_tokens, scene), clock, scene)


def _without_clock(tokens: list[_Token], scene: _Scene) -> tuple[list[_Token], _Clock | None]:
    """Part the day from the clock time, which stands before or after it."""
    place = _kinds(tokens).find("C")
    if place < 0:
        return tokens, None
    before, after = tokens[:place], tokens[place + 1 :]
    if before and before[-1].kind == "A":
        before.pop()
    if len(before) > 1 and before[-1].kind == "K":
        before.pop()
    if len(after) > 1 and after[0].kind == "K":
        del after[0]
    if before and after:
        _refuse_leftover(after if _day_form(before) else before, scene)
    return before or after, _clock(tokens[place], scene)


def _clock(token: _Token, scene: _Scene) -> _Clock:
    part = token.match
    if part["noon"]:
        return _Clock(timedelta(hours=12), token)
    if part["midnight"]:
        return _Clock(timedelta(), token)
    digits = part["digits"] or ""
    hour = int(digits[:2] or part["hour"])
    minute = int(digits[2:4] or part["minute"] or 0)
    second = int(digits[4:] or part["second"] or 0)
    micro = int((part["fraction"] or "0").ljust(6, "0")[:6])
    half = (part["half"] or "").lower()
    _check_clock(token, (hour, minute, second, micro), half, scene)
    assumed: tuple[str, ...] = ()
    if half:
        noon_or_midnight = hour == 12
        hour = hour % 12 + (12 if half == "p" else 0)
        if noon_or_midnight:
            assumed = (f"{token.text} was taken as {hour:02}:{minute:02}.",)
    elif re.match("[1-9]:", token.text):  # 15:30 to many
        assumed = (f"{token.text} says neither am nor pm: taken as {hour:02}:{minute:02}.",)
    since = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)
    return _Clock(since, token, assumed)


def _check_clock(token: _Token, parts: tuple[int, int, int, int], half: str, scene: _Scene) -> None:
    hour, minute, second, _ = parts
    fits = 1 <= hour <= 12 if half else hour <= 23 or parts == (24, 0, 0, 0)
    if fits and minute <= 59 and second <= 59:
        return
    hint = "write hours 0-23 and minutes 0-59: 14:00"
    if half:
        hint = "write 1pm to 12pm, or the 24-hour time: 14:00"
        if 13 <= hour <= 23 and minute <= 59:
            hint = f"write {hour}:{minute:02}" + (f" or {hour - 12}pm" if not minute else "")
    raise TimeError(f"there is no {token.text} on a clock", hint)


def _refuse_midnight(day_tokens: list[_Token], scene: _Scene) -> "NoReturn":
    day = " ".join(token.match[token.kind].strip("-") for token in day_tokens)
    raise TimeError(
        f"{_quoted(scene.text)} could be the start or the end of that day",
        f"write {day} 00:00 for its start, {day} 24:00 for its end",
    )


# --- lengths of time --------------------------------------------------------------------------

_SECONDS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600}
_SECONDS["hour"] = 3600
_DAYS = {"d": 1, "day": 1, "w": 7, "wk": 7, "week": 7}


def _length(token: _Token, scene: _Scene) -> _Moment:
    days, seconds = _amounts(token, scene)
    if not days:
        return scene.now + timedelta(seconds=seconds), ()
    return _instant(scene.wall + timedelta(days=days), scene)


def _amounts(token: _Token, scene: _Scene) -> tuple[int, int]:
    """Return the days and the seconds of a length, negative for ago; only one is not 0."""
    said = _sign(token, scene)
    days = seconds = 0
    amounts = token.match["amounts"].lower().replace(" and ", " ")
    for number, unit in re.findall(rf"({_AMOUNT}) ?([a-z]*)", amounts):
        hundredths = _hundredths(number)
        unit = unit if unit in {"s", "h", "d", "w"} else unit.rstrip("s")
        if unit in _DAYS and hundredths % 100 == 0:
            days += hundredths // 100 * _DAYS[unit]
        elif unit in _SECONDS or not unit:  # "1h30": the 30 are minutes
            seconds += hundredths * _SECONDS.get(unit, 60) // 100
        else:
            _refuse_unit(number, unit, scene)
    if days and seconds:
        raise TimeError(
            f"{_quoted(scene.text)} mixes days on the calendar with elapsed hours",
            f"write hours alone, {days * 24 + seconds // 3600}h ago, or the day and the time:"
            f" {scene.today} 14:00",
        )
    if max(days, seconds // 86400) > FARTHEST.days:
        _refuse_far(scene)
    if not days and not seconds:
        raise TimeError(f"{_quoted(scene.text)} is no time at all", "write now")
    return said * days, said * seconds


def _sign(token: _Token, scene: _Scene) -> int:
    ahead, side = token.match["ahead"], (token.match["side"] or "").strip().lower()
    if bool(ahead) == bool(side):
        amounts = token.match["amounts"]
        clock = re.fullmatch(r"(\d{1,2})h(\d\d)?", amounts, re.IGNORECASE)
        or_clock = f", or {int(clock[1]):02}:{clock[2] or '00'} for the clock time" if clock else ""
        raise TimeError(
            f"{_quoted(token.text)} could be before or after now",
            f"write {amounts} ago or in {amounts}{or_clock}",
        )
    return -1 if side == "ago" else 1


def _hundredths(number: str) -> int:
    if not number[0].isdigit():
        return 50 if number == "half an" else 100
    whole, _, rest = number.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def _refuse_unit(number: str, unit: str, scene: _Scene) -> "NoReturn":
    if unit == "m":
        raise TimeError(
            f"{_quoted(scene.text)} could be minutes or months",
            f"write {number} min ago, or the date: {scene.today}",
        )
    if unit in _DAYS:
        raise TimeError(f"{number} {unit} is not a whole number of days", "write hours: 36h ago")
    raise TimeError(
        f"a {unit} has no fixed length", f"write days or weeks, or the date: {scene.today}"
    )


# --- days -------------------------------------------------------------------------------------


def _days(tokens: list[_Token], scene: _Scene) -> _Days:
    read = _day_form(tokens)
    if read is None:
        _refuse_leftover(tokens, scene)
    return read(tokens, scene)


def _day_form(tokens: list[_Token]) -> "Callable[[list[_Token], _Scene], _Days] | None":
    kinds = _kinds(tokens)
    return next((read for form, read in _DAY_FORMS if re.fullmatch(form, kinds)), None)


def _refuse_leftover(tokens: list[_Token], scene: _Scene) -> "NoReturn":
    """Say which piece has no meaning where it stands: a lone number, a month, half a date."""
    if _kinds([token for token in tokens if token.kind in "DMNE"]) in ("D", "MN", "NM", "ME", "EM"):
        _refuse(scene)
    for token in tokens:
        kind, number = token.kind, token.text
        if kind in "NE" and number.isdigit() and int(number) < 24:
            raise TimeError(
                f"{_quoted(scene.text)}: {number} could be the hour {int(number):02}:00 or the day"
                f" {number} of a month",
                f"write {int(number):02}:00, or the date: {scene.today}",
            )
        if kind == "X":
            raise TimeError(
                f"{_quoted(scene.text)}: {number} could be a date or a time, and it has no year",
                f"write the date as {scene.today} and the time as 14:30",
            )
        if kind == "Y" and int(number[:2]) < 24 and int(number[2:]) < 60:
            raise TimeError(
                f"{_quoted(scene.text)}: {number} could be a year or the time"
                f" {number[:2]}:{number[2:]}",
                f"write {number[:2]}:{number[2:]}, or the date: {scene.today}",
            )
        if kind in "BYNEM":
            raise TimeError(
                f"{_quoted(scene.text)} names no full date",
                f"write year, month and day: {scene.today}",
            )
    _refuse(scene)


def _any_day(scene: _Scene) -> _Days:
    side = -1 if scene.past else 1
    return _Days(tuple(_around(scene.today, side * n) for n in range(3)), side, "day")


def _around(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _relative_day(tokens: list[_Token], scene: _Scene) -> _Days:
    return _Days((_around(scene.today, _RELATIVE[tokens[0].text]),))


def _counted_day(tokens: list[_Token], scene: _Scene) -> _Days:
    days, _ = _amounts(tokens[0], scene)
    if not days:
        raise TimeError(
            f"{_quoted(scene.text)} has two times", f"keep one: {tokens[0].text}, or 14:00"
        )
    return _Days((_around(scene.today, days),))


def _weekday_number(token: _Token) -> int:
    return next(n for n, day in enumerate(_WEEKDAYS) if day.lower().startswith(token.text[:3]))


def _weekday(tokens: list[_Token], scene: _Scene) -> _Days:
    weekday = _weekday_number(tokens[-1])
    back = (scene.today.weekday() - weekday) % 7
    latest, coming = _around(scene.today, -back), _around(scene.today, -back % 7)
    which = next((token.text for token in tokens if token.kind == "L"), "")
    if not which:
        near, side = (latest, -1) if scene.past else (coming, 1)
        unsaid = "" if back else tokens[-1].text
        return _Days((near, _around(near, 7 * side)), side, unsaid)
    if which == "this" or not back:
        earlier = _around(latest, -7) if which == "last" else latest
        later = latest if which == "last" else _around(earlier, 7)
        raise TimeError(
            f"{_quoted(scene.text)} could be {_shown(earlier)} or {_shown(later)}",
            f"write {earlier} or {later}",
        )
    return _Days((latest if which == "last" else coming,), unsaid=f"{which} {tokens[-1].text}")


def _numeric_day(tokens: list[_Token], scene: _Scene) -> _Days:
    token = next(token for token in tokens if token.kind == "D")
    part, text = token.match, token.text
    if compact := part["compact"]:
        year, month, day = int(compact[:4]), int(compact[4:6]), int(compact[6:])
    elif len(part["one"]) == 4 and len(part["three"]) <= 2:
        year, month, day = int(part["one"]), int(part["two"]), int(part["three"])
    elif len(part["three"]) == 4 and len(part["one"]) <= 2:
        year = int(part["three"])
        day, month = _day_and_month(int(part["one"]), int(part["two"]), year, text, scene)
    else:
        raise TimeError(
            f"{text} has no year of four digits", f"write year, month, day: {scene.today}"
        )
    dated = _date(year, month, day, text, scene)
    _check_weekday(tokens, dated, scene)
    return _Days((dated,))


def _day_and_month(one: int, two: int, year: int, text: str, scene: _Scene) -> tuple[int, int]:
    """Tell the day from the month where only one of two numbers can be the month."""
    if one == two or two <= 12 < one:
        return one, two
    if one <= 12 < two:
        return two, one
    if one > 12 or not one or not two:
        raise TimeError(f"{text} is not a date: no month has that number", _examples(scene))
    raise TimeError(
        f"{text} could be {one} {_MONTHS[two - 1]} {year} or {two} {_MONTHS[one - 1]} {year}",
        f"write {year:04}-{two:02}-{one:02} or {year:04}-{one:02}-{two:02}",
    )


def _date(year: int, month: int, day: int, text: str, scene: _Scene) -> date:
    try:
        dated = date(year, month, day)
    except ValueError:
        raise TimeError(
            f"there is no {text} on the calendar",
            f"check the day and the month: today is {_shown(scene.today)} ({scene.today})",
        ) from None
    # Before any arithmetic: year 1 and year 9999 have no day on one side.
    if abs(dated - scene.today) > FARTHEST + timedelta(days=1):
        _refuse_far(scene)
    return dated


def _named_day(tokens: list[_Token], scene: _Scene) -> _Days:
    """Read a date with a month's name: exactly one month, one day and at most one year."""
    parts = [token for token in tokens if token.kind in "MNEY"]
    kinds = sorted(_kinds(parts).replace("E", "N"))
    if kinds == ["M", "N", "N"]:
        raise TimeError(
            f"{_quoted(scene.text)}: a year of two digits could as well be an hour or a day",
            f"write the year with four digits, 22 Nov {scene.today.year}, and a time as 14:00",
        )
    if kinds not in (["M", "N"], ["M", "N", "Y"]):
        _refuse_leftover(parts, scene)
    month, day = _month_and_day(parts, scene)
    years = [int(token.text) for token in parts if token.kind == "Y"]
    if years:
        dated = _date(years[0], month, day, f"{day} {_MONTHS[month - 1]} {years[0]}", scene)
        _check_weekday(tokens, dated, scene)
        return _Days((dated,))
    return _yearless(tokens, month, day, scene)


def _month_and_day(parts: list[_Token], scene: _Scene) -> tuple[int, int]:
    """Let dateutil read the words, and believe it only if it read what was written.

    It fills what is missing from today, takes a day that is too large for a year, and skips
    what it does not know, so it sees nothing but the words already recognised.
    """
    from dateutil.parser import parse

    words = [token.match["month"] if token.kind == "M" else token.text for token in parts]
    day = next(int(token.text.rstrip("stndrh")) for token in parts if token.kind in "NE")
    leap_year = datetime(2000, 1, 1)
    spoken = " ".join(word for word, part in zip(words, parts, strict=True) if part.kind != "Y")
    try:
        if not 1 <= day <= 31:
            raise ValueError(day)
        read = parse(spoken, default=leap_year, ignoretz=True)
        month = next(part.match["month"].lower() for part in parts if part.kind == "M")
        if read != leap_year.replace(month=read.month, day=day):
            raise ValueError(read)
        if _MONTHS[read.month - 1].lower() != month[:3]:
            raise ValueError(read)
    except (ValueError, OverflowError):
        raise TimeError(
            f"there is no {spoken} on the calendar",
            f"check the day and the month: today is {_shown(scene.today)} ({scene.today})",
        ) from None
    return read.month, day


def _yearless(tokens: list[_Token], month: int, day: int, scene: _Scene) -> _Days:
    """Find the year: the nearest on the preferred side, or the one a weekday asks for.

    The nearest past and the nearest future date never share a weekday; further away a wrong
    weekday would find a year of its own.
    """
    side = -1 if scene.past else 1
    years = range(scene.today.year - 2, scene.today.year + 3)
    dated = [date(year, month, day) for year in years if _in_year(year, month, day)]
    dated.sort(key=lambda found: abs(found - scene.today))
    ahead = [found for found in dated if (found - scene.today) * side >= timedelta()]
    other = [found for found in dated if (found - scene.today) * side < timedelta()]
    near = [found for found in ahead if abs(found - scene.today) <= FARTHEST]
    written = f"{day} {_MONTHS[month - 1]}"
    weekday = next((_weekday_number(token) for token in tokens if token.kind == "W"), None)
    if weekday is None:
        if near:
            return _Days(tuple(near), side, "year")
        raise TimeError(
            f"there is no {written} in the {'last' if scene.past else 'next'} two years",
            f"write the whole date: {scene.today}",
        )
    for found in (*ahead[:1], *other[:1]):
        if found.weekday() == weekday:
            return _Days((found,), unsaid="year")
    nearest = dated[0]
    raise TimeError(
        f"{_shown(nearest)} is not a {_WEEKDAYS[weekday]}",
        f"write {_shown(nearest)}, or the year of the {_WEEKDAYS[weekday]} you mean",
    )


def _in_year(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (month, day) != (2, 29) or leap


def _check_weekday(tokens: list[_Token], dated: date, scene: _Scene) -> None:
    for token in tokens:
        if token.kind == "W" and _weekday_number(token) != dated.weekday():
            said, real = _WEEKDAYS[_weekday_number(token)], _WEEKDAYS[dated.weekday()]
            apart = (_weekday_number(token) - dated.weekday() + 3) % 7 - 3
            raise TimeError(
                f"{_shown(dated)} is a {real}, not a {said}",
                f"write {_shown(dated)} or {_shown(_around(dated, apart))}",
            )


#: The kinds of tokens, in order, that make a day, and who reads them.
_DAY_FORMS: "tuple[tuple[str, Callable[[list[_Token], _Scene], _Days]], ...]" = (
    ("R", _relative_day),
    ("H", _counted_day),
    ("P?L?W", _weekday),
    ("P?(WK?)?D(K?W)?", _numeric_day),
    ("P?(WK?)?F?(?=[NEYFK]*M)[MNEYFK]*[MNEY](K?W)?", _named_day),
)


# --- from days and clock times to the instant -------------------------------------------------


def _pick(days: _Days, clock: _Clock, scene: _Scene) -> _Moment:
    """Return the moment of the first day on the right side of now."""
    for day in days.days:
        # A year that was not written can be further away than any answer may be.
        if abs(day - scene.today) > FARTHEST + timedelta(days=1):
            continue
        wall = datetime(day.year, day.month, day.day) + clock.since
        at, assumed = _instant(wall, scene)
        if not days.side or (at - scene.now) * days.side >= timedelta():
            return at, clock.assumed + _chosen(days, day, clock, scene) + assumed
    _refuse_far(scene)


def _chosen(days: _Days, day: date, clock: _Clock | None, scene: _Scene) -> tuple[str, ...]:
    """Say which day, weekday or year was taken where it is not the obvious one."""
    if clock is not None and clock.midnight:
        return (f"Midnight was taken as the start of {_shown(day)}.",)
    if days.unsaid == "day" and day != scene.today:
        return (f"No day was given: taken as {_shown(day)}.",)
    if days.unsaid == "year" and day.year != scene.today.year:
        return (f"No year was given: taken as {_shown(day)}.",)
    if days.unsaid not in ("", "day", "year"):
        return (f"'{days.unsaid}' was taken as {_shown(day)}.",)
    return ()


def _whole_day(days: _Days, scene: _Scene) -> _Moment:
    """Read a day without a clock time strictly: as late as it can be for a treatment,
    as early as it can be for a question."""
    fits = [
        day
        for day in days.days
        if (day - scene.today) * days.side >= timedelta() and abs(day - scene.today) <= FARTHEST
    ]
    if not fits:
        _refuse_far(scene)
    day = fits[0]
    chosen = _chosen(days, day, None, scene)
    if day == scene.today:
        why = "the day is not over" if scene.past else "the day has begun"
        return scene.now, (*chosen, f"No time was given: counted from now, since {why}.")
    start = datetime(day.year, day.month, day.day)
    wall = start + timedelta(days=1) if scene.past else start
    at, assumed = _instant(wall, scene, first=not scene.past)
    edge = "end" if scene.past else "start"
    return at, (*chosen, f"No time was given: counted from the {edge} of that day.", *assumed)


def _instant(wall: datetime, scene: _Scene, *, first: bool = False) -> _Moment:
    """Return the instant of a local time, and a sentence where the clock was changed then.

    Of two, the later counts (law 5), but for two cases: the `first` 00:00 starts a day, and a
    treatment took place at the earlier if the later is still to come.
    """
    at = instant_of(wall, scene.tz)
    quirk = clock_quirk(wall, scene.tz)
    if quirk is None:
        return at, ()
    clock, day = _shown_clock(wall), _shown(wall.date())
    if quirk == "skipped":
        local = at.astimezone(scene.tz)
        taken = "" if local.date() == wall.date() else f"{_shown(local.date())}, "
        taken += _shown_clock(local)
        return at, (f"{clock} does not exist on {day} (the clock went forward): taken as {taken}.",)
    which = "later"
    earlier = wall.replace(tzinfo=scene.tz, fold=0).astimezone(UTC)
    if first:
        at, which = earlier, "earlier"
    elif scene.past and earlier <= scene.now < at:
        at, which = earlier, "earlier, since the later is still to come"
    return at, (f"{clock} happens twice on {day} (the clock went back): taken as the {which}.",)


def _shown(day: date) -> str:
    # Not strftime: its names depend on the locale.
    return f"{_WEEKDAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _shown_clock(wall: datetime) -> str:
    seconds = f":{wall.second:02}" if wall.second else ""
    return f"{wall.hour:02}:{wall.minute:02}{seconds}"
