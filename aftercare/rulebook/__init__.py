"""Rule files: found, read, checked in one go, and kept compiled.

`load_rules` is what a program wants; `check` what a person who writes a file wants.
"""

import os
from functools import lru_cache

from aftercare.core.names import Lexicon
from aftercare.core.recognition import recognise as recognise_with
from aftercare.errors import RuleFileError
from aftercare.files import DATA
from aftercare.rulebook.cache import SHAPE, Mark, compiled

__all__ = [
    "VOCABULARY",
    "check",
    "check_source",
    "is_of_this_program",
    "lint",
    "load_document",
    "load_rules",
    "load_vocabulary",
    "read_label",
    "recognise",
    "recompile",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path
    from typing import Any

    from aftercare.core.label import Label
    from aftercare.core.model import Rulebook
    from aftercare.core.recognition import Recognition
    from aftercare.errors import Problem
    from aftercare.rulebook.layers import Layer
    from aftercare.rulebook.reading import Reading

#: So many bytes of a file are in memory at a time while it is only compared.
BLOCK = 65_536

#: The file of the names of things that ships.
VOCABULARY = os.path.join(DATA, "things.yaml")


def load_rules(
    path: "str | Path | None" = None, *, cache: "str | Path | None" = None
) -> "Rulebook":
    """Read a rule file and all it extends; the default one without a path.

    `cache` is a folder in which the checked file is kept for the next time; without it
    nothing is written. Raises `RuleFileError` with every problem, each at its line.
    """
    from aftercare.core.document import rulebook_from

    document = load_document(path, cache=cache)
    return rulebook_from(document, load_vocabulary(cache=cache, labels=True))


def load_document(
    path: "str | Path | None" = None, *, cache: "str | Path | None" = None
) -> "dict[str, Any]":
    """Read a rule file into the plain data that `rulebook_from` takes."""
    layers, problems = _layers(path, cache)
    file = layers[-1].file
    return _kept_document(layers, problems, file, cache)


def _kept_document(
    layers: "Sequence[Layer]",
    problems: "Sequence[Problem]",
    file: str,
    cache: "str | Path | None",
) -> "dict[str, Any]":
    """The document of files, from the cache if it is kept there."""
    # Kept by the names and bytes of all files, so that a change in any of them is noticed.
    content = b"\0".join(part for layer in layers for part in (layer.name.encode(), layer.source))

    def make() -> "dict[str, Any]":
        return _document(layers, problems, file, cache)

    return make() if problems else compiled(Mark().add(content), "rules", cache, make)


def _layers(
    path: "str | Path | None", cache: "str | Path | None" = None
) -> "tuple[list[Layer], list[Problem]]":
    from aftercare.rulebook.layers import bytes_of, default_layer, layers_of

    if path is None:
        return [default_layer()], []
    return layers_of(bytes_of(str(path)), str(path), cache)


def _document(
    layers: "Sequence[Layer]",
    problems: "Sequence[Problem]",
    file: str,
    cache: "str | Path | None",
) -> "dict[str, Any]":
    from aftercare.rulebook.reading import Reading

    reading = Reading(layers, load_vocabulary(cache=cache, labels=True), problems)
    if reading.document is None:
        raise RuleFileError(
            f"{file} cannot be used: {_count(reading.problems)}",
            "mend these and try again; nothing was recorded",
            reading.problems,
        )
    return reading.document


def is_of_this_program(document: "Mapping[str, Any]") -> bool:
    """Whether a document has the shape that this version of the program reads."""
    return document.get("shape") == SHAPE


def recompile(
    files: "Iterable[Mapping[str, str]]", sha256: str, *, cache: "str | Path | None" = None
) -> "dict[str, Any]":
    """Return the document, in this program's shape, of rules that another version kept.

    It is made of the rule files' own names and texts, so that a plan given long ago stays as
    given.
    """
    from aftercare.rulebook.layers import Layer

    file = "the recorded rules"
    layers = [Layer(str(f["name"]), file, str(f["text"]).encode()) for f in files]
    return {**_kept_document(layers, (), file, cache), "sha256": sha256}


@lru_cache(maxsize=8)
def load_vocabulary(*, cache: "str | Path | None" = None, labels: bool = False) -> "dict[str, Any]":
    """Read the names of things that ship, as plain data.

    With `labels` also the names under which they stand on labels; these are kept apart,
    since a typed question does not need them. Read once per process: look, do not touch.
    """
    mark = Mark()
    with open(VOCABULARY, "rb") as file:
        while part := file.read(BLOCK):
            mark.add(part)
    typed = compiled(mark, "things", cache, lambda: {**_shipped_names(), "label": {}})
    if not labels:
        return typed
    printed = compiled(mark, "labels", cache, lambda: {"label": _shipped_names()["label"]})
    return {**typed, **printed}


def _shipped_names() -> "dict[str, Any]":
    """The shipped vocabulary, its texts of names in UTF-8."""
    from aftercare.rulebook.layers import Layer, bytes_of
    from aftercare.rulebook.reading import Reading

    reading = Reading([Layer("things", VOCABULARY, bytes_of(VOCABULARY))], None)
    if reading.document is None:
        raise RuleFileError(f"{VOCABULARY} is damaged", "install aftercare again", reading.problems)
    names: dict[str, Any] = reading.document["vocabulary"]
    for side in ("typed", "label"):
        names[side] = {letter: text.encode() for letter, text in names[side].items()}
    return names


def check(path: "str | Path | None" = None) -> "list[Problem]":
    """Return every error of a rule file, in the order of its lines; empty when it is right."""
    return _reading(path).problems


def lint(path: "str | Path | None", today: "date") -> "list[Problem]":
    """Return every error of a rule file, or if there is none, all that is doubtful in it.

    `today` is the day from which the age of a review counts. See `codes` for what is doubtful.
    """
    from aftercare.rulebook.linting import warnings

    reading = _reading(path)
    return reading.problems or warnings(reading, today)


def _reading(path: "str | Path | None") -> "Reading":
    from aftercare.rulebook.reading import Reading

    layers, problems = _layers(path)
    return Reading(layers, load_vocabulary(labels=True), problems)


def check_source(
    source: bytes, file: str, vocabulary: "dict[str, Any] | None"
) -> "tuple[dict[str, Any] | None, list[Problem]]":
    """Return the document of a rule file's bytes, and what is wrong with it.

    What it extends is looked for beside `file`. `vocabulary` holds the things it may speak of;
    None when the file is itself the vocabulary. The document is None when there are problems.
    """
    from aftercare.rulebook.layers import layers_of
    from aftercare.rulebook.reading import Reading

    layers, problems = layers_of(source, file)
    reading = Reading(layers, vocabulary, problems)
    return reading.document, reading.problems


def _count(problems: "Sequence[Problem]") -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def recognise(text: str, rules: "Rulebook | None" = None) -> "Recognition":
    """Return what a text names, by the names in `rules`, or by those that ship."""
    return recognise_with(text, _shipped_lexicon() if rules is None else rules.lexicon)


def read_label(text: str, rules: "Rulebook | None" = None) -> "Label":
    """Return what the text of a label holds, by the names in `rules`, or by those that ship."""
    from aftercare.core.label import read_label as read

    return read(text, _shipped_lexicon() if rules is None else rules.lexicon)


@lru_cache(maxsize=1)
def _shipped_lexicon() -> Lexicon:
    return Lexicon(load_vocabulary(labels=True))
