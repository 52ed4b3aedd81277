"""Clock times, ``14:00``, ``3.30pm`` or ``noon``: how long after 00:00 they are."""

import re
from datetime import timedelta

from aftercare.core.value import Value
from aftercare.errors import TimeError
from aftercare.when.scene import Scene
from aftercare.when.tokens import Token


class Clock(Value):
    """A clock time, as the time since 00:00 on the clock (24:00 is a whole day)."""

    since: timedelta
    token: Token
    assumed: tuple[str, ...] = ()

    @property
    def midnight(self) -> bool:
        return self.token.match["midnight"] is not None


def clock_from(token: Token, scene: Scene) -> Clock:
    part = token.match
    if part["noon"]:
        return Clock(timedelta(hours=12), token)
    if part["midnight"]:
        return Clock(timedelta(), token)
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
    return Clock(since, token, assumed)


def _check_clock(token: Token, parts: tuple[int, int, int, int], half: str, scene: Scene) -> None:
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
