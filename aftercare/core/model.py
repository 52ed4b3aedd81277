"""The words of the project as values: what a rule file says, and what a treatment leads to.

Instants are aware and in UTC; windows are half-open, ``starts <= t < ends``.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aftercare.core.conditions import Condition, FactType, FactValue
from aftercare.core.names import Lexicon, normalise
from aftercare.core.spans import Span
from aftercare.core.value import Value
from aftercare.errors import InputError, TimeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Years outside these are slips of the pen; within them no date arithmetic overflows.
FIRST_YEAR, LAST_YEAR = 1970, 2200

_NO_FACTS: "Mapping[str, FactValue]" = {}


class Source(Value):
    """Where a figure or a statement was published."""

    id: str
    title: str
    publisher: str = ""
    url: str = ""

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}" if self.publisher else self.title


class Statement(Value):
    """A sentence of the rule file that is passed on as it stands."""

    text: str
    sources: "tuple[Source, ...]" = ()


class Longer(Value):
    """What applies instead when all `conditions` hold, if it is later."""

    conditions: "tuple[Condition, ...]"
    span: Span
    usual: Span | None = None

    def __str__(self) -> str:
        return " and ".join(map(str, self.conditions))


class Avoid(Value):
    """A rule to keep off a thing: `span` is the minimum, `usual` what most advice waits.

    `figures` are what sources print, as the file writes it: ``("charm", "24h-3d")``.
    """

    id: str
    thing: str
    title: str
    span: Span
    usual: Span | None
    why: str
    note: str = ""
    sources: "tuple[Source, ...]" = ()
    longer: "tuple[Longer, ...]" = ()
    figures: "tuple[tuple[str, str], ...]" = ()


class Care(Value):
    """A rule to do something every day for `days` days, at local clock times.

    `at` is empty when any time of the day will do. `start` delays the first time.
    """

    id: str
    thing: str
    title: str
    days: int
    at: "tuple[time, ...]" = ()
    start: Span | None = None
    why: str = ""
    note: str = ""
    sources: "tuple[Source, ...]" = ()
    figures: "tuple[tuple[str, str], ...]" = ()


class Allow(Value):
    """A rule that permits a thing by name, from the treatment on."""

    id: str
    thing: str
    title: str
    why: str = ""
    note: str = ""
    sources: "tuple[Source, ...]" = ()


class Course(Value):
    """Treatments in a row: the next is due when `thing` is free again."""

    thing: str
    sessions: str = ""
    sources: "tuple[Source, ...]" = ()


class Protocol(Value):
    """The rules of one kind of treatment."""

    id: str
    title: str
    names: "tuple[str, ...]" = ()
    avoid: "tuple[Avoid, ...]" = ()
    care: "tuple[Care, ...]" = ()
    allow: "tuple[Allow, ...]" = ()
    call: "tuple[Statement, ...]" = ()
    urgent: "tuple[Statement, ...]" = ()
    check: "tuple[Span, ...]" = ()
    ask_first: "tuple[Statement, ...]" = ()
    notes: "tuple[Statement, ...]" = ()
    course: Course | None = None


class Rulebook(Value):
    """A rule file, read and checked. `sha256` is that of the file's bytes, in hex."""

    title: str
    version: str
    reviewed: str
    sha256: str
    facts: "Mapping[str, FactType]"
    protocols: "Mapping[str, Protocol]"
    lexicon: Lexicon

    def protocol(self, name: "str | None" = None) -> Protocol:
        """Return the protocol of that id or name; without one, the file's first.

        Raises `InputError` naming the ones there are.
        """
        if name is None:
            return self.protocols[next(iter(self.protocols))]
        if name in self.protocols:
            return self.protocols[name]
        wanted = normalise(name)
        for protocol in self.protocols.values():
            if wanted in map(normalise, (protocol.id, protocol.title, *protocol.names)):
                return protocol
        known = ", ".join(self.protocols)
        raise InputError(f"no treatment {name!r} in these rules", f"they have: {known}")

    def read_facts(self, facts: "Mapping[str, object]") -> "dict[str, FactValue]":
        """Check facts against their declarations; raises `FactError`."""
        return {key: FactType.of(self.facts, key).read(value) for key, value in facts.items()}


