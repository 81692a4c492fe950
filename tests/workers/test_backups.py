"""The hourly backups of an open floor: made by another process, said on the floor when they fail."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.boot import Session
from app.clock import HandClock, SystemClock
from app.domain.commands import AddRep
from app.floor.local import LocalFloor
from app.program import own_words
from app.store.backup import backups_in
from app.store.book import Book
from app.workers import backups
from app.workers.backups import ALARM, Backups, State
from tests.fresh import START, fresh_floor

PATIENCE = 50.0
Made = Callable[..., "Watched"]
FAILING = [sys.executable, "-c", "raise SystemExit('what a mess')"]
HANGING = [sys.executable, "-c", "import sys; sys.stdin.read(); input()", "--"]


class Watched:
    """Backups of a floor with somebody listening."""

    def __init__(self, floor: LocalFloor, address: str, clock: HandClock, **said: object) -> None:
        self.worker = Backups(floor, address, clock, **said)  # type: ignore[arg-type]
        self.worker.tell = self._take
        self._told = threading.Condition()
        self.states: list[State] = []

    def _take(self, state: State) -> None:
        with self._told:
            self.states.append(state)
            self._told.notify_all()

    def until(self, wanted: Callable[[State], bool]) -> State:
        with self._told:
            assert self._told.wait_for(lambda: any(map(wanted, self.states)), PATIENCE), self.states
            return next(filter(wanted, self.states))

    def one(self) -> State:
        """Have one made by hand; the state after it."""
        with self._told:
            self.states.clear()
        self.worker.back_up_now()
        return self.until(lambda state: not state.running)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with fresh_floor("sqlite", tmp_path, lambda: pytest.fail("no PostgreSQL here")) as made:
        yield made


@pytest.fixture
def floor(address: str, clock: HandClock) -> Iterator[LocalFloor]:
    opened = LocalFloor(Book(address), clock, "admin")
    yield opened
    opened.close()


@pytest.fixture
def watched(floor: LocalFloor, address: str, clock: HandClock, tmp_path: Path) -> Iterator[Made]:
    made: list[Watched] = []

    def start(**said: object) -> Watched:
        said = {"folder": tmp_path / "backups", **said}
        made.append(Watched(floor, address, clock, **said))
        return made[-1]

    yield start
    for one in made:
        one.worker.stop()


def alarms(floor: LocalFloor) -> list[str]:
    batch = floor.batch_after(None)
    assert batch is not None
    return [alarm.name for alarm in batch.alarms or ()]


def test_one_is_made_beside_the_open_floor_and_copied(
    watched: Made, floor: LocalFloor, tmp_path: Path
) -> None:
    floor.do(AddRep(name="Ana"))
    one = watched()
    one.worker.copies = str(tmp_path / "share")
    one.worker.start()
    state = one.one()
    assert (state.trouble, state.running) == ("", False)
    assert state.last is not None
    assert state.last.facts.head == 1
    assert backups_in(tmp_path / "backups") == (state.last,)
    assert [copy.facts for copy in backups_in(tmp_path / "share")] == [state.last.facts]
    assert one.states[0].running


def test_the_first_comes_by_itself_and_the_next_when_an_hour_has_passed_and_something_changed(
    watched: Made, floor: LocalFloor, clock: HandClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(backups, "_FIRST_S", 0.01)
    monkeypatch.setattr(backups, "_LOOK_S", 0.05)
    one = watched()
    one.worker.start()
    assert one.until(lambda state: not state.running).next_at == START + timedelta(hours=1)
    clock.advance(hours=1, minutes=1)
    one.until(lambda state: not state.running and state.checked_at == clock.now())
    assert len(backups_in(tmp_path / "backups")) == 1  # nothing had changed
    floor.do(AddRep(name="Ana"))
    clock.advance(hours=1, minutes=1)
    one.until(lambda state: not state.running and state.checked_at == clock.now())
    assert [made.facts.head for made in backups_in(tmp_path / "backups")] == [1]  # the last of its hour
    running = [state.running for state in one.states]
    assert running == [True, False] * (len(running) // 2) == [True, False] * 3, "it made one too many"


def test_what_fails_raises_an_alarm_once_and_the_next_good_one_clears_it(
    watched: Made, floor: LocalFloor, tmp_path: Path
) -> None:
    (tmp_path / "no folder").write_bytes(b"")
    bad = watched(folder=tmp_path / "no folder" / "backups")
    bad.worker.start()
    state = bad.one()
    assert "No backup could be written into" in state.trouble
    assert alarms(floor) == [ALARM]
    bad.one()
    assert alarms(floor) == [ALARM]
    assert state.next_at == START + backups.AGAIN
    bad.worker.stop()
    good = watched()
    good.worker.start()
    assert good.one().trouble == ""
    assert alarms(floor) == []


def test_a_copy_that_cannot_be_made_is_said_and_the_backup_is_there(
    watched: Made, floor: LocalFloor, tmp_path: Path
) -> None:
    (tmp_path / "no folder").write_bytes(b"")
    one = watched()
    one.worker.copies = str(tmp_path / "no folder")
    one.worker.start()
    state = one.one()
    assert state.last is not None
    assert state.trouble.startswith("The backup was made, but not its copy.")
    assert alarms(floor) == [ALARM]


def test_a_program_that_breaks_off_is_a_sentence(
    watched: Made, floor: LocalFloor, caplog: pytest.LogCaptureFixture
) -> None:
    one = watched(program=FAILING)
    one.worker.start()
    assert "broke off" in one.one().trouble
    assert "what a mess" in caplog.text
    assert alarms(floor) == [ALARM]


def test_closing_the_desk_ends_one_that_is_being_made(watched: Made, floor: LocalFloor) -> None:
    one = watched(program=HANGING)
    one.worker.start()
    one.worker.back_up_now()
    one.until(lambda state: state.running)
    one.worker.stop()
    assert not one.worker.is_alive()
    assert alarms(floor) == []


def test_who_asks_a_session_twice_gets_the_same_worker(address: str) -> None:
    """The opener's thread and the hand on the settings screen may ask at once."""
    session = Session(address, SystemClock())
    try:
        made: list[Backups | None] = []
        asking = [threading.Thread(target=lambda: made.append(session.back_up())) for _ in range(4)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert made[0] is not None
        assert len(set(map(id, made))) == 1
    finally:
        session.close()
    assert not made[0].is_alive()


def test_the_words_that_start_this_program_again_do() -> None:
    done = subprocess.run([*own_words(), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Firstring ")
