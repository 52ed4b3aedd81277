"""Conditional lines of a rule that can never decide anything."""

from aftercare.core.conditions import Condition, parse_condition
from aftercare.rulebook.merge import hours_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from aftercare.core.conditions import FactType
    from aftercare.rulebook.positions import Path as At


def condition_warnings(
    rule: "dict[str, Any]", facts: "Mapping[str, FactType]"
) -> "Iterator[tuple[At, str, str, str]]":
    """Yield place (below the rule), code, what is wrong and what would be right."""
    lines = rule.get("longer") or []
    conditions = [
        {f: parse_condition(facts[f], text) for f, text in line["if"].items()} for line in lines
    ]
    for n, line in enumerate(lines):
        for fact, condition in conditions[n].items():
            always = _always(condition, facts[fact])
            if always is not None:
                yield (
                    ("longer", n, "if", fact),
                    "never-applies",
                    _told(condition, facts[fact], always=always),
                    "mend the condition, or leave the line out",
                )
        if _reach(line) <= _reach(rule) and _hours(line, "for") <= _hours(rule, "for"):
            yield (
                ("longer", n, "for"),
                "shorter-longer",
                f"longer ({line['for']}) is no longer than for ({rule['for']})",
                "a shorter time never counts: the latest end does",
            )
        elif _hours(line, "for") < _hours(rule, "for"):
            yield (
                ("longer", n, "for"),
                "shorter-longer",
                f"longer ({line['for']}) is shorter than for ({rule['for']})",
                "the latest end counts; write the same for:, and the longer time as usual:",
            )
        for m, other in enumerate(lines):
            covers = _hours(other, "for") >= _hours(line, "for") and _reach(other) >= _reach(line)
            if m != n and covers and _implies(conditions[n], conditions[m]):
                twins = _implies(conditions[m], conditions[n]) and _same(line, other)
                if not twins or m < n:
                    yield (
                        ("longer", n),
                        "never-applies",
                        f"it never decides: where it holds, so does the line with {other['for']}",
                        "make it longer, or leave it out",
                    )
                    break


def _told(condition: Condition, fact: "FactType", *, always: bool) -> str:
    how = "always" if always else "never"
    return f"{condition} {how} holds: {fact.name} is {fact.describe()}"


def _hours(line: "dict[str, Any]", key: str) -> int:
    return hours_of(line.get(key)) or 0


def _reach(line: "dict[str, Any]") -> int:
    """The hours until even the usual wait is over."""
    return max(_hours(line, "for"), _hours(line, "usual"))


def _same(one: "dict[str, Any]", other: "dict[str, Any]") -> bool:
    return _hours(one, "for") == _hours(other, "for") and _reach(one) == _reach(other)


def _range(condition: Condition) -> "tuple[tuple[float, bool], tuple[float, bool]]":
    """Lower and upper bound of the numbers it admits, each with whether it is excluded."""
    low, high = (float("-inf"), False), (float("inf"), False)
    number = float(condition.operand) if isinstance(condition.operand, int | float) else 0.0
    match condition.operator:
        case ">=":
            low = (number, False)
        case ">":
            low = (number, True)
        case "<=":
            high = (number, False)
        case "<":
            high = (number, True)
        case _:
            low = high = (number, False)
    return low, high


def _always(condition: Condition, fact: "FactType") -> "bool | None":
    """Whether it holds for every value the fact can have (True), for none (False), or for some."""
    if isinstance(condition.operand, tuple):
        return True if set(condition.operand) >= set(fact.choices) else None
    if isinstance(condition.operand, bool):
        return None
    low, high = _range(condition)
    least = float("-inf") if fact.minimum is None else fact.minimum
    most = float("inf") if fact.maximum is None else fact.maximum
    if low[0] > most or high[0] < least or (low == (most, True)) or (high == (least, True)):
        return False
    above = low[0] < least or low == (least, False)
    below = high[0] > most or high == (most, False)
    return True if above and below else None


def _implies(one: "Mapping[str, Condition]", other: "Mapping[str, Condition]") -> bool:
    """Whether all of `other` hold whenever all of `one` do."""
    return all(fact in one and _within(one[fact], other[fact]) for fact in other)


def _within(inner: Condition, outer: Condition) -> bool:
    if isinstance(inner.operand, tuple) and isinstance(outer.operand, tuple):
        return set(inner.operand) <= set(outer.operand)
    if isinstance(inner.operand, bool) or isinstance(outer.operand, bool):
        return inner.operand == outer.operand
    (low, low_open), (high, high_open) = _range(inner)
    (wide_low, wide_low_open), (wide_high, wide_high_open) = _range(outer)
    above = low > wide_low or (low == wide_low and (low_open or not wide_low_open))
    below = high < wide_high or (high == wide_high and (high_open or not wide_high_open))
    return above and below
