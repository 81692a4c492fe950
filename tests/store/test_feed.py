"""The journal and its feed: numbered without a gap in the order of commits, chained, and proof against tampering."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, groupby

import pytest
from sqlalchemy import select

from app.domain.events import LeadReleased, NoteAdded, Unknown
from app.store import book as books
from app.store import tables as t
from app.store.book import Book
from app.store.driver import sqlite_module
from app.store.guards import chain_fault, chained
from app.store.instants import micros
from tests.fresh import START
from tests.store.notes import note, only_postgresql, raw

FIRST = datetime(1969, 7, 20, 20, 17, 40, 1, tzinfo=UTC)
LAST = datetime(2999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


def test_a_transaction_answers_with_the_number_of_its_last_event(book: Book) -> None:
    assert note(book, "one", "two") == 2
    assert note(book, "three") == 3
    with book.writing("tester", START) as w:
        pass
    assert w.cursor == 3


def test_what_is_read_is_what_was_written(book: Book) -> None:
    note(book, "a | b", '"\\ü☎\n', at=FIRST, actor="capture:1|2", lead_id="lead-1")
    note(book, "c", at=LAST)
    with book.reading() as r:
        first, second, third = r.since(0)
        assert [entry.seq for entry in r.since(1, limit=1)] == [2]
        assert r.since(3) == ()
        assert r.entries_of("lead-1") == (second, first)
    assert (first.seq, first.actor, first.lead_id, first.at) == (1, "capture:1|2", "lead-1", FIRST)
    assert (first.event, second.event) == (NoteAdded(text="a | b"), NoteAdded(text='"\\ü☎\n'))
    assert third.at == LAST


def test_a_transaction_that_fails_leaves_no_trace(book: Book) -> None:
    note(book, "one")
    rung = book.bell.count
    with pytest.raises(ZeroDivisionError), book.writing("tester", START) as w:  # noqa: PT012
        w.record(NoteAdded(text="lost"))
        w.publish(replace(w.rulebook(), version=2))
        raise ZeroDivisionError
    assert book.bell.count == rung
    assert note(book, "two") == 2
    with book.reading() as r:
        assert [entry.event for entry in r.since(0)] == [NoteAdded(text="one"), NoteAdded(text="two")]


def test_what_was_recorded_behind_a_savepoint_goes_with_it(book: Book) -> None:
    with book.writing("tester", START) as w:
        w.record(NoteAdded(text="before"))
        with pytest.raises(ZeroDivisionError), w.savepoint():  # noqa: PT012
            w.record(NoteAdded(text="inside"))
            w.db.execute(
                t.commands.insert(), {"id": "c", "actor": "", "at": START, "hash": "", "tx": "", "result": ""}
            )
            raise ZeroDivisionError
        w.record(NoteAdded(text="after"))
    with book.reading() as r:
        assert [entry.event for entry in r.since(0)] == [NoteAdded(text="before"), NoteAdded(text="after")]
        assert r.db.execute(select(t.commands)).first() is None


def test_the_chain_of_the_same_events_is_the_same_in_every_database(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hashes are literals: whatever program and database wrote these events, they are these for ever."""
    ids = count(1)
    monkeypatch.setattr(books, "new_id", lambda: f"id-{next(ids)}")
    note(book, "Zoë | ☎", "'; DROP TABLE events; --", at=FIRST, actor="rep|1", lead_id="lead")
    note(book, "", at=LAST)
    with book.reading() as r:
        assert [row.hash[:16] for row in r.chain()] == [
            "4d0e89060eaa03d0",
            "8612a7c3c86cab3a",
            "6bc12a06bebf2aa4",
        ]
        assert chain_fault(r) == ""


def test_a_kind_that_a_newer_program_wrote_is_passed_over_and_keeps_its_place(book: Book) -> None:
    note(book, "one")
    row = {
        "id": "x",
        "tx": "x",
        "at": START,
        "actor": "newer",
        "kind": "lead.sung_to",
        "lead_id": "a",
        "body": '{"song":1}',
    }
    with raw(book) as connection:
        if book.is_sqlite:
            seq, head = 2, connection.execute(select(t.feed.c.head)).scalar_one()
            row["hash"] = chained(head, seq, "x", micros(START), "newer", "lead.sung_to", "a", '{"song":1}')
            connection.execute(t.events.insert(), row | {"seq": seq})
            connection.execute(t.feed.update().values(last=seq, head=row["hash"]))
        else:
            connection.execute(t.events.insert(), row)
    note(book, "three")
    with book.reading() as r:
        entries = r.since(0)
        assert [entry.seq for entry in entries] == [1, 2, 3]
        assert entries[1].event == Unknown(kind="lead.sung_to")
        assert chain_fault(r) == ""


# -- tampering


def _disarmed(book: Book, *statements: str) -> None:
    """Do what somebody can do who may do everything to the database."""
    if book.is_sqlite:
        with closing(sqlite_module().connect(book.address)) as connection:
            for trigger in ("events_never_change", "events_never_go"):
                connection.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                connection.execute(statement)
            connection.commit()
    else:
        with raw(book) as connection:
            for statement in ("ALTER TABLE events DISABLE TRIGGER USER", *statements):
                connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT 1", ""),
        ("UPDATE events SET body = '{\"text\":\"TWO\"}' WHERE seq = 2", "event 2 was changed"),
        ("UPDATE events SET actor = 'somebody else' WHERE seq = 2", "event 2 was changed"),
        ("UPDATE events SET lead_id = 'b' WHERE seq = 2", "event 2 was changed"),
        ("UPDATE events SET kind = 'lead.released' WHERE seq = 2", "event 2 was changed"),
        ("DELETE FROM events WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM events WHERE seq = 1", "event 1 is missing"),
        ("DELETE FROM events WHERE seq = 3", "the journal ends at 2, the counter at 3"),
        ("UPDATE events SET seq = 4 WHERE seq = 3", "event 3 is missing"),
        ("UPDATE feed SET last = 2", "the journal ends at 3, the counter at 2"),
        ("UPDATE feed SET head = 'f00'", "the journal ends at 3, the counter at 3"),
    ],
)  # fmt: skip
def test_whatever_is_changed_in_the_journal_is_found(book: Book, statement: str, fault: str) -> None:
    note(book, "one")
    note(book, "two", lead_id="a")
    note(book, "three")
    _disarmed(book, statement)
    with book.reading() as r:
        assert chain_fault(r) == fault


