"""A floor moved from a file to PostgreSQL and back is the same floor, or nothing was moved."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.clock import HandClock
from app.domain.commands import AddRep
from app.domain.errors import Unavailable, WrongVersion
from app.domain.events import NoteAdded
from app.domain.inquiry import InquiryState
from app.domain.lead import Role
from app.domain.questions import FloorFacts
from app.floor.local import LocalFloor, snapshot
from app.store import engine as engines
from app.store import moving, schema
from app.store import tables as t
from app.store.book import Book, start_floor
from app.store.driver import sqlite_module
from app.store.moving import Moving, move_floor
from app.store.place import FloorInUse, FloorLock
from app.workers.practice import Practice
from tests.fresh import START
from tests.store.notes import a_lead, an_inquiry

LATER = START + timedelta(hours=3)


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a morning's work in it."""
    path = tmp_path_factory.mktemp("morning") / "practice.floor"
    Practice(str(path), seed=7).prepare(LATER)
    return path


@pytest.fixture
def source(morning: Path, tmp_path: Path) -> str:
    return str(shutil.copy(morning, tmp_path / "practice.floor"))


def picture(address: str) -> Any:
    """All that a desk sees of a floor, and what its journal says of itself."""
    book = Book(address, read_only=True)
    try:
        facts = LocalFloor(book, HandClock(LATER), "admin").ask(FloorFacts())
        with book.reading() as r:
            seen = snapshot(r, HandClock(LATER), ())
            entries = r.since(0, limit=100_000)
        shown = sorted(seen.leads, key=lambda lead: lead.id), seen.reps, seen.alarms, seen.rulebook, entries
    finally:
        book.close()
    return shown, (
        facts.floor_id,
        facts.name,
        facts.by_state,
        facts.leads,
        facts.events,
        facts.head_hash,
        facts.chain_holds,
    )


def test_there_and_back_it_is_the_same_floor(source: str, pg_url: str, tmp_path: Path) -> None:
    before, bytes_before = picture(source), Path(source).read_bytes()
    told: list[Moving] = []
    moved = move_floor(source, pg_url, told.append)
    assert picture(pg_url) == before
    assert moved.events == before[1][4] > 100
    assert dict(moved.rows)["leads"] == before[1][3]
    assert moved.people == ""
    assert {at.step for at in told} == {"copying", "checking"}
    assert (told[-1].done, told[-1].rows) == (told[-1].rows, sum(rows for _, rows in moved.rows))
    back = str(tmp_path / "back.floor")
    assert move_floor(pg_url, back).rows == moved.rows
    assert picture(back) == before
    assert Path(source).read_bytes() == bytes_before
    assert [left.name for left in tmp_path.glob("back.floor*")] == ["back.floor"]
    for address in (pg_url, back):  # and life goes on there, numbered and guarded
        book = Book(address)
        LocalFloor(book, HandClock(LATER), "admin").do(AddRep(name="Newcomer", role=Role.REP))
        with book.reading() as r:
            assert r.head()[0] == moved.events + 1
        book.close()


def test_where_something_is_nothing_is_moved(source: str, pg_url: str, tmp_path: Path) -> None:
    start_floor(pg_url, "Other floor", START)
    with pytest.raises(Unavailable, match="not empty") as error:
        move_floor(source, pg_url)
    assert error.value.title == "Not moved"
    (tmp_path / "taken.floor").write_bytes(b"something")
    with pytest.raises(Unavailable, match="already"):
        move_floor(source, str(tmp_path / "taken.floor"))
    assert (tmp_path / "taken.floor").read_bytes() == b"something"
    with pytest.raises(Unavailable, match="no floor at"):
        move_floor(str(tmp_path / "gone.floor"), pg_url)


def test_broken_off_anywhere_it_begins_again(source: str, pg_url: str, tmp_path: Path) -> None:
    back = str(tmp_path / "back.floor")

    def stop_at(share: float, step: str) -> Callable[[Moving], None]:
        def tell(at: Moving) -> None:
            if at.step == step and at.done >= share * at.rows:
                raise KeyboardInterrupt

        return tell

    for target in (pg_url, back):
        for share, step in ((0.0, "copying"), (0.5, "copying"), (0.9, "checking")):
            with pytest.raises(KeyboardInterrupt):
                move_floor(source, target, stop_at(share, step))
        assert not Path(back).exists()
        move_floor(source, target)
        assert picture(target) == picture(source)


