"""Checked files kept as JSON, so that they are read and checked once.

A kept file is found by the content it was made from and by this program's version, and
carries a checksum of itself. It is safe to delete: whatever is wrong with it, it is made
again. JSON on purpose: a cache must not be able to run code. What is given as a mapping of
bytes stands behind it, each part to be read when it is asked for.
"""

import json
import os
from zlib import adler32, crc32

from aftercare import __version__
from aftercare.core.lazy import LazyMapping
from aftercare.files import make_folder, write_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, ValuesView
    from pathlib import Path
    from typing import Any

#: Raise it when the shape of the kept data changes.
SHAPE = 5


class Mark:
    """What tells a content from others, as part of a file's name."""

    def __init__(self) -> None:
        # Two checksums and the length: hashlib alone would cost a third of a start-up.
        self._sums = 0, 1
        self._length = 0

    def add(self, part: bytes) -> "Mark":
        crc, adler = self._sums
        self._sums = crc32(part, crc), adler32(part, adler)
        self._length += len(part)
        return self

    def __str__(self) -> str:
        crc, adler = self._sums
        return f"{crc:08x}{adler:08x}-{self._length}"


def compiled(
    mark: Mark, kind: str, folder: "str | Path | None", make: "Callable[[], dict[str, Any]]"
) -> "dict[str, Any]":
    """Return what `make` makes of a content: from `folder` if it is kept there, else made now.

    Without a folder, or where it cannot be written, nothing is kept.
    """
    if folder is None:
        return make()
    path = os.path.join(os.path.abspath(folder), f"{kind}-{__version__}-{SHAPE}-{mark}.json")

    def made() -> "dict[str, Any]":
        data = make()
        _write(path, data)
        return data

    return _read(path, made) or made()


class _Parts(LazyMapping[bytes]):
    """What stands behind a file's first lines: start, length and checksum of each part."""

    def __init__(
        self,
        path: str,
        begin: int,
        name: str,
        places: "dict[str, tuple[int, int, int]]",
        made: "Callable[[], dict[str, Any]]",
    ) -> None:
        super().__init__(places, self._part)
        self._path, self._begin, self._name, self._made_anew = path, begin, name, made

    def _part(self, id: str, place: "tuple[int, int, int]") -> bytes:
        start, length, checksum = place
        try:
            with open(self._path, "rb") as file:
                file.seek(self._begin + start)
                part = file.read(length)
            if crc32(part) == checksum:
                return part
        except OSError:
            pass
        anew: bytes = self._made_anew()[self._name][id]
        return anew

    def values(self) -> "ValuesView[bytes]":
        """All parts, read in one go."""
        try:
            with open(self._path, "rb") as file:
                file.seek(self._begin)
                whole = file.read()
            for id, (start, length, checksum) in self._data.items():
                part = whole[start : start + length]
                if crc32(part) == checksum:
                    self._made[id] = part
        except OSError:
            pass
        return super().values()

    def __reduce__(self) -> "tuple[type, tuple[object, ...]]":
        return dict, (dict(self),)


def _read(path: str, made: "Callable[[], dict[str, Any]]") -> "dict[str, Any] | None":
    """What a file keeps; None where its first lines are not whole."""
    try:
        with open(path, "rb") as file:
            checksum, head = file.readline(), file.readline()
            if int(checksum, 16) != crc32(head):
                return None
            data, behind = json.loads(head)
        begin = len(checksum) + len(head)
        for name, places in behind.items():
            data[name] = _Parts(path, begin, name, places, made)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _write(path: str, data: "dict[str, Any]") -> None:
    rest: dict[str, Any] = {}
    behind: dict[str, dict[str, tuple[int, int, int]]] = {}
    parts: list[bytes] = []
    start = 0
    for name, value in data.items():
        if not _is_of_bytes(value):
            rest[name] = value
            continue
        places = behind[name] = {}
        for id, part in value.items():
            places[id] = start, len(part), crc32(part)
            start += len(part)
            parts.append(part)
    head = json.dumps([rest, behind], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    try:
        make_folder(os.path.dirname(path))
        write_whole(path, b"".join([b"%08x\n" % crc32(head), head, *parts]))
    except OSError:
        pass  # a cache that cannot be kept costs time, not correctness


def _is_of_bytes(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(part, bytes) for part in value.values())
