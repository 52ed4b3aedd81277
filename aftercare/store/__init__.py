"""The record of treatments: one SQLite file that its owner alone can read.

Each public method is one transaction: a crash leaves the state before it or after it.
Instants are kept as whole microseconds since 1970 in UTC.
"""

import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta

from aftercare.core.lazy import LazyMapping
from aftercare.core.model import Override, Product
from aftercare.core.spans import parse_span
from aftercare.core.value import Value
from aftercare.errors import InputError, StoreError
from aftercare.store.file import DAMAGED, Reading, Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Any, Literal

    from aftercare.core.conditions import FactValue
    from aftercare.core.model import Treatment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Record(Value):
    """A recorded treatment, with the rules it was given by.

    `rules` is the sha256 of the rule file; `recorded_at` is aware and in UTC.
    """

    id: int
    person: str
    kind: str
    treated_at: datetime
    zone: str
    facts: "Mapping[str, FactValue]"
    rules: str
    recorded_at: datetime
    overrides: "tuple[Override, ...]" = ()


class Store:
    """The record in one file, made on the first write. Raises `StoreError` when it is wrong."""

    def __init__(self, path: "str | Path") -> None:
        self.path = os.fspath(path)

    # -- treatments ---------------------------------------------------------------------

    def record(
        self,
        treatment: "Treatment",
        over_at: datetime,
        rules: "tuple[str, Mapping[str, Any]]",
        now: datetime,
        next_at: "datetime | None" = None,
    ) -> "tuple[int, bool]":
        """Keep a treatment and the document of its rules; return its number and if it is new.

        The same person, kind and instant is the same treatment. Raises `InputError` when it
        was recorded with other facts or overrides: nothing that was typed is dropped silently.
        `next_at` is the first instant after `now` at which the plan has something to tell, if
        it is known.
        """
        person = key_of(treatment.person)
        facts = json.dumps(dict(treatment.facts), sort_keys=True)
        overrides = _overrides_text(treatment.overrides)
        sha256, document = rules
        with self.transaction() as db:
            row = db.execute(
                "SELECT id, facts, overrides FROM treatments"
                " WHERE person = ? AND kind = ? AND treated_at = ?",
                (person, treatment.kind, to_int(treatment.treated_at)),
            ).fetchone()
            if row is not None:
                if row[1] != facts:
                    raise InputError(
                        f"this treatment is recorded already, as number {row[0]}, "
                        f"with {_facts_text(row[1])}",
                        f"to change its facts: aftercare correct {row[0]} --fact KEY=VALUE",
                    )
                if row[2] != overrides:
                    raise InputError(
                        f"this treatment is recorded already, as number {row[0]}, "
                        "with other overrides",
                        f"to change them: aftercare correct {row[0]} --override THING=LENGTH",
                    )
                return row[0], False
            self._person(db, treatment.person)
            _keep_rules(db, sha256, document)
            cursor = db.execute(
                "INSERT INTO treatments (person, kind, treated_at, zone, facts, rulebook, over_at,"
                " recorded_at, overrides) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    person,
                    treatment.kind,
                    to_int(treatment.treated_at),
                    treatment.zone,
                    facts,
                    sha256,
                    to_int(over_at),
                    to_int(now),
                    overrides,
                ),
            )
            if next_at is not None:  # of a first treatment; else the agenda is made anew
                db.execute(
                    "UPDATE agenda SET next_at = ? WHERE person = ? AND changes = 0",
                    (to_int(next_at), person),
                )
            return int(cursor.lastrowid or 0), True

    def correct(self, id: int, treatment: "Treatment", over_at: datetime) -> None:
        """Change time, zone, facts and overrides of a treatment; its rules stay as they are."""
        with self.transaction() as db:
            _one(db, id)
            try:
                db.execute(
                    "UPDATE treatments SET treated_at = ?, zone = ?, facts = ?, over_at = ?,"
                    " overrides = ? WHERE id = ?",
                    (
                        to_int(treatment.treated_at),
                        treatment.zone,
                        json.dumps(dict(treatment.facts), sort_keys=True),
                        to_int(over_at),
                        _overrides_text(treatment.overrides),
                        id,
                    ),
                )
            except sqlite3.IntegrityError:
                raise InputError(
                    "another recorded treatment has that person, kind and time already",
                    f"see aftercare history; to drop this one: aftercare forget {id}",
                ) from None

    def replan(self, id: int, rules: "tuple[str, Mapping[str, Any]]", over_at: datetime) -> None:
        """Give a recorded treatment new rules; the old ones stay in the record."""
        sha256, document = rules
        with self.transaction() as db:
            _one(db, id)
            _keep_rules(db, sha256, document)
            db.execute(
                "UPDATE treatments SET rulebook = ?, over_at = ? WHERE id = ?",
                (sha256, to_int(over_at), id),
            )

    def forget(self, id: int) -> Record:
        """Remove a treatment; return it as it was."""
        with self.transaction() as db:
            record = _one(db, id)
            db.execute("DELETE FROM treatments WHERE id = ?", (id,))
            return record

    def get(self, id: int) -> Record:
        """Return a treatment by its number; `InputError` when there is none."""
        with self.reading() as db:
            if db is None:
                raise InputError(f"no treatment {id} is recorded", "see aftercare history")
            return _one(db, id)

    def relevant(self, person: str, at: datetime) -> "list[Record]":
        """Return the treatments that bear on an instant, oldest first.

        That is every one that is not over by then, and of each kind the latest before it.
        """
        with self.reading() as db:
            return [] if db is None else _relevant(db, person, at)

    def relevant_with_rules(
        self, person: str, at: datetime
    ) -> "tuple[list[Record], dict[str, dict[str, Any]]]":
        """Return the treatments that bear on an instant, and the documents of their rules."""
        with self.reading() as db:
            if db is None:
                return [], {}
            records = _relevant(db, person, at)
            documents: dict[str, dict[str, Any]] = {}
            for record in records:
                if record.rules not in documents:
                    documents[record.rules] = self._document(db, record.rules)
                documents[record.rules]["treatments"].read(db, record.kind)
            return records, documents

    def history(self, person: "str | None" = None) -> "list[Record]":
        """Return all treatments, of one person or of all, latest first."""
        with self.reading() as db:
            if db is None:
                return []
            where, values = (
                ("", ()) if person is None else ("WHERE t.person = ?", (key_of(person),))
            )
            rows = db.execute(f"{_SELECT} {where} ORDER BY t.treated_at DESC, t.id DESC", values)
            return [_record(row) for row in rows]

    def rules_of(self, sha256: str, kind: str = "") -> "dict[str, Any]":
        """Return the document of the rules that a treatment was recorded with.

        It is without the text of the files it was made of: see `rule_files_of`. The rules of
        one `kind` of treatment are read with it, others when they are asked for.
        """
        with self.reading() as db:
            document = self._document(db, sha256)
            document["treatments"].read(db, kind)
            return document

    def rule_files_of(self, sha256: str) -> "list[dict[str, str]]":
        """Return name and text of each rule file that a treatment was recorded with."""
        with self.reading() as db:
            layers: list[dict[str, str]] = self._rules(db, "layers", sha256)
            return layers

    def _document(self, db: "sqlite3.Connection | None", sha256: str) -> "dict[str, Any]":
        document = self._rules(db, "document", sha256)
        if not isinstance(document, dict):
            raise StoreError(f"{self.path} is damaged", DAMAGED)
        treatments = _RulesOfTreatments(self, sha256, document.get("treatments", ()))
        return {**document, "treatments": treatments}

    def _rules(
        self,
        db: "sqlite3.Connection | None",
        column: "Literal['document', 'layers']",
        sha256: str,
    ) -> "Any":
        query = f"SELECT {column} FROM rulebooks WHERE sha256 = ?"  # noqa: S608
        row = db and db.execute(query, (sha256,)).fetchone()
        if not row:
            raise StoreError(f"{self.path} has lost the rules of a treatment", DAMAGED)
        try:
            return json.loads(row[0])
        except ValueError:
            raise StoreError(f"{self.path} is damaged", DAMAGED) from None

    # -- people -------------------------------------------------------------------------

    def facts(self, person: str) -> "dict[str, Any]":
        """Return the facts kept for a person; empty when there are none."""
        with self.reading() as db:
            row = (
                db
                and db.execute(
                    "SELECT facts FROM people WHERE person = ?", (key_of(person),)
                ).fetchone()
            )
            return dict(json.loads(row[0])) if row else {}

    def keep_facts(self, person: str, facts: "Mapping[str, FactValue | None]") -> "dict[str, Any]":
        """Add facts to those of a person, None removes one; return what is kept now."""
        with self.transaction() as db:
            key = key_of(person)
            self._person(db, person)
            (text,) = db.execute("SELECT facts FROM people WHERE person = ?", (key,)).fetchone()
            kept = {**json.loads(text), **facts}
            kept = {name: value for name, value in kept.items() if value is not None}
            db.execute("UPDATE people SET facts = ? WHERE person = ?", (json.dumps(kept), key))
            return kept

    @staticmethod
    def _person(db: sqlite3.Connection, name: str) -> None:
        db.execute(
            "INSERT INTO people (person, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (key_of(name), name),
        )

    def people(self) -> "list[str]":
        """Return the names of all people with a recorded treatment."""
        with self.reading() as db:
            if db is None:
                return []
            rows = db.execute(
                "SELECT name FROM people p WHERE EXISTS"
                " (SELECT 1 FROM treatments t WHERE t.person = p.person) ORDER BY name"
            )
            return [name for (name,) in rows]

    # -- the shelf ----------------------------------------------------------------------

    def put_on_shelf(self, person: str, name: str, label: str) -> "tuple[int, bool]":
        """Keep a product of a person; return its number and whether it is new.

        The same name again takes the new label.
        """
        with self.transaction() as db:
            key, product = key_of(person), key_of(name)
            self._person(db, person)
            row = db.execute(
                "SELECT id FROM products WHERE person = ? AND product = ?", (key, product)
            ).fetchone()
            if row is not None:
                db.execute("UPDATE products SET label = ? WHERE id = ?", (label, row[0]))
                return row[0], False
            cursor = db.execute(
                "INSERT INTO products (person, product, name, label) VALUES (?, ?, ?, ?)",
                (key, product, name, label),
            )
            return int(cursor.lastrowid or 0), True

    def shelf(self, person: str) -> "list[Product]":
        """Return the products of a person, in the order in which they were added."""
        with self.reading() as db:
            if db is None:
                return []
            rows = db.execute(
                "SELECT name, label, id FROM products WHERE person = ? ORDER BY id",
                (key_of(person),),
            )
            return [Product(*row) for row in rows]

    def take_from_shelf(self, person: str, name: str) -> Product:
        """Remove a product by its name or number; return it. `InputError` when there is none."""
        with self.transaction() as db:
            number = int(name) if name.isdecimal() and len(name) < 18 else -1
            row = db.execute(
                "SELECT name, label, id FROM products WHERE person = ? AND (product = ? OR id = ?)",
                (key_of(person), key_of(name), number),
            ).fetchone()
            if row is None:
                raise InputError(f"no product {name!r} is on the shelf", "see aftercare shelf list")
            db.execute("DELETE FROM products WHERE id = ?", (row[2],))
            return Product(*row)

    # -- the file -----------------------------------------------------------------------

    def reading(self) -> Reading:
        """A connection for reading, or None when nothing was ever recorded."""
        return Reading(self.path)

    def transaction(self) -> Transaction:
        """A connection in a transaction that is kept if the block ends well."""
        return Transaction(self.path)


