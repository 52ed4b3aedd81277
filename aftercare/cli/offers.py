"""What can be typed next: names, people, numbers, whatever a parameter of a command takes.

Each function takes what was typed of a word and returns what the whole word may be, each with a
remark. A word begins as it was typed, also where the name is written otherwise: shells expect it,
and names are compared without case, accents and hyphens anyhow.
"""

import os
from functools import cached_property

from aftercare.cli import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import Any

    from aftercare.core.names import Lexicon

#: Nobody reads a longer list.
MOST = 50

#: The remark that stands for "the shell knows the files itself".
FILES = "\0files"

#: The shells that complete.
SHELLS = ("bash", "zsh", "fish")


class Typed:
    """A command line so far: `word` is what was typed of the word in question, `before` the other
    words of the same argument. Looks at what there is, and makes no folder."""

    def __init__(
        self,
        word: str,
        before: "Sequence[str]" = (),
        person: str = "",
        rules: "Path | None" = None,
    ) -> None:
        self.word = word
        self.before = before
        self.person = person
        self.rules = rules

    @property
    def record(self) -> str:
        return places.record(places.home())

    @cached_property
    def cache(self) -> "str | None":
        folder = places.cache()
        return folder if os.path.isdir(folder) else None

    @cached_property
    def document(self) -> "dict[str, Any]":
        from aftercare.rulebook import load_document

        return load_document(self.rules, cache=self.cache)

    @property
    def treatments(self) -> "dict[str, dict[str, Any]]":
        """The rule file's treatments by id, as plain data."""
        import json

        return {id: json.loads(text) for id, text in self.document["treatments"].items()}

    @cached_property
    def lexicon(self) -> "Lexicon":
        from aftercare.core.names import Lexicon
        from aftercare.rulebook import load_vocabulary

        return Lexicon(load_vocabulary(cache=self.cache), self.document["vocabulary"])


def items(typed: Typed) -> "list[tuple[str, str]]":
    """Names of things; several words of one item are one name."""
    from aftercare.core.continuations import continuations

    return continuations(typed.word, typed.before, typed.lexicon, MOST)


def things(typed: Typed) -> "list[tuple[str, str]]":
    """Ids of things, or else their names."""
    lexicon = typed.lexicon
    ids = [(id, lexicon.thing(id).title) for id in lexicon]
    return ([] if typed.before else _listed(typed.word, ids)) or items(typed)


def overrides(typed: Typed) -> "list[tuple[str, str]]":
    """Ids of things that a rule of the file forbids, with ``=``."""
    ruled = {id for data in typed.treatments.values() for id in data.get("avoid", ())}
    lexicon = typed.lexicon
    return _listed(typed.word, [(f"{i}=", lexicon.thing(i).title) for i in lexicon if i in ruled])


def kinds(typed: Typed) -> "list[tuple[str, str]]":
    """Treatments of the rule file, by id or by name."""
    known = typed.treatments.items()
    found = _listed(typed.word, [(id, data["title"]) for id, data in known])
    if typed.word:
        named = [(name, data["title"]) for _, data in known for name in data.get("names", ())]
        found += _listed(typed.word, named)
    return list(dict(reversed(found)).items())[::-1][:MOST]


def facts(typed: Typed) -> "list[tuple[str, str]]":
    """``KEY=``, and after it the values that it may have."""
    offers = []
    for name, fact in typed.document["facts"].items():
        choices = ("yes", "no") if "yes_no" in fact else fact.get("choice", ())
        if typed.word.startswith(f"{name}="):
            offers += [(f"{name}={choice}", "") for choice in choices]
        else:
            offers.append((f"{name}=", fact.get("ask", "")))
    return _listed(typed.word, offers)


def people(typed: Typed) -> "list[tuple[str, str]]":
    """Those with a recorded treatment."""
    from aftercare.store.glance import people as recorded

    return _listed(typed.word, [(name, "") for name in recorded(typed.record)])


def numbers(typed: Typed) -> "list[tuple[str, str]]":
    """Recorded treatments, each with what it was."""
    from aftercare.core.model import zone_of
    from aftercare.outputs.phrases import instant
    from aftercare.store import from_int
    from aftercare.store.glance import treatments

    offers = []
    for id, kind, person, at, zone in treatments(typed.record):
        done = instant(from_int(at), zone_of(zone))
        offers.append((str(id), ", ".join(part for part in (kind, done, person) if part)))
    return _listed(typed.word, offers)


def products(typed: Typed) -> "list[tuple[str, str]]":
    """The person's own products."""
    from aftercare.store.glance import products as shelved

    return _listed(typed.word, [(n, "") for n in shelved(typed.record, typed.person)])


def codes(typed: Typed) -> "list[tuple[str, str]]":
    """Codes of problems in rule files."""
    from aftercare.rulebook.codes import CODES

    return _listed(typed.word, [(c, text.partition(".")[0]) for c, text in CODES.items()])


def files(typed: Typed) -> "list[tuple[str, str]]":
    """Whatever files the shell finds."""
    return [(typed.word, FILES)]


def choice(*values: str) -> "Callable[[Typed], list[tuple[str, str]]]":
    """One of a few words."""
    return lambda typed: _listed(typed.word, [(value, "") for value in values])


def _listed(typed: str, offers: "Iterable[tuple[str, str]]") -> "list[tuple[str, str]]":
    """Those that begin with what was typed; case makes no difference, all else does."""
    size = len(typed)
    folded = typed.casefold()
    found = [(typed + o[size:], remark) for o, remark in offers if o[:size].casefold() == folded]
    return found[:MOST]
