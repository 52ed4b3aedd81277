"""What is typed to override a rule for one treatment: ``retinoids=72h``, and why."""

from aftercare.core.model import Override
from aftercare.core.names import normalise
from aftercare.core.schedule import plan
from aftercare.core.spans import parse_span
from aftercare.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftercare.core.model import Rulebook, Treatment

#: A reason longer than this, in characters, is refused.
LONGEST_REASON = 500


def read_overrides(
    texts: "Sequence[str]", because: "Sequence[str]", rules: "Rulebook", kind: str
) -> "tuple[Override, ...]":
    """Read ``THING=LENGTH`` for a kind of treatment; one reason for all, or one for each.

    Raises `InputError` with what would be right.
    """
    reasons = [" ".join(reason.split()) for reason in because]
    if reasons and not texts:
        raise InputError("--because gives the reason of an override", "--override retinoids=72h")
    if len(reasons) == 1:
        reasons *= len(texts)
    if len(reasons) != len(texts) or not all(reasons):
        raise InputError(
            "an override needs a reason", '--because "reactive skin": one for all, or one for each'
        )
    if max(map(len, reasons), default=0) > LONGEST_REASON:
        raise InputError(f"a reason is longer than {LONGEST_REASON} characters", "say it shorter")
    found: dict[str, Override] = {}
    for text, reason in zip(texts, reasons, strict=True):
        name, equals, span = text.partition("=")
        if not equals or not name.strip():
            raise InputError(f"{text!r} is no override", "write THING=LENGTH: retinoids=72h")
        thing = ruled_thing(name.strip(), rules, kind)
        if thing in found:
            raise InputError(f"{thing!r} is overridden twice", "override it once")
        found[thing] = Override(thing, parse_span(span.strip()), reason)
    return tuple(found.values())


def ruled_thing(name: str, rules: "Rulebook", kind: str) -> str:
    """Return the thing that a rule of a kind of treatment is on, by its id or an exact name.

    Raises `InputError` when there is no such rule: a guess will not do.
    """
    avoided = [rule.thing for rule in rules.protocol(kind).avoid]
    if name in avoided:
        return name
    named = rules.lexicon.look_up(normalise(name)) or ("", [])
    things = [thing for thing in named[1] if thing in avoided]
    if len(things) == 1:
        return things[0]
    raise InputError(
        f"no rule of {kind} is on {name!r}, so it cannot be changed",
        f"there are rules on: {', '.join(avoided)}",
    )


def with_overrides(
    treatment: "Treatment",
    overrides: "tuple[Override, ...]",
    rules: "Rulebook",
    *,
    shorter_on_purpose: bool,
) -> "Treatment":
    """Return the treatment with these overrides, those that shorten marked as meant.

    Raises `InputError` for one that is shorter than the rules ask of this very treatment,
    conditions included, when that was not said to be on purpose.
    """
    asked = {r.thing: r for r in plan(treatment.replace(overrides=()), rules).restrictions}
    marked = [o.replace(shorter_on_purpose=True) for o in overrides]
    meant = plan(treatment.replace(overrides=tuple(marked)), rules).restrictions
    shorter = {r.thing for r in meant if r.ends < asked[r.thing].ends}
    for override in overrides:
        if override.thing in shorter and not shorter_on_purpose:
            rule = asked[override.thing]
            raise InputError(
                f"{override.thing}={override.span} is shorter than these rules ask "
                f"({rule.rule.span}, by {rule.decided_by})",
                "if that is meant: --shorter-on-purpose",
            )
    kept = [o.replace(shorter_on_purpose=o.thing in shorter) for o in overrides]
    return treatment.replace(overrides=tuple(kept))


def corrected(
    treatment: "Treatment",
    texts: "Sequence[str]",
    because: "Sequence[str]",
    rules: "Rulebook",
    *,
    shorter_on_purpose: bool,
) -> "Treatment":
    """Return the treatment with overrides added, changed, or (``THING=``) taken away."""
    dropped = [text.rstrip("= ") for text in texts if text.rstrip().endswith("=")]
    gone = {ruled_thing(name.strip(), rules, treatment.kind) for name in dropped}
    kept = {o.thing: o for o in treatment.overrides}
    for thing in gone:
        if kept.pop(thing, None) is None:
            raise InputError(f"{thing!r} is not overridden", "see aftercare history")
    given = [text for text in texts if not text.rstrip().endswith("=")]
    new = read_overrides(given, because, rules, treatment.kind)
    new = with_overrides(treatment, new, rules, shorter_on_purpose=shorter_on_purpose).overrides
    return treatment.replace(overrides=(*{**kept, **{o.thing: o for o in new}}.values(),))
