"""What every question is: the type of its answer."""

from __future__ import annotations

from typing import Generic, TypeVar, get_args

from app.domain.frozen import dataclass

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[R]):
    """`R` is the type of the answer; `answer_of` reads it off the class."""


def answer_of(kind: type[Question[R]]) -> type[R]:
    """The type of a question's answer."""
    (answer,) = get_args(kind.__dict__["__orig_bases__"][0])
    return answer  # type: ignore[no-any-return]
