"""R8: a day on a floor whose lines are cut every minute, with desks that go on working.

Inquiries come, reps call, hang up and say how it ended, whether their desk has its line or not; answers are lost;
the keeper goes round. When all lines stand again, every call that was made is in the books once, at its own time,
every desk shows what the floor is, and every clock was judged truly.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import HandClock
from app.domain.commands import EndAttempt, LogOutcome, StartAttempt
from app.domain.errors import Refused, Unavailable
from app.domain.events import AttemptStarted, OutcomeLogged
from app.domain.lead import ClockState, Lead, Outcome
from app.floor.board import Board
from app.store import tables as t
from tests.floor.conftest import KINDS, house
from tests.floor.desk import Desk
from tests.floor.stand import HOT, WARM, Stand
from tests.fresh import START, fresh_floor
from tests.reliability.trial import Trial, asked

DESKS = {"short": 6, "ci": 16, "full": 50}
MINUTES = 1440
SHARES = {"local on sqlite": 0.4, "local on postgresql": 0.3, "served from sqlite": 0.3}
ENDS = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BOOKED, Outcome.CALL_BACK, Outcome.LOST)
LONGEST = 4
"""Minutes that a line is down, at most."""
SOON_S = 30.0
"""Seconds within which all desks show the same, once their lines stand: 5 on a machine that has nothing else to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a rep did, as the rep knows it."""

    lead_id: str
    rep_id: str
    began: datetime
    outcome: Outcome
    at_once: bool
    """The floor itself acknowledged its beginning."""


class Day:
    """A floor with desks that are cut off and come back."""

    def __init__(self, stand: Stand, folder: Path, trial: Trial, count: int) -> None:
        self.stand = stand
        self.chance = trial.random
        self.desks = [Desk(stand, folder / f"{n}.journal", stand.rep(f"Rep {n}")) for n in range(count)]
        self.back_at: dict[int, int] = {}
        """Of desks that are cut off: the minute in which their line stands again."""
        self.leads: list[str] = []
        self.calls: dict[str, Call] = {}
        self.cuts = self.lost_answers = 0
        self.slowest = 0.0
        self.misjudged: list[tuple[Lead, list[Call]]] = []

    def minute(self, number: int) -> None:
        ends = self.stand.clock.now() + timedelta(minutes=1)
        for n in [n for n, until in self.back_at.items() if until <= number]:
            del self.back_at[n]
            self.lose(self.desks[n], 0.3)
            self.desks[n].cable.mend()
        n = self.chance.randrange(len(self.desks))
        if n not in self.back_at:
            self.desks[n].cable.cut()
            self.back_at[n] = number + self.chance.randint(1, LONGEST)
            self.cuts += 1
        for _ in range(self.chance.randint(0, 3)):
            self.leads.append(self.stand.capture(self.chance.choice([HOT, WARM])).lead_id)
        for desk in self.chance.sample(self.desks, min(4, len(self.desks))):
            self.work(desk)
        self.stand.clock.set(max(ends, self.stand.clock.now()))
        self.stand.keep()
        self.stand.clock.advance(seconds=0.5)  # nothing is said at the very moment of a round
        for desk in self.desks:
            desk.ear.batches.clear()  # ten days of fifty desks would be ten gigabytes

    def work(self, desk: Desk) -> None:
        """One call, if this desk has anybody to call."""
        mine = [lead for lead in tuple(desk.ear.board.leads.values()) if lead.owner == desk.me]
        if not mine:
            return
        lead = min(mine, key=lambda one: (one.attempts, one.deadline or START, one.id))
        clock = self.stand.clock
        began = clock.now()
        self.lose(desk)
        try:
            receipt = desk.floor.do(StartAttempt(lead_id=lead.id))
        except (Refused, Unavailable):  # it has gone to somebody else; the desk will hear of it
            return
        attempt = receipt.value.attempt_id
        if not receipt.kept:  # by the time that somebody hangs up, their desk has heard of the call
            desk.ear.until(receipt.cursor)
        clock.advance(seconds=self.chance.choice((3, 8)))
        self.lose(desk)
        desk.floor.do(EndAttempt(attempt_id=attempt))
        outcome = self.chance.choice(ENDS)
        at = clock.now() + timedelta(hours=5) if outcome in (Outcome.BOOKED, Outcome.CALL_BACK) else None
        self.lose(desk)
        desk.floor.do(LogOutcome(lead_id=lead.id, outcome=outcome, at=at, reason="no budget"))
        self.calls[attempt] = Call(
            lead_id=lead.id, rep_id=desk.me, began=began, outcome=outcome, at_once=not receipt.kept
        )

    def lose(self, desk: Desk, share: float = 0.1) -> None:
        """Now and then, the next answer that a desk gets."""
        if self.chance.random() < share:
            desk.cable.lost_answers += 1
            self.lost_answers += 1

    def heal(self) -> None:
        """All lines stand; wait until everybody has told and heard everything."""
        began = time.perf_counter()
        for desk in self.desks:
            desk.cable.lost_answers = 0
            if desk.cable.is_cut:
                desk.cable.mend()
        self.back_at.clear()
        for desk in self.desks:
            desk.settled()
        for desk in self.desks:  # what the last ones told
            desk.settled()
        self.slowest = max(self.slowest, time.perf_counter() - began)

    def unlike(self) -> list[str]:
        """What each desk that shows something else than the floor is has otherwise."""
        fresh = Board()
        fresh.apply(self.stand.house.local.batch_after(None))  # type: ignore[attr-defined]
        return [
            f"{n} at {desk.ear.board.cursor} of {fresh.cursor}: {other}"
            for n, desk in enumerate(self.desks)
            if (other := _otherwise(desk.ear.board, fresh))
        ]

    def faults(self) -> Counter[str]:
        """Calls that are not in the books as they were made, and clocks that were judged wrongly."""
        with self.stand.house.book.reading() as r:  # type: ignore[attr-defined]
            rows = {row.id: row for row in r.db.execute(select(t.attempts))}
            told: Counter[tuple[str, str]] = Counter()
            for entry in r.since(0, 10**7):
                if isinstance(entry.event, AttemptStarted | OutcomeLogged):
                    told[type(entry.event).__name__, entry.event.attempt_id] += 1
            leads = {lead.id: lead for lead in r.leads(set(self.leads))}
        found = Counter(
            lost=len(self.calls.keys() - rows.keys()), invented=len(rows.keys() - self.calls.keys())
        )
        for attempt_id, call in self.calls.items():
            row = rows.get(attempt_id)
            if row is not None:
                there = (row.lead_id, row.rep_id, row.started_at, row.outcome)
                found["otherwise"] += there != (call.lead_id, call.rep_id, call.began, call.outcome.value)
            found["twice"] += told["AttemptStarted", attempt_id] > 1 or told["OutcomeLogged", attempt_id] > 1
            found["untold"] += not told["AttemptStarted", attempt_id] or not told["OutcomeLogged", attempt_id]
        found["leads_lost"] = len(set(self.leads) - leads.keys())
        for lead in leads.values():
            if self._is_misjudged(lead):
                found["misjudged"] += 1
                self.misjudged.append(
                    (lead, [call for call in self.calls.values() if call.lead_id == lead.id])
                )
        return found

    def _is_misjudged(self, lead: Lead) -> bool:
        """A late call is late however it was told; one in time, told late, may have been given up by then."""
        calls = [call for call in self.calls.values() if call.lead_id == lead.id]
        assert lead.deadline is not None
        if lead.first_attempt_at != min((call.began for call in calls), default=None):
            return True
        in_time = [call for call in calls if call.began <= lead.deadline]
        allowed = {ClockState.MET} if any(call.at_once for call in in_time) else set()
        if in_time and not allowed:
            allowed = {ClockState.MET, ClockState.BREACHED}
        if not in_time:
            is_due = lead.deadline <= self.stand.clock.now()
            allowed = {ClockState.BREACHED if is_due else ClockState.RUNNING}
        return lead.clock not in allowed or (
            lead.clock == ClockState.BREACHED and lead.breached_at != lead.deadline
        )

    def close(self) -> None:
        for desk in self.desks:
            desk.close()


def _otherwise(board: Board, fresh: Board) -> list[str]:
    """Of two boards, what is not the same."""
    found = [f"alarms {board.alarms}, not {fresh.alarms}"] if board.alarms != fresh.alarms else []
    for lead_id in board.leads.keys() | fresh.leads.keys():
        one, other = board.leads.get(lead_id), fresh.leads.get(lead_id)
        if one is None or other is None:
            found.append(f"{lead_id} is {'only there' if other is None else 'missing'}")
        elif one != other:
            names = [
                field.name for field in fields(one) if getattr(one, field.name) != getattr(other, field.name)
            ]
            found.append(
                f"{lead_id} has {[(name, getattr(one, name), getattr(other, name)) for name in names]}"
            )
    mine, theirs = ({rep.id: rep.status for rep in one.reps.values()} for one in (board, fresh))
    return found + ([f"people {mine}, not {theirs}"] if mine != theirs else [])


@pytest.mark.trial("R8", ci=120, full=10 * MINUTES, short=20, unit="minutes with a cut each")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", SHARES)
def test_a_day_of_cuts_loses_nothing_and_doubles_nothing(
    kind: str, trial: Trial, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    left = trial.share(SHARES[kind])
    days = 0
    while left > 0:  # a seed is a day
        minutes = min(left, MINUTES)
        left -= minutes
        days += 1
        folder = tmp_path / str(days)
        folder.mkdir()
        clock = HandClock(START)
        with fresh_floor(KINDS[kind], folder, lambda: request.getfixturevalue("pg_cluster")) as address:
            stand = Stand(house(kind, address, clock), clock)
            try:
                _one_day(stand, folder, trial, minutes)
            finally:
                stand.close()


def _one_day(stand: Stand, folder: Path, trial: Trial, minutes: int) -> None:
    day = Day(stand, folder, trial, DESKS[asked().sizes])
    try:
        for number in range(minutes):
            day.minute(number)
            if number % 60 == 59:
                day.heal()
                assert not day.unlike()
        day.heal()
        unlike, found = day.unlike(), day.faults()
        trial.found(
            leads=len(day.leads),
            calls=len(day.calls),
            cuts=day.cuts,
            lost_answers=day.lost_answers,
            late_told=sum(not call.at_once for call in day.calls.values()),
            **{name: found[name] for name in ("lost", "twice", "misjudged")},
            unlike=len(unlike),
        )
        trial.worst(seconds_to_heal=day.slowest)
        assert not +found, f"{found} {day.misjudged}"
        assert not unlike
        assert day.slowest <= SOON_S
        assert len(day.calls) > minutes / 4
        assert stand.chain_fault() == ""
    finally:
        day.close()
