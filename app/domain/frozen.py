"""The dataclass of the vocabularies: frozen, slotted, keyword-only, and made in a tenth of the time.

`dataclasses` writes and compiles five methods for every class. A desk imports a hundred commands, events,
questions and answers before it can show a lead, and that took longer than reading five hundred leads. Here all of
them share five methods written once; fields, slots and everything that reads them (`fields`, `replace`, msgspec)
are the standard library's own. Making a value takes about twice as long as with a compiled method, so values that
are made by the thousand (`Lead`) stay with the standard library's decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, TypeVar

__all__ = ["dataclass"]

C = TypeVar("C")
_MISSING = dataclasses.MISSING


class _Plan(NamedTuple):
    """What the shared methods know of a class, worked out when its first value is made."""

    names: frozenset[str]
    fields: tuple[tuple[str, Callable[[object, object], None], object, Any], ...]
    """Name, how its slot is filled, default, factory."""
    values: Callable[[object], Any]
    """What two values are compared by."""
    shown: tuple[str, ...]
    """What `repr` tells; a secret is not among it."""


_PLANS: dict[type, _Plan] = {}


def _plan(value: object) -> _Plan:
    kind = type(value)
    plan = _PLANS.get(kind)
    if plan is None:
        fields = dataclasses.fields(kind)  # type: ignore[arg-type]
        compared = [f.name for f in fields if f.compare]
        plan = _PLANS[kind] = _Plan(
            frozenset(f.name for f in fields),
            tuple((f.name, getattr(kind, f.name).__set__, f.default, f.default_factory) for f in fields),
            attrgetter(*compared) if compared else _nothing,
            tuple(f.name for f in fields if f.repr),
        )
    return plan


def _nothing(_value: object) -> None:
    """The values of a class without fields."""


def _init(self: Any, /, **values: Any) -> None:
    plan = _plan(self)
    for name, fill, default, factory in plan.fields:
        if name in values:
            fill(self, values[name])
        elif default is not _MISSING:
            fill(self, default)
        elif factory is not _MISSING:
            fill(self, factory())
        else:
            raise TypeError(f"{type(self).__name__} needs {name!r}")
    if not plan.names.issuperset(values):
        unknown = ", ".join(sorted(values.keys() - plan.names))
        raise TypeError(f"{type(self).__name__} knows nothing of {unknown}")


def _eq(self: Any, other: object) -> object:
    if type(other) is not type(self):
        return NotImplemented
    values = _plan(self).values
    return values(self) == values(other)


def _hash(self: Any) -> int:
    return hash((type(self), _plan(self).values(self)))


def _repr(self: Any) -> str:
    said = ", ".join(f"{name}={getattr(self, name)!r}" for name in _plan(self).shown)
    return f"{type(self).__qualname__}({said})"


def _refuse(self: object, name: str, value: object = None) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__} is frozen: {name!r} stays as it is")


def _state(self: Any) -> dict[str, Any]:
    return {name: getattr(self, name) for name, *_ in _plan(self).fields}


def _set_state(self: Any, state: dict[str, Any]) -> None:
    _init(self, **state)


_SHARED = {
    "__init__": _init,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _state,
    "__setstate__": _set_state,
}

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        *, frozen: Literal[True], slots: Literal[True], kw_only: Literal[True]
    ) -> Callable[[type[C]], type[C]]:
        """`dataclasses.dataclass(frozen=True, slots=True, kw_only=True)`; the words are said so that a reader
        and a type checker see what they know."""

        def made(kind: type[C]) -> type[C]:
            for name, function in _SHARED.items():
                if name not in kind.__dict__:
                    setattr(kind, name, function)
            kind.__doc__ = (
                kind.__doc__ or kind.__name__
            )  # else one is made up from a signature, which takes long
            return dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(kind)

        return made
