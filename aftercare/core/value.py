"""The base of every value in the project: frozen, slotted, compared by content.

It does what ``@dataclass(frozen=True, slots=True)`` does, without importing `dataclasses`
and `inspect` and at a tenth of the cost per class: a command that answers in about the time
that the interpreter itself needs cannot afford either. Type checkers see a dataclass.
"""

__all__ = ["Row", "Value"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar, Self, dataclass_transform
    from typing import NamedTuple as Row
else:
    from collections import namedtuple

    def dataclass_transform(**_):
        return lambda cls: cls


@dataclass_transform(frozen_default=True)
class _ValueType(type):
    """Turns annotations into slots, and remembers the fields and their defaults."""

    def __new__(
        mcs, name: str, bases: "tuple[type, ...]", namespace: "dict[str, Any]"
    ) -> "_ValueType":
        fields = tuple(namespace.get("__annotations__", ()))
        namespace["__defaults__"] = {f: namespace.pop(f) for f in fields if f in namespace}
        namespace["__slots__"] = namespace["__match_args__"] = fields
        cls = super().__new__(mcs, name, bases, namespace)
        # Slot descriptors are the one way past the frozen __setattr__ that costs no look-up.
        cls.__setters__ = tuple([getattr(cls, f).__set__ for f in fields])
        return cls

    if TYPE_CHECKING:
        __match_args__: ClassVar[tuple[str, ...]]
        __defaults__: ClassVar[dict[str, Any]]
        __setters__: tuple[Callable[[object, object], None], ...]


class Value(metaclass=_ValueType):
    """A value: fields come from the annotations, equality and hash from the fields.

    Fields cannot be assigned (`AttributeError`); `replace` makes a changed copy.
    """

    if not TYPE_CHECKING:

        def __init__(self, *given, **named):
            setters = type(self).__setters__
            if named or len(given) != len(setters):
                given = _complete(type(self), given, named)
            for set_field, value in zip(setters, given):  # noqa: B905 - this is the hot path
                set_field(self, value)
            self.__post_init__()

    def __post_init__(self) -> None:
        """Check or complete the fields; a value that needs it overrides this."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is a value: use replace({name}=…) for a copy")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is a value: {name} cannot be deleted")

    def _astuple(self) -> "tuple[Any, ...]":
        return tuple([getattr(self, f) for f in type(self).__match_args__])

    def replace(self, **changes: object) -> "Self":
        """Return a copy with these fields changed; an unknown field is a `TypeError`."""
        kept = dict(zip(type(self).__match_args__, self._astuple(), strict=True))
        return type(self)(**kept | changes)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._astuple() == other._astuple()

    def __hash__(self) -> int:
        return hash((type(self), self._astuple()))

    def __repr__(self) -> str:
        pairs = zip(type(self).__match_args__, self._astuple(), strict=True)
        return f"{type(self).__name__}({', '.join(f'{f}={value!r}' for f, value in pairs)})"

    def __reduce__(self) -> "tuple[type, tuple[object, ...]]":
        return type(self), self._astuple()


if not TYPE_CHECKING:

    class _RowType(type):
        """Turns annotations into the fields of a named tuple."""

        def __new__(mcs, name, bases, namespace):
            if not bases:
                return super().__new__(mcs, name, bases, namespace)
            fields = tuple(namespace.pop("__annotations__", ()))
            base = namedtuple(
                name, fields, defaults=[namespace.pop(f) for f in fields if f in namespace]
            )
            return type(name, (base,), {"__slots__": (), **namespace})

    class Row(metaclass=_RowType):
        """A named tuple as `typing.NamedTuple` makes it, without importing `typing`.

        For what there are thousands of on one label: a tuple is made faster than a `Value`.
        """


def _complete(
    cls: "type[Value]", given: "tuple[Any, ...]", named: "dict[str, Any]"
) -> "tuple[Any, ...]":
    """All fields in their order, from positions, names and defaults; `TypeError` as usual."""
    fields = cls.__match_args__
    if len(given) > len(fields):
        raise TypeError(f"{cls.__name__} takes {len(fields)} values, not {len(given)}")
    values = {**cls.__defaults__, **dict(zip(fields, given, strict=False))}
    for name in named:
        if name not in fields[len(given) :]:
            known = "is given twice" if name in fields else "is no field"
            raise TypeError(f"{cls.__name__}: {name!r} {known}")
    values.update(named)
    missing = [f for f in fields if f not in values]
    if missing:
        raise TypeError(f"{cls.__name__} needs {', '.join(missing)}")
    return tuple([values[f] for f in fields])
