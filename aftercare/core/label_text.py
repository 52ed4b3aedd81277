"""A label's text cut into chunks: one for each ingredient, as far as the separators tell.

Knows nothing of names; only of punctuation, headings, and the words of sentences and claims.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from aftercare.core.names import words
from aftercare.core.value import Row

#: Names of foods, which stand on labels too: alone they make no list of a cosmetic.
EVERYDAY = frozenset(
    normal
    for line in (
        "water milk honey sugar salt tea coffee lemon orange apple banana butter egg eggs flour",
        "cocoa chocolate rice oat oats wheat soy soya starch cream yogurt kefir whey yeast vanilla",
        "lavender rose mint peppermint bergamot sandalwood jasmine cinnamon ginger garlic lime",
        "caramel gelatin pectin agar glucose fructose sucrose lactose dextrose maltodextrin",
        "vinegar wine beer alcohol coconut almond olive avocado cucumber carrot tomato strawberry",
        "blueberry raspberry grape pomegranate pineapple mango papaya lecithin vitamins collagen",
        "eau wasser agua acqua woda lait milch leche latte miel honig zucker azúcar sucre sel",
        "aroma flavor flavour caffeine iron calcium zinc magnesium gold silver",
        "palmoil oliveoil sunfloweroil coconutoil rapeseedoil soybeanoil vegetableoil greentea",
        "blacktea soylecithin soyalecithin sunflowerlecithin lemonjuice bakingsoda seasalt",
        "cocoabutter cornstarch wheatstarch xanthangum guargum sodiumbicarbonate naturalflavor",
        "citricacid ascorbicacid malicacid lacticacid tartaricacid vitaminc",
    )
    for normal in words(line)
)

# The letters before the cut stay in the text, so that what is returned stands in it.
_CUT = re.compile(
    r"[;•●·|\t‧∙⋅✓™®=\"»«†‡※、。!?:]|,(?!\s?\d)|(?<!\d),|\.(?!\d)|(?<!\d)\.|\s[-\u2010-\u2015]+\s"
    r"|\*+|\n"
)
_ENDS = frozenset(".!?")
_COMMAS = frozenset(",;•")
_LISTED_LINE = re.compile(r"[;•]|,(?!\d)")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_TAG = re.compile(r"<(/?[A-Za-z]{1,10})(?:\s[^<>]{0,200})?/?>")
_BLOCKS = ("br", "p", "li", "div", "ul", "ol", "td", "tr", "h1", "h2", "h3", "h4")
_ESCAPES = re.compile(r"&nbsp;?|&#160;|&amp;|\\[nrt]")
_INVISIBLE = ("Cc", "Cf", "Co", "Cs")

#: So many names in one chunk are a list without separators.
MANY = 4

#: A word with which a name ends that is one substance, whatever it is made of.
#: The bacteria of lactic acid are another thing than the acid, too.
POLYMER = re.compile(r"\w*(?:ly|li)mer[eo]?s?\W*$|bacteri(?:a|um)\W*$", re.IGNORECASE)
_GOES_ON = ("/", "-", "(", "&")

#: What begins an ingredient list, and what begins something else.
_HEADING = re.compile(
    r"\b(?P<key>(?:key|hero|star|main|featured|notable|highlighted|principaux|hauptwirkstoffe?"
    r"|principales|principais)\s+)?"
    r"(?:(?P<active>active\s+ingredients?|principios?\s+activos?|princ[ií]pios?\s+ativos?"
    r"|principes?\s+actifs?|substances?\s+actives?|wirkstoffe?|principi(?:o|i)\s+attiv[oi])"
    r"|(?:other\s+|full\s+|inactive\s+)*(?:ingr[ée]dients?|ingredi(?:en(?:tes|ti|ten|ts?|ser)"
    r"|ënten)|inhaltsstoffe|zutaten|bestandteile|excip(?:ients?|ientes?|ienti)|hilfsstoffe"
    r"|sk[łl]ad(?:niki)?|composici[oó]n|composition|composizione|composi[cç][aã]o"
    r"|ainesosat|innehåll|indhold|innhold|състав|состав|inci"
    r"|(?P<more>may\s+contain|peut\s+contenir|kann\s+enthalten|puede\s+contener"
    r"|può\s+contenere|pode\s+conter|może\s+zawierać)))\b"
    r"(?P<after>\s+(?:cl[ée]s?|claves?|chiave|chaves?|principa(?:les|li|is|ux)))?"
    r"(?:\s*\([^()\n]{0,30}\)|\s+list)?(?P<mark>\s*(?::|\n|-\s))?",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:directions?|how to use|usage|warnings?|cautions?|uses?|other information|purpose"
    r"|storage|questions|mode d'emploi|anwendung|modo de (?:uso|empleo)|key benefits|benefits"
    r"|free (?:of|from))\b\s*[:\n]",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(
    r"(?:\.\.\.|\b(?:read|see|show|view|load)\s+(?:more|all|full\s+list)|mehr anzeigen|voir plus)"
    r"\W*$",
    re.IGNORECASE,
)
_STRENGTH_AFTER = re.compile(
    r"^[\s,:(\[]*(?:usp|ph\.? ?eur\.?|bp)?[\s,:(\[.]*(?!0+\s?%)(\d+(?:[.,]\d+)?)\s?"
    r"(?:%|mg\b|mcg\b|µg\b|iu\b|percent\b)",
    re.IGNORECASE,
)
_STRENGTH_BEFORE = re.compile(
    r"(?<![\d.,])(?!0+\s?%)\d+(?:[.,]\d+)?\s?(?:%|mg|mcg|µg|iu|percent)\s+(?:\w{1,3}\s+)?\W?$",
    re.IGNORECASE,
)
_NOTHING_OF = re.compile(r"(?<![\d.,])0\s?%\s+$")

_FUNCTION = frozenset(
    w
    for language in (
        "the with your for this that our you are is was will helps help their from while who",
        "which can may not been has have its it to leaves leaving makes into over use using used",
        "apply avoid keep store do does than then when if or by on at we my i more",
        "avec pour votre vous cette est une les des dans sur qui sans peau",
        "mit und fur ihre die das ist eine auf von zu der den haut wird ohne",
        "con para su piel una los las que del por es sin tu",
        "per la pelle che una con il gli alla dei senza",
        "com para sua pele uma os que sem dos",
    )
    for w in words(language)
) - {"und"}
_FILLERS = frozenset(
    words("and und et y e i oraz och en og ja w v mg g ml kg iu usp nano org organic bio vegan a")
)

# Words that take the next name away, and those that do so only with a little word behind them.
_REPLACING = frozenset(words("alternative alternativa substitute replacement"))
_DENY = (
    frozenset(
        words(
            "no not without sans ohne sin senza sem zonder bez geen kein keine keinen keiner"
            " pas nie"
        )
    )
    | _REPLACING
    | frozenset(words("uden utan unlike instead than"))
)
_DENY_WITH = {"free": {"of", "from"}, "frei": {"von"}, "libre": {"de"}, "exempt": {"de"}}
_DENY_WITH |= {"privo": {"di"}, "livre": {"de"}, "vrij": {"van"}, "wolny": {"od"}, "like": set()}
_DENY_AFTER = frozenset(
    words("free frei alternative alternativen substitute replacement like dupe libre vrij")
)
_OR = frozenset(words("or nor and ni oder und o y e ou et i lub"))
_PASSED = frozenset(
    words("of from de du des di del da von any all to the our au al ao zu added harsh synthetic")
) | frozenset(words("contain contains contient contiene contém enthält zawiera bevat using with"))
_DENIALS = _DENY | _DENY_WITH.keys() | _DENY_AFTER | {"non", "0"}
_CONTAINS = frozenset(
    words("contains enthält contient contiene contém zawiera bevat innehåller indeholder")
)


class Token(Row):
    """A word of a chunk: folded, and where it stands in the chunk, half-open."""

    key: str
    start: int
    end: int


class Chunk(Row):
    """What stands between two separators, from `start` on; `before` are those on its left.

    `section` is "list" or "active" below such a heading, "key" below one that praises a few,
    else "open".
    """

    text: str
    start: int
    before: str
    section: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def begins_sentence(self) -> bool:
        """Whether the separator on its left ends a sentence."""
        if not _ENDS.isdisjoint(self.before):
            return True
        return "\n" in self.before and _COMMAS.isdisjoint(self.before)


def readable(text: str) -> str:
    """Return the text with compatible letters made plain, and invisible ones and tags gone."""
    text = unicodedata.normalize("NFKC", text)
    if "<" in text:
        text = _TAG.sub(lambda m: "\n" if m[1].strip("/").lower() in _BLOCKS else " ", text)
    if "&" in text or "\\" in text:
        text = _ESCAPES.sub(
            lambda m: "&" if m[0] == "&amp;" else "\n" if m[0] == "\\n" else " ", text
        )
    if text.isprintable():
        return text
    odd = {c for c in set(text) if c not in "\n\t" and unicodedata.category(c) in _INVISIBLE}
    return text.translate(dict.fromkeys(map(ord, odd), " "))


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    return "".join(words(word))  # the same words stand on label after label


def tokens_of(text: str) -> "list[Token]":
    """Return the words of a chunk."""
    return [Token(_folded(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def chunks(text: str) -> "list[Chunk]":
    """Cut `readable` text into chunks, in their order."""
    found: list[Chunk] = []
    wraps = _wraps(text) if "\n" in text else frozenset()
    for begins, end, section in _sections(text):
        before = "\n"
        for cut in [*_CUT.finditer(text, begins, end), None]:
            stop = end if cut is None else cut.start()
            if stop in wraps and cut:
                continue
            piece = text[begins:stop].strip()
            if piece and (piece[0].isalnum() or any(map(str.isalnum, piece))):
                start = begins if text[begins] == piece[0] else text.index(piece[0], begins)
                found.append(Chunk(piece, start, before, section))
                before = ""
            if cut:
                before = (before + (cut[0].strip(" ") or "-"))[-9:]
                begins = cut.end()
    return found


def _wraps(text: str) -> "frozenset[int]":
    """The line breaks that part nothing: those in a list that has other separators."""
    lines = text.split("\n")
    listed = [_LISTED_LINE.search(line) is not None for line in lines]
    found = []
    position = -1
    for n, (line, following) in enumerate(pairwise(lines)):
        position += len(line) + 1
        amidst = any(listed[max(0, n - 2) : n + 1]) and any(listed[n + 1 : n + 4])
        short = listed[n + 1] or len(following.split()) <= 3
        wraps = (listed[n] and short) or amidst or line.rstrip()[-1:] in _GOES_ON
        if (wraps and following.strip()) or POLYMER.match(following.split(" ")[0]):
            found.append(position)
    return frozenset(found)


def _sections(text: str) -> "list[tuple[int, int, str]]":
    """The sections, half-open, with their kinds; the headings of lists are in none."""
    heads = [(0, 0, "open")]
    for match in _HEADING.finditer(text):
        start = match.start()
        ahead = text[max(0, start - 9) : start].rstrip(" ")
        if match["more"]:
            heads.append((start, match.end(), ""))
            continue
        if not (match["mark"] or not ahead or ahead[-1] in "\n.;:!" or text[start] in "AI"):
            continue  # a word of a sentence
        kind = "key" if match["key"] or match["after"] else "active" if match["active"] else "list"
        heads.append((start, match.end(), kind))
    heads += [(match.start(), match.start(), "open") for match in _OTHER.finditer(text)]
    heads.sort()
    ends = [start for start, _, _ in heads[1:]] + [len(text)]
    found = []
    current = "open"
    for (_, begin, kind), end in zip(heads, ends, strict=True):
        current = kind or current  # "may contain" goes on with what stands before it
        found.append((begin, max(begin, end), current))
    return found


def cut_off(text: str) -> bool:
    """Whether a text says that it goes on elsewhere: what it does not show may be anything."""
    return _CUT_OFF.search(text[-60:]) is not None


def is_filler(key: str) -> bool:
    """Whether a word names nothing: a number, a unit, an "and"."""
    return key in _FILLERS or key.isdecimal()


def is_little(key: str) -> bool:
    """Whether a word is one of sentences or claims, which is no misprint of a name's."""
    return key in _FUNCTION or key in _DENIALS or key in _PASSED or key in _FILLERS


