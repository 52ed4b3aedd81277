"""How a name goes on that is half typed."""

from aftercare.core.names import Lexicon, normalise, squashed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def continuations(
    word: str, before: "Sequence[str]", lexicon: Lexicon, most: int
) -> "list[tuple[str, str]]":
    """Return what a word of an item may be, each with its thing's title, best first.

    All words of an item are one name, so it may be the rest of a name that words before it
    began. A word begins as it was typed, also where the name is written otherwise. Ids and
    titles of things come before other names, short ones before long ones.
    """
    titles = {id: lexicon.thing(id).title for id in lexicon}
    begun = " ".join(before)
    *whole, last = f"{begun} {word}".split() or [""]
    if not squashed(f"{begun}{word}"):
        return list(titles.items())[:most] if not begun + word else []
    # The last word may be half typed, and then it is no plural.
    keys = {normalise(" ".join(whole)) + squashed(last), normalise(" ".join([*whole, last]))}
    found: dict[str, tuple[bool, str, str]] = {}
    for id, title in titles.items():
        if not begun and id.startswith(word.casefold()):
            found[squashed(id)] = (False, word + id[len(word) :], title)
    for key in sorted(keys):
        for name, ids in lexicon.beginning(key):
            rest = _next_words(name, begun)
            continued = rest and _continued(word, rest)
            if continued:
                title = titles.get(ids[0], "")
                remark = "" if title == name else title
                found.setdefault(squashed(continued), (remark != "", continued, remark))
    ranked = sorted(found.values(), key=lambda offer: (offer[0], len(offer[1])))
    return [(continued, remark) for _, continued, remark in ranked[:most]]


def _next_words(name: str, before: str) -> str:
    """What follows the words before in a name; empty when it does not go on with them."""
    rest = _rest(name, before)
    if not before:
        return name
    return rest.lstrip(" -") if rest and rest[0] in " -" else ""


def _continued(typed: str, name: str) -> str:
    """What was typed with the rest of a name behind it; empty when it begins otherwise."""
    rest = _rest(name, typed)
    if rest is None:
        return ""
    return typed + (rest.lstrip(" -") if typed[-1:] in (" ", "-") else rest)


def _rest(name: str, typed: str) -> "str | None":
    """What is left of a name behind what was typed of it; None when it begins otherwise."""
    wanted = squashed(typed)
    for position, character in enumerate(name):
        if not wanted:
            return name[position:]
        letters = squashed(character)
        if not wanted.startswith(letters):
            return None
        wanted = wanted[len(letters) :]
    return None if wanted else ""
