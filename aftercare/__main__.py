"""The installed command, and ``python -m aftercare``."""

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

#: A command makes some tens of thousands of objects and ends. Looking for garbage among them,
#: at every 700th and once more at the end, would take a quarter of its time.
OBJECTS_BETWEEN_COLLECTIONS = 200_000

#: The exit code after a fault of the program itself. Python's own, 1, would be taken for a "no".
FAULT = 70

#: Commands whose plain forms are answered without the framework, at the speed of Python itself.
PLAIN = ("calendar", "can-i", "label", "now", "page")


def main() -> "NoReturn":
    """Run the command line and exit with its code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:  # closed, or there is no console: pythonw
            setattr(sys, stream, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    if os.environ.get("_AFTERCARE_COMPLETE"):
        from aftercare.cli.tab import complete

        complete()
        _end(0)
    try:
        code = _answered()
    except Exception as error:  # whatever it is: it must not end with the code of a "no"
        code = _told(error)
    from aftercare.cli.show import close

    _end(close(code))


def _told(error: Exception) -> int:
    """Tell a fault whole; return the exit code."""
    from aftercare.cli.show import note, show_error, unwritten

    # Of a file there is a name; without one it is the framework's words that cannot be written.
    if isinstance(error, OSError) and error.filename is None:
        return show_error(unwritten(error))
    import traceback

    note("".join(traceback.format_exception(error)).rstrip())
    return FAULT


def _answered() -> int:
    """Answer; return the exit code."""
    if sys.argv[1:2] and sys.argv[1] in PLAIN:
        _load_dates()
        from aftercare.cli.door import answer

        code = answer(sys.argv[1:])
        if code is not None:
            return code
    from aftercare.cli.main import main as run

    try:
        run()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _end(code: int) -> "NoReturn":
    """End at once: the system takes the memory back faster than the interpreter tidies it up.

    Unless something is still to be done at the end, or is looking on.
    """
    if "atexit" in sys.modules or sys.getprofile() or sys.gettrace():
        gc.freeze()
        sys.exit(code)
    os._exit(code)


def _load_dates() -> None:
    """Load `datetime`, and drop at once the half of it in Python, which that in C replaces."""
    import datetime  # noqa: F401

    gc.collect(0)


if __name__ == "__main__":
    main()
