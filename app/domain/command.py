"""What every command is: an id of its own, and the type of its answer."""

from __future__ import annotations

from dataclasses import field
from typing import Generic, TypeVar, get_args

from app.clock import new_id
from app.domain.frozen import dataclass

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The id of what was made or changed."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[R]):
    """`R` is what the answer's value is; `result_of` reads it off the class."""

    id: str = field(default_factory=new_id)


def result_of(kind: type[Command[R]]) -> type[R]:
    """The type of a command's answer."""
    (result,) = get_args(kind.__dict__["__orig_bases__"][0])
    return result  # type: ignore[no-any-return]
