"""What the database keeps of the journal, what the chain sees, and what only a head that was kept elsewhere sees."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from app.address import with_login, with_password
from app.domain.commands import AddRep
from app.domain.lead import Role
from app.service.handle import handle
from app.store import grants
from app.store.backup import back_up
from app.store.book import Book
from app.store.guards import chain_fault, chained
from app.store.instants import micros
from tests.store.notes import START, note, only_postgresql
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


@only_postgresql
def test_a_persons_events_are_theirs_whatever_they_say_and_stay(book: Book, address: str) -> None:
    ann = handle(book, AddRep(name="Ann", role=Role.REP), "admin", START)[0].id
    login = f"ann_{address.rpartition('/')[2].partition('?')[0]}"[:60]
    book.change_logins(lambda db: grants.add_person(db, login, ann, "s3cret", START))
    by_hand = with_password(with_login(address, login), "s3cret")
    try:
        with psycopg.connect(by_hand) as line:
            for number, actor in enumerate(("ida", "keeper", "admin")):
                line.execute(
                    "INSERT INTO events (id, tx, at, actor, kind, lead_id, body) "
                    "VALUES (%s, 'x', '2001-01-01', %s, 'note.added', '', '{\"text\":\"false\"}')",
                    (f"e{number}", actor),
                )
        for forbidden in (
            "UPDATE events SET actor = 'ida'",
            "DELETE FROM events",
            "TRUNCATE events",
            "UPDATE feed SET last = 0",
            "INSERT INTO logins SELECT 'x', 'x', now()",
            "DELETE FROM leads",
            "ALTER TABLE events DISABLE TRIGGER ALL",
            "CREATE TABLE mine (x int)",
        ):
            with psycopg.connect(by_hand) as line, pytest.raises(psycopg.errors.InsufficientPrivilege):
                line.execute(forbidden.encode())
    finally:
        book.change_logins(lambda db: grants.remove_person(db, login))
    with book.reading() as r:
        theirs = [row for row in r.chain() if row.id in ("e0", "e1", "e2")]
        assert [row.actor for row in theirs] == [ann, f"keeper@{ann}", ann]
        assert all(row.at.year > 2001 for row in theirs)
        assert chain_fault(r) == ""
