"""Client by client: all appointments of each together, whatever order a file has them in.

What one treatment permits another may forbid, so whatever a client is handed or told comes of
all their treatments at once. They are gathered in a temporary database, which SQLite keeps on
disk once it is large, and not in memory.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from aftercare.batch.rows import FORMAT_VERSION, Appointment, Planner, Rejected, rejected
from aftercare.batch.writing import file_name, write_own
from aftercare.core.model import Plan, Rulebook, zone_of
from aftercare.core.reminders import Reminder, due
from aftercare.core.schedule import over_at, plan
from aftercare.core.spans import Ends
from aftercare.errors import AftercareError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from aftercare.batch.rows import ReadTime

#: Clients whose files are made in one go.
AT_ONCE = 8

#: Makes a client's files of the client as written and the plans of all their treatments, which are
#: numbered and name no person: bytes by kind. A kind is a folder and an ending, ``pages/.html``;
#: what tells the client apart comes between. It goes to each worker, so it must be picklable.
Documents = Callable[[str, list[Plan]], Mapping[str, bytes]]


def by_client(
    appointments: "Iterable[Appointment | Rejected]",
    planner: Planner,
    reject: "Callable[[Rejected], object]",
) -> "Iterator[list[list[Appointment]]]":
    """Yield the appointments of some clients, those of each in the order of their lines.

    Clients come in the order of their first line. What cannot be planned goes to `reject`, in
    the order of lines, before the first client comes.
    """

    def records() -> "Iterator[tuple[str | int, ...]]":
        for appointment in appointments:
            if isinstance(appointment, Rejected):
                reject(appointment)
                continue
            try:
                planner.treatment(appointment)
            except AftercareError as error:
                reject(rejected(appointment, error))
                continue
            client, treatment, at, zone, facts, line = appointment
            yield client, line, json.dumps([treatment, at, zone, facts])

    with closing(sqlite3.connect("")) as base:  # without a name: temporary, and gone afterwards
        base.execute("CREATE TABLE appointments (client TEXT, line INTEGER, rest TEXT)")
        base.executemany("INSERT INTO appointments VALUES (?, ?, ?)", records())
        ordered = base.execute(
            "SELECT client, line, rest FROM appointments JOIN"
            " (SELECT client AS name, min(line) AS first FROM appointments GROUP BY client)"
            " ON name = client ORDER BY first, line"
        )
        clients = (
            [_appointment(*row) for row in rows] for _, rows in groupby(ordered, lambda row: row[0])
        )
        while some := list(islice(clients, AT_ONCE)):
            yield some


def _appointment(client: str, line: int, rest: str) -> Appointment:
    treatment, at, zone, facts = json.loads(rest)
    return Appointment(client, treatment, at, zone, tuple(map(tuple, facts)), line)


class FileRow(NamedTuple):
    """A file that was made for a client; `file` is its path within the folder."""

    format_version: str
    client: str
    file: str


class ClientFiles:
    """Writes the files of some clients; goes to each worker once."""

    def __init__(
        self, rules: Rulebook, read_time: "ReadTime | None", documents: Documents, folder: Path
    ) -> None:
        self.given = rules, read_time, documents, folder
        self.documents = documents
        self.folder = folder
        self.rules = rules
        self.planner = Planner(rules, read_time)

    def __reduce__(self) -> "tuple[type[ClientFiles], tuple[object, ...]]":
        return ClientFiles, self.given

    def __call__(self, clients: "list[list[Appointment]]") -> "list[FileRow]":
        rows = []
        for appointments in clients:
            client = appointments[0].client
            plans = plans_of(appointments, self.planner)
            for kind, content in self.documents(client, plans).items():
                place, _, ending = kind.partition("/")
                name = f"{place}/{file_name(client)}{ending}"
                write_own(self.folder / name, content)
                rows.append(FileRow(FORMAT_VERSION, client, name))
        return rows


class DueRow(NamedTuple):
    """One thing that a client is to hear, as ``due.csv`` has it; every field is text.

    `due_at` and `true_until` are ISO 8601 with the offset of the client's zone; rows of a client
    with the same `due_at` are one message. `kind` is lift, usual, session, care or check.
    `still_off` are the titles of what is off limits then, soonest to lift first.
    """

    format_version: str
    client: str
    due_at: str
    true_until: str
    kind: str
    thing: str
    title: str
    better_wait_until: str
    still_off: str


class Due:
    """Finds what some clients are to hear at ``since <= t < until``; goes to each worker once."""

    def __init__(
        self,
        rules: Rulebook,
        read_time: "ReadTime | None",
        since: "datetime",
        until: "datetime",
    ) -> None:
        self.given = rules, read_time, since, until
        self.rules = rules
        self.planner = Planner(rules, read_time)
        self.since, self.until = since, until

    def __reduce__(self) -> "tuple[type[Due], tuple[object, ...]]":
        return Due, self.given

    def __call__(self, clients: "list[list[Appointment]]") -> "list[DueRow]":
        rows: list[DueRow] = []
        for appointments in clients:
            plans = plans_of(appointments, self.planner)
            begun = min(p.treatments[0].treated_at for p in plans)
            if begun < self.until and self.since <= max(map(_nothing_after, plans)):
                client = appointments[0].client
                for reminder in due(plans, self.since, self.until):
                    rows += _due_rows(client, reminder)
        return rows


def _nothing_after(plan: Plan) -> "datetime":
    """The last instant at which there may be something to tell of a plan."""
    (treatment,), (protocol,) = plan.treatments, plan.protocols
    ends = Ends(treatment.treated_at, zone_of(treatment.zone))
    return max([over_at(plan), *map(ends.of, protocol.check)])


def plans_of(appointments: "list[Appointment]", planner: Planner) -> "list[Plan]":
    """The plans of one client's appointments, each known to have one, in the order of their
    instants; the treatments are numbered and name no person."""
    treatments = [planner.treatment(a).replace(person="") for a in appointments]
    treatments.sort(key=lambda t: t.treated_at)
    return [plan(t.replace(id=n), planner.rules) for n, t in enumerate(treatments, 1)]


def _due_rows(client: str, reminder: Reminder) -> "Iterator[DueRow]":
    still_off = "; ".join(r.title for r in reminder.still_off)
    for notice in reminder.notices:
        zone = zone_of(notice.treatment.zone)
        better = notice.better_wait_until
        yield DueRow(
            FORMAT_VERSION,
            client,
            reminder.at.astimezone(zone).isoformat(),
            notice.until.astimezone(zone).isoformat(),
            notice.kind,
            notice.thing,
            notice.title,
            better.astimezone(zone).isoformat() if better else "",
            still_off,
        )
