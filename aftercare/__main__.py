"""The installed command, and ``python -m aftercare``."""

import gc
import os
import sys

#: A command makes some tens of thousands of objects and ends. Looking for garbage among them,
#: at every 700th and once more at the end, would take a quarter of its time.
OBJECTS_BETWEEN_COLLECTIONS = 200_000

#: Commands whose plain forms are answered without the framework, at the speed of Python itself.
PLAIN = ("calendar", "can-i", "label", "now", "page")


def main() -> None:
    """Run the command line and exit with its code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        if os.environ.get("_AFTERCARE_COMPLETE"):
            from aftercare.cli.tab import complete

            complete()
            return
        if sys.argv[1:2] and sys.argv[1] in PLAIN:
            _load_dates()
            from aftercare.cli.door import answer

            code = answer(sys.argv[1:])
            if code is not None:
                sys.exit(code)
        from aftercare.cli.main import main as run

        run()
    finally:
        gc.freeze()


def _load_dates() -> None:
    """Load `datetime`, and drop at once the half of it in Python, which that in C replaces."""
    import datetime  # noqa: F401

    gc.collect(0)


if __name__ == "__main__":
    main()
