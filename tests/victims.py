"""Forks processes that record treatments through the command line, and kills each at random.

Run as ``victims.py HOME KILLS``; prints what was acknowledged and how many were killed.
"""

import io
import json
import os
import random
import signal
import sys
import time
from contextlib import redirect_stdout

HOME, KILLS = sys.argv[1], int(sys.argv[2])
os.environ.update(AFTERCARE_HOME=HOME, AFTERCARE_NOW="2026-11-23T11:00:00+00:00", TZ="UTC")
sys.path[:] = [p for p in sys.path if p != os.path.dirname(os.path.abspath(__file__))]

from aftercare.cli.main import main  # noqa: E402


def record(number):
    minute = f"2026-01-{1 + number // 1440:02d}T{number % 1440 // 60:02d}:{number % 60:02d}Z"
    sys.argv = ["aftercare", "plan", "--treated-at", minute, "--json"]
    try:
        with redirect_stdout(io.StringIO()):
            main()
    except SystemExit as ended:
        return not ended.code
    return True


def victim(first, pipe):
    for number in range(first, first + 20):
        if record(number):
            os.write(pipe, b"%d\n" % number)
    while True:
        time.sleep(1)


def run():
    chance = random.Random(20261123)
    record(0)
    acknowledged = [0]
    for kill in range(KILLS):
        reading, writing = os.pipe()
        first = 1 + kill * 20
        child = os.fork()
        if child == 0:
            os.close(reading)
            victim(first, writing)
        os.close(writing)
        time.sleep(chance.uniform(0.0, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as file:
            lines = file.read().split(b"\n")[:-1]
        acknowledged += [int(line) for line in lines]
    print(json.dumps([acknowledged, KILLS]))


if __name__ == "__main__":
    run()
