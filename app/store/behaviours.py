"""Rows of what leads did, and the leads whose tier changes by waiting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from app.clock import new_id
from app.domain.behaviour import MOST, Behaviour, Did
from app.domain.lead import OPEN_STAGES, Lead
from app.store import tables as t
from app.store.columns import NOTHING
from app.store.reading import Reading, written
from app.store.ready import Ready
from app.store.rows import lead_of
from app.store.selected import LEAD_COLUMNS
from app.store.tables_rulebook import behaviours
from app.store.writing import Writing

_b = behaviours.c
_ADD = Ready(insert(behaviours))
_OF_LEAD = Ready(
    select(_b.kind, _b.at, _b.what)
    .where(_b.lead_id == bindparam("lead"))
    .order_by(_b.at.desc(), _b.id.desc())
    .limit(bindparam("limit"))
)
_is_open = t.leads.c.stage.concat(NOTHING).in_(written(OPEN_STAGES))
"""Not as a column, so that SQLite looks by `rescore_at` and not through every open lead."""
_COOLED = Ready(
    select(*LEAD_COLUMNS)
    .where(t.leads.c.rescore_at <= bindparam("now"), _is_open)
    .order_by(t.leads.c.rescore_at, t.leads.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_NEXT = Ready(
    select(t.leads.c.rescore_at)
    .where(t.leads.c.rescore_at.is_not(None), _is_open)
    .order_by(t.leads.c.rescore_at)
    .limit(1)
)
_KINDS = {kind.value: kind for kind in Did}


def add(w: Writing, lead_id: str, deed: Behaviour) -> None:
    """Note what a lead did."""
    row = {"id": new_id(), "lead_id": lead_id, "kind": deed.kind.value, "at": deed.at, "what": deed.what}
    _ADD.on(w.db, row)


def of_lead(r: Reading, lead_id: str) -> tuple[Behaviour, ...]:
    """What a lead did, newest first, at most `MOST`; what a newer program knows of and this one does not is left
    out."""
    found = _OF_LEAD.on(r.db, {"lead": lead_id, "limit": MOST})
    return tuple(
        Behaviour(kind=_KINDS[row.kind], at=row.at, what=row.what) for row in found if row.kind in _KINDS
    )


def cooled(w: Writing, limit: int) -> tuple[Lead, ...]:
    """Open leads whose tier has changed by waiting, locked; one that somebody works on just now is left for later."""
    return tuple(map(lead_of, _COOLED.on(w.db, {"now": w.now, "limit": limit})))


def next_change(r: Reading) -> datetime | None:
    """When the next lead's tier changes by waiting."""
    row = _NEXT.on(r.db).first()
    return None if row is None else row.rescore_at
