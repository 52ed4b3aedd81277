"""The options that several commands share, each declared once."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import offers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def offer(
    what: "Callable[[offers.Typed], list[tuple[str, str]]]", several: str = ""
) -> "Callable[[typer.Context, str], list[tuple[str, str]]]":
    """Complete a parameter on TAB; `several` names an argument of which each word is a part."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        given = ctx.params
        before = given.get(several) or ()
        person = given.get("person") or ""
        return what(offers.Typed(incomplete, before, person, given.get("rules")))

    return complete


TreatedAt = Annotated[
    str | None,
    typer.Option(
        "--treated-at", metavar="WHEN", help='When it was done: "yesterday 3pm", 2026-11-22T15:00.'
    ),
]
Kind = Annotated[
    str | None,
    typer.Option(
        "--treatment",
        metavar="KIND",
        help="What was done; else the file's first.",
        autocompletion=offer(offers.kinds),
    ),
]
Facts = Annotated[
    list[str] | None,
    typer.Option(
        "--fact",
        metavar="KEY=VALUE",
        help="What personalises the plan; repeatable.",
        autocompletion=offer(offers.facts),
    ),
]
Person = Annotated[
    str,
    typer.Option("--person", metavar="NAME", help="For whom.", autocompletion=offer(offers.people)),
]
Rules = Annotated[
    Path | None, typer.Option("--rules", metavar="FILE", help="A rule file of your own.")
]
Zone = Annotated[
    str | None,
    typer.Option("--zone", metavar="IANA", help="Time zone, as Europe/London; else the machine's."),
]
Json = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
Plain = Annotated[
    bool, typer.Option("--plain", help="Sentences, for screen readers: no columns, no picture.")
]
At = Annotated[str | None, typer.Option("--at", metavar="WHEN", help="Then, not now.")]
Number = Annotated[
    int,
    typer.Argument(
        metavar="ID",
        help="Its number in aftercare history.",
        autocompletion=offer(offers.numbers),
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--override",
        metavar="THING=LENGTH",
        help="retinoids=72h, for this one only.",
        autocompletion=offer(offers.overrides),
    ),
]
Because = Annotated[
    list[str] | None, typer.Option("--because", metavar="WHY", help="The reason of an override.")
]
Shorter = Annotated[
    bool, typer.Option("--shorter-on-purpose", help="An override may be shorter than the rules.")
]

#: What a page says of who hands it out, and in which language.
Clinic = Annotated[str, typer.Option("--clinic", metavar="NAME", help="Who hands the page out.")]
Phone = Annotated[str, typer.Option("--phone", metavar="NUMBER", help="Whom to call.")]
Logo = Annotated[
    Path | None, typer.Option("--logo", metavar="FILE", help="A small picture to head the page.")
]
Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="CODE",
        help="The page's own words: en, de or es.",
        autocompletion=offer(offers.choice("en", "de", "es")),
    ),
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Else standard output.")
]