def test_a_floor_that_a_window_has_open_is_not_moved(source: str, pg_url: str) -> None:
    lock = FloorLock(Path(source))
    lock.take()
    with pytest.raises(FloorInUse):
        move_floor(source, pg_url)
    lock.release()
    move_floor(source, pg_url)


def test_nobody_writes_at_the_source_meanwhile(
    source: str, pg_url: str, pg_cluster: Any, tmp_path: Path
) -> None:
    """What a desk of the shared floor says while it is moved waits, and is then on the old one, told as such."""
    move_floor(source, pg_url)
    book = Book(pg_url)
    floor = LocalFloor(book, HandClock(LATER), "admin")
    said = threading.Thread(target=lambda: floor.do(AddRep(name="Late", role=Role.REP)))

    def tell(at: Moving) -> None:
        if at.step == "copying" and not said.is_alive() and said.ident is None:
            said.start()
            said.join(0.5)
            assert said.is_alive(), "a command was carried out while the floor was being moved"

    back = str(tmp_path / "back.floor")
    move_floor(pg_url, back, tell)
    said.join()
    assert picture(back) == picture(source)
    assert any(rep.name == "Late" for rep in floor.reps())
    book.close()


def test_a_copy_that_is_not_the_same_is_no_floor(
    source: str, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind of damage on the way is found: a value changed, a row lost, a row doubled, the journal's too."""

    def spoil(table: str, how: Callable[[list[Any]], list[Any]]) -> None:
        whole = moving._chunks

        def chunks(connection: Any, which: Any) -> Iterator[Any]:
            for rows in whole(connection, which):
                hit = which.name == table and connection.dialect.name == "postgresql"
                yield how(list(rows)) if hit else rows

        monkeypatch.setattr(moving, "_chunks", chunks)
        with pytest.raises(Unavailable, match=f"copy of {table} is not the same"):
            move_floor(source, pg_url)
        monkeypatch.setattr(moving, "_chunks", whole)

    class Other:
        def __init__(self, row: Any) -> None:
            self.row = row

        def __iter__(self) -> Iterator[Any]:
            *values, last = self.row
            return iter([*values, "another" if last != "another" else "one more"])

    spoil("leads", lambda rows: rows[1:])
    spoil("leads", lambda rows: [*rows, rows[0]])
    spoil("events", lambda rows: [Other(rows[0]), *rows[1:]])
    spoil("inquiries", lambda rows: [Other(rows[0]), *rows[1:]])
    move_floor(source, pg_url)


def test_a_journal_that_does_not_hold_is_not_moved(source: str, pg_url: str) -> None:
    with sqlite_module().connect(source) as connection:
        connection.execute("DROP TRIGGER events_never_change")
        connection.execute("UPDATE events SET actor = 'nobody' WHERE seq = 5")
    connection.close()
    with pytest.raises(Unavailable, match="event 5 was changed"):
        move_floor(source, pg_url)
    engine = engines.open_postgresql(pg_url)
    assert schema.is_empty(engine)
    engine.dispose()


def test_only_a_floor_of_this_programs_schema_is_moved(source: str, pg_url: str) -> None:
    connection = sqlite_module().connect(source)
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.commit()
    with pytest.raises(WrongVersion, match="Upgrade the floor"):
        move_floor(source, pg_url)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(WrongVersion, match="update Firstring"):
        move_floor(source, pg_url)
    writer, reader = engines.open_sqlite(Path(source))
    with writer.begin() as changing:
        changing.execute(update(t.floor).values(schema_major=schema.MAJOR + 1))
    writer.dispose()
    reader.dispose()
    with pytest.raises(WrongVersion, match="Please update"):
        move_floor(source, pg_url)


def test_values_that_two_databases_write_differently_are_the_same(pg_url: str, tmp_path: Path) -> None:
    """Letters of every kind, bytes, instants to the microsecond, what is missing."""
    path = str(tmp_path / "odd.floor")
    start_floor(path, "Zoë’s floor ☎ \U0001f525", START)
    book = Book(path)
    with book.writing("tester", START.replace(microsecond=999_999)) as w:
        lead = a_lead(name="ÄÖ \x1f\u2028 'quoted' \\", is_test=True, phone="+1303", answers=(("a", "b\n"),))
        w.add_lead(lead, "a@b", "")
        w.add_inquiry(an_inquiry(bytes(range(256))), "d" * 64, InquiryState.REVIEW, why="x")
        w.record(NoteAdded(text="ß | \x7f"), lead.id)
    book.close()
    move_floor(path, pg_url)
    assert picture(pg_url) == picture(path)
