"""The picture of a plan: a bar for each restriction over days, minimum and usual apart."""

from datetime import UTC, datetime, timedelta

from rich.text import Text

from aftercare.core.spans import instant_of
from aftercare.outputs.phrases import ascii_only, clean, day
from aftercare.outputs.picture import shown_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from aftercare.core.model import Restriction

#: With fewer columns than this each bar stands below its name, for neither is cut then.
STACKED = 60

#: Marks for the minimum, the usual time, nothing, now, and "goes on".
_MARKS = {False: ("█", "░", "·", "│", "▶"), True: ("#", "-", ".", "|", ">")}


def timeline(
    restrictions: "Sequence[Restriction]",
    now: datetime,
    zone: "tzinfo",
    width: int,
    *,
    plain: bool = False,
) -> "list[Text]":
    """Return the picture in `width` columns: a line of days, a bar each, and the legend."""
    if not restrictions:
        return []
    starts, ends = shown_span(restrictions)
    write = ascii_only if plain else str
    titles = [write(clean(r.title, 200)) for r in restrictions]
    stacked = width < STACKED
    names = 1 if stacked else min(max(map(len, titles)), max(width // 3, 8), 30)
    scale = _Scale(starts, ends, width - names - 1)
    lines = [Text(" " * (names + 1)) + _days(scale, zone)]
    full, usual, nothing, now_mark, on = _MARKS[plain]
    now_cell = scale.cell(now) if starts <= now < ends else None
    for title, restriction in zip(titles, restrictions, strict=True):
        room = width if stacked else names
        title = title if len(title) <= room else title[: room - 1] + ("." if plain else "…")
        if stacked:
            lines.append(Text(title))
        line = Text(f"{'' if stacked else title:{names}} ")
        for cell in range(scale.cells):
            begins, over = scale.at(cell), scale.at(cell + 1)
            if cell == now_cell:
                line.append(now_mark, "bold")
            elif cell == scale.cells - 1 and restriction.usual_ends > ends:
                line.append(on, "red" if restriction.ends > ends else "yellow")
            elif begins < restriction.ends and restriction.starts < over:
                line.append(full, "red" if now < restriction.ends else "green")
            elif begins < restriction.usual_ends and restriction.starts < over:
                line.append(usual, "yellow" if now < restriction.usual_ends else "green")
            else:
                line.append(nothing, "dim")
        lines.append(line)
    legend = [f"{full} off limits", f"{usual} better to wait", f"{on} goes on"]
    if now_cell is not None:
        legend.append(f"{now_mark} now")
    lines += [Text(part, "dim") for part in _fit(legend, width)]
    return lines


class _Scale:
    """Cells of equal elapsed time from `starts` to `ends`."""

    def __init__(self, starts: datetime, ends: datetime, cells: int) -> None:
        self.starts, self.cells = starts, cells
        self.step = (ends - starts) / cells

    def cell(self, at: datetime) -> int:
        return int((at - self.starts) / self.step)

    def at(self, cell: int) -> datetime:
        """The instant at which a cell begins; it shows the strictest of its time."""
        return self.starts + self.step * cell


def _days(scale: _Scale, zone: "tzinfo") -> Text:
    """The names of days, each where its local midnight lies; those that do not fit left out."""
    line = [" "] * scale.cells
    local = scale.starts.astimezone(zone).replace(tzinfo=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    free = 0
    for n in range(1, 400):
        wall = midnight + timedelta(days=n)
        cell = scale.cell(instant_of(wall, zone).astimezone(UTC))
        if cell >= scale.cells:
            break
        label = f"|{day(wall.date())[:6].rstrip()}"
        short = f"|{wall.day}"
        for text in (label, short):
            if cell >= free and cell + len(text) <= scale.cells:
                line[cell : cell + len(text)] = text
                free = cell + len(text) + 1
                break
    return Text("".join(line), "dim")


def _fit(parts: "list[str]", width: int) -> "list[str]":
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 3 + len(part) <= width:
            lines[-1] += f"   {part}"
        else:
            lines.append(part)
    return lines
