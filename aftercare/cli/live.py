"""What is drawn in place while a command runs."""

import sys
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.text import Text


@contextmanager
def live() -> "Iterator[Callable[[list[Text]], None]]":
    """Draw lines in place, again and again; what does not fit the terminal is left out."""
    from rich.console import Console, Group
    from rich.live import Live

    console = Console(highlight=False, markup=False, emoji=False)
    with Live(console=console, auto_refresh=False, vertical_overflow="crop") as drawn:
        yield lambda lines: drawn.update(Group(*lines), refresh=True)


@contextmanager
def progress(what: str, total: int) -> "Iterator[Callable[[int], None] | None]":
    """A bar on stderr that is told how much of the total is done; None where it is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total or None)
        yield lambda done: bar.update(task, completed=done)
