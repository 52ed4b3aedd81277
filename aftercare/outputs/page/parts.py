"""What is the same on every page: its style, its scripts and the names that it knows.

Small, and made once: packing the names takes a second.
"""

import json
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from aftercare.core.value import Value
from aftercare.outputs.page import packing
from aftercare.outputs.page.readers import KNOWN, MODULES, groups, words
from aftercare.outputs.picture import CSS as PICTURE_CSS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_HERE = Path(__file__).parent

#: The scripts that run at once, in the order in which they stand.
VIEW = ("inflate", "words", "plan", "outlook", "view")

#: The scripts that read names and answer, which travel packed with the names.
READER = ("text", "names", "fuzzy", "recognition", "label_text", "label_names", "label", "verdict",
          "unpack", "more", "ask")  # fmt: skip

STYLES = ("screen", "paper")


class Parts(Value):
    """The parts as they stand in a page. `names` are packed with the script that reads them.

    `policy` allows these scripts and this style, and nothing else: the directives of a
    Content-Security-Policy.
    """

    style: str
    script: str
    policy: str
    names: str = ""


def parts_of(vocabulary: "Mapping[str, Any]") -> Parts:
    """Return the parts of pages that know a vocabulary, as a `Lexicon` is made of."""
    sides = [tuple(vocabulary[side].items()) for side in ("typed", "label")]
    rest = {name: vocabulary[name] for name in ("things", "neutral", "forms")}
    return _parts(json.dumps(rest, ensure_ascii=False, separators=(",", ":")), *sides)


@lru_cache(maxsize=4)
def _parts(rest: str, *sides: "tuple[tuple[str, str | bytes], ...]") -> Parts:
    view = packing.stripped(['"use strict";(()=>{', *map(_js, VIEW), "})();"], "//")
    reader = packing.stripped([*_reader_begins(), *map(_js, READER), "};"], "//")
    screen, paper = map(_css, STYLES)
    style = packing.stripped([screen, PICTURE_CSS, "@media print {", paper, "}"], "/*")
    head = {"code": reader, "words": words(), **json.loads(rest)}
    first = json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    names = packing.pack_well("\n".join([first, *groups(*map(dict, sides))]))
    return Parts(style, view, _policy(style, view, reader), names)


@lru_cache(maxsize=1)
def sheet_parts() -> Parts:
    """Return the parts of what is printed: it has no search, and opens the printer."""
    style, script = packing.stripped([_css("paper")], "/*"), "print();"
    return Parts(style, script, _policy(style, script))


def made_from() -> "list[bytes]":
    """The content, beside the vocabulary, that the parts are made of."""
    core = _HERE.parent.parent / "core"
    files = [core / f"{module}.py" for module in MODULES]
    files += [_HERE / "js" / f"{name}.js" for name in (*VIEW, *READER)]
    files += [_HERE / f"{name}.css" for name in STYLES]
    files += [_HERE / f"{name}.py" for name in ("packing", "parts", "patterns", "readers")]
    return [PICTURE_CSS.encode(), *[file.read_bytes() for file in files]]


def _reader_begins() -> "list[str]":
    known = ", ".join(KNOWN)
    return [
        '"use strict";globalThis.aftercareReaders=(element)=>{',
        f"let {known};",
        f"function setWords(known) {{ ({{ {known} }} = known); }}",
    ]


def _js(name: str) -> str:
    return (_HERE / "js" / f"{name}.js").read_text("utf-8")


def _css(name: str) -> str:
    return (_HERE / f"{name}.css").read_text("utf-8")


def _policy(style: str, *scripts: str) -> str:
    def digest(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {' '.join(map(digest, scripts))}; "
        f"style-src {digest(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )
