"""Files and folders that their owner alone can read, and that are never half written.

Also where the files are that ship with the package.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike

#: The folder of the package's data. Paths are plain text here: `pathlib` is slow to load.
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def make_folder(path: "str | PathLike[str]") -> None:
    """Make a folder and what is missing above it, each for its owner alone."""
    path = os.path.abspath(path)
    if os.path.isdir(path):
        return
    make_folder(os.path.dirname(path))
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass  # made by another process meanwhile


def write_whole(path: "str | PathLike[str]", content: bytes) -> None:
    """Write a file under a temporary name, then rename it: whole or not at all.

    It is its owner's alone. Raises `OSError`; the temporary file is gone then.
    """
    temporary = f"{os.fspath(path)}.{os.getpid()}"
    try:
        with open(temporary, "wb", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        try:
            os.unlink(temporary)
        except OSError:
            pass  # it was never made
        raise