class _RulesOfTreatments(LazyMapping[str]):
    """The rules of each treatment in a document, read from the record when they are asked for."""

    def __init__(self, store: Store, sha256: str, ids: "Iterable[str]") -> None:
        super().__init__(dict.fromkeys(ids), self._open_and_read)
        self._store = store
        self._sha256 = sha256

    def _open_and_read(self, id: str, _: None) -> str:
        with self._store.reading() as db:
            return self._text(db, id)

    def read(self, db: "sqlite3.Connection | None", id: str) -> None:
        """Read one while a connection is open anyway."""
        if id in self._data:
            self._made[id] = self._text(db, id)

    def _text(self, db: "sqlite3.Connection | None", id: str) -> str:
        query = "SELECT text FROM rules_of_treatments WHERE rulebook = ? AND id = ?"
        row = db and db.execute(query, (self._sha256, id)).fetchone()
        if not row:
            raise StoreError(f"{self._store.path} has lost the rules of a treatment", DAMAGED)
        return str(row[0])


_COLUMNS = "t.id, p.name, t.kind, t.treated_at, t.zone, t.facts, t.rulebook, t.recorded_at,"
_COLUMNS += " t.overrides"
_SELECT = f"SELECT {_COLUMNS} FROM treatments t JOIN people p USING (person)"  # noqa: S608
# The kinds are found by jumping along the index (person, kind, treated_at), not by reading it.
_RELEVANT = f"""
WITH RECURSIVE kinds(kind) AS (
    SELECT min(kind) FROM treatments WHERE person = :person
    UNION ALL
    SELECT (SELECT min(kind) FROM treatments WHERE person = :person AND kind > kinds.kind)
    FROM kinds WHERE kinds.kind IS NOT NULL
), wanted(id) AS (
    SELECT id FROM treatments WHERE person = :person AND over_at > :at
    UNION
    SELECT (SELECT id FROM treatments WHERE person = :person AND kind = kinds.kind
            AND treated_at <= :at ORDER BY treated_at DESC LIMIT 1)
    FROM kinds WHERE kinds.kind IS NOT NULL
)
SELECT {_COLUMNS} FROM wanted JOIN treatments t USING (id) JOIN people p USING (person)
ORDER BY t.treated_at, t.id
"""  # noqa: S608


