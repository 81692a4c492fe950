"""The questions about money."""

from __future__ import annotations

from app.domain.costs import Cost
from app.domain.frozen import dataclass
from app.domain.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class CostList:
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs(Question[CostList]):
    """The costs that touch the days from `since` to before `until`, the latest first. Dropped ones are not told, nor
    are those of an import that is not finished."""

    since: str = ""
    """ISO day of the floor's zone; "" is no bound."""
    until: str = ""
