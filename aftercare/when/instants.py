"""From tokens to the instant: now, a length from now, or a day and a clock time."""

from datetime import UTC, date, datetime, timedelta

from aftercare.core.spans import clock_quirk, instant_of
from aftercare.errors import TimeError
from aftercare.when.clocks import Clock, clock_from
from aftercare.when.dates import Days, check_year
from aftercare.when.days import any_day, day_form, days_from
from aftercare.when.lengths import days_and_seconds
from aftercare.when.scene import FARTHEST, Scene, quoted, refuse_far, shown, shown_clock
from aftercare.when.tokens import Token, kinds_of, refuse_leftover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_Moment = tuple[datetime, tuple[str, ...]]


def moment(tokens: list[Token], scene: Scene) -> _Moment:
    kinds = kinds_of(tokens)
    if kinds == "I":
        return scene.now, ()
    if kinds == "H":
        return _length(tokens[0], scene)
    if kinds.count("C") > 1:
        times = " or ".join(token.text for token in tokens if token.kind == "C")
        raise TimeError(f"{quoted(scene.text)} has two times", f"keep one of them: {times}")
    day_tokens, clock = _without_clock(tokens, scene)
    if clock is None:
        return _whole_day(days_from(day_tokens, scene), scene)
    if not day_tokens:
        return _pick(any_day(scene), clock, scene)
    if clock.midnight:
        _refuse_midnight(day_tokens, scene)
    return _pick(days_from(day_tokens, scene), clock, scene)


def _without_clock(tokens: list[Token], scene: Scene) -> tuple[list[Token], Clock | None]:
    """Part the day from the clock time, which stands before or after it."""
    place = kinds_of(tokens).find("C")
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
        refuse_leftover(after if day_form(before) else before, scene)
    return before or after, clock_from(tokens[place], scene)


def _refuse_midnight(day_tokens: list[Token], scene: Scene) -> "NoReturn":
    day = " ".join(token.match[token.kind].strip("-") for token in day_tokens)
    raise TimeError(
        f"{quoted(scene.text)} could be the start or the end of that day",
        f"write {day} 00:00 for its start, {day} 24:00 for its end",
    )


def _length(token: Token, scene: Scene) -> _Moment:
    days, seconds = days_and_seconds(token, scene)
    if not days:
        return scene.now + timedelta(seconds=seconds), ()
    return _instant(scene.wall + timedelta(days=days), scene)


def _pick(days: Days, clock: Clock, scene: Scene) -> _Moment:
    """Return the moment of the first day on the right side of now."""
    # A year that was not written can be further away than any answer may be.
    near = (day for day in days.days if abs(day - scene.today) <= FARTHEST + timedelta(days=1))
    moments = (
        (day, *_instant(datetime(day.year, day.month, day.day) + clock.since, scene))
        for day in near
    )
    found = next((dated for dated in moments if _on_side(dated[1], days, scene)), None)
    if found is None:
        refuse_far(scene)
    day, at, assumed = found
    check_year(days, day, scene)
    return at, clock.assumed + _chosen(days, day, clock, scene) + assumed


def _on_side(at: datetime, days: Days, scene: Scene) -> bool:
    return not days.side or (at - scene.now) * days.side >= timedelta()


def _whole_day(days: Days, scene: Scene) -> _Moment:
    """Read a day without a clock time strictly: as late as it can be for a treatment,
    as early as it can be for a question."""
    fits = [
        day
        for day in days.days
        if (day - scene.today) * days.side >= timedelta() and abs(day - scene.today) <= FARTHEST
    ]
    if not fits:
        refuse_far(scene)
    day = fits[0]
    check_year(days, day, scene)
    chosen = _chosen(days, day, None, scene)
    if day == scene.today:
        why = "the day is not over" if scene.past else "the day has begun"
        return scene.now, (*chosen, f"No time was given: counted from now, since {why}.")
    start = datetime(day.year, day.month, day.day)
    wall = start + timedelta(days=1) if scene.past else start
    at, assumed = _instant(wall, scene, first=not scene.past)
    edge = "end" if scene.past else "start"
    return at, (*chosen, f"No time was given: counted from the {edge} of that day.", *assumed)


def _chosen(days: Days, day: date, clock: Clock | None, scene: Scene) -> tuple[str, ...]:
    """Say which day, weekday or year was taken where it is not the obvious one."""
    if clock is not None and clock.midnight:
        return (f"Midnight was taken as the start of {shown(day)}.",)
    if days.unsaid == "day" and day != scene.today:
        return (f"No day was given: taken as {shown(day)}.",)
    if days.unsaid == "year" and day.year != scene.today.year:
        return (f"No year was given: taken as {shown(day)}.",)
    if days.unsaid not in ("", "day", "year"):
        return (f"'{days.unsaid}' was taken as {shown(day)}.",)
    return ()


def _instant(wall: datetime, scene: Scene, *, first: bool = False) -> _Moment:
    """Return the instant of a local time, and a sentence where the clock was changed then.

    Of two, the later counts (law 5), but for two cases: the `first` 00:00 starts a day, and a
    treatment took place at the earlier if the later is still to come.
    """
    at = instant_of(wall, scene.tz)
    quirk = clock_quirk(wall, scene.tz)
    if quirk is None:
        return at, ()
    clock, day = shown_clock(wall), shown(wall.date())
    if quirk == "skipped":
        local = at.astimezone(scene.tz)
        taken = "" if local.date() == wall.date() else f"{shown(local.date())}, "
        taken += shown_clock(local)
        return at, (f"{clock} does not exist on {day} (the clock went forward): taken as {taken}.",)
    which = "later"
    earlier = wall.replace(tzinfo=scene.tz, fold=0).astimezone(UTC)
    if first:
        at, which = earlier, "earlier"
    elif scene.past and earlier <= scene.now < at:
        at, which = earlier, "earlier, since the later is still to come"
    return at, (f"{clock} happens twice on {day} (the clock went back): taken as the {which}.",)
