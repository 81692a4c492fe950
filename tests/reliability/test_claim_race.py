"""R4: reps race for leads while acknowledgements are lost: nobody twice, and everybody who won is told."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from pathlib import Path

import pytest

from app.clock import FloorClock, new_id
from app.domain.commands import ClaimLead
from app.domain.errors import Refused, Unavailable
from app.domain.lead import Rep, RepStatus
from app.domain.questions import FloorFacts
from app.floor.local import LocalFloor
from app.store.book import Book
from tests.floor.many import add_leads
from tests.fresh import DATABASES, START, Database, fresh_floor

RACERS = 8
LEADS = int(os.environ.get("FIRSTRING_CLAIMS", "1000")) // RACERS
LOST = 0.1
"""Share of the answers that do not arrive."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", DATABASES)
def test_no_lead_is_won_twice_and_every_winner_is_told(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = int(os.environ.get("FIRSTRING_SEED", str(random.randrange(10**6))))
    print(f"R4 on {database}: seed {seed}, {RACERS * LEADS} racing claims")  # noqa: T201 - shown where it fails
    with fresh_floor(database, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as address:
        book = Book(address)
        leads = [lead.id for lead in add_leads(book, LEADS)]
        reps = [
            Rep(id=new_id(), name=f"Rep {n}", status=RepStatus.AVAILABLE, status_since=START)
            for n in range(RACERS)
        ]
        with book.writing("setup", START) as w:
            for rep in reps:
                w.add_rep(rep)
        told: list[tuple[str, str]] = []
        floors = [LocalFloor(book, FloorClock(), rep.id) for rep in reps]

        def race(n: int) -> None:
            dice = random.Random(f"{seed}.{n}")
            for lead_id in leads:
                command = ClaimLead(lead_id=lead_id)
                while True:
                    try:
                        floors[n].do(command)
                    except Refused:
                        break
                    except Unavailable:
                        continue
                    if dice.random() >= LOST:  # else the answer is lost, and the same command is sent again
                        told.append((lead_id, reps[n].id))
                        break

        racers = [threading.Thread(target=race, args=(n,)) for n in range(RACERS)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        facts = floors[0].ask(FloorFacts())
        with book.reading() as r:
            owners = {lead.id: lead.owner for lead in r.leads(set(leads))}
            claims = Counter(
                entry.lead_id for entry in r.since(0, 10**6) if type(entry.event).__name__ == "LeadClaimed"
            )
        book.close()
    assert Counter(lead for lead, _ in told) == dict.fromkeys(leads, 1)
    assert dict(told) == owners
    assert set(claims.values()) == {1}
    assert facts.chain_fault == ""