class Override(Value):
    """A minimum of its own for one treatment: keep off `thing` for `span`, `because` of this.

    It may lengthen what the rules ask; it shortens that only when `shorter_on_purpose`.
    """

    thing: str
    span: Span
    because: str
    shorter_on_purpose: bool = False


class Treatment(Value):
    """What was done, to whom, at which instant, with which facts.

    `kind` is a protocol's id or any of its names. `treated_at` must be aware; it is kept in
    UTC. `zone` is the IANA name in which calendar days are counted; left out, it is that of
    `treated_at` when it has one. `id` is the number in the record, None outside it.
    `overrides` change the minimum of single things, each at most once.

    Raises `TimeError` for a naive or unusable time, `InputError` for an unknown zone.
    """

    kind: str
    treated_at: datetime
    zone: str = ""
    facts: "Mapping[str, FactValue]" = _NO_FACTS
    person: str = ""
    id: int | None = None
    overrides: "tuple[Override, ...]" = ()

    def __post_init__(self) -> None:
        at = self.treated_at
        if at.tzinfo is None or at.utcoffset() is None:
            raise TimeError(
                "a treatment's time needs a time zone",
                "pass an aware datetime: datetime(2026, 11, 22, 15, tzinfo=ZoneInfo(…))",
            )
        if not FIRST_YEAR < at.year < LAST_YEAR:
            raise TimeError(
                f"the year {at.year} is out of reach", f"between {FIRST_YEAR} and {LAST_YEAR}"
            )
        if not self.zone:
            zone = at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else "UTC"
            object.__setattr__(self, "zone", zone)
        zone_of(self.zone)
        if at.tzinfo is not UTC:
            object.__setattr__(self, "treated_at", at.astimezone(UTC))


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; raises `InputError` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"no time zone {name!r}", "use an IANA name: Europe/London, America/New_York, UTC"
        ) from None


class Restriction(Value):
    """An *avoid* rule applied to a treatment: off limits while ``starts <= t < ends``.

    `usual_ends` is never before `ends`; it includes what open facts could add. `decided_by`
    names the line of the rule that set `ends`. `open_facts` are facts nobody gave that
    could move the end. `override` is set when it, and no rule, decided.
    """

    rule: Avoid
    treatment: Treatment
    starts: datetime
    ends: datetime
    usual_ends: datetime
    decided_by: str
    open_facts: "tuple[str, ...]" = ()
    override: Override | None = None

    @property
    def thing(self) -> str:
        return self.rule.thing

    @property
    def title(self) -> str:
        return self.rule.title


class CareDays(Value):
    """A *care* rule applied to a treatment: daily at local time `at`, both days included.

    It follows the clock of wherever the person is. `at` is None when any time will do.
    From the instant `starts` on, the rule permits the thing.
    """

    rule: Care
    treatment: Treatment
    starts: datetime
    first_day: date
    last_day: date
    at: time | None = None


class Product(Value):
    """Something on the shelf; `label` is the text of its label, "" when none was given."""

    name: str
    label: str = ""
    id: int | None = None


class Plan(Value):
    """All that follows from one treatment, or from several merged.

    `rulebooks` are the rule files it came from, one for each treatment, in their order; so is
    `over_at`, when the last restriction of each ends.
    """

    treatments: "tuple[Treatment, ...]"
    protocols: "tuple[Protocol, ...]"
    rulebooks: "tuple[Rulebook, ...]"
    restrictions: "tuple[Restriction, ...]"
    care: "tuple[CareDays, ...]"
    over_at: "tuple[datetime, ...]"

    def statements(self, kind: str) -> "Sequence[Statement]":
        """Return the `call`, `urgent`, `ask_first` or `notes` of all protocols, each once."""
        return tuple(dict.fromkeys(s for p in self.protocols for s in getattr(p, kind)))

    @property
    def next_session(self) -> "datetime | None":
        """The instant from which the next of a course of treatments may be; None without one."""
        things = {p.course.thing for p in self.protocols if p.course}
        return max((r.ends for r in self.restrictions if r.thing in things), default=None)


def each(plans: "Plan | Iterable[Plan]") -> "tuple[Plan, ...]":
    """Return plans one by one, whether one was given or several."""
    return (plans,) if isinstance(plans, Plan) else tuple(plans)
