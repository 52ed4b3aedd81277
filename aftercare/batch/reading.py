"""Files of appointments: their header, blocks of whole records, and the records as appointments."""

import csv
import io
import re
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

from aftercare.batch.rows import COLUMNS, FORMAT_VERSION, Appointment, Rejected
from aftercare.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

#: Bytes that are read and planned in one go: a few hundred appointments.
BLOCK = 1 << 13

#: A line longer than this, in bytes, is no appointment.
LONGEST_LINE = 1 << 20

_BOM = b"\xef\xbb\xbf"
_DECIMAL_COMMA = re.compile(r"\d+,\d+")


class Header(NamedTuple):
    """What the first line of a file said: how it is written, and which column is what.

    `columns` are the places of client, treatment, treated_at and zone, `facts` those of facts.
    """

    delimiter: str
    bom: bool
    width: int
    columns: "tuple[int, ...]"
    facts: "tuple[tuple[int, str], ...]"


def read_header(stream: "BinaryIO", facts: "Iterable[str]") -> Header:
    """Read the first line of a file whose rules know these facts.

    Raises `InputError` for a missing, unknown or repeated column: a misspelt fact that is
    skipped would make every plan wrong.
    """
    line = stream.readline(LONGEST_LINE)
    if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("the file is UTF-16, not UTF-8", "save it as CSV UTF-8")
    bom = line.startswith(_BOM)
    try:
        text = line.removeprefix(_BOM).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise InputError("the first line is not UTF-8 text", "save the file as CSV UTF-8") from None
    delimiter = max(",;", key=text.count)
    try:
        names = [name.strip() for name in next(csv.reader([text], delimiter=delimiter), [])]
    except csv.Error:
        names = []
    while names and not names[-1]:
        names.pop()
    known = {name.casefold(): name for name in (*facts, *COLUMNS)}
    found = [known.get(name.casefold(), "") for name in names]
    _check_names(names, found, known)
    return Header(
        delimiter,
        bom,
        len(names),
        tuple([found.index(name) for name in COLUMNS]),
        tuple([(place, name) for place, name in enumerate(found) if name not in COLUMNS]),
    )


def _check_names(names: "list[str]", found: "list[str]", known: "dict[str, str]") -> None:
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise InputError(
            f"the first line names no column {', '.join(missing)}",
            f"it has {', '.join(COLUMNS)}, and facts, parted by commas or semicolons",
        )
    unknown = [name for name, right in zip(names, found, strict=True) if not right]
    if unknown:
        facts = ", ".join(name for name in known.values() if name not in COLUMNS)
        raise InputError(
            f"these rules know no fact {', '.join(map(repr, unknown))}",
            f"they know {facts or 'none'}; leave other columns out",
        )
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise InputError(f"the column {', '.join(twice)} is there twice", "keep one of them")


def blocks(stream: "BinaryIO", header: Header) -> "Iterator[tuple[int, bytes]]":
    """Yield a file's bytes after its header in blocks of whole records, each with the line,
    counted from 1, at which it begins."""
    line = 2
    while data := stream.read(BLOCK):
        if not data.endswith(b"\n"):
            data += _line(stream)
        if b'"' in data:
            data = _to_the_end_of_a_record(data, stream, header)
        yield line, data
        line += data.count(b"\n")


def _line(stream: "BinaryIO") -> bytes:
    line = stream.readline(LONGEST_LINE)
    if len(line) == LONGEST_LINE:
        raise InputError("the file has a line of more than a million characters", "is it CSV?")
    return line


def _to_the_end_of_a_record(data: bytes, stream: "BinaryIO", header: Header) -> bytes:
    """Take what is missing of a record whose quoted cell goes over several lines."""
    lines = io.BytesIO(data).readlines()
    taken: list[bytes] = []

    def taking() -> "Iterator[str]":
        for line in chain(lines, iter(lambda: _line(stream), b"")):
            taken.append(line)
            yield line.decode("utf-8", "surrogateescape")

    reader = csv.reader(taking(), delimiter=header.delimiter, strict=True)
    while len(taken) < len(lines):
        with suppress(csv.Error):
            if next(reader, None) is None:
                break
    return b"".join(taken)


def appointments(line: int, data: bytes, header: Header) -> "Iterator[Appointment | Rejected]":
    """Yield the appointments of a block that begins at `line`; a record that is none is
    rejected. Empty lines are skipped."""
    text = data.decode("utf-8", "surrogateescape")
    lines = io.StringIO(text, newline="\n")
    reader = csv.reader(lines, delimiter=header.delimiter, strict=True)
    while True:
        at = line + reader.line_num
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(FORMAT_VERSION, str(at), "", _reason(error))
            continue
        wrong = _wrong(cells, header, at, line + reader.line_num - 1)
        if wrong:
            yield Rejected(FORMAT_VERSION, str(at), "", wrong)
        elif any(cells):
            yield _appointment(cells, header, at)


def _appointment(cells: "list[str]", header: Header, line: int) -> Appointment:
    client, treatment, treated_at, zone = header.columns
    facts = [(name, cells[place]) for place, name in header.facts if cells[place]]
    if header.delimiter == ";":  # as spreadsheets write 0,5 where they write semicolons
        facts = [
            (name, text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)
            for name, text in facts
        ]
    return Appointment(
        cells[client], cells[treatment], cells[treated_at], cells[zone], tuple(facts), line
    )


def _wrong(cells: "list[str]", header: Header, first: int, last: int) -> str:
    """What is wrong with a record that spans these lines; nothing with an empty one."""
    found = len(cells)
    if found != header.width and any(cells if found < header.width else cells[header.width :]):
        lines = f" over the lines {first} to {last}; is a quote not closed?" if last > first else ""
        return f"{found} cells where the first line has {header.width}{lines}"
    text = "".join(cells)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "this is not UTF-8 text; save the file as CSV UTF-8"
    return ""


def _reason(error: csv.Error) -> str:
    text = str(error)
    if "limit" in text:
        return f"a cell of more than {csv.field_size_limit()} characters; is a quote not closed?"
    if "end of data" in text:
        return "a quote is never closed"
    if "expected after" in text:
        return "a quote ends within its cell; write a quote inside a cell twice"
    return "a line break within a cell that is not in quotes" if "new-line" in text else text
