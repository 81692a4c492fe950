"""The journal read from its beginning in large pieces, for whoever plays a period back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import func, select

from app.domain.events import Entry
from app.domain.inquiry import Inquiry
from app.domain.rulebook import Rulebook
from app.store import tables as t
from app.store.reading import EVENT_COLUMNS, Reading, entry_of
from app.store.rows import inquiry_of
from app.store.selected import INQUIRY_COLUMNS

__all__ = ["PIECE", "begins", "from_files", "inquiries", "keys", "pieces", "rulebooks", "tests"]

PIECE = 2000
"""Events that are read at a time."""


def begins(r: Reading, since: datetime) -> int:
    """The number of the last event before an instant."""
    query = select(t.events.c.seq).where(t.events.c.at >= since).order_by(t.events.c.seq).limit(1)
    first = r.db.execute(query).scalar_one_or_none()
    return first - 1 if first is not None else r.head()[0]


def pieces(
    r: Reading, after: int, until: int | None = None, kinds: Collection[str] = ()
) -> Iterator[list[Entry]]:
    """Events after a number (up to another one, of some kinds), in order, so many at a time."""
    seq = t.events.c.seq
    query = select(*EVENT_COLUMNS).order_by(seq).limit(PIECE)
    if until is not None:
        query = query.where(seq <= until)
    if kinds:
        query = query.where(t.events.c.kind.in_(list(kinds)))
    while True:
        found = [entry_of(row) for row in r.db.execute(query.where(seq > after))]
        if found:
            yield found
            after = found[-1].seq
        if len(found) < PIECE:
            return


def inquiries(r: Reading, ids: Collection[str]) -> dict[str, Inquiry]:
    query = select(*INQUIRY_COLUMNS).where(t.inquiries.c.id.in_(list(ids)))
    return {row.id: inquiry_of(row) for row in r.db.execute(query)} if ids else {}


def rulebooks(r: Reading) -> dict[int, Rulebook]:
    """Every rulebook that was ever in force, by version."""
    versions = r.db.execute(select(t.rulebooks.c.version)).scalars().all()
    found = {version: r.rulebook_of(version) for version in versions}
    return {version: rulebook for version, rulebook in found.items() if rulebook is not None}


def tests(r: Reading) -> frozenset[str]:
    """Ids of the leads that are tests."""
    return frozenset(r.db.execute(select(t.leads.c.id).where(t.leads.c.is_test)).scalars())


def keys(r: Reading, until: datetime) -> Iterator[tuple[str, datetime, str, str]]:
    """(id, capture, e-mail, number) of every lead that was captured before an instant and can be told by one."""
    c = t.leads.c
    query = select(c.id, c.captured_at, c.email_key, c.phone_key).where(c.captured_at < until)
    query = query.where((c.email_key != "") | (c.phone_key != "")).execution_options(yield_per=PIECE)
    for row in r.db.execute(query):
        yield row.id, row.captured_at, row.email_key, row.phone_key


def from_files(r: Reading, since: datetime, until: datetime) -> int:
    """How many leads came from files within a period."""
    c = t.leads.c
    query = select(func.count()).where(c.import_id != "", c.captured_at >= since, c.captured_at < until)
    return int(r.db.execute(query).scalar_one())
