"""What a timer is to run, the machine it runs on, and what is known of it."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from aftercare.core.value import Value
from aftercare.errors import AftercareError, InputError
from aftercare.files import make_folder, write_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from string import Template

#: Minutes from one run to the next, on the wall clock.
EVERY = 5

#: A program that does not answer is given up after so many seconds.
PATIENCE = 60

#: What changes where the record lies and in which zone its owner lives.
CARRIED = ("AFTERCARE_HOME", "TZ", "XDG_DATA_HOME", "XDG_CACHE_HOME")


_NOTHING: "Mapping[str, str]" = {}


class Job(Value):
    """A run of aftercare by `python`, an absolute path, in an environment.

    Raises `InputError` for text that not every timer can carry: control characters, line
    breaks, and bytes that are no text.
    """

    python: str
    arguments: "tuple[str, ...]" = ("remind", "run")
    environment: "Mapping[str, str]" = _NOTHING
    module: str = "aftercare"

    def __post_init__(self) -> None:
        if not self.python:
            raise InputError("the running Python does not know its own path", "start it by it")
        for text in (*self.argv, *self.environment.values()):
            if not all(c >= " " and c != "\x7f" and _portable(c) for c in text):
                raise InputError(
                    f"a timer cannot carry {text!r}: it holds a character that no text may hold",
                    "move aftercare, or AFTERCARE_HOME, to a folder with an ordinary name",
                )

    @property
    def argv(self) -> "list[str]":
        """The program and its arguments. ``-P`` keeps the folder it starts in off the path."""
        return [self.python, "-P", "-m", self.module, *self.arguments]


def _portable(character: str) -> bool:
    """Whether UTF-8 and XML can both hold it."""
    return not ("\ud800" <= character <= "\udfff" or character in "\ufffe\uffff")


def carried(environment: "Mapping[str, str]") -> "dict[str, str]":
    """Return what a timer must take along from the environment of its installation.

    The timer starts in another folder: AFTERCARE_HOME becomes absolute.
    """
    taken = {name: environment[name] for name in CARRIED if environment.get(name)}
    if "AFTERCARE_HOME" in taken:
        taken["AFTERCARE_HOME"] = os.path.abspath(os.path.expanduser(taken["AFTERCARE_HOME"]))
    return taken


class Rendered(Value):
    """A text and where it goes: a file's path, or a place in words."""

    where: str
    text: str


class State(Value):
    """What the platform knows of a timer. `active` and `last_run` are None when it cannot say.

    `last_run` is empty for a timer that did not run yet.
    """

    installed: bool
    active: "bool | None" = None
    last_run: "str | None" = None
    details: "tuple[str, ...]" = ()


class Ran(Value):
    """How a program ended and what it printed."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "replace")

    @property
    def complaint(self) -> str:
        """What it said when it failed, in one line."""
        said = (self.err or self.out).decode("utf-8", "replace")
        return " ".join(said.split())[:300] or f"exit code {self.code}"


class Machine(Value):
    """The folders and the person that timers are made for, and a way to run programs."""

    platform: str
    home: str
    config: str
    data: str
    user: str
    uid: int

    def run(self, *argv: str, given: bytes = b"") -> Ran:
        """Run a program, without a shell; code 127 when there is none of that name."""
        try:
            done = subprocess.run(argv, input=given, capture_output=True, timeout=PATIENCE)  # noqa: S603
        except subprocess.TimeoutExpired:
            return Ran(124, b"", b"it did not answer")
        except OSError as error:
            return Ran(127, b"", str(error.strerror or error).encode())
        return Ran(done.returncode, done.stdout, done.stderr)


def template(name: str) -> "Template":
    """Return a template that lies beside this module."""
    from string import Template

    return Template((Path(__file__).parent / "templates" / name).read_text(encoding="utf-8"))


def write(files: "Iterable[Rendered]") -> bool:
    """Write what is not there yet as it should be; return whether anything was not."""
    changed = False
    for file in files:
        path, content = Path(file.where), file.text.encode()
        if path.is_file() and path.read_bytes() == content:
            continue
        try:
            make_folder(path.parent)
            write_whole(path, content)
        except OSError as error:
            raise _refused(file.where, error) from None
        changed = True
    return changed


def _refused(path: str, error: OSError) -> AftercareError:
    return AftercareError(
        f"{path} cannot be changed: {error.strerror or error}", "check the rights of its folder"
    )


def remove(path: str, home: str) -> bool:
    """Remove a file and the folders that it leaves empty, below `home`."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _refused(path, error) from None
    prune(os.path.dirname(path), home)
    return True


def prune(folder: str, home: str) -> None:
    """Remove a folder and those above it, as far as they are empty and below `home`."""
    with suppress(OSError):
        while os.path.commonpath([folder, home]) == home and folder != home:
            os.rmdir(folder)
            folder = os.path.dirname(folder)
