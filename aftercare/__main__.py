"""The installed command, and ``python -m aftercare``."""

import gc

#: A command makes some tens of thousands of objects and ends. Looking for garbage among them,
#: at every 700th and once more at the end, would take a quarter of its time.
OBJECTS_BETWEEN_COLLECTIONS = 200_000


def main() -> None:
    """Run the command line and exit with its code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        from aftercare.cli.main import main as run

        run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
