"""``aftercare page``: one HTML file that works offline, to keep, to e-mail or to print."""

from pathlib import Path
from typing import Annotated

import typer

from aftercare import __version__
from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.options import Facts, Kind, Person, Rules, TreatedAt, Zone
from aftercare.core.schedule import plan as plan_of
from aftercare.errors import InputError
from aftercare.files import write_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aftercare.core.model import Plan
    from aftercare.outputs.page import Clinic

app = typer.Typer()

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
    clinic: Annotated[str, typer.Option("--clinic", metavar="NAME", help="Who hands it out.")] = "",
    phone: Annotated[str, typer.Option("--phone", metavar="NUMBER", help="Whom to call.")] = "",
    logo: Annotated[
        Path | None, typer.Option("--logo", metavar="FILE", help="A small picture to head it.")
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", metavar="CODE", help="The page's own words: en, de or es.")
    ] = "en",
    treated_at: TreatedAt = None,
    treatment: Kind = None,
    fact: Facts = None,
    person: Person = "",
    rules: Rules = None,
    zone: Zone = None,
) -> None:
    """Write the plan as one page that works offline; without --treated-at, of what is recorded."""
    check_installed()
    from aftercare.outputs.page import page as page_of

    context = Context(zone, rules)
    plans = _plans(context, treated_at, treatment, fact, person)
    html = page_of(
        plans,
        now=context.now,
        zone=context.zone,
        clinic=clinic_of(clinic, phone, logo),
        lang=lang,
        ics=_calendar(plans, context, person, recorded=treated_at is None),
        sheet=print_,
        names=None if print_ else names_of(context),
        program=f"aftercare {__version__}",
    )
    try:
        write_whole(output, html.encode())
    except OSError as error:
        raise InputError(
            f"{output} cannot be written: {error.strerror or error}", "name another file"
        ) from None
    if open_:
        import webbrowser

        webbrowser.open(output.absolute().as_uri())
    show.note(f"Written: {output}")


def _plans(
    context: Context,
    treated_at: "str | None",
    treatment: "str | None",
    fact: "list[str] | None",
    person: str,
) -> "list[Plan]":
    if treated_at is None:
        if treatment or fact:
            raise InputError(
                "--treatment and --fact describe a treatment", "say when it was: --treated-at"
            )
        return context.recorded(person, context.now)
    when = context.when(treated_at, "past")
    for sentence in when.assumed:
        show.note(sentence)
    described = context.treatment(when, treatment, fact, person)
    return [plan_of(described, context.rulebook)]


def check_installed() -> None:
    """Say what is missing before anything is read."""
    try:
        import jinja2  # noqa: F401
    except ImportError:
        wrong = "the page needs Jinja2, which is not installed"
        raise InputError(wrong, "pip install 'aftercare-cli[page]'") from None


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


def _calendar(plans: "list[Plan]", context: Context, person: str, *, recorded: bool) -> str:
    """The plan as iCalendar text, for the page to hand out."""
    from datetime import timedelta

    from aftercare.cli.calendar import published, unpublished
    from aftercare.outputs.calendar import calendar

    if not recorded:
        return unpublished(context, plans).decode()
    return calendar(published(context, person), alarm=timedelta()).decode()
