"""Small things for writing into a book without the use cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from app.clock import new_id
from app.domain.events import NoteAdded
from app.domain.inquiry import Inquiry
from app.domain.lead import Lead
from app.store.book import Book
from tests.fresh import START

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def note(book: Book, *texts: str, at: datetime = START, actor: str = "tester", lead_id: str = "") -> int:
    """Commit one event for each text in one transaction; the feed number of the last."""
    with book.writing(actor, at) as w:
        for text in texts:
            w.record(NoteAdded(text=text), lead_id)
    return w.cursor


def a_lead(**said: object) -> Lead:
    return Lead(id=new_id(), version=1, captured_at=START, **said)  # type: ignore[arg-type]


def an_inquiry(raw: bytes = b"{}", *, after: float = 0, **said: object) -> Inquiry:
    at = START + timedelta(seconds=after)
    return Inquiry(id=new_id(), channel="json", raw=raw, received_at=at, **said)  # type: ignore[arg-type]


@contextmanager
def raw(book: Book) -> Iterator[Connection]:
    """A bare connection that commits at the end: what somebody with the database's password can do."""
    with book.writing("nobody", START) as w:
        yield w.db
