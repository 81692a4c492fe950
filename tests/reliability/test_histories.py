"""R5: desks claim, release, call, correct and look, at the same leads at the same moment, over lines that break.

What each was answered must be explained by one order in which a single floor does one thing after the other
(linearize.py). A command whose answer is lost is sent again a few times and then given up: it was done or not, once.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from app.domain.commands import ClaimLead, Command, CorrectLead, LogOutcome, ReleaseLead
from app.domain.errors import Clash, LeadAlreadyClaimed, Refused, Unavailable
from app.domain.lead import Outcome
from app.domain.questions import FloorFacts, LeadHistory
from tests.floor.many import add_leads
from tests.reliability.doors import WAYS, Door, Doors, at_work, doors
from tests.reliability.linearize import Op, bad_keys, is_linearizable
from tests.reliability.trial import Trial, asked

DESKS = 5
LEADS, FEWER, OPS = 50, 20, 24
"""Leads of a history, in full and else; what happens to each."""
AT_ONCE = 5
"""Leads that everybody works at, before all go on to the next ones."""
LOST = 0.03
TRIES = 3
"""Times a command is said before its desk gives up on an answer."""
SHARES = {"sqlite": 0.4, "postgresql": 0.3, "server": 0.3}
KINDS = ["claim"] * 8 + ["release"] * 5 + ["read"] * 5 + ["call"] * 3 + ["correct"] * 4 + ["close"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a lead is to whoever looks at it."""

    owner: str = ""
    claim_no: int = 0
    outcome: str = ""
    attempts: int = 0
    company: str = ""
    is_open: bool = True


def floors_way(lead: Known, op: Op) -> tuple[Known, Hashable]:
    """What one floor that does one thing after the other does, and answers."""
    if op.name == "read":
        return lead, lead
    if op.name == "correct":
        seen, now = op.said  # type: ignore[misc]
        fits = lead.company in (seen, now)
        return (replace(lead, company=now), "ok") if fits else (lead, "clash")
    if not lead.is_open:
        return lead, "closed"
    if lead.owner not in ("", op.who):
        return lead, "taken"
    if op.name == "release":
        return replace(lead, owner="", claim_no=lead.claim_no + 1), "ok"
    if lead.owner != op.who:
        lead = replace(lead, owner=op.who, claim_no=lead.claim_no + 1)
    if op.name == "call":
        lead = replace(lead, outcome="no_answer", attempts=lead.attempts + 1)
    elif op.name == "close":
        lead = replace(lead, outcome="lost", is_open=False)
    return lead, "ok"


