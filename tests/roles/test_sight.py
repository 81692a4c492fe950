"""What is hidden from whom: a partner sees what was given to them, an admin no numbers, a team lead no secrets."""

from __future__ import annotations

import pytest

from app.domain import commands as c
from app.domain import questions as q
from app.domain.errors import NotAllowed, NotFound
from app.domain.lead import Lead, Outcome, RepStatus, Role
from app.domain.roles import may
from app.domain.sight import masked
from app.service.answers import ANSWERS
from tests.floor.stand import Ear
from tests.fresh import START
from tests.roles.conftest import Cast


def test_a_partner_finds_and_reads_only_what_was_given_to_them(cast: Cast) -> None:
    mine, other, pool = cast.lead("Dana", Role.PARTNER), cast.lead("Luis", Role.REP), cast.lead("Kim")
    partner = cast.by(Role.PARTNER)
    assert partner.ask(q.FindLeads(text="firm.example")).leads == (mine,)
    assert partner.ask(q.FindLeads(text="firm.example", limit=1)).more is False
    assert partner.ask(q.LeadHistory(lead_id=mine.id)).lead == mine
    for lead_id in (other.id, pool.id, "nowhere"):
        with pytest.raises(NotFound) as told:
            partner.ask(q.LeadHistory(lead_id=lead_id))
        assert told.value.message == "That lead is not on this floor."


def test_a_partner_can_do_nothing_with_a_lead_that_is_not_theirs(cast: Cast) -> None:
    other, pool = cast.lead("Luis", Role.REP), cast.lead("Kim")
    before = cast.everything()
    for lead in (other, pool):
        for command in (
            c.ClaimLead(lead_id=lead.id),
            c.ReleaseLead(lead_id=lead.id, reason="x"),
            c.StartAttempt(lead_id=lead.id),
            c.LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER),
            c.UndoOutcome(lead_id=lead.id),
            c.AddNote(lead_id=lead.id, text="x"),
            c.CorrectLead(lead_id=lead.id, changes=(("name", "x"),)),
        ):
            with pytest.raises(NotFound):
                cast.by(Role.PARTNER).do(command)
    assert cast.everything() == before


def test_a_partner_works_what_is_theirs(cast: Cast) -> None:
    mine = cast.lead("Dana", Role.PARTNER)
    partner = cast.by(Role.PARTNER)
    partner.do(c.StartAttempt(lead_id=mine.id))
    partner.do(c.LogOutcome(lead_id=mine.id, outcome=Outcome.NO_ANSWER))
    assert partner.ask(q.DayFigures(since=START)).calls == 1
    cast.by(Role.REP).do(c.StartAttempt(lead_id=cast.lead("Luis", Role.REP).id))
    assert partner.ask(q.DayFigures(since=START)).calls == 1
    assert cast.terminal.ask(q.DayFigures(since=START)).calls == 2
    partner.do(c.ReleaseLead(lead_id=mine.id, reason="not our region"))
    with pytest.raises(NotFound):
        partner.ask(q.LeadHistory(lead_id=mine.id))


def test_the_feed_of_a_partner_has_every_number_and_only_their_leads(cast: Cast) -> None:
    mine, other = cast.lead("Dana", Role.PARTNER), cast.lead("Luis", Role.REP)
    ear = Ear(cast.by(Role.PARTNER))
    try:
        head = cast.terminal.ask(q.FloorFacts(check_chain=False)).head
        ear.until(head)
        assert set(ear.board.leads) == {mine.id}
        assert set(ear.board.reps) == {cast.people[Role.PARTNER]}
        cast.by(Role.REP).do(c.AddNote(lead_id=other.id, text="theirs"))
        cast.give(mine.id, Role.REP)
        cast.give(other.id, Role.PARTNER)
        ear.until(cast.terminal.ask(q.FloorFacts(check_chain=False)).head)
        assert set(ear.board.leads) == {other.id}
        told = repr([batch for batch in ear.batches if not batch.snapshot])
        assert "theirs" not in told or "Luis" in told  # the note came with the lead, or was hidden
        assert "Dana" not in told
        seen = [entry.seq for batch in ear.batches for entry in batch.entries]
        assert seen == list(range(head + 1, ear.board.cursor + 1))
    finally:
        ear.stop()


