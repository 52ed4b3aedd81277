"""What was handed to calendars, so that a change there is a change and not a second event."""

import json
import os
from datetime import date, datetime, timedelta

from aftercare.store import Store, from_int, key_of, to_int

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Any

#: A cancelled event is handed out for this long after it would have begun.
TOLD_FOR = timedelta(days=60)


class Published:
    """The part of a `Store` that calendars need."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def text(self, person: str, basis: str, now: datetime) -> "bytes | None":
        """Return the calendar kept of a person, if it was made from `basis` and is still true."""
        with self._store.reading() as db:
            row = (
                db
                and db.execute(
                    "SELECT text FROM calendar_texts WHERE person = ? AND basis = ? AND until > ?",
                    (key_of(person), basis, to_int(now)),
                ).fetchone()
            )
            return bytes(row[0]) if row and row[0] else None

    def publish(
        self,
        person: str,
        events: "Callable[[str], Iterable[Any]]",
        treatments: "Collection[int]",
        kind: "type[Any]",
        now: datetime,
        basis: str,
        write: "Callable[[list[Any]], bytes]",
    ) -> "tuple[list[Any], bytes]":
        """Return the events as they are to be handed out, numbered, and those that fell away.

        `events` makes all that follow from these `treatments`, for the text that tells this
        record from all others. One that differs from what was handed out before has a higher
        `sequence`. What was handed out of them and is no event any more is cancelled, like that
        of a treatment that was forgotten. `kind` is the type of the events. What `write` makes
        of them is returned too, and kept for as long as all that it follows from, `basis`, is
        the same; without any event nothing is.
        """
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT uid, sequence, body, treatment, cancelled, changed_at"
                " FROM calendar_events WHERE person = ?",
                (key_of(person),),
            )
            before = {row[0]: row for row in rows}
            ids = db.execute("SELECT id FROM treatments WHERE person = ?", (key_of(person),))
            others = {id for (id,) in ids}.difference(treatments)
            found, until = [], now + TOLD_FOR
            given = {event.uid: event for event in events(_identity(db))}
            for uid, event in given.items():
                body = _body(event)
                row = before.get(uid)
                if row is None or row[2] != body or row[4]:
                    sequence = 0 if row is None else row[1] + 1
                    _keep(db, person, event, body, sequence, now)
                    found.append(event.replace(sequence=sequence, changed_at=now))
                else:
                    found.append(event.replace(sequence=row[1], changed_at=from_int(row[5])))
            for uid, (_, sequence, body, treatment, cancelled, changed_at) in before.items():
                if uid in given or treatment in others:
                    continue  # or it belongs to a treatment that is over: it stays as it was
                event = _event(kind, uid, body, treatment)
                if not cancelled:
                    sequence += 1
                    changed_at = to_int(now)
                    db.execute(
                        "UPDATE calendar_events SET sequence = ?, cancelled = 1, changed_at = ?"
                        " WHERE uid = ?",
                        (sequence, changed_at, uid),
                    )
                if from_int(changed_at) > now - TOLD_FOR:
                    until = min(until, from_int(changed_at) + TOLD_FOR)
                    found.append(
                        event.replace(
                            sequence=sequence, cancelled=True, changed_at=from_int(changed_at)
                        )
                    )
            text = write(found) if found else b""
            db.execute(
                "REPLACE INTO calendar_texts (person, basis, until, text) VALUES (?, ?, ?, ?)",
                (key_of(person), basis, to_int(until), text),
            )
            return found, text


def _identity(db: "Any") -> str:
    """What tells this record from all others; made when it is first asked for."""
    db.execute(
        "INSERT INTO settings VALUES ('identity', ?) ON CONFLICT DO NOTHING",
        (os.urandom(16).hex(),),
    )
    (identity,) = db.execute("SELECT value FROM settings WHERE name = 'identity'").fetchone()
    return str(identity)


def _keep(db: "Any", person: str, event: "Any", body: str, sequence: int, now: datetime) -> None:
    db.execute(
        "REPLACE INTO calendar_events"
        " (uid, person, treatment, sequence, body, cancelled, changed_at)"
        " VALUES (?, ?, ?, ?, ?, 0, ?)",
        (event.uid, key_of(person), event.treatment, sequence, body, to_int(now)),
    )


def _body(event: "Any") -> str:
    return json.dumps([event.summary, event.description, event.starts.isoformat(), event.days])


def _event(kind: "type[Any]", uid: str, body: str, treatment: int) -> "Any":
    summary, description, starts, days = json.loads(body)
    at = datetime.fromisoformat(starts) if "T" in starts else date.fromisoformat(starts)
    return kind(uid, summary, description, at, days, treatment)
