"""Plans as calendar events, and events as iCalendar text (RFC 5545).

Each change is an event of its own that is seen, since several calendars drop alarms on import.
Changes are pinned to instants and stand in UTC; daily care is one recurring event in floating
local time, so that it follows the clock of wherever the person is.
"""

import hashlib
from datetime import UTC, date, datetime, time, timedelta

from aftercare.core.care import ANY_TIME
from aftercare.core.reminders import HORIZON, due
from aftercare.core.value import Value
from aftercare.outputs.messages import notice_line
from aftercare.outputs.phrases import clean, instant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    import icalendar

    from aftercare.core.model import Plan, Restriction, Treatment
    from aftercare.core.reminders import Notice, Reminder

#: How long an event is shown: a change has no length of its own.
SHOWN_FOR = timedelta(minutes=15)

#: What an event says that hides every name.
DISCREET = "Aftercare: something changes"

#: The end of the key of care that may be done at any time of the day.
ANY = "any"

#: An event of a whole day sounds at this time of it.
DAY_ALARM = timedelta(hours=ANY_TIME.hour, minutes=ANY_TIME.minute)

_DAY = timedelta(days=1)


class Event(Value):
    """An event of a plan. `uid` stays the same when the treatment is corrected.

    `starts` is an aware instant in UTC, a naive local time for care, or a day for care that may
    be done at any time of it; with `days` over one it recurs daily that many times. `treatment`
    is the number in the record, None outside it.
    """

    uid: str
    summary: str
    description: str
    starts: "datetime | date"
    days: int = 1
    treatment: int | None = None
    sequence: int = 0
    cancelled: bool = False
    changed_at: datetime | None = None


def events(plans: "Sequence[Plan]", zone: "tzinfo", identity: str = "") -> "list[Event]":
    """Return the events of plans, in the order of their beginnings.

    `identity` tells this record from those of others; without it, a treatment is told apart by
    what it is. `zone` is where the person is; only the words of descriptions depend on it.
    """
    if not plans:
        return []
    start = min(t.treated_at for p in plans for t in p.treatments)
    care: dict[tuple[str, str], list[Notice]] = {}
    found = []
    for reminder in due(plans, start, start + HORIZON, zone):
        for notice in reminder.notices:
            if notice.kind == "care":
                clock = f"{notice.at.astimezone(zone):%H:%M}"
                clock = ANY if notice.key.endswith(f":{ANY}") else clock
                care.setdefault((notice.thing, clock), []).append(notice)
            else:
                found.append(_change(notice, reminder, zone, identity))
    for (thing, clock), notices in care.items():
        found += _care(thing, clock, notices, zone, identity)
    return sorted(found, key=lambda e: (e.starts.isoformat(), e.uid))


def _change(notice: "Notice", reminder: "Reminder", zone: "tzinfo", identity: str) -> Event:
    lines = []
    if notice.better_wait_until:
        later = instant(notice.better_wait_until, zone)
        lines.append(f"Most published advice waits until {later}.")
    lines += [f"- {s.text}" for s in notice.statements]
    if notice.kind != "check":
        lines.append(_off(reminder.still_off))
    what = ":".join(notice.key.split(":")[:3])
    return Event(
        _uid(identity, notice.treatment, what),
        _for(notice.treatment, notice_line(notice)),
        "\n".join(map(clean, lines)),
        _whole_second(notice.at),
        1,
        notice.treatment.id,
    )


def _whole_second(at: datetime) -> datetime:
    """The next whole second: calendars know no fractions, and nothing may be told too early."""
    return at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)


def _care(
    thing: str, clock: str, notices: "Sequence[Notice]", zone: "tzinfo", identity: str
) -> "Iterator[Event]":
    """One recurring event for each run of days without a gap."""
    days = sorted({n.at.astimezone(zone).date() for n in notices})
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == _DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    first = notices[0]
    for n, run in enumerate(runs):
        starts: datetime | date = run[0]
        if clock != ANY:
            starts = datetime.combine(run[0], time.fromisoformat(clock))
        yield Event(
            _uid(identity, first.treatment, f"care:{thing}:{clock}:{n}"),
            _for(first.treatment, notice_line(first)),
            "",
            starts,
            len(run),
            first.treatment.id,
        )


def _for(treatment: "Treatment", summary: str) -> str:
    return clean(f"{treatment.person}: {summary}" if treatment.person else summary, 300)


def _off(restrictions: "Sequence[Restriction]") -> str:
    if not restrictions:
        return "Nothing is off limits any more."
    return f"Still off limits: {', '.join(r.title for r in restrictions)}."


def _uid(identity: str, treatment: "Treatment", what: str) -> str:
    """Stable, and without a name in it: not even a discreet calendar tells."""
    whose = f"{identity} {treatment.id}"
    if not identity or treatment.id is None:
        whose = f"{treatment.person} {treatment.kind} {treatment.treated_at.isoformat()}"
    return f"{hashlib.sha256(f'{whose} {what}'.encode()).hexdigest()[:32]}@aftercare"


def hidden(event: Event) -> Event:
    """Return an event that tells no name: for a calendar that others see."""
    return event.replace(summary=DISCREET, description="")


def calendar(events: "Iterable[Event]", *, alarm: "timedelta | None" = timedelta()) -> bytes:
    """Return events as one iCalendar text; the same events give the same bytes.

    `alarm` is how long before an event it sounds, None for never.
    """
    import icalendar

    whole = icalendar.Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", "-//aftercare//aftercare//EN")
    whole.add("calscale", "GREGORIAN")
    for event in events:
        whole.add_component(_component(event, alarm))
    return bytes(whole.to_ical())


def _component(event: Event, alarm: "timedelta | None") -> "icalendar.Event":
    import icalendar

    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", _stamp(event).replace(microsecond=0))
    made.add("sequence", event.sequence)
    made.add("dtstart", event.starts)
    if isinstance(event.starts, datetime):
        made.add("duration", SHOWN_FOR)
    if event.days > 1:
        made.add("rrule", {"freq": "daily", "count": event.days})
    made.add("summary", event.summary)
    if event.description:
        made.add("description", event.description)
    made.add("transp", "TRANSPARENT")
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if alarm is not None and not event.cancelled:
        sound = icalendar.Alarm()
        sound.add("action", "DISPLAY")
        sound.add("description", event.summary)
        morning = timedelta() if isinstance(event.starts, datetime) else DAY_ALARM
        sound.add("trigger", morning - alarm)
        made.add_component(sound)
    return made


_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def _stamp(event: Event) -> datetime:
    """When an event was last changed; of one that is not kept, a moment that stays the same."""
    at = event.changed_at or event.starts
    return at if isinstance(at, datetime) and at.tzinfo else _EPOCH
