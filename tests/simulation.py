"""A life with reminders, minute by minute: sleeps, restarts, two processes at once, crashes.

`simulate` runs the real courier on a real record; only the clock, the far end and the moment of
a crash are made up. Run as ``python tests/simulation.py [SEED]`` for a year in twelve zones.
"""

import json
import random
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aftercare import Treatment, due, load_rules, plan
from aftercare.core.reminders import Letter
from aftercare.core.schedule import over_at
from aftercare.delivery.courier import BACK, Case, Channel, go_round
from aftercare.store import Store
from aftercare.store.ledger import Ledger

MINUTE = timedelta(minutes=1)

#: Zones with clock changes of every kind: an hour, half an hour, at midnight, in the south, on
#: a Friday, during Ramadan, and two that have none.
ZONES = (
    "Europe/London", "America/New_York", "Australia/Lord_Howe", "Australia/Sydney",
    "America/Santiago", "Asia/Beirut", "Africa/Casablanca", "America/Havana", "Africa/Cairo",
    "America/St_Johns", "Asia/Kathmandu", "UTC",
)  # fmt: skip


class Crash(BaseException):
    """The process is gone, as by kill -9."""


class Fragile(Ledger):
    """A ledger whose process may die before or after any writing."""

    def __init__(self, store, chance, risk):
        super().__init__(store)
        self.chance, self.risk = chance, risk

    def _maybe(self):
        if self.chance.random() < self.risk:
            raise Crash

    def begin(self, *arguments):
        self._maybe()
        super().begin(*arguments)
        self._maybe()

    def end(self, *arguments):
        self._maybe()
        super().end(*arguments)
        self._maybe()

    def wake(self, *arguments):
        self._maybe()
        super().wake(*arguments)


class Told(list):
    """What arrived: (instant, notice keys, whether it said it may be a repeat)."""


def simulate(zone, treated, start, end, seed, home, *, risk=0.05, failing=0.05, rules=None):
    """Live from `start` to `end`; return what arrived, the plans, the ticks and the crashes."""
    rules = rules or load_rules()
    chance = random.Random(f"{zone} {seed}")
    here = ZoneInfo(zone)
    store = Store(Path(home) / "aftercare.db")
    plans, shown, ticks, arrived, crashes = [], {}, [], Told(), 0
    to_record = sorted(treated)
    now, awake_again = start, start

    def case_of(person):
        records = store.relevant(person, now - BACK)
        wanted = [p for p in plans if p.treatments[0].id in {r.id for r in records}]
        return Case(person, tuple(wanted), shown)

    def write(case, notices, repeated):
        return Letter(json.dumps([n.key for n in notices]), str(repeated))

    def send(letter):
        if chance.random() < risk:
            raise Crash
        if chance.random() < failing:
            raise OSError("no network")
        arrived.append((now, json.loads(letter.title), letter.body == "True"))
        if chance.random() < risk:
            raise Crash

    def tick(other):
        ledger = Fragile(store, chance, risk)
        with ledger.alone() as alone:
            assert alone != other, "one process at a time delivers"
            if not alone:
                return
            if chance.random() < 0.001:  # a second process at the very same moment
                tick(other=True)
            ledger.live_by(zone, now - BACK)
            if ledger.waiting(now):
                go_round(ledger, [Channel("c", "c", send)], case_of, write, now, here)

    while now < end:
        while to_record and to_record[0] <= now:
            treatment = Treatment("microneedling", to_record.pop(0), zone)
            wanted = plan(treatment, rules)
            id, _ = store.record(
                treatment, over_at(wanted), (rules.sha256, {}), now,
                next((r.at for r in due([wanted], now, now + 90 * 1440 * MINUTE, here)), None),
            )  # fmt: skip
            plans.append(plan(treatment.replace(id=id), rules))
            shown[id] = now
        if now >= awake_again:
            ticks.append(now)
            try:
                tick(other=False)
            except Crash:
                crashes += 1
            if chance.random() < 0.0004:  # asleep for up to a day and a half
                awake_again = now + MINUTE * chance.randrange(5, 2200)
        now += MINUTE
    return arrived, plans, shown, ticks, crashes


def judge(zone, arrived, plans, shown, ticks, start, end):
    """Say of each reminder what became of it; raises when a promise was broken."""
    told = Counter(key for _, keys, _ in arrived for key in keys)
    counts = Counter(crash_repeats=sum(repeated for _, _, repeated in arrived))
    known = {}
    for reminder in due(plans, start, end, ZoneInfo(zone)):
        for notice in reminder.notices:
            known[notice.key] = (reminder, notice)
    for at, keys, repeated in arrived:
        for key in keys:
            reminder, notice = known[key]
            assert reminder.at <= at < notice.until, f"{key} told at {at}, when it was not true"
            first = min(a for a, all_keys, _ in arrived if key in all_keys)
            assert repeated or at == first, f"{key} told again at {at} without saying so"
    for key, (reminder, notice) in known.items():
        if notice.at <= shown[notice.treatment.id]:
            continue
        true_at = [t for t in ticks if reminder.at <= t < notice.until]
        # A tick may crash, or find the network gone; with so many in a row it cannot go on.
        if len(true_at) > 90:
            assert told[key], f"{key} was never told"
            counts["told"] += 1
        elif told[key]:
            counts["told"] += 1
        else:
            counts["slept through"] += 1
        counts["told more than once"] += told[key] > 1
    care = Counter(key for key in told if key.startswith("care:"))
    assert all(n == 1 for n in care.values())
    return counts


def a_year(zone, seed, rules):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    chance = random.Random(f"{seed} {zone}")
    treated = [start + MINUTE * chance.randrange(1440 * 365) for _ in range(12)]
    end = start + timedelta(days=395)
    with tempfile.TemporaryDirectory() as home:
        arrived, plans, shown, ticks, crashes = simulate(
            zone, treated, start, end, seed, home, rules=rules
        )
    counts = judge(zone, arrived, plans, shown, ticks, start, end)
    counts["minutes awake"], counts["crashes"] = len(ticks), crashes
    return counts


if __name__ == "__main__":
    book, total = load_rules(), Counter()
    for name in ZONES:
        found = a_year(name, sys.argv[1] if sys.argv[1:] else "1", book)
        total += found
        print(name, dict(found), flush=True)
    print("all", dict(total))
