"""Delivers reminders several times a day in processes of which many are killed at a random moment.

Run as ``killed_couriers.py KILLS SEED`` with FAR and START in the environment; prints how many
were killed before they ended.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta

sys.path[:] = [p for p in sys.path if p != os.path.dirname(os.path.abspath(__file__))]

import aftercare.cli.remind  # noqa: E402, F401
from aftercare.cli.main import main  # noqa: E402
from aftercare.delivery.notify import Notifier  # noqa: E402


def deliver(now):
    os.environ["AFTERCARE_NOW"] = now.isoformat()
    sys.argv = ["aftercare", "remind", "run", "--to", os.environ["FAR"]]
    try:
        main()
    except SystemExit:
        os._exit(0)


def run(kills, chance):
    Notifier(os.environ["FAR"])
    killed = 0
    for hour in range(24 * 32):
        now = datetime.fromisoformat(os.environ["START"]) + timedelta(hours=hour)
        if now.hour not in (3, 8, 15, 16, 20):
            continue
        lethal = kills > killed and chance.random() < 0.5
        child = os.fork()
        if child == 0:
            deliver(now)
        if lethal:
            time.sleep(chance.uniform(0, 0.05))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
    print(json.dumps(killed))


if __name__ == "__main__":
    run(int(sys.argv[1]), random.Random(sys.argv[2]))
