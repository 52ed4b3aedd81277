"""The picture of a plan as SVG: a bar for each restriction over days, minimum and usual apart.

Lengths along the time axis are shares of the width, so that it fits any, with letters of one size.
"""

from datetime import UTC, datetime, timedelta
from html import escape

from aftercare.core.spans import instant_of
from aftercare.outputs.phrases import clean, day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, tzinfo

    from aftercare.core.model import Restriction

#: A picture reaches at most this far; a bar that goes on ends in an arrow.
HORIZON = timedelta(days=10)

#: Longest title, in characters, that stands above a bar.
LONGEST = 44

_TOP, _ROW, _BAR = 40, 34, 10

#: How it looks, light and dark. A bar that is hatched is time that most advice waits.
CSS = """
.aftercare-picture{--ink:#16211f;--dim:#55625f;--grid:#d5dedb;--off:#a8320c;--usual:#a8320c;\
--now:#005a78;font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;direction:ltr}
@media screen and (prefers-color-scheme:dark){.aftercare-picture{--ink:#e9f0ee;--dim:#a3b1ad;\
--grid:#34413e;--off:#ff9a72;--usual:#ff9a72;--now:#7fd4f5}}
.aftercare-picture text{fill:var(--ink)}
.aftercare-picture .days text{fill:var(--dim);font-size:11px}
.aftercare-picture .days line{stroke:var(--grid)}
.aftercare-picture .titles text{paint-order:stroke;stroke:var(--halo,transparent);stroke-width:4px}
.aftercare-picture .off{fill:var(--off)}
.aftercare-picture .usual{fill:url(#hatch);stroke:var(--usual)}
.aftercare-picture .hatch{stroke:var(--usual);stroke-width:2}
.aftercare-picture .now line{stroke:var(--now);stroke-width:2}
.aftercare-picture .now text{fill:var(--now);font-weight:600;font-size:11px}
.aftercare-picture .legend text{fill:var(--dim);font-size:12px}
""".strip()


def shown_span(restrictions: "Sequence[Restriction]") -> "tuple[datetime, datetime]":
    """Return from when until when a picture of restrictions reaches: a day at least."""
    starts = min(r.starts for r in restrictions)
    ends = max(r.usual_ends for r in restrictions)
    return starts, max(min(ends, starts + HORIZON), starts + timedelta(days=1))


def picture(
    restrictions: "Sequence[Restriction]",
    now: datetime,
    zone: "tzinfo",
    *,
    width: int = 0,
    words: "Callable[[str], str]" = str,
    weekday: "Callable[[date], str]" = lambda value: day(value)[:3],
    style: bool = True,
) -> str:
    """Return one ``<svg>`` element; "" when nothing is restricted.

    `width` in pixels; 0 fills what it stands in. `words` translates the few words in it. With
    `style` it stands on its own; without, the text around it must carry `CSS`.
    """
    if not restrictions:
        return ""
    starts, ends = shown_span(restrictions)
    scale = _Scale(starts, ends)
    bottom = _TOP + _ROW * len(restrictions)
    label = escape(
        words("Bars over days: how long each thing is off limits. The table says the same.")
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="aftercare-picture" role="img" '
        f'aria-label="{label}" width="{width or "100%"}" height="{bottom + 34}" '
        f'data-starts="{_milliseconds(starts)}" data-ends="{_milliseconds(ends)}">'
    )
    out = [head]
    if style:
        out.append(f"<style>{CSS}</style>")
    out.append(
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="hatch" y2="6"/></pattern></defs>'
    )
    out.append(f'<g class="days">{"".join(_days(scale, zone, bottom, weekday))}</g>')
    out += [_bar(r, scale, _TOP + _ROW * n + 16) for n, r in enumerate(restrictions)]
    at = scale.share(now) if starts <= now < ends else "0%"
    hidden = "" if starts <= now < ends else ' visibility="hidden"'
    out.append(f'<g class="now"{hidden}><line x1="{at}" x2="{at}" y1="30" y2="{bottom}"/></g>')
    titles = [
        f'<text y="{_TOP + _ROW * n + 11}">{escape(clean(r.title, LONGEST))}</text>'
        for n, r in enumerate(restrictions)
    ]
    out.append(f'<g class="titles">{"".join(titles)}</g>')
    legend = bottom + 22
    out.append(
        f'<g class="legend"><rect class="off" y="{legend - 9}" width="16" height="{_BAR}" rx="2"/>'
        f'<text x="22" y="{legend}">{escape(words("off limits"))}</text>'
        f'<rect class="usual" x="38%" y="{legend - 9}" width="16" height="{_BAR}" rx="2"/>'
        f'<text x="38%" dx="22" y="{legend}">{escape(words("better wait"))}</text>'
        f'<g class="now"><line x1="80%" x2="80%" y1="{legend - 12}" y2="{legend + 3}"/></g>'
        f'<text x="80%" dx="8" y="{legend}">{escape(words("now"))}</text></g></svg>'
    )
    return "".join(out)


class _Scale:
    """Shares of the width, in per cent, of instants from `starts` to `ends`."""

    def __init__(self, starts: datetime, ends: datetime) -> None:
        self.starts, self.ends = starts, ends

    def part(self, at: datetime) -> float:
        """Between 0 and 100."""
        share = (min(at, self.ends) - self.starts) / (self.ends - self.starts)
        return round(max(share, 0.0) * 100, 1)

    def share(self, at: datetime) -> str:
        return f"{self.part(at):g}%"


def _bar(r: "Restriction", scale: _Scale, y: int) -> str:
    begins, ends, usual = map(scale.part, (r.starts, r.ends, r.usual_ends))
    out = ""
    if r.usual_ends > r.ends:
        out += _rect("usual", ends, usual, y)
    if r.ends > r.starts:
        out += _rect("off", begins, ends, y)
    if r.usual_ends > scale.ends:
        arrow = "off" if r.ends > scale.ends else "usual"
        out += (
            f'<svg x="100%" y="{y - 3}" width="9" height="16" overflow="visible">'
            f'<path class="{arrow} on" d="M-9 0L0 8L-9 16Z"/></svg>'
        )
    return out


def _rect(kind: str, begins: float, ends: float, y: int) -> str:
    return (
        f'<rect class="{kind}" x="{begins:g}%" y="{y}" width="{round(ends - begins, 1):g}%" '
        f'height="{_BAR}" rx="2"/>'
    )


def _days(
    scale: _Scale, zone: "tzinfo", bottom: int, weekday: "Callable[[date], str]"
) -> "list[str]":
    """A line and a name at each local midnight."""
    found = []
    local = scale.starts.astimezone(zone).replace(tzinfo=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for n in range(1, 400):
        wall = midnight + timedelta(days=n)
        at = instant_of(wall, zone).astimezone(UTC)
        if at >= scale.ends:
            break
        x = scale.share(at)
        found.append(
            f'<line x1="{x}" x2="{x}" y1="30" y2="{bottom}"/>'
            f'<text x="{x}" y="12">{escape(weekday(wall.date()))}</text>'
            f'<text x="{x}" y="25">{wall.day}</text>'
        )
    return found


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
