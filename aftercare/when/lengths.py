"""Lengths of time, ``2h ago`` or ``in 3 days``: days on the calendar or elapsed seconds."""

import re

from aftercare.errors import TimeError
from aftercare.when.scene import FARTHEST, Scene, quoted, refuse_far
from aftercare.when.tokens import AMOUNT, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_SECONDS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600}
_SECONDS["hour"] = 3600
_DAYS = {"d": 1, "day": 1, "w": 7, "wk": 7, "week": 7}


def days_and_seconds(token: Token, scene: Scene) -> tuple[int, int]:
    """Return the days and the seconds of a length, negative for ago; only one is not 0."""
    said = _sign(token, scene)
    days = seconds = 0
    amounts = token.match["amounts"].lower().replace(" and ", " ")
    for number, unit in re.findall(rf"({AMOUNT}) ?([a-z]*)", amounts):
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
            f"{quoted(scene.text)} mixes days on the calendar with elapsed hours",
            f"write hours alone, {days * 24 + seconds // 3600}h ago, or the day and the time:"
            f" {scene.today} 14:00",
        )
    if max(days, seconds // 86400) > FARTHEST.days:
        refuse_far(scene)
    if not days and not seconds:
        raise TimeError(f"{quoted(scene.text)} is no time at all", "write now")
    return said * days, said * seconds


def _sign(token: Token, scene: Scene) -> int:
    ahead, side = token.match["ahead"], (token.match["side"] or "").strip().lower()
    if bool(ahead) == bool(side):
        amounts = token.match["amounts"]
        clock = re.fullmatch(r"(\d{1,2})h(\d\d)?", amounts, re.IGNORECASE)
        or_clock = f", or {int(clock[1]):02}:{clock[2] or '00'} for the clock time" if clock else ""
        raise TimeError(
            f"{quoted(token.text)} could be before or after now",
            f"write {amounts} ago or in {amounts}{or_clock}",
        )
    return -1 if side == "ago" else 1


def _hundredths(number: str) -> int:
    if not number[0].isdigit():
        return 50 if number == "half an" else 100
    whole, _, rest = number.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def _refuse_unit(number: str, unit: str, scene: Scene) -> "NoReturn":
    if unit == "m":
        raise TimeError(
            f"{quoted(scene.text)} could be minutes or months",
            f"write {number} min ago, or the date: {scene.today}",
        )
    if unit in _DAYS:
        raise TimeError(f"{number} {unit} is not a whole number of days", "write hours: 36h ago")
    raise TimeError(
        f"a {unit} has no fixed length", f"write days or weeks, or the date: {scene.today}"
    )
