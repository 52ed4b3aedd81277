"""What was read on a label, in words. Plain text, no colour."""

from aftercare.core.verdict import No, Unknown
from aftercare.outputs.answer import fold, verdict_text
from aftercare.outputs.phrases import clean, instant, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from aftercare.core.label import Ingredient, Label
    from aftercare.core.names import Lexicon
    from aftercare.core.verdict import Verdict

#: So many unrecognised ingredients are named; of more, the number.
NAMED = 12


def label_text(
    label: "Label",
    verdict: "Verdict | None",
    lexicon: "Lexicon",
    zone: "tzinfo",
    width: int,
    now: "datetime",
) -> str:
    """Return the verdict, each ingredient that decides it, and how much was read."""
    lines: list[str] = []
    if verdict is None:
        said = "No treatment is recorded; this is what the label contains."
        if not label.ingredients:
            said = "No treatment is recorded, and no ingredient was recognised in this text."
        lines += fold(said, width)
        lines += _contents(label, lexicon, width)
    elif isinstance(verdict, No):
        lines += verdict_text(verdict.replace(because=()), zone, width, now).split("\n")
        lines += _restricted(label, verdict, lexicon, zone, width, now)
    elif isinstance(verdict, Unknown) and verdict.reason == "nothing-restricted":
        lines += fold("Nothing restricted was found on this label.", width)
    else:
        lines += verdict_text(verdict, zone, width, now).split("\n")
    return "\n".join([*lines, *_count(label, width)])


def _restricted(
    label: "Label",
    verdict: No,
    lexicon: "Lexicon",
    zone: "tzinfo",
    width: int,
    now: "datetime",
) -> "list[str]":
    lines = []
    for ingredient in label.ingredients:
        for match in ingredient.things:
            wider = lexicon.wider(match.id)
            ends = [r.ends for r in verdict.because if r.thing in wider and r.ends]
            if not ends:
                continue
            text = f"- {clean(ingredient.text, 60)}: {clean(lexicon.thing(match.id).title)}"
            if match.how == "typo":
                text += f" (taken as {clean(match.name)})"
            text += f", off limits until {instant(max(ends), zone, now=now)}"
            if label.late(ingredient):
                text += "; it stands late in the list, so there may be little of it"
            lines += fold(text, width, "  ", "    ")
    return lines


def _contents(label: "Label", lexicon: "Lexicon", width: int) -> "list[str]":
    lines = []
    for match in label.things:
        where = [clean(i.text, 60) for i in label.ingredients if match.id in _ids(i)]
        title = clean(lexicon.thing(match.id).title)
        lines += fold(f"- {title}: {names(where[:NAMED])}", width, "  ", "    ")
    return lines


def _ids(ingredient: "Ingredient") -> "set[str]":
    return {match.id for match in ingredient.things}


def _count(label: "Label", width: int) -> "list[str]":
    read, unknown = len(label.ingredients), len(label.unrecognised)
    if not label.is_list:
        return []
    text = f"{read} ingredient{'' if read == 1 else 's'} read, {unknown} not recognised"
    if unknown:
        shown = [clean(i.text, 40) for i in label.unrecognised[:NAMED]]
        text += f": {', '.join(shown)}{' …' if unknown > NAMED else ''}"
    return fold(f"{text}.", width)
