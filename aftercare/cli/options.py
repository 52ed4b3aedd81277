"""The options that several commands share, each declared once."""

from pathlib import Path
from typing import Annotated

import typer

TreatedAt = Annotated[
    str | None,
    typer.Option(
        "--treated-at", metavar="WHEN", help='When it was done: "yesterday 3pm", 2026-11-22T15:00.'
    ),
]
Kind = Annotated[
    str | None,
    typer.Option("--treatment", metavar="KIND", help="What was done; else the file's first."),
]
Facts = Annotated[
    list[str] | None,
    typer.Option("--fact", metavar="KEY=VALUE", help="What personalises the plan; repeatable."),
]
Person = Annotated[str, typer.Option("--person", metavar="NAME", help="For whom.")]
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
Number = Annotated[int, typer.Argument(metavar="ID", help="Its number in aftercare history.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--override", metavar="THING=LENGTH", help="retinoids=72h, for this one only."),
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
    str, typer.Option("--lang", metavar="CODE", help="The page's own words: en, de or es.")
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Else standard output.")
]
