"""The text of a new rule file that extends the default one, with comments for who changes it."""

import json

from aftercare.core.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from aftercare.core.spans import Span


class Answers(Value):
    """What was asked: whose rules, for which treatment, and what differs from the default.

    `figures` are minimum times by thing id, `source` is where they stand ("" for nowhere);
    `removed` are reasons by thing id; `sign` is a further warning sign, "" for none.
    """

    title: str
    treatment: str
    figures: "Mapping[str, Span]"
    source: str
    removed: "Mapping[str, str]"
    sign: str


def text_of(answers: Answers, today: "date") -> str:
    """Return the text of the file, last reviewed `today`."""
    lines = [
        f"# Aftercare rules of {' '.join(answers.title.split())}",
        "#",
        "# This file says only what differs from the rules it extends. After each change:",
        "#   aftercare rules check THIS-FILE          tells what is wrong, each with its line",
        "#   aftercare rules diff default THIS-FILE   tells in words what differs",
        "#   aftercare rules schema                   is for editors that help while you type",
        "# Lengths of time: 24h is elapsed time; 5d and 2w end at the same clock time.",
        "",
        "format: 1",
        f"title: {_quoted(answers.title)}",
        f'version: "{today:%Y.%m.1}"  # raise it with each change: plans tell it',
        f"reviewed: {today.isoformat()}  # the day somebody last checked the figures",
        "extends: default  # or the path of another rule file",
        "",
    ]
    if answers.source:
        lines += [
            "# Where your figures come from: an id each, then a title, and an address if any.",
            "sources:",
            f"  our-leaflet: {{title: {_quoted(answers.source)}}}",
            "",
        ]
    lines += ["treatments:", f"  {answers.treatment}:"]
    lines += ["    # What the default rules ask and you do not, each with the reason."]
    if answers.removed:
        lines += ["    remove:"]
        lines += [f"      {thing}: {_quoted(why)}" for thing, why in answers.removed.items()]
    else:
        lines += ["    # remove: {spicy-food: We see no need for it}"]
    lines += ["", "    # What to keep off. Of a rule that is there already, only what changes."]
    if answers.figures:
        lines += ["    avoid:"]
        for thing, span in answers.figures.items():
            whose = (
                f"figures: {{our-leaflet: {span}}}"
                if answers.source
                else 'note: "Our own figure; there is no source for it."'
            )
            lines += [f"      {thing}:", f"        for: {span}", f"        {whose}"]
    else:
        lines += [
            "    # avoid:",
            "    #   retinoids: {for: 72h, usual: 7d, figures: {our-leaflet: 72h}}",
        ]
    lines += ["", "    # Warning signs, added to those that are there already."]
    if answers.sign:
        lines += ["    call:", f"      - {_quoted(answers.sign)}"]
    else:
        lines += ["    # call: [Anything that worries you]"]
    if not (answers.removed or answers.figures or answers.sign):
        lines += ["    notes: []  # nothing differs yet; take this line out when something does"]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    """Text in quotes, as YAML and JSON both read it."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
