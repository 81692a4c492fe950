"""The kinds of fields a form of the rulebook has, and paths into its values.

A field's `key` is a path into the value: "when.tiers", "tiers.0.sla".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from app.domain.lead import Rep, Role
from app.domain.rulebook import Rulebook
from app.ui.rulebook_read import words_of, words_said

__all__ = [
    "Around",
    "Ask",
    "Picked",
    "Shared",
    "Ticked",
    "Typed",
    "put",
    "taken",
    "typed",
    "words",
]


class Around(NamedTuple):
    """What a form offers to choose from."""

    rulebook: Rulebook
    reps: tuple[Rep, ...]
    """Everybody active."""
    sources: tuple[tuple[str, str], ...] = ()
    """Id and name of each way in."""

    @property
    def names(self) -> dict[str, str]:
        return {rep.id: rep.name for rep in self.reps}

    @property
    def callers(self) -> tuple[tuple[str, str], ...]:
        return tuple((rep.id, rep.name) for rep in self.reps if rep.role is not Role.ADMIN)

    @property
    def partners(self) -> tuple[tuple[str, str], ...]:
        return tuple((rep.id, rep.name) for rep in self.reps if rep.role is Role.PARTNER)


def _always(_value: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Ask:
    key: str
    label: str
    note: str = ""
    shown: Callable[[Any], bool] = _always
    """Whether it is asked at all of a value."""
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Typed(Ask):
    read: Callable[[str], object] = str.strip
    """Raises ValueError with a sentence."""
    write: Callable[[Any], str] = str
    lines: int = 1


@dataclass(frozen=True, kw_only=True)
class Picked(Ask):
    options: Sequence[tuple[object, str]]


@dataclass(frozen=True, kw_only=True)
class Ticked(Ask):
    """Any of them, as a tuple."""

    options: Sequence[tuple[object, str]]


@dataclass(frozen=True, kw_only=True)
class Shared(Ask):
    """People with the weight of each: `Member`s."""

    options: Sequence[tuple[str, str]]


def taken(value: Any, path: str) -> Any:
    """What stands at a path of a value."""
    for part in path.split("."):
        value = value[int(part)] if part.isdigit() else getattr(value, part)
    return value


def put(value: Any, path: str, new: object) -> Any:
    """The value with something else at that path."""
    part, _, rest = path.partition(".")
    if part.isdigit():
        at = int(part)
        inner = put(value[at], rest, new) if rest else new
        return (*value[:at], inner, *value[at + 1 :])
    return replace(value, **{part: put(getattr(value, part), rest, new) if rest else new})


def typed(
    key: str,
    label: str,
    read: Callable[[str], object] = str.strip,
    write: Callable[[Any], str] = str,
    note: str = "",
    *,
    shown: Callable[[Any], bool] = _always,
    wide: bool = False,
    lines: int = 1,
) -> Typed:
    """A field to type into."""
    return Typed(key=key, label=label, note=note, shown=shown, wide=wide, read=read, write=write, lines=lines)


def words(key: str, label: str, note: str = "", *, wide: bool = False) -> Typed:
    """A field for words with commas between them."""
    return typed(key, label, words_of, words_said, note, wide=wide)
