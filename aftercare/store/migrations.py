"""How the record's file came to its shape: the first step makes it, each later one changes it."""

import sqlite3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: One step per version of the file; a step is never changed once it was released.
MIGRATIONS = (
    """
    CREATE TABLE rulebooks (
        sha256 TEXT PRIMARY KEY,
        document TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE people (
        person TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        facts TEXT NOT NULL DEFAULT '{}'
    ) WITHOUT ROWID;
    CREATE TABLE treatments (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        person TEXT NOT NULL REFERENCES people,
        kind TEXT NOT NULL,
        treated_at INTEGER NOT NULL,
        zone TEXT NOT NULL,
        facts TEXT NOT NULL,
        rulebook TEXT NOT NULL REFERENCES rulebooks,
        over_at INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        UNIQUE (person, kind, treated_at)
    );
    CREATE INDEX treatments_by_end ON treatments (person, over_at);
    """,
    """
    CREATE TABLE products (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        person TEXT NOT NULL REFERENCES people,
        product TEXT NOT NULL,
        name TEXT NOT NULL,
        label TEXT NOT NULL,
        UNIQUE (person, product)
    );
    """,
    """
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE targets (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        url TEXT NOT NULL,
        person TEXT NOT NULL,
        UNIQUE (url, person)
    );
    CREATE TABLE deliveries (
        target TEXT NOT NULL,
        person TEXT NOT NULL,
        key TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        next_try INTEGER,
        changed_at INTEGER NOT NULL,
        PRIMARY KEY (target, person, key)
    ) WITHOUT ROWID;
    CREATE INDEX deliveries_by_age ON deliveries (changed_at);
    CREATE TABLE agenda (
        person TEXT PRIMARY KEY REFERENCES people,
        next_at INTEGER,
        changes INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE INDEX agenda_by_time ON agenda (next_at) WHERE next_at IS NOT NULL;
    INSERT INTO agenda (person, next_at) SELECT DISTINCT person, 0 FROM treatments;
    CREATE TRIGGER treatment_recorded AFTER INSERT ON treatments
    WHEN new.over_at > new.recorded_at
    BEGIN
        INSERT INTO agenda (person, next_at) VALUES (new.person, new.recorded_at)
        ON CONFLICT DO UPDATE SET changes = changes + 1,
        next_at = min(coalesce(next_at, new.recorded_at), new.recorded_at);
    END;
    CREATE TRIGGER treatment_changed AFTER UPDATE ON treatments
    BEGIN
        INSERT INTO agenda (person, next_at) VALUES (new.person, 0)
        ON CONFLICT DO UPDATE SET changes = changes + 1, next_at = 0;
    END;
    CREATE TRIGGER treatment_forgotten AFTER DELETE ON treatments
    BEGIN
        UPDATE agenda SET changes = changes + 1, next_at = 0 WHERE person = old.person;
    END;
    """,
    """
    ALTER TABLE treatments ADD COLUMN overrides TEXT NOT NULL DEFAULT '[]'
    """,
    """
    CREATE TABLE calendar_events (
        uid TEXT PRIMARY KEY,
        person TEXT NOT NULL,
        treatment INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        body TEXT NOT NULL,
        cancelled INTEGER NOT NULL,
        changed_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX calendar_events_by_person ON calendar_events (person);
    """,
    """
    CREATE TRIGGER calendar_forgets AFTER DELETE ON treatments
    BEGIN
        UPDATE calendar_events
        SET body = json_set(body, '$[0]', 'Aftercare: no longer planned', '$[1]', '')
        WHERE treatment = old.id;
    END;
    """,
    """
    CREATE TABLE calendar_texts (
        person TEXT PRIMARY KEY,
        basis TEXT NOT NULL,
        until INTEGER NOT NULL,
        text BLOB
    ) WITHOUT ROWID;
    CREATE TRIGGER calendar_text_forgets AFTER DELETE ON treatments
    BEGIN
        DELETE FROM calendar_texts WHERE person = old.person;
    END;
    CREATE TRIGGER deliveries_forget AFTER DELETE ON treatments
    BEGIN
        DELETE FROM deliveries WHERE person = old.person AND (
            (key NOT GLOB 'care:*' AND substr(key, instr(key, ':') + 1) GLOB old.id || ':*')
            OR NOT EXISTS (SELECT 1 FROM treatments WHERE person = old.person)
        );
    END;
    """,
    # The text of rule files apart from what is made of it, which every question reads.
    """
    ALTER TABLE rulebooks ADD COLUMN layers TEXT NOT NULL DEFAULT '[]';
    UPDATE rulebooks SET
    layers = coalesce(
        json_extract(document, '$.layers'),
        json_array(
            json_object(
                'name', 'the recorded rules',
                'text', coalesce(json_extract(document, '$.source'), '')
            )
        )
    ),
    document = json_remove(document, '$.layers', '$.source')
    WHERE json_valid(document);
    """,
    # The rules of each treatment apart: a question is about few of them.
    """
    CREATE TABLE rules_of_treatments (
        rulebook TEXT NOT NULL REFERENCES rulebooks,
        id TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (rulebook, id)
    ) WITHOUT ROWID;
    INSERT OR IGNORE INTO rules_of_treatments (rulebook, id, text)
    SELECT sha256, key, coalesce(value, '')
    FROM rulebooks, json_each(
        CASE WHEN json_valid(document) THEN document ELSE '{}' END, '$.treatments'
    );
    UPDATE rulebooks SET document = json_set(
        document,
        '$.treatments',
        json((SELECT json_group_array(key) FROM json_each(document, '$.treatments')))
    )
    WHERE json_valid(document);
    """,
)


def statements(version: int) -> "Iterator[str]":
    """The statements that lead from a version of the file to the newest, one by one.

    Whoever executes them has a transaction open round them.
    """
    for step in MIGRATIONS[version:]:
        statement = ""
        for line in step.splitlines():
            statement += f"{line}\n"
            if sqlite3.complete_statement(statement):
                yield statement
                statement = ""
        if statement.strip():
            yield statement
