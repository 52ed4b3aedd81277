"""The files that one rule file rests on: itself, what it extends, what that extends."""

import os
from functools import partial

from aftercare.core.value import Value
from aftercare.errors import Problem, RuleFileError
from aftercare.files import DATA
from aftercare.rulebook.cache import Mark, compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

#: A rule file larger than this, in bytes, is refused unread.
LARGEST = 1_000_000

#: So many files may extend one another below the one that is read.
DEEPEST = 5

#: What ``extends`` calls the rules that ship.
DEFAULT = "default"


class Layer(Value):
    """One file: its `name` as plans tell it, `file` as problems tell it, and its bytes."""

    name: str
    file: str
    source: bytes


def default_rules() -> "Path":
    """Return the path of the rules that ship."""
    from pathlib import Path

    return Path(_default_path())


def _default_path() -> str:
    """Beside the package's data, or in its source tree."""
    shipped = os.path.join(DATA, "rules.yaml")
    if os.path.exists(shipped):
        return shipped
    return os.path.join(os.path.dirname(os.path.dirname(DATA)), "rules.yaml")


def default_layer() -> Layer:
    """Return the rules that ship."""
    path = _default_path()
    return Layer(DEFAULT, path, bytes_of(path))


def layers_of(
    source: bytes, file: str, cache: "str | Path | None" = None
) -> "tuple[list[Layer], list[Problem]]":
    """Return a rule file and all it extends, the lowest first, and what is wrong with the chain.

    A path in ``extends`` is seen from the folder of the file it stands in. A chain that is
    broken ends where it breaks.
    """
    layers = [Layer(os.path.basename(file), file, source)]
    seen = {os.path.realpath(file)}
    while True:
        top = layers[0]
        found = compiled(Mark().add(top.source), "extends", cache, partial(_extends, top.source))
        wanted = found["extends"]
        if not isinstance(wanted, str) or not wanted.strip():
            return layers, []

        place = (top.file, found["line"], found["column"])

        def wrong(
            what: str, right: str, place: "tuple[str, int, int]" = place
        ) -> "tuple[list[Layer], list[Problem]]":
            return layers, [Problem(*place, what, right, code="wrong-extends")]

        if len(layers) > DEEPEST:
            return wrong(f"more than {DEEPEST} files extend one another", "leave some out")
        path = _default_path()
        if wanted != DEFAULT:
            path = os.path.join(os.path.dirname(top.file), wanted)
        real = os.path.realpath(path)
        if real in seen:
            return wrong(f"{wanted!r} leads back to a file that is extended already", "break it")
        seen.add(real)
        try:
            below = bytes_of(path)
        except RuleFileError as error:
            return wrong(error.message, "write default, or a path as seen from this file")
        layers.insert(0, Layer(wanted, path, below))


def _extends(source: bytes) -> "dict[str, Any]":
    """What a file extends, and where it says so."""
    found: dict[str, Any] = {"extends": None, "line": 1, "column": 1}
    if b"extends" not in source:
        return found
    from aftercare.rulebook.positions import mapping, read

    data, positions, _ = read(source.decode("utf-8-sig", "replace"), "")
    _, line, column = positions.where(("extends",))
    return {"extends": mapping(data).get("extends"), "line": line, "column": column}


def bytes_of(file: str) -> bytes:
    """Return the bytes of a rule file; `RuleFileError` when it cannot be one."""
    try:
        if os.path.isdir(file):
            raise RuleFileError(f"{file} is a folder", "name a rule file in it")
        with open(file, "rb") as stream:
            source = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RuleFileError(
            f"{file} cannot be read: {reason}", "check the path and its rights"
        ) from None
    if len(source) > LARGEST:
        raise RuleFileError(
            f"{file} is larger than {LARGEST // 1000} kB", "a rule file is a few kB of text"
        )
    return source
