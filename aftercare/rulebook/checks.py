"""What a rule file may say: its shape (a JSON Schema) and its sense (everything else).

All problems are found in one go; each says where, what is wrong and what would be right.
"""

import json
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from aftercare.core.conditions import FactType, parse_condition
from aftercare.core.names import NameIndex, normalise, words
from aftercare.core.spans import parse_span
from aftercare.errors import InputError, Problem
from aftercare.rulebook.positions import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from aftercare.rulebook.positions import Path as At
    from aftercare.rulebook.positions import Positions

SCHEMA = Path(__file__).parent.parent / "data" / "rules.schema.json"

#: The sections that hold statements with sources.
STATEMENTS = ("call", "urgent", "ask_first", "notes")

#: The kinds of things whose names can stand in an ingredient list.
ON_LABELS = ("ingredient", "medicine")


def shape_problems(data: object, positions: "Positions") -> "Iterator[Problem]":
    """Yield what the schema refuses, in the words of a rule file."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for error in validator.iter_errors(data):
        at = tuple(error.absolute_path)
        right = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
        name = repr(str(at[-1])) if at else "the file"
        match error.validator:
            case "additionalProperties":
                known = list(error.schema["properties"])
                for key in [k for k in error.instance if k not in known]:
                    yield positions.problem(
                        (*at, key), f"unknown key {key!r}", _near(key, known), key=True
                    )
            case "required":
                missing = next(k for k in error.validator_value if repr(k) in error.message)
                yield positions.problem(
                    at, f"{name} has no {missing!r}", f"it is {right}", key=True
                )
            case "type":
                found = _describe(error.instance)
                yield positions.problem(at, f"{name} is {found}", f"it should be {right}")
            case _ if "propertyNames" in error.absolute_schema_path:
                yield positions.problem(
                    (*at, error.instance),
                    f"the key {error.instance!r}",
                    f"must be {right}",
                    key=True,
                )
            case _:
                shown = _describe(error.instance)
                yield positions.problem(at, f"{name} is {shown}", f"it should be {right}")


def _describe(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return repr(value) if len(value) < 60 else f"a text of {len(value)} characters"
    return type_name[type(value)]


def _near(word: str, known: "Iterable[str]") -> str:
    near = get_close_matches(word, list(known), 1, 0.6)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"


class Sense:
    """Checks what a schema cannot: references, durations, names, conditions."""

    def __init__(
        self,
        data: "dict[str, Any]",
        positions: "Positions",
        base: "dict[str, Any] | None",
    ) -> None:
        self.data = data
        self.positions = positions
        self.base = base
        self.problems: list[Problem] = []
        own = _mapping(data.get("things"))
        self.things = {**(base["things"] if base else {}), **own}
        self.sources = _mapping(data.get("sources"))
        self.facts = dict(self._facts())

    def check(self) -> None:
        """Collect in `problems` whatever refers to nothing or contradicts itself."""
        self._header()
        self._things()
        protocols = _mapping(self.data.get("treatments"))
        if self.base is not None and not protocols:
            self._wrong((), "the file has no treatments", "add treatments: {microneedling: …}")
        claimed: dict[str, str] = {}
        for id, protocol in protocols.items():
            if isinstance(protocol, dict):
                self._protocol(("treatments", id), id, protocol, claimed)

    def vocabulary(self) -> "dict[str, Any]":
        """Return the file's things and names, ready to be looked up by key.

        Call it after `check`; it also reports names that two things claim.
        """
        things = {}
        for id, thing in _mapping(self.data.get("things")).items():
            if isinstance(thing, dict):
                known = (self.base or {"things": {}})["things"].get(id, {})
                own = {k: thing[k] for k in ("title", "kind", "parts", "kind_of") if k in thing}
                things[id] = {"title": id, **known, **own}
        index = _Index(self)
        for id, thing in _mapping(self.data.get("things")).items():
            if isinstance(thing, dict):
                index.add_thing(id, thing)
        for name, ids in _mapping(self.data.get("shared")).items():
            if isinstance(ids, list):
                index.add_shared(name, ids)
        return {
            "things": things,
            "typed": NameIndex.text_of(index.typed),
            "label": NameIndex.text_of(index.label),
            "neutral": self._words("neutral"),
            "forms": self._words("forms"),
        }

    def _wrong(self, at: "At", wrong: str, right: str = "", *, key: bool = False) -> None:
        self.problems.append(self.positions.problem(at, wrong, right, key=key))

    def _words(self, section: str) -> "list[str]":
        phrases = self.data.get(section)
        texts = [p for p in phrases if isinstance(p, str)] if isinstance(phrases, list) else []
        return sorted({word for text in texts for word in words(text)})

    def _header(self) -> None:
        reviewed = self.data.get("reviewed")
        if isinstance(reviewed, str):
            try:
                date.fromisoformat(reviewed)
            except ValueError:
                self._wrong(("reviewed",), f"{reviewed!r} is no date", "write 2026-11-22")

    def _facts(self) -> "Iterator[tuple[str, FactType]]":
        for name, fact in _mapping(self.data.get("facts")).items():
            if not isinstance(fact, dict):
                continue
            at: At = ("facts", name)
            kinds = [k for k in ("number", "choice", "yes_no") if k in fact]
            if len(kinds) != 1:
                self._wrong(
                    at, f"{name!r} needs one type", "number, choice or yes_no: true", key=True
                )
                continue
            limits = _mapping(fact.get("number"))
            low, high = limits.get("min"), limits.get("max")
            numbers = [n for n in (low, high) if isinstance(n, int | float)]
            if len(numbers) == 2 and numbers[0] > numbers[1]:
                self._wrong((*at, "number"), "min is above max", "swap them")
            choices = fact.get("choice")
            words = tuple(map(str, choices)) if isinstance(choices, list) else ()
            yield name, FactType(name, kinds[0], "", low, high, words)

    def _things(self) -> None:
        for id, thing in _mapping(self.data.get("things")).items():
            if not isinstance(thing, dict):
                continue
            at: At = ("things", id)
            if "title" not in thing and (self.base is None or id not in self.base["things"]):
                self._wrong(at, f"the new thing {id!r} has no title", "add title: …", key=True)
            parts = thing.get("parts")
            for n, part in enumerate(parts if isinstance(parts, list) else ()):
                self._thing((*at, "parts", n), part)
            if isinstance(thing.get("kind_of"), str):
                self._thing((*at, "kind_of"), thing["kind_of"])
            if self._circular(id):
                self._wrong(at, f"{id!r} is made of itself", "break the circle", key=True)

    def _circular(self, id: str) -> bool:
        seen, queue = set(), [id]
        while queue:
            thing = self.things.get(queue.pop())
            if not isinstance(thing, dict):
                continue
            parts = thing.get("parts")
            below = [*(parts if isinstance(parts, list) else ()), thing.get("kind_of")]
            for other in below:
                if other == id:
                    return True
                if isinstance(other, str) and other not in seen:
                    seen.add(other)
                    queue.append(other)
        return False

    def _thing(self, at: "At", id: object, *, key: bool = False) -> None:
        if isinstance(id, str) and id not in self.things:
            near = get_close_matches(id, self.things, 3, 0.6)
            right = f"did you mean {' or '.join(near)}?" if near else "declare it under things:"
            self._wrong(at, f"no thing {id!r} is known", right, key=key)

    def _protocol(
        self, at: "At", id: str, data: "dict[str, Any]", claimed: "dict[str, str]"
    ) -> None:
        names = data.get("names")
        listed = enumerate(names) if isinstance(names, list) else ()
        claims: list[tuple[At, object]] = [((), id), *((("names", n), name) for n, name in listed)]
        for path, name in claims:
            if isinstance(name, str) and claimed.setdefault(normalise(name), id) != id:
                other = claimed[normalise(name)]
                self._wrong((*at, *path), f"{name!r} is also a name of {other!r}", "name one only")
        for section, check in (("avoid", self._avoid), ("care", self._care)):
            for thing, rule in _mapping(data.get(section)).items():
                self._thing((*at, section, thing), thing, key=True)
                if isinstance(rule, dict):
                    self._sources((*at, section, thing), rule)
                    check((*at, section, thing), rule)
        allow = data.get("allow")
        if isinstance(allow, list):
            for n, thing in enumerate(allow):
                self._thing((*at, "allow", n), thing)
        for thing, rule in _mapping(allow).items():
            self._thing((*at, "allow", thing), thing, key=True)
            self._sources((*at, "allow", thing), rule)
        for section in STATEMENTS:
            items = data.get(section)
            for n, item in enumerate(items if isinstance(items, list) else ()):
                self._sources((*at, section, n), item)
        check_times = data.get("check")
        for n, text in enumerate(check_times if isinstance(check_times, list) else ()):
            self._span((*at, "check", n), text)
        course = _mapping(data.get("course"))
        self._sources((*at, "course"), course)
        next_due = course.get("thing")
        if isinstance(next_due, str) and next_due not in _mapping(data.get("avoid")):
            self._wrong(
                (*at, "course", "thing"),
                f"no rule says how long to avoid {next_due!r}",
                f"add it under avoid: the next session is due when {next_due!r} is free again",
            )

    def _avoid(self, at: "At", rule: "dict[str, Any]") -> None:
        self._window(at, rule)
        lines = rule.get("longer")
        for n, line in enumerate(lines if isinstance(lines, list) else ()):
            if isinstance(line, dict):
                self._sources((*at, "longer", n), line)
                self._window((*at, "longer", n), line)
                self._conditions((*at, "longer", n, "if"), line.get("if"))

    def _care(self, at: "At", rule: "dict[str, Any]") -> None:
        for key in ("for", "from"):
            hours = self._span((*at, key), rule.get(key))
            if key == "for" and hours == 0:
                self._wrong((*at, key), "a care of no days", "1d or more")

    def _window(self, at: "At", rule: "dict[str, Any]") -> None:
        minimum = self._span((*at, "for"), rule.get("for"))
        usual = self._span((*at, "usual"), rule.get("usual"))
        if minimum is not None and usual is not None and usual < minimum:
            self._wrong(
                (*at, "usual"),
                f"usual ({rule['usual']}) is before for ({rule['for']})",
                "usual is the longer of the two; leave it out if it is the same",
            )

    def _span(self, at: "At", text: object) -> "int | None":
        """Its nominal hours, or None after saying what is wrong."""
        if not isinstance(text, str):
            return None
        try:
            span = parse_span(text)
        except InputError as error:
            self._wrong(at, error.message, error.hint or "")
            return None
        return span.hours if span.hours is not None else (span.days or 0) * 24

    def _conditions(self, at: "At", conditions: object) -> None:
        for fact, text in _mapping(conditions).items():
            try:
                declared = FactType.of(self.facts, fact)
            except InputError as error:
                self._wrong((*at, fact), error.message, error.hint or "", key=True)
                continue
            try:
                parse_condition(declared, text)
            except InputError as error:
                self._wrong((*at, fact), error.message, error.hint or "")

    def _sources(self, at: "At", rule: object) -> None:
        sources = _mapping(rule).get("sources")
        for n, id in enumerate(sources if isinstance(sources, list) else ()):
            if isinstance(id, str) and id not in self.sources:
                near = get_close_matches(id, self.sources, 1, 0.6)
                right = f"did you mean {near[0]!r}?" if near else "declare it under sources:"
                self._wrong((*at, "sources", n), f"the source {id!r} is not declared", right)


class _Index:
    """Names by key, each with the thing that claims it; typed and label names apart."""

    def __init__(self, sense: Sense) -> None:
        self.sense = sense
        base = sense.base or {"typed": "\n", "label": "\n"}
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
            self.sense._thing((*at, n), id)
        key = normalise(name)
        for index in (self.typed, self.label):
            if index is self.label and not any(self._on_labels(id) for id in ids):
                continue
            if key in index:
                other = index[key][1][0]
                self.sense._wrong(
                    at, f"{name!r} is also a name of {other!r}", "name it once", key=True
                )
            index[key] = (name, [id for id in ids if isinstance(id, str)])

    def _on_labels(self, id: str) -> bool:
        thing = _mapping(self.sense.things.get(id))
        return thing.get("kind", "ingredient") in ON_LABELS

    def _claim(
        self, at: "At", name: object, id: str, where: object, *, quietly: bool = False
    ) -> None:
        if not isinstance(name, str):
            return
        key = normalise(name)
        if not key:
            self.sense._wrong(at, f"the name {name!r} has no letters", "leave it out")
            return
        for side, index in (("typed", self.typed), ("label", self.label)):
            if where not in (None, side) or (side == "label" and not self._on_labels(id)):
                continue
            owners = (index.get(key) or self.base[side].get(key) or (name, [id]))[1]
            if id in owners:
                index.setdefault(key, (name, owners))
            elif not quietly:
                self.sense._wrong(
                    at,
                    f"the name {name!r} belongs to {' and '.join(owners)} already",
                    f"leave it there, or list it under shared: [{owners[0]}, {id}]",
                )
                return


def _mapping(value: object) -> "dict[str, Any]":
    return value if isinstance(value, dict) else {}
