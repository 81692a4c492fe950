"""Many clocks: what they cost while nothing is due, and how late the keeper is when much is, on a busy machine."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from app.clock import FloorClock, new_id
from app.domain.commands import AddRep, KeepClocks, SetStatus
from app.domain.events import ClockBreached, LeadEscalated
from app.domain.lead import ClockState, RepStatus
from app.domain.questions import NextDue
from app.floor.floor import Batch
from app.floor.local import LocalFloor
from app.store import tables as t
from app.store.book import Book, start_floor
from app.workers.keeper import Keeper
from tests.bench import Line
from tests.floor.many import add_leads

FEW, MANY = 1_000, 100_000
ROUNDS = 300
SPREAD, APART_MS = 60, 100
"""Deadlines one after the other, and what lies between two."""
AT_ONCE = 1_000
PATIENCE_S = 120.0


def lines(folder: Path) -> list[Line]:
    return [_idle(folder), _late(folder), _storm(folder)]


def _floor(path: Path, clock: FloorClock) -> LocalFloor:
    start_floor(str(path), "Bench", clock.now())
    floor = LocalFloor(Book(str(path)), clock, "admin")
    for name in ("Ana", "Ben", "Cleo"):
        rep = floor.do(AddRep(name=name)).value.id
        floor.as_actor(rep).do(SetStatus(status=RepStatus.AVAILABLE))
    return floor


def _add(floor: LocalFloor, clock: FloorClock, count: int, *, ahead: timedelta, apart: timedelta) -> datetime:
    """Leads that wait, one deadline after the other; the first one, which is `ahead` of when they were all there."""
    book = floor._book
    leads = add_leads(book, count, clock=ClockState.RUNNING, sla_seconds=60)
    first = clock.now() + ahead
    deadlines = [first + n * apart for n in range(count)]
    rows = [
        {"id": new_id(), "lead_id": lead.id, "started_at": at - timedelta(seconds=60), "deadline": at,
         "state": "running", "rep_id": "", "step": 0, "next_at": at, "tried": "[]", "is_test": False,
         "seconds": 60}
        for lead, at in zip(leads, deadlines, strict=True)
    ]  # fmt: skip
    with book.writing("bench", first) as w:
        w.db.execute(t.clocks.insert(), rows)
        w.rings = True
    return first


def _idle(folder: Path) -> Line:
    """A round of the keeper when nothing is due, with few and with many clocks, in turn."""
    clock = FloorClock()
    floors = [_floor(folder / f"{count}.floor", clock) for count in (FEW, MANY)]
    for floor, count in zip(floors, (FEW, MANY), strict=True):
        _add(floor, clock, count, ahead=timedelta(days=1), apart=timedelta(milliseconds=1))
    keepers = [floor.as_actor("keeper") for floor in floors]
    taken: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for keeper, times in zip(keepers, taken, strict=True):
            began = time.thread_time()
            keeper.ask(NextDue())
            keeper.do(KeepClocks())
            times.append((time.thread_time() - began) * 1000)
    for floor in floors:
        floor.close()
    few, many = (statistics.median(times) for times in taken)
    return Line(
        what=f"idle round, {MANY:,} clocks against {FEW:,}",
        value=many / few,
        limit=1.2,
        note=f"{many:.3f} ms against {few:.3f} ms",
    )


class _Watch:
    """Notes when a follower was told of breaches and steps."""

    def __init__(self, floor: LocalFloor, clock: FloorClock) -> None:
        self._clock = clock
        self.late: list[float] = []
        self.steps = 0
        self.last: datetime | None = None
        self._told = threading.Condition()
        self.following = floor.follow(None, self._tell)

    def _tell(self, batch: Batch) -> None:
        now = self._clock.now()
        with self._told:
            for entry in batch.entries:
                if isinstance(entry.event, ClockBreached):
                    self.late.append((now - entry.event.deadline).total_seconds() * 1000)
                elif isinstance(entry.event, LeadEscalated):
                    self.steps += 1
            self.last = now
            self._told.notify_all()

    def until(self, done: Callable[[], bool]) -> None:
        with self._told:
            assert self._told.wait_for(done, PATIENCE_S), "the keeper did not come"


@contextmanager
def _kept(path: Path) -> Iterator[tuple[LocalFloor, FloorClock, _Watch]]:
    """A floor in a file with its keeper at work."""
    clock = FloorClock()
    floor = _floor(path, clock)
    watch = _Watch(floor, clock)
    keeper = Keeper(floor, clock)
    keeper.start()
    try:
        yield floor, clock, watch
    finally:
        watch.following.stop()
        keeper.stop()
        floor.close()


def _late(folder: Path) -> Line:
    """Deadlines one after the other while every core has somebody else's work to do."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        with _kept(folder / "busy.floor") as (floor, clock, watch):
            _add(floor, clock, SPREAD, ahead=timedelta(seconds=3), apart=timedelta(milliseconds=APART_MS))
            watch.until(lambda: len(watch.late) == SPREAD)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    return Line(
        what="deadline to everybody told, busy machine, worst",
        value=max(watch.late),
        limit=1000,
        unit="ms",
        note=f"{SPREAD} deadlines, median {statistics.median(watch.late):.1f} ms",
    )


def _storm(folder: Path) -> Line:
    """So many deadlines at one moment: until each is breached and its first two steps are taken and told."""
    with _kept(folder / "storm.floor") as (floor, clock, watch):
        at = _add(floor, clock, AT_ONCE, ahead=timedelta(seconds=3), apart=timedelta())
        watch.until(lambda: len(watch.late) == AT_ONCE and watch.steps >= 2 * AT_ONCE)
        assert watch.last is not None
        took = (watch.last - at).total_seconds()
    return Line(
        what=f"{AT_ONCE:,} deadlines at once, all escalated and told",
        value=took,
        limit=5.0,
        unit="s",
        note=f"first told after {min(watch.late):.0f} ms",
    )
