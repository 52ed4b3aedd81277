"""Checked files kept as JSON, so that they are read and checked once.

A kept file is found by the content it was made from and by this program's version, and
carries a checksum of itself. It is safe to delete: whatever is wrong with it, the answer is
None and it is made again. JSON on purpose: a cache must not be able to run code. Long texts
stand behind it as they are, which is read ten times as fast.
"""

import json
import os
from contextlib import suppress
from zlib import adler32, crc32

from aftercare import __version__
from aftercare.files import make_folder, write_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

#: Raise it when the shape of the kept data changes.
SHAPE = 4

#: Texts of so many characters or more are long.
LONG = 1_000


def compiled(
    source: bytes, kind: str, folder: "str | Path | None", make: "Callable[[], dict[str, Any]]"
) -> "dict[str, Any]":
    """Return what `make` makes of `source`: from `folder` if it is kept there, else made now.

    Without a folder, or where it cannot be written, nothing is kept.
    """
    if folder is None:
        return make()
    # Two checksums and the length: hashlib alone would cost a third of a start-up.
    name = (
        f"{kind}-{__version__}-{SHAPE}-{crc32(source):08x}{adler32(source):08x}-{len(source)}.json"
    )
    path = os.path.join(folder, name)
    kept = _read(path)
    if kept is None:
        kept = make()
        _write(path, kept)
    return kept


def _read(path: str) -> "dict[str, Any] | None":
    try:
        with open(path, "rb") as file:
            content = file.read()
        # Views, not copies: these are the largest things that a question holds.
        begin = content.index(b"\n") + 1
        if int(content[:begin], 16) != crc32(memoryview(content)[begin:]):
            return None
        end = content.index(b"\n", begin)
        data, lengths = json.loads(content[begin:end])
        for name, length in lengths.items():
            begin, end = end, end + length
            data[name] = str(memoryview(content)[begin + 1 : end + 1], "utf-8")
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _write(path: str, data: "dict[str, Any]") -> None:
    long = {
        name: text.encode()
        for name, text in data.items()
        if isinstance(text, str) and len(text) >= LONG
    }
    short = {name: value for name, value in data.items() if name not in long}
    lengths = {name: len(text) for name, text in long.items()}
    head = json.dumps([short, lengths], ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join([head, b"\n", *long.values()])
    # A cache that cannot be kept costs time, not correctness.
    with suppress(OSError):
        make_folder(os.path.dirname(path))
        write_whole(path, b"%08x\n" % crc32(body) + body)
