"""The folder that a batch writes into: every file whole or not at all, its owner's alone."""

import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from aftercare.errors import InputError
from aftercare.files import make_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO, Self

#: What a file is called while it is being written. A run that was killed leaves it, the next
#: run writes over it.
PART = ".part"


class Folder:
    """A folder in use by one run at a time; its files get their names when all are written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open: dict[str, BinaryIO] = {}
        self._lock = -1

    def __enter__(self) -> "Self":
        try:
            make_folder(self.path)
            self._lock = _locked(self.path)
        except OSError as error:
            raise InputError(
                f"{self.path} cannot be written into: {error.strerror}", "name another folder"
            ) from None
        return self

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: "BaseException | None",
        trace: "TracebackType | None",
    ) -> None:
        for name, file in self._open.items():
            with suppress(OSError):
                file.close()
            with suppress(OSError):
                os.unlink(self.path / (name + PART))
        if self._lock >= 0:
            os.close(self._lock)
        if isinstance(error, OSError):
            raise InputError(
                f"{self.path} cannot be written into: {error.strerror or error}",
                "nothing there was changed; make room, or name another folder",
            ) from None

    def file(self, name: str) -> "BinaryIO":
        """Open a file for writing; it has its name only after `keep`."""
        file = _open_own(self.path / (name + PART))
        self._open[name] = file
        return file

    def keep(self) -> None:
        """Give every file its name."""
        for file in self._open.values():
            file.close()
        for name in list(self._open):
            os.replace(self.path / (name + PART), self.path / name)
            del self._open[name]


def _locked(path: Path) -> int:
    """Hold the folder until this process ends, however it ends; -1 where that cannot be had."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:
        return -1
    lock = os.open(path, os.O_RDONLY)
    try:
        flock(lock, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise InputError(f"another run is writing into {path}", "wait for its end") from None
    except OSError:
        pass  # some network folders know no locks
    return lock


def _open_own(path: Path) -> "BinaryIO":
    return open(path, "wb", opener=lambda p, flags: os.open(p, flags, 0o600))


def write_own(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + PART)
    with _open_own(part) as file:
        file.write(content)
    os.replace(part, path)


def file_name(client: str) -> str:
    """Return the name of a client's files, without its ending: the same on every run, another for
    every client, and safe on every system whatever the client is called.

    ``zoe-muller-3f2a90c1d4e5b677``: what can be read of the name, then 64 bits of its SHA-256.
    """
    letters = normalize("NFKD", client).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", letters)[:40].strip("-")
    mark = sha256(client.encode()).hexdigest()[:16]
    return f"{words}-{mark}" if words else mark
