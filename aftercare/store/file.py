"""The record's file: opened, brought to the newest version, and what is wrong with it in words."""

import os
import sqlite3

from aftercare.errors import StoreError
from aftercare.files import make_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Literal

#: Marks the file as ours ("acar"), so that somebody else's database is never touched.
APPLICATION_ID = 0x61636172

#: Seconds to wait for another process that is writing.
PATIENCE = 10.0

#: The version of the file: so many steps of `migrations` lead to it.
VERSION = 9

#: What to do about a file that is damaged.
DAMAGED = "put back a copy of the file, or move it away to begin anew"


def address_of(path: str, mode: "Literal['rw', 'ro']") -> str:
    """The address by which SQLite opens a file that is there, and makes none."""
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{quoted}?mode={mode}"


class _Connection:
    """The base of both: opens in a ``with`` block, closes after it, says what was wrong."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        if error is None and self._db is not None:
            self._with(self._end, self._db)
        self._close(error)

    def _begin(self, db: sqlite3.Connection) -> None:
        """What is to do before the block."""

    def _end(self, db: sqlite3.Connection) -> None:
        """What is to do after the block, if it ended well."""

    def _open(self, mode: "Literal['rw', 'ro']") -> sqlite3.Connection:
        try:
            self._db = db = sqlite3.connect(
                address_of(self._path, mode), uri=True, timeout=PATIENCE, isolation_level=None
            )
        except sqlite3.DatabaseError as error:
            raise _explained(self._path, error) from None
        self._with(self._begin, db)
        return db

    def _with(self, step: "Callable[[sqlite3.Connection], None]", db: sqlite3.Connection) -> None:
        """Do a step; close when it fails."""
        try:
            step(db)
        except BaseException as error:
            self._close(error)
            raise

    def _close(self, error: BaseException | None) -> None:
        """Roll back what is open and close; raise what SQLite objected to in plain words."""
        db, self._db = self._db, None
        if db is not None:
            try:
                # Closing alone would leave it open while anything still holds a cursor.
                if db.in_transaction:
                    db.execute("ROLLBACK")
            except sqlite3.Error:
                pass
            db.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise _explained(self._path, error) from None


class Reading(_Connection):
    """A connection for reading, or None when nothing was ever recorded."""

    _empty = False

    def __enter__(self) -> sqlite3.Connection | None:
        if not os.path.lexists(self._path):
            return None
        # It must be able to write: it rolls back what a crashed writer left half done.
        db = self._open("rw" if os.access(self._path, os.W_OK) else "ro")
        return None if self._empty else db

    def _begin(self, db: sqlite3.Connection) -> None:
        version = _version_of(db, self._path)
        self._empty = not version
        if 0 < version < VERSION:
            db.execute("BEGIN IMMEDIATE")
            _migrate(db, self._path)
            db.execute("COMMIT")
        db.execute("PRAGMA query_only = ON")


class Transaction(_Connection):
    """A connection in a transaction that is kept if the block ends well."""

    def __enter__(self) -> sqlite3.Connection:
        _make_file(self._path)
        return self._open("rw")

    def _begin(self, db: sqlite3.Connection) -> None:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("BEGIN IMMEDIATE")
        _migrate(db, self._path)

    def _end(self, db: sqlite3.Connection) -> None:
        db.execute("COMMIT")


def _version_of(db: sqlite3.Connection, path: str) -> int:
    """The file's version; 0 for an empty one. Raises for a foreign or a newer file."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application or version or tables:
            raise StoreError(
                f"{path} is another program's database", "set AFTERCARE_HOME to another folder"
            )
    if version > VERSION:
        raise StoreError(
            f"{path} was written by a newer aftercare (format {version})",
            "install that version; this one leaves the file as it is",
        )
    return int(version)


def _migrate(db: sqlite3.Connection, path: str) -> None:
    """Bring the file to the newest version, within the transaction that is open."""
    version = _version_of(db, path)
    if version == VERSION:
        return
    from aftercare.store.migrations import statements

    for statement in statements(version):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")


def _make_file(path: str) -> None:
    try:
        make_folder(os.path.dirname(path))
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}",
            "check the rights of the folder, or set AFTERCARE_HOME to another",
        ) from None


def _explained(path: str, error: sqlite3.DatabaseError) -> StoreError:
    """The cause in plain words, by SQLite's primary result code."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(f"{path} is in use by another program", "try again in a moment")
        case sqlite3.SQLITE_READONLY:
            return StoreError(f"{path} may only be read", "check its rights, or set AFTERCARE_HOME")
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StoreError(
                f"{path} cannot be written: {error}", "the disk may be full; nothing was changed"
            )
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreError(f"{path} cannot be opened: {error}", "check its rights")
        case _:
            return StoreError(f"{path} is damaged: {error}", DAMAGED)
