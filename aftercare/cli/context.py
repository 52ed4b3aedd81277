"""What a command needs from the machine: the clock, the zone, the folders, the record.

The only module that reads the clock and the environment. Everything here is made when it is
first asked for.
"""

import os
import sys
from datetime import UTC, datetime
from functools import cached_property

from aftercare.cli import places
from aftercare.core.document import rulebook_from
from aftercare.core.model import Treatment, zone_of
from aftercare.core.schedule import plan
from aftercare.errors import InputError, NothingRecordedError, TimeError
from aftercare.rulebook import is_of_this_program, load_document, load_vocabulary, recompile
from aftercare.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any, Literal
    from zoneinfo import ZoneInfo

    from aftercare.core.conditions import FactValue
    from aftercare.core.model import Plan, Rulebook
    from aftercare.core.shelf import OnShelf
    from aftercare.delivery.timers import Job, Machine
    from aftercare.store import Record
    from aftercare.store.ledger import Ledger
    from aftercare.when import When


#: A label's text beyond this many bytes is refused.
LARGEST_LABEL = 200_000


class Context:
    """One run of a command. `zone` is what ``--zone`` said, `rules` what ``--rules`` said.

    `labels` loads the names of ingredients as labels print them, which few commands need.
    """

    def __init__(
        self, zone: "str | None" = None, rules: "Path | None" = None, *, labels: bool = False
    ) -> None:
        self._zone = zone
        self.reads_labels = labels
        self.rules = rules
        self._documents: dict[str, dict[str, Any]] = {}
        self._books: dict[str, Rulebook] = {}

    # -- the machine --------------------------------------------------------------------

    @cached_property
    def now(self) -> datetime:
        """The moment this command began, aware and in UTC; ``AFTERCARE_NOW`` sets it."""
        text = os.environ.get("AFTERCARE_NOW")
        if not text:
            return datetime.now(UTC)
        try:
            now = datetime.fromisoformat(text)
            return (now if now.tzinfo else now.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise TimeError(
                f"AFTERCARE_NOW is {text!r}, which is no time", "set it as 2026-11-23T11:00+00:00"
            ) from None

    @cached_property
    def zone(self) -> "ZoneInfo":
        return zone_of(self._zone or _machine_zone())

    @cached_property
    def home(self) -> str:
        """The folder of everything that is kept; ``AFTERCARE_HOME`` sets it."""
        return places.home()

    @cached_property
    def cache(self) -> str:
        return places.cache()

    @cached_property
    def store(self) -> Store:
        return Store(places.record(self.home))

    @property
    def has_store(self) -> bool:
        """Whether anything was ever kept."""
        return os.path.exists(self.store.path)

    @property
    def caldav_password(self) -> str:
        """The password that the environment gives for a calendar server; "" without one."""
        return os.environ.get("AFTERCARE_CALDAV_PASSWORD", "")

    @cached_property
    def machine(self) -> "Machine":
        """Where timers are kept, and for whom."""
        from getpass import getuser

        from aftercare.delivery.timers import Machine

        home = os.path.expanduser("~")
        domain = os.environ.get("USERDOMAIN")
        return Machine(
            platform=sys.platform,
            home=home,
            config=os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"),
            data=os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"),
            user=f"{domain}\\{getuser()}" if domain else getuser(),
            uid=os.getuid() if hasattr(os, "getuid") else 0,
        )

    @cached_property
    def job(self) -> "Job":
        """What a timer is to run: this Python, with what the environment says of the record."""
        from aftercare.delivery.timers import Job
        from aftercare.delivery.timers.job import carried

        return Job(os.path.abspath(sys.executable), environment=carried(os.environ))

    @cached_property
    def ledger(self) -> "Ledger":
        from aftercare.store.ledger import Ledger

        return Ledger(self.store)

    # -- rules --------------------------------------------------------------------------

    @cached_property
    def vocabulary(self) -> "dict[str, Any]":
        return load_vocabulary(cache=self.cache, labels=self.reads_labels)

    @cached_property
    def document(self) -> "dict[str, Any]":
        """The rule file of ``--rules``, or the default one."""
        return load_document(self.rules, cache=self.cache)

    @cached_property
    def rulebook(self) -> "Rulebook":
        return rulebook_from(self.document, self.vocabulary)

    def rulebook_of(self, record: "Record") -> "Rulebook":
        """The rules by which a treatment was recorded, or those of ``--rules``."""
        if self.rules is not None:
            return self.rulebook
        if record.rules not in self._books:
            document = self._documents.get(record.rules)
            if document is None:
                document = self.store.rules_of(record.rules, record.kind)
            if not is_of_this_program(document):
                files = self.store.rule_files_of(record.rules)
                document = recompile(files, record.rules, cache=self.cache)
            self._books[record.rules] = rulebook_from(document, self.vocabulary)
        return self._books[record.rules]

    # -- times and treatments -----------------------------------------------------------

    def when(self, text: str, prefer: "Literal['past', 'future']") -> "When":
        """Read a time as it is typed; relative ones count from this minute's beginning."""
        from aftercare.when import parse_when

        minute = self.now.replace(second=0, microsecond=0)
        return parse_when(text, now=minute, zone=self.zone.key, prefer=prefer)

    def asked_at(self, text: "str | None") -> datetime:
        return self.now if text is None else self.when(text, "future").at

    def treatment(
        self,
        when: "When",
        kind: "str | None",
        facts: "list[str] | None",
        person: str,
        kept_facts: "dict[str, FactValue] | None" = None,
    ) -> Treatment:
        """The treatment that was typed, its facts checked against the rules."""
        declared = self.rulebook.facts
        kept = {k: v for k, v in (kept_facts or {}).items() if k in declared}
        given = self.rulebook.read_facts({**kept, **parse_facts(facts)})
        protocol = self.rulebook.protocol(kind)
        return Treatment(protocol.id, when.at, when.zone, given, person.strip())

    def plans_for(
        self,
        person: str,
        at: datetime,
        treated_at: "str | None" = None,
        kind: "str | None" = None,
        facts: "list[str] | None" = None,
    ) -> "tuple[list[Plan], tuple[str, ...]]":
        """What is recorded and bears on `at`, or the plan of what was typed, which is not kept.

        Also what had to be assumed of a time that was typed.
        """
        if treated_at is None:
            if kind or facts:
                raise InputError(
                    "--treatment and --fact describe a treatment", "say when it was: --treated-at"
                )
            return self.recorded(person, at), ()
        done = self.when(treated_at, "past")
        return [plan(self.treatment(done, kind, facts, person), self.rulebook)], done.assumed

    def recorded(self, person: str, at: datetime) -> "list[Plan]":
        """The plans of what is recorded and bears on `at`; error 4 when nothing is."""
        if self.rules is None:
            records, documents = self.store.relevant_with_rules(person, at)
            self._documents.update(documents)
        else:  # by which they were recorded is of no account then
            records = self.store.relevant(person, at)
        if not records:
            raise self.nothing(person)
        return self.plans(records)

    def plans(self, records: "Iterable[Record]") -> "list[Plan]":
        return [plan(treatment_of(r), self.rulebook_of(r)) for r in records]

    def shelf(self, person: str, plans: "list[Plan]") -> "list[OnShelf]":
        """The person's own products, with the verdict on each at this moment."""
        products = self.store.shelf(person)
        if not products:
            return []
        from aftercare.core.shelf import shelf

        return shelf(products, plans, self.now)

    def nothing(self, person: str) -> NothingRecordedError:
        people = [name for name in self.store.people() if name]
        for_whom = f" for {person}" if person else ""
        hint = 'begin with: aftercare plan --treated-at "yesterday 3pm"'
        if people:
            hint += f"; recorded for: {', '.join(people)} (--person NAME)"
        return NothingRecordedError(f"no treatment is recorded{for_whom}", hint)


def treatment_of(record: "Record") -> Treatment:
    """A recorded treatment as the core knows it."""
    return Treatment(
        record.kind,
        record.treated_at,
        record.zone,
        record.facts,
        record.person,
        record.id,
        record.overrides,
    )


def parse_facts(facts: "list[str] | None") -> "dict[str, str]":
    """``["depth_mm=0.5"]`` as a mapping; raises `InputError` for anything else."""
    found: dict[str, str] = {}
    for text in facts or ():
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise InputError(f"{text!r} is no fact", "write KEY=VALUE: depth_mm=0.5")
        if name in found:
            raise InputError(f"the fact {name!r} is given twice", "give it once")
        found[name] = value.strip()
    return found


def label_of(file: "str | None", text: "str | None") -> str:
    """The text of a label: as given, from a file, or from standard input for ``-``."""
    if (file is None) == (text is None):
        raise InputError("give one label", "a FILE, - for standard input, or --text TEXT")
    if text is not None or file is None:
        return text or ""
    try:
        if file == "-":
            source = sys.stdin.buffer.read(LARGEST_LABEL + 1)
        else:
            with open(file, "rb") as stream:
                source = stream.read(LARGEST_LABEL + 1)
    except (OSError, ValueError) as error:
        wrong = getattr(error, "strerror", None) or error
        raise InputError(f"{file} cannot be read: {wrong}", "check the path") from None
    if len(source) > LARGEST_LABEL:
        raise InputError(f"{file} is larger than any label", "give the ingredient list alone")
    return source.decode("utf-8-sig", "replace")


def _machine_zone() -> str:
    """The machine's IANA zone. TZ and the usual link answer without loading tzlocal."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name and "TZ" not in os.environ:
        try:
            name = os.readlink("/etc/localtime").partition("zoneinfo/")[2]
        except (OSError, AttributeError):
            name = ""
    if name:
        try:
            return zone_of(name).key
        except InputError:
            pass
    from tzlocal import get_localzone_name

    try:
        return str(get_localzone_name())
    except Exception as error:  # tzlocal raises whatever the platform's parts raise
        raise InputError(
            f"the machine's time zone is not clear ({error})", "say it: --zone Europe/London"
        ) from None
