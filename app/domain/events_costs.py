"""What happens to the money that leads cost, and to the baseline."""

from __future__ import annotations

from datetime import datetime

from app.domain.costs import CostLine
from app.domain.event import Event
from app.domain.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsNoted(Event):
    """Costs were entered: each line with the id at its place. In the feed the lines are left out: desks that may see
    money ask for it."""

    ids: tuple[str, ...]
    lines: tuple[CostLine, ...] = ()
    import_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDropped(Event):
    cost_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFrozen(Event):
    """The figures of a span were kept; `sha256` is of their text as it is kept."""

    baseline_id: str
    since: datetime
    until: datetime
    leads: int
    sha256: str
