"""What the journal's chain can not see, and what does: a head that was kept elsewhere."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.store.backup import back_up
from app.store.book import Book
from app.store.guards import chain_fault, chained
from app.store.instants import micros
from tests.store.notes import START, note
from tests.store.test_feed import _disarmed

FORGED = '{"text":"TWO"}'


def test_a_complete_rewrite_is_seen_by_a_backups_head_alone(book: Book, tmp_path: Path) -> None:
    note(book, "one", "two")
    if book.is_sqlite:
        before = back_up(book.address, tmp_path / "backups", START)
        assert before is not None
        kept = before.facts.head, before.facts.head_hash
    else:
        with book.reading() as r:
            kept = r.head()
    note(book, "three")
    statements, head = [], ""
    with book.reading() as r, closing(r.chain()) as rows:
        for row in rows:
            body = FORGED if row.seq == 2 else row.body
            head = chained(head, row.seq, row.id, micros(row.at), row.actor, row.kind, row.lead_id, body)
            statements.append(f"UPDATE events SET hash = '{head}', body = '{body}' WHERE seq = {row.seq}")
    _disarmed(book, *statements, f"UPDATE feed SET head = '{head}'")
    with book.reading() as r:
        assert chain_fault(r) == "", "whoever owns the database can make a chain that holds"
        (now,) = [row.hash for row in r.chain() if row.seq == kept[0]]
        assert now != kept[1], "the head that was kept elsewhere tells"
