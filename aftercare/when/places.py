"""The zones there are: found by IANA name in any case, by city, by a misspelling or ``BST``."""

import re
from functools import cache
from zoneinfo import ZoneInfo

from aftercare.errors import TimeError
from aftercare.when.scene import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

#: Abbreviation -> a place and an offset it often stands for, for the hint alone.
ABBREVIATIONS = {
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


#: Names written the way the list of zones writes most of them: no need to read the list.
_PLAIN_ZONE = r"[A-Z][a-z]+(?:/[A-Z][a-z]+(?:_[A-Z][a-z]+)*)+|UTC"


def zone_called(name: str) -> ZoneInfo | None:
    """Return the zone with an IANA name in any case, or None."""
    if not re.fullmatch(_PLAIN_ZONE, name):
        name = _zone_names().get(name.lower(), "")
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # not found; a bad key; a directory, as "Europe"
        return None


def refuse_zone(name: str) -> "NoReturn":
    near = _near_zones(name)
    hint = f"write {' or '.join(near)}" if near else "write a place such as Europe/London"
    raise TimeError(f"there is no time zone called {quoted(name)}", hint)


def zone_of_city(city: str) -> str | None:
    """Return the IANA name of the zone that a city, in any case, gave its name to."""
    names = [name for name in _zone_names().values() if _city(name) == city.lower()]
    return min(names, key=_legacy, default=None)


def _near_zones(name: str) -> list[str]:
    from difflib import get_close_matches

    names = _zone_names()
    same_city = [known for known in names.values() if _city(known) == _city(name)]
    if same_city:
        return [min(same_city, key=_legacy)]
    return [names[near] for near in get_close_matches(name.lower(), names, 2, 0.75)]


@cache
def _zone_names() -> dict[str, str]:
    from zoneinfo import available_timezones

    return {name.lower(): name for name in sorted(available_timezones())}


def _city(zone: str) -> str:
    return zone.lower().rpartition("/")[2]


def _legacy(zone: str) -> tuple[bool, str]:
    """Sort the names people know before the ones kept for old programs."""
    return zone.split("/")[0] in {"Etc", "US", "Brazil", "Canada", "Chile", "Mexico"}, zone
