"""What differs between two rulebooks, as data: a change for each value, in the order of the rules.

Texts such as a rule's reason are compared too; who only wants the figures looks at `what`.
"""

from aftercare.core.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aftercare.core.model import Allow, Avoid, Care, Protocol, Rulebook, Statement


class Change(Value):
    """One difference. `before` is "" for what was added, `after` for what was removed.

    `where` is the protocol, or "" for what belongs to all; `rule` the rule or section, such as
    ``avoid retinoids``; `what` the value of it, "" when it is the rule as a whole.
    """

    where: str
    rule: str
    what: str
    before: str
    after: str


def changes(
    before: "Rulebook", after: "Rulebook", protocol: "str | None" = None
) -> "tuple[Change, ...]":
    """Return what changed from one rulebook to the other, in all protocols or in one."""
    return tuple(_changes(before, after, protocol))


def _changes(before: "Rulebook", after: "Rulebook", only: "str | None") -> "Iterator[Change]":
    ids = dict.fromkeys((*before.protocols, *after.protocols)) if only is None else (only,)
    for id in ids:
        old, new = before.protocols.get(id), after.protocols.get(id)
        if old is None or new is None:
            yield Change(
                id, "the treatment", "", old.title if old else "", new.title if new else ""
            )
        else:
            yield from _protocol(id, old, new)
    old_facts = {name: f.describe() for name, f in before.facts.items()}
    new_facts = {name: f.describe() for name, f in after.facts.items()}
    for name in dict.fromkeys((*old_facts, *new_facts)):
        yield from _value("", f"fact {name}", "", old_facts.get(name, ""), new_facts.get(name, ""))
    yield from _things(before, after)


def _protocol(id: str, old: "Protocol", new: "Protocol") -> "Iterator[Change]":
    yield from _value(id, "title", "", old.title, new.title)
    yield from _sets(id, "names", old.names, new.names)
    sections: tuple[tuple[str, Mapping[str, object], Mapping[str, object]], ...] = (
        ("avoid", {r.thing: _avoid(r) for r in old.avoid}, {r.thing: _avoid(r) for r in new.avoid}),
        ("care", {r.thing: _care(r) for r in old.care}, {r.thing: _care(r) for r in new.care}),
        ("allow", {r.thing: _text(r) for r in old.allow}, {r.thing: _text(r) for r in new.allow}),
    )
    for section, were, are in sections:
        for thing in dict.fromkeys((*were, *are)):
            yield from _rule(id, f"{section} {thing}", were.get(thing), are.get(thing))
    for kind in ("call", "urgent", "ask_first", "notes"):
        yield from _sets(id, kind, _sentences(getattr(old, kind)), _sentences(getattr(new, kind)))
    yield from _sets(id, "check", map(str, old.check), map(str, new.check))
    yield from _value(
        id,
        "course",
        "",
        old.course.thing if old.course else "",
        new.course.thing if new.course else "",
    )


def _rule(where: str, rule: str, old: object, new: object) -> "Iterator[Change]":
    """A rule as a mapping of its values; the first of them stands for the whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        for what in dict.fromkeys((*old, *new)):
            yield from _value(where, rule, what, old.get(what, ""), new.get(what, ""))
    else:
        yield Change(where, rule, "", _whole(old), _whole(new))


def _whole(rule: object) -> str:
    return next(iter(rule.values()), "") or "allowed" if isinstance(rule, dict) else ""


def _avoid(rule: "Avoid") -> "dict[str, str]":
    lines = {
        f"if {line}": f"{line.span}" + (f", usual {line.usual}" if line.usual else "")
        for line in rule.longer
    }
    return {
        "for": str(rule.span),
        "usual": str(rule.usual or ""),
        **lines,
        "figures": _figures(rule),
        **_text(rule),
    }


def _care(rule: "Care") -> "dict[str, str]":
    at = ", ".join(f"{t:%H:%M}" for t in rule.at)
    return {
        "for": f"{rule.days}d",
        "at": at,
        "from": str(rule.start or ""),
        "figures": _figures(rule),
        **_text(rule),
    }


def _figures(rule: "Avoid | Care") -> str:
    return ", ".join(f"{id} {text}" for id, text in rule.figures)


def _text(rule: "Avoid | Care | Allow") -> "dict[str, str]":
    sources = ", ".join(source.id for source in rule.sources)
    return {"why": rule.why, "note": rule.note, "sources": sources}


def _sentences(statements: "tuple[Statement, ...]") -> "list[str]":
    return [statement.text for statement in statements]


def _things(before: "Rulebook", after: "Rulebook") -> "Iterator[Change]":
    old, new = before.lexicon, after.lexicon
    if old.typed_names == new.typed_names and set(old) == set(new):
        return
    known: list[dict[str, list[str]]] = []
    for lexicon in (old, new):
        names: dict[str, list[str]] = {}
        for name, ids in lexicon.typed_names.values():
            for id in ids:
                names.setdefault(id, []).append(name)
        known.append(names)
    for id in dict.fromkeys((*old, *new)):
        if (id in old) != (id in new):
            titles = [lexicon.thing(id).title if id in lexicon else "" for lexicon in (old, new)]
            yield Change("", f"thing {id}", "", *titles)
        yield from _sets("", f"thing {id}, names", known[0].get(id, ()), known[1].get(id, ()))


def _value(where: str, rule: str, what: str, old: str, new: str) -> "Iterator[Change]":
    if old != new:
        yield Change(where, rule, what, old, new)


def _sets(where: str, what: str, old: "Iterable[str]", new: "Iterable[str]") -> "Iterator[Change]":
    were, are = dict.fromkeys(old), dict.fromkeys(new)
    for text in were:
        if text not in are:
            yield Change(where, what, "", text, "")
    for text in are:
        if text not in were:
            yield Change(where, what, "", "", text)
