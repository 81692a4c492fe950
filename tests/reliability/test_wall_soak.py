"""R22: a wallboard that hangs there for twelve hours. It misses nothing, and does not grow.

Time is moved by hand, from the afternoon over midnight. Inquiries come, reps call, take breaks and say how it ended,
the keeper goes round. Once an hour, and at the end, what the wall shows is what a wall shows that has just been hung.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from app.clock import HandClock
from app.domain.commands import EndAttempt, LogOutcome, SetStatus, StartAttempt
from app.domain.errors import Refused
from app.domain.lead import Outcome, RepStatus
from app.floor.floor import Batch, Floor
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, WARM, Stand, WallEar
from tests.floor.test_follow import head
from tests.fresh import START, fresh_floor
from tests.reliability.trial import Trial

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc"),
]
REPS = 8
STEP_S = 12
MB_AN_HOUR = 4.0
"""Of this whole process, with the floor, its people and the database in it."""
OVER_FRESH = 1.25
"""So many times what a wall keeps that has just begun: the open leads and the day so far are in both."""
ENDS = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BOOKED, Outcome.UNFIT, Outcome.WON, Outcome.LOST)


class Hung(WallEar):
    """A wall that counts what it is told, and keeps none of it."""

    def __init__(self, floor: Floor) -> None:
        self.last = -1
        self.heard = self.holes = 0
        super().__init__(floor)

    def _tell(self, batch: Batch) -> None:
        if not batch.snapshot:
            numbers = [entry.seq for entry in batch.entries]
            self.holes += numbers != list(range(self.last + 1, batch.last + 1))
            self.heard += len(numbers)
        self.last = batch.last
        super()._tell(batch)
        self.batches.clear()


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    clock = HandClock(START)
    clock.advance(seconds=7 * 3600)
    with fresh_floor("sqlite", tmp_path, lambda: None) as address:  # type: ignore[arg-type, return-value]
        made = Stand(LocalHouse(address, clock), clock)
        yield made
        made.close()


def memory_mb() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def size_mb(root: object) -> float:
    """What hangs on an object, but for classes and modules."""
    seen: dict[int, int] = {}
    todo = [root]
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, type | ModuleType):
            continue
        seen[id(one)] = sys.getsizeof(one)
        todo += gc.get_referents(one)
    return sum(seen.values()) / 1e6


class Shift:
    """What people do, a step of time after the other."""

    def __init__(self, stand: Stand, trial: Trial) -> None:
        self.stand, self.chance = stand, trial.random
        self.reps = [stand.rep(f"Rep {n}") for n in range(REPS)]
        self.talking: dict[str, tuple[str, str]] = {}
        self.open: list[str] = []

    def step(self) -> None:
        self.stand.keep(seconds=STEP_S)
        if self.chance.random() < 0.4:
            self.open.append(self.stand.new_lead(HOT if self.chance.random() < 0.5 else WARM).id)
        rep = self.chance.choice(self.reps)
        with suppress(Refused):
            self.act(rep)

    def act(self, rep: str) -> None:
        door = self.stand.by(rep)
        if rep in self.talking:
            lead, attempt = self.talking.pop(rep)
            door.do(EndAttempt(attempt_id=attempt))
            outcome = self.chance.choice(ENDS)
            at = self.stand.clock.now().replace(microsecond=0)
            door.do(
                LogOutcome(
                    lead_id=lead, outcome=outcome, reason="x", at=None if outcome != Outcome.BOOKED else at
                )
            )
        elif self.open and self.chance.random() < 0.8:
            lead = self.open.pop(0)
            self.talking[rep] = lead, door.do(StartAttempt(lead_id=lead)).value.attempt_id
        else:
            door.do(SetStatus(status=self.chance.choice([RepStatus.BREAK, RepStatus.AVAILABLE])))


@pytest.mark.trial("R22", short=1, ci=12, full=12, unit="hours")
def test_a_wallboard_hangs_for_a_day_and_misses_nothing(stand: Stand, trial: Trial) -> None:
    shift, hung = Shift(stand, trial), Hung(stand.setup)
    hung.ask(stand.clock.now())
    used: list[tuple[float, float]] = []
    days = set()
    try:
        for hour in range(trial.size):
            for _ in range(3600 // STEP_S):
                shift.step()
                hung.ask(stand.clock.now())
            end = head(stand)
            fresh = WallEar(stand.setup)
            try:
                now = stand.clock.now()
                assert hung.face(end, now) == fresh.face(end, now)
                trial.worst(wall_mb=size_mb(hung.wall), over_fresh=size_mb(hung.wall) / size_mb(fresh.wall))
            finally:
                fresh.stop()
            days.add(now.astimezone().date())
            used.append((hour + 1, memory_mb()))
    finally:
        hung.stop()
    assert hung.holes == 0
    assert hung.last == end
    settled = used[len(used) // 3 :]
    grown = statistics.linear_regression(*zip(*settled, strict=True)).slope if len(settled) > 2 else 0.0
    trial.found(hours=trial.size, events=hung.heard, holes=hung.holes, days=len(days))
    trial.worst(mb_an_hour=grown)
    assert grown <= MB_AN_HOUR, used
    assert trial.peaks["over_fresh"] <= OVER_FRESH