def says_a_sentence(keys: "list[str]", names: int) -> bool:
    """Whether words are those of a sentence that no name accounts for, beside so many names."""
    if names >= MANY and names * 2 > len(keys):
        return False  # a list without separators, and a claim that runs into it
    function = sum(key in _FUNCTION for key in keys)
    return function >= 2 or (function == 1 and len(keys) >= 3) or len(keys) >= 12


def leads_on(keys: "list[str]") -> bool:
    """Whether any of these words is one that a list has no use for: "with", "for"."""
    return not _FUNCTION.isdisjoint(keys)


def has_strength(text: str, start: int, end: int) -> bool:
    """Whether an amount above nought stands beside the name at these positions."""
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    if after[:1] == "%" and text[end - 1].isdecimal():
        return True  # "salicylic acid 2" is a name itself
    return bool(_STRENGTH_AFTER.match(after) or _STRENGTH_BEFORE.search(before))


def contained(tokens: "list[Token]", first: int) -> bool:
    """Whether a sentence says that a product contains what begins at a token."""
    return any(token.key in _CONTAINS for token in tokens[max(0, first - 4) : first])


def may_deny(tokens: "list[Token]") -> bool:
    """Whether a chunk holds any word that could take a name away; most do not."""
    return any(token.key in _DENIALS for token in tokens)


