"""How many appointments a second, CSV to CSV, beside a plain loop over the public API.

    pip install -e '.[page]' && python benchmarks/batch.py

With the shipped rules, times of a year at any minute, five zones, four depths. `--rows` sets
the size of the largest file; a million appointments become 5.5 GB. `--spark` runs the example
of docs/batch.md too, on 100,000.
"""

import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from timing import clean_environment, table

ROOT = Path(__file__).parent.parent
ZONES = ("Europe/London", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "UTC")
DEPTHS = ("0.5", "", "1.0", "2.0")
LOOP = 20_000

#: The loop that somebody would write without `batch`.
PLAIN = """
import csv, sys
from datetime import datetime
from zoneinfo import ZoneInfo
import aftercare

rules = aftercare.load_rules()
with open(sys.argv[1], newline="") as source, open(sys.argv[2], "w", newline="") as target:
    writer = csv.writer(target)
    for row in csv.DictReader(source):
        zone = ZoneInfo(row["zone"])
        at = datetime.fromisoformat(row["treated_at"]).replace(tzinfo=zone)
        facts = {"depth_mm": row["depth_mm"]} if row["depth_mm"] else {}
        treatment = aftercare.Treatment(row["treatment"], at, row["zone"], facts)
        plan = aftercare.plan(treatment, rules)
        for r in plan.restrictions:
            writer.writerow((
                "1", row["client"], plan.protocols[0].id, row["zone"],
                r.starts.astimezone(zone).isoformat(), r.thing, r.title,
                r.ends.astimezone(zone).isoformat(), r.usual_ends.astimezone(zone).isoformat(),
                r.decided_by, " ".join(r.open_facts), rules.version,
            ))
"""


def appointments(path, count):
    """Write a file of appointments, the same on every run."""
    chance, start = random.Random(20261123), datetime(2026, 1, 1, tzinfo=UTC)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("client,treatment,treated_at,zone,depth_mm\n")
        for n in range(count):
            at = start + timedelta(minutes=chance.randrange(365 * 24 * 60))
            zone, depth = ZONES[n % len(ZONES)], DEPTHS[n % 4]
            file.write(f"C{n:07d},microneedling,{at:%Y-%m-%dT%H:%M},{zone},{depth}\n")
    return path


class Run:
    """A command that ran: its seconds, those of the processors, and its largest memory."""

    def __init__(self, command, environment):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.peak, begin = 0, time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        watch = threading.Thread(target=self.watch, args=(process,))
        watch.start()
        process.wait()
        self.seconds = time.perf_counter() - begin
        watch.join()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.processor = sum(after[:2]) - sum(before[:2])
        if process.returncode:
            sys.exit(f"{command} ended with {process.returncode}")

    def watch(self, process):
        """Add up what a process and those it started hold, page by page that they share."""
        while process.poll() is None:
            with suppress(OSError):
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
                held = [memory(p) for p in (str(process.pid), *children.split())]
                self.peak = max(self.peak, sum(held))
            time.sleep(0.05)


def together(cores):
    """How many times as long a loop takes that runs on all cores at once as one that runs alone.

    1 where they are cores indeed; where two are threads of one, up to 2.
    """
    loop = [sys.executable, "-c", "x = 0\nfor n in range(8_000_000): x += n & 7"]

    def seconds(count):
        begin = time.perf_counter()
        for process in [subprocess.Popen(loop) for _ in range(count)]:
            process.wait()
        return time.perf_counter() - begin

    return min(seconds(cores) for _ in range(5)) / min(seconds(1) for _ in range(5))


def memory(process):
    """Kilobytes; a page that two processes share counts half for each."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", lines, re.MULTILINE)[1])
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--spark", action="store_true")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    aftercare = str(Path(sys.executable).parent / "aftercare")
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name), f"{name}/out"
        environment = clean_environment(AFTERCARE_HOME=f"{name}/home")

        def batch(count, jobs, *more):
            file = appointments(folder / "a.csv", count)
            command = [aftercare, "batch", str(file), "--out", out, "--jobs", str(jobs), *more]
            return Run(command, environment)

        batch(100, 1)  # writes .pyc files and the cache
        rows = []

        def add(what, count, run, used):
            # Spark's processes are not ours to count.
            each = "" if "Spark" in what else f"{count / run.processor:,.0f}"
            rows.append(
                (what, f"{count:,}", f"{run.seconds:.1f} s", f"{count / run.seconds / used:,.0f}",
                 each, f"{run.peak / 1000:.0f} MB")
            )  # fmt: skip

        file = appointments(folder / "a.csv", LOOP)
        loop = [sys.executable, "-c", PLAIN, str(file), f"{name}/loop.csv"]
        add("plain loop over the public API", LOOP, Run(loop, environment), 1)
        count = 10_000
        while count <= options.rows:
            add("`batch --jobs 1`", count, batch(count, 1), 1)
            count *= 10
        add(f"`batch --jobs {cores}`", options.rows, batch(options.rows, cores), cores)
        pages = batch(options.clients, cores, "--pages", "--calendars")
        add("`batch --pages --calendars`", options.clients, pages, cores)
        if options.spark:
            add("Spark, local mode", 100_000, spark(folder, environment), cores)
        table(
            rows,
            ("", "appointments", "whole process", "a second and core",
             "a second of processor", "memory, all processes"),
        )  # fmt: skip
        print(f"\nA plain loop on all {cores} cores at once: {together(cores):.2f} times as long.")


def spark(folder, environment):
    """The example of the documentation, whole process."""
    text = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    example = folder / "example.py"
    example.write_text(next(b for b in blocks if "pyspark" in b), encoding="utf-8")
    file, out = appointments(folder / "a.csv", 100_000), folder / "spark"
    shutil.rmtree(out, ignore_errors=True)
    environment = environment | {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    return Run([sys.executable, str(example), str(file), str(out)], environment)


if __name__ == "__main__":
    main()
