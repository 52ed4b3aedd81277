"""The one module that prints. The answer alone goes to stdout, everything else to stderr."""

import os
import sys

from aftercare.errors import OutputError, RuleFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rich.text import Text

    from aftercare.errors import AftercareError
    from aftercare.outputs.sheet import Sheet

#: Columns when nobody says how many: a pipe or a file has none.
PIPED_WIDTH = 100

#: More columns than any line has.
UNWRAPPED = 100_000


def width() -> int:
    """The columns to write for: ``COLUMNS``, the terminal's, or `PIPED_WIDTH`."""
    columns = _columns()
    if not columns and sys.stdout.isatty():
        try:
            columns = os.get_terminal_size(sys.stdout.fileno()).columns
        except (OSError, ValueError):
            pass  # a terminal that does not say
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


def sheet(words: bool = False) -> "Sheet":
    """An empty sheet for stdout; `words` is what ``--plain`` said."""
    from aftercare.outputs.sheet import Sheet

    return Sheet(width(), plain=plain(), words=words)


def answer(make: "Callable[[int], str]", words: bool = False) -> None:
    """Print what `make` returns for a number of columns; what is changed is wrapped afterwards."""
    if not words and not plain():
        show(make(width()))
        return
    from aftercare.outputs.prose import prose

    show("\n".join(prose(make(UNWRAPPED), width(), plain=plain(), words=words)))


def say(text: str) -> None:
    """Print a sentence beside the answer, wrapped. A command that it ends in stays whole.

    Where there is no room for it, the command stands on a line of its own, to be copied.
    """
    from aftercare.outputs.answer import fold
    from aftercare.outputs.phrases import ascii_only, clean

    text = clean(text)
    text = ascii_only(text) if plain() else text
    before, colon, command = text.partition(": aftercare ")
    if not colon or len(text) <= width():
        show("\n".join(fold(text, width())))
        return
    show("\n".join([*fold(f"{before}:", width()), f"  aftercare {command}"]))


def show_lines(lines: "Iterable[Text]") -> None:
    """Print styled lines; colour only on a terminal that wants it."""
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise unwritten(BrokenPipeError())

    console = Terminal(
        width=max(width(), 20) + 1, highlight=False, markup=False, emoji=False, soft_wrap=True
    )
    try:
        for line in lines:
            console.print(line)
    except OSError as error:
        raise unwritten(error) from None


def show(text: str) -> None:
    """Print plain text; a character that stdout cannot show becomes a question mark."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    except OSError as error:
        raise unwritten(error) from None


def show_bytes(content: bytes) -> None:
    """Print a file's content as it stands."""
    try:
        sys.stdout.buffer.write(content)
    except OSError as error:
        raise unwritten(error) from None


def flush() -> None:
    """See that all that was printed arrives."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise unwritten(error) from None


def close(code: int) -> int:
    """End what is printed; return the exit code, another one if it cannot all be written."""
    try:
        flush()
    except OutputError as error:
        with open(os.devnull, "wb") as nowhere:  # for what is left of it
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return code if code == error.exit_code else show_error(error)
    return code


def unwritten(error: OSError) -> OutputError:
    """What to say when stdout takes no more."""
    gone = isinstance(error, BrokenPipeError)
    return OutputError("" if gone else f"the answer cannot be written: {error.strerror or error}")


def note(text: str) -> None:
    """Say something beside the answer, on stderr."""
    encoding = sys.stderr.encoding or "ascii"
    try:
        sys.stderr.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stderr.flush()
    except OSError:
        pass  # there is nowhere left to say it; the exit code stands


def write(file: "str | Path", content: bytes, what: str = "") -> None:
    """Write an answer whole into a file that its owner alone can read, and say so."""
    from aftercare.errors import InputError
    from aftercare.files import write_whole

    try:
        write_whole(file, content)
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror or error}", "name another file"
        ) from None
    note(f"Written: {file}{what}")


def show_error(error: "AftercareError") -> int:
    """Print what was wrong and what would be right; return the exit code."""
    from aftercare.outputs.phrases import clean

    if isinstance(error, RuleFileError):
        for problem in error.problems[:50]:
            note(clean(str(problem)))
    if error.message:
        note(f"aftercare: {clean(error.message)}")
    if error.hint:
        note(f"  {clean(error.hint)}")
    return error.exit_code


def ask(question: str, default: str = "") -> str:
    """Ask on stderr and return the line typed, without outer spaces; `default` for none."""
    sys.stderr.write(f"{question}{f' [{default}]' if default else ''}: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        sys.stderr.write("\n")
    return line.strip() or default


def confirm(question: str) -> bool:
    """Ask a question of yes or no; no is what anything but a clear yes means."""
    return ask(f"{question} y/N").casefold() in ("y", "yes")