def test_a_time_moved_by_a_microsecond_is_found(book: Book) -> None:
    note(book, "one")
    _disarmed(book, "UPDATE events SET at = at + " + ("1" if book.is_sqlite else "interval '1 microsecond'"))
    with book.reading() as r:
        assert chain_fault(r) == "event 1 was changed"


# -- many at once

WRITERS, EACH = 8, 50


class _Races:
    """What the racing writers committed, and what a reader beside them read."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.committed: list[list[str]] = []
        self.read: list[tuple[int, str]] = []
        self.faults: list[str] = []
        self._done = threading.Event()

    def write(self, number: int) -> None:
        dice = random.Random(number)
        for turn in range(EACH):
            texts = [f"{number}.{turn}.{n}" for n in range(dice.randint(1, 3))]
            fails = dice.random() < 0.02 or turn == number  # one for sure, the others by chance
            try:
                with self.book.writing(f"writer {number}", START) as w:
                    for text in texts:
                        w.record(NoteAdded(text=text), f"lead {dice.randint(1, 5)}")
                    if fails:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                continue
            self.committed.append(texts)
            if w.cursor < len(texts):
                self.faults.append(f"{texts} was told {w.cursor}")

    def follow(self) -> None:
        cursor = 0
        while True:
            last_look = self._done.is_set()
            rung = self.book.bell.count
            with self.book.reading() as r:
                entries, head = r.since(cursor, limit=100), r.head()[0]
            if [entry.seq for entry in entries] != list(range(cursor + 1, cursor + 1 + len(entries))):
                self.faults.append(f"after {cursor}: {[entry.seq for entry in entries]}")
            for entry in entries:
                assert isinstance(entry.event, NoteAdded)
                self.read.append((entry.seq, entry.event.text))
            cursor += len(entries)
            if cursor > head:
                self.faults.append(f"read up to {cursor} where the counter says {head}")
            if not entries:
                if last_look:
                    return
                self.book.bell.wait(rung, 0.2)

    def run(self) -> None:
        self._all([lambda n=n: self.write(n) for n in range(WRITERS)], beside=self.follow)

    def _all(self, jobs: list[Callable[[], None]], beside: Callable[[], None]) -> None:
        reader = threading.Thread(target=beside)
        reader.start()
        writers = [threading.Thread(target=job) for job in jobs]
        for thread in writers:
            thread.start()
        for thread in writers:
            thread.join()
        self._done.set()
        self.book.bell.ring()
        reader.join()


def test_of_many_writers_nothing_is_lost_doubled_or_out_of_order(book: Book) -> None:
    races = _Races(book)
    races.run()
    assert races.faults == []
    texts = [text for _, text in races.read]
    assert Counter(texts) == Counter(text for committed in races.committed for text in committed)
    assert len(races.committed) <= WRITERS * (EACH - 1)
    # the events of a transaction stand together, in the order in which they were recorded
    groups = [list(group) for _, group in groupby(texts, key=lambda text: text.rpartition(".")[0])]
    assert sorted(groups) == sorted(races.committed)
    with book.reading() as r:
        assert r.head()[0] == len(texts)
        assert chain_fault(r) == ""


def test_a_look_at_the_floor_is_of_one_moment(book: Book) -> None:
    """Tables and counter read together fit together, however much is committed meanwhile."""
    stop = threading.Event()

    def publish() -> None:
        while not stop.is_set():
            with book.writing("publisher", START) as w:
                w.publish(replace(w.rulebook(), version=w.rulebook().version + 1))
                w.record(LeadReleased(reason="x"))

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        for _ in range(60):
            with book.reading() as r:
                head = r.head()[0]
                version = r.rulebook().version
                assert version == head + 1
                assert len(r.since(0, limit=10_000)) == head
    finally:
        stop.set()
        thread.join()


def test_the_bell_rings_for_what_was_committed_and_wakes_whoever_waits(book: Book) -> None:
    seen: list[int] = []
    rung = book.bell.count
    waiter = threading.Thread(target=lambda: seen.append(book.bell.wait(rung, 30)))
    waiter.start()
    note(book, "one")
    waiter.join()
    assert seen == [rung + 1]
    assert book.bell.wait(rung, 0) == rung + 1
    with book.writing("tester", START + timedelta(seconds=1)):
        pass
    assert book.bell.count == rung + 1  # nothing happened, nobody is woken


@only_postgresql
def test_two_programs_on_one_database_hear_each_other(book: Book) -> None:
    other = Book(book.address)
    try:
        rung = other.bell.count
        other.listen()
        other.listen()
        assert other.bell.wait(rung, 20) > rung  # rings once when it begins to listen
        rung = other.bell.count
        note(book, "from afar")
        assert other.bell.wait(rung, 4) > rung
    finally:
        other.close()
