"""Which file each value of layered rules came from."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Origins:
    """Made of a checked document. Files are called as they call each other."""

    def __init__(self, document: "dict[str, Any]") -> None:
        self.files: list[str] = [layer["name"] for layer in document["layers"]]
        self._of: dict[str, int] = document["origins"]
        self._removed: list[dict[str, Any]] = document["removed"]

    def file(self, *path: str) -> str:
        """Return the file that says a value, by the path of keys below ``treatments``.

        ``file("microneedling", "avoid", "retinoids", "for")``
        """
        steps = ["treatments", *path]
        while steps:
            layer = self._of.get("/".join(steps))
            if layer is not None:
                return self.files[layer]
            steps.pop()
        return self.files[0]

    def values(self, *rule: str, of: "tuple[str, ...]") -> "dict[str, list[str]]":
        """Return which of the values `of` a rule each file says, the lowest file first."""
        found: dict[str, list[str]] = {}
        for key in of:
            found.setdefault(self.file(*rule, key), []).append(key)
        return {file: found[file] for file in self.files if file in found}

    def removed(self, *things: str) -> "list[tuple[str, str, str]]":
        """Return rule, file and reason of each removal; with `things`, only those on these."""
        return [
            (r["what"], self.files[r["layer"]], r["because"])
            for r in self._removed
            if not things or r["what"].rpartition(".")[2] in things
        ]