def key_of(person: str) -> str:
    """Return what tells people apart: the name without case and outer spaces."""
    return " ".join(person.split()).casefold()


def _relevant(db: sqlite3.Connection, person: str, at: datetime) -> "list[Record]":
    rows = db.execute(_RELEVANT, {"person": key_of(person), "at": to_int(at)})
    return [_record(row) for row in rows]


def _one(db: sqlite3.Connection, id: int) -> Record:
    row = None
    if -(2**63) <= id < 2**63:
        row = db.execute(f"{_SELECT} WHERE t.id = ?", (id,)).fetchone()
    if row is None:
        raise InputError(f"no treatment {id} is recorded", "see aftercare history")
    return _record(row)


def _record(row: "tuple[Any, ...]") -> Record:
    id, person, kind, treated_at, zone, facts, rulebook, recorded_at, overrides = row
    try:
        return Record(
            id,
            person,
            kind,
            from_int(treated_at),
            zone,
            json.loads(facts),
            rulebook,
            from_int(recorded_at),
            _overrides_of(overrides),
        )
    except (ValueError, TypeError, OverflowError, KeyError, InputError):
        raise StoreError("the record of treatments is damaged", DAMAGED) from None


def _keep_rules(db: sqlite3.Connection, sha256: str, document: "Mapping[str, Any]") -> None:
    # Apart from one another: a question reads the document and the rules of one treatment.
    # In ASCII: SQLite hands it over uncopied.
    kept = dict(document)
    layers = json.dumps(kept.pop("layers", ()), separators=(",", ":"))
    treatments = kept.get("treatments", {})
    kept["treatments"] = list(treatments)
    db.execute(
        "INSERT INTO rulebooks VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (sha256, json.dumps(kept, separators=(",", ":")), layers),
    )
    db.executemany(
        "INSERT INTO rules_of_treatments VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        ((sha256, id, text) for id, text in treatments.items()),
    )


def _overrides_text(overrides: "tuple[Override, ...]") -> str:
    kept = [
        {
            "thing": o.thing,
            "for": str(o.span),
            "because": o.because,
            "shorter": o.shorter_on_purpose,
        }
        for o in sorted(overrides, key=lambda o: o.thing)
    ]
    return json.dumps(kept)


def _overrides_of(text: str) -> "tuple[Override, ...]":
    if text == "[]":
        return ()
    return tuple(
        Override(o["thing"], parse_span(o["for"]), o["because"], o["shorter"])
        for o in json.loads(text)
    )


def to_int(instant: datetime) -> int:
    """Return an instant as the record keeps it."""
    return (instant.astimezone(UTC) - _EPOCH) // _MICROSECOND


def from_int(microseconds: int) -> datetime:
    """Return the instant, in UTC, that the record keeps as a number."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _facts_text(facts: str) -> str:
    given = json.loads(facts)
    return ", ".join(f"{name}={value}" for name, value in given.items()) or "no facts"
