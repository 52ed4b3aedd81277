"""What a shell is told when TAB is pressed. Never an error, never a change of anything.

The shell's function (``aftercare completion bash``) hands the words over in the environment and
gets lines: first what to do with the rest (`WORDS`, `NO_SPACE`, `FILES`), then a word each, with
a remark behind a tab where the shell shows those. Plain command lines are answered without the
framework; it answers the others, by the same functions.
"""

import os
import sys

from aftercare.cli import offers
from aftercare.cli.offers import SHELLS, Typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Offer = Callable[[Typed], list[tuple[str, str]]]

#: Says which shell asks: ``complete_bash``.
VARIABLE = "_AFTERCARE_COMPLETE"

#: The words behind the program's name, the one in question last, as the shell has them.
LINE = "_AFTERCARE_WORDS"
SEPARATOR = "\x1f"

#: The first line of an answer: the words follow; they want no space behind; ask for files.
WORDS, NO_SPACE, FILES = "words", "nospace", "files"

#: Commands that take one kind of argument: what it may be, and how many there are.
ARGUMENTS: "dict[tuple[str, ...], tuple[Offer, int]]" = {
    ("can-i",): (offers.items, 99),
    ("what-is",): (offers.items, 99),
    ("rules", "show"): (offers.things, 99),
    ("rules", "explain"): (offers.codes, 1),
    ("forget",): (offers.numbers, 1),
    ("correct",): (offers.numbers, 1),
    ("replan",): (offers.numbers, 1),
    ("shelf", "remove"): (offers.products, 1),
}

_PERSON: "dict[str, Offer]" = {"--person": offers.people}
_TREATMENT: "dict[str, Offer]" = {**_PERSON, "--treatment": offers.kinds, "--fact": offers.facts}

#: Commands and those of their options whose values are known.
OPTIONS: "dict[tuple[str, ...], dict[str, Offer]]" = {
    ("plan",): {**_TREATMENT, "--override": offers.overrides},
    ("can-i",): _TREATMENT,
    ("page",): _TREATMENT,
    ("now",): _PERSON,
    ("timeline",): _PERSON,
    ("label",): _PERSON,
    ("history",): _PERSON,
    ("calendar",): _PERSON,
    ("me",): _PERSON,
    ("shelf", "list"): _PERSON,
    ("remind", "list"): _PERSON,
}

PLAIN = {*ARGUMENTS, *OPTIONS}


def complete() -> None:
    """Print what the shell asks for; nothing at all when anything is wrong."""
    try:
        text = answer(os.environ[VARIABLE], os.environ.get(LINE, ""))
        sys.stdout.writelines(line for line in text.splitlines(keepends=True) if _can_show(line))
        sys.stdout.flush()
    except Exception:  # noqa: S110 - a person is in the middle of typing
        pass


def answer(instruction: str, line: str, *, door: bool = True) -> str:
    """Return the lines for a shell; without `door` every command line goes the ordinary way."""
    shell = instruction.removeprefix("complete_")
    if shell not in SHELLS or shell == instruction:
        return ""
    words, quote, joined = line.split(SEPARATOR), "", False
    if shell == "bash":
        words, joined = _joined(words)
        quote = _unquoted(words[-1])[1]
        words = [_unquoted(word)[0] for word in words]
    *before, word = words
    # What the shell takes for the beginning of the word, and wants back with it.
    ahead = ""
    if word.startswith("--") and "=" in word:
        option, _, word = word.partition("=")
        before.append(option)
        ahead = f"{option}="
    found = plain(before, word) if door else None
    if found is None:
        from aftercare.cli.main import offered

        found = offered(before, word)
    if any(remark == offers.FILES for _, remark in found):
        return f"{FILES}\n"
    known = [(ahead + value, _clean(remark)) for value, remark in found if value.isprintable()]
    lines = [NO_SPACE if any(value.endswith("=") for value, _ in known) else WORDS]
    for value, remark in known:
        if shell == "bash":
            lines.append(_quoted(value[word.rindex("=") + 1 :] if joined else value, quote))
        else:
            lines.append(f"{value}\t{remark}" if remark else value)
    return "\n".join([*lines, ""])


def plain(before: "Sequence[str]", word: str) -> "list[tuple[str, str]] | None":
    """What can follow on a plain command line; None for any other, which the framework reads."""
    size = 2 if tuple(before[:2]) in PLAIN else 1
    path, rest = tuple(before[:size]), before[size:]
    if path not in PLAIN or word[:1] in ("-", "="):
        return None
    if any(w == "--" or w.startswith("--rules") for w in rest):
        return None
    offer = OPTIONS.get(path, {}).get(rest[-1]) if rest else None
    if offer is not None:
        return offer(Typed(word))
    argument, most = ARGUMENTS.get(path, (None, 0))
    if argument is None or len(rest) >= most or any(w[:1] == "-" for w in rest):
        return None
    return argument(Typed(word, rest))


def _can_show(line: str) -> bool:
    """Whether stdout has all its characters: a name with one left out would be another name."""
    try:
        line.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _clean(remark: str) -> str:
    if remark.isprintable():
        return remark
    from aftercare.outputs.phrases import clean

    return clean(remark)


def _joined(words: "Sequence[str]") -> "tuple[list[str], bool]":
    """Words as they were typed, and whether the last was joined: bash parts them at each ``=``.

    An option and its value stay apart.
    """
    made: list[str] = []
    glue = False
    for position, word in enumerate(words):
        last = position == len(words) - 1
        if word == "=" and made and made[-1].startswith("--"):
            if last:
                made.append("")
        elif word == "=" and made and not glue:
            made[-1] += word
            glue = True
        elif glue:
            made[-1] += word
            glue = last
        else:
            made.append(word)
    return made, glue


def _unquoted(word: str) -> "tuple[str, str]":
    """A word of bash's without its quotes and backslashes; the quote that is still open."""
    made, quote, escaped = [], "", False
    for character in word:
        if escaped:
            if quote and character not in '"\\$`':
                made.append("\\")
            made.append(character)
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif character in "'\"" and quote in ("", character):
            quote = "" if quote else character
        else:
            made.append(character)
    return "".join(made), quote


def _quoted(word: str, quote: str) -> str:
    """A word as it is typed in bash, one word; within the quote that is open, if one is."""
    if quote == "'":
        return word.replace("'", "'\\''")
    unsafe = '"\\$`' if quote else _UNSAFE
    return "".join([f"\\{c}" if c in unsafe else c for c in word])


_UNSAFE = " !\"#$&'()*;<>?[\\]^`{|}~"
