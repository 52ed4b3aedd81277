"""What the commands asked most often do, from their arguments to the exit code.

Free of the command-line framework, so that the plain forms can be answered without it.
"""

from aftercare.cli import show
from aftercare.core.verdict import No, Unknown
from aftercare.core.verdict import can_i as verdict_on
from aftercare.errors import NothingRecordedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftercare.cli.context import Context
    from aftercare.core.verdict import Verdict


def exit_code(verdict: "Verdict") -> int:
    """0 yes, 1 no, 3 unknown."""
    return 1 if isinstance(verdict, No) else 3 if isinstance(verdict, Unknown) else 0


def can_i(
    context: "Context",
    item: "Sequence[str]",
    *,
    at: "str | None" = None,
    treated_at: "str | None" = None,
    treatment: "str | None" = None,
    facts: "list[str] | None" = None,
    person: str = "",
    plain: bool = False,
    json: bool = False,
) -> int:
    """Print the verdict on an item; return the exit code."""
    when = None if at is None else context.when(at, "future")
    asked = context.now if when is None else when.at
    plans, assumed = context.plans_for(person, asked, treated_at, treatment, facts)
    assumed += when.assumed if when else ()
    verdict = verdict_on(" ".join(item), plans, asked)
    if json:
        from aftercare.outputs.machine import to_json, verdict_data

        show.show(to_json(verdict_data(verdict, context.zone)))
    else:
        from aftercare.outputs.answer import verdict_text

        show.answer(lambda width: verdict_text(verdict, context.zone, width, context.now), plain)
    for sentence in assumed:
        (show.note if json else show.say)(sentence)
    return exit_code(verdict)


def label(
    context: "Context",
    file: "str | None",
    *,
    text: "str | None" = None,
    at: "str | None" = None,
    person: str = "",
    plain: bool = False,
    json: bool = False,
) -> int:
    """Print what a label holds and means; return the exit code. Needs a context that reads them."""
    from aftercare.cli.context import label_of
    from aftercare.core.label import read_label
    from aftercare.core.verdict import label_verdict

    asked = context.asked_at(at)
    printed = label_of(file, text)
    try:
        plans = context.recorded(person, asked)
    except NothingRecordedError:
        plans = []
    lexicon = (plans[-1].rulebooks[0] if plans else context.rulebook).lexicon
    found = read_label(printed, lexicon)
    verdict = label_verdict(found, plans, asked) if plans else None
    if json:
        from aftercare.outputs.machine import label_data, to_json

        show.show(to_json(label_data(found, verdict, context.zone)))
    else:
        from aftercare.outputs.labels import label_text

        show.answer(
            lambda width: label_text(found, verdict, lexicon, context.zone, width, context.now),
            plain,
        )
    return NothingRecordedError.exit_code if verdict is None else exit_code(verdict)


def now_short(context: "Context", *, person: str = "", json: bool = False) -> int:
    """Print what is off limits in one short line, nothing when nothing is; return the exit code."""
    from aftercare.core.outlook import off_limits, outlook
    from aftercare.outputs.answer import short_text

    try:
        plans = context.recorded(person, context.now)
    except NothingRecordedError:
        plans = []
    line = short_text(off_limits(plans, context.now), context.now, plain=show.plain())
    if json:
        from aftercare.outputs.machine import outlook_data, to_json

        state = outlook(plans, context.now, context.zone)
        show.show(to_json({"short": line, **outlook_data(state, context.zone)}))
    elif line:
        show.show(line)
    return 0
