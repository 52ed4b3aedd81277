"""A checked rule file as plain data, and the `Rulebook` made of it.

The plain data is what is kept in the cache and in the record of treatments, so that a plan
can be computed again from the very rules it was given by. It is assumed to be checked.
"""

import json
from datetime import time

from aftercare.core.conditions import FactType, parse_condition
from aftercare.core.lazy import LazyMapping
from aftercare.core.model import (
    Allow,
    Avoid,
    Care,
    Course,
    Longer,
    Protocol,
    Rulebook,
    Source,
    Statement,
)
from aftercare.core.names import Lexicon
from aftercare.core.spans import parse_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NONE: "dict[str, str]" = {}


def rulebook_from(document: "dict[str, Any]", vocabulary: "dict[str, Any]") -> Rulebook:
    """Return the rulebook of a checked document, its names added to the common vocabulary."""
    lexicon = Lexicon(vocabulary, document["vocabulary"])
    facts = {name: _fact(name, data) for name, data in document["facts"].items()}
    builder = _Builder(document, facts, lexicon)
    return Rulebook(
        document["title"],
        document["version"],
        document["reviewed"],
        document["sha256"],
        facts,
        LazyMapping(document["treatments"], builder.protocol),
        lexicon,
    )


def _fact(name: str, data: "dict[str, Any]") -> FactType:
    ask = data.get("ask", "")
    if "number" in data:
        limits = data["number"] or {}
        return FactType(name, "number", ask, limits.get("min"), limits.get("max"))
    if "choice" in data:
        return FactType(name, "choice", ask, choices=tuple(data["choice"]))
    return FactType(name, "yes_no", ask)


def _source(id: str, data: "dict[str, Any]") -> Source:
    return Source(id, data["title"], data.get("publisher", ""), data.get("url", ""))


class _Builder:
    """Makes the rules of a document; holds what they refer to."""

    def __init__(
        self, document: "dict[str, Any]", facts: "dict[str, FactType]", lexicon: Lexicon
    ) -> None:
        self.facts = facts
        self.lexicon = lexicon
        self.known = LazyMapping(document["sources"], _source)

    def protocol(self, id: str, text: str) -> Protocol:
        data = json.loads(text)
        course = data.get("course")
        return Protocol(
            id,
            data["title"],
            tuple(data.get("names", ())),
            tuple(self.avoid(id, t, rule) for t, rule in data.get("avoid", {}).items()),
            tuple(self.care(id, t, rule) for t, rule in data.get("care", {}).items()),
            tuple(self.allow(id, t, rule or {}) for t, rule in data.get("allow", {}).items()),
            self.statements(data.get("call", [])),
            self.statements(data.get("urgent", [])),
            tuple(parse_span(text) for text in data.get("check", ())),
            self.statements(data.get("ask_first", [])),
            self.statements(data.get("notes", [])),
            Course(course["thing"], course.get("sessions", ""), self.sources(course))
            if course
            else None,
        )

    def avoid(self, protocol: str, thing: str, data: "dict[str, Any]") -> Avoid:
        usual = data.get("usual")
        return Avoid(
            f"{protocol}.avoid.{thing}",
            thing,
            self.lexicon.thing(thing).title,
            parse_span(data["for"]),
            parse_span(usual) if usual else None,
            data["why"],
            data.get("note", ""),
            self.sources(data),
            tuple(map(self.longer, data.get("longer", ()))),
            tuple(data.get("figures", _NONE).items()),
        )

    def longer(self, data: "dict[str, Any]") -> Longer:
        conditions = [
            parse_condition(FactType.of(self.facts, fact), text)
            for fact, text in data["if"].items()
        ]
        usual = data.get("usual")
        span = parse_span(data["for"])
        return Longer(tuple(conditions), span, parse_span(usual) if usual else None)

    def care(self, protocol: str, thing: str, data: "dict[str, Any]") -> Care:
        at = data.get("at", [])
        start = data.get("from")
        return Care(
            f"{protocol}.care.{thing}",
            thing,
            self.lexicon.thing(thing).title,
            parse_span(data["for"]).days or 0,
            tuple(map(time.fromisoformat, [at] if isinstance(at, str) else at)),
            parse_span(start) if start else None,
            data.get("why", ""),
            data.get("note", ""),
            self.sources(data),
            tuple(data.get("figures", _NONE).items()),
        )

    def allow(self, protocol: str, thing: str, data: "dict[str, Any]") -> Allow:
        return Allow(
            f"{protocol}.allow.{thing}",
            thing,
            self.lexicon.thing(thing).title,
            data.get("why", ""),
            data.get("note", ""),
            self.sources(data),
        )

    def statements(self, items: "list[Any]") -> "tuple[Statement, ...]":
        return tuple(
            Statement(item, ())
            if isinstance(item, str)
            else Statement(item["text"], self.sources(item))
            for item in items
        )

    def sources(self, data: "dict[str, Any]") -> "tuple[Source, ...]":
        """Who is named: those who print a figure first."""
        return tuple(self.known[id] for id in (*data.get("figures", ()), *data.get("sources", ())))
