"""``aftercare page``: one HTML file that works offline, to keep, to e-mail or to print."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import options, pages
from aftercare.cli.context import Context

app = typer.Typer(add_completion=False)

Output = Annotated[
    Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write the page.")
]


@app.command()
def page(
    output: Output,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    print_: Annotated[
        bool,
        typer.Option("--print", help="One sheet of paper, black and white; opens the printer."),
    ] = False,
    clinic: options.Clinic = "",
    phone: options.Phone = "",
    logo: options.Logo = None,
    lang: options.Lang = "en",
    treated_at: options.TreatedAt = None,
    treatment: options.Kind = None,
    fact: options.Facts = None,
    person: options.Person = "",
    rules: options.Rules = None,
    zone: options.Zone = None,
) -> None:
    """Write the plan as one page that works offline; without --treated-at, of what is recorded."""
    pages.write_page(
        Context(zone, rules),
        output,
        person,
        treated_at=treated_at,
        treatment=treatment,
        facts=fact,
        clinic=pages.clinic_of(clinic, phone, logo),
        lang=lang,
        sheet=print_,
    )
    if open_:
        import webbrowser

        webbrowser.open(output.absolute().as_uri())
