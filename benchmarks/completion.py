"""How long a shell waits when TAB is pressed, by the front door and through the framework.

    pip install -e . && python benchmarks/completion.py

The same command lines both ways in one run; "framework" is the same program with the door shut.
"""

import argparse
import subprocess
import sys
import tempfile

from timing import clean_environment, side_by_side, table

LINES = {
    "can-i reti": ("can-i", "reti"),
    "can-i go for a r": ("can-i", "go", "for", "a", "r"),
    "rules show vita": ("rules", "show", "vita"),
    "now --person an": ("now", "--person", "an"),
    "plan --treatment mi": ("plan", "--treatment", "mi"),
    "forget ": ("forget", ""),
}

#: As the program does, but every command line goes through the framework.
SHUT = (
    "import gc, sys; gc.set_threshold(200_000); from aftercare.cli import tab;"
    " tab.plain = lambda before, word: None; tab.complete(); gc.freeze()"
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        environment = clean_environment(AFTERCARE_HOME=home)
        for person in ("", "Anna Berg", "Anton", "Zoe"):
            command = [sys.executable, "-m", "aftercare", "plan", "--treated-at", "yesterday 15:00"]
            command += ["--person", person]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        rows = []
        for name, words in LINES.items():
            asked = {"_AFTERCARE_COMPLETE": "complete_zsh", "_AFTERCARE_WORDS": "\x1f".join(words)}
            ways = {
                "door": [sys.executable, "-c", "from aftercare.__main__ import main; main()"],
                "framework": [sys.executable, "-c", SHUT],
            }
            answers = {
                subprocess.run(way, env=environment | asked, capture_output=True).stdout
                for way in ways.values()
            }
            assert len(answers) == 1, answers
            medians = side_by_side(ways, rounds, environment | asked)
            door, framework = medians["door"], medians["framework"]
            rows.append(
                (
                    f"`{name}`",
                    f"{door * 1000:.0f} ms",
                    f"{framework * 1000:.0f} ms",
                    f"{door / framework:.2f}",
                )
            )
        table(rows, ("TAB behind", "door", "framework", "door takes … times that"))


if __name__ == "__main__":
    main()