def test_whoever_gets_another_role_sees_the_floor_afresh(cast: Cast) -> None:
    cast.lead("Dana", Role.PARTNER)
    other = cast.lead("Luis", Role.REP)
    ear = Ear(cast.by(Role.PARTNER))
    partner = cast.people[Role.PARTNER]
    try:
        ear.until(cast.terminal.ask(q.FloorFacts(check_chain=False)).head)
        assert other.id not in ear.board.leads
        done = cast.terminal.do(c.ChangeRep(rep_id=partner, name="Partner", role=Role.REP))
        ear.until(done.cursor)
        assert len(ear.board.leads) == 2
        done = cast.terminal.do(c.ChangeRep(rep_id=partner, name="Partner", role=Role.PARTNER))
        ear.until(done.cursor)
        assert len(ear.board.leads) == 1
    finally:
        ear.stop()


def test_an_admin_sees_no_numbers_anywhere(cast: Cast) -> None:
    lead = cast.lead("Dana", Role.REP)
    cast.by(Role.REP).do(c.CorrectLead(lead_id=lead.id, changes=(("phone", "+1 303 555 0199"),)))
    number, address = "0199", lead.email
    admin = cast.by(Role.ADMIN)
    history = admin.ask(q.LeadHistory(lead_id=lead.id))
    found = admin.ask(q.FindLeads(text="dana"))
    batch = admin.batch_after(None)
    changed = admin.batch_after(cast.terminal.ask(q.FloorFacts(check_chain=False)).head - 1)
    for told in (history, found, batch, changed):
        assert number not in repr(told)
        assert address not in repr(told)
        assert lead.phone not in repr(told)
    assert found.leads[0].phone == masked("+13035550199") == "••••99"
    assert number in repr(cast.by(Role.REP).ask(q.LeadHistory(lead_id=lead.id)))


def test_the_questions_an_admin_may_ask_tell_leads_only_where_they_are_masked() -> None:
    def holds_lead(kind: type[object]) -> bool:
        return any(name in str(vars(kind).get("__annotations__", {})) for name in ("Lead", "Inquiry"))

    answers = {kind: q.answer_of(kind) for kind in ANSWERS if may(Role.ADMIN, kind)}
    telling = {answer for answer in answers.values() if holds_lead(answer)}
    assert telling == {q.History, q.Leads}
    assert Lead.__name__ == "Lead"


def test_the_secret_of_a_way_in_is_for_whoever_may_change_it(cast: Cast) -> None:
    for role in (Role.MANAGER, Role.OWNER, Role.ADMIN):
        assert cast.by(role).ask(q.AllSources()).lines[0].source.secret == "s3cret-of-sixteen"
    assert cast.by(Role.TEAM_LEAD).ask(q.AllSources()).lines[0].source.secret == ""


def test_the_round_robin_passes_admins_over(cast: Cast) -> None:
    for role in (Role.ADMIN, Role.PARTNER):
        cast.by(role).do(c.SetStatus(status=RepStatus.AVAILABLE))
    owners = {cast.lead(f"Person{n}").owner for n in range(4)}
    assert owners == {cast.people[Role.PARTNER]}


def test_whoever_leads_nobody_sees_their_own_computers_only(cast: Cast) -> None:
    mine, other = cast.device(Role.REP), cast.device(Role.PARTNER)
    assert [device.id for device in cast.by(Role.REP).ask(q.Devices()).devices] == [mine]
    assert [device.id for device in cast.by(Role.PARTNER).ask(q.Devices()).devices] == [other]
    assert len(cast.by(Role.TEAM_LEAD).ask(q.Devices()).devices) == 2
    with pytest.raises(NotAllowed, match="for somebody above them to say"):
        cast.by(Role.REP).do(c.RevokeDevice(device_id=other))
    cast.by(Role.REP).do(c.RevokeDevice(device_id=mine))
