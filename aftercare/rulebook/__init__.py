"""Rule files: found, read, checked in one go, and kept compiled.

`load_rules` is what a program wants; `check` what a person who writes a file wants.
"""

from functools import lru_cache
from pathlib import Path

from aftercare.core.document import rulebook_from
from aftercare.core.names import Lexicon
from aftercare.core.recognition import recognise as recognise_with
from aftercare.errors import Problem, RuleFileError
from aftercare.rulebook.cache import SHAPE, compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from aftercare.core.label import Label
    from aftercare.core.model import Rulebook
    from aftercare.core.recognition import Recognition

#: A rule file larger than this, in bytes, is refused unread.
LARGEST = 1_000_000

_PACKAGE = Path(__file__).parent.parent
VOCABULARY = _PACKAGE / "data" / "things.yaml"


def default_rules() -> Path:
    """Return the path of the rules that ship: beside the package's data, or in its source tree."""
    shipped = _PACKAGE / "data" / "rules.yaml"
    return shipped if shipped.exists() else _PACKAGE.parent / "rules.yaml"


def load_rules(path: "str | Path | None" = None, *, cache: "Path | None" = None) -> "Rulebook":
    """Read a rule file, the default one without a path.

    `cache` is a folder in which the checked file is kept for the next time; without it
    nothing is written. Raises `RuleFileError` with every problem, each at its line.
    """
    document = load_document(path, cache=cache)
    return rulebook_from(document, load_vocabulary(cache=cache, labels=True))


def load_document(
    path: "str | Path | None" = None, *, cache: "Path | None" = None
) -> "dict[str, Any]":
    """Read a rule file into the plain data that `rulebook_from` takes."""
    file = default_rules() if path is None else Path(path)
    source = _bytes_of(file)

    def make() -> "dict[str, Any]":
        vocabulary = load_vocabulary(cache=cache, labels=True)
        document, problems = check_source(source, str(file), vocabulary)
        if problems or document is None:
            raise RuleFileError(
                f"{file} cannot be used: {_count(problems)}",
                "mend these and try again; nothing was recorded",
                problems,
            )
        return document

    return compiled(source, "rules", cache, make)


def recompile(document: "dict[str, Any]", *, cache: "Path | None" = None) -> "dict[str, Any]":
    """Return a document in this program's shape; one that another version kept is made anew.

    It is made of the rule file's own text, so that a plan given long ago stays as given.
    """
    if document.get("shape") == SHAPE:
        return document
    source = str(document.get("source", "")).encode()
    vocabulary = load_vocabulary(cache=cache, labels=True)
    made, problems = check_source(source, "the recorded rules", vocabulary)
    if made is None:
        raise RuleFileError("the rules of a recorded treatment cannot be used", None, problems)
    return {**made, "sha256": document.get("sha256", made["sha256"])}


@lru_cache(maxsize=8)
def load_vocabulary(*, cache: "Path | None" = None, labels: bool = False) -> "dict[str, Any]":
    """Read the names of things that ship, as plain data.

    With `labels` also the names under which they stand on labels; these are kept apart,
    since a typed question does not need them. Read once per process: look, do not touch.
    """
    source = VOCABULARY.read_bytes()

    def make() -> "dict[str, Any]":
        document, problems = check_source(source, str(VOCABULARY), None)
        if problems or document is None:
            raise RuleFileError(f"{VOCABULARY} is damaged", "install aftercare again", problems)
        found: dict[str, Any] = document["vocabulary"]
        return found

    typed = compiled(source, "things", cache, lambda: {**make(), "label": "\n"})
    if not labels:
        return typed
    return {**typed, **compiled(source, "labels", cache, lambda: {"label": make()["label"]})}


def check(path: "str | Path") -> "list[Problem]":
    """Return every problem of a rule file, in the order of its lines; empty when it is right."""
    return check_source(_bytes_of(Path(path)), str(path), load_vocabulary(labels=True))[1]


def check_source(
    source: bytes, file: str, vocabulary: "dict[str, Any] | None"
) -> "tuple[dict[str, Any] | None, list[Problem]]":
    """Return the document of a rule file's bytes, and what is wrong with it.

    `vocabulary` holds the things it may speak of; None when the file is itself the vocabulary.
    The document is None when there are problems.
    """
    from hashlib import sha256

    from aftercare.rulebook.checks import Sense, shape_problems
    from aftercare.rulebook.positions import read

    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        return None, [Problem(file, line, 1, "this is not UTF-8 text", "save it as UTF-8")]
    data, positions, problems = read(text, file)
    if problems and data is None:
        return None, problems
    if not isinstance(data, dict):
        right = "begin with format: 1, or copy the file that `aftercare rules path` names"
        return None, [*problems, Problem(file, 1, 1, "this is not a rule file", right)]
    problems += shape_problems(data, positions)
    sense = Sense(data, positions, vocabulary)
    sense.check()
    own = sense.vocabulary()
    problems = _one_per_place(problems + sense.problems)
    if problems:
        return None, problems
    return {
        "shape": SHAPE,
        "source": text,
        "title": data["title"],
        "version": data["version"],
        "reviewed": data.get("reviewed", ""),
        "sha256": sha256(source).hexdigest(),
        "sources": data.get("sources") or {},
        "facts": data.get("facts") or {},
        "treatments": data.get("treatments") or {},
        "vocabulary": own,
    }, []


def _bytes_of(file: Path) -> bytes:
    try:
        if file.is_dir():
            raise RuleFileError(f"{file} is a folder", "name a rule file in it")
        with file.open("rb") as stream:
            source = stream.read(LARGEST + 1)
    except OSError as error:
        raise RuleFileError(
            f"{file} cannot be read: {error.strerror or error}", "check the path and its rights"
        ) from None
    if len(source) > LARGEST:
        raise RuleFileError(
            f"{file} is larger than {LARGEST // 1000} kB", "a rule file is a few kB of text"
        )
    return source


def _one_per_place(problems: "list[Problem]") -> "list[Problem]":
    """In the order of lines, and where two checks object to one place, the first objection."""
    places: dict[tuple[int, int], Problem] = {}
    for problem in problems:
        places.setdefault((problem.line, problem.column), problem)
    return [places[place] for place in sorted(places)]


def _count(problems: "list[Problem]") -> str:
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
