"""How long `aftercare can-i retinol` takes, beside other commands, in one run.

    pip install -e '.[bench]' && python benchmarks/startup.py

Prints the ratio to a hello-world on the same Typer, to `khal list` and to `todo list` (50 items
each), the ratio of a record with a million treatments to one with 50, and the memory it takes.
"""

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from timing import clean_environment, side_by_side, table

HELLO = """
import typer

app = typer.Typer(add_completion=False)


@app.command()
def hello(words: list[str]) -> None:
    print("hello")


@app.command()
def other() -> None:
    pass


app()
"""

KHAL = """
[calendars]
[[private]]
path = {folder}
type = calendar
[locale]
timeformat = %H:%M
dateformat = %d.%m.%Y
longdateformat = %d.%m.%Y
datetimeformat = %d.%m.%Y %H:%M
longdatetimeformat = %d.%m.%Y %H:%M
[sqlite]
path = {database}
"""

#: Runs Python code and writes down the most memory the process had, in kB; on Linux.
PEAK = """
import atexit, sys

@atexit.register
def tell():
    status = open("/proc/self/status").read()
    print(status.split("VmHWM:")[1].split()[0], file=sys.stderr)

{code}
"""

LABEL = """Ingredients: Aqua, Glycerin, Niacinamide, Caprylic/Capric Triglyceride, Cetearyl Alcohol,
Retinol, Panthenol, Tocopherol, Carbomer, Phenoxyethanol, Parfum, Linalool"""

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//bench//EN
BEGIN:{kind}
UID:{uid}
DTSTAMP:20261101T000000Z
{start}
SUMMARY:Item {uid}
END:{kind}
END:VCALENDAR
"""


def others(folder):
    """The commands of khal and todoman with 50 items each, or none where they are missing."""
    bin_ = Path(sys.executable).parent
    if not (bin_ / "khal").exists() or not (bin_ / "todo").exists():
        print("khal and todoman are not installed: pip install -e '.[bench]'", file=sys.stderr)
        return {}
    calendar, todos = folder / "calendar", folder / "todos" / "list"
    for place in (calendar, todos):
        place.mkdir(parents=True)
    now = datetime.now(UTC)
    for n in range(50):
        start = now + timedelta(hours=n)
        for place, kind, line in (
            (calendar, "VEVENT", f"DTSTART:{start:%Y%m%dT%H%M%SZ}\nDURATION:PT30M"),
            (todos, "VTODO", f"DUE:{start:%Y%m%dT%H%M%SZ}"),
        ):
            text = EVENT.format(kind=kind, uid=f"{kind}{n}", start=line).replace("\n", "\r\n")
            (place / f"{n}.ics").write_text(text)
    khal = folder / "khal.conf"
    khal.write_text(KHAL.format(folder=calendar, database=folder / "khal.db"))
    todo = folder / "todo.py"
    todo.write_text(f'path = "{folder}/todos/*"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\n')
    return {
        "khal list": [str(bin_ / "khal"), "-c", str(khal), "list"],
        "todo list": [str(bin_ / "todo"), "--config", str(todo), "list"],
    }


def peak(environment, code, *arguments):
    """The most memory in MB that a process of this Python has, which runs a line of code."""
    command = [sys.executable, "-c", PEAK.format(code=code), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return int(done.stderr.splitlines()[-1]) / 1024


def fill(home, count):
    """A record with `count` treatments of one person, the last of yesterday."""
    environment = clean_environment(AFTERCARE_HOME=str(home))
    command = [sys.executable, "-m", "aftercare", "plan", "--treated-at", "yesterday 15:00"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    with closing(sqlite3.connect(home / "aftercare.db")) as db, db:
        columns = "person, kind, treated_at, zone, facts, rulebook, over_at, recorded_at"
        (row,) = db.execute(f"SELECT {columns} FROM treatments").fetchall()
        person, kind, treated_at, zone, facts, rulebook, over_at, recorded_at = row
        minute = 60_000_000
        db.executemany(
            "INSERT INTO treatments (person, kind, treated_at, zone, facts, rulebook, over_at,"
            " recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (person, kind, treated_at - (n + 60 * 24 * 100) * minute, zone, facts, rulebook,
                 over_at - (n + 60 * 24 * 100) * minute, recorded_at)
                for n in range(1, count)
            ),
        )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    folder = Path(tempfile.mkdtemp())
    try:
        hello = folder / "hello.py"
        hello.write_text(HELLO)
        small, large = folder / "small", folder / "large"
        fill(small, 50)
        fill(large, 1_000_000)
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder)], check=True)
        aftercare = str(Path(sys.executable).parent / "aftercare")
        can_i = [aftercare, "can-i", "retinol"]
        label = folder / "label.txt"
        label.write_text(LABEL)
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "hello-world on the same Typer": [sys.executable, str(hello), "hello", "x"],
            "aftercare can-i retinol": can_i,
            "aftercare now --short": [aftercare, "now", "--short"],
            "aftercare label FILE": [aftercare, "label", str(label)],
            "aftercare can-i retinol --zone UTC": [*can_i, "--zone", "UTC"],
            **others(folder),
        }
        medians = side_by_side(commands, rounds, clean_environment(AFTERCARE_HOME=str(small)))
        own, least = medians["aftercare can-i retinol"], medians["python -c pass"]
        table(
            [
                (name, f"{seconds * 1000:.0f} ms", f"{seconds / least:.2f}", f"{seconds / own:.2f}")
                for name, seconds in medians.items()
            ],
            ("whole process", "median", "times `python -c pass`", "times `can-i`"),
        )
        print()
        homes = {"50 treatments": small, "1,000,000 treatments": large}
        env = ["env"] if shutil.which("env") else []
        medians = side_by_side(
            {name: [*env, f"AFTERCARE_HOME={home}", *can_i] for name, home in homes.items()},
            rounds,
            clean_environment(),
        )
        table(
            [
                (name, f"{seconds * 1000:.0f} ms", f"{seconds / medians['50 treatments']:.2f}")
                for name, seconds in medians.items()
            ],
            ("`can-i` with", "median", "times 50 treatments"),
        )
        if Path("/proc/self/status").exists():
            print()
            environment = clean_environment(AFTERCARE_HOME=str(small))
            ask = "from aftercare.__main__ import main; main()"
            rows = {
                "python -c pass": peak(environment, "pass"),
                "aftercare can-i retinol": peak(environment, ask, "can-i", "retinol"),
                "aftercare now --short": peak(environment, ask, "now", "--short"),
            }
            table(
                [(name, f"{megabytes:.1f} MB") for name, megabytes in rows.items()],
                ("most memory", ""),
            )
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
