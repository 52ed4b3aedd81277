"""The one module that prints. The answer alone goes to stdout, everything else to stderr."""

import os
import sys
from contextlib import suppress

from aftercare.errors import RuleFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text

    from aftercare.errors import AftercareError
    from aftercare.outputs.sheet import Sheet

#: Columns when nobody says how many: a pipe or a file has none.
PIPED_WIDTH = 100


def width() -> int:
    """The columns to write for: ``COLUMNS``, the terminal's, or `PIPED_WIDTH`."""
    columns = _columns()
    if not columns and sys.stdout.isatty():
        with suppress(OSError, ValueError):
            columns = os.get_terminal_size(sys.stdout.fileno()).columns
    return min(columns or PIPED_WIDTH, 120)


def _columns() -> int:
    try:
        return max(int(os.environ.get("COLUMNS", "")), 0)
    except ValueError:
        return 0


def plain() -> bool:
    """Whether stdout cannot show more than ASCII."""
    try:
        "█░·│▶…“”".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return True
    return os.environ.get("TERM") == "dumb"


def sheet() -> "Sheet":
    from aftercare.outputs.sheet import Sheet

    return Sheet(width(), plain=plain())


def show_lines(lines: "Iterable[Text]") -> None:
    """Print styled lines; colour only on a terminal that wants it."""
    from rich.console import Console

    console = Console(
        width=max(width(), 20) + 1, highlight=False, markup=False, emoji=False, soft_wrap=True
    )
    for line in lines:
        console.print(line)


def show(text: str) -> None:
    """Print plain text; a character that stdout cannot show becomes a question mark."""
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def note(text: str) -> None:
    """Say something beside the answer, on stderr."""
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def show_error(error: "AftercareError") -> int:
    """Print what was wrong and what would be right; return the exit code."""
    from aftercare.outputs.phrases import clean

    if isinstance(error, RuleFileError):
        for problem in error.problems[:50]:
            note(clean(str(problem)))
    note(f"aftercare: {clean(error.message)}")
    if error.hint:
        note(f"  {clean(error.hint)}")
    return error.exit_code
