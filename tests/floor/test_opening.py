"""The first look into a floor's file: it sees what the floor says, and a desk that began with it misses nothing."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from app.clock import HandClock, new_id
from app.domain.commands import AddNote, SetStatus
from app.domain.errors import AppError, Refused, Unavailable
from app.domain.inquiry import Origin
from app.domain.lead import Alarm, Lead, Reason, Rep, RepStatus, Stage
from app.domain.questions import FloorFacts
from app.floor.board import Board
from app.floor.floor import Batch, Link
from app.floor.local import LocalFloor
from app.floor.opening import Opening, OpeningFloor
from app.floor.snapshot import first_look
from app.store import schema
from app.store import tables as t
from app.store.book import Book
from app.store.columns import Instant
from app.store.driver import sqlite_module
from app.store.rows import LEAD_NAMES
from app.store.writing import new_lead_values
from app.workers.practice import Practice
from tests.floor.many import add_leads
from tests.floor.stand import Ear, at_once
from tests.fresh import START, fresh_floor


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with fresh_floor("sqlite", tmp_path, lambda: None) as address:  # type: ignore[arg-type]
        yield Path(address)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


def both(path: Path, clock: HandClock) -> tuple[Batch | None, Batch | None]:
    """The first look, and the floor's own snapshot."""
    looked = first_look(path, clock)
    with closing(Book(str(path))) as book:
        return looked, LocalFloor(book, clock, "admin").batch_after(None)


