"""Texts made small: stripped, or deflated and written in letters that HTML leaves alone."""

import zlib
from base64 import b85encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: Letters of base 85 that mean something in HTML, and what stands for them.
SAFE = bytes.maketrans(b"<>&", b",./")


def pack(text: str) -> str:
    """Return a text deflated, in letters that need no escape in HTML."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return _letters(deflate.compress(text.encode()) + deflate.flush())


def pack_well(text: str) -> str:
    """Return what `pack` does, as small as it can be made, which takes about a second."""
    from zopfli.zlib import compress

    return _letters(bytes(compress(text.encode())[2:-4]))  # without what zlib puts around it


def _letters(data: bytes) -> str:
    return b85encode(data).translate(SAFE).decode()


def stripped(parts: "Iterable[str]", comment: str) -> str:
    """Return texts as one, without indentation, empty lines, and comments that have a line of
    their own and begin so.
    """
    lines = [line.strip() for part in parts for line in part.split("\n")]
    return "\n".join(line for line in lines if line and not line.startswith(comment))