class Desk:
    """Says what it is told to, and notes what it heard."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.ops: list[Op] = []
        self._company: dict[str, str] = {}
        self._count = 0

    def say(self, lead_id: str, name: str) -> None:
        self._count += 1
        command: Command[object] | None = None
        said: Hashable = None
        if name == "correct":
            mine = f"Desk {self.door.rep_id[-6:]} no {self._count}"
            said = (self._company.get(lead_id, ""), mine)
            command = CorrectLead(lead_id=lead_id, changes=(("company", mine),), seen=(("company", said[0]),))
        elif name == "claim":
            command = ClaimLead(lead_id=lead_id)
        elif name == "release":
            command = ReleaseLead(lead_id=lead_id, reason="lunch")
        elif name == "call":
            command = LogOutcome(lead_id=lead_id, outcome=Outcome.NO_ANSWER)
        elif name == "close":
            command = LogOutcome(lead_id=lead_id, outcome=Outcome.LOST, reason="no budget")
        op = Op(key=lead_id, who=self.door.rep_id, name=name, said=said, began=time.perf_counter())
        for _ in range(TRIES):
            try:
                answer = self._look(lead_id) if command is None else self._do(command)
            except Unavailable:
                threading.Event().wait(0.02)
                continue
            op = replace(op, ended=time.perf_counter(), answer=answer)
            break
        if not (op.is_open and command is None):  # a look that was not answered tells nobody anything
            self.ops.append(op)

    def _do(self, command: Command[object]) -> str:
        try:
            self.door.do(command)
        except LeadAlreadyClaimed:
            return "taken"
        except Clash:
            return "clash"
        except Refused as error:
            return {"Closed": "closed"}.get(error.title, f"{error.title}: {error.message}")
        return "ok"

    def _look(self, lead_id: str) -> Known:
        lead = self.door.ask(LeadHistory(lead_id=lead_id)).lead
        self._company[lead_id] = lead.company
        return Known(
            owner=lead.owner,
            claim_no=lead.claim_no,
            outcome=lead.last_outcome.value if lead.last_outcome else "",
            attempts=lead.attempts,
            company=lead.company,
            is_open=lead.is_open,
        )


def one_history(floor: Doors, count: int, chance: random.Random) -> tuple[list[Op], dict[Hashable, list[Op]]]:
    """Everybody works at new leads; all ops, and the histories that nothing explains."""
    leads = [lead.id for lead in add_leads(floor.book, count, company="")]
    desks = [Desk(door) for door in floor.doors]
    rounds: list[list[list[tuple[str, str]]]] = []
    for first in range(0, count, AT_ONCE):
        shares: list[list[tuple[str, str]]] = [[] for _ in desks]
        for lead_id in leads[first : first + AT_ONCE] * OPS:
            chance.choice(shares).append((lead_id, chance.choice(KINDS)))
        for share in shares:
            chance.shuffle(share)
        rounds.append(shares)
    gate = threading.Barrier(DESKS)
    over = threading.Event()

    def work(n: int) -> None:
        try:
            for shares in rounds:
                gate.wait(300)
                for lead_id, name in shares[n]:
                    desks[n].say(lead_id, name)
        except BaseException:
            gate.abort()
            raise

    def weather(dice: random.Random) -> None:
        """Lines break or fall silent for a moment, one after the other."""
        while not over.is_set():
            door = dice.choice([door for door in floor.doors if door.line is not None] or floor.doors)
            if door.line is not None and dice.random() < 0.5:
                door.line.fall_silent()
            else:
                door.cut()
            over.wait(dice.uniform(0.002, 0.04))
            door.mend()
            over.wait(dice.uniform(0.02, 0.2))

    bad = threading.Thread(target=weather, args=(random.Random(chance.random()),))
    bad.start()
    try:
        at_work([partial(work, n) for n in range(DESKS)])
    finally:
        over.set()
        bad.join()
    for desk in desks[:1]:  # and at the end somebody looks, over a good line
        desk.door.lose_share(0, chance)
        for lead_id in leads:
            desk.say(lead_id, "read")
    ops = [op for desk in desks for op in desk.ops]
    return ops, bad_keys(ops, Known(), floors_way)


@pytest.mark.trial("R5", ci=50, full=1_000, short=3, unit="histories")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("way", WAYS)
def test_one_order_explains_what_every_desk_was_answered(
    way: str, trial: Trial, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    leads = LEADS if asked().sizes == "full" else FEWER
    with doors(way, DESKS, tmp_path, lambda: request.getfixturevalue("pg_cluster"), lines=2) as floor:
        for _ in range(trial.share(SHARES[way])):
            for door in floor.doors:
                door.lose_share(LOST, random.Random(trial.random.random()))
            ops, bad = one_history(floor, leads, trial.random)
            trial.found(
                ops=len(ops), unanswered=sum(op.is_open for op in ops), leads=leads, bad_leads=len(bad)
            )
            assert not bad, "\n".join(map(str, next(iter(bad.values()))))
            answers = Counter((op.name, op.answer) for op in ops if op.name != "read")
            assert answers["claim", "ok"] > 0
            assert answers["claim", "taken"] > 0
            assert answers["correct", "clash"] > 0
        assert floor.setup.ask(FloorFacts()).chain_fault == ""


# -- the checker itself


def imagined(bug: str, seed: int, leads: int = 200, desks: int = 6) -> list[Op]:
    """Histories of a floor that was made up, in which every op takes effect at one moment of its time; or with a bug
    in one of twenty ops."""
    chance = random.Random(seed)
    ops: list[Op] = []
    for key in range(leads):
        lead, busy = Known(), dict.fromkeys(range(desks), -1.0)
        moments = []
        for _ in range(OPS):
            began = chance.uniform(0, 50)
            ended = began + chance.expovariate(1 / 6)
            moments.append((chance.uniform(began, ended), began, ended))
        for _, began, ended in sorted(moments):
            who = chance.randrange(desks)
            if busy[who] > began:
                continue
            busy[who] = ended
            name = chance.choice(["claim", "claim", "release", "read", "call"])
            op = Op(key=key, who=f"rep {who}", name=name, began=began)
            is_bad = chance.random() < 0.05
            if bug == "lost update" and is_bad and name == "claim":
                lead, answer = replace(lead, owner=op.who, claim_no=lead.claim_no + 1), "ok"
            elif bug == "stale read" and is_bad and name == "read":
                answer = replace(lead, owner=f"rep {chance.randrange(desks)}")
            else:
                lead, answer = floors_way(lead, op)  # type: ignore[assignment]
            if chance.random() < 0.05:  # its answer was lost
                ops.append(op)
            else:
                ops.append(replace(op, ended=ended, answer=answer))
    return ops


def test_the_checker_finds_what_was_lost_and_raises_no_false_alarm() -> None:
    for seed in range(3):
        assert not bad_keys(imagined("", seed), Known(), floors_way)
        assert len(bad_keys(imagined("lost update", seed), Known(), floors_way)) > 20
        assert len(bad_keys(imagined("stale read", seed), Known(), floors_way)) > 10


def test_the_checker_on_histories_written_by_hand() -> None:
    ana = Op(key=1, who="ana", name="claim", began=1, ended=2, answer="ok")
    ben = Op(key=1, who="ben", name="claim", began=3, ended=4, answer="ok")
    late = Op(key=1, who="ana", name="release", began=0)
    look = Op(key=1, who="ben", name="read", began=5, ended=6, answer=Known(owner="ben", claim_no=3))
    assert is_linearizable([ana], Known(), floors_way)
    assert not is_linearizable([ana, ben], Known(), floors_way)  # nobody gave it back between
    assert is_linearizable([ana, replace(ben, began=1.5, answer="taken")], Known(), floors_way)
    assert is_linearizable([ana, late, ben, look], Known(), floors_way)  # a release nobody heard of did
    assert not is_linearizable([ana, replace(late, began=5), ben, look], Known(), floors_way)
    assert not is_linearizable([replace(look, answer=Known(owner="ben"))], Known(), floors_way)
