"""Every form of a day, ``yesterday``, ``3 days ago``, ``last sat`` or a date, and who reads it."""

import re

from aftercare.errors import TimeError
from aftercare.when.dates import Days, around, named_day, numeric_day, weekday_number
from aftercare.when.lengths import days_and_seconds
from aftercare.when.scene import RELATIVE, Scene, quoted, shown
from aftercare.when.tokens import Token, kinds_of, refuse_leftover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def days_from(tokens: list[Token], scene: Scene) -> Days:
    read = day_form(tokens)
    if read is None:
        refuse_leftover(tokens, scene)
    return read(tokens, scene)


def day_form(tokens: list[Token]) -> "Callable[[list[Token], Scene], Days] | None":
    kinds = kinds_of(tokens)
    return next((read for form, read in _DAY_FORMS if re.fullmatch(form, kinds)), None)


def any_day(scene: Scene) -> Days:
    side = -1 if scene.past else 1
    return Days(tuple(around(scene.today, side * n) for n in range(3)), side, "day")


def _relative_day(tokens: list[Token], scene: Scene) -> Days:
    return Days((around(scene.today, RELATIVE[tokens[0].text]),))


def _counted_day(tokens: list[Token], scene: Scene) -> Days:
    days, _ = days_and_seconds(tokens[0], scene)
    if not days:
        raise TimeError(
            f"{quoted(scene.text)} has two times", f"keep one: {tokens[0].text}, or 14:00"
        )
    return Days((around(scene.today, days),))


def _weekday(tokens: list[Token], scene: Scene) -> Days:
    weekday = weekday_number(tokens[-1])
    back = (scene.today.weekday() - weekday) % 7
    latest, coming = around(scene.today, -back), around(scene.today, -back % 7)
    which = next((token.text for token in tokens if token.kind == "L"), "")
    if not which:
        near, side = (latest, -1) if scene.past else (coming, 1)
        unsaid = "" if back else tokens[-1].text
        return Days((near, around(near, 7 * side)), side, unsaid)
    if which == "this" or not back:
        earlier = around(latest, -7) if which == "last" else latest
        later = latest if which == "last" else around(earlier, 7)
        raise TimeError(
            f"{quoted(scene.text)} could be {shown(earlier)} or {shown(later)}",
            f"write {earlier} or {later}",
        )
    return Days((latest if which == "last" else coming,), unsaid=f"{which} {tokens[-1].text}")


#: The kinds of tokens, in order, that make a day, and who reads them.
_DAY_FORMS: "tuple[tuple[str, Callable[[list[Token], Scene], Days]], ...]" = (
    ("R", _relative_day),
    ("H", _counted_day),
    ("P?L?W", _weekday),
    ("P?(WK?)?D(K?W)?", numeric_day),
    ("P?(WK?)?F?(?=[NEYFK]*M)[MNEYFK]*[MNEY](K?W)?", named_day),
)
