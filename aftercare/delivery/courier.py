"""Carries reminders to their targets: each once, however often and by whomever it is called.

The order of steps is the promise. That a message is about to be sent is written down before it
is sent; that it was sent, after. A crash in between leaves a message that may have arrived; it
is sent again and says so, for silence would be worse.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from aftercare.core.reminders import HORIZON, NEWS_FOR, TOGETHER, Letter, Notice, due
from aftercare.core.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import tzinfo
    from typing import Any, Protocol

    from aftercare.core.model import Plan

    class Delivery(Protocol):
        """How far a notice is with a target."""

        @property
        def begun(self) -> bool: ...
        @property
        def done(self) -> bool: ...
        @property
        def attempts(self) -> int: ...
        @property
        def next_try(self) -> "datetime | None": ...

    class Waiting(Protocol):
        """A person of whom something may be due."""

        @property
        def name(self) -> str: ...

    class Ledger(Protocol):
        """What the courier writes down, and reads again."""

        def waiting(self, now: datetime) -> "Sequence[Any]": ...
        def wake(self, person: "Any", at: "datetime | None") -> None: ...
        def deliveries(self, target: str, person: str) -> "dict[str, Any]": ...
        def begin(self, target: str, person: str, keys: "Iterable[str]", now: datetime) -> None: ...
        def end(
            self,
            target: str,
            person: str,
            keys: "Iterable[str]",
            now: datetime,
            next_try: "datetime | None" = None,
        ) -> None: ...
        def prune(self, before: datetime) -> None: ...


#: A target that fails is tried again after this long, then after twice as long each time …
FIRST_PAUSE = timedelta(minutes=1)
#: … but at least this often.
LONGEST_PAUSE = timedelta(hours=1)

#: What was delivered longer ago is forgotten; it must be longer than any notice stays true.
KEPT_FOR = timedelta(days=40)

#: What was due longer ago is of no interest.
BACK = NEWS_FOR + 2 * TOGETHER
_INSTANT = timedelta(microseconds=1)


class Channel(Value):
    """A way out: `id` tells it apart in the ledger, `name` is for people to read.

    `send` raises `OSError` when it fails. `person` restricts it to the reminders of one; ""
    takes everyone's.
    """

    id: str
    name: str
    send: "Callable[[Letter], None]"
    person: str = ""


class Case(Value):
    """One person's plans. `told_at` is, by a treatment's number, when its plan was shown."""

    person: str
    plans: "tuple[Plan, ...]"
    told_at: "dict[int, datetime]"


class Outcome(Value):
    """What became of one message; `error` is "" when it was delivered."""

    channel: str
    person: str
    notices: "tuple[Notice, ...]"
    error: str = ""


def go_round(
    ledger: "Ledger",
    channels: "Sequence[Channel]",
    case_of: "Callable[[str], Case]",
    write: "Callable[[Case, Sequence[Notice], bool], Letter]",
    now: datetime,
    zone: "tzinfo",
) -> "list[Outcome]":
    """Deliver what is due at `now` and was not delivered; return what became of each message.

    Only one process may do so at a time. What is late is delivered while it is true, all of a
    person in one message for each channel. Channels do not wait for one another.
    """
    waiting = [(person, case_of(person.name)) for person in ledger.waiting(now)]
    letters = [
        (channel, case, notices, repeated)
        for _, case in waiting
        for channel in channels
        if channel.person.casefold() in ("", case.person.casefold())
        for notices, repeated in _open(ledger, channel, case, now, zone)
    ]
    outcomes = list(_deliver(ledger, letters, write, now))
    for person, case in waiting:
        ledger.wake(person, _next(ledger, channels, case, now, zone))
    if waiting:
        ledger.prune(now - KEPT_FOR)
    return outcomes


def pending(case: Case, now: datetime, zone: "tzinfo") -> "list[Notice]":
    """Return what is due at `now` and still true, and came after the plan was shown."""
    return [
        notice
        for reminder in due(case.plans, now - BACK, now + _INSTANT, zone)
        for notice in reminder.notices
        if now < notice.until
        if notice.at > case.told_at.get(notice.treatment.id or 0, notice.treatment.treated_at)
    ]


def _open(
    ledger: "Ledger", channel: Channel, case: Case, now: datetime, zone: "tzinfo"
) -> "Iterator[tuple[list[Notice], bool]]":
    """What a channel has still to deliver, if anything, and whether it may be a repeat."""
    notices = pending(case, now, zone)
    if not notices:
        return
    known = ledger.deliveries(channel.id, case.person)
    wanted = []
    repeated = False
    for notice in notices:
        delivery = known.get(notice.key)
        if delivery is not None:
            if delivery.done or (delivery.next_try and now < delivery.next_try):
                continue
            repeated = True  # begun by a process that ended, or failed in a way that is not clear
        wanted.append(notice)
    if wanted:
        yield wanted, repeated


def _deliver(
    ledger: "Ledger",
    letters: "Sequence[tuple[Channel, Case, list[Notice], bool]]",
    write: "Callable[[Case, Sequence[Notice], bool], Letter]",
    now: datetime,
) -> "Iterator[Outcome]":
    """Send the letters, each channel's in a thread of its own."""
    by_channel: dict[str, list[tuple[Channel, Case, list[Notice], bool]]] = {}
    for letter in letters:
        by_channel.setdefault(letter[0].id, []).append(letter)

    def carry(own: "list[tuple[Channel, Case, list[Notice], bool]]") -> "list[Outcome]":
        return [_carry(ledger, write, now, *letter) for letter in own]

    if len(by_channel) < 2:
        yield from (outcome for own in by_channel.values() for outcome in carry(own))
        return
    with ThreadPoolExecutor(len(by_channel)) as threads:
        for outcomes in threads.map(carry, by_channel.values()):
            yield from outcomes


def _carry(
    ledger: "Ledger",
    write: "Callable[[Case, Sequence[Notice], bool], Letter]",
    now: datetime,
    channel: Channel,
    case: Case,
    notices: "list[Notice]",
    repeated: bool,
) -> Outcome:
    keys = [notice.key for notice in notices]
    letter = write(case, notices, repeated)
    ledger.begin(channel.id, case.person, keys, now)
    try:
        channel.send(letter)
    except OSError as error:
        known = ledger.deliveries(channel.id, case.person)
        attempts = max(known[key].attempts for key in keys)
        pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
        ledger.end(channel.id, case.person, keys, now, now + pause)
        return Outcome(channel.name, case.person, tuple(notices), str(error) or "it failed")
    ledger.end(channel.id, case.person, keys, now)
    return Outcome(channel.name, case.person, tuple(notices))


def _next(
    ledger: "Ledger", channels: "Sequence[Channel]", case: Case, now: datetime, zone: "tzinfo"
) -> "datetime | None":
    """When to look at a person again: at the next reminder, or the next try of a failed one."""
    times = [r.at for r in due(case.plans, now + _INSTANT, now + HORIZON, zone)[:1]]
    keys = {notice.key for notice in pending(case, now, zone)}
    for channel in channels:
        for key, delivery in ledger.deliveries(channel.id, case.person).items():
            if key in keys and delivery.next_try is not None:
                times.append(delivery.next_try)
    return min(times, default=None)
