"""A frozen week on every kind of floor: whatever becomes of its leads, its pages are the same bytes."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from app.domain.commands import (
    AddRep,
    AnswerDispute,
    CorrectLead,
    DisputeScore,
    EndAttempt,
    FreezeWeek,
    LogOutcome,
    PublishRulebook,
    UndoOutcome,
)
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.lead import Outcome, RepStatus, Role
from app.domain.questions import FrozenPage, FrozenWeek, FrozenWeeks
from app.domain.routes import Member, Team
from app.domain.rulebook import DEFAULT
from app.domain.week import page_of
from app.store.tables import attempts
from app.store.tables import leads as leads_table
from tests.floor.stand import HOT, Stand

WEEK = "2026-W10"


def page(stand: Stand, rep_id: str = "", by: str = "") -> FrozenPage:
    door = stand.by(by) if by else stand.setup
    return door.ask(FrozenWeek(week=WEEK, rep_id=rep_id))


def talk(stand: Stand, rep: str, lead_id: str, outcome: Outcome, seconds: int = 150, **said: object) -> None:
    attempt = stand.call(rep, lead_id)
    stand.clock.advance(seconds=seconds)
    stand.by(rep).do(EndAttempt(attempt_id=attempt))
    stand.by(rep).do(LogOutcome(lead_id=lead_id, outcome=outcome, **said))  # type: ignore[arg-type]


def worked_week(stand: Stand, leads_called: int = 2) -> tuple[str, str, list[str]]:
    """A rep, a manager, and the leads of a week that is over."""
    rep, manager = stand.rep("Ana"), stand.rep("Mo", Role.MANAGER, RepStatus.AWAY)
    leads = []
    for number in range(leads_called):
        lead = stand.new_lead(HOT)
        stand.clock.advance(seconds=20)
        outcome = (Outcome.WON, Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.LOST)[number % 4]
        extra = (
            {"amount": 10_000}
            if outcome is Outcome.WON
            else {"reason": "x"}
            if outcome is Outcome.LOST
            else {}
        )
        talk(stand, rep, lead.id, outcome, **extra)  # type: ignore[arg-type]
        leads.append(lead.id)
    stand.clock.advance(hours=7 * 24)
    return rep, manager, leads


def erase(stand: Stand, lead_id: str) -> None:
    """No command erases a lead yet (SECURITY.md): by hand, in the database, as it can be done at all."""
    with stand.house.book.writing("admin", stand.clock.now()) as w:  # type: ignore[attr-defined]
        w.db.execute(delete(leads_table).where(leads_table.c.id == lead_id))
        w.db.execute(delete(attempts).where(attempts.c.lead_id == lead_id))


def test_a_frozen_week_is_the_same_bytes_whatever_becomes_of_its_leads_and_the_dispute_shows(
    stand: Stand,
) -> None:
    rep, manager, leads = worked_week(stand, 16)
    digest = stand.by(manager).do(FreezeWeek(week=WEEK)).value.id
    before, mine = page(stand), page(stand, rep)
    assert before.is_whole
    assert mine.is_whole
    assert before.late == mine.late == ()
    (card,) = page_of(mine.body).cards
    assert card.score is not None
    assert page_of(mine.body).report.figures[0].now.value == card.score
    assert {line.won for line in page_of(mine.body).counted} == {0, 1}

    talk(stand, rep, leads[1], Outcome.NO_ANSWER)  # of another week
    stand.by(rep).do(CorrectLead(lead_id=leads[2], changes=(("name", "Another"), ("company", "Else"))))
    stand.by(rep).do(UndoOutcome(lead_id=leads[15]))
    again = stand.history(leads[5]).lead
    stand.capture(HOT, name=again.name, email=again.email, phone=again.phone)
    erase(stand, leads[3])
    disputed = (
        stand.by(rep).do(DisputeScore(week=WEEK, rep_id=rep, about="won", text="One won was Ben's.")).value.id
    )
    stand.by(manager).do(AnswerDispute(dispute_id=disputed, text="So it is.", accepted=True, points=-2.5))

    after, own = page(stand), page(stand, rep, by=rep)
    assert after.body == before.body
    assert own.body == mine.body
    assert after.is_whole
    assert [late.lead_id for late in own.late] == [leads[3], leads[15]]
    assert own.late[0].text == "It does not count any more."
    assert "conversations 1 → 0" in own.late[1].text
    (dispute,) = own.disputes
    assert (dispute.text, dispute.answer, dispute.accepted, dispute.points) == (
        "One won was Ben's.", "So it is.", True, -2.5,
    )  # fmt: skip
    assert after.disputes == own.disputes
    assert stand.by(manager).do(FreezeWeek(week=WEEK)).value.id == digest, "it is frozen once"
    assert stand.chain_fault() == ""


def test_a_page_holds_no_name_of_a_lead(stand: Stand) -> None:
    _, manager, leads = worked_week(stand)
    stand.by(manager).do(FreezeWeek(week=WEEK))
    lead = stand.history(leads[0]).lead
    for word in (lead.name, lead.email, lead.phone):
        assert word
        assert word.encode() not in page(stand).body


def test_the_rulebook_may_change_and_the_page_keeps_its_own(stand: Stand) -> None:
    from dataclasses import replace

    rep, manager, _ = worked_week(stand)
    stand.by(manager).do(FreezeWeek(week=WEEK))
    kept = page(stand, rep).body
    other = replace(DEFAULT, scorecard=replace(DEFAULT.scorecard, dial_seconds=0, least_leads=1, prior=0))
    stand.by(manager).do(PublishRulebook(rulebook=other))
    assert page(stand, rep).body == kept
    assert page(stand, rep).late == ()
    assert page_of(kept).rule == DEFAULT.scorecard


def test_a_week_that_is_not_over_is_not_frozen(stand: Stand) -> None:
    manager = stand.rep("Mo", Role.MANAGER, RepStatus.AWAY)
    for week in (WEEK, "2027-W01", "last week"):
        with pytest.raises(Refused):
            stand.by(manager).do(FreezeWeek(week=week))
    with pytest.raises(NotFound):
        page(stand)


def test_everybody_sees_the_pages_that_are_theirs_to_see(stand: Stand) -> None:
    from dataclasses import replace

    rep, manager, leads = worked_week(stand)
    ben, lead = stand.rep("Ben"), stand.rep("Tess", Role.TEAM_LEAD)
    stand.by(manager).do(FreezeWeek(week=WEEK))
    assert leads
    for who, sees in ((manager, ["", rep]), (lead, ["", rep]), (rep, [rep]), (ben, [])):
        weeks = stand.by(who).ask(FrozenWeeks()).weeks
        assert [one for week in weeks for one, _ in week.pages] == sees
    for asked in ("", rep):
        with pytest.raises(NotAllowed):
            page(stand, asked, by=ben)
    with pytest.raises(NotAllowed):
        page(stand, "", by=rep)
    teams = (Team(name="South", members=(Member(rep=lead), Member(rep=ben))),)
    stand.by(manager).do(PublishRulebook(rulebook=replace(DEFAULT, teams=teams)))
    assert stand.by(lead).ask(FrozenWeeks()).weeks == ()
    with pytest.raises(NotAllowed):
        page(stand, rep, by=lead)


def test_a_dispute_is_of_ones_own_score_and_answered_once_by_somebody_else(stand: Stand) -> None:
    rep, manager, leads = worked_week(stand)
    assert leads
    stand.by(manager).do(FreezeWeek(week=WEEK))
    for who, whose, error in ((manager, rep, NotAllowed), (manager, manager, NotFound)):
        with pytest.raises(error):
            stand.by(who).do(DisputeScore(week=WEEK, rep_id=whose, text="x"))
    with pytest.raises(Refused):
        stand.by(rep).do(DisputeScore(week=WEEK, rep_id=rep, text="  "))
    made = stand.by(rep).do(DisputeScore(week=WEEK, rep_id=rep, text="Wrong.")).value.id
    with pytest.raises(Refused):
        stand.by(manager).do(AnswerDispute(dispute_id=made, text="No.", accepted=False, points=3))
    with pytest.raises(NotAllowed):
        stand.by(rep).do(AnswerDispute(dispute_id=made, text="Yes.", accepted=True, points=3))
    stand.by(manager).do(AnswerDispute(dispute_id=made, text="No.", accepted=False))
    with pytest.raises(Refused):
        stand.by(manager).do(AnswerDispute(dispute_id=made, text="Yes.", accepted=True))
    assert stand.do(AddRep(name="Last"))
