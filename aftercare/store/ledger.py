"""What was told to whom: targets, deliveries, and when there is something to tell again.

A delivery is written down before it is sent and again after it. What was begun and never ended
may have arrived or not: it is sent again, and says so.
"""

import os
import sqlite3
from contextlib import contextmanager

from aftercare.core.value import Value
from aftercare.errors import InputError, StoreError
from aftercare.files import make_folder
from aftercare.store import Store, from_int, key_of, to_int

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime


class Target(Value):
    """Where reminders are sent: an Apprise URL; `person` restricts it to theirs."""

    id: int
    url: str
    person: str = ""


class Delivery(Value):
    """How far the delivery of a notice to a target is; `next_try` is None unless it failed."""

    begun: bool
    done: bool
    attempts: int
    next_try: "datetime | None" = None


class Waiting(Value):
    """A person of whom something may be due; `changes` counts those of their treatments."""

    name: str
    changes: int


class Ledger:
    """The part of a `Store` that reminders need."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def alone(self) -> "Iterator[bool]":
        """Hold the right to deliver; False when another process has it.

        The lock is the operating system's, on a file beside the record: it ends with the process.
        """
        path = f"{self._store.path}.remind"
        try:
            make_folder(os.path.dirname(path))
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror or error}") from None
        lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                yield False
                return
            yield True
        finally:
            lock.close()

    # -- targets and settings -----------------------------------------------------------

    def targets(self) -> "list[Target]":
        """Return the targets that are kept, in the order in which they were added."""
        with self._store.reading() as db:
            rows = db.execute("SELECT id, url, person FROM targets ORDER BY id") if db else ()
            return [Target(*row) for row in rows]

    def add_target(self, url: str, person: str) -> "tuple[Target, bool]":
        """Keep a target; return it and whether it is new."""
        with self._store.transaction() as db:
            new = db.execute(
                "INSERT INTO targets (url, person) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (url, person),
            ).rowcount
            select = "SELECT id, url, person FROM targets WHERE url = ? AND person = ?"
            return Target(*db.execute(select, (url, person)).fetchone()), bool(new)

    def remove_target(self, id: int) -> Target:
        """Drop a target by its number; `InputError` when there is none."""
        with self._store.transaction() as db:
            select = "SELECT id, url, person FROM targets WHERE id = ?"
            row = db.execute(select, (id,)).fetchone() if abs(id) < 2**63 else None
            if row is None:
                raise InputError(f"no target {id} is kept", "see aftercare remind to list")
            db.execute("DELETE FROM targets WHERE id = ?", (id,))
            return Target(*row)

    def setting(self, name: str) -> str:
        """Return what is kept under a name, "" when nothing is."""
        with self._store.reading() as db:
            select = "SELECT value FROM settings WHERE name = ?"
            row = db and db.execute(select, (name,)).fetchone()
            return row[0] if row else ""

    def keep_setting(self, name: str, value: str) -> None:
        with self._store.transaction() as db:
            db.execute("REPLACE INTO settings VALUES (?, ?)", (name, value))

    # -- when there is something to tell ------------------------------------------------

    def waiting(self, now: "datetime") -> "list[Waiting]":
        """Return the people of whom something may be due at `now`; an index finds them."""
        with self._store.reading() as db:
            rows = db.execute(WAITING, (to_int(now),)) if db else ()
            return [Waiting(*row) for row in rows]

    def next_at(self) -> "datetime | None":
        """Return the earliest instant at which something may be due for anyone."""
        with self._store.reading() as db:
            row = (
                db
                and db.execute(
                    "SELECT next_at FROM agenda WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1"
                ).fetchone()
            )
            return from_int(row[0]) if row else None

    def wake(self, person: "Waiting", at: "datetime | None") -> None:
        """Set when something may be due for a person again, None for never.

        It is left alone when a treatment of theirs was changed since they were found waiting.
        """
        moment = None if at is None else to_int(at)
        with self._store.transaction() as db:
            db.execute(
                "UPDATE agenda SET next_at = ? WHERE person = ? AND changes = ?",
                (moment, key_of(person.name), person.changes),
            )

    def live_by(self, circumstances: str, not_over_at: "datetime") -> None:
        """Look anew at everyone whose plan is not over when the circumstances have changed.

        They are what the agenda depends on beside the plans: the zone, and the targets.
        """
        known = self.setting("circumstances")
        if known == circumstances:
            return
        with self._store.transaction() as db:
            if known:  # before the first time nothing was computed for other ones
                db.execute(
                    "UPDATE agenda SET next_at = 0 WHERE person IN"
                    " (SELECT person FROM treatments WHERE over_at > ?)",
                    (to_int(not_over_at),),
                )
            db.execute("REPLACE INTO settings VALUES ('circumstances', ?)", (circumstances,))

    # -- deliveries ---------------------------------------------------------------------

    def deliveries(self, target: str, person: str) -> "dict[str, Delivery]":
        """Return how far each notice of a person is with a target, by the notice's key."""
        with self._store.reading() as db:
            rows = (
                db.execute(
                    "SELECT key, state, attempts, next_try FROM deliveries"
                    " WHERE target = ? AND person = ?",
                    (target, key_of(person)),
                )
                if db
                else ()
            )
            return {
                key: Delivery(state == "begun", state == "done", attempts, _instant(next_try))
                for key, state, attempts, next_try in rows
            }

    def begin(self, target: str, person: str, keys: "Iterable[str]", now: "datetime") -> None:
        """Write down that these notices are about to be sent."""
        with self._store.transaction() as db:
            db.executemany(
                "INSERT INTO deliveries (target, person, key, state, attempts, changed_at)"
                " VALUES (?, ?, ?, 'begun', 1, ?) ON CONFLICT DO UPDATE SET"
                " state = 'begun', attempts = attempts + 1, next_try = NULL, changed_at = ?4",
                [(target, key_of(person), key, to_int(now)) for key in keys],
            )

    def end(
        self,
        target: str,
        person: str,
        keys: "Iterable[str]",
        now: "datetime",
        next_try: "datetime | None" = None,
    ) -> None:
        """Write down that they were delivered, or when to try again."""
        state = "done" if next_try is None else "failed"
        moment = None if next_try is None else to_int(next_try)
        with self._store.transaction() as db:
            db.executemany(
                "UPDATE deliveries SET state = ?, next_try = ?, changed_at = ?"
                " WHERE target = ? AND person = ? AND key = ?",
                [(state, moment, to_int(now), target, key_of(person), key) for key in keys],
            )

    def prune(self, before: "datetime") -> None:
        """Drop what was written down before an instant: nothing so old is told again."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM deliveries WHERE changed_at < ?", (to_int(before),))


WAITING = (
    "SELECT p.name, a.changes FROM agenda a JOIN people p USING (person) WHERE a.next_at <= ?"
    " ORDER BY a.next_at, a.person"
)


def _instant(moment: "int | None") -> "datetime | None":
    return None if moment is None else from_int(moment)
