"""The lease: which of the programs on one floor keeps its clocks, and the fence around what it does.

It runs on the database's own time, so that no computer with a wrong clock can take it early; a SQLite file has
none of its own and goes by the time of whoever writes. Every effect of the holder says its epoch in its own
transaction (`fence`), which holds the row until it commits: a keeper that slept through its lease and wakes up
finds the epoch changed and has done nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from app.store import tables as t
from app.store.guards import CHANNEL
from app.store.reading import Reading
from app.store.writing import Writing

_ROW = select(t.leases).where(t.leases.c.name == bindparam("name"))
_ROW_FOR_CHANGE = _ROW.with_for_update()
_ROW_FOR_SHARE = _ROW.with_for_update(read=True)
_CLOCK = select(func.clock_timestamp())
_RING = select(func.pg_notify(CHANNEL, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """All instants are the database's."""

    holder: str
    place: str
    epoch: int
    renewed_at: datetime
    expires_at: datetime


def time(r: Reading) -> datetime | None:
    """The database's own time; None where it has none of its own (a file)."""
    if r.db.dialect.name == "sqlite":
        return None
    at: datetime = r.db.execute(_CLOCK).scalar_one()
    return at


def lease(r: Reading, name: str) -> Lease | None:
    """The lease as it stands, whoever holds it, run out or not; None if nobody ever did."""
    row = r.db.execute(_ROW, {"name": name}).first()
    return None if row is None else _lease(row)


def _lease(row: Any) -> Lease:
    return Lease(
        holder=row.holder,
        place=row.place,
        epoch=row.epoch,
        renewed_at=row.renewed_at,
        expires_at=row.expires_at,
    )


def hold(
    w: Writing, name: str, holder: str, *, place: str, seconds: float, rank: int, is_alone: bool
) -> tuple[Lease, float]:
    """Take the lease if it is free, run out, or held by one of lower rank; renew it if it is the holder's.

    It as it stands then, and the seconds that are left of it.
    """
    for look in (_ROW, _ROW_FOR_CHANGE):  # who only looks whether it is free is in nobody's way
        row = w.db.execute(look, {"name": name}).first()
        now = time(w) or w.now
        taken = row is not None and row.holder not in ("", holder) and row.expires_at > now
        if row is not None and taken and row.rank >= rank and not is_alone:
            return _lease(row), (row.expires_at - now).total_seconds()
    epoch = 1 if row is None else row.epoch + (row.holder != holder)
    held = Lease(
        holder=holder,
        place=place,
        epoch=epoch,
        renewed_at=now,
        expires_at=now + timedelta(seconds=seconds),
    )
    values = {field.name: getattr(held, field.name) for field in fields(Lease)} | {"rank": rank}
    if row is None:
        w.db.execute(insert(t.leases).values(name=name, **values))
    else:
        w.db.execute(update(t.leases).where(t.leases.c.name == name).values(**values))
    if row is None or epoch != row.epoch:
        _ring(w)
    return held, seconds


def resign(w: Writing, name: str, holder: str) -> None:
    """Give it back, if it is the holder's."""
    mine = t.leases.c.name == name, t.leases.c.holder == holder
    given_back = update(t.leases).where(*mine).values(holder="", place="", expires_at=t.leases.c.renewed_at)
    if w.db.execute(given_back).rowcount:
        _ring(w)


def fence(w: Writing, name: str, epoch: int) -> bool:
    """Whether this epoch is in force; until the transaction ends no other can come into force.

    Epoch 0 is in force while nobody holds the lease.
    """
    row = w.db.execute(_ROW_FOR_SHARE, {"name": name}).first()
    if row is None or not row.holder:
        return epoch == 0
    return bool(row.epoch == epoch)


def _ring(w: Writing) -> None:
    """Have the desks look, though there is no event: who waits for a keeper, or to become one, should know."""
    w.rings = True
    if w.db.dialect.name == "postgresql":
        w.db.execute(_RING)
