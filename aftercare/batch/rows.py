"""From appointments to the rows of their plans. The core computes; here it is only repeated.

Every window of a plan is its start plus a length, and these lengths depend on nothing but the
treatment, its facts, and how long the calendar spans of its rules last from that start (a day
with a clock change is longer or shorter). So the core's `plan` is asked once for each such case,
and what it said is laid on every other start of the same case: its *pattern*. Where no clock
changes on the days concerned, the moments are sums; else each is asked of the zone's clock.
"""

from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from aftercare.batch.steady import SteadyDays
from aftercare.core.model import FIRST_YEAR, LAST_YEAR, Treatment, zone_of
from aftercare.core.schedule import plan
from aftercare.core.spans import Ends, Span, instant_of
from aftercare.core.value import Value
from aftercare.errors import AftercareError, InputError, TimeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from aftercare.core.conditions import FactValue
    from aftercare.core.model import Plan, Protocol, Rulebook

    #: Reads a time that is not plain ISO 8601, seen in a zone; raises `TimeError`.
    ReadTime = Callable[[str, str], datetime]

FORMAT_VERSION = "1"

#: The columns that every file of appointments has; all others are facts.
COLUMNS = ("client", "treatment", "treated_at", "zone")

#: Cases kept per process. A clinic has a few dozen; whoever has more pays in time, not in memory.
MOST_CASES = 1_000

_DAY = timedelta(days=1)


class Appointment(NamedTuple):
    """One treatment of one client, every field as it was written.

    `facts` are pairs of name and text. `line` is where it stood, counted from 1; 0 is nowhere.
    """

    client: str
    treatment: str
    treated_at: str
    zone: str
    facts: "tuple[tuple[str, str], ...]" = ()
    line: int = 0

    @staticmethod
    def of(row: "Mapping[str, object]") -> "Appointment":
        """Make one of a row by column name; empty and None mean that nobody gave the fact.

        `treated_at` is text or an aware datetime: one without a zone raises `TimeError`, since
        the engine that made it may have moved it to a zone of its own.
        """
        at = row.get("treated_at")
        if isinstance(at, datetime):
            if at.utcoffset() is None:
                raise TimeError("a treatment's time needs a time zone", "pass it as text")
            at = at.isoformat()
        facts = [(name, _text(value)) for name, value in row.items() if name not in COLUMNS]
        return Appointment(
            _text(row.get("client")),
            _text(row.get("treatment")),
            _text(at),
            _text(row.get("zone")),
            tuple([fact for fact in facts if fact[1]]),
        )


class PlanRow(NamedTuple):
    """One restriction of one client, as ``plans.csv`` has it; every field is text.

    `treated_at`, `ends` and `usual_ends` are ISO 8601 with the offset of the zone at that
    instant: the thing is off limits while ``treated_at <= t < ends``. `open_facts` are parted by
    spaces. `rules` is the rule file's version and the beginning of its SHA-256.
    """

    format_version: str
    client: str
    treatment: str
    zone: str
    treated_at: str
    thing: str
    title: str
    ends: str
    usual_ends: str
    decided_by: str
    open_facts: str
    rules: str


class Rejected(NamedTuple):
    """An appointment that has no plan, and why."""

    format_version: str
    line: str
    client: str
    reason: str


def plan_rows(
    appointments: "Iterable[Appointment | Mapping[str, object]]",
    rules: "Rulebook",
    read_time: "ReadTime | None" = None,
) -> "Iterator[PlanRow | Rejected]":
    """Yield the rows of each appointment's plan, in the order of `plan`, or its rejection.

    Lazy and without memory of what went by, so it fits wherever a function from an iterator to
    an iterator does. Times are ISO 8601; `read_time` may read others.
    """
    planner = Planner(rules, read_time)
    for appointment in appointments:
        try:
            if not isinstance(appointment, Appointment):
                appointment = Appointment.of(appointment)
            planned = planner.planned(appointment)
        except AftercareError as error:
            yield rejected(appointment, error)
        else:
            yield from planned.rows()


