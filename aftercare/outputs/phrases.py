"""Instants, lengths of time and foreign text in words, for every output that people read."""

from datetime import date, datetime, timedelta

from aftercare.core.model import zone_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from aftercare.core.conditions import FactValue
    from aftercare.core.model import Override, Source, Treatment

# Fixed names: the program speaks one language whatever the machine's locale.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WHOLE = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_MINUTE = timedelta(minutes=1)


def instant(at: datetime, zone: "tzinfo", *, now: "datetime | None" = None) -> str:
    """``Tue 24 Nov, 15:00`` in `zone`; with the year when it is not that of `now`.

    An hour that the clock repeats carries its offset's name, so that it names one instant.
    """
    local = at.astimezone(zone)
    year = now is not None and now.astimezone(zone).year == local.year
    text = f"{day(local.date(), year=not year)}, {clock(local)}"
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        text += f" {offset_name(local)}"
    return text


def day(value: date, *, year: bool = False) -> str:
    """``Tue 24 Nov``, or ``Tue 24 Nov 2026``."""
    text = f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if year else text


def clock(local: datetime) -> str:
    """``15:00``, with seconds only when there are some."""
    return f"{local:%H:%M:%S}" if local.second or local.microsecond else f"{local:%H:%M}"


def offset_name(local: datetime) -> str:
    """``GMT``, ``CET``, or ``UTC+05:30`` where the zone has no letters for it."""
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = local.utcoffset() or timedelta()
    sign, minutes = "-" if offset < timedelta() else "+", abs(offset) // _MINUTE
    return f"UTC{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def length(span: timedelta) -> str:
    """``1 day 4 h``, ``4 h 20 min``, ``20 min``: rounded up to the minute, never too short."""
    minutes = -(-max(span, timedelta()) // _MINUTE)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days and minutes:  # beyond a day, full hours are enough
        days, hours, minutes = days + (hours == 23), (hours + 1) % 24, 0
    parts = [f"{days} day{'' if days == 1 else 's'}"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes and len(parts) < 2 else []
    return " ".join(parts) or "less than a minute"


def from_now(at: datetime, now: datetime) -> str:
    """``1 day 4 h from now``, ``20 h ago`` or ``just now``."""
    if at > now:
        return f"{length(at - now)} from now"
    past = now - at
    past -= past % _MINUTE
    return f"{length(past)} ago" if past else "just now"


def iso(at: "datetime | None", zone: "tzinfo") -> "str | None":
    """ISO 8601 with the offset of `zone`; None stays None."""
    return None if at is None else at.astimezone(zone).isoformat()


def clean(text: str, longest: int = 2000) -> str:
    """Return text that is safe on a terminal: no control or direction characters, not endless."""
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isprintable():
        return text
    import unicodedata

    harmful = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return "".join(
        " " if c.isspace() else "\ufffd" if unicodedata.category(c) in harmful else c for c in text
    )


#: What typography prints and ASCII writes otherwise.
_TYPED = {
    0x2026: "...", 0x2013: "-", 0x2014: "-", 0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'",
    0xB7: "-", 0xA0: " ",
}  # fmt: skip


def ascii_punctuation(text: str) -> str:
    """Return text with the punctuation of a keyboard; letters stay."""
    return text if text.isascii() else text.translate(_TYPED)


def ascii_only(text: str) -> str:
    """Return text in ASCII: letters without their accents, question marks for the rest."""
    if text.isascii():
        return text
    from unicodedata import combining, normalize

    bare = normalize("NFKD", ascii_punctuation(text))
    return "".join(c for c in bare if not combining(c)).encode("ascii", "replace").decode()


_COMPARED = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def spoken(text: str) -> str:
    """Return text as it is to be read out: no abbreviations, no signs that compare."""
    import re

    for short, whole in (("h", "hour"), ("min", "minute")):
        text = re.sub(rf"\b1 {short}\b", f"1 {whole}", text)
        text = re.sub(rf"\b(\d+) {short}\b", rf"\1 {whole}s", text)
    for sign, words in _COMPARED.items():
        text = text.replace(f" {sign} ", f" {words} ")

    def date(found: "re.Match[str]") -> str:
        weekday, number, month = found.groups()
        return f"{_WEEKDAYS[_DAYS.index(weekday)]} {number} {_WHOLE[_MONTHS.index(month)]}"

    return re.sub(rf"\b({'|'.join(_DAYS)}) (\d+) ({'|'.join(_MONTHS)})\b", date, text)


def source(item: "Source") -> str:
    """``Publisher: title, address``."""
    return clean(f"{item}, {item.url}" if item.url else str(item))


def names(things: "list[str]") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} and {things[-1]}"


def facts(given: "Mapping[str, FactValue]") -> str:
    """``depth_mm=0.5, sensitive=yes``, as they are typed."""
    return ", ".join(f"{name}={_fact(value)}" for name, value in given.items())


def override(given: "Override") -> str:
    """``Set to 72h for this treatment: reactive skin.``"""
    shorter = ", shorter than the rules ask" if given.shorter_on_purpose else ""
    return clean(f"Set to {given.span} for this treatment{shorter}: {given.because}.")


def _fact(value: "FactValue") -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def command(treatment: "Treatment") -> str:
    """The command that records a treatment."""
    import shlex

    local = treatment.treated_at.astimezone(zone_of(treatment.zone))
    words = ["aftercare", "plan", "--treated-at", local.isoformat(), "--zone", treatment.zone]
    words += ["--treatment", treatment.kind]
    words += [w for n, v in treatment.facts.items() for w in ("--fact", f"{n}={_fact(v)}")]
    words += ["--person", treatment.person] if treatment.person else []
    words += _overriding(treatment.overrides)
    return shlex.join(words)


def _overriding(overrides: "tuple[Override, ...]") -> "list[str]":
    words = [w for o in overrides for w in ("--override", f"{o.thing}={o.span}")]
    reasons = [o.because for o in overrides]
    for reason in reasons if len(set(reasons)) > 1 else reasons[:1]:
        words += ["--because", reason]
    return (
        [*words, "--shorter-on-purpose"] if any(o.shorter_on_purpose for o in overrides) else words
    )


def correction(before: "Treatment", after: "Treatment") -> str:
    """The command that turns `after` back into `before`."""
    import shlex

    words = ["aftercare", "correct", str(before.id)]
    if (before.treated_at, before.zone) != (after.treated_at, after.zone):
        local = before.treated_at.astimezone(zone_of(before.zone))
        words += ["--treated-at", local.isoformat(), "--zone", before.zone]
    for name in {**before.facts, **after.facts}:
        if before.facts.get(name) != after.facts.get(name):
            old = before.facts.get(name)
            words += ["--fact", f"{name}={'' if old is None else _fact(old)}"]
    kept = {o.thing: o for o in after.overrides}
    changed = tuple(o for o in before.overrides if kept.pop(o.thing, None) != o)
    words += _overriding(changed)
    words += [w for thing in kept for w in ("--override", f"{thing}=")]
    return shlex.join(words)
