"""How long a page takes, the command beside `can-i` and many in one process; how large it is.

pip install -e '.[page]' && python benchmarks/pages.py
"""

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

from timing import clean_environment, side_by_side, table

import aftercare
from aftercare.outputs.calendar import calendar, events
from aftercare.outputs.page import page

PAGES = 1_000
LONDON = ZoneInfo("Europe/London")


def sizes(rules, now):
    """The smallest and the largest page of so many treatments at once, with their calendar."""
    for count in (1, 2, 3):
        found = []
        for kinds in combinations(rules.protocols, count):
            plans = [
                aftercare.plan(
                    aftercare.Treatment(kind, now - timedelta(hours=20 + 3 * n), LONDON.key, id=n),
                    rules,
                )
                for n, kind in enumerate(kinds, 1)
            ]
            ics = calendar(events(plans, LONDON)).decode()
            found.append(len(page(plans, now=now, ics=ics).encode()) / 1000)
        print(f"{count} at once: {min(found):.1f} to {max(found):.1f} kB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    own = str(Path(sys.executable).parent / "aftercare")
    with tempfile.TemporaryDirectory() as folder:
        environment = clean_environment(AFTERCARE_HOME=folder)
        plan = [own, "plan", "--treated-at", "yesterday 15:00"]
        subprocess.run(plan, env=environment, check=True, stdout=subprocess.DEVNULL)
        command = [own, "page", "-o", f"{folder}/plan.html"]
        can_i = [own, "can-i", "retinol"]
        commands = {
            "aftercare can-i retinol": can_i,
            "aftercare can-i retinol, through the framework": [*can_i, "--zone", "UTC"],
            "aftercare page": command,
            "aftercare page --print, through the framework": [*command, "--print"],
            "aftercare page --lang de, through the framework": [*command, "--lang", "de"],
        }
        medians = side_by_side(commands, rounds, environment)
        least, ordinary = list(medians.values())[:2]
        table(
            [
                (name, f"{seconds * 1000:.0f} ms", f"{seconds / least:.2f}",
                 f"{seconds / ordinary:.2f}")
                for name, seconds in medians.items()
            ],
            ("whole process", "median", "times `can-i`", "times `can-i` through the framework"),
        )  # fmt: skip
    rules = aftercare.load_rules()
    now = datetime(2026, 11, 23, 11, tzinfo=UTC)
    plans = [
        aftercare.plan(
            aftercare.Treatment("microneedling", now - timedelta(minutes=n), "Europe/London"), rules
        )
        for n in range(PAGES)
    ]
    start = time.perf_counter()
    size = sum(len(page(plan, now=now)) for plan in plans)
    seconds = time.perf_counter() - start
    print(f"\n{PAGES} pages in one process: {seconds:.1f} s, {size / PAGES / 1000:.0f} kB each")
    sizes(rules, now)


if __name__ == "__main__":
    main()
