"""``aftercare rules new``: a few questions, and a rule file made of the answers."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.core.spans import parse_span
from aftercare.errors import InputError, RuleFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aftercare.core.model import Protocol, Rulebook
    from aftercare.core.spans import Span


def new(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="What to write.")] = Path(
        "clinic.yaml"
    ),
) -> None:
    """Ask a few questions and write a rule file that extends the default one."""
    from aftercare.rulebook import check_source
    from aftercare.rulebook.template import Answers, text_of

    if file.exists():
        raise InputError(f"{file} is there already", "name another, or move it away")
    context = Context()
    book = context.rulebook
    title = show.ask("Whose rules are these (the clinic's name)")
    if not title:
        raise InputError("a rule file needs a title", "say whose rules they are")
    show.note(f"Treatments: {', '.join(book.protocols)}")
    protocol = book.protocol(show.ask("Which treatment differs", next(iter(book.protocols))))
    figures = _figures(book, protocol)
    source = show.ask("Where do your figures stand, as “Our leaflet” (empty: nowhere)", "")
    removed = _removed(book, protocol)
    sign = show.ask("A warning sign to add (empty: none)")
    answers = Answers(title, protocol.id, figures, source if figures else "", removed, sign)
    text = text_of(answers, context.now.date())
    _, problems = check_source(text.encode(), str(file), context.vocabulary)
    if problems:
        raise RuleFileError("these answers make no rule file", "answer again", problems)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror or error}", "name another place"
        ) from None
    show.show(f"Wrote {file}. To see what differs: aftercare rules diff default {file}")


def _figures(book: "Rulebook", protocol: "Protocol") -> "dict[str, Span]":
    """Minimum times by thing, until an empty line."""
    show.note(f"Rules: {', '.join(f'{r.thing} {r.span}' for r in protocol.avoid)}")
    found: dict[str, Span] = {}
    while text := show.ask("A figure of your own, as retinoids=72h (empty: no more)"):
        try:
            name, _, span = text.partition("=")
            found[_thing(name, book, protocol)] = parse_span(span.strip())
        except InputError as error:
            show.note(f"  {error.message}; {error.hint}")
    return found


def _removed(book: "Rulebook", protocol: "Protocol") -> "dict[str, str]":
    found: dict[str, str] = {}
    while name := show.ask("A rule to leave out, as spicy-food (empty: no more)"):
        try:
            thing = _thing(name, book, protocol)
        except InputError as error:
            show.note(f"  {error.message}; {error.hint}")
            continue
        reason = show.ask("Why")
        if reason:
            found[thing] = reason
        else:
            show.note("  without a reason it stays")
    return found


def _thing(name: str, book: "Rulebook", protocol: "Protocol") -> str:
    from aftercare.core.overrides import ruled_thing

    return ruled_thing(name.strip(), book, protocol.id)
