"""The zone or the offset that a text names, taken out of its tokens."""

import re
from datetime import UTC, datetime, timedelta, timezone

from aftercare.errors import TimeError
from aftercare.when.places import refuse_zone, zone_called
from aftercare.when.scene import Scene, quoted
from aftercare.when.tokens import Token, kinds_of


def without_place(tokens: list[Token], scene: Scene) -> tuple[list[Token], Token | None]:
    places = [token for token in tokens if token.kind == "Z"]
    if len(places) > 1:
        raise TimeError(
            f"{quoted(scene.text)} names two zones", f"keep one: 14:00 {places[0].match['Z']}"
        )
    if not places:
        return tokens, None
    # Last, or right after the clock time: taken from anywhere else it would join what it parts.
    kinds = kinds_of(tokens)
    if not re.fullmatch("[^Z]+Z|.*CO?Z.*", kinds):
        name = places[0].match["Z"]
        raise TimeError(
            f"{quoted(scene.text)}: {name} stands where no zone can",
            f"write it last: {scene.today} 14:00 {name}",
        )
    rest = [token for token in tokens if token.kind != "Z"]
    if kinds.endswith("KZ"):
        rest.pop()
    return rest, places[0]


def seen_from(place: Token, scene: Scene) -> Scene:
    """Return the scene by the clock of a zone in the text; ``UTC`` and ``GMT`` name no place."""
    name = place.match["Z"].strip("[]")
    if "/" not in name:
        return scene.replace(tz=UTC)
    clock = zone_called(name)
    if clock is None:
        refuse_zone(name)
    return scene.replace(zone=clock.key, tz=clock)


def without_offset(tokens: list[Token], scene: Scene) -> tuple[list[Token], timezone | None]:
    kinds = kinds_of(tokens)
    if "O" not in kinds:
        return tokens, None
    if "CO" not in kinds or kinds.count("O") > 1:
        raise TimeError(
            f"{quoted(scene.text)} has an offset that belongs to no clock time",
            f"write date, time and offset: {scene.today}T14:00+01:00",
        )
    place = kinds.index("O")
    offset = _offset(tokens[place].text, scene)
    if "D" not in kinds and _looks_like_a_range(tokens[place - 1], tokens[place]):
        clock, later = tokens[place - 1].text, tokens[place].text.lstrip("-")
        raise TimeError(
            f"{quoted(scene.text)} could be from {clock} until {later}, or {clock} where clocks"
            f" are {later} behind UTC",
            f"write {clock} alone, or with its date: {scene.today}T{clock}-{later}",
        )
    return tokens[:place] + tokens[place + 1 :], offset


def _offset(text: str, scene: Scene) -> timezone:
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


def _looks_like_a_range(clock: Token, offset: Token) -> bool:
    """Tell ``10:00-11:00``, an appointment, from ``01:00 -03``, a clock in Brazil."""
    spaced = offset.match[0].startswith(" ")
    return offset.text[0] == "-" and (":" in offset.text or not spaced)


def check_offset(at: datetime, offset: timezone, scene: Scene) -> None:
    """Refuse ``14:00+02:00 Europe/London``: the two name different instants."""
    if at.astimezone(scene.tz).utcoffset() == at.astimezone(offset).utcoffset():
        return
    here, name = at.astimezone(offset), str(scene.tz)
    raise TimeError(
        f"{quoted(scene.text)}: the offset is not the one of {name} at that time",
        f"write {here:%Y-%m-%dT%H:%M%z} or {here:%Y-%m-%d %H:%M} {name}",
    )
