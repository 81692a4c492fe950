"""R12 and R20: a backup taken in the middle of the work is restored, and is exactly a beginning of the feed; one
byte of it flipped is found out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.commands import AddRep, AddSource, ClaimLead, EndAttempt, SetStatus, StartAttempt
from app.domain.errors import AppError, Refused
from app.domain.lead import RepStatus
from app.floor.board import Board
from app.floor.local import LocalFloor
from app.store.backup import Backup, back_up
from app.store.book import Book
from app.store.replaying import pieces
from app.store.restore import examine, restore
from tests.fresh import DATABASES, fresh_floor
from tests.reliability.test_disk_full import send
from tests.reliability.trial import Trial

ON_POSTGRESQL = 0.4
"""Share of the rounds there, where each takes three databases."""
pytestmark = pytest.mark.timeout(300)
clock = SystemClock()


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_floor(request.param, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as made:
        yield made


class Work:
    """Inquiries that come in and leads that are called, for as long as it is asked for."""

    def __init__(self, floor: LocalFloor) -> None:
        self._source = floor.do(AddSource(name="Web site", channel="json")).value.id
        self._floor = floor
        self._rep = floor.do(AddRep(name="Ana")).value.id
        floor.as_actor(self._rep).do(SetStatus(status=RepStatus.AVAILABLE))
        self._ended = threading.Event()
        self._hands = [threading.Thread(target=self._capture), threading.Thread(target=self._call)]
        self._more = threading.Condition()
        self.done = 0

    def until(self, done: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: self.done >= done, 60)

    def __enter__(self) -> Work:
        for hand in self._hands:
            hand.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for hand in self._hands:
            hand.join()

    def _capture(self) -> None:
        while not self._ended.is_set():
            send(self._floor.as_actor("capture"), self._source, self.done + 1)
            with self._more:
                self.done += 1
                self._more.notify_all()

    def _call(self) -> None:
        mine = self._floor.as_actor(self._rep)
        while not self._ended.wait(0.005):
            batch = mine.batch_after(None)
            assert batch is not None
            for lead in batch.leads[:3]:
                try:
                    mine.do(ClaimLead(lead_id=lead.id))
                    attempt = mine.do(StartAttempt(lead_id=lead.id)).value.attempt_id
                    mine.do(EndAttempt(attempt_id=attempt))
                except Refused:
                    continue


def feed_of(floor: LocalFloor) -> list[tuple[int, str, str]]:
    """All that happened, out of the journal itself: a desk that is this far behind would be given a snapshot."""
    with floor._book.reading() as r:
        found = [(entry.seq, entry.id, entry.lead_id) for piece in pieces(r, 0) for entry in piece]
    assert [seq for seq, _, _ in found] == list(range(1, len(found) + 1))
    board = Board()
    board.apply(floor.batch_after(None))  # type: ignore[arg-type]
    assert board.cursor == len(found)
    return found


def place_for(address: str, tmp_path: Path, number: int) -> str:
    return f"{address}_r{number}" if "://" in address else str(tmp_path / f"restored{number}.floor")


@pytest.mark.trial("R12", ci=10, full=200, unit="backups")
def test_every_backup_taken_under_load_is_a_beginning_of_the_feed(
    address: str, tmp_path: Path, trial: Trial
) -> None:
    rounds = trial.share(ON_POSTGRESQL) if "://" in address else trial.size
    floor = LocalFloor(Book(address), clock, "admin")
    made: list[Backup] = []
    meanwhile = 0
    try:
        with Work(floor) as work:
            work.until(5)
            while len(made) < rounds:
                before = work.done
                backup = back_up(address, tmp_path / f"b{len(made)}", clock.now())
                assert backup is not None
                assert backup.facts.restored
                meanwhile += work.done - before
                made.append(backup)
                work.until(work.done + 5)
        whole = feed_of(floor)
    finally:
        floor.close()
    heads = [backup.facts.head for backup in made]
    assert heads == sorted(heads)
    assert meanwhile, "the work stood still while backups were made"
    assert 0 < heads[0] <= heads[-1] < len(whole)
    for number, backup in enumerate(made):
        place = place_for(address, tmp_path, number)
        restore(backup.path, place, clock.now())
        again = LocalFloor(Book(place), clock, "admin")
        try:
            assert feed_of(again) == whole[: backup.facts.head]
            trial.found(good=1)
        finally:
            again.close()


@pytest.mark.trial("R20", ci=100, full=2_000, unit="flipped bytes")
def test_one_flipped_byte_of_a_backup_is_found_out(tmp_path: Path, trial: Trial) -> None:
    """With the facts beside it, always. Without them, the database's own checks and the chain hold for the events."""
    with fresh_floor("sqlite", tmp_path, lambda: pytest.fail("no PostgreSQL here")) as address:
        floor = LocalFloor(Book(address), clock, "admin")
        with Work(floor) as work:
            work.until(50)
        whole = feed_of(floor)
        floor.close()
    made = back_up(address, tmp_path / "b", clock.now())
    assert made is not None
    content, dice = made.path.read_bytes(), trial.random
    beside = Path(f"{made.path}.json")
    facts = beside.read_bytes()
    for _ in range(trial.size):
        spoilt = bytearray(content)
        spoilt[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        made.path.write_bytes(spoilt)
        beside.write_bytes(facts)
        with pytest.raises(AppError):
            examine(made.path, address)
        beside.unlink()
        try:
            found = examine(made.path, address)
        except AppError:
            trial.found(detected=1)
            continue
        trial.found(without_effect=1)
        assert found.head == len(whole)
        assert found.head_hash == made.facts.head_hash
