"""What every step needs to know: who asks, from when and where.

And what they share to say it: the words for days and months, and the refusals.
"""

from datetime import date, datetime, timedelta, tzinfo

from aftercare.core.value import Value
from aftercare.errors import TimeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

#: How far from now an instant may be: two years, one of them a leap year.
FARTHEST = timedelta(days=731)


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}


class Scene(Value):
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


def quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def examples(scene: Scene) -> str:
    day = scene.today + timedelta(days=-1 if scene.past else 1)
    word, length = ("yesterday", "2h ago") if scene.past else ("tomorrow", "in 2h")
    return f"write {day} 14:00, {word} 3pm, sat 14:00 or {length}"


def shown(day: date) -> str:
    # Not strftime: its names depend on the locale.
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def shown_clock(wall: datetime) -> str:
    seconds = f":{wall.second:02}" if wall.second else ""
    return f"{wall.hour:02}:{wall.minute:02}{seconds}"


def refuse(scene: Scene) -> "NoReturn":
    raise TimeError(f"{quoted(scene.text)} cannot be read as a time", examples(scene))


def refuse_far(scene: Scene) -> "NoReturn":
    raise TimeError(
        f"{quoted(scene.text)} is more than two years from now",
        f"check the year: today is {shown(scene.today)}",
    )
