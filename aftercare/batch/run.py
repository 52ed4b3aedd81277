"""A whole file of appointments into a folder: ``plans.csv``, ``rejected.csv``, files per client."""

from collections import deque
from pathlib import Path
from typing import NamedTuple

from aftercare.batch.clients import ClientFiles, Due, DueRow, FileRow, by_client
from aftercare.batch.reading import Header, appointments, blocks, read_header
from aftercare.batch.rows import (
    Planner,
    PlanRow,
    Rejected,
    field,
    rejected,
)
from aftercare.batch.workers import in_order
from aftercare.batch.writing import Folder
from aftercare.errors import AftercareError, InputError
from aftercare.files import make_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from typing import BinaryIO

    from aftercare.batch.clients import Documents
    from aftercare.batch.rows import Appointment, ReadTime
    from aftercare.core.model import Rulebook

    #: Told how much is done: bytes read, or files made.
    Progress = Callable[[int], None]

#: Blocks that are planned sooner than processes for them are started.
FEW = 32

PLANS, REJECTED, FILES, DUE = "plans.csv", "rejected.csv", "files.csv", "due.csv"


class Summary(NamedTuple):
    """What became of a file: appointments planned, rows of plans, appointments rejected."""

    planned: int = 0
    rows: int = 0
    rejected: int = 0

    def plus(self, planned: int, rows: int, rejected: int) -> "Summary":
        return Summary(self.planned + planned, self.rows + rows, self.rejected + rejected)


class Block(NamedTuple):
    """What a block of a file came to: bytes of plans, the rejected ones, and counts."""

    size: int
    rejected: bytes
    counts: "tuple[int, int, int]"


class PlanBlock:
    """Plans a block, and puts the plans where they belong in `file`; goes to each worker once.

    The plans do not leave the process that made them but for the file: they are a hundred
    times what they were made of.
    """

    def __init__(
        self, rules: "Rulebook", header: Header, read_time: "ReadTime | None", file: Path
    ) -> None:
        self.given = rules, header, read_time, file
        self.header = header
        self.file = file
        self.planner = Planner(rules, read_time)
        self.to_put: deque[bytes] = deque()

    def __reduce__(self) -> "tuple[type[PlanBlock], tuple[object, ...]]":
        return PlanBlock, self.given  # not what the planner remembers

    def __call__(self, task: "tuple[int, bytes]") -> Block:
        plans: list[bytes] = []
        wrong: list[Rejected] = []
        delimiter = self.header.delimiter
        planned = self.planner.planned
        rows = 0
        for appointment in appointments(*task, self.header):
            if isinstance(appointment, Rejected):
                wrong.append(appointment)
                continue
            try:
                plan = planned(appointment)
            except AftercareError as error:
                wrong.append(rejected(appointment, error))
            else:
                plans.append(plan.csv(delimiter))
                rows += len(plan.pattern.lines)
        made = b"".join(plans)
        self.to_put.append(made)
        return Block(len(made), lines(wrong, delimiter), (len(plans), rows, len(wrong)))

    def put(self, at: int) -> None:
        """Write the plans made first of those not yet written, `at` bytes into the file."""
        with open(self.file, "r+b") as file:
            file.seek(at)
            file.write(self.to_put.popleft())


def plan_file(
    source: Path,
    folder: Path,
    rules: "Rulebook",
    *,
    read_time: "ReadTime | None" = None,
    jobs: int = 1,
    progress: "Progress | None" = None,
) -> Summary:
    """Write the plans of a file of appointments into a folder.

    The same input gives the same bytes, whatever `jobs` is. Stopped at any point it leaves the
    files of before, or none; what it wrote by then is written over by the next run.
    Raises `InputError` for a file that cannot be read as appointments at all.
    """
    summary = Summary()
    with open_source(source) as stream, Folder(folder) as out:
        header = read_header(stream, rules.facts)
        plans, wrong = out.file(PLANS), out.file(REJECTED)
        plans.write(heading(PlanRow._fields, header))
        plans.flush()
        end = plans.tell()
        wrong.write(heading(Rejected._fields, header))

        def place(block: Block) -> int:
            nonlocal end
            end += block.size
            return end - block.size

        work = PlanBlock(rules, header, read_time, Path(plans.name))
        for block in in_order(work, blocks(stream, header), jobs, FEW, place):
            wrong.write(block.rejected)
            summary = summary.plus(*block.counts)
            if progress is not None and stream.seekable():
                progress(stream.tell())
        out.keep()
    return summary


def client_files(
    source: Path,
    folder: Path,
    rules: "Rulebook",
    documents: "Documents",
    kinds: "Sequence[str]",
    *,
    read_time: "ReadTime | None" = None,
    jobs: int = 1,
    progress: "Progress | None" = None,
) -> int:
    """Write the files of each client into folders below a folder, and ``files.csv``, which tells
    whose is which; return how many.

    `kinds` are the folders that `documents` makes files for. What has no plan is passed over.
    Every file is whole or not there. `progress` is told how many files there are.
    """
    made = 0
    with open_source(source) as stream, Folder(folder) as out:
        header = read_header(stream, rules.facts)
        for kind in kinds:
            make_folder(folder / kind)
        table = out.file(FILES)
        table.write(heading(FileRow._fields, header))
        clients = by_client(_all(stream, header), Planner(rules, read_time), lambda _: None)
        work = ClientFiles(rules, read_time, documents, folder)
        for rows in in_order(work, clients, jobs):
            table.write(lines(rows, header.delimiter))
            made += len(rows)
            if progress is not None:
                progress(made)
        out.keep()
    return made


def due_rows(
    source: Path,
    rules: "Rulebook",
    since: "datetime",
    until: "datetime",
    *,
    write: "Callable[[bytes], object]",
    reject: "Callable[[Rejected], object]",
    read_time: "ReadTime | None" = None,
    jobs: int = 1,
) -> int:
    """Write, as CSV, what each client is to hear at ``since <= t < until``; return how many rows.

    The rows of a client stand together, in the order of their instants.
    """
    found = 0
    with open_source(source) as stream:
        header = read_header(stream, rules.facts)
        write(heading(DueRow._fields, header))
        clients = by_client(_all(stream, header), Planner(rules, read_time), reject)
        for rows in in_order(Due(rules, read_time, since, until), clients, jobs, FEW):
            write(lines(rows, header.delimiter))
            found += len(rows)
    return found


def _all(stream: "BinaryIO", header: Header) -> "Iterator[Appointment | Rejected]":
    for block in blocks(stream, header):
        yield from appointments(*block, header)


def open_source(source: Path) -> "BinaryIO":
    """Open a file of appointments; raises `InputError` when it cannot be read."""
    try:
        return source.open("rb")
    except OSError as error:
        raise InputError(
            f"{source} cannot be read: {error.strerror or error}", "check the path"
        ) from None


def heading(names: "tuple[str, ...]", header: Header) -> bytes:
    """The first line of a file, which is written as the file of appointments is: with the same
    separator, so that the same spreadsheet opens both, and a byte order mark if it has one."""
    return (b"\xef\xbb\xbf" if header.bom else b"") + f"{header.delimiter.join(names)}\n".encode()


def lines(rows: "Sequence[tuple[str, ...]]", delimiter: str) -> bytes:
    """Rows as CSV; what is not text (a broken encoding) becomes a question mark."""
    return "".join(
        [delimiter.join([field(cell, delimiter) for cell in row]) + "\n" for row in rows]
    ).encode("utf-8", "replace")
