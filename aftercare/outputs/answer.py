"""A verdict in words: one clear line first, then what it rests on. Plain text, no colour."""

from aftercare.core.verdict import No, Unknown, Yes
from aftercare.outputs.phrases import clean, from_now, instant, length, names, override, source
from aftercare.outputs.wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo

    from aftercare.core.model import Restriction
    from aftercare.core.names import Lexicon
    from aftercare.core.recognition import Recognition
    from aftercare.core.verdict import Reason, Verdict

#: Reasons told in full; those beyond are only named.
TOLD = 2

#: With more sources than this only their names are told; the addresses stand in the rule file.
ADDRESSES = 3


#: In one short line, so many moments at which something lifts are told.
TOLD_SHORTLY = 3


def verdict_text(verdict: "Verdict", zone: "tzinfo", width: int, now: "datetime") -> str:
    """Return the answer as a person reads it, wrapped to `width` columns.

    Lengths of time count from `now`, the moment of reading, not from the moment asked about.
    """
    head, *rest = _first_lines(verdict, zone, now)
    lines = [line for text in (head, *rest) for line in fold(text, width)]
    understood = _understood(verdict.recognition)
    if understood:
        lines += fold(understood, width)
    for n, reason in enumerate(verdict.because):
        if n == TOLD:
            others = list(dict.fromkeys(clean(r.rule) for r in verdict.because[n:]))
            lines += ["", *fold(f"Also: {names(others)}.", width)]
            break
        lines += ["", *_reason(reason, zone, width, now)]
    return "\n".join(lines)


def _first_lines(verdict: "Verdict", zone: "tzinfo", now: "datetime") -> "list[str]":
    def when(at: "datetime") -> str:
        return instant(at, zone, now=now)

    asked = "" if verdict.at == now else f" (asked for {when(verdict.at)})"
    match verdict:
        case No(until=until, better_wait_until=better):
            lines = [f"No, not until {when(until)}: {from_now(until, now)}{asked}"]
            if better:
                lines.append(f"Most published advice waits until {when(better)}.")
            return lines
        case Yes(since=since, better_wait_until=better, but_not=but_not):
            lines = [f"Yes, since {when(since)}{asked}."]
            if better:
                lines[0] += f" Most published advice waits until {when(better)}."
            for reason in but_not:
                ends = when(reason.ends) if reason.ends else ""
                lines.append(f"But not {clean(reason.title)}: off limits until {ends}.")
            return lines
        case Unknown():
            return [f"I don't know{asked}.", *_what_would_settle(verdict, when)]


def _what_would_settle(verdict: Unknown, when: "Callable[[datetime], str]") -> "list[str]":
    item = f"“{clean(verdict.recognition.item, 60)}”"
    titles = list(dict.fromkeys(clean(m.name) for m in verdict.recognition.things))
    ask = "Ask your clinic."
    match verdict.reason:
        case "not-recognised":
            lines = [f"I do not know what {item} is, so no rule can permit it. {ask}"]
        case "guess":
            lines = [f"I took {item} as {names(titles)}, and a guess permits nothing."]
            if verdict.recognition.leftover:
                left = [f"“{clean(word, 40)}”" for word in verdict.recognition.leftover[:5]]
                lines[0] += f" {names(left)} says nothing to me."
            lines.append("Ask again with the exact name, or read the label: aftercare label FILE")
        case "before":
            lines = ["The treatment is still to come at that time; the rules begin with it. " + ask]
        case "not-yet":
            starts = min(r.starts for r in verdict.because if r.starts)
            lines = [f"The rules have it from {when(starts)} on; none speaks of before. {ask}"]
        case "silent":
            silent = (
                f"One of your treatments is not over, and its rules do not mention {names(titles)}."
            )
            lines = [f"{silent} What the rules of another one permit is no answer for it. {ask}"]
        case "medicine":
            lines = [f"{names(titles)}: a medicine. Ask your clinic or pharmacist."]
        case "read-label":
            lines = ["The answer lies in its ingredients. Read its label: aftercare label FILE"]
        case "no-list":
            lines = ["No ingredient list was recognised in this text. Give the list itself."]
        case "nothing-restricted":
            lines = ["It holds nothing that your rules restrict now, but no rule permits it."]
        case _:
            lines = [f"No rule mentions {names(titles)}, so nothing here permits it. {ask}"]
    if verdict.recognition.suggestions:
        suggested = [clean(s) for s in verdict.recognition.suggestions]
        lines.append(f"Did you mean {', '.join(suggested)}?")
    return lines


