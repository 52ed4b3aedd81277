"""The base of every value in the project: frozen, slotted, compared by content.

It does what ``@dataclass(frozen=True, slots=True)`` does, without importing `dataclasses`
and `inspect` and at an eighth of the cost per class: a command that answers in the time
the interpreter itself needs cannot afford either. Type checkers see a dataclass.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self, dataclass_transform
else:

    def dataclass_transform(**_):
        return lambda cls: cls


_MISSING = object()


@dataclass_transform(frozen_default=True)
class _ValueType(type):
    """Turns annotations into slots and writes ``__init__`` once, when the class is made."""

    def __new__(
        mcs, name: str, bases: "tuple[type, ...]", namespace: "dict[str, Any]"
    ) -> "_ValueType":
        own = tuple(namespace.get("__annotations__", ()))
        inherited = tuple(f for base in bases for f in getattr(base, "__fields__", ()))
        defaults = {f: namespace.pop(f) for f in own if f in namespace}
        for base in bases:
            defaults = {**getattr(base, "__defaults__", {}), **defaults}
        namespace["__slots__"] = own
        namespace["__fields__"] = namespace["__match_args__"] = inherited + own
        namespace["__defaults__"] = defaults
        cls = super().__new__(mcs, name, bases, namespace)
        if inherited + own:
            _write_init(cls, inherited + own, defaults)
        return cls


def _write_init(cls: type, fields: "tuple[str, ...]", defaults: "dict[str, Any]") -> None:
    # Slot descriptors are the one way past the frozen __setattr__ that costs no look-up.
    scope: dict[str, object] = {f"_set_{f}": getattr(cls, f).__set__ for f in fields}
    scope |= {f"_default_{f}": value for f, value in defaults.items()}
    arguments = ", ".join(f"{f}=_default_{f}" if f in defaults else f for f in fields)
    body = "\n    ".join(f"_set_{f}(self, {f})" for f in fields)
    check = "\n    self.__post_init__()" if hasattr(cls, "__post_init__") else ""
    exec(f"def __init__(self, {arguments}):\n    {body}{check}", scope)  # noqa: S102
    cls.__init__ = scope["__init__"]  # type: ignore[misc]


class Value(metaclass=_ValueType):
    """A value: fields come from the annotations, equality and hash from the fields.

    Fields cannot be assigned (`AttributeError`); `replace` makes a changed copy.
    """

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is a value: use replace({name}=…) for a copy")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is a value: {name} cannot be deleted")

    def _astuple(self) -> "tuple[object, ...]":
        return tuple(getattr(self, f) for f in type(self).__fields__)  # type: ignore[attr-defined]

    def replace(self, **changes: object) -> "Self":
        """Return a copy with these fields changed; an unknown field is a `TypeError`."""
        fields = type(self).__fields__  # type: ignore[attr-defined]
        return type(self)(**{f: getattr(self, f) for f in fields} | changes)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._astuple() == other._astuple()

    def __hash__(self) -> int:
        return hash((type(self), self._astuple()))

    def __repr__(self) -> str:
        fields = type(self).__fields__  # type: ignore[attr-defined]
        return f"{type(self).__name__}({', '.join(f'{f}={getattr(self, f)!r}' for f in fields)})"

    def __reduce__(self) -> "tuple[type, tuple[object, ...]]":
        return type(self), self._astuple()
