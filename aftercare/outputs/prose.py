"""Text for terminals that show only ASCII, and for voices, without Rich."""

from aftercare.outputs.phrases import ascii_only, ascii_punctuation, spoken
from aftercare.outputs.wrapping import wrap


def typed(text: str, *, plain: bool, words: bool) -> str:
    """Return text as it may be shown: `plain` in ASCII alone, `words` as it is read out."""
    if words:
        text = spoken(ascii_punctuation(text))
    return ascii_only(text) if plain else text


def sentence(text: str) -> str:
    """Return text that ends, so that a voice pauses after it."""
    return text if text.endswith((".", "!", "?", ":", ";", ",")) or "://" in text else f"{text}."


def prose(text: str, width: int, *, plain: bool, words: bool) -> "list[str]":
    """Return unwrapped lines as they may be shown, wrapped, each with its own indent.

    With `words` there is neither indent nor bullet.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        bare = typed(line.lstrip(), plain=plain, words=words)
        indent, hang = len(line) - len(line.lstrip()), 2 if bare.startswith("- ") else 0
        if words and bare:
            bare, indent, hang = sentence(bare.removeprefix("- ")), 0, 0
        lines += wrap(
            bare, max(width, 20), " " * indent, " " * (indent + hang), whole="://" in bare
        ) or [""]
    return lines
