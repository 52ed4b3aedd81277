"""The page that a client keeps: one HTML file that works offline, for a phone or a printer.

It carries the plan, the names of things and a script that answers as `can_i` does. Nothing is
fetched from anywhere, which a Content-Security-Policy in the file forbids besides.
"""

import json
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

from aftercare.core.care import daily_care
from aftercare.core.model import each, zone_of
from aftercare.core.schedule import merge
from aftercare.core.value import Value
from aftercare.core.verdict import allowed, grants, leaves_ends_open
from aftercare.errors import InputError
from aftercare.outputs.page.data import milliseconds, more_data, reasons_of, script_data
from aftercare.outputs.page.packing import pack
from aftercare.outputs.page.parts import Parts, parts_of, sheet_parts
from aftercare.outputs.page.texts import NOW, Language, language
from aftercare.outputs.phrases import clean, facts
from aftercare.outputs.picture import picture

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime
    from typing import Any
    from zoneinfo import ZoneInfo

    from jinja2 import Template

    from aftercare.core.model import Plan, Restriction
    from aftercare.core.verdict import Reason

#: A logo of more bytes than this would make the page too large to e-mail.
LARGEST_LOGO = 100_000

_HERE = Path(__file__).parent
_PICTURES = {
    b"\x89PNG\r\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


class Clinic(Value):
    """Who hands the page out. `logo` is an address made by `logo_of`."""

    name: str = ""
    phone: str = ""
    logo: str = ""


def logo_of(picture: bytes) -> str:
    """Return a ``data:`` address of a PNG, JPEG, GIF, WebP or SVG file's bytes.

    Raises `InputError` for anything else, and above `LARGEST_LOGO`.
    """
    if len(picture) > LARGEST_LOGO:
        raise InputError(
            f"the logo has more than {LARGEST_LOGO // 1000} kB", "use a smaller picture"
        )
    kind = next((kind for start, kind in _PICTURES.items() if picture.startswith(start)), "")
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind and b"<svg" in picture[:1000]:
        kind = "image/svg+xml"  # in an <img> no script in it runs
    if not kind:
        raise InputError("the logo is no picture", "use a PNG, JPEG, GIF, WebP or SVG file")
    return f"data:{kind};base64,{b64encode(picture).decode()}"


#: A page that no clinic hands out.
NO_CLINIC = Clinic()


def page(
    plans: "Plan | Iterable[Plan]",
    *,
    now: "datetime",
    zone: "ZoneInfo | None" = None,
    clinic: Clinic = NO_CLINIC,
    lang: str = "en",
    ics: str = "",
    sheet: bool = False,
    parts: "Parts | None" = None,
    program: str = "aftercare",
) -> str:
    """Return the page of plans as HTML.

    `now` is the moment it is made (aware). `zone` is that of the times written into it, left
    out that of the treatment; the script shows them in the reader's. `ics` is the text of a
    calendar to hand out. `sheet` makes what is printed, a sheet of paper, without the search.
    `parts` are what is the same on all pages, as `parts_of` makes it, for who has it already.
    `program` is what is named as the maker, with its version.

    Raises `InputError` for a language there is no translation of.
    """
    plans = each(plans)
    if not plans:
        raise InputError("a page needs a plan", "pass at least one")
    words = language(lang)
    merged = merge(plans, now)
    zone = zone or zone_of(merged.treatments[-1].zone)
    reasons = reasons_of(plans)
    restrictions = sorted(merged.restrictions, key=lambda r: (r.ends, r.usual_ends, r.title))
    vocabulary = merged.rulebooks[0].lexicon.vocabularies[0]
    if parts is None or sheet:
        parts = sheet_parts() if sheet else parts_of(vocabulary)
    markup = _markup()
    why_of = {(reason.rule, reason.treatment): n for reason, n in reasons.items()}
    return _template().render(
        _=words,
        language=words,
        policy=parts.policy,
        css=markup(parts.style),
        script=markup(parts.script),
        sheet=sheet,
        clinic=clinic,
        phone=_telephone(clinic.phone),
        titles=list(dict.fromkeys(p.title for p in merged.protocols)),
        plan=merged,
        reasons=reasons,
        restrictions=restrictions,
        care=list(_care(merged, zone)),
        allowed=_allowed(plans),
        open_ends=leaves_ends_open(plans),
        why_of=lambda r: why_of[r.decided_by, r.treatment.id],
        books=list({b.sha256: b for b in merged.rulebooks}.values()),
        now=now,
        zone=zone.key,
        program=program,
        picture=markup("" if sheet else _picture(restrictions, now, zone, words)),
        data=markup("" if sheet else _json(_data(plans, reasons, now, words))),
        more=markup("" if sheet else pack(_more(merged, reasons, words, ics))),
        names=markup(parts.names),
        instant=lambda at: words.instant(at, zone, now),
        day=words.day,
        override=words.override,
        iso=lambda at: at.isoformat().replace("+00:00", "Z").replace(":00Z", "Z"),
    )


def _picture(
    restrictions: "list[Restriction]", now: "datetime", zone: "ZoneInfo", words: Language
) -> str:
    return picture(restrictions, now, zone, words=words, weekday=words.weekday, style=False)


def _data(
    plans: "tuple[Plan, ...]", reasons: "Mapping[Reason, int]", now: "datetime", words: Language
) -> "dict[str, Any]":
    return {
        "language": "en-GB" if words.code == "en" else words.code,
        "made": milliseconds(now),
        "words": {name: words(text) for name, text in NOW.items()},
        **script_data(plans, reasons),
    }


def _more(plan: "Plan", reasons: "Mapping[Reason, int]", words: Language, ics: str) -> str:
    return json.dumps(more_data(plan, reasons, words, ics), ensure_ascii=False)


def _json(data: object) -> str:
    """JSON that holds nothing by which an HTML parser could leave the script, and no letter
    that cannot be seen.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    odd = {c for c in set(text) if c in "<>&" or not c.isprintable()}
    escaped = {ord(c): json.dumps(c)[1:-1] if ord(c) > 127 else f"\\u{ord(c):04x}" for c in odd}
    return text.translate(escaped)


def _care(plan: "Plan", zone: "ZoneInfo") -> "Iterator[tuple[str, str, date, date, Reason]]":
    """Each care of the same days once, with its times of day together."""
    given = {(g.rule, g.treatment): g for g in grants(plan)}
    hours: dict[tuple[str, date, date, Reason], list[str]] = {}
    for c in daily_care(plan, zone):
        reason = given[c.rule.id, c.treatment.id]
        hours.setdefault((c.rule.title, c.first_day, c.last_day, reason), []).append(
            f"{c.at:%H:%M}" if c.at else ""
        )
    for (title, first, last, reason), times in hours.items():
        yield title, ", ".join(times), first, last, reason


def _allowed(plans: "tuple[Plan, ...]") -> "list[Reason]":
    rules = {rule.id for rule in allowed(plans)}
    found = {g.rule: g for p in plans for g in grants(p) if g.rule in rules}
    return list(found.values())


def _telephone(number: str) -> str:
    """The ``tel:`` address of a number; "" when it is not one."""
    digits = "".join(c for c in number if c in "+0123456789")
    usual = all(c in "+0123456789 ()-./" or c == "\xa0" for c in number)
    return f"tel:{digits}" if usual and len(digits) > 2 else ""


@lru_cache(maxsize=1)
def _markup() -> "Any":
    from markupsafe import Markup

    return Markup


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    def zone_in(sentence: str, zone: str) -> str:
        """The sentence, the zone's name in an element of its own: the script changes it."""
        before, _, after = sentence.partition("\0")
        return Markup('{}<bdi id="zone">{}</bdi>{}').format(before, zone, after)

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # most processes make one page; looking for constants takes longer
    )
    environment.filters["zone_in"] = zone_in
    environment.globals.update(clean=clean, facts=facts)
    return environment.from_string((_HERE / "page.html.j2").read_text("utf-8"))
