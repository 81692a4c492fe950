"""R7: a thousand deadlines in the same second on PostgreSQL, while the keeper is frozen, another one killed.

Each lead goes through its whole chain exactly once, and every breach and every step is stamped with the deadline that
was missed and the instant at which the step was due, however late it was taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.chain import Step, StepKind
from app.domain.commands import AddRep, PublishRulebook
from app.domain.events import ClockBreached, LeadEscalated
from app.domain.lead import ClockState, Role
from app.domain.questions import FloorFacts
from app.domain.rulebook import DEFAULT
from app.store.book import Book
from tests.floor.many import add_due
from tests.floor.stand import Ear
from tests.fresh import fresh_floor
from tests.reliability.test_keepers import House, needs_signals
from tests.reliability.trial import Trial

PATIENCE_S = 240.0
CHAIN = (
    Step(kind=StepKind.LOUDER, after=0),
    Step(kind=StepKind.NEXT_REP, after=0),
    Step(kind=StepKind.TEAM_LEAD, after=1),
    Step(kind=StepKind.OWNER, after=2),
)
pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    with fresh_floor("postgresql", tmp_path, lambda: request.getfixturevalue("pg_cluster")) as address:
        made = House(address)
        yield made
        made.close()


class Story(Ear):
    """What was told of each lead."""

    def of(
        self, kind: type[ClockBreached] | type[LeadEscalated]
    ) -> list[tuple[str, ClockBreached | LeadEscalated]]:
        return [
            (entry.lead_id, entry.event)
            for batch in list(self.batches)
            for entry in batch.entries
            if isinstance(entry.event, kind)
        ]

    def until_steps(self, count: int) -> None:
        with self._told:
            enough = self._told.wait_for(lambda: len(self.of(LeadEscalated)) >= count, PATIENCE_S)
        assert enough, f"{len(self.of(LeadEscalated))} of {count} steps were taken"


@needs_signals
@pytest.mark.trial("R7", short=60, ci=200, full=1000, unit="leads at once")
def test_many_deadlines_in_one_second_escalate_once_each_whatever_becomes_of_the_keeper(
    house: House, trial: Trial
) -> None:
    count = trial.size
    house.floor.do(AddRep(name="Olga", role=Role.OWNER))
    house.floor.do(PublishRulebook(rulebook=replace(DEFAULT, chain=CHAIN)))
    story = Story(house.floor)
    house.add()
    house.add()
    frozen = house.in_charge()
    deadline = _storm(house, count)
    story.until_steps(count // 3)
    frozen.freeze(True)
    killed = house.in_charge(other_than=frozen.name)
    story.until_steps(count)
    killed.kill()
    del house.programs[killed.name]
    house.add()
    frozen.freeze(False)
    story.until_steps(count * len(CHAIN))
    story.stop()
    breaches, steps = story.of(ClockBreached), story.of(LeadEscalated)
    assert set(Counter(lead for lead, _ in breaches).values()) == {1}
    assert len(breaches) == count
    taken = Counter((lead, event.what) for lead, event in steps if isinstance(event, LeadEscalated))
    assert set(taken.values()) == {1}
    assert len(taken) == count * len(CHAIN)
    assert {event.deadline for _, event in (*breaches, *steps)} == {deadline}
    after = {step.kind.value: timedelta(seconds=step.after) for step in CHAIN}
    assert {event.due for _, event in steps if isinstance(event, LeadEscalated)} == {
        deadline + wait for wait in after.values()
    }
    for _, event in steps:
        assert isinstance(event, LeadEscalated)
        assert event.due == deadline + after[event.what]
    leads = [lead for lead in story.board.leads.values() if lead.clock is ClockState.BREACHED]
    assert {lead.breached_at for lead in leads} == {deadline}
    assert len(leads) == count
    assert house.floor.ask(FloorFacts()).chain_holds
    trial.found(breaches=len(breaches), steps=len(steps), twice=0, handovers=2)


def _storm(house: House, count: int) -> datetime:
    """Leads that wait for their call, all to the same deadline, a moment away."""
    book = Book(house.address.replace("+psycopg", ""))
    deadline = house.clock.now().replace(microsecond=0) + timedelta(seconds=3)
    try:
        add_due(book, count, deadline)
    finally:
        book.close()
    return deadline