def rejected(
    appointment: "Appointment | Mapping[str, object]", error: AftercareError
) -> "Rejected":
    """Return the rejection of an appointment by an error, what would be right included.

    The error forgets where it was raised: that would keep all that was at hand there, in a ring
    that nothing breaks but the search for garbage.
    """
    error.__traceback__ = error.__context__ = error.__cause__ = None
    reason = f"{error.message}; {error.hint}" if error.hint else error.message
    if not isinstance(appointment, Appointment):
        return Rejected(FORMAT_VERSION, "", _text(appointment.get("client")), reason)
    return Rejected(FORMAT_VERSION, str(appointment.line or ""), appointment.client, reason)


class Planner:
    """Plans appointments by one rule file; remembers the cases it has met."""

    def __init__(self, rules: "Rulebook", read_time: "ReadTime | None" = None) -> None:
        self.rules = rules
        self.read_time = read_time
        self.label = f"{rules.version}+{rules.sha256[:12]}"
        self._kinds: dict[tuple[str, tuple[tuple[str, str], ...]], _Kind] = {}
        self._patterns: dict[tuple[_Kind, tuple[timedelta, ...]], _Pattern] = {}
        self._zones: dict[str, _Zone] = {}
        self._dates = _Dates()

    def treatment(self, appointment: Appointment) -> Treatment:
        """Return the appointment as the core knows it; raises `InputError` and its family."""
        kind = self._kind(appointment)
        at = self._instant(appointment, self._zone(appointment))
        return Treatment(kind.protocol.id, at, appointment.zone, kind.facts, appointment.client)

    def planned(self, appointment: Appointment) -> "Planned":
        """Return the plan of an appointment, ready to be written; raises `InputError`."""
        kind, zone = self._kind(appointment), self._zone(appointment)
        at = _wall(appointment.treated_at)
        found = None
        if at is not None and FIRST_YEAR + 1 < at.year < LAST_YEAR - 1:
            found = self._with_one_offset(appointment, kind, zone, at)
            found = found or self._on_steady_days(appointment, kind, zone, at)
        return found or self._by_the_clock(appointment, kind, zone)

    def _with_one_offset(
        self, appointment: Appointment, kind: "_Kind", zone: "_Zone", at: datetime
    ) -> "Planned | None":
        """The same as `_on_steady_days`, sooner; None when the offset changes before its end."""
        pattern, first = kind.usual, at.toordinal()
        offset = zone.days.one_offset(first, pattern.days) if pattern else None
        if pattern is None or offset is None:
            return None
        dates = self._dates
        begins = []
        clocks = []
        for length in pattern.remainders:
            moment = at + length
            begins.append(moment.toordinal())
            clocks.append(moment.isoformat()[10:].encode() + offset.text)
        texts = [dates[begins[n] + days] + clocks[n] for days, n in pattern.moments]
        return Planned(appointment, kind.protocol.id, texts, pattern)

    def _on_steady_days(
        self, appointment: Appointment, kind: "_Kind", zone: "_Zone", at: datetime
    ) -> "Planned | None":
        """The same as `_by_the_clock`, sooner; None when a clock change is near the start.

        `at` is the naive local time of the treatment.
        """
        days, first = zone.days, at.toordinal()
        today = days[first]
        if today is None:
            return None
        start = at.replace(tzinfo=UTC) - today.length
        ends = [days[first + n] for n in kind.days]
        lengths = kind.lengths
        if ends.count(today) != len(ends):
            end_of = Ends(start, zone.info).of
            lengths = tuple(
                [
                    end_of(Span(days=n)) - start
                    if there is None
                    else length + today.length - there.length
                    for n, length, there in zip(kind.days, lengths, ends, strict=True)
                ]
            )
        pattern = self._pattern(appointment, kind, lengths)
        clock = at.isoformat()[10:].encode() + today.text
        texts = []
        for after, (whole, rest) in zip(pattern.afters, pattern.moments, strict=True):
            if rest == 0 and days[first + whole] is today:
                texts.append(self._dates[first + whole] + clock)
                continue
            end = at + after
            there = days[end.toordinal()]
            if there is None:
                texts.append((start + after).astimezone(zone.info).isoformat().encode())
            else:
                shifted = end + (there.length - today.length)
                texts.append(shifted.isoformat().encode() + there.text)
        return Planned(appointment, kind.protocol.id, texts, pattern)

    def _by_the_clock(self, appointment: Appointment, kind: "_Kind", zone: "_Zone") -> "Planned":
        """The plan, each moment of it asked of the zone's clock."""
        start = self._instant(appointment, zone).astimezone(UTC)
        if not FIRST_YEAR < start.year < LAST_YEAR:
            self.treatment(appointment)  # which refuses it, and says why
        end_of = Ends(start, zone.info).of
        pattern = self._pattern(
            appointment, kind, tuple([end_of(Span(days=n)) - start for n in kind.days])
        )
        moments = [(start + after).astimezone(zone.info) for after in pattern.afters]
        texts = [moment.isoformat().encode() for moment in moments]
        return Planned(appointment, kind.protocol.id, texts, pattern)

    def _pattern(
        self, appointment: Appointment, kind: "_Kind", lengths: "tuple[timedelta, ...]"
    ) -> "_Pattern":
        case = kind, lengths
        pattern = self._patterns.get(case)
        if pattern is None:
            if len(self._patterns) >= MOST_CASES:
                self._patterns.clear()
            found = plan(self.treatment(appointment), self.rules)
            pattern = self._patterns[case] = _Pattern(found, self.label, kind)
            if lengths == kind.lengths:
                kind.usual = pattern
        return pattern

    def _kind(self, appointment: Appointment) -> "_Kind":
        key = (appointment.treatment, appointment.facts)
        kind = self._kinds.get(key)
        if kind is None:
            if not appointment.treatment:
                raise InputError(
                    "no treatment is given", f"one of {', '.join(self.rules.protocols)}"
                )
            protocol = self.rules.protocol(appointment.treatment)
            kind = _Kind(protocol, self.rules.read_facts(dict(appointment.facts)))
            if len(self._kinds) >= MOST_CASES:
                self._kinds.clear()
            self._kinds[key] = kind
        return kind

    def _zone(self, appointment: Appointment) -> "_Zone":
        if not appointment.client:
            raise InputError("no client is given", "a name or number of your own")
        zone = self._zones.get(appointment.zone)
        if zone is None:
            if not appointment.zone:
                raise InputError("no zone is given", "an IANA name: Europe/London")
            zone = self._zones[appointment.zone] = _Zone(zone_of(appointment.zone))
        return zone

    def _instant(self, appointment: Appointment, zone: "_Zone") -> datetime:
        return _iso(appointment.treated_at, zone.info) or self._other_time(appointment)

    def _other_time(self, appointment: Appointment) -> datetime:
        text = appointment.treated_at
        if not text:
            raise TimeError("no time is given", "as 2026-11-22T15:00")
        if self.read_time is None:
            raise TimeError(f"{text!r} is not ISO 8601", "write it as 2026-11-22T15:00")
        return self.read_time(text, appointment.zone)