def denied(text: str, tokens: "list[Token]", known: "list[bool]", first: int, last: int) -> bool:
    """Whether the name of these tokens is denied: "free of retinoids", "retinol alternative".

    `known` tells of each token whether it is part of a name: a denial that has its object
    already ("without perfume") goes no further, unless an "or" leads on.
    """
    if last + 1 < len(tokens) and tokens[last + 1].key in _DENY_AFTER:
        between = text[tokens[last].end : tokens[last + 1].start]
        following = tokens[last + 2].key if last + 2 < len(tokens) else ""
        if between in ("-", " ") and following not in ("of", "from", "von", "de"):
            return True
    if _NOTHING_OF.search(text[: tokens[first].start][-8:]):
        return True
    at = first - 1
    led_on = False
    while at >= max(0, first - 12):
        key, after = tokens[at].key, tokens[at + 1].key
        if _takes_away(key, after) or (key == "non" and (at == first - 1 or after in _CONTAINS)):
            return True
        at -= 1
        if key in _OR:
            led_on = True
        elif key not in _PASSED:
            if at >= 0 and tokens[at].key in _REPLACING:
                continue  # "alternative végétale au rétinol"
            if not led_on:
                return False
            led_on = False
            while at >= 0 and known[at] and known[at + 1]:
                at -= 1  # the rest of that name
    return False


def _takes_away(key: str, after: str) -> bool:
    return key in _DENY or (key in _DENY_WITH and (after in _DENY_WITH[key] or key == "like"))


def begins_denial(tokens: "list[Token]", mark: str) -> bool:
    """Whether a chunk begins an enumeration of what is not in it: "free of: …", "without a, b"."""
    keys = [token.key for token in tokens[:12]]
    for one, other in zip(keys, [*keys[1:], ""], strict=True):
        if one in _DENY_WITH and other in _DENY_WITH[one]:
            return mark != ":" or keys[-1] == other
        if one in ("without", "ohne") or (one in ("not", "no") and "contain" in keys):
            return mark != ":" or keys[-1] in (one, "contain")
    return False
