"""A rule file laid over the one it extends, value by value.

Mappings are laid over each other key by key; a single value and most lists replace what was
there. Lists of sentences and of names are added to, so that a clinic's own warning sign does
not drop the others. What sources print (`figures`) is one value, and with it go the `sources`.
What ``remove`` names is dropped first. Every value keeps the place and the file it came from.
"""

from difflib import get_close_matches

from aftercare.core.spans import parse_span
from aftercare.errors import InputError
from aftercare.rulebook.positions import Positions, mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from aftercare.errors import Problem
    from aftercare.rulebook.positions import Path as At

#: What each file says of itself and none inherits.
HEADER = ("title", "version", "reviewed")

#: Lists that are added to instead of replaced.
ADDED = ("names", "call", "urgent", "ask_first", "notes", "neutral", "forms")

#: The keys of a rule that say whose figure it is.
NAMED = ("figures", "sources")

#: The sections of a protocol that hold rules on things.
RULES = ("avoid", "care", "allow")

#: The other sections of a protocol that `remove` may name.
SECTIONS = ("names", "call", "urgent", "ask_first", "notes", "check", "course")


class Merge:
    """The data of several files, laid over each other from the lowest up.

    `origins` tells of each path which layer (0 the lowest) it came from, where that is not the
    lowest; `removed` lists what was dropped, by which layer and why.
    """

    def __init__(self, data: "dict[str, Any]", positions: Positions) -> None:
        self.data = data
        self.positions = positions
        self.origins: dict[At, int] = {}
        self.removed: list[dict[str, Any]] = []
        self.problems: list[Problem] = []
        self._layer = 0
        _allow_as_mapping(data, positions)
        for at, holder in self._holders(data):
            if "remove" in holder:
                self._wrong((*at, "remove"), "there is nothing to remove from", "extends: default")

    def lay(self, data: "dict[str, Any]", positions: Positions) -> None:
        """Lay the data of the next file over what is there."""
        self._layer += 1
        self._own = positions
        _allow_as_mapping(data, positions)
        self._remove(data)
        inherited = set(mapping(self.data.get("treatments")))
        for key in HEADER:
            self.data.pop(key, None)
        for key, value in data.items():
            if key not in ("extends", "remove", "because"):
                self._put(self.data, (key,), value)
        self.data.pop("extends", None)
        self._strangers(data, inherited)
        self._outgrown()
        self._renamed()

    def origin(self, path: "At") -> int:
        """Return the layer that a value came from."""
        while path and path not in self.origins:
            path = path[:-1]
        return self.origins.get(path, 0)

    def _put(self, holder: "dict[str, Any]", path: "At", value: "Any") -> None:
        key = str(path[-1])
        there = holder.get(key)
        if isinstance(there, dict) and isinstance(value, dict) and not _whole(path):
            for name, below in value.items():
                if not (_is_protocol(path) and name in ("remove", "because")):
                    self._put(there, (*path, name), below)
            return
        if isinstance(there, list) and isinstance(value, list) and key in ADDED:
            for item in value:
                if item not in there:
                    own = (*path, value.index(item))
                    there.append(item)
                    self._came((*path, len(there) - 1), own)
            return
        if _is_protocol(path) and isinstance(value, dict):
            value = {k: v for k, v in value.items() if k not in ("remove", "because")}
        holder[key] = value
        self._came(path, path)

    def _came(self, path: "At", own: "At") -> None:
        for below in [p for p in self.origins if p[: len(path)] == path]:
            del self.origins[below]
        self.origins[path] = self._layer
        self.positions.adopt(self._own, path, own)

    # -- what is removed ----------------------------------------------------------------

    @staticmethod
    def _holders(data: "dict[str, Any]") -> "Iterator[tuple[At, dict[str, Any]]]":
        """The places that may have a `remove`: the file, and each of its protocols."""
        yield (), data
        for id, protocol in mapping(data.get("treatments")).items():
            if isinstance(protocol, dict):
                yield ("treatments", id), protocol

    def _remove(self, data: "dict[str, Any]") -> None:
        for at, holder in self._holders(data):
            target = mapping(self.data.get("treatments"))
            if at:
                target = mapping(target.get(str(at[1])))
            for path, what, because in self._entries(at, holder):
                if at:
                    known = self._drop_rule(target, what)
                else:
                    known = [] if target.pop(what, None) is not None else list(target)
                if known:
                    near = get_close_matches(what, known, 1, 0.6)
                    right = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
                    self._wrong(path, f"there is no {what!r} to remove", right)
                else:
                    named = f"{at[1]}.{what}" if at else what
                    self.removed.append({"what": named, "because": because, "layer": self._layer})

    def _entries(self, at: "At", holder: "dict[str, Any]") -> "Iterator[tuple[At, str, str]]":
        remove, because = holder.get("remove"), holder.get("because")
        if isinstance(remove, list):
            if not isinstance(because, str):
                self.problems.append(
                    self._own.problem(
                        (*at, "remove"),
                        "no reason is given",
                        "add because: …, or write remove: {alcohol: the reason}",
                        key=True,
                        code="remove-without-reason",
                    )
                )
            for n, what in enumerate(remove):
                if isinstance(what, str):
                    yield (*at, "remove", n), what, str(because)
        elif because is not None:
            self._wrong((*at, "because"), "because: belongs to a list under remove:", "")
        for what, reason in mapping(remove).items():
            yield (*at, "remove", what), what, str(reason)

    @staticmethod
    def _drop_rule(protocol: "dict[str, Any]", what: str) -> "list[str]":
        """Drop the rules on a thing, or a section; return what there is if nothing was dropped."""
        if what in SECTIONS and what in protocol:
            del protocol[what]
            return []
        section, dot, thing = what.partition(".")
        sections, thing = ((section,), thing) if dot else (RULES, what)
        dropped = [
            mapping(protocol.get(s)).pop(thing)
            for s in sections
            if thing in mapping(protocol.get(s))
        ]
        if dropped:
            return []
        things = [t for s in RULES for t in mapping(protocol.get(s))]
        return list(dict.fromkeys([*things, *(f"{section}.{t}" for t in things if dot), *SECTIONS]))

    # -- what does not fit --------------------------------------------------------------

    def _wrong(self, at: "At", what: str, right: str) -> None:
        positions = self._own if self._layer else self.positions
        self.problems.append(positions.problem(at, what, right, key=True, code="remove-nothing"))

    def _strangers(self, data: "dict[str, Any]", inherited: "set[str]") -> None:
        """A new protocol without a title is rather a slip in the name of an inherited one."""
        for id, protocol in mapping(data.get("treatments")).items():
            near = get_close_matches(str(id), inherited, 1, 0.6)
            if id not in inherited and "title" not in mapping(protocol):
                right = f"did you mean {near[0]!r}?" if near else "or give the new one a title"
                self.problems.append(
                    self._own.problem(
                        ("treatments", id),
                        f"no treatment {id!r} is there to change",
                        right,
                        key=True,
                        code="unknown-treatment",
                    )
                )

    def _outgrown(self) -> None:
        """Drop an inherited `usual` that the file's own `for` has outgrown."""
        for at, rule in self._rules("avoid"):
            if "usual" not in rule:
                continue
            if self.origin((*at, "usual")) < self.origin((*at, "for")) == self._layer:
                minimum, usual = hours_of(rule.get("for")), hours_of(rule["usual"])
                if minimum is not None and usual is not None and usual <= minimum:
                    del rule["usual"]

    def _renamed(self) -> None:
        """Drop the inherited one of `figures` and `sources` where the file says the other.

        Whoever names sources names them all: none of those below is to vouch for their figure.
        """
        for at, rule in (*self._rules("avoid"), *self._rules("care")):
            layers = {key: self.origin((*at, key)) for key in NAMED if key in rule}
            if self._layer in layers.values():
                for key in [key for key, layer in layers.items() if layer != self._layer]:
                    del rule[key]

    def _rules(self, section: str) -> "Iterator[tuple[At, dict[str, Any]]]":
        for id, protocol in mapping(self.data.get("treatments")).items():
            for thing, rule in mapping(mapping(protocol).get(section)).items():
                if isinstance(rule, dict):
                    yield ("treatments", id, section, thing), rule


def _is_protocol(path: "At") -> bool:
    return len(path) == 2 and path[0] == "treatments"


def _whole(path: "At") -> bool:
    """Whether a mapping is one value, of which no half may come from elsewhere."""
    if path[0] in ("sources", "facts", "shared"):
        return len(path) == 2
    return path[0] == "treatments" and (path[2:3] == ("course",) or path[4:] == ("figures",))


def _allow_as_mapping(data: "dict[str, Any]", positions: Positions) -> None:
    """Turn ``allow: [a, b]`` into ``allow: {a: , b: }``, so that both forms lie over each other."""
    for id, protocol in mapping(data.get("treatments")).items():
        allow = mapping(protocol).get("allow")
        if isinstance(allow, list):
            at: At = ("treatments", id, "allow")
            for n, thing in enumerate(allow):
                positions.adopt(positions, (*at, str(thing)), (*at, n))
            protocol["allow"] = {thing: None for thing in allow if isinstance(thing, str)}


def hours_of(text: object) -> "int | None":
    """The nominal hours of a length of time, a day being 24; None when it is none."""
    if not isinstance(text, str):
        return None
    try:
        span = parse_span(text)
    except InputError:
        return None
    return span.hours if span.hours is not None else (span.days or 0) * 24