class _Dates(dict[int, bytes]):
    """Days, by their number, as ISO 8601 has them."""

    def __missing__(self, day: int) -> bytes:
        if len(self) >= MOST_CASES:
            self.clear()
        text = self[day] = date.fromordinal(day).isoformat().encode()
        return text


class _Zone:
    """A zone, and its days without a clock change."""

    def __init__(self, info: "ZoneInfo") -> None:
        self.info = info
        self.days = SteadyDays(info)


class _Kind:
    """A protocol with certain facts.

    `days` are those of its calendar spans, `lengths` how long they are while no clock changes,
    and `usual` the pattern of such a case, once there was one.
    """

    usual: "_Pattern | None" = None

    def __init__(self, protocol: "Protocol", facts: "Mapping[str, FactValue]") -> None:
        self.protocol = protocol
        self.facts = facts
        self.days = tuple(dict.fromkeys(s.days for s in _spans(protocol.avoid) if s.days))
        self.lengths = tuple([timedelta(n) for n in self.days])


def _spans(value: object) -> "Iterator[Span]":
    """Every span within a value, whatever field it stands in."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _spans(item)
    elif isinstance(value, Value):
        for field in type(value).__match_args__:
            yield from _spans(getattr(value, field))


class _Pattern:
    """The restrictions of one case: each end as the place of a length among `afters`, of which
    the first, nothing, is that of the start.

    `moments` are the same lengths in whole days and, as its place among `remainders`, the rest of
    a day. Within `days` after the start is all that the plan depends on.
    """

    def __init__(self, found: "Plan", label: str, kind: _Kind) -> None:
        start, restrictions = found.treatments[0].treated_at, found.restrictions
        ends = [end for r in restrictions for end in (r.ends, r.usual_ends)]
        self.afters = tuple([end - start for end in dict.fromkeys([start, *ends])])
        place = {length: number for number, length in enumerate(self.afters)}
        self.remainders = tuple(dict.fromkeys([length % _DAY for length in self.afters]))
        self.moments = [(n.days, self.remainders.index(n % _DAY)) for n in self.afters]
        self.days = max(1 + max(self.afters).days, *kind.days, 0)
        self.lines = [
            (r.thing, r.title, place[r.ends - start], place[r.usual_ends - start],
             r.decided_by, " ".join(r.open_facts), label)
            for r in restrictions
        ]  # fmt: skip
        self._csv: dict[str, tuple[bytes, Callable[[list[bytes]], tuple[bytes, ...]]]] = {}

    def csv(self, delimiter: str) -> "tuple[bytes, Callable[[list[bytes]], tuple[bytes, ...]]]":
        """A template of all lines, and what picks its values from the head and the ends.

        Writing 27 rows by one ``%`` takes a twentieth of what the csv module takes, and in
        bytes a third of what it takes in text.
        """
        if delimiter not in self._csv:
            template, places = "", []
            for thing, title, ends, usual_ends, *rest in self.lines:
                before, after = (
                    delimiter.join([field(c, delimiter) for c in cells]).replace("%", "%%")
                    for cells in ((thing, title), rest)
                )
                template += delimiter.join(["%b", before, "%b", "%b", after]) + "\n"
                places += [0, 1 + ends, 1 + usual_ends]
            self._csv[delimiter] = template.encode(), itemgetter(*places) if places else tuple
        return self._csv[delimiter]


class Planned(NamedTuple):
    """An appointment's plan: its pattern, and its start and every end as ISO 8601 in ASCII."""

    appointment: Appointment
    treatment: str
    texts: "list[bytes]"
    pattern: _Pattern

    def rows(self) -> "Iterator[PlanRow]":
        texts = [text.decode() for text in self.texts]
        head = (FORMAT_VERSION, self.appointment.client, self.treatment, self.appointment.zone)
        for thing, title, ends, usual_ends, *rest in self.pattern.lines:
            yield PlanRow(*head, texts[0], thing, title, texts[ends], texts[usual_ends], *rest)

    def csv(self, delimiter: str) -> bytes:
        """Return what `rows` yields, as lines of CSV in UTF-8."""
        template, pick = self.pattern.csv(delimiter)
        if not template:
            return b""
        client = field(self.appointment.client, delimiter)
        head = (FORMAT_VERSION, client, self.treatment, self.appointment.zone, "")
        return template % pick([delimiter.join(head).encode() + self.texts[0], *self.texts])


def field(text: str, delimiter: str) -> str:
    """Return a cell as CSV writes it, in quotes where it must be."""
    if delimiter in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _iso(text: str, zone: "ZoneInfo") -> "datetime | None":
    """Read ``2026-11-22T15:00``, with or without seconds and offset; None for anything else.

    A local time that the clock skipped or repeats is read as the core reads it.
    """
    at = _as_written(text)
    offset = at.utcoffset() if at else None
    if at is None or offset is None:
        return at and instant_of(at, zone)
    usual = timedelta(hours=-12) <= offset <= timedelta(hours=14)
    return at if usual and not offset.seconds % 900 else None


def _wall(text: str) -> "datetime | None":
    """Read ``2026-11-22T15:00`` as the naive local time that it is; None for anything else."""
    at = _as_written(text)
    return at if at and at.tzinfo is None else None


def _as_written(text: str) -> "datetime | None":
    if text[4:5] + text[7:8] != "--" or text[10:11] not in ("T", " ") or text[13:14] != ":":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
