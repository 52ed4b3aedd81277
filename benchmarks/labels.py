"""How well and how fast labels are read.

    python benchmarks/labels.py LABELS.jsonl      # found, false alarms, false permissions, misses
    python benchmarks/labels.py --speed           # labels a second, and memory

A line of the file is ``{"id", "ingredients", "expected": "restricted" | "clear" | …,
"ambiguous", "hard": [… "not_a_list"]}``. A text is *flagged* when a restricted thing is found on
it, *clear* when it is read as a list that holds none, and neither when it is no list. To be
clear is a false permission for all that is not expected to be, and for what is no list.
"""

import argparse
import json
import random
import resource
import sys
import time
from pathlib import Path

from timing import table

from aftercare import load_rules, read_label

RESTRICTED = {
    "retinoids", "acids", "aha", "bha", "pha", "other-exfoliating-acids", "vitamin-c",
    "benzoyl-peroxide",
}  # fmt: skip


def quality(path):
    rules = load_rules()
    names = ("restricted", "found", "clear", "alarms", "read", "no list", "permissions")
    counts = dict.fromkeys(names, 0)
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        is_list = "not_a_list" not in entry.get("hard", ())
        if entry.get("ambiguous") and is_list:
            continue
        expected = entry["expected"] if is_list else "no list"
        label = read_label(entry["ingredients"], rules)
        flagged = sorted(m.id for m in label.things if m.id in RESTRICTED)
        if expected in counts:
            counts[expected] += 1
        if expected == "restricted":
            counts["found"] += bool(flagged)
            if not flagged:
                print(f"missed: {entry['id']}")
        elif expected == "clear":
            counts["alarms"] += bool(flagged)
            counts["read"] += label.is_list
            if flagged:
                print(f"false alarm: {entry['id']} {flagged}")
            elif not label.is_list:
                print(f"not read as a list: {entry['id']}")
        if expected != "clear" and label.is_list and not flagged:
            counts["permissions"] += 1
            print(f"false permission: {entry['id']}")
    found = counts["found"] / max(counts["restricted"], 1)
    alarms = counts["alarms"] / max(counts["clear"], 1)
    read = counts["read"] / max(counts["clear"], 1)
    texts = counts["restricted"] + counts["no list"]
    rows = [
        ("restricted labels found", f"{found:.1%}", f"{counts['found']} of {counts['restricted']}"),
        ("clear labels flagged", f"{alarms:.1%}", f"{counts['alarms']} of {counts['clear']}"),
        ("clear labels read as lists", f"{read:.1%}", f"{counts['read']} of {counts['clear']}"),
        ("false permissions", counts["permissions"], f"of {texts} that may not be clear"),
    ]
    table(rows, ("", "share", "labels"))


def speed():
    rules = load_rules()
    names = [name for name, _ in rules.lexicon.label_names.values()]
    chance = random.Random(1)
    labels = [
        "Ingredients: " + ", ".join([*chance.sample(names, 28), "Zorbium Oil", "Quuxyl Fnordate"])
        for _ in range(4000)
    ]
    read_label(labels[0], rules)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    for label in labels:
        read_label(label, rules)
    seconds = time.perf_counter() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    rows = [
        ("labels of 30 ingredients a second", f"{len(labels) / seconds:,.0f}"),
        ("memory grown over 4,000 labels", f"{grown / 1024:.1f} MB"),
        ("peak memory of the process", f"{(before + grown) / 1024:.0f} MB"),
    ]
    table(rows, ("", ""))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--speed", action="store_true")
    given = parser.parse_args()
    if given.file:
        quality(given.file)
    if given.speed:
        speed()
    sys.exit(0 if given.file or given.speed else "give a FILE, or --speed")