def short_text(off_limits: "Sequence[Restriction]", at: "datetime", *, plain: bool = False) -> str:
    """Return what is off limits at `at` for a prompt: ``makeup 3 h · retinoids (+2) 1 d 4 h``.

    What lifts together stands together, soonest first; empty when nothing is off limits.
    """
    ends = dict.fromkeys(r.ends for r in off_limits)
    groups = [[r for r in off_limits if r.ends == end] for end in ends]
    parts = []
    for group in groups[:TOLD_SHORTLY]:
        more = f" (+{len(group) - 1})" if group[1:] else ""
        left = length(group[0].ends - at).replace(" days", " d").replace(" day", " d")
        parts.append(f"{clean(group[0].thing)}{more} {left}")
    later = sum(map(len, groups[TOLD_SHORTLY:]))
    parts += [f"(+{later})"] if later else []
    return (" | " if plain else " · ").join(parts)


def recognition_text(recognition: "Recognition", lexicon: "Lexicon", width: int) -> str:
    """Return what an item was understood as, and why."""
    item = f"“{clean(recognition.item, 60)}”"
    lines = fold(f"{item} is not a name I know." if not recognition.things else item, width)
    how = {
        "exact": "it is a name of it",
        "part": "its name stands in it",
        "typo": "a guess: it is near to its name",
    }
    for match in recognition.things:
        title = clean(lexicon.thing(match.id).title)
        reason = f"{how[match.how]}, {clean(match.name)}"
        lines += fold(f"- {title} ({clean(match.id)}): {reason}", width, "  ", "    ")
    if recognition.leftover:
        left = names([f"“{clean(word, 40)}”" for word in recognition.leftover[:10]])
        lines += fold(f"Not understood: {left}.", width)
    if recognition.suggestions:
        near = ", ".join(clean(s) for s in recognition.suggestions)
        lines += fold(f"Did you mean {near}?", width)
    return "\n".join(lines)


def _understood(recognition: "Recognition") -> str:
    guessed = [m for m in recognition.things if m.how == "typo"]
    taken = [f"“{clean(m.text, 40)}” as {clean(m.name)}" for m in guessed]
    return f"(Taking {names(taken)}.)" if taken else ""


def _reason(reason: "Reason", zone: "tzinfo", width: int, now: "datetime") -> "list[str]":
    title = clean(reason.title)
    treatment = f", treatment {reason.treatment}" if reason.treatment else ""
    lines = [f"{title} ({clean(reason.rule)}{treatment})"]
    if reason.ends and reason.starts and reason.ends > reason.starts:
        window = f"Off limits for {length(reason.ends - reason.starts)}"
        window += f", until {instant(reason.ends, zone, now=now)}."
        lines.append(window)
    if reason.override:
        lines.append(override(reason.override))
    lines += [clean(text) for text in (reason.why, reason.note) if text]
    if reason.open_facts:
        facts = names([clean(fact) for fact in reason.open_facts])
        lines.append(f"Not known: {facts}. It could make this longer; tell it with --fact.")
    told = len(reason.sources) <= ADDRESSES
    if reason.sources and not told:
        publishers = dict.fromkeys(clean(s.publisher or s.title) for s in reason.sources)
        more = f"aftercare rules show {clean(reason.thing)}"
        lines.append(f"Sources: {'; '.join(publishers)}. Addresses: {more}")
    elif reason.sources:
        lines.append("Sources:")
    wrapped = [
        line for n, text in enumerate(lines) for line in fold(text, width, "  " * bool(n), "  ")
    ]
    for item in reason.sources if told else ():
        wrapped += fold(source(item), width, "  - ", "    ")
    return wrapped


def fold(text: str, width: int, first: str = "", others: str = "") -> "list[str]":
    """Wrap, keeping "4 h" together, and addresses whole: a broken one cannot be followed."""
    text = text.replace(" h", "\xa0h").replace(" min", "\xa0min")
    lines = wrap(text, width, first, others, whole="://" in text)
    return [line.replace("\xa0", " ") for line in lines]
