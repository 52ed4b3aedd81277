"""A look at the record that never changes it, never waits and never fails.

For what is only a help while typing: whatever is wrong with the file, there is nothing to see.
"""

import sqlite3

from aftercare.store import key_of
from aftercare.store.file import APPLICATION_ID, address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Seconds to wait for another process that is writing.
PATIENCE = 0.2

#: More rows than anybody looks through.
MOST = 200


def people(path: str) -> "list[str]":
    """Return the names of those with a recorded treatment."""
    sql = (
        "SELECT name FROM people p WHERE name <> '' AND EXISTS"
        " (SELECT 1 FROM treatments t WHERE t.person = p.person) ORDER BY name"
    )
    return [str(name) for (name,) in _rows(path, sql)]


def treatments(path: str) -> "list[tuple[int, str, str, int, str]]":
    """Return number, kind, person, instant in microseconds since 1970 and zone, latest first."""
    sql = (
        "SELECT t.id, t.kind, p.name, t.treated_at, t.zone FROM treatments t JOIN people p"
        " USING (person) ORDER BY t.id DESC"
    )
    return [(int(i), str(k), str(p), int(at), str(z)) for i, k, p, at, z in _rows(path, sql)]


def products(path: str, person: str) -> "list[str]":
    """Return the names of a person's own products."""
    sql = "SELECT name FROM products WHERE person = ? ORDER BY id"
    return [str(name) for (name,) in _rows(path, sql, key_of(person))]


def _rows(path: str, sql: str, *values: str) -> "list[Any]":
    db = None
    try:
        db = sqlite3.connect(address_of(path, "ro"), uri=True, timeout=PATIENCE)
        if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            return []
        return db.execute(f"{sql} LIMIT {MOST}", values).fetchall()
    except (sqlite3.Error, ValueError):
        return []
    finally:
        if db is not None:
            db.close()
