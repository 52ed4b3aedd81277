"""The sense of a rule file: references, durations, names, conditions; all that a schema cannot say.

All problems are found in one go; each says where, what is wrong and what would be right.
"""

from datetime import date
from difflib import get_close_matches

from aftercare.core.conditions import FactType, parse_condition
from aftercare.core.names import NameIndex, normalise, words
from aftercare.core.spans import parse_span
from aftercare.errors import InputError, Problem
from aftercare.rulebook.claims import Claims
from aftercare.rulebook.positions import mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from aftercare.rulebook.positions import Path as At
    from aftercare.rulebook.positions import Positions

#: The sections that hold statements with sources.
STATEMENTS = ("call", "urgent", "ask_first", "notes")


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
        own = mapping(data.get("things"))
        self.things = {**(base["things"] if base else {}), **own}
        self.sources = mapping(data.get("sources"))
        self.facts = dict(self._facts())

    def check(self) -> None:
        """Collect in `problems` whatever refers to nothing or contradicts itself."""
        self._header()
        self._things()
        protocols = mapping(self.data.get("treatments"))
        if self.base is not None and not protocols:
            self.wrong(
                (),
                "the file has no treatments",
                "add treatments: {microneedling: …}",
                "no-treatments",
            )
        claimed: dict[str, str] = {}
        for id, protocol in protocols.items():
            if isinstance(protocol, dict):
                self._protocol(("treatments", id), id, protocol, claimed)

    def vocabulary(self) -> "dict[str, Any]":
        """Return the file's things and names, ready to be looked up by key.

        Call it after `check`; it also reports names that two things claim.
        """
        things = {}
        for id, thing in mapping(self.data.get("things")).items():
            if isinstance(thing, dict):
                known = (self.base or {"things": {}})["things"].get(id, {})
                own = {k: thing[k] for k in ("title", "kind", "parts", "kind_of") if k in thing}
                things[id] = {"title": id, **known, **own}
        index = Claims(self)
        for id, thing in mapping(self.data.get("things")).items():
            if isinstance(thing, dict):
                index.add_thing(id, thing)
        for name, ids in mapping(self.data.get("shared")).items():
            if isinstance(ids, list):
                index.add_shared(name, ids)
        return {
            "things": things,
            "typed": NameIndex.texts_of(index.typed),
            "label": NameIndex.texts_of(index.label),
            "neutral": self._words("neutral"),
            "forms": self._words("forms"),
        }

    def wrong(
        self, at: "At", wrong: str, right: str = "", code: str = "", *, key: bool = False
    ) -> None:
        self.problems.append(self.positions.problem(at, wrong, right, key=key, code=code))

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
                self.wrong(
                    ("reviewed",), f"{reviewed!r} is no date", "write 2026-11-22", "wrong-value"
                )

    def _facts(self) -> "Iterator[tuple[str, FactType]]":
        for name, fact in mapping(self.data.get("facts")).items():
            if not isinstance(fact, dict):
                continue
            at: At = ("facts", name)
            kinds = [k for k in ("number", "choice", "yes_no") if k in fact]
            if len(kinds) != 1:
                self.wrong(
                    at,
                    f"{name!r} needs one type",
                    "number, choice or yes_no: true",
                    "wrong-fact",
                    key=True,
                )
                continue
            limits = mapping(fact.get("number"))
            low, high = limits.get("min"), limits.get("max")
            numbers = [n for n in (low, high) if isinstance(n, int | float)]
            if len(numbers) == 2 and numbers[0] > numbers[1]:
                self.wrong((*at, "number"), "min is above max", "swap them", "wrong-fact")
            choices = fact.get("choice")
            words = tuple(map(str, choices)) if isinstance(choices, list) else ()
            yield name, FactType(name, kinds[0], "", low, high, words)

    def _things(self) -> None:
        for id, thing in mapping(self.data.get("things")).items():
            if not isinstance(thing, dict):
                continue
            at: At = ("things", id)
            if "title" not in thing and (self.base is None or id not in self.base["things"]):
                self.wrong(
                    at,
                    f"the new thing {id!r} has no title",
                    "add title: …",
                    "missing-key",
                    key=True,
                )
            parts = thing.get("parts")
            for n, part in enumerate(parts if isinstance(parts, list) else ()):
                self.known_thing((*at, "parts", n), part)
            if isinstance(thing.get("kind_of"), str):
                self.known_thing((*at, "kind_of"), thing["kind_of"])
            if self._circular(id):
                self.wrong(
                    at, f"{id!r} is made of itself", "break the circle", "thing-circle", key=True
                )

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

    def known_thing(self, at: "At", id: object, *, key: bool = False) -> None:
        if isinstance(id, str) and id not in self.things:
            near = get_close_matches(id, self.things, 3, 0.6)
            right = f"did you mean {' or '.join(near)}?" if near else "declare it under things:"
            self.wrong(at, f"no thing {id!r} is known", right, "unknown-thing", key=key)

    def _protocol(
        self, at: "At", id: str, data: "dict[str, Any]", claimed: "dict[str, str]"
    ) -> None:
        names = data.get("names")
        listed = enumerate(names) if isinstance(names, list) else ()
        claims: list[tuple[At, object]] = [((), id), *((("names", n), name) for n, name in listed)]
        for path, name in claims:
            if isinstance(name, str) and claimed.setdefault(normalise(name), id) != id:
                other = claimed[normalise(name)]
                self.wrong(
                    (*at, *path),
                    f"{name!r} is also a name of {other!r}",
                    "name one only",
                    "name-taken",
                )
        for section, check in (("avoid", self._avoid), ("care", self._care)):
            for thing, rule in mapping(data.get(section)).items():
                self.known_thing((*at, section, thing), thing, key=True)
                if isinstance(rule, dict):
                    self._sources((*at, section, thing), rule)
                    self._figures((*at, section, thing), rule)
                    check((*at, section, thing), rule)
        for thing, rule in mapping(data.get("allow")).items():
            self.known_thing((*at, "allow", thing), thing, key=True)
            self._sources((*at, "allow", thing), rule)
        for section in STATEMENTS:
            items = data.get(section)
            said: set[str] = set()
            for n, item in enumerate(items if isinstance(items, list) else ()):
                self._sources((*at, section, n), item)
                text = str(mapping(item).get("text", "") or item)
                if text in said:
                    self.wrong(
                        (*at, section, n), "this stands here already", "keep one", "duplicate-item"
                    )
                said.add(text)
        check_times = data.get("check")
        for n, text in enumerate(check_times if isinstance(check_times, list) else ()):
            self._span((*at, "check", n), text)
        course = mapping(data.get("course"))
        self._sources((*at, "course"), course)
        next_due = course.get("thing")
        if isinstance(next_due, str) and next_due not in mapping(data.get("avoid")):
            self.wrong(
                (*at, "course", "thing"),
                f"no rule says how long to avoid {next_due!r}",
                f"add it under avoid: the next session is due when {next_due!r} is free again",
                "course-without-rule",
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
                self.wrong((*at, key), "a care of no days", "1d or more", "wrong-length")

    def _window(self, at: "At", rule: "dict[str, Any]") -> None:
        minimum = self._span((*at, "for"), rule.get("for"))
        usual = self._span((*at, "usual"), rule.get("usual"))
        if minimum is not None and usual is not None and usual < minimum:
            self.wrong(
                (*at, "usual"),
                f"usual ({rule['usual']}) is before for ({rule['for']})",
                "usual is the longer of the two; leave it out if it is the same",
                "usual-before-for",
            )

    def _span(self, at: "At", text: object) -> "int | None":
        """Its nominal hours, or None after saying what is wrong."""
        if not isinstance(text, str):
            return None
        try:
            span = parse_span(text)
        except InputError as error:
            self.wrong(at, error.message, error.hint or "", "wrong-length")
            return None
        return span.hours if span.hours is not None else (span.days or 0) * 24

    def _conditions(self, at: "At", conditions: object) -> None:
        for fact, text in mapping(conditions).items():
            try:
                declared = FactType.of(self.facts, fact)
            except InputError as error:
                self.wrong((*at, fact), error.message, error.hint or "", "unknown-fact", key=True)
                continue
            try:
                parse_condition(declared, text)
            except InputError as error:
                self.wrong((*at, fact), error.message, error.hint or "", "wrong-condition")

    def _sources(self, at: "At", rule: object) -> None:
        sources = mapping(rule).get("sources")
        for n, id in enumerate(sources if isinstance(sources, list) else ()):
            self._source((*at, "sources", n), id)

    def _source(self, at: "At", id: object, *, key: bool = False) -> None:
        if isinstance(id, str) and id not in self.sources:
            near = get_close_matches(id, self.sources, 1, 0.6)
            right = f"did you mean {near[0]!r}?" if near else "declare it under sources:"
            self.wrong(at, f"the source {id!r} is not declared", right, "unknown-source", key=key)

    def _figures(self, at: "At", rule: "dict[str, Any]") -> None:
        """What each source prints: its lengths, and that nobody is named twice."""
        figures = mapping(rule.get("figures"))
        for id, text in figures.items():
            here = (*at, "figures", id)
            self._source(here, id, key=True)
            if isinstance(text, str):
                ends = [self._span(here, end) or 0 for end in text.split("-")]
                if ends[-1] and ends != sorted(ends):
                    right = "from the lowest to the highest: 24h-48h"
                    self.wrong(here, f"{text!r} runs backwards", right, "wrong-length")
        sources = rule.get("sources")
        for n, id in enumerate(sources if isinstance(sources, list) else ()):
            if id in figures:
                right = "keep the figure; sources: is for those without one"
                self.wrong((*at, "sources", n), f"{id!r} has a figure already", right,
                           "duplicate-item")  # fmt: skip
