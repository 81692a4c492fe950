"""The journal read on from a number, with what proves that it is the same journal: the hashes at both ends."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, select

from app.domain.events import Entry
from app.store import tables as t
from app.store.reading import EVENT_COLUMNS, Reading, entry_of
from app.store.ready import Ready

_ON = Ready(
    select(*EVENT_COLUMNS, t.events.c.hash)
    .where(t.events.c.seq >= bindparam("cursor"))
    .order_by(t.events.c.seq)
    .limit(bindparam("limit"))
)


class Linked(NamedTuple):
    """A stretch of the journal, with the hashes at its two ends."""

    before: str
    """Of the event that it goes on from; "" where there is none."""
    entries: tuple[Entry, ...]
    mark: str
    """Of its last event, or of the one before it where it is empty."""


def linked_after(r: Reading, cursor: int, limit: int = 500) -> Linked:
    """What comes after a number, and what it hangs on."""
    rows = list(_ON.on(r.db, {"cursor": cursor, "limit": limit + 1}))
    before = str(rows.pop(0).hash) if rows and rows[0].seq == cursor else ""
    entries = tuple(map(entry_of, rows[:limit]))
    return Linked(before, entries, str(rows[len(entries) - 1].hash) if entries else before)
