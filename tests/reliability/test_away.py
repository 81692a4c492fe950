"""R19: a desk is without its floor for hours or days, again and again, while others move the same leads.

Every fact arrives once, nothing that somebody else wrote is overwritten unseen, and the tray holds exactly what
clashes; also where the desk's program ends in the middle of telling. What must come of it is worked out by the slow
judge of tests/floor/test_offline_races.py.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.clock import HandClock
from app.domain.lead import RepStatus, Role
from tests.floor.conftest import LocalHouse
from tests.floor.desk import Desk
from tests.floor.stand import PATIENCE, Stand
from tests.floor.test_offline_races import MINE, THEIRS, compare, i_do, judge, she_does
from tests.fresh import START, fresh_floor
from tests.reliability.trial import Trial

pytestmark = pytest.mark.timeout(300)
LEADS = 6
MOVES = 18
HOURS = 72


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with fresh_floor("sqlite", tmp_path, lambda: pytest.fail("no PostgreSQL here")) as address:
        clock = HandClock(START)
        made = Stand(LocalHouse(address, clock), clock)
        yield made
        made.close()


def broken_off(desk: Desk) -> None:
    """The line comes back, the first word on it is lost, and there the desk's program ends."""
    desk.cable.lost_words = 1
    desk.cable.mend()
    began = time.monotonic()
    while desk.cable.lost_words:
        assert time.monotonic() - began < PATIENCE
        threading.Event().wait(0.005)
    desk.close()


@pytest.mark.trial("R19", short=10, ci=50, full=1_000, unit="sessions")
def test_days_without_the_floor_lose_nothing_and_overwrite_nothing(
    stand: Stand, tmp_path: Path, trial: Trial
) -> None:
    dice = trial.random
    ana = stand.rep("Ana")
    tess = stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)
    desk = Desk(stand, tmp_path / "unsent.journal", ana)
    try:
        for _ in range(trial.size):
            leads = [stand.new_lead(company=f"Firm {n}") for n in range(LEADS)]
            desk.settled()
            desk.cable.cut()
            hours = dice.uniform(1, HOURS)
            done: list[tuple[str, int, str, datetime]] = []
            for _ in range(MOVES):
                stand.clock.advance(seconds=hours * 3600 / MOVES)
                n, began = dice.randrange(LEADS), stand.clock.now()
                if dice.random() < 0.4:
                    what = dice.choice(THEIRS)
                    if she_does(stand, tess, leads[n], what):
                        done.append(("tess", n, what, began))
                else:
                    what = dice.choice(MINE)
                    if i_do(stand, desk, leads[n], what, began):
                        done.append(("me", n, what, began))
            before = {lead.id: stand.lead(lead.id) for lead in leads}
            unsent = len(desk.floor.unsent)
            fate = dice.choice(("whole", "answers lost", "ended"))
            if fate == "ended" and unsent:
                broken_off(desk)
                desk = Desk(stand, tmp_path / "unsent.journal", ana)
                trial.found(ended_while_telling=1)
            elif fate == "answers lost":
                desk.cable.lost_answers = min(dice.randrange(3), unsent)
            desk.mend()
            expected = judge(done, ana, LEADS)
            assert desk.floor.unsent == ()
            for n, lead in enumerate(leads):
                compare(stand, lead.id, expected[n], ana, before[lead.id])
            waiting = [getattr(line.command, "lead_id", "") for line in desk.floor.waiting]
            assert [waiting.count(lead.id) for lead in leads] == [expected[n].clashes for n in range(LEADS)]
            trial.found(facts=unsent, lost=0, in_the_tray=len(waiting), overwritten=0)
            for line in desk.floor.waiting:
                desk.floor.drop(line.no)
        assert stand.chain_fault() == ""
    finally:
        desk.close()
