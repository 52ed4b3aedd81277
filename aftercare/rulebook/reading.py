"""From the bytes of rule files to one checked document."""

import json
from hashlib import sha256

from aftercare.errors import Problem
from aftercare.rulebook.cache import SHAPE
from aftercare.rulebook.checks import Sense
from aftercare.rulebook.merge import Merge
from aftercare.rulebook.positions import read
from aftercare.rulebook.shape import missing_problems, shape_problems

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from aftercare.rulebook.layers import Layer
    from aftercare.rulebook.positions import Positions


class Reading:
    """Rule files that lie over each other, read and checked as one.

    `document` is what `rulebook_from` takes, None when there are `problems`. `vocabulary`
    holds the things they may speak of; None when the one file is itself the vocabulary.
    """

    def __init__(
        self,
        layers: "Sequence[Layer]",
        vocabulary: "dict[str, Any] | None",
        problems: "Sequence[Problem]" = (),
    ) -> None:
        self.layers = layers
        self.vocabulary = vocabulary
        self.document: dict[str, Any] | None = None
        found = list(problems)
        # Of a broken chain no more is told: what it inherits would all seem to be missing.
        self.merge = None if problems else self._merge(found)
        if self.merge is not None:
            self.sense = Sense(self.merge.data, self.merge.positions, vocabulary)
            self.sense.check()
            own = self.sense.vocabulary()
            found += self.sense.problems
            if not found:
                self.document = self._document(self.merge, own)
        self.problems = one_per_place(found, layers)

    def _merge(self, found: "list[Problem]") -> "Merge | None":
        """All files in one, or None when one of them is no rule file."""
        read_files = [_read(layer, found) for layer in self.layers]
        whole = [file for file in read_files if file is not None]
        if len(whole) < len(read_files):
            return None
        for data, positions in whole:
            found += shape_problems(data, positions)
        merge = Merge(*whole[0])
        for data, positions in whole[1:]:
            merge.lay(data, positions)
        found += merge.problems
        if len(whole) > 1:
            found += missing_problems(merge.data, merge.positions)
        elif self.vocabulary is not None and "extends" in merge.data and not found:
            found.append(
                merge.positions.problem(
                    ("extends",), "what it extends was not found", "", code="wrong-extends"
                )
            )
        return merge

    def _document(self, merge: Merge, own: "dict[str, Any]") -> "dict[str, Any]":
        data = merge.data
        return {
            "shape": SHAPE,
            "layers": [
                {"name": layer.name, "text": layer.source.decode("utf-8-sig")}
                for layer in self.layers
            ],
            "origins": {"/".join(map(str, path)): layer for path, layer in merge.origins.items()},
            "removed": merge.removed,
            "title": data["title"],
            "version": data["version"],
            "reviewed": data.get("reviewed", ""),
            "sha256": sha256_of(self.layers),
            "sources": data.get("sources") or {},
            "facts": data.get("facts") or {},
            # Each as a text of its own: of a dozen treatments a question needs one.
            "treatments": {
                id: json.dumps(protocol, ensure_ascii=False, separators=(",", ":"))
                for id, protocol in (data.get("treatments") or {}).items()
            },
            "vocabulary": own,
        }


def sha256_of(layers: "Sequence[Layer]") -> str:
    """The hash of a file's bytes, in hex; of several, that of their hashes, the topmost first."""
    hashes = [sha256(layer.source).hexdigest() for layer in reversed(layers)]
    return hashes[0] if len(hashes) == 1 else sha256("\n".join(hashes).encode()).hexdigest()


def _read(layer: "Layer", found: "list[Problem]") -> "tuple[dict[str, Any], Positions] | None":
    """A file's data and places, or None after adding what is wrong to `found`."""
    try:
        text = layer.source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = layer.source.count(b"\n", 0, error.start) + 1
        found.append(
            Problem(
                layer.file, line, 1, "this is not UTF-8 text", "save it as UTF-8", code="not-yaml"
            )
        )
        return None
    data, positions, problems = read(text, layer.file)
    found += problems
    if isinstance(data, dict):
        return data, positions
    if data is not None or not problems:
        right = "begin with format: 1, or copy the file that `aftercare rules path` names"
        found.append(
            Problem(layer.file, 1, 1, "this is not a rule file", right, code="not-a-rule-file")
        )
    return None


def one_per_place(problems: "list[Problem]", layers: "Sequence[Layer]") -> "list[Problem]":
    """In the order of lines, the topmost file first; of two at one place, the first objection."""
    order = {layer.file: -n for n, layer in enumerate(layers)}
    places: dict[tuple[int, int, int], Problem] = {}
    for problem in problems:
        place = (order.get(problem.file, 0), problem.line, problem.column)
        places.setdefault(place, problem)
    return [places[place] for place in sorted(places)]
