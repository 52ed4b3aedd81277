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
               Without a year (``22 Nov``): the nearest in the preferred direction, refused where
               the other direction has the date less than 31 days away; a weekday settles the
               year instead (``Tue 24 Nov``).
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

What has two readings is refused with both shown (``03/04/2026``, ``10``, ``BST``, a treatment
on ``24 Nov`` when that is tomorrow), and so is what is more than two years away.
"""

from datetime import UTC, datetime

from aftercare.core.value import Value
from aftercare.errors import TimeError
from aftercare.when.instants import moment
from aftercare.when.places import refuse_zone, zone_called
from aftercare.when.scene import FARTHEST, Scene, refuse_far
from aftercare.when.tokens import LONGEST_TEXT, cleaned, tokens_of
from aftercare.when.zones import check_offset, seen_from, without_offset, without_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

__all__ = ["FARTHEST", "LONGEST_TEXT", "When", "parse_when"]


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
    tokens = tokens_of(cleaned(text, scene), scene)
    tokens, place = without_place(tokens, scene)
    tokens, offset = without_offset(tokens, scene)
    if place is not None:
        scene = seen_from(place, scene)
    calendar = scene if offset is None else scene.replace(tz=offset)
    at, assumed = moment(tokens, calendar)
    if abs(at - scene.now) > FARTHEST:
        refuse_far(scene)
    if place is not None and offset is not None:
        check_offset(at, offset, scene)
    return When(at=at, zone=scene.zone, text=text, assumed=assumed)


def _scene(text: str, now: datetime, zone: str, past: bool) -> Scene:
    scene = Scene(text=text, now=now, zone=zone, tz=UTC, past=past)
    if not 1970 <= now.year < 9990:
        raise TimeError(f"now is in the year {now.year}", "set the clock of this computer")
    clock = zone_called(zone)
    if clock is None:
        refuse_zone(zone)
    return scene.replace(tz=clock)
