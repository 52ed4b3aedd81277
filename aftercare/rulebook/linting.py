"""What is doubtful in a rule file that has no errors. `codes` says in words what each means.

Figures are compared by their nominal hours, a day being 24. Only what the topmost file says,
or lets stand beside what it says, is told: the files it extends answer for themselves.
"""

from datetime import date

from aftercare.core.names import NameIndex, normalise, words
from aftercare.rulebook.idle_conditions import condition_warnings
from aftercare.rulebook.merge import hours_of
from aftercare.rulebook.positions import mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from aftercare.errors import Problem
    from aftercare.rulebook.positions import Path as At
    from aftercare.rulebook.reading import Reading

#: Days after which a review is old.
OLD = 365


def warnings(reading: "Reading", today: date) -> "list[Problem]":
    """Return what is doubtful, in the order of lines."""
    lint = _Lint(reading)
    lint.check(today)
    return sorted(lint.found, key=lambda p: (p.line, p.column, p.code))


class _Lint:
    def __init__(self, reading: "Reading") -> None:
        if reading.merge is None or reading.document is None:
            raise ValueError("a file with errors is not linted")
        self.merge = reading.merge
        self.data: dict[str, Any] = reading.merge.data
        self.positions = reading.merge.positions
        self.facts = reading.sense.facts
        self.things = reading.sense.things
        self.base = NameIndex((reading.vocabulary or {"typed": {}})["typed"])
        self.own_names = NameIndex(reading.document["vocabulary"]["typed"])
        self.top = len(reading.layers) - 1
        self.found: list[Problem] = []

    def check(self, today: date) -> None:
        self._review(today)
        used = set()
        for id, protocol in self.data["treatments"].items():
            at: At = ("treatments", id)
            for thing, rule in mapping(protocol.get("avoid")).items():
                used |= {fact for line in rule.get("longer", ()) for fact in line["if"]}
                self._sources((*at, "avoid", thing), rule)
                self._figures((*at, "avoid", thing), rule)
                self._never((*at, "avoid", thing), rule)
                self.found += [
                    self._problem((*at, "avoid", thing, *path), code, *said, key=False)
                    for path, code, *said in condition_warnings(rule, self.facts)
                    if self._own((*at, "avoid", thing, "longer"))
                    and (self._own((*at, "avoid", thing, "for")) or code == "never-applies")
                ]
            for section in ("care", "allow"):
                for thing, rule in _rules(protocol, section):
                    self._sources((*at, section, thing), rule)
            self._contradictions(at, protocol)
            if not protocol.get("call"):
                self._warn(
                    at,
                    "no-warning-signs",
                    f"{id} has no signs that mean: call the clinic",
                    "add them under call:",
                )
        for fact in self.facts:
            if fact not in used and self._own(("facts", fact)):
                self._warn(
                    ("facts", fact),
                    "unused-fact",
                    f"no rule asks for the fact {fact!r}",
                    "use it in an if:, or leave it out",
                )
        self._names()

    def _own(self, *paths: "At") -> bool:
        """Whether the topmost file says one of these values itself."""
        return any(self.merge.origin(path) == self.top for path in paths)

    def _problem(
        self, at: "At", code: str, wrong: str, right: str = "", *, key: bool = True
    ) -> "Problem":
        return self.positions.problem(at, wrong, right, key=key, code=code, warning=True)

    def _warn(self, at: "At", code: str, wrong: str, right: str = "", *, key: bool = True) -> None:
        self.found.append(self._problem(at, code, wrong, right, key=key))

    # -- who says so, and when ----------------------------------------------------------

    def _review(self, today: date) -> None:
        text = self.data.get("reviewed")
        if text is None:
            self._warn(
                ("version",),
                "old-review",
                "nobody says when these rules were last reviewed",
                f"add reviewed: {today.isoformat()} when somebody has",
            )
            return
        age = (today - date.fromisoformat(text)).days
        if age > OLD or age < 0:
            when = f"{age} days ago" if age > 0 else "in the future"
            self._warn(
                ("reviewed",),
                "old-review",
                f"the last review, {text}, was {when}",
                "have the figures checked, then write the day",
                key=False,
            )

    def _sources(self, at: "At", rule: "dict[str, Any]") -> None:
        if not rule.get("sources") and not rule.get("figures"):
            if self._own(at, (*at, "sources")) and "no source" not in _note(rule):
                self._warn(
                    at,
                    "no-source",
                    f"{_name(at)} has no source",
                    "add sources: […], or say 'no source' in its note",
                )
            return
        changed = [
            key
            for key in ("for", "usual", "longer", "from")
            if self.top and key in rule and self._own((*at, key)) and not self._own(at)
        ]
        named = self._own((*at, "sources"), (*at, "figures"))
        if changed and not named and "no source" not in _note(rule):
            self._warn(
                (*at, changed[0]),
                "no-source",
                f"{_name(at)} is changed, but its sources are those of the other figure",
                "add sources: […] that say this one",
            )

    def _figures(self, at: "At", rule: "dict[str, Any]") -> None:
        lowest = min((hours_of(t.split("-")[0]) or 0 for t in _figures(rule).values()), default=0)
        waits = hours_of(rule["for"]) or 0
        if waits < lowest and self._own((*at, "for"), (*at, "figures")):
            self._warn(
                (*at, "for"),
                "below-figures",
                f"{_name(at)} asks for {rule['for']}, less than any source under figures:",
                "make it longer, or name the source that says so",
                key=False,
            )

    # -- rules that say nothing, or two things ------------------------------------------

    def _never(self, at: "At", rule: "dict[str, Any]") -> None:
        waits = (rule["for"], rule.get("usual"))
        empty = not any(map(hours_of, waits)) and not rule.get("longer")
        if empty and self._own((*at, "for")):
            self._warn(
                at,
                "never-applies",
                f"{_name(at)} forbids nothing: it is over as it begins",
                "give it a time, or move it under allow:",
            )

    def _contradictions(self, at: "At", protocol: "dict[str, Any]") -> None:
        avoided = mapping(protocol.get("avoid"))
        for section in ("care", "allow"):
            for thing, rule in _rules(protocol, section):
                begins = hours_of(rule.get("from")) or 0
                for other in sorted((self._wider(thing) | self._parts(thing)) & set(avoided)):
                    ends = hours_of(avoided[other]["for"]) or 0
                    here, there = (*at, section, thing), (*at, "avoid", other)
                    if begins < ends and self._own(here, (*here, "from"), (*there, "for")):
                        what = "asked for" if section == "care" else "allowed"
                        since = f"from {rule['from']} on" if begins else "from the start"
                        self._warn(
                            here,
                            "contradiction",
                            f"{thing} is {what} {since}, but {_name(there)} forbids it for "
                            f"{avoided[other]['for']}",
                            f"let it begin when {other} is free, or drop one of the two",
                        )
        for thing, rule in avoided.items():
            for other in sorted((self._wider(thing) - {thing}) & set(avoided)):
                mine, theirs = hours_of(rule["for"]) or 0, hours_of(avoided[other]["for"]) or 0
                here, there = (*at, "avoid", thing), (*at, "avoid", other)
                if mine < theirs and self._own((*here, "for"), (*there, "for")):
                    self._warn(
                        (*here, "for"),
                        "contradiction",
                        f"{thing} is free after {rule['for']}, but it belongs to {other}, "
                        f"which is forbidden for {avoided[other]['for']}",
                        f"make it {avoided[other]['for']} or more: the longer one counts anyway",
                        key=False,
                    )

    def _wider(self, thing: str) -> "set[str]":
        """The thing and all that it is a part or a kind of."""
        found, queue = {thing}, [thing]
        while queue:
            one = queue.pop()
            general = mapping(self.things.get(one)).get("kind_of")
            above = [id for id, t in self.things.items() if one in (mapping(t).get("parts") or ())]
            new = {*([general] if general else ()), *above} - found
            found |= new
            queue += new
        return found

    def _parts(self, thing: str) -> "set[str]":
        """All that it is made of."""
        found: set[str] = set()
        queue = [thing]
        while queue:
            new = set(mapping(self.things.get(queue.pop())).get("parts") or ()) - found
            found |= new
            queue += new
        return found

    # -- names --------------------------------------------------------------------------

    def _names(self) -> None:
        for id, thing in mapping(self.data.get("things")).items():
            title = thing.get("title")
            owners = (self.own_names.get(normalise(title)) if title else None) or (
                self.base.get(normalise(title)) if title else None
            )
            if owners and id not in owners[1] and self._own(("things", id)):
                self._shadow(("things", id, "title"), title, f"the thing {owners[1][0]}")
        for name in mapping(self.data.get("shared")):
            there = self.base.get(normalise(name))
            if there and self._own(("shared", name)):
                self._shadow(("shared", name), name, f"the thing {' and '.join(there[1])}")
        for section in ("neutral", "forms"):
            for n, text in enumerate(self.data.get(section) or ()):
                for word in words(text):
                    there = self.own_names.get(word) or self.base.get(word)
                    if there and self._own((section, n)):
                        self._shadow((section, n), word, f"the thing {there[1][0]}")
        titles = {normalise(p["title"]): id for id, p in self.data["treatments"].items()}
        for id, protocol in self.data["treatments"].items():
            for n, name in enumerate(protocol.get("names") or ()):
                other = titles.get(normalise(name), id)
                if other != id and self._own(
                    ("treatments", id, "names", n), ("treatments", other, "title")
                ):
                    self._shadow(("treatments", id, "names", n), name, f"the treatment {other}")

    def _shadow(self, at: "At", name: str, other: str) -> None:
        self._warn(
            at,
            "shadowed-name",
            f"{name!r} is also a name of {other}; only one of the two is understood",
            "give it another name",
            key=at[0] == "shared",
        )


def _rules(protocol: "dict[str, Any]", section: str) -> "Iterator[tuple[str, dict[str, Any]]]":
    for thing, rule in mapping(protocol.get(section)).items():
        yield thing, mapping(rule)


def _figures(rule: "dict[str, Any]") -> "dict[str, str]":
    return mapping(rule.get("figures"))


def _note(rule: "dict[str, Any]") -> str:
    return str(rule.get("note", "")).casefold()


def _name(at: "At") -> str:
    """``microneedling.avoid.retinoids``, as plans call the rule."""
    return ".".join(map(str, at[1:]))
