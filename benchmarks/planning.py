"""How many plans a second one core computes, and whether the cost per plan stays flat.

    python benchmarks/planning.py

12 rules per treatment, times spread over a year and over zones.
"""

import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from timing import table

from aftercare import Treatment, load_rules, plan
from aftercare.core.model import Protocol, Rulebook

ZONES = ("Europe/London", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "UTC")
RULES = 12


def twelve_rules():
    """The shipped protocol cut to its first rules, without care."""
    rules = load_rules()
    protocol = rules.protocol("microneedling")
    cut: Protocol = protocol.replace(avoid=protocol.avoid[:RULES], care=())
    book: Rulebook = rules.replace(protocols={protocol.id: cut})
    return book


def per_treatment(rules, count):
    """Seconds per treatment, planning `count` of them."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    treatments = [
        Treatment("microneedling", start + timedelta(minutes=47 * n), ZONES[n % len(ZONES)])
        for n in range(count)
    ]
    begin = time.perf_counter()
    for treatment in treatments:
        plan(treatment, rules)
    return (time.perf_counter() - begin) / count


def main():
    rules = twelve_rules()
    for _ in range(3):
        per_treatment(rules, 200)
    # In turn, so that both sizes meet the machine in the same moods.
    small, large = [], []
    for _ in range(7):
        small += [per_treatment(rules, 100) for _ in range(20)]
        large.append(per_treatment(rules, 10_000))
    few, many = statistics.median(small), statistics.median(large)
    table(
        [
            ("100", f"{few * 1e6:.1f} µs", f"{1 / few:,.0f}"),
            ("10,000", f"{many * 1e6:.1f} µs", f"{1 / many:,.0f}"),
            ("ratio", f"{many / few:.2f}", ""),
        ],
        (f"treatments ({RULES} rules each)", "per treatment", "a second"),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
