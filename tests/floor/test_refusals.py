"""Who was refused what stands in the program's log, and a flood of refusals does not fill it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.clock import HandClock
from app.domain.commands import AddNote, AddRep
from app.domain.errors import NeedsPassword, NotAllowed, NotFound
from app.domain.questions import ReadJournal
from app.floor.local import LocalFloor
from app.floor.pin import DeskPin
from app.floor.sealed import seal, unseal
from app.refusals import CROWD, PROGRAM, Refusals
from app.store.book import Book, start_floor
from tests.fresh import START

FIVE = ("192.0.2.1", "desks", "wrong token")


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "app.refusals")
    PROGRAM.close()  # whatever tests before this one were refused within this second
    return caplog


def said(lines: pytest.LogCaptureFixture) -> list[str]:
    found = [
        line.getMessage().removeprefix("refused: ") for line in lines.records if line.name == "app.refusals"
    ]
    lines.clear()
    return found


def test_a_flood_is_a_line_a_second_that_says_how_many(
    clock: HandClock, lines: pytest.LogCaptureFixture
) -> None:
    refusals = Refusals(clock)
    for _ in range(1000):
        refusals.note(*FIVE)
    refusals.note("192.0.2.2", *FIVE[1:])
    refusals.note(FIVE[0], "feed", FIVE[2])
    assert said(lines) == [
        "192.0.2.1, desks: wrong token",
        "192.0.2.2, desks: wrong token",
        "192.0.2.1, feed: wrong token",
    ]
    clock.advance(seconds=1)
    refusals.note(*FIVE)
    assert said(lines) == ["192.0.2.1, desks: wrong token, 999 times more"]
    refusals.note(*FIVE)
    clock.advance(seconds=5)
    refusals.note("ana", "AddRep", "not_allowed")
    assert said(lines) == ["192.0.2.1, desks: wrong token, 2 times more", "ana, AddRep: not_allowed"]
    refusals.note("ana", "AddRep", "not_allowed")
    refusals.close()
    assert said(lines) == ["ana, AddRep: not_allowed, 1 times more"]


def test_a_crowd_shares_a_line(clock: HandClock, lines: pytest.LogCaptureFixture) -> None:
    refusals = Refusals(clock)
    for n in range(5000):
        refusals.note(f"2001:db8::{n:x}", *FIVE[1:])
    assert len(said(lines)) == CROWD + 1
    refusals.close()
    assert said(lines) == [f"many, desks: wrong token, {5000 - CROWD - 1} times more"]


def test_a_clock_that_jumps_back_silences_nothing(clock: HandClock, lines: pytest.LogCaptureFixture) -> None:
    refusals = Refusals(clock)
    refusals.note(*FIVE)
    clock.advance(hours=-1)
    refusals.note(*FIVE)
    assert len(said(lines)) == 2


def test_a_refused_command_and_a_question_that_is_not_ones_to_ask_name_the_person(
    tmp_path: Path, clock: HandClock, lines: pytest.LogCaptureFixture
) -> None:
    start_floor(str(tmp_path / "north.floor"), "North floor", clock.now())
    book = Book(str(tmp_path / "north.floor"))
    try:
        admin = LocalFloor(book, clock, "admin")
        ana = admin.do(AddRep(name="Ana Brandt")).value.id
        desk = admin.as_actor(ana)
        with pytest.raises(NotAllowed):
            desk.do(AddRep(name="Her friend"))
        with pytest.raises(NotFound):
            desk.do(AddNote(lead_id="none", text="A word of hers"))
        with pytest.raises(NotAllowed):
            desk.ask(ReadJournal())
    finally:
        book.close()
    assert said(lines) == [
        f"{ana}, AddRep: not_allowed",
        f"{ana}, AddNote: not_found",
        f"{ana}, ReadJournal: not_allowed",
    ]


def test_a_wrong_pin_and_a_wrong_passphrase_stand_there_without_what_was_typed(
    tmp_path: Path, clock: HandClock, lines: pytest.LogCaptureFixture
) -> None:
    pin = DeskPin(tmp_path / "desk.pin", clock)
    pin.set("4711-blue")
    assert not pin.check("4711-read")
    seal(tmp_path / "seat", "a token", "correct horse battery")
    with pytest.raises(NeedsPassword):
        unseal(tmp_path / "seat", "wrong horse battery")
    assert said(lines) == ["this computer, PIN: wrong", "this computer, passphrase: wrong"]
