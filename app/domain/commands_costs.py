"""The commands of what leads cost, and of the baseline that later figures are held against."""

from __future__ import annotations

from datetime import datetime

from app.domain.command import Command, Made
from app.domain.costs import CostLine
from app.domain.frozen import dataclass

MOST_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsEntered:
    """The ids of the costs, in the order of their lines."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCosts(Command[CostsEntered]):
    """Enter costs, all of them or none; Refused for a line that says nothing sensible, up to 1,000 at once.

    With `import_id`, the open import of a file (`BeginImport`), they count once it is finished and never if it is not.
    """

    costs: tuple[CostLine, ...]
    import_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeBaseline(Command[Made]):
    """Keep the figures of thirty days as they are now, for later ones to be held against. Refused while the days are
    not over, or without a lead in them. The newest baseline is the one that counts; none ever changes."""

    since: datetime | None = None
    """When the thirty days begin, aware; None: with the floor's first lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropCost(Command[Made]):
    """Take a cost back. It stays in the journal."""

    cost_id: str
