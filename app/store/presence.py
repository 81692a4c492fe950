"""Rows of the desks that were heard of, and the leads that an absent rep has not worked on.

All instants are the database's own where it has a time (`leases.time`), so that a desk's wrong clock makes nobody
gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update

from app.domain.lead import Lead
from app.domain.presence import DeskSeen, DeskState
from app.store import tables as t
from app.store.columns import NOTHING
from app.store.reading import Reading, is_open
from app.store.ready import Ready
from app.store.rows import lead_of
from app.store.selected import LEAD_COLUMNS
from app.store.tables_keeping import presence
from app.store.writing import Writing

_p = presence.c
_BEAT = Ready(
    update(presence)
    .where(
        _p.device_id == bindparam("key"),
        _p.rep_id == bindparam("rep"),
        _p.state == bindparam("as_before"),
        _p.place == bindparam("where"),
    )
    .values(seen_at=bindparam("now"))
)
_OF_REP = select(presence).where(_p.rep_id == bindparam("rep")).order_by(_p.device_id).with_for_update()
_SILENT = (
    select(presence)
    .where(
        _p.state != DeskState.GONE.value,
        or_(
            _p.seen_at <= bindparam("gone_at"),
            and_(_p.seen_at <= bindparam("suspect_at"), _p.state != DeskState.SUSPECT.value),
        ),
    )
    .order_by(_p.device_id)
    .with_for_update(skip_locked=True)
)
_LEFT = (
    select(presence)
    .where(_p.state == DeskState.GONE.value, _p.release_at <= bindparam("now"))
    .order_by(_p.device_id)
    .with_for_update(skip_locked=True)
)
_UNWORKED = (
    select(*LEAD_COLUMNS)
    .where(
        t.leads.c.owner == bindparam("rep"),
        is_open,
        t.leads.c.on_call == NOTHING,
        or_(t.leads.c.last_attempt_at.is_(None), t.leads.c.last_attempt_at < t.leads.c.claimed_at),
    )
    .order_by(t.leads.c.deadline, t.leads.c.id)
    .with_for_update()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    device_id: str
    rep_id: str
    place: str
    state: DeskState
    made_away: bool


def _row(row: Any) -> DeskRow:
    return DeskRow(
        device_id=row.device_id,
        rep_id=row.rep_id,
        place=row.place,
        state=DeskState(row.state),
        made_away=row.made_away,
    )


def beat(w: Writing, device_id: str, rep_id: str, place: str, state: DeskState, now: datetime) -> bool:
    """Note that a desk is there as it was before; False if it was not there like that."""
    said = {"key": device_id, "rep": rep_id, "where": place, "as_before": state.value, "now": now}
    return _BEAT.on(w.db, said).rowcount == 1


def of_rep(w: Writing, rep_id: str) -> tuple[DeskRow, ...]:
    """All desks of a rep, locked until the transaction ends."""
    return tuple(map(_row, w.db.execute(_OF_REP, {"rep": rep_id})))


def put(
    w: Writing, device_id: str, rep_id: str, place: str, state: DeskState, now: datetime, *, is_new: bool
) -> None:
    """Write a desk that said how it stands."""
    values = {
        "rep_id": rep_id,
        "place": place,
        "state": state.value,
        "since": now,
        "seen_at": now,
        "release_at": None,
        "made_away": False,
    }
    if is_new:
        remove(w, device_id)  # somebody else sat there before
        w.db.execute(insert(presence).values(device_id=device_id, **values))
    else:
        w.db.execute(update(presence).where(_p.device_id == device_id).values(**values))


def change(w: Writing, device_id: str, **values: Any) -> None:
    w.db.execute(update(presence).where(_p.device_id == device_id).values(**values))


def remove(w: Writing, device_id: str) -> None:
    w.db.execute(delete(presence).where(_p.device_id == device_id))


def silent(w: Writing, suspect_at: datetime, gone_at: datetime) -> tuple[tuple[DeskRow, bool], ...]:
    """Desks whose silence began by these instants and is not noted yet; and whether they are gone."""
    found = w.db.execute(_SILENT, {"suspect_at": suspect_at, "gone_at": gone_at})
    return tuple((_row(row), row.seen_at <= gone_at) for row in found)


def left(w: Writing, now: datetime) -> tuple[DeskRow, ...]:
    """Desks that are gone for so long that what they left goes to others."""
    return tuple(map(_row, w.db.execute(_LEFT, {"now": now})))


def unworked(w: Writing, rep_id: str) -> tuple[Lead, ...]:
    """The open leads of a rep at whom they have made no try since they got them, locked, most urgent first."""
    return tuple(map(lead_of, w.db.execute(_UNWORKED, {"rep": rep_id})))


def desks(r: Reading) -> tuple[DeskSeen, ...]:
    """Every desk that was heard of lately."""
    rows = r.db.execute(select(presence).order_by(_p.device_id))
    return tuple(
        DeskSeen(
            device_id=row.device_id,
            rep_id=row.rep_id,
            place=row.place,
            state=DeskState(row.state),
            since=row.since,
        )
        for row in rows
    )
