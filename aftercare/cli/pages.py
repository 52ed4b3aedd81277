"""What ``aftercare page`` hands out, free of the command-line framework."""

from aftercare import __version__
from aftercare.cli import show
from aftercare.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from aftercare.cli.context import Context
    from aftercare.core.model import Plan
    from aftercare.outputs.page import Clinic
    from aftercare.outputs.page.parts import Parts


def write_page(
    context: "Context",
    output: "str | Path",
    person: str = "",
    *,
    treated_at: "str | None" = None,
    treatment: "str | None" = None,
    facts: "list[str] | None" = None,
    clinic: "Clinic | None" = None,
    lang: str = "en",
    sheet: bool = False,
) -> None:
    """Write the page of what is recorded, or of the treatment that was typed."""
    check_installed()
    plans, assumed = context.plans_for(person, context.now, treated_at, treatment, facts)
    for sentence in assumed:
        show.note(sentence)
    html = html_of(context, plans, clinic, lang, sheet=sheet)
    show.write(output, html.encode())


def html_of(
    context: "Context",
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
        parts=None if sheet else kept_parts(context),
        program=f"aftercare {__version__}",
    )


def check_installed() -> None:
    """Say what is missing before anything is read."""
    try:
        import jinja2  # noqa: F401 - it is what the page is made with
    except ImportError:
        raise InputError(
            "the page needs Jinja2, which is not installed", "pip install 'aftercare-cli[page]'"
        ) from None


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


def kept_parts(context: "Context") -> "Parts":
    """What is the same on all pages, from the cache: making it takes a second."""
    from pathlib import Path

    from aftercare.outputs.page.parts import Parts, made_from, parts_of
    from aftercare.rulebook import VOCABULARY, load_vocabulary
    from aftercare.rulebook.cache import Mark, compiled

    def make() -> "dict[str, str]":
        made = parts_of(load_vocabulary(cache=context.cache, labels=True))
        return {field: getattr(made, field) for field in Parts.__match_args__}

    source = b"".join([Path(VOCABULARY).read_bytes(), *made_from()])
    return Parts(**compiled(Mark().add(source), "page", context.cache, make))


def _calendar(context: "Context", plans: "list[Plan]") -> str:
    """The plans as iCalendar text, for the page to hand out."""
    from aftercare.cli.calendars import calendar_of, recorded_calendar

    treatment = plans[0].treatments[0]
    if treatment.id is None:
        return calendar_of(context, plans).decode()
    return recorded_calendar(context, treatment.person).decode()
