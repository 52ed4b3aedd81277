"""``aftercare page``: one HTML file that works offline, to keep, to e-mail or to print."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from aftercare import __version__
from aftercare.cli import options, show
from aftercare.cli.context import Context
from aftercare.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aftercare.core.model import Plan
    from aftercare.outputs.page import Clinic

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
    check_installed()
    context = Context(zone, rules)
    plans, assumed = context.plans_for(person, context.now, treated_at, treatment, fact)
    for sentence in assumed:
        show.note(sentence)
    html = html_of(context, plans, clinic_of(clinic, phone, logo), lang, sheet=print_)
    show.write(output, html.encode())
    if open_:
        import webbrowser

        webbrowser.open(output.absolute().as_uri())


def html_of(
    context: Context,
    plans: "list[Plan]",
    clinic: "Clinic | None" = None,
    lang: str = "en",
    *,
    sheet: bool = False,
) -> str:
    """The page of plans, recorded or not; `sheet` makes what is printed."""
    check_installed()
    from aftercare.outputs.page import NO_CLINIC, page

    return page(
        plans,
        now=context.now,
        zone=context.zone,
        clinic=clinic or NO_CLINIC,
        lang=lang,
        ics=_calendar(context, plans),
        sheet=sheet,
        names=None if sheet else names_of(context),
        program=f"aftercare {__version__}",
    )


def check_installed() -> None:
    """Say what is missing before anything is read."""
    if find_spec("jinja2") is None:
        wrong = "the page needs Jinja2, which is not installed"
        raise InputError(wrong, "pip install 'aftercare-cli[page]'")


def clinic_of(name: str, phone: str, logo: "Path | None") -> "Clinic":
    from aftercare.outputs.page import LARGEST_LOGO, Clinic, logo_of

    if logo is None:
        return Clinic(name, phone)
    try:
        with logo.open("rb") as file:
            picture = file.read(LARGEST_LOGO + 1)
    except OSError as error:
        raise InputError(
            f"{logo} cannot be read: {error.strerror or error}", "check the path"
        ) from None
    return Clinic(name, phone, logo_of(picture))


def names_of(context: Context) -> str:
    """The shipped names as a page carries them, kept in the cache: packing takes a second."""
    from aftercare.outputs.page.readers import made_from, packed_vocabulary
    from aftercare.rulebook import VOCABULARY, load_vocabulary
    from aftercare.rulebook.cache import compiled

    def make() -> "dict[str, str]":
        return {"names": packed_vocabulary(load_vocabulary(cache=context.cache, labels=True))}

    source = b"".join([Path(VOCABULARY).read_bytes(), *made_from()])
    return str(compiled(source, "page", context.cache, make)["names"])


def _calendar(context: Context, plans: "list[Plan]") -> str:
    """The plans as iCalendar text, for the page to hand out."""
    from aftercare.cli.calendar import published, text_of, unpublished

    treatment = plans[0].treatments[0]
    if treatment.id is None:
        return text_of(unpublished(context, plans)).decode()
    return text_of(published(context, treatment.person)).decode()
