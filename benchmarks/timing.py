"""How the benchmarks time things: whole processes, side by side, medians.

The commands of one comparison run in turn, so that whatever else the machine does hits all
of them alike. Compiled .pyc files are used, as they are for a person.
"""

import os
import statistics
import subprocess
import time


def clean_environment(**values):
    """The environment of a benchmarked process."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"TZ": "Europe/London", **values}


def side_by_side(commands, rounds, environment):
    """Return the median seconds of each command, {name: [word, ...]}, over `rounds` in turn."""
    times = {name: [] for name in commands}
    for round_ in range(rounds + 2):
        for name, command in commands.items():
            start = time.perf_counter()
            nowhere = subprocess.DEVNULL
            subprocess.run(command, env=environment, stdout=nowhere, stderr=nowhere, check=False)
            if round_ >= 2:  # the first two write .pyc files and warm the disk's cache
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def table(rows, heads):
    """Print a Markdown table."""
    print(f"| {' | '.join(heads)} |")
    print(f"|{'|'.join(['---'] * len(heads))}|")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
