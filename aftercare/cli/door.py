"""The front door: the plain forms of the commands asked most often, without the framework.

It has no logic and no text of its own. Whatever is not plain, an option, a value that wants a
closer look, goes the ordinary way, which answers the same.
"""

import os
import sys

from aftercare.cli import answers, show
from aftercare.cli.context import Context
from aftercare.errors import AftercareError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: With any of these set the framework has something to say.
FRAMEWORK_VARIABLES = ("_AFTERCARE_COMPLETE", "TYPER_USE_RICH", "TYPER_STANDARD_TRACEBACK")

#: Characters that the framework expands on Windows.
EXPANDED = frozenset("*?[~$%")


def answer(arguments: "Sequence[str]") -> "int | None":
    """Answer a plain command line and return its exit code; None when it is not plain."""
    command, words = arguments[0], list(arguments[1:])
    json = "--json" in words
    if json:
        words.remove("--json")
    short = command == "now" and words == ["--short"]
    if short:
        words = []
    if not _undisturbed(arguments):
        return None
    if command == "calendar":
        return None if json else _calendar(words)
    if any(word[:1] == "-" for word in words):
        return None
    try:
        if command == "can-i" and words:
            return answers.can_i(Context(), words, json=json)
        if command == "label" and len(words) == 1 and words[0]:
            return answers.label(Context(labels=True), words[0], json=json)
        if short:
            return answers.now_short(Context(), json=json)
    except AftercareError as error:
        return show.show_error(error)
    return None


def _calendar(words: "Sequence[str]") -> "int | None":
    """Write the calendar to standard output, or with ``-o FILE`` to a file."""
    output = words[1] if len(words) == 2 and words[0] == "-o" else None
    if words and (output is None or not _is_plain_path(output)):
        return None
    from aftercare.cli.calendars import hand_out, recorded_calendar

    try:
        hand_out(recorded_calendar(Context(), ""), output)
    except AftercareError as error:
        return show.show_error(error)
    return 0


def _is_plain_path(path: str) -> bool:
    """Whether a path is named by the framework as it was typed."""
    parts = path.removeprefix("/").split("/")
    return sys.platform != "win32" and path[:1] != "-" and not {"", "."} & set(parts)


def _undisturbed(arguments: "Sequence[str]") -> bool:
    if any(name in os.environ for name in FRAMEWORK_VARIABLES):
        return False
    return sys.platform != "win32" or EXPANDED.isdisjoint("".join(arguments))
