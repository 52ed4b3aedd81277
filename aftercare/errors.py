"""Everything that can go wrong, as data. Nothing here prints; the command line does.

Each error says what was wrong (`message`) and, where it can, what would be right (`hint`),
and carries the exit code of the command that meets it.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class AftercareError(Exception):
    """The base of all errors of this package."""

    exit_code = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(AftercareError):
    """Something that was typed or passed in cannot be used. Exit code 2."""


class TimeError(InputError):
    """A moment that cannot be understood, or could be understood in two ways. Exit code 2."""


class FactError(InputError):
    """A fact that no rule file declares, or a value it cannot have. Exit code 2."""


class NothingRecordedError(AftercareError):
    """A question about a treatment when none is recorded. Exit code 4."""

    exit_code = 4


class Problem(Exception):
    """One thing that is wrong in a rule file, at a line and column counted from 1.

    `code` names the sort of problem; a `warning` is told, but the file can be used.
    """

    def __init__(
        self,
        file: str,
        line: int,
        column: int,
        wrong: str,
        right: str = "",
        *,
        code: str = "",
        warning: bool = False,
    ) -> None:
        super().__init__(wrong)
        self.file = file
        self.line = line
        self.column = column
        self.wrong = wrong
        self.right = right
        self.code = code
        self.warning = warning

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: "
        right = f"; {self.right}" if self.right else ""
        code = f" [{self.code}]" if self.code else ""
        return f"{place}{'warning: ' * self.warning}{self.wrong}{right}{code}"


class RuleFileError(AftercareError):
    """A rule file that cannot be used; `problems` holds every one found. Exit code 5."""

    exit_code = 5

    def __init__(
        self, message: str, hint: str | None = None, problems: "Sequence[Problem]" = ()
    ) -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)


class StoreError(AftercareError):
    """The record of treatments cannot be read or written; it was left as it was. Exit code 6."""

    exit_code = 6


class OutputError(AftercareError):
    """The answer cannot be written to where it belongs. Exit code 8.

    The message is empty when its reader went away: nobody is there to be told.
    """

    exit_code = 8


class DeliveryError(AftercareError):
    """A reminder that could not be delivered; it is not marked as delivered. Exit code 7."""

    exit_code = 7
