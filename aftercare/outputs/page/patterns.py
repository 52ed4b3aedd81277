"""Python's regular expressions as JavaScript's, so that a pattern is written once."""

_WORD = r"\p{L}\p{N}_"
_SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # str.isspace
_INSIDE = {"w": _WORD, "d": r"\p{Nd}", "s": _SPACE}
_EDGE = f"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_OUTSIDE = {
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}]",
    "d": r"\p{Nd}",
    "s": f"[{_SPACE}]",
    "b": _EDGE,
}
#: What JavaScript lets a backslash stand before, with the flag "u".
_KEPT = frozenset(r"^$\.*+?()[]{}|/ntrux-")
#: Without regard to case, Python takes these for an "i" as well.
_LIKE_I = "\u0130\u0131"


def javascript(pattern: str, *, ignore_case: bool = False) -> str:
    """Return the source of the same pattern for JavaScript, to be used with the flag "u".

    Only what the core's patterns use is known: classes, groups, named groups, looking ahead and
    back.
    """
    out: list[str] = []
    at = 0
    while at < len(pattern):
        rest = pattern[at:]
        if rest.startswith("(?P<"):
            name = rest[4 : rest.index(">")]
            out.append(f"(?<{name}>")
            at += len(name) + 5
        elif rest[0] == "\\":
            out.append(_OUTSIDE.get(rest[1], rest[:2] if rest[1] in _KEPT else rest[1]))
            at += 2
            if rest[1] in "ux":
                length = 4 if rest[1] == "u" else 2
                out.append(pattern[at : at + length])
                at += length
        elif rest[0] == "[":
            text, at = _class(pattern, at, ignore_case)
            out.append(text)
        else:
            letter = rest[0]
            if letter == "$":
                letter = r"(?=\n?(?![\s\S]))"
            elif letter == ".":
                letter = r"[^\n]"
            elif letter in "iI" and ignore_case:
                letter = f"[i{_LIKE_I}]"
            out.append(letter)
            at += 1
    return "".join(out)


def _class(pattern: str, at: int, ignore_case: bool) -> "tuple[str, int]":
    """A class in brackets that begins at `at`, and where it ends."""
    at += 1
    negated = pattern[at] == "^"
    at += negated
    out: list[str] = []
    only_words = False
    while pattern[at] != "]":
        if pattern[at] == "\\":
            letter = pattern[at + 1]
            if letter == "W":
                only_words = True  # [^\W…]: a letter, but none of these
            else:
                out.append(_INSIDE.get(letter, f"\\{letter}" if letter in _KEPT else letter))
            at += 2
        else:
            if ignore_case and (pattern[at] in "iI" or pattern[at : at + 3] == "a-z"):
                out.append(_LIKE_I)
            out.append(f"\\{pattern[at]}" if pattern[at] == "[" else pattern[at])
            at += 1
    inside = "".join(out)
    if only_words:
        return f"(?:(?![{inside}])[{_WORD}])" if inside else f"[{_WORD}]", at + 1
    return f"[{'^' * negated}{inside}]", at + 1
