"""Looks into the journal for whoever goes through it: a part of it, page by page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from app.domain.events import Entry
from app.domain.journal import Part
from app.store import tables as t
from app.store.reading import Reading, entry_of

_COLUMNS = tuple(t.events.c[name] for name in ("seq", "id", "at", "actor", "lead_id", "kind", "body"))


def page(
    r: Reading, part: Part, limit: int, *, before: int = 0, after: int = 0, oldest_first: bool = False
) -> tuple[Entry, ...]:
    """Entries of a part of the journal between two feed numbers (neither of them itself; 0 is no bound)."""
    seq = t.events.c.seq
    query = _of(part, select(*_COLUMNS)).where(seq > after)
    if before:
        query = query.where(seq < before)
    query = query.order_by(seq if oldest_first else seq.desc()).limit(limit)
    return tuple(map(entry_of, r.db.execute(query)))


def count(r: Reading, part: Part) -> int:
    """How many entries a part of the journal has by now."""
    query = _of(part, select(func.count()).select_from(t.events)).where(t.events.c.seq > 0)
    return int(r.db.execute(query).scalar_one())


def lead_names(r: Reading, lead_ids: set[str]) -> dict[str, str]:
    """What the leads of these ids are called now; one without a name is not in it."""
    query = select(t.leads.c.id, t.leads.c.name, t.leads.c.company).where(t.leads.c.id.in_(lead_ids))
    return {row.id: row.name or row.company for row in r.db.execute(query) if row.name or row.company}


def _of(part: Part, query: Select[Any]) -> Select[Any]:
    columns = t.events.c
    if part.since is not None:
        query = query.where(columns.at >= part.since)
    if part.until is not None:
        query = query.where(columns.at < part.until)
    if part.actor:
        whose = columns.actor.startswith(f"{part.actor}@", autoescape=True)
        query = query.where((columns.actor == part.actor) | whose)
    if part.kinds:
        query = query.where(columns.kind.in_(part.kinds))
    if part.lead_id:
        query = query.where(columns.lead_id == part.lead_id)
    return query
