"""Who may call what by which name: the names of a rule file's things, each claimed once."""

from aftercare.core.names import NameIndex, normalise
from aftercare.rulebook.positions import mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from aftercare.rulebook.checks import Sense
    from aftercare.rulebook.positions import Path as At

#: The kinds of things whose names can stand in an ingredient list.
ON_LABELS = ("ingredient", "medicine")


class Claims:
    """Names by key, each with the thing that claims it; typed and label names apart."""

    def __init__(self, sense: "Sense") -> None:
        self.sense = sense
        base = sense.base or {"typed": {}, "label": {}}
        self.base = {side: NameIndex(base[side]) for side in ("typed", "label")}
        self.typed: dict[str, tuple[str, list[str]]] = {}
        self.label: dict[str, tuple[str, list[str]]] = {}

    def add_thing(self, id: str, thing: "dict[str, Any]") -> None:
        at: At = ("things", id)
        self._claim((*at, "title"), thing.get("title"), id, None, quietly=True)
        names = thing.get("names")
        for n, name in enumerate(names if isinstance(names, list) else ()):
            if isinstance(name, dict):
                group = name.get("names")
                for m, word in enumerate(group if isinstance(group, list) else ()):
                    self._claim((*at, "names", n, "names", m), word, id, name.get("where"))
            else:
                self._claim((*at, "names", n), name, id, None)

    def add_shared(self, name: str, ids: "list[Any]") -> None:
        at: At = ("shared", name)
        for n, id in enumerate(ids):
            self.sense.known_thing((*at, n), id)
        key = normalise(name)
        for index in (self.typed, self.label):
            if index is self.label and not any(self._on_labels(id) for id in ids):
                continue
            if key in index:
                other = index[key][1][0]
                self.sense.wrong(
                    at,
                    f"{name!r} is also a name of {other!r}",
                    "name it once",
                    "name-taken",
                    key=True,
                )
            index[key] = (name, [id for id in ids if isinstance(id, str)])

    def _on_labels(self, id: str) -> bool:
        thing = mapping(self.sense.things.get(id))
        return thing.get("kind", "ingredient") in ON_LABELS

    def _claim(
        self, at: "At", name: object, id: str, where: object, *, quietly: bool = False
    ) -> None:
        if not isinstance(name, str):
            return
        key = normalise(name)
        if not key:
            self.sense.wrong(at, f"the name {name!r} has no letters", "leave it out", "wrong-value")
            return
        for side, index in (("typed", self.typed), ("label", self.label)):
            if where not in (None, side) or (side == "label" and not self._on_labels(id)):
                continue
            owners = (index.get(key) or self.base[side].get(key) or (name, [id]))[1]
            if id in owners:
                index.setdefault(key, (name, owners))
            elif not quietly:
                self.sense.wrong(
                    at,
                    f"the name {name!r} belongs to {' and '.join(owners)} already",
                    f"leave it there, or list it under shared: [{owners[0]}, {id}]",
                    "name-taken",
                )
                return
