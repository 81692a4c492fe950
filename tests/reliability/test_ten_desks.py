"""Ten desks race for every lead while answers are lost, a server is killed and the database's computer dies.

Each desk is a program of its own; all go for the same leads in the same order. A tenth of the answers never arrives,
and the same command is said again. Nobody is told of a lead that another was told of, nobody wins one unknowingly, and
every desk has seen every event once, with the hashes that the floor's journal has.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from app.clock import FloorClock
from app.codec import encode
from app.domain.commands import AddRep, AddSource, InviteDesk, JoinFloor, SetStatus
from app.domain.device import new_secret, new_token, secret_sha256, token_sha256
from app.domain.events import LeadClaimed
from app.domain.lead import RepStatus
from app.domain.questions import FloorFacts
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor
from tests.floor.many import add_leads
from tests.fresh import NAME, START
from tests.reliability.pair import Pair
from tests.reliability.posting import Posting
from tests.reliability.ten import Race, Seat
from tests.reliability.trial import Trial
from tests.server.serve_house import Serving

pytestmark = [pytest.mark.timeout(600), pytest.mark.expects_errors]
DESKS, FEW = 10, 4
"""Desks of a trial, and of everyday's run, which shows the same with fewer programs to start."""
LOST = 0.1
LIVE_AGAIN_S = 10.0
"""A promise; held to it is a run in its full size, which has the computer to itself."""


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.stop()


class Hall:
    """The floor of a race, on a primary with its standby, and who works there."""

    def __init__(self, pair: Pair, desks: int, claims: int, folder: Path) -> None:
        self.pair = pair
        self.folder = folder
        url = pair.primary.empty()
        self.database = url.rpartition("/")[2]
        start_floor(url, NAME, START)
        pair.add_standby(self.database)
        self.address = pair.address(self.database)
        self.book = Book(self.address)
        self.floor = LocalFloor(self.book, FloorClock(), "admin")
        self.floor.hear_time()
        self.leads = [lead.id for lead in add_leads(self.book, claims // desks)]
        self.reps = [self.floor.do(AddRep(name=f"Rep {number}")).value.id for number in range(desks)]
        for rep in self.reps:
            self.floor.as_actor(rep).do(SetStatus(status=RepStatus.AVAILABLE))
        source = self.floor.do(AddSource(name="Web site", channel="json")).value.id
        self.posting = Posting(self.floor.as_actor("capture"), source, 0.25)
        self.servers: list[Serving] = []

    def serve(self) -> None:
        self.servers.append(Serving(self.address, self.folder / f"server{len(self.servers)}"))

    def token(self, rep: str) -> str:
        """Let a computer of a rep's in; what it shows."""
        secret, token = new_secret(), new_token()
        self.floor.do(InviteDesk(rep_id=rep, secret_sha256=secret_sha256(secret)))
        command = JoinFloor(secret=secret, device="Desk", token_sha256=token_sha256(token))
        self.floor.as_actor("joining").do(command)
        return token

    def seats(self, seed: int) -> list[Seat]:
        """A desk for each rep: by the servers, half of them at each, or by the database where there is none."""
        ways = [f"https://{server.address}" for server in self.servers]
        return [
            Seat(
                rep=rep,
                seed=seed + number,
                servers=ways[number % len(ways) :] + ways[: number % len(ways)],
                token=self.token(rep),
                pins=[server.pin for server in self.servers],
            )
            if ways
            else Seat(rep=rep, seed=seed + number, database=self.address)
            for number, rep in enumerate(self.reps)
        ]

    def kill_primary(self) -> tuple[int, float]:
        """The standby takes over; the last event before that, and when the primary was killed."""
        killed = time.monotonic()
        self.pair.kill_primary()
        last = self.pair.at_standby(self.database, "SELECT last FROM feed")
        self.pair.promote()
        return int(str(last)), killed

    def close(self) -> None:
        if self.posting.is_alive():
            self.posting.stop()
        for server in self.servers:
            server.stop()
        self.floor.close()


def judge(hall: Hall, race: Race, reports: list[dict[str, Any]]) -> dict[str, int]:
    """What the race comes to; asserts that every desk has seen the whole feed."""
    with hall.book.reading() as r:
        rows = [(row.seq, row.id, row.hash) for row in r.chain()]
        entries = r.since(0, len(rows))
        owners = {lead.id: lead.owner for lead in r.leads(set(hall.leads))}
    hashes = {seq: mark for seq, _, mark in rows}
    assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))
    whole = hall.floor.batch_after(None)
    assert whole is not None
    leads = hashlib.sha256(encode(sorted(whole.leads, key=lambda lead: lead.id))).hexdigest()
    for report in reports:
        numbers, marks = report["numbers"], report["marks"]
        assert report["snapshots"] == 1
        assert report["cursor"] == rows[-1][0]
        assert numbers == list(range(marks[0][0] + 1, rows[-1][0] + 1))
        assert all(hashes[seq] == mark for seq, mark in marks)
        seen = "".join(f"{seq} {event_id}\n" for seq, event_id, _ in rows[numbers[0] - 1 :])
        assert report["ids"] == hashlib.sha256(seen.encode()).hexdigest()
        assert report["leads"] == leads
    assert hall.floor.ask(FloorFacts()).chain_fault == ""
    told = [(lead, racer.rep) for racer in race.racers for lead in racer.report["won"]]
    claims = Counter(entry.lead_id for entry in entries if isinstance(entry.event, LeadClaimed))
    raced = set(hall.leads)
    return {
        "claims": sum(len(hall.leads) for _ in race.racers),
        "answers_lost": sum(report["lost"] for report in reports),
        "doubles": len(told) - len({lead for lead, _ in told})
        + sum(count - 1 for lead, count in claims.items() if lead in raced),
        "untold": len(set(owners.items()) - set(told)),
        "events": len(rows),
    }  # fmt: skip


@pytest.mark.trial("R4", ci=1000, full=10_000, short=100, unit="claims")
@pytest.mark.parametrize("way", ["one database", "two servers"])
def test_ten_desks_race_while_servers_and_the_database_die(
    way: str, pair: Pair, trial: Trial, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        hall = Hall(pair, DESKS if trial.size >= 1000 else FEW, trial.size, tmp_path)
        stack.callback(hall.close)
        for _ in range(2 if way == "two servers" else 0):
            hall.serve()
        race = Race(hall.seats(trial.seed), hall.leads, LOST, tmp_path)
        stack.callback(race.end)
        began = race.go()
        hall.posting.start()
        took = {}
        if hall.servers:
            race.until(lambda: race.done >= trial.size // 3)
            killed = time.monotonic()
            hall.servers[0].kill()
            took["server"] = race.live_again(hall.floor.head()[0], killed)
        race.until(lambda: race.done >= trial.size * (2 if hall.servers else 1) // 3)
        took["database"] = race.live_again(*hall.kill_primary())
        race.until(lambda: race.done == trial.size)
        seconds = time.monotonic() - began
        hall.posting.stop()
        found = judge(hall, race, race.finish(hall.floor.head()[0]))
    trial.found(**found)
    for what, value in took.items():
        trial.worst(**{f"live_after_{what}_s": value})
    trial.worst(race_s=seconds)
    assert (found["doubles"], found["untold"]) == (0, 0)
    assert found["answers_lost"] >= (trial.size * LOST / 3 if trial.size >= 1000 else 1)
    if trial.size >= 10_000:
        assert max(took.values()) <= LIVE_AGAIN_S, took
