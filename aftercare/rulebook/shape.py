"""The shape of a rule file: what its JSON Schema refuses, in the words of a rule file."""

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from aftercare.rulebook.positions import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from jsonschema import Draft202012Validator

    from aftercare.errors import Problem
    from aftercare.rulebook.positions import Positions

SCHEMA = Path(__file__).parent.parent / "data" / "rules.schema.json"


@cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def shape_problems(data: object, positions: "Positions") -> "Iterator[Problem]":
    """Yield what the schema refuses of a file, taken by itself."""
    for error in _validator().iter_errors(data):
        yield from _in_words(error, positions)


def missing_problems(data: object, positions: "Positions") -> "Iterator[Problem]":
    """Yield what is still missing when a file lies over those it extends."""
    for error in _validator().iter_errors(data):
        if error.validator == "required":
            yield from _in_words(error, positions)


def _in_words(error: "Any", positions: "Positions") -> "Iterator[Problem]":
    at = tuple(error.absolute_path)
    right = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    name = repr(str(at[-1])) if at else "the file"
    match error.validator:
        case "additionalProperties":
            known = list(error.schema["properties"])
            for key in [k for k in error.instance if k not in known]:
                yield positions.problem(
                    (*at, key),
                    f"unknown key {key!r}",
                    _near(key, known),
                    key=True,
                    code="unknown-key",
                )
        case "required":
            missing = next(k for k in error.validator_value if repr(k) in error.message)
            yield positions.problem(
                at, f"{name} has no {missing!r}", f"it is {right}", key=True, code="missing-key"
            )
        case "uniqueItems":
            n = next(n for n, item in enumerate(error.instance) if item in error.instance[:n])
            yield positions.problem(
                (*at, n), "this stands in the list already", "keep one", code="duplicate-item"
            )
        case "type":
            found = _describe(error.instance)
            yield positions.problem(
                at, f"{name} is {found}", f"it should be {right}", code="wrong-value"
            )
        case _ if "propertyNames" in error.absolute_schema_path:
            yield positions.problem(
                (*at, error.instance),
                f"the key {error.instance!r}",
                f"must be {right}",
                key=True,
                code="wrong-value",
            )
        case _:
            shown = _describe(error.instance)
            yield positions.problem(
                at, f"{name} is {shown}", f"it should be {right}", code="wrong-value"
            )


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
