"""Costs on every kind of floor: entered together or not at all, seen by those who may see money, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.commands import BeginImport, CancelImport, DropCost, EnterCosts, FinishImport, LogOutcome
from app.domain.costs import CostLine
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.events import CostsNoted
from app.domain.lead import Outcome, Role
from app.domain.questions import Costs, FloorFacts, ReadJournal
from app.domain.report import Asked, RunReport
from tests.floor.stand import Ear, Stand

MARCH = CostLine(first="2026-03-01", last="2026-03-31", medium="google", campaign="spring", amount=310_00)
DAY = CostLine(first="2026-04-02", medium="facebook", amount=-12_50, note="credit")


def test_costs_are_entered_together_asked_for_by_day_and_taken_back(stand: Stand) -> None:
    mia = stand.rep("Mia", Role.MANAGER)
    ids = stand.by(mia).do(EnterCosts(costs=(MARCH, DAY))).value.ids
    found = stand.by(mia).ask(Costs()).costs
    assert [(one.id, one.amount, one.entered_by) for one in found] == [
        (ids[1], -12_50, "Mia"),
        (ids[0], 310_00, "Mia"),
    ]
    assert found[0].last == "2026-04-02"
    assert [one.id for one in stand.by(mia).ask(Costs(since="2026-03-31", until="2026-04-02")).costs] == [
        ids[0]
    ]
    assert [one.id for one in stand.by(mia).ask(Costs(since="2026-04-01")).costs] == [ids[1]]
    stand.by(mia).do(DropCost(cost_id=ids[0]))
    assert [one.id for one in stand.by(mia).ask(Costs()).costs] == [ids[1]]
    with pytest.raises(NotFound):
        stand.by(mia).do(DropCost(cost_id=ids[0]))


def test_one_bad_line_and_none_is_entered(stand: Stand) -> None:
    mia = stand.rep("Mia", Role.MANAGER)
    with pytest.raises(Refused):
        stand.by(mia).do(EnterCosts(costs=(MARCH, CostLine(first="soon", medium="x", amount=1))))
    with pytest.raises(Refused):
        stand.by(mia).do(EnterCosts(costs=()))
    with pytest.raises(Refused):
        stand.by(mia).do(EnterCosts(costs=(MARCH,) * 1001))
    assert stand.by(mia).ask(Costs()).costs == ()


def test_those_of_a_file_count_once_it_is_finished_and_never_if_it_is_given_up(stand: Stand) -> None:
    done, given_up = (stand.do(BeginImport(file=f"{n}.csv", sha256=str(n))) for n in range(2))
    for import_id in (done, given_up):
        for line in (MARCH, DAY):
            stand.setup.do(EnterCosts(costs=(line,), import_id=import_id))
    assert stand.setup.ask(Costs()).costs == ()
    stand.setup.do(FinishImport(import_id=done))
    stand.setup.do(CancelImport(import_id=given_up))
    assert [one.import_id for one in stand.setup.ask(Costs()).costs] == [done, done]
    with pytest.raises(Refused):
        stand.setup.do(EnterCosts(costs=(MARCH,), import_id=done))


def test_nobody_else_sees_money(stand: Stand) -> None:
    owner, lead, rep, admin = (
        stand.rep(role.value, role) for role in (Role.OWNER, Role.TEAM_LEAD, Role.REP, Role.ADMIN)
    )
    ear = Ear(stand.by(rep)).until(stand.setup.ask(FloorFacts()).head)
    cursor = stand.by(owner).do(EnterCosts(costs=(MARCH,))).cursor
    for other in (lead, rep, admin):
        with pytest.raises(NotAllowed):
            stand.by(other).ask(Costs())
        with pytest.raises(NotAllowed):
            stand.by(other).do(EnterCosts(costs=(MARCH,)))
    ear.until(cursor)
    told = [entry.event for batch in ear.batches for entry in batch.entries]
    ear.stop()
    assert [len(event.ids) for event in told if isinstance(event, CostsNoted)] == [1]
    assert not any(event.lines for event in told if isinstance(event, CostsNoted))
    for who, lines in ((admin, ()), (owner, (MARCH,))):
        (event,) = (
            one.event for one in stand.by(who).ask(ReadJournal()).entries if isinstance(one.event, CostsNoted)
        )
        assert event.lines == lines


@pytest.mark.parametrize("name", ["sources", "funnel", "velocity", "reps", "loop", "baseline"])
def test_each_report_is_made_on_every_floor_and_money_is_for_who_may_see_it(stand: Stand, name: str) -> None:
    mia, leader = stand.rep("Mia", Role.MANAGER), stand.rep("Lea", Role.TEAM_LEAD)
    today = stand.clock.now().date().isoformat()
    stand.by(mia).do(EnterCosts(costs=(CostLine(first=today, medium="radio", amount=500_00),)))
    lead = stand.new_lead()
    stand.by(mia).do(LogOutcome(lead_id=lead.id, outcome=Outcome.WON, amount=2000_00))
    asked = Asked(since=stand.clock.now() - timedelta(days=1), until=stand.clock.now() + timedelta(days=1))
    full = stand.by(mia).ask(RunReport(name=name, asked=asked))
    hidden = stand.by(leader).ask(RunReport(name=name, asked=asked))
    assert full.name == hidden.name == name
    assert [table.key for table in full.tables] == [table.key for table in hidden.tables]
    if name == "sources":
        shown = {figure.key: figure.now.value for figure in full.figures}
        assert (shown["cost"], shown["revenue"], shown["roi"], shown["won"]) == (500_00, 2000_00, 3.0, 1)
        kept_back = {figure.key: figure.now.value for figure in hidden.figures}
        assert (kept_back["cost"], kept_back["revenue"], kept_back["roi"], kept_back["won"]) == (
            None,
            None,
            None,
            1,
        )
