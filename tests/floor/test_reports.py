"""Reports at the door of every kind of floor: the same numbers, to whoever may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.commands import EndAttempt, LogOutcome, UndoOutcome
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.lead import Outcome, Role
from app.domain.report import Asked, By, LeadsBehind, Report, Reports, RunReport, Segment
from tests.floor.stand import HOT, Stand
from tests.fresh import START


@pytest.fixture(autouse=True)
def _dated_by_hand(floor_kind: str) -> None:
    if floor_kind.startswith("own logins"):
        pytest.skip("the database dates what a person's desk says, and by its own clock")


DAY = Asked(since=START - timedelta(days=1), until=START + timedelta(days=1))


def three_leads(stand: Stand) -> tuple[str, str, list[str]]:
    """(rep, their lead, all leads): one called after 40 s and booked after 100, one breached, one a test."""
    ana = stand.rep("Ana")
    google = {"utm_source": "google", "utm_campaign": "spring"}
    called = stand.new_lead(HOT, **google)
    stand.clock.advance(seconds=40)
    attempt = stand.call(ana, called.id)
    stand.clock.advance(seconds=60)
    stand.by(ana).do(EndAttempt(attempt_id=attempt))
    at = stand.clock.now() + timedelta(days=1)
    stand.by(ana).do(LogOutcome(lead_id=called.id, outcome=Outcome.BOOKED, at=at))
    missed = stand.new_lead(HOT, utm_source="meta")
    test = stand.new_lead(HOT, is_test=True)
    stand.keep(seconds=300)
    return ana, called.id, [called.id, missed.id, test.id]


def response(stand: Stand, asked: Asked = DAY, actor: str = "admin") -> Report:
    return stand.by(actor).ask(RunReport(name="response", asked=asked))


def values(report: Report) -> dict[str, object]:
    return {figure.key: figure.now.value for figure in report.figures}


def test_the_response_of_a_day(stand: Stand) -> None:
    three_leads(stand)
    report = response(stand)
    assert values(report) == {
        "ttfc_median": 40.0,
        "ttfc_p90": 40.0,
        "ttfc_worked_median": 40.0,
        "ttfc_worked_p90": 40.0,
        "never_called": 1,
        "sla": 0.5,
        "escalated": 0.5,
    }
    groups = report.table("groups")
    found = {row[0].value: [cell.value for cell in row[1:]] for row in groups.rows}
    names = [column.key for column in groups.columns]
    assert names[:3] == ["medium", "campaign", "ad"]
    assert found["google"][0] == "spring"
    assert found["google"][2:] == [1, 0, 40.0, 40.0, 40.0, 40.0, 1.0, 0.0]
    assert found["meta"][2:] == [1, 1, None, None, None, None, 0.0, 1.0]
    heat = report.table("heat")
    assert [cell.value for row in heat.rows for cell in row[1:] if cell.value is not None] == [0.5]
    assert heat.rows[0][1 + START.hour].n == 2
    assert [(row[0].value, row[1].value) for row in report.table("causes").rows if row[1].value]


def test_behind_each_number_are_its_leads(stand: Stand) -> None:
    _, _, leads = three_leads(stand)
    report = response(stand)
    for table in report.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if cell.behind is None or column.key != "leads":
                    continue
                found = stand.setup.ask(LeadsBehind(asked=DAY, segment=cell.behind))
                assert found.total == len(found.leads) == cell.value
    never = next(figure for figure in report.figures if figure.key == "never_called").now.behind
    assert never is not None
    found = stand.setup.ask(LeadsBehind(asked=DAY, segment=never))
    assert [lead.id for lead in found.leads] == [leads[1]]
    heat = report.table("heat").rows[0][1 + START.hour].behind
    assert heat is not None
    assert [lead.id for lead in stand.setup.ask(LeadsBehind(asked=DAY, segment=heat)).leads] == [leads[1]]
    everything = stand.setup.ask(LeadsBehind(asked=DAY, segment=Segment(), limit=1))
    assert (everything.total, [lead.id for lead in everything.leads]) == (2, [leads[1]])


def test_what_is_taken_back_is_not_counted(stand: Stand) -> None:
    ana, called, _ = three_leads(stand)
    booked = Segment(where=(("booked", ("yes",)), ("qualified", ("yes",))))
    assert stand.setup.ask(LeadsBehind(asked=DAY, segment=booked)).total == 1
    stand.by(ana).do(UndoOutcome(lead_id=called))
    assert stand.setup.ask(LeadsBehind(asked=DAY, segment=booked)).total == 0
    assert values(response(stand))["ttfc_median"] == 40.0  # the call was made all the same


@pytest.mark.parametrize("by", [by for by in By if by is not By.AD])
def test_it_can_be_put_together_by_everything(stand: Stand, by: By) -> None:
    three_leads(stand)
    asked = Asked(since=DAY.since, until=DAY.until, was_since=DAY.since, was_until=DAY.until, by=by)
    report = response(stand, asked)
    if by is By.WHOLE:
        return
    groups = report.table("groups")
    leads = [column.key for column in groups.columns].index("leads")
    assert sum(int(row[leads].value or 0) for row in groups.rows) == 2
    assert all(figure.was == replace(figure.now, behind=None) for figure in report.figures)


def test_an_empty_floor_and_a_span_without_leads_have_a_report_too(stand: Stand) -> None:
    assert values(response(stand))["never_called"] == 0
    three_leads(stand)
    later = Asked(since=START + timedelta(days=30), until=START + timedelta(days=60))
    assert values(response(stand, later))["sla"] is None


def test_the_shelf_says_what_there_is(stand: Stand) -> None:
    three_leads(stand)
    shelf = stand.setup.ask(Reports())
    assert "response" in [report.name for report in shelf.reports]
    assert (shelf.zone, shelf.mediums, shelf.first_capture) == ("UTC", ("google", "meta"), START)
    with pytest.raises(NotFound):
        stand.setup.ask(RunReport(name="nothing", asked=DAY))
    with pytest.raises(Refused):
        stand.setup.ask(LeadsBehind(asked=DAY, segment=Segment(where=(("1=1; --", ("x",)),))))


def test_who_may_read_reports(stand: Stand) -> None:
    three_leads(stand)
    for role in Role:
        actor = stand.rep(role.value, role)
        if role in (Role.TEAM_LEAD, Role.MANAGER, Role.OWNER):
            assert values(response(stand, actor=actor))["sla"] == 0.5
            continue
        with pytest.raises(NotAllowed):
            response(stand, actor=actor)
