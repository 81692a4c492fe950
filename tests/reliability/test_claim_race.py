"""R4: reps race for leads while acknowledgements are lost: nobody twice, and everybody who won is told."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from app.domain.commands import ClaimLead
from app.domain.errors import LeadAlreadyClaimed
from app.domain.events import LeadClaimed
from app.domain.questions import FloorFacts
from tests.floor.many import add_leads
from tests.reliability.doors import WAYS, Door, at_work, doors
from tests.reliability.trial import Trial

RACERS = 10
LOST = 0.1
"""Share of the answers that do not arrive."""


@pytest.mark.trial("R4", ci=10_000, full=100_000, short=1_000, unit="claims")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", WAYS)
def test_no_lead_is_won_twice_and_every_winner_is_told(
    way: str, trial: Trial, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = RACERS if way == "server" else 3
    with doors(way, RACERS, tmp_path, lambda: request.getfixturevalue("pg_cluster"), lines=lines) as floor:
        leads = [lead.id for lead in add_leads(floor.book, trial.size // RACERS)]
        told: list[tuple[str, str]] = []
        refused: list[tuple[str, str]] = []

        def race(door: Door, seed: float) -> None:
            door.lose_share(LOST, random.Random(seed))
            for lead_id in leads:
                try:
                    door.surely(ClaimLead(lead_id=lead_id))
                    told.append((lead_id, door.rep_id))
                except LeadAlreadyClaimed:
                    refused.append((lead_id, door.rep_id))

        at_work([partial(race, door, trial.random.random()) for door in floor.doors])
        facts = floor.setup.ask(FloorFacts())
        with floor.book.reading() as r:
            owners = {lead.id: lead.owner for lead in r.leads(set(leads))}
            claims = Counter(e.lead_id for e in r.since(0, 10**7) if isinstance(e.event, LeadClaimed))
        lost = sum(door.lost for door in floor.doors)
    winners = Counter(lead for lead, _ in told)
    doubles = sum(count - 1 for count in (winners | claims).values())
    untold = len(set(owners.items()) - set(told))
    trial.found(claims=len(told) + len(refused), answers_lost=lost, doubles=doubles, untold=untold)
    assert winners == dict.fromkeys(leads, 1)
    assert dict(told) == owners
    assert claims == dict.fromkeys(leads, 1)
    assert len(refused) == len(leads) * (RACERS - 1)
    assert facts.chain_fault == ""
    assert lost > LOST / 2 * trial.size, "hardly any answer was lost"
