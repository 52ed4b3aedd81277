"""How long `aftercare remind run` looks for what is due among 100,000 recorded plans.

    python benchmarks/reminders.py            # whole process, and the query alone
    python tests/simulation.py                # a year in twelve zones, minute by minute

Each plan is another person's; three of them have something due.
"""

import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from timing import clean_environment, side_by_side, table

from aftercare import Treatment, load_rules, plan
from aftercare.core.schedule import over_at
from aftercare.rulebook import load_document
from aftercare.store import Store
from aftercare.store.ledger import Ledger

PLANS = 100_000
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)


def fill(home, count):
    """Record plans of as many people: all still open, none due for hours."""
    home.mkdir(mode=0o700)
    store, rules, document = Store(home / "aftercare.db"), load_rules(), load_document()
    done = NOW - timedelta(hours=1)
    first = Treatment("microneedling", done, "Europe/London", {}, "Person 0")
    wanted = plan(first, rules)
    store.record(first, over_at(wanted), (rules.sha256, document), NOW, NOW + timedelta(hours=7))
    with store.transaction() as db:
        for n in range(1, count):
            name = f"Person {n}"
            db.execute("INSERT INTO people (person, name) VALUES (?, ?)", (name.casefold(), name))
        db.execute(
            "INSERT INTO treatments (person, kind, treated_at, zone, facts, rulebook, over_at,"
            " recorded_at) SELECT p.person, kind, treated_at, zone, t.facts, rulebook, over_at,"
            " recorded_at FROM people p, treatments t WHERE p.person != t.person"
        )
        db.execute("UPDATE agenda SET next_at = (SELECT max(next_at) FROM agenda)")
        db.execute("UPDATE agenda SET next_at = 0 WHERE person IN ('person 7', 'person 77')")


def main():
    folder = Path(tempfile.mkdtemp())
    try:
        fill(folder / "many", PLANS)
        fill(folder / "few", 5)
        ledger = Ledger(Store(folder / "many" / "aftercare.db"))
        begun = perf_counter()
        waiting = ledger.waiting(NOW)
        seconds = perf_counter() - begun
        print(f"{len(waiting)} of {PLANS:,} people may have something due: {seconds * 1000:.1f} ms")
        aftercare = str(Path(sys.executable).parent / "aftercare")
        environment = clean_environment(AFTERCARE_NOW=NOW.isoformat(), TERM="xterm")
        commands = {
            f"{name} plans": ["env", f"AFTERCARE_HOME={folder / home}", aftercare, *command]
            for name, home, command in (
                (f"remind run, {PLANS:,}", "many", ("remind", "run")),
                ("remind run, 5", "few", ("remind", "run")),
                (f"can-i retinol, {PLANS:,}", "many", ("can-i", "retinol", "--person", "Person 1")),
            )
        }
        for command in commands.values():
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        medians = side_by_side(commands, 20, environment)
        own = medians["remind run, 5 plans"]
        rows = [(n, f"{s * 1000:.0f} ms", f"{s / own:.2f}") for n, s in medians.items()]
        table(rows, ("whole process", "median", "times `remind run` with 5 plans"))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
