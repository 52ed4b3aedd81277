"""How many appointments a second `aftercare batch` plans, CSV to CSV, beside a plain loop.

    python benchmarks/batch.py [--rows 1000000] [--clients 1000]

Prints appointments a second and core, the peak memory of the largest process, how the cost
grows from 10,000 rows on, a plain loop over the public API, and clients with page and calendar.
"""

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from timing import clean_environment, table

import aftercare

#: A wall time of no zone yet; each appointment has its own.
START = datetime.fromisoformat("2026-01-01T00:00")
ZONES = ("Europe/London", "America/New_York", "Asia/Tokyo")
RUN = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def appointments(count):
    chance = random.Random(count)
    for n in range(count):
        at = START + timedelta(minutes=chance.randrange(525_600))
        depth = chance.choice(("", "0.5", "1.0", "2.0"))
        yield [f"C-{n}", "microneedling", f"{at:%Y-%m-%dT%H:%M}", chance.choice(ZONES), depth]


def file_of(folder, count):
    path = folder / f"{count}.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["client", "treatment", "treated_at", "zone", "depth_mm"])
        writer.writerows(appointments(count))
    return path


def batch(folder, source, *options):
    """Seconds, and the megabytes of the largest process."""
    command = [str(Path(sys.executable).parent / "aftercare"), "batch", str(source)]
    command += ["--out", str(folder / "out"), *options]
    begun = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command],
        env=clean_environment(AFTERCARE_HOME=str(folder / "home")),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds = perf_counter() - begun
    shutil.rmtree(folder / "out")
    return seconds, int(done.stdout.split()[-1]) / 1024


def loop(source):
    """The same by a plain loop over the public API, without writing; seconds."""
    rules = aftercare.load_rules()
    begun = perf_counter()
    with source.open() as stream:
        for row in csv.DictReader(stream):
            zone = ZoneInfo(row["zone"])
            at = datetime.fromisoformat(row["treated_at"]).replace(tzinfo=zone)
            facts = {"depth_mm": row["depth_mm"]} if row["depth_mm"] else {}
            plan = aftercare.plan(aftercare.Treatment(row["treatment"], at, facts=facts), rules)
            for r in plan.restrictions:
                r.ends.isoformat()
    return perf_counter() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=1_000)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        small, large = file_of(folder, 10_000), file_of(folder, asked.rows)
        batch(folder, small)  # compiles the rules
        rows = []
        cores = os.cpu_count() or 1
        for source, count, jobs in ((small, 10_000, 1), (large, asked.rows, cores)):
            seconds, memory = batch(folder, source, "--jobs", str(jobs))
            each = f"{count / seconds:,.0f}", f"{count / seconds / jobs:,.0f}"
            rows.append((f"batch, {count:,}, {jobs} jobs", f"{seconds:.1f} s", *each, memory))
        seconds = loop(small)
        rows.append(
            ("a plain loop, 10,000", f"{seconds:.1f} s", *[f"{10_000 / seconds:,.0f}"] * 2, 0)
        )
        rows = [(*row[:4], f"{row[4]:.0f} MB" if row[4] else "") for row in rows]
        table(rows, ("", "time", "appointments a second", "a core", "largest process"))
        clients = file_of(folder, asked.clients)
        seconds, _ = batch(folder, clients, "--pages", "--calendars")
        print(f"\n{asked.clients:,} clients with page and calendar: {seconds:.1f} s")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
