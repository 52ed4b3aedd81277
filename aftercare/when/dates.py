"""Dates, in numbers or with the name of a month: the days that one can mean."""

from datetime import date, datetime, timedelta

from aftercare.core.value import Value
from aftercare.errors import TimeError
from aftercare.when.scene import (
    FARTHEST,
    MONTHS,
    WEEKDAYS,
    Scene,
    examples,
    quoted,
    refuse_far,
    shown,
)
from aftercare.when.tokens import Token, kinds_of, refuse_leftover

#: A date without a year that is less than this on the wrong side of now is refused.
NEAR = timedelta(days=31)


class Days(Value):
    """The days a text can mean, likeliest first.

    With `side` (-1 for the past, 1 for the future) the first whose moment is on that side of now
    counts; without, the first. `unsaid` is what the text left open, for the sentence about it:
    ``"day"``, ``"year"`` or the words that could be another day.
    """

    days: tuple[date, ...]
    side: int = 0
    unsaid: str = ""


def numeric_day(tokens: list[Token], scene: Scene) -> Days:
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
    return Days((dated,))


def _day_and_month(one: int, two: int, year: int, text: str, scene: Scene) -> tuple[int, int]:
    """Tell the day from the month where only one of two numbers can be the month."""
    if one == two or two <= 12 < one:
        return one, two
    if one <= 12 < two:
        return two, one
    if one > 12 or not one or not two:
        raise TimeError(f"{text} is not a date: no month has that number", examples(scene))
    raise TimeError(
        f"{text} could be {one} {MONTHS[two - 1]} {year} or {two} {MONTHS[one - 1]} {year}",
        f"write {year:04}-{two:02}-{one:02} or {year:04}-{one:02}-{two:02}",
    )


def _date(year: int, month: int, day: int, text: str, scene: Scene) -> date:
    try:
        dated = date(year, month, day)
    except ValueError:
        raise TimeError(
            f"there is no {text} on the calendar",
            f"check the day and the month: today is {shown(scene.today)} ({scene.today})",
        ) from None
    # Before any arithmetic: year 1 and year 9999 have no day on one side.
    if abs(dated - scene.today) > FARTHEST + timedelta(days=1):
        refuse_far(scene)
    return dated


def named_day(tokens: list[Token], scene: Scene) -> Days:
    """Read a date with a month's name: exactly one month, one day and at most one year."""
    parts = [token for token in tokens if token.kind in "MNEY"]
    kinds = sorted(kinds_of(parts).replace("E", "N"))
    if kinds == ["M", "N", "N"]:
        raise TimeError(
            f"{quoted(scene.text)}: a year of two digits could as well be an hour or a day",
            f"write the year with four digits, 22 Nov {scene.today.year}, and a time as 14:00",
        )
    if kinds not in (["M", "N"], ["M", "N", "Y"]):
        refuse_leftover(parts, scene)
    month, day = _month_and_day(parts, scene)
    years = [int(token.text) for token in parts if token.kind == "Y"]
    if years:
        dated = _date(years[0], month, day, f"{day} {MONTHS[month - 1]} {years[0]}", scene)
        _check_weekday(tokens, dated, scene)
        return Days((dated,))
    return _yearless(tokens, month, day, scene)


def _month_and_day(parts: list[Token], scene: Scene) -> tuple[int, int]:
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
        if MONTHS[read.month - 1].lower() != month[:3]:
            raise ValueError(read)
    except (ValueError, OverflowError):
        raise TimeError(
            f"there is no {spoken} on the calendar",
            f"check the day and the month: today is {shown(scene.today)} ({scene.today})",
        ) from None
    return read.month, day


def _yearless(tokens: list[Token], month: int, day: int, scene: Scene) -> Days:
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
    written = f"{day} {MONTHS[month - 1]}"
    weekday = next((weekday_number(token) for token in tokens if token.kind == "W"), None)
    if weekday is None:
        if near:
            return Days(tuple(near), side, "year")
        raise TimeError(
            f"there is no {written} in the {'last' if scene.past else 'next'} two years",
            f"write the whole date: {scene.today}",
        )
    for found in (*ahead[:1], *other[:1]):
        if found.weekday() == weekday:
            return Days((found,), unsaid="year")
    nearest = dated[0]
    raise TimeError(
        f"{shown(nearest)} is not a {WEEKDAYS[weekday]}",
        f"write {shown(nearest)}, or the year of the {WEEKDAYS[weekday]} you mean",
    )


def check_year(days: Days, day: date, scene: Scene) -> None:
    """Refuse the year nobody wrote where the date a year nearer is less than a month away.

    A treatment on a day that is still to come is a slip: read as the one a year ago, it would
    have every restriction over.
    """
    nearer = day.year - days.side
    if days.unsaid != "year" or not days.side or not _in_year(nearer, day.month, day.day):
        return
    other = day.replace(year=nearer)
    if (scene.today - other) * days.side < NEAR:
        first, second = sorted((day, other))
        written = f"{day.day} {MONTHS[day.month - 1]}"
        raise TimeError(
            f"{quoted(scene.text)} could be {written} {first.year} or {written} {second.year}",
            f"write the year: {first} or {second}",
        )


def _in_year(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (month, day) != (2, 29) or leap


def weekday_number(token: Token) -> int:
    return next(n for n, day in enumerate(WEEKDAYS) if day.lower().startswith(token.text[:3]))


def around(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _check_weekday(tokens: list[Token], dated: date, scene: Scene) -> None:
    for token in tokens:
        if token.kind == "W" and weekday_number(token) != dated.weekday():
            said, real = WEEKDAYS[weekday_number(token)], WEEKDAYS[dated.weekday()]
            apart = (weekday_number(token) - dated.weekday() + 3) % 7 - 3
            raise TimeError(
                f"{shown(dated)} is a {real}, not a {said}",
                f"write {shown(dated)} or {shown(around(dated, apart))}",
            )
