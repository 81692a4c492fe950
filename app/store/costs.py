"""Rows of what leads cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sqlalchemy import func, insert, or_, select, update

from app.domain.costs import Cost
from app.domain.errors import NotFound
from app.store.reading import Reading
from app.store.tables import imports
from app.store.tables_reports import costs
from app.store.writing import Writing

_COST = tuple(costs.c[field.name] for field in dataclasses.fields(Cost))
_COUNTS = (
    costs.c.dropped_at.is_(None),
    or_(
        costs.c.import_id == "",
        costs.c.import_id.in_(select(imports.c.id).where(imports.c.state == "done").scalar_subquery()),
    ),
)


def add(w: Writing, entered: Sequence[Cost]) -> None:
    w.db.execute(insert(costs), [dataclasses.asdict(cost) for cost in entered])


def drop(w: Writing, cost_id: str) -> None:
    """Take a cost back; raises NotFound where there is none that counts."""
    mine = update(costs).where(costs.c.id == cost_id, *_COUNTS)
    if w.db.execute(mine.values(dropped_at=w.now)).rowcount != 1:
        raise NotFound("That cost is not there, or not any more.")


def of_import(r: Reading, import_id: str) -> int:
    """How many costs a file has told."""
    mine = costs.c.import_id == import_id
    return int(r.db.execute(select(func.count()).select_from(costs).where(mine)).scalar_one())


def counted(r: Reading, since: str = "", until: str = "") -> tuple[Cost, ...]:
    """The costs that touch the days from `since` to before `until` (ISO days, "" is no bound), the latest first;
    `entered_by` is still the actor."""
    query = select(*_COST).where(*_COUNTS)
    if since:
        query = query.where(costs.c.last >= since)
    if until:
        query = query.where(costs.c.first < until)
    query = query.order_by(costs.c.first.desc(), costs.c.id.desc())
    return tuple(Cost(**row._mapping) for row in r.db.execute(query))
