"""Lines no longer than a width.

As `textwrap.wrap` makes them where it does not break at hyphens, which a test holds. It is not
used itself: the patterns it compiles for hyphens take a fiftieth of the time of an answer.
"""

#: What stands for a space besides the space; the no-break space is none.
_BLANK = str.maketrans("\t\n\x0b\x0c\r", "     ")


def wrap(
    text: str, width: int, first: str = "", others: str = "", *, whole: bool = False
) -> "list[str]":
    """Break a text at its spaces into lines of at most `width` columns, none for an empty one.

    `first` stands before the first line and `others` before all others. A word that is longer
    than a line is broken, unless `whole` is set.
    """
    lines: list[str] = []
    line, indent, begun, gap = first, len(first), False, ""
    for word in text.translate(_BLANK).split(" "):
        rest = word
        while rest:
            before = gap if begun else ""
            room = width - len(line) - len(before)
            fits = len(rest)
            if fits > room and (begun or not whole):
                # A word that no line can hold fills what is left of this one.
                breaks = not whole and fits > width - indent
                fits = max(room, 0 if begun else 1) if breaks else 0
            if fits:
                line += before + rest[:fits]
                begun = True
            rest = rest[fits:]
            if rest:
                lines.append(line)
                line, indent, begun = others, len(others), False
        gap = f" {'' if word else gap}"
    return [*lines, line] if begun else lines
