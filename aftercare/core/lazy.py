"""A mapping whose values are made when they are first asked for.

A rule file may hold a dozen protocols and a hundred sources; a question needs few of them.
"""

from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    V = TypeVar("V")
else:
    V = object


class LazyMapping(Mapping[str, V]):
    """Read-only; `make` turns an id and its plain data into the value, once."""

    def __init__(self, data: "Mapping[str, Any]", make: "Callable[[str, Any], V]") -> None:
        self._data = data
        self._make = make
        self._made: dict[str, V] = {}

    def __getitem__(self, id: str) -> "V":
        if id not in self._made:
            self._made[id] = self._make(id, self._data[id])
        return self._made[id]

    def __iter__(self) -> "Iterator[str]":
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)
