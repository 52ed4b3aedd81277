"""How long `aftercare calendar -o FILE` takes beside `aftercare can-i`, whole processes.

    python benchmarks/calendars.py

Once when every event has to be written, by the icalendar library, and once when the plan was
handed out before and has not changed: then its events are kept in the record.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import clean_environment, table

AFTERCARE = str(Path(sys.executable).parent / "aftercare")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    folder = Path(tempfile.mkdtemp())
    try:
        home = folder / "home"
        environment = clean_environment(AFTERCARE_HOME=str(home))

        def run(*arguments):
            start = time.perf_counter()
            nowhere = subprocess.DEVNULL
            subprocess.run(
                [AFTERCARE, *arguments],
                env=environment,
                stdout=nowhere,
                stderr=nowhere,
                check=False,
            )
            return time.perf_counter() - start

        run("plan", "--treated-at", "yesterday 15:00")
        shutil.copyfile(home / "aftercare.db", folder / "never handed out.db")
        write = ("calendar", "-o", str(folder / "plan.ics"))
        names = ("can-i retinol", "can-i retinol, through the framework",
                 "calendar, the first time", "calendar, unchanged")  # fmt: skip
        times = {name: [] for name in names}
        for round_ in range(rounds + 2):
            shutil.copyfile(folder / "never handed out.db", home / "aftercare.db")
            ask = ("can-i", "retinol")
            one = (run(*ask), run(*ask, "--zone", "UTC"), run(*write), run(*write))
            if round_ >= 2:  # the first two write .pyc files and warm the disk's cache
                for each, seconds in zip(times.values(), one, strict=True):
                    each.append(seconds)
        medians = {name: statistics.median(each) for name, each in times.items()}
        table(
            [
                (
                    name,
                    f"{seconds * 1000:.0f} ms",
                    *[f"{seconds / medians[n]:.2f}" for n in names[:2]],
                )
                for name, seconds in medians.items()
            ],
            ("whole process", "median", "times `can-i`", "times `can-i` through the framework"),
        )
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
