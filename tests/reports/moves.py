"""Floors made by real commands: a list of moves, each of which is done if it can be.

Leads come, ask again from elsewhere, are claimed, called, booked, won, lost, taken back; time passes and the keeper
breaches clocks and escalates; money is spent. What a move cannot do is refused, and is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from app.clock import HandClock
from app.codec import encode
from app.domain.commands import (
    AddPastRows,
    BeginImport,
    CaptureInquiry,
    ClaimLead,
    DropCost,
    EndAttempt,
    EnterCosts,
    FinishImport,
    LogOutcome,
    ReleaseLead,
    StartAttempt,
    UndoOutcome,
)
from app.domain.costs import CostLine
from app.domain.errors import AppError, Refused
from app.domain.hours import Block, Calendar
from app.domain.lead import AttemptKind, Outcome
from app.domain.past import ImportKind, PastCall, PastRow
from app.domain.rulebook import DEFAULT
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, WARM, Stand
from tests.fresh import START, Database, fresh_floor
from tests.postgres import Cluster
from tests.reports import slow
from tests.reports.slow import Sent

Move = tuple[str, int, int]
ORIGINS = [
    ("google", "spring", "a1"),
    ("Google", "Spring", ""),
    ("meta", "spring", ""),
    ("google", "", ""),
    ("", "", ""),
]
SPANS = (5, 45, 61, 200, 290, 700, 1500, 3000, 20_000, 90_000, 700_000)
WEEK = ((Block(start=slow.HOURS[0] * 3600, until=slow.HOURS[1] * 3600),),) * 5 + ((), ())
number = st.integers(0, 11)
MOVE = st.one_of(
    st.tuples(st.just("come"), st.integers(0, 4), number),
    st.tuples(st.just("come"), st.integers(0, 4), number),
    st.tuples(st.just("again"), st.integers(0, 4), number),
    st.tuples(st.just("wait"), st.integers(0, len(SPANS) - 1), number),
    st.tuples(st.just("wait"), st.integers(0, len(SPANS) - 1), number),
    st.tuples(st.just("claim"), number, number),
    st.tuples(st.just("release"), number, number),
    st.tuples(st.just("call"), number, number),
    st.tuples(st.just("call"), number, number),
    st.tuples(st.just("write"), number, number),
    st.tuples(st.just("hang_up"), number, number),
    st.tuples(st.just("outcome"), number, st.integers(0, 6)),
    st.tuples(st.just("outcome"), number, st.integers(0, 6)),
    st.tuples(st.just("undo"), number, number),
    st.tuples(st.just("log"), number, number),
    st.tuples(st.just("spend"), st.integers(0, 3), number),
    st.tuples(st.just("unspend"), number, number),
)  # fmt: skip


class Moves:
    """A floor, and what can be done on it."""

    def __init__(self, address: str, has_hours: bool) -> None:
        self.clock = HandClock(START)
        self.house = LocalHouse(address, self.clock)
        self.stand = Stand(self.house, self.clock)
        self.has_hours = has_hours
        if has_hours:
            self.stand.publish(
                replace(DEFAULT, calendars=(Calendar(name="floor", zone=slow.ZONE.key, week=WEEK),))
            )
        self.people = [self.stand.rep(name) for name in ("Ana", "Ben", "Cleo")]
        self.sent: dict[str, Sent] = {}
        self.leads: list[str] = []
        self.attempts: dict[str, str] = {}
        self.spent: list[str] = []
        self.logs = 0

    def do(self, move: str, a: int, b: int) -> None:
        with suppress(AppError):
            getattr(self, f"_{move}")(a, b)

    def _post(self, a: int, b: int, **who: object) -> None:
        medium, campaign, ad = ORIGINS[a]
        sent = Sent(
            medium, campaign, ad, is_test=b == 0 and "email" not in who, is_sound=b != 1 or "email" in who
        )
        said: dict[str, object] = {"utm_source": medium, "utm_campaign": campaign, "utm_content": ad, **who}
        if sent.is_test:
            said["is_test"] = True
        if not sent.is_sound:
            said["phone"] = "12"
        inquiry = self.stand.inquiry(encode(self.stand.body(HOT if b % 2 else WARM, **said)))
        self.sent[inquiry.id] = sent
        captured = self.stand.by("capture").do(CaptureInquiry(inquiry=inquiry)).value
        if captured.lead_id and captured.lead_id not in self.leads:
            self.leads.append(captured.lead_id)

    def _come(self, a: int, b: int) -> None:
        self._post(a, b)

    def _again(self, a: int, b: int) -> None:
        lead = self.stand.lead(self._lead(b))
        if not lead.is_test and not lead.problems:
            self._post(a, b, email=lead.email, phone=lead.phone, name=lead.name)

    def _wait(self, a: int, b: int) -> None:
        self.stand.keep(seconds=SPANS[a])

    def _lead(self, n: int) -> str:
        if not self.leads:
            raise Refused("There is no lead yet.")
        return self.leads[-1 - n % len(self.leads)]

    def _rep(self, n: int) -> Any:
        return self.stand.by(self.people[n % 3])

    def _claim(self, a: int, b: int) -> None:
        self._rep(b).do(ClaimLead(lead_id=self._lead(a)))

    def _release(self, a: int, b: int) -> None:
        self._mine(a, b).do(ReleaseLead(lead_id=self._lead(a), reason="no time"))

    def _mine(self, a: int, b: int) -> Any:
        """Who has the lead, else somebody."""
        owner = self.stand.lead(self._lead(a)).owner
        return self.stand.by(owner) if owner else self._rep(b)

    def _call(self, a: int, b: int) -> None:
        rep = self._rep(b) if b > 8 else self._mine(a, b)
        self.attempts[self._lead(a)] = rep.do(StartAttempt(lead_id=self._lead(a))).value.attempt_id

    def _write(self, a: int, b: int) -> None:
        self._mine(a, b).do(StartAttempt(lead_id=self._lead(a), kind=AttemptKind.EMAIL))

    def _hang_up(self, a: int, b: int) -> None:
        self._mine(a, b).do(EndAttempt(attempt_id=self.attempts.get(self._lead(a), "")))

    def _outcome(self, a: int, b: int) -> None:
        outcome = list(Outcome)[b]
        later = self.clock.now() + timedelta(hours=1 + a)
        at = later if outcome in (Outcome.BOOKED, Outcome.CALL_BACK) else None
        amount = 12_345 * (a + 1) if outcome is Outcome.WON else None
        self._mine(a, b).do(
            LogOutcome(lead_id=self._lead(a), outcome=outcome, at=at, reason="so it was", amount=amount)
        )

    def _undo(self, a: int, b: int) -> None:
        self._mine(a, b).do(UndoOutcome(lead_id=self._lead(a)))

    def _log(self, a: int, b: int) -> None:
        """A telephone system's log tells of a call to a lead, of now or of a while ago."""
        lead = self.stand.lead(self._lead(a))
        at = max(lead.captured_at, self.clock.now() - timedelta(seconds=SPANS[b % len(SPANS)]) * (b % 4))
        talked = b % 2 == 1
        call = PastCall(at=at, by=("Ana", "Ben", "Cleo")[b % 3], seconds=60,
                        outcome=None if talked else Outcome.NO_ANSWER, contact=talked)  # fmt: skip
        self.logs += 1
        begin = BeginImport(file="log.csv", sha256=f"{self.logs:064x}", kind=ImportKind.CALLS)
        import_id = self.stand.setup.do(begin).value.id
        row = PastRow(line=2, email=lead.email, call=call)
        self.stand.setup.do(AddPastRows(import_id=import_id, rows=(row,)))
        self.stand.setup.do(FinishImport(import_id=import_id, rejected=0))

    def _spend(self, a: int, b: int) -> None:
        medium, campaign, ad = ORIGINS[a]
        first = START.date() + timedelta(days=b - 2)
        line = CostLine(first=first.isoformat(), last=(first + timedelta(days=b)).isoformat(),
                        medium=medium, campaign=campaign, ad=ad, amount=1_001 * (b + 1))  # fmt: skip
        self.spent += self.stand.setup.do(EnterCosts(costs=(line,))).value.ids

    def _unspend(self, a: int, b: int) -> None:
        if self.spent:
            self.stand.setup.do(DropCost(cost_id=self.spent.pop(a % len(self.spent))))


@contextmanager
def floor(
    database: Database, folder: Path, cluster: Callable[[], Cluster], has_hours: bool
) -> Iterator[Moves]:
    with fresh_floor(database, folder, cluster) as address:
        moves = Moves(address, has_hours)
        try:
            yield moves
        finally:
            moves.house.close()


_BUSY = (
    "come", "come", "call", "call", "outcome", "outcome", "wait", "again", "claim", "undo", "spend", "hang_up", "log"
)  # fmt: skip
_MOST = {"come": 4, "again": 4, "wait": 6, "spend": 3}


def busy(seed: int, moves: int) -> list[Move]:
    """Moves by a fixed dice: enough leads for odds and long lines of calls."""
    dice = Random(seed)
    found = []
    for _ in range(moves):
        name = dice.choice(_BUSY)
        a, b = dice.randrange(12), dice.randrange(12)
        is_outcome = name == "outcome"
        found.append((name, min(a % 7 if is_outcome else a, _MOST.get(name, 11)), b % 7 if is_outcome else b))
    return found
