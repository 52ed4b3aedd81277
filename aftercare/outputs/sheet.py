"""Lines of styled text for a terminal of any width: headings, paragraphs, columns.

Every text that comes from outside passes through `clean`; nothing is read as markup.
"""

from rich.text import Text

from aftercare.outputs.phrases import clean
from aftercare.outputs.prose import sentence, typed
from aftercare.outputs.wrapping import wrap

#: Narrower than this, columns are stacked under each other.
NARROW = 64


class Sheet:
    """Collects lines for `width` columns. `plain` avoids all but ASCII.

    `words` is for screen readers: sentences with the punctuation of a keyboard, without
    columns, indents, bullets or pictures.
    """

    def __init__(self, width: int, *, plain: bool = False, words: bool = False) -> None:
        self.width = max(width, 20)
        self.plain = plain
        self.words = words
        self.lines: list[Text] = []

    @property
    def narrow(self) -> bool:
        return self.words or self.width < NARROW

    def heading(self, text: str) -> None:
        if self.lines:
            self.blank()
        self.paragraph(text, style="bold")

    def blank(self) -> None:
        self.lines.append(Text())

    def paragraph(
        self, text: str, *, indent: int = 0, hang: int = 0, style: str = "", whole: bool = False
    ) -> None:
        """Add wrapped text; `hang` indents all lines but the first. `whole` never breaks words."""
        text = self._typed(clean(text))
        if self.words:
            indent = hang = 0
            text = sentence(text)
        for line in wrap(text, self.width, " " * indent, " " * (indent + hang), whole=whole):
            self.lines.append(Text(line, style=style))

    def bullet(self, text: str, *, style: str = "") -> None:
        self.paragraph(text if self.words else f"- {text}", indent=2, hang=2, style=style)

    def columns(
        self, cells: "list[tuple[str, str]]", widths: "list[int]", *, indent: int = 0
    ) -> None:
        """Add one row of (text, style) cells, each wrapped to its width; the last is the rest."""
        gap = 2
        widths = [*widths, self.width - indent - sum(widths) - gap * len(widths)]
        wrapped = [
            wrap(self._typed(clean(text)), size) or [""]
            for (text, _), size in zip(cells, widths, strict=True)
        ]
        for row in range(max(map(len, wrapped))):
            line = Text(" " * indent)
            for (_, style), lines, size in zip(cells, wrapped, widths, strict=True):
                part = lines[row] if row < len(lines) else ""
                line.append(part.ljust(size + gap), style=style)
            line.rstrip()
            self.lines.append(line)

    def row(self, text: Text) -> None:
        self.lines.append(text)

    def _typed(self, text: str) -> str:
        return typed(text, plain=self.plain, words=self.words)
