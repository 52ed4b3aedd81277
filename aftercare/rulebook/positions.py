"""Text to plain data, keeping the line and column of everything.

YAML without its surprises: no aliases, no tags, no duplicate keys, and no word that YAML
would turn into something else than what stands there.
"""

import re

import yaml

from aftercare.errors import Problem

#: Deeper nesting than any rule file needs; stops a bomb of brackets.
DEEPEST = 20

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?", re.ASCII)
_BOOLEAN_WORDS = re.compile(r"yes|no|on|off|y|n", re.IGNORECASE)
_ODD_NUMBER = re.compile(
    r"[-+]?(?:\d+(?::[0-5]?\d)+(?:\.\d*)?|0\d+|0x[\da-f]+|0o\d+|0b[01]+|\d[\d_]*_[\d_]*"
    r"|(?:\d+\.?\d*|\.\d+)e[-+]?\d+|\.inf|\.\d+)|\.nan",
    re.IGNORECASE | re.ASCII,
)

type_name = {dict: "a mapping", list: "a list", str: "text", bool: "true or false"}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

Path = tuple[str | int, ...]


def mapping(value: object) -> "dict[str, Any]":
    """The value if it is a mapping; an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


class Positions:
    """Where each value (`at`) and each key (`of_key`) of a document stands, by its path."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._values: dict[Path, tuple[str, int, int]] = {(): (file, 1, 1)}
        self._keys: dict[Path, tuple[str, int, int]] = {}

    def place(self, path: Path, mark: "Any", *, key: bool = False) -> None:
        place = (self.file, mark.line + 1, mark.column + 1)
        (self._keys if key else self._values)[path] = place

    def adopt(self, other: "Positions", path: Path, theirs: Path) -> None:
        """Take over the places of all that stands at and below `theirs` in another file."""
        depth = len(theirs)
        for own, places in ((self._values, other._values), (self._keys, other._keys)):
            found = {path + p[depth:]: at for p, at in places.items() if p[:depth] == theirs}
            own.update(found)

    def where(self, path: Path, *, key: bool = False) -> "tuple[str, int, int]":
        """Return file, line and column of a path, or of the nearest above that stands somewhere."""
        places = self._keys if key and path in self._keys else self._values
        while path not in places:
            path = path[:-1]
            places = self._values
        return places[path]

    def problem(
        self,
        path: Path,
        wrong: str,
        right: str = "",
        *,
        key: bool = False,
        code: str = "",
        warning: bool = False,
    ) -> Problem:
        """Return a problem at a path, or at the nearest place above it that stands somewhere."""
        return Problem(*self.where(path, key=key), wrong, right, code=code, warning=warning)


def read(text: str, file: str) -> "tuple[object, Positions, list[Problem]]":
    """Return the document's data, its positions and what is wrong with its YAML.

    After an error of syntax the data is None.
    """
    positions = Positions(file)
    problems: list[Problem] = []
    try:
        events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        data = _Reader(events, positions, problems).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = error.problem or error.context or "not YAML"
        problems.append(
            Problem(file, line, column, f"this is not valid YAML: {what}", code="not-yaml")
        )
        return None, positions, problems
    except yaml.YAMLError as error:
        problems.append(
            Problem(
                file, 1, 1, f"this is not valid YAML: {str(error).splitlines()[0]}", code="not-yaml"
            )
        )
        return None, positions, problems
    except _TooDeep as error:
        problems.append(error.problem)
        return None, positions, problems
    return data, positions, problems


class _TooDeep(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Reader:
    """Builds data from YAML's events, one pass, without its constructors."""

    def __init__(
        self, events: "Iterable[Any]", positions: Positions, problems: "list[Problem]"
    ) -> None:
        self.events = iter(events)
        self.positions = positions
        self.problems = problems

    def wrong(self, mark: "Any", what: str, right: str = "", code: str = "yaml-surprise") -> None:
        self.problems.append(
            Problem(self.positions.file, mark.line + 1, mark.column + 1, what, right, code=code)
        )

    def document(self) -> object:
        data: object = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.wrong(
                        event.start_mark,
                        "a second document begins here",
                        "one per file",
                        "not-yaml",
                    )
                    break
                data = self.node(next(self.events), ())
        return data

    def node(self, event: "Any", path: Path) -> object:
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            self.wrong(mark, f"the alias *{event.anchor} is not allowed", "write it out")
            return None
        if len(path) > DEEPEST:
            raise _TooDeep(
                Problem(
                    self.positions.file,
                    mark.line + 1,
                    mark.column + 1,
                    "nested too deeply",
                    code="not-yaml",
                )
            )
        self.positions.place(path, mark)
        if getattr(event, "anchor", None):
            self.wrong(mark, f"the anchor &{event.anchor} is not allowed", "write it out")
        tag = getattr(event, "tag", None)
        if tag:
            self.wrong(mark, f"the tag {tag} is not allowed", "leave it out")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[object] = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(event, (*path, len(items))))
            return items
        return self.scalar(event)

    def mapping(self, path: Path) -> "dict[str, object]":
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            mark = event.start_mark
            key = self.key(event, path)
            value = self.node(next(self.events), (*path, key))
            if key in found:
                self.wrong(mark, f"{key!r} stands here twice", "keep one of them", "duplicate-key")
                continue
            self.positions.place((*path, key), mark, key=True)
            found[key] = value
        return found

    def key(self, event: "Any", path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self.wrong(event.start_mark, "a key must be text")
            if not isinstance(event, yaml.AliasEvent):
                self.node(event, (*path, "?"))
            return "?"
        value = self.scalar(event)
        if not isinstance(value, str):
            self.wrong(event.start_mark, f"the key {event.value} must be text", "put it in quotes")
        return str(event.value)

    def scalar(self, event: "Any") -> object:
        text: str = event.value
        if not event.implicit[0]:  # quoted or a block: text, whatever it looks like
            return text
        if event.end_mark.line > event.start_mark.line and event.end_mark.column:
            shown = text if len(text) < 60 else f"{text[:59]}…"
            self.wrong(
                event.start_mark,
                f"YAML joins this line and the next into {shown!r}",
                "write >- before a long text, or put it in quotes",
            )
            return text
        if _BOOLEAN_WORDS.fullmatch(text):
            meant = "false" if text.casefold() in ("no", "off", "n") else "true"
            self.wrong(
                event.start_mark,
                f"YAML turns {text} into {meant}",
                f'write "{text}" in quotes, or true or false',
            )
            return text
        if _ODD_NUMBER.fullmatch(text):
            self.wrong(
                event.start_mark,
                f"YAML turns {text} into another number",
                f'write "{text}" in quotes',
            )
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if _NUMBER.fullmatch(text):
            return float(text) if "." in text else int(text)
        return text
