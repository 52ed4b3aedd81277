"""Facts that personalise a plan, and conditions on them: true, false or open.

A condition on a fact that nobody gave is None: neither true nor false.
"""

from aftercare.core.value import Value
from aftercare.errors import FactError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FactValue = float | str | bool

_OPERATORS = (">=", "<=", ">", "<", "=")
_TRUE, _FALSE = ("yes", "true", "y", "1"), ("no", "false", "n", "0")


class FactType(Value):
    """What a fact may be: a number within bounds (inclusive), one of some words, or yes/no."""

    name: str
    kind: str  # "number", "choice" or "yes_no"
    ask: str
    minimum: float | None = None
    maximum: float | None = None
    choices: "tuple[str, ...]" = ()

    @staticmethod
    def of(facts: "Mapping[str, FactType]", name: str) -> "FactType":
        """Return the declaration of a fact; raises `FactError` naming those there are."""
        if name in facts:
            return facts[name]
        known = "; ".join(f"{f.name} ({f.describe()})" for f in facts.values()) or "none"
        raise FactError(f"these rules know no fact {name!r}", f"they know: {known}")

    def describe(self) -> str:
        if self.kind == "number":
            if self.minimum is None and self.maximum is None:
                return "a number"
            if self.maximum is None:
                return f"a number from {self.minimum:g}"
            if self.minimum is None:
                return f"a number up to {self.maximum:g}"
            return f"a number from {self.minimum:g} to {self.maximum:g}"
        return "yes or no" if self.kind == "yes_no" else " or ".join(self.choices)

    def read(self, value: object) -> "FactValue":
        """Return the value in its own type; raises `FactError` for one it cannot have."""
        wrong = FactError(f"{self.name} cannot be {value!r}", f"it is {self.describe()}")
        if self.kind == "number":
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise wrong
            try:
                number = float(value)
            except ValueError:
                raise wrong from None
            low = -1e9 if self.minimum is None else self.minimum
            high = 1e9 if self.maximum is None else self.maximum
            if not low <= number <= high:  # also false for nan
                raise wrong
            return number
        if self.kind == "yes_no":
            text = str(value).strip().casefold()
            if text in _TRUE:
                return True
            if text in _FALSE:
                return False
            raise wrong
        text = str(value).strip().casefold()
        for choice in self.choices:
            if choice.casefold() == text:
                return choice
        raise wrong


class Condition(Value):
    """One comparison with a fact, ready to be asked."""

    fact: str
    operator: str  # ">=", "<=", ">", "<", "=" or "in"
    operand: "float | bool | tuple[str, ...]"

    def __str__(self) -> str:
        if isinstance(self.operand, bool):
            return f"{self.fact} {'yes' if self.operand else 'no'}"
        if isinstance(self.operand, tuple):
            return f"{self.fact} {' or '.join(self.operand)}"
        return f"{self.fact} {self.operator} {self.operand:g}"

    def holds(self, facts: "Mapping[str, FactValue]") -> "bool | None":
        """True or false; None when nobody gave the fact."""
        if self.fact not in facts:
            return None
        value, operand = facts[self.fact], self.operand
        if isinstance(operand, tuple):
            return value in operand
        if isinstance(operand, bool) or self.operator == "=":
            return value == operand
        if not isinstance(value, int | float):
            raise FactError(f"{self.fact} is {value!r}, not a number", "correct the fact")
        if self.operator == ">=":
            return value >= operand
        if self.operator == "<=":
            return value <= operand
        return value > operand if self.operator == ">" else value < operand


def parse_condition(fact: FactType, text: object) -> Condition:
    """Read the right-hand side of an ``if:``: ``">= 0.8"``, ``sensitive``, a list, ``yes``.

    Raises `FactError` when it does not fit the fact's type: such a rule must not be skipped.
    """
    if fact.kind == "number":
        words = str(text).strip()
        operator = next((o for o in _OPERATORS if words.startswith(o)), "")
        number = words.removeprefix(operator).strip()
        if isinstance(text, list | bool) or not number.replace(".", "", 1).isdecimal():
            raise FactError(
                f"{text!r} cannot be compared with {fact.name}", 'write ">= 0.8", "< 0.5" or "= 1"'
            )
        return Condition(fact.name, operator or "=", float(number))
    if fact.kind == "yes_no":
        value = fact.read(text)
        return Condition(fact.name, "=", bool(value))
    wanted = text if isinstance(text, list) else [text]
    return Condition(fact.name, "in", tuple(str(fact.read(word)) for word in wanted))


def all_hold(
    conditions: "tuple[Condition, ...]", facts: "Mapping[str, FactValue]"
) -> "bool | None":
    """All of them: false if one is false, else None if one is open, else true."""
    answers = [condition.holds(facts) for condition in conditions]
    if False in answers:
        return False
    return None if None in answers else True
