"""``aftercare batch``: a file of appointments to their plans, or to what is to be told."""

import os
from pathlib import Path
from typing import Annotated

import typer

from aftercare import __version__
from aftercare.cli import show
from aftercare.cli.context import Context
from aftercare.cli.live import progress
from aftercare.cli.options import Clinic, Lang, Logo, Phone, Rules
from aftercare.errors import InputError
from aftercare.outputs.phrases import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aftercare.batch import Rejected
    from aftercare.cli.documents import Documents

app = typer.Typer(add_completion=False)

#: Rejected appointments that are named on the screen; a file of them holds all.
SHOWN = 20


@app.command()
def batch(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="CSV: client, treatment, treated_at, zone, facts."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Where to write.")
    ] = None,
    due: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--due",
            metavar="FROM TO",
            help="Which clients are to hear what from FROM until before TO.",
        ),
    ] = None,
    pages: Annotated[bool, typer.Option("--pages", help="A page for each client.")] = False,
    calendars: Annotated[
        bool, typer.Option("--calendars", help="A calendar for each client.")
    ] = False,
    fhir: Annotated[bool, typer.Option("--fhir", help="A FHIR CarePlan for each client.")] = False,
    rules: Rules = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes; else one a core.")
    ] = None,
    clinic: Clinic = "",
    phone: Phone = "",
    logo: Logo = None,
    lang: Lang = "en",
) -> None:
    """Plan many appointments at once. Exit code: 0 all of them, 1 some were rejected."""
    context = Context(None, rules)
    number = jobs or _cores()
    if due is not None:
        if pages or calendars or fhir:
            raise InputError("--due lists what to tell, it makes no files", "run it without --due")
        wrong = _due(context, file, out, due, number)
    elif out is None:
        raise InputError("batch needs a folder to write into", "name one: --out FOLDER")
    else:
        kinds = _kinds(pages, calendars, fhir)
        documents = _documents(context, kinds, clinic, phone, logo, lang) if kinds else None
        wrong = _plans(context, file, out, documents, number)
    raise typer.Exit(1 if wrong else 0)


def _plans(
    context: Context, file: Path, out: Path, documents: "Documents | None", jobs: int
) -> int:
    from aftercare.batch.run import FILES, PLANS, REJECTED, client_files, plan_file
    from aftercare.when.absolute import absolute_time

    rules = context.rulebook
    with progress("Plans", _size(file)) as told:
        done = plan_file(file, out, rules, read_time=absolute_time, jobs=jobs, progress=told)
    said = f"{_count(done.planned, 'appointment')}, {_count(done.rows, 'row')} in {out / PLANS}"
    if documents is not None:
        total = done.planned * len(documents.kinds)
        kinds = [kind.partition("/")[0] for kind in documents.kinds]
        with progress("Files", total) as told:
            made = client_files(
                file, out, rules, documents, kinds,
                read_time=absolute_time, jobs=jobs, progress=told,
            )  # fmt: skip
        said += f"; {_count(made, 'file')} in {out / FILES}"
    if done.rejected:
        said += f"; {_count(done.rejected, 'appointment')} rejected, see {out / REJECTED}"
    show.show(clean(f"{said}."))
    return done.rejected


def _due(
    context: Context, file: Path, out: "Path | None", span: "tuple[str, str]", jobs: int
) -> int:
    since, until = (context.when(text, "future").at for text in span)
    if since >= until:
        raise InputError("--due ends before it begins", "FROM is the earlier of the two")
    if out is not None:
        from aftercare.batch.run import DUE
        from aftercare.batch.writing import Folder

        with Folder(out) as folder:
            stream = folder.file(DUE)
            found, wrong = _write_due(context, file, (since, until), stream.write, jobs)
            folder.keep()
        show.show(clean(f"{_count(found, 'row')} in {out / DUE}."))
    else:
        _, wrong = _write_due(context, file, (since, until), show.show_bytes, jobs)
    return wrong


def _write_due(
    context: Context,
    file: Path,
    span: "tuple[datetime, datetime]",
    write: "Callable[[bytes], object]",
    jobs: int,
) -> "tuple[int, int]":
    """Write what is due; name what was rejected. Return the counts of both."""
    from aftercare.batch.run import due_rows
    from aftercare.when.absolute import absolute_time

    wrong = 0

    def reject(row: "Rejected") -> None:
        nonlocal wrong
        wrong += 1
        if wrong <= SHOWN:
            show.note(clean(f"{file}:{row.line}: {row.reason}"))

    found = due_rows(
        file, context.rulebook, *span,
        write=write, reject=reject, read_time=absolute_time, jobs=jobs,
    )  # fmt: skip
    if wrong:
        show.note(f"{_count(wrong, 'appointment')} rejected.")
    return found, wrong


def _kinds(pages: bool, calendars: bool, fhir: bool) -> "tuple[str, ...]":
    from aftercare.cli.documents import CALENDARS, FHIR, PAGES

    wanted = {PAGES: pages, CALENDARS: calendars, FHIR: fhir}
    return tuple([kind for kind, asked in wanted.items() if asked])


def _documents(
    context: Context,
    kinds: "tuple[str, ...]",
    clinic: str,
    phone: str,
    logo: "Path | None",
    lang: str,
) -> "Documents":
    from aftercare.cli.documents import PAGES, Documents

    if PAGES not in kinds:
        return Documents(kinds)
    from aftercare.cli.pages import check_installed, clinic_of, kept_parts
    from aftercare.outputs.page.texts import language

    check_installed()
    language(lang)
    brand = clinic_of(clinic, phone, logo)
    return Documents(kinds, brand, lang, kept_parts(context), f"aftercare {__version__}")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not everywhere
        return os.cpu_count() or 1
