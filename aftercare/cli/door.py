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

#: Commands that write something to keep.
DOCUMENTS = ("calendar", "page")

#: Characters that the framework expands on Windows.
EXPANDED = frozenset("*?[~$%")


def answer(arguments: "Sequence[str]") -> "int | None":
    """Answer a plain command line and return its exit code; None when it is not plain."""
    if not _undisturbed(arguments):
        return None
    command, words = arguments[0], list(arguments[1:])
    try:
        return (_document if command in DOCUMENTS else _question)(command, words)
    except AftercareError as error:
        return show.show_error(error)


def _question(command: str, words: "list[str]") -> "int | None":
    json = "--json" in words
    if json:
        words.remove("--json")
    if command == "now" and words == ["--short"]:
        return answers.now_short(Context(), json=json)
    if any(word[:1] == "-" for word in words):
        return None
    if command == "can-i" and words:
        return answers.can_i(Context(), words, json=json)
    if command == "label" and len(words) == 1 and words[0]:
        return answers.label(Context(labels=True), words[0], json=json)
    return None


def _document(command: str, words: "list[str]") -> "int | None":
    """Write what is recorded, with ``-o FILE`` at most."""
    output = words[1] if len(words) == 2 and words[0] == "-o" else None
    if (words and output is None) or (output is not None and not _is_plain_path(output)):
        return None
    if command == "calendar":
        from aftercare.cli.calendars import hand_out, recorded_calendar

        hand_out(recorded_calendar(Context(), ""), output)
        return 0
    if output is None:
        return None
    from aftercare.cli.pages import write_page

    write_page(Context(), output)
    return 0


def _is_plain_path(path: str) -> bool:
    """Whether a path is named by the framework as it was typed."""
    parts = path.removeprefix("/").split("/")
    return sys.platform != "win32" and path[:1] != "-" and not {"", "."} & set(parts)


def _undisturbed(arguments: "Sequence[str]") -> bool:
    if any(name in os.environ for name in FRAMEWORK_VARIABLES):
        return False
    return sys.platform != "win32" or EXPANDED.isdisjoint("".join(arguments))
