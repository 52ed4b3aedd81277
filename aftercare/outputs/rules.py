"""What a rule file says, in a terminal: all of it in short, or all about one thing."""

from aftercare.outputs.phrases import names, source
from aftercare.outputs.sheet import Sheet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from aftercare.core.model import Allow, Avoid, Care, Rulebook
    from aftercare.core.origins import Origins

#: The values of a rule as a file writes them, and as the model calls them.
_FIELDS = {
    "for": "span",
    "usual": "usual",
    "longer": "longer",
    "from": "start",
    "at": "at",
    "why": "why",
    "note": "note",
    "figures": "figures",
    "sources": "sources",
}


def rulebook_screen(book: "Rulebook", sheet: Sheet) -> "list[Text]":
    """Return the treatments of a rule file and their rules, a line each."""
    sheet.paragraph(f"{book.title}, version {book.version}", style="bold")
    for protocol in book.protocols.values():
        sheet.heading(f"{protocol.title} ({protocol.id})")
        if protocol.names:
            sheet.paragraph(f"Also: {', '.join(protocol.names)}", indent=2, hang=2, style="dim")
        for rule in protocol.avoid:
            usual = f", better {rule.usual}" if rule.usual else ""
            sheet.bullet(f"{rule.thing}: avoid for {rule.span}{usual}")
            for line in rule.longer:
                sheet.paragraph(f"if {line}: {line.span}", indent=6)
        for care in protocol.care:
            at = "".join(f" {t:%H:%M}" for t in care.at)
            sheet.bullet(f"{care.thing}: daily{at} for {care.days} days")
        if protocol.allow:
            sheet.bullet(f"allowed: {', '.join(rule.thing for rule in protocol.allow)}")
    if book.facts:
        sheet.heading("Facts")
        for fact in book.facts.values():
            sheet.bullet(f"{fact.name}: {fact.ask} ({fact.describe()})")
    return sheet.lines


def thing_screen(
    ids: "Sequence[str]", book: "Rulebook", origins: "Origins", sheet: Sheet
) -> "list[Text]":
    """Return what the rules say of things, which file says it, and the names of the things."""
    for id in ids:
        thing = book.lexicon.thing(id)
        sheet.heading(f"{thing.title} ({id})")
        wider = book.lexicon.wider(id)
        for part, words in ((thing.parts, "made of"), ((thing.kind_of,), "a kind of")):
            if any(part):
                sheet.paragraph(f"{words} {names(list(part))}", indent=2)
        for protocol in book.protocols.values():
            for rule in (r for r in protocol.avoid if r.thing in wider or r.thing in thing.parts):
                usual = f", better {rule.usual}" if rule.usual else ""
                sheet.paragraph(f"{rule.id}: {rule.span}{usual}", indent=2, style="bold")
                for line in rule.longer:
                    sheet.paragraph(f"if {line}: {line.span}", indent=4)
                _said_by(rule, origins, sheet)
                for text in (rule.why, rule.note, *_sources(rule)):
                    if text:
                        sheet.paragraph(text, indent=4, hang=2, whole=True)
            granted: list[Allow | Care] = [*protocol.allow, *protocol.care]
            for other in granted:
                if other.thing in wider:
                    sheet.paragraph(other.id, indent=2, style="bold")
                    _said_by(other, origins, sheet)
                    for text in (other.why, other.note, *_sources(other)):
                        if text:
                            sheet.paragraph(text, indent=4, hang=2, whole=True)
        for rule_id, file, because in origins.removed(id):
            sheet.paragraph(f"{rule_id}: removed by {file}: {because}", indent=2, style="bold")
        known = sorted(set(book.lexicon.names_of(id)), key=str.casefold)
        sheet.paragraph(f"Names: {', '.join(known)}", indent=2, hang=2, style="dim")
    return sheet.lines


def _sources(rule: "Avoid | Allow | Care") -> "list[str]":
    """Who says so, and behind a figure of their own that figure."""
    figures = dict(getattr(rule, "figures", ()))
    return [
        f"{figures[s.id].replace('-', ' to ')}: {source(s)}" if s.id in figures else source(s)
        for s in rule.sources
    ]


def _said_by(rule: "Avoid | Allow | Care", origins: "Origins", sheet: Sheet) -> None:
    """Which file says each value of a rule; of rules in one file, that file alone."""
    values = tuple(key for key, field in _FIELDS.items() if getattr(rule, field, None))
    found = origins.values(*rule.id.split("."), of=values or ("why",))
    for file, keys in found.items():
        what = f": {', '.join(keys)}" if len(found) > 1 else ""
        sheet.paragraph(f"From {file}{what}", indent=4, hang=2, style="dim")
