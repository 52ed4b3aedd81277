"""Reminders as short messages: a title and a few sentences of plain text."""

from itertools import groupby

from aftercare.core.reminders import Letter
from aftercare.outputs.answer import fold
from aftercare.outputs.phrases import clean, clock, instant, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime, tzinfo

    from aftercare.core.model import Restriction
    from aftercare.core.reminders import Notice, Reminder

#: What a discreet message says, whatever it is about.
DISCREET = Letter(
    "Aftercare: something has changed", "To see what: aftercare now, or aftercare remind list"
)

_REPEATED = "(You may have had this before: it is not certain that it was sent.)"
_MOST_IN_TITLE = 3


def letter(
    notices: "Sequence[Notice]",
    still_off: "Sequence[Restriction]",
    now: "datetime",
    zone: "tzinfo",
    *,
    person: str = "",
    discreet: bool = False,
    repeated: bool = False,
) -> Letter:
    """Return the message of notices that are true at `now`, times in `zone`.

    `discreet` hides every name; `repeated` says that it may have been sent before.
    """
    if discreet:
        title, paragraphs = DISCREET.title, [DISCREET.body]
    else:
        title, paragraphs = _title(notices), _paragraphs(notices, still_off, now, zone)
        title = f"{person}: {title}" if person else title
    if repeated:
        paragraphs = [*paragraphs, _REPEATED]
    return Letter(clean(title, 200), "\n".join(clean(p) for p in paragraphs))


def notice_line(notice: "Notice") -> str:
    """One notice in a few words, for a list of what is coming."""
    match notice.kind:
        case "lift":
            later = " (most advice waits longer)" if notice.better_wait_until else ""
            return f"{notice.title}: allowed again{later}"
        case "usual":
            return f"{notice.title}: past what most advice waits"
        case "session":
            return "the next session is possible"
        case "check":
            return "look for the warning signs"
        case _:
            return f"{notice.title}: today's care"


def coming_text(
    reminders: "Iterable[Reminder]", zone: "tzinfo", width: int, now: "datetime"
) -> str:
    """What is coming, wrapped to `width` columns: each instant with what it brings below it.

    Daily care is told with its next time alone; "" when nothing is coming.
    """
    told, lines, last = set(), [], None
    for notice in sorted((n for r in reminders for n in r.notices), key=lambda n: n.at):
        daily = notice.thing, notice.at.astimezone(zone).time()
        if notice.kind == "care" and daily in told:
            continue
        told.add(daily)
        if notice.at != last:
            lines.append(instant(notice.at, zone, now=now))
            last = notice.at
        lines += fold(clean(notice_line(notice)), width, "  ", "    ")
    return "\n".join(lines)


def _of(notices: "Sequence[Notice]", kind: str) -> "list[Notice]":
    return [n for n in notices if n.kind == kind]


def _title(notices: "Sequence[Notice]") -> str:
    lifts, usual = _of(notices, "lift"), _of(notices, "usual")
    if lifts:
        return f"Allowed again: {_few(lifts)}"
    if _of(notices, "session"):
        return "The next session is possible"
    if _of(notices, "check"):
        return "Time to look at your skin"
    if usual:
        return f"Waited as most advise: {_few(usual)}"
    return f"Today's care: {_few(notices)}"


def _few(notices: "Sequence[Notice]") -> str:
    titles = list(dict.fromkeys(n.title for n in notices))
    more = len(titles) - _MOST_IN_TITLE
    return names(titles) if more <= 0 else f"{', '.join(titles[:_MOST_IN_TITLE])} and {more} more"


def _paragraphs(
    notices: "Sequence[Notice]",
    still_off: "Sequence[Restriction]",
    now: "datetime",
    zone: "tzinfo",
) -> "list[str]":
    def at(moment: "datetime") -> str:
        return instant(moment, zone, now=now)

    found = []
    for moment, lifted in groupby(_of(notices, "lift"), key=lambda n: n.at):
        found.append(f"Since {at(moment)} you may again: {'; '.join(_lifted(lifted, at))}.")
    found += [
        f"Since {at(session.at)} the next session is possible; ask your clinic."
        for session in _of(notices, "session")
    ]
    if usual := _of(notices, "usual"):
        titles = names(list(dict.fromkeys(n.title for n in usual)))
        found.append(f"Past what most published advice waits: {titles}.")
    for check in _of(notices, "check"):
        found.append(f"Time to look at your skin ({check.title}). Call the clinic for:")
        found += [f"- {sign.text}" for sign in check.statements]
    if care := _of(notices, "care"):
        times = [f"{n.title} ({clock(n.at.astimezone(zone))})" for n in care]
        found.append(f"Today's care: {names(list(dict.fromkeys(times)))}.")
    if len(care) == len(notices):
        return found
    if still_off:
        first = still_off[0]
        bans = ", ".join(r.title for r in still_off)
        found.append(f"Still off limits: {bans}. Next: {first.title}, {at(first.ends)}.")
    else:
        found.append("Nothing is off limits any more.")
    return found


def _lifted(notices: "Iterable[Notice]", at: "Callable[[datetime], str]") -> "list[str]":
    return [
        f"{n.title} (most advice waits until {at(n.better_wait_until)})"
        if n.better_wait_until
        else n.title
        for n in notices
    ]
