"""A label's text cut into pieces: one for each ingredient, as far as the separators tell.

Knows nothing of names; only of punctuation, headings, sentences and claims.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from aftercare.core.names import words
from aftercare.core.value import Value

#: What begins an ingredient list, and what begins something else after it.
_HEADING = re.compile(
    r"\b(?:(?P<active>active\s+ingredients?|principios?\s+activos?|principes?\s+actifs?"
    r"|wirkstoffe?|principi\s+attivi)|(?:in(?:active)\s+)?ingredient(?:s|es|i|is|en|er)?(?:\s+list)?"
    r"|ingr[ée]dients?|inhaltsstoffe|zutaten|bestandteile|ingredi[eë]nten|sk[łl]ad(?:niki)?"
    r"|composici[oó]n|composition|composizione|composi[cç][aã]o|inci)\b\s*(?:\(inci\)\s*)?[:\-\u2013]",
    re.IGNORECASE,
)
_END = re.compile(
    r"\b(?:directions?|how to use|usage|warnings?|cautions?|uses?|other information|purpose"
    r"|storage|made in|distributed by|questions|mode d'emploi|anwendung|modo de (?:uso|empleo)"
    r"|key benefits|benefits)\b\s*[:\n]",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_STRENGTH = re.compile(r"\s*[(\[]?\s*\d+(?:[.,]\d+)?\s*%")

# Between two tokens these part two ingredients; a comma or a point between digits does not.
_PARTING = frozenset(',;:•·●|*\t•‧∙✓®™()[]{}<>/\\"=»«†‡※、。')
_SENTENCE = frozenset(
    w
    for language in (
        "the with your for this that our you are is was will helps help our their from while who",
        "which can may not been has have its it to leaves leaving makes skin's into over",
        "avec pour votre vous cette est une les des dans sur qui sans peau",
        "mit und fur ihre die das ist eine auf von zu der den haut wird ohne",
        "con para su piel una los las que del por es sin tu",
        "per la pelle che una con il gli alla dei senza",
        "com para sua pele uma os que sem dos",
    )
    for w in words(language)
)
_INVISIBLE = ("Cc", "Cf", "Co", "Cs")
_TAKEN_AWAY = re.compile(
    r"(?:\b(?:no|not|non|without|free\s+(?:of|from)|sans|ohne|frei\s+von|sin|senza|sem|zonder"
    r"|instead\s+of|like|alternative\s+to|substitute\s+for|bez)\s+(?:[\w,]+\s+){0,2}$)",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:no|not|non|without|free|frei|sans|ohne|sin|senza|sem|zonder|bez|instead|like"
    r"|alternatives?|substitutes?|replacements?|dupe)\b",
    re.IGNORECASE,
)
_TAKEN_AWAY_AFTER = re.compile(
    r"^[\s-]*(?:free|frei|alternatives?|substitutes?|replacements?|like|dupe)\b", re.IGNORECASE
)


#: A name that ends so is one substance, whatever it is made of.
POLYMERS = ("copolymer", "crosspolymer", "polymer")


class Token(NamedTuple):
    """A word of the text: folded, and where it stands, half-open. There are many: a tuple."""

    key: str
    start: int
    end: int


class Piece(Value):
    """What stands between two separators: its words, and what kind of text it is part of.

    `prose` pieces are sentences or claims, not items of a list. `strength` is whether a
    percentage stands beside it; `active` whether it follows the heading of a drug's actives.
    """

    tokens: "tuple[Token, ...]"
    prose: bool
    strength: bool
    active: bool


def readable(text: str) -> str:
    """Return the text with compatible letters made plain and invisible ones taken out."""
    text = unicodedata.normalize("NFKC", text)
    if text.isprintable():
        return text
    odd = {c for c in set(text) if c != "\n" and unicodedata.category(c) in _INVISIBLE}
    return text.translate(dict.fromkeys(map(ord, odd), " "))


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    return "".join(words(word))  # the same words stand on label after label


def pieces(text: str) -> "list[Piece]":
    """Cut `readable` text into pieces, in their order."""
    tokens = [
        Token(_folded(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)
    ]
    lines_part = text.count(",") + text.count(";") + text.count("•") < 3
    groups: list[list[Token]] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is None or _parts(text, before, token, lines_part):
            groups.append([])
        groups[-1].append(token)
    groups = _polymers_whole(text, groups)
    begins, ends, active = _list_of(text)
    return [_piece(text, group, begins, ends, active) for group in groups]


def _polymers_whole(text: str, groups: "list[list[Token]]") -> "list[list[Token]]":
    """Join what slashes part when a polymer ends it: its monomers are no ingredients."""
    whole: list[list[Token]] = []
    for group in reversed(groups):
        later = whole[-1] if whole else None
        if (
            later
            and later[-1].key in POLYMERS
            and text[group[-1].end : later[0].start].strip() == "/"
        ):
            whole[-1] = group + later
        else:
            whole.append(group)
    return whole[::-1]


def may_deny(text: str) -> bool:
    """Whether a text holds any word that could take a name away; most do not."""
    return _DENIAL.search(text) is not None


def taken_away(text: str, start: int, end: int) -> bool:
    """Whether a name at these positions is denied: "free of retinoids", "retinol alternative"."""
    before, after = text[max(0, start - 60) : start], text[end : end + 20]
    return bool(_TAKEN_AWAY.search(before) or _TAKEN_AWAY_AFTER.match(after))


def _parts(text: str, one: Token, other: Token, lines_part: bool) -> bool:
    between = text[one.end : other.start]
    if not between or between == " ":
        return False
    digits = text[one.end - 1].isdecimal() and text[other.start].isdecimal()
    if between.strip() in (",", ".", "-", "") and digits:
        return False  # 1,2-Hexanediol, 0.5, CI 77891
    if any(c in _PARTING for c in between):
        return True
    if "\n" in between and (lines_part or between.count("\n") > 1):
        return True
    return ("." in between and between != ".") or " - " in between or " \u2013 " in between


def _list_of(text: str) -> "tuple[int, int, tuple[int, int]]":
    """Where the list begins and ends, and the span that follows a heading of actives."""
    headings = list(_HEADING.finditer(text))
    if not headings:
        return 0, len(text), (0, 0)
    begins = headings[0].end()
    end = _END.search(text, headings[-1].end() + 20)
    active = (0, 0)
    for n, heading in enumerate(headings):
        if heading["active"]:
            following = headings[n + 1].start() if n + 1 < len(headings) else len(text)
            active = (heading.end(), min(following, heading.end() + 300))
            break
    return begins, end.start() if end else len(text), active


def _piece(
    text: str, tokens: "list[Token]", begins: int, ends: int, active: "tuple[int, int]"
) -> Piece:
    start, end = tokens[0].start, tokens[-1].end
    function_words = sum(token.key in _SENTENCE for token in tokens)
    outside = start < begins or start >= ends
    percent = "%" in text[start : end + 14]
    return Piece(
        tuple(tokens),
        outside or function_words >= 2 or len(tokens) > 14,
        percent and bool("%" in text[start : end + 2] or _STRENGTH.match(text[end : end + 14])),
        active[0] <= start < active[1],
    )
