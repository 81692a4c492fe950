"""D1: the round robin keeps everybody to their weighted share, whatever comes between.

A rep's share of a lead is their weight over the weights of all who could have taken that lead, as its ledger says;
how far off they are is the leads they got less the sum of their shares, at the worst moment of the whole run.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from app.clock import FloorClock
from app.domain.commands import AddRep, PublishRulebook, SetStatus
from app.domain.events import LeadRouted
from app.domain.lead import RepStatus
from app.domain.routes import Member, Route, Team
from app.domain.rulebook import DEFAULT
from app.domain.turns import LEAD, next_turn
from app.floor.local import LocalFloor
from app.store.book import Book
from tests.fresh import fresh_floor
from tests.reliability.trial import Trial

WAITS = "it was not their turn"
ROOT = Path(__file__).resolve().parents[2]
REPS = 12
AWHILE = {5: 60, 20: 30, 100: 9, 1_500: 1}
"""How many leads somebody misses, and how often that is: a break, a meeting, a day, a week's holiday."""
WEEK = max(AWHILE)
GOES = 0.004
"""How likely somebody is to go before a lead: of twelve, one before every twentieth."""


class Off:
    """How far each rep is off their share."""

    def __init__(self, weights: dict[str, int]) -> None:
        self._weights = weights
        self._by = dict.fromkeys(weights, 0.0)
        self.worst = 0.0

    def given(self, chosen: str, could: Iterable[str]) -> None:
        could = list(could)
        whole = sum(self._weights[rep] for rep in could)
        for rep in could:
            self._by[rep] += self._weights[rep] / whole
        self._by[chosen] -= 1
        self.worst = max(self.worst, *map(abs, self._by.values()))


class Comings:
    """Who is there when: each rep goes now and then, for as long as one goes."""

    def __init__(self, reps: list[str], dice: random.Random) -> None:
        self._dice = dice
        self._back = dict.fromkeys(reps, 0)
        self.was_away: dict[str, int] = {}
        """Who came back just now, and for how many leads they had been away."""
        self._left: dict[str, int] = {}

    def at(self, lead: int) -> list[str]:
        self.was_away = {}
        for rep, back in self._back.items():
            if back > lead:
                continue
            if rep in self._left:
                self.was_away[rep] = lead - self._left.pop(rep)
            elif self._dice.random() < GOES:
                self._left[rep] = lead
                (leads,) = self._dice.choices(list(AWHILE), list(AWHILE.values()))
                self._back[rep] = lead + leads
        return [rep for rep in self._back if rep not in self._left]


@pytest.mark.trial("D1", ci=10_000, full=200_000, unit="leads given")
def test_nobody_is_a_lead_off_their_share_whoever_comes_and_goes(trial: Trial) -> None:
    weights = {f"rep {number:02}": trial.random.randint(1, 5) for number in range(REPS)}
    for _ in range(trial.size // 10_000 or 1):
        owed: dict[str, int] = {}
        off, comings = Off(weights), Comings(list(weights), trial.random)
        flood: dict[str, list[int]] = {}
        """Of those who were away for a week: the leads that they got since, and those of all."""
        for lead in range(min(trial.size, 10_000)):
            could = comings.at(lead)
            if not could:
                continue
            for rep, missed in comings.was_away.items():
                if missed >= WEEK:
                    flood[rep] = [0, 0]
            chosen, owed = next_turn({rep: weights[rep] for rep in could}, owed)
            off.given(chosen, could)
            for rep, (had, of) in list(flood.items()):
                flood[rep] = [had + (rep == chosen), of + 1]
                assert had <= 2 + of * max(weights.values()) / min(weights.values()) / len(could) * 2, rep
                if of > 24:
                    del flood[rep]
        trial.found(leads=min(trial.size, 10_000))
        trial.worst(off=off.worst, owed=max(map(abs, owed.values())) / LEAD)
        assert off.worst < 1


class Server:
    """A program of its own that takes inquiries in."""

    def __init__(self, address: str, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.giving", address, name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.hear("up")

    def tell(self, inquiries: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{inquiries}\n")
        self._process.stdin.flush()

    def hear(self, word: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == f"{word}\n"

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.mark.trial("D1", ci=400, full=10_000, short=200, unit="leads captured")
@pytest.mark.timeout(900)
def test_two_servers_race_and_are_killed_and_nobody_is_a_lead_off(
    trial: Trial, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    each = 10
    with fresh_floor("postgresql", tmp_path, lambda: request.getfixturevalue("pg_cluster")) as address:
        floor = LocalFloor(Book(address), FloorClock(), "admin")
        floor.hear_time()
        servers: list[Server] = []
        try:
            reps = [floor.do(AddRep(name=f"Rep {number:02}")).value.id for number in range(REPS)]
            weights = {rep: trial.random.randint(1, 5) for rep in reps}
            team = Team(name="All", members=tuple(Member(rep=r, weight=w) for r, w in weights.items()))
            rulebook = replace(DEFAULT, routes=(Route(name="All", team="All"),), teams=(team,))
            floor.do(PublishRulebook(rulebook=rulebook))
            for rep in reps:
                floor.as_actor(rep).do(SetStatus(status=RepStatus.AVAILABLE))
            servers += [Server(address, name) for name in ("one", "two")]
            comings, there, kills = Comings(reps, trial.random), set(reps), 0
            for lead in range(0, trial.size, 2 * each):
                for server in servers:
                    server.tell(each)
                for at in range(lead, lead + 2 * each):  # they come and go while both servers decide
                    here = set(comings.at(at))
                    for rep in there ^ here:
                        status = RepStatus.AVAILABLE if rep in here else RepStatus.AWAY
                        floor.as_actor(rep).do(SetStatus(status=status))
                    there = here
                if trial.random.random() < 0.1:
                    victim = trial.random.randrange(2)
                    servers[victim].kill()
                    servers[victim] = Server(address, f"again {lead}")
                    kills += 1
                    servers[1 - victim].hear("done")
                else:
                    for server in servers:
                        server.hear("done")
            off, given = Off(weights), 0
            with floor._book.reading() as r:
                for entry in r.since(0, 10**7):
                    if isinstance(entry.event, LeadRouted) and entry.event.to:
                        could = [line.rep_id for line in entry.event.ledger if line.skipped in ("", WAITS)]
                        off.given(entry.event.to, could)
                        given += 1
            trial.found(leads=given, kills=kills)
            trial.worst(off=off.worst)
            assert given > trial.size * 0.8
            assert off.worst < 1
        finally:
            for server in servers:
                server.kill()
            floor.close()