def stamp(path: Path, *statements: str) -> None:
    with closing(sqlite_module().connect(str(path), isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


# it sees what the floor says


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_look_at_a_floor_with_a_morning_behind_it_is_its_snapshot(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "practice.floor"
    until = datetime(2026, 3, 4, 9, 30, tzinfo=UTC) + timedelta(days=17 * seed)
    Practice(str(path), seed=seed).prepare(until)
    looked, told = both(path, HandClock(until))
    assert looked == told
    assert looked is not None
    assert len(looked.leads) > 10
    assert len(looked.reps or ()) > 3


def something(kind: Any) -> Any:
    """A value of a field's type that is not its default."""
    if get_origin(kind) in (Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    made = {
        str: "Zoë “Z” O’Neil\n<b>", int: 7, bool: True, Origin: Origin(medium="cpc", page="https://a.example/?b=c"),
        datetime: START + timedelta(microseconds=123_457), tuple[str, ...]: ("too short", "ü"),
        tuple[tuple[str, str], ...]: (("When?", "Now"),), tuple[Reason, ...]: (Reason(text="asked", points=-3),),
    }  # fmt: skip
    return made[kind] if kind in made else list(kind)[-1]


@pytest.mark.parametrize("full", [False, True])
def test_every_field_of_a_lead_is_seen(full: bool, path: Path, clock: HandClock) -> None:
    said = {name: something(kind) for name, kind in get_type_hints(Lead).items()} if full else {}
    said |= {"id": new_id(), "captured_at": START, "stage": Stage.WORKING, "phone": "+13035550148"}
    lead = Lead(**said)
    with closing(Book(str(path))) as book, book.writing("admin", START) as w:
        w.db.execute(t.leads.insert(), [new_lead_values(lead, lead.email, lead.phone)])
    looked, told = both(path, clock)
    assert looked == told
    assert looked is not None
    assert looked.leads == (lead,)


def test_alarms_reps_and_review_are_seen(path: Path, clock: HandClock) -> None:
    row = {"lead_id": "", "step": 0, "text": "Nobody is free", "name": "nobody_free"}
    with closing(Book(str(path))) as book, book.writing("admin", START) as w:
        for n, cleared in enumerate((None, START, None)):
            at = START + timedelta(seconds=-n)
            w.db.execute(t.alarms.insert(), row | {"id": f"a{n}", "raised_at": at, "cleared_at": cleared})
    stamp(
        path,
        "INSERT INTO reps (id, version, name, role, status, status_since, turn, active) "
        "VALUES ('r2', 3, 'Ben', 'rep', 'break', 5, 9, 0), ('r1', 1, 'Ada', 'owner', 'away', -5, 0, 1)",
        "INSERT INTO inquiries (id, channel, raw, digest, received_at, state) "
        "VALUES ('i', 'form', x'', '', 0, 'review')",
    )
    looked, told = both(path, clock)
    assert looked == told
    assert looked is not None
    assert [alarm.id for alarm in looked.alarms or ()] == ["a2", "a0"]
    assert [(rep.name, rep.active) for rep in looked.reps or ()] == [("Ada", True), ("Ben", False)]
    assert looked.in_review == 1


@pytest.mark.parametrize(("kind", "table"), [(Lead, t.leads), (Rep, t.reps), (Alarm, t.alarms)])
def test_what_is_an_instant_or_a_flag_is_one_in_the_table(kind: type, table: Any) -> None:
    names = LEAD_NAMES if kind is Lead else [field.name for field in dataclasses.fields(kind)]
    hints = get_type_hints(kind)
    for name in names:
        words = str(hints.get(name))
        assert isinstance(table.c[name].type, Instant) == ("datetime" in words), name
        assert isinstance(table.c[name].type, t.Boolean) == (hints.get(name) is bool), name


# what a look is not enough for


@pytest.mark.parametrize(
    "what",
    [
        "UPDATE floor SET schema_major = schema_major + 1",
        "UPDATE alembic_version SET version_num = '0000'",
        "DELETE FROM floor",
        "DROP TABLE alembic_version",
    ],
)
def test_a_floor_that_needs_more_is_left_to_the_book(what: str, path: Path, clock: HandClock) -> None:
    assert first_look(path, clock) is not None
    stamp(path, what)
    assert first_look(path, clock) is None


def test_a_floor_of_a_newer_minor_can_be_looked_at(path: Path, clock: HandClock) -> None:
    stamp(path, "UPDATE floor SET schema_minor = 99", "UPDATE alembic_version SET version_num = '9999'")
    looked, told = both(path, clock)
    assert looked == told is not None


@pytest.mark.parametrize("size", [0, 50, 9000])
def test_a_damaged_file_is_left_to_the_book_as_it_is(size: int, path: Path, clock: HandClock) -> None:
    path.write_bytes(path.read_bytes()[:size])
    before = path.read_bytes()
    assert first_look(path, clock) is None
    assert path.read_bytes() == before
    with pytest.raises(AppError):
        Book(str(path))


def test_what_is_not_there_is_not_made(tmp_path: Path, clock: HandClock) -> None:
    assert first_look(tmp_path / "none.floor", clock) is None
    assert list(tmp_path.iterdir()) == []


# from the look to the floor


class Opened:
    """A floor behind a first look; `fail` keeps it from being opened, `times` counts."""

    def __init__(self, path: Path, clock: HandClock) -> None:
        first = first_look(path, clock)
        assert first is not None
        self.first = first
        self.fail = ""
        self.times = 0
        self._path = path
        self._clock = clock
        self._floor: LocalFloor | None = None
        self.opening = Opening(first, self._open)

    def _open(self) -> LocalFloor:
        self.times += 1
        if self.fail:
            raise Unavailable(self.fail)
        self._floor = LocalFloor(Book(str(self._path)), self._clock, "admin")
        return self._floor

    def door(self, actor: str) -> OpeningFloor:
        return OpeningFloor(self.opening, "admin").as_actor(actor)

    def close(self) -> None:
        if self._floor is not None:
            self._floor.close()


@pytest.fixture
def opened(path: Path, clock: HandClock) -> Iterator[Opened]:
    with closing(Book(str(path))) as book:
        add_leads(book, 3)
    stamp(
        path,
        "INSERT INTO reps (id, version, name, role, status, status_since, turn, active) "
        "VALUES ('r', 1, 'Ada', 'owner', 'away', 0, 0, 1)",
    )
    made = Opened(path, clock)
    yield made
    made.close()


def test_a_follower_is_told_the_look_at_once_and_then_what_happens(opened: Opened) -> None:
    door = opened.door("r")
    ear = Ear(door)
    assert ear.batches == [opened.first]
    assert ear.links == [(Link.LIVE, "")]
    assert ear.following.link is Link.LIVE
    assert [rep.id for rep in door.reps()] == ["r"]
    assert opened.times == 0, "the floor was opened for what the look had seen"
    done = door.do(SetStatus(status=RepStatus.AVAILABLE))
    ear.until(done.cursor)
    assert ear.board.reps["r"].status is RepStatus.AVAILABLE
    assert opened.times == 1
    fresh = Ear(door).until(done.cursor)
    assert fresh.batches[0].snapshot
    assert fresh.board.leads == ear.board.leads
    assert fresh.board.reps == ear.board.reps
    assert door.reps()[0].status is RepStatus.AVAILABLE
    fresh.stop()
    ear.stop()


def test_a_partner_is_shown_no_more_in_the_look_than_later(path: Path, clock: HandClock) -> None:
    with closing(Book(str(path))) as book:
        add_leads(book, 3)
    stamp(
        path,
        "INSERT INTO reps (id, version, name, role, status, status_since, turn, active) "
        "VALUES ('p', 1, 'Pat', 'partner', 'away', 0, 0, 1)",
    )
    made = Opened(path, clock)
    ear = Ear(made.door("p"))
    assert ear.batches[0].leads == ()
    ear.stop()
    made.close()


def test_a_refusal_is_a_refusal(opened: Opened) -> None:
    with pytest.raises(Refused):
        opened.door("r").do(AddNote(lead_id="nobody", text="x"))


def test_many_who_need_it_at_once_open_it_once(opened: Opened) -> None:
    doors = [opened.door("r") for _ in range(4)]
    ear = Ear(doors[0])
    answers = at_once(*(lambda door=door: door.ask(FloorFacts()).leads for door in doors * 2))
    assert answers == [3] * 8
    assert opened.times == 1
    ear.stop()


def test_who_stops_before_the_floor_is_open_is_told_nothing_more(opened: Opened) -> None:
    before = threading.active_count()
    ear = Ear(opened.door("r"))
    ear.stop()
    opened.door("r").do(SetStatus(status=RepStatus.AVAILABLE))
    assert ear.batches == [opened.first]
    assert threading.active_count() == before


def test_who_stops_after_leaves_no_thread(opened: Opened) -> None:
    before = threading.active_count()
    ear = Ear(opened.door("r"))
    ear.until(opened.door("r").do(SetStatus(status=RepStatus.AVAILABLE)).cursor)
    ear.stop()
    assert threading.active_count() == before


def test_a_floor_that_can_not_be_opened_is_away_until_it_can(opened: Opened) -> None:
    opened.fail = "The disk is full."
    ear, door = Ear(opened.door("r")), opened.door("r")
    with pytest.raises(Unavailable, match="full"):
        door.ask(FloorFacts())
    assert ear.links[-1] == (Link.AWAY, "The disk is full.")
    assert ear.following.link is Link.AWAY
    opened.fail = ""
    assert door.ask(FloorFacts()).leads == 3
    ear.until_link(Link.LIVE)
    ear.until(door.do(SetStatus(status=RepStatus.AVAILABLE)).cursor)
    ear.stop()


def test_following_from_a_number_goes_to_the_floor(opened: Opened) -> None:
    board = Board()
    board.apply(opened.first)
    ear = Ear(opened.door("r"), since=opened.first.last, board=board)
    assert opened.times == 1
    ear.until(opened.door("r").do(SetStatus(status=RepStatus.AVAILABLE)).cursor)
    assert not any(batch.snapshot for batch in ear.batches)
    ear.stop()


def test_the_look_leaves_the_book_to_itself(path: Path, clock: HandClock) -> None:
    """Nothing of a look stays open: the file can be written, and moved, right after it."""
    assert first_look(path, clock) is not None
    assert not Path(f"{path}-wal").exists()
    with closing(Book(str(path))) as book, book.reading() as reading:
        assert schema.revision(reading.db) == schema.REVISION
