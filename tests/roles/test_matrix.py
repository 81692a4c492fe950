"""Every command and every question against every standing: who may not is told so, and has changed nothing.

`pytest -s tests/roles/test_matrix.py` prints the table.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from app.domain import commands as c
from app.domain import questions as q
from app.domain.behaviour import Did
from app.domain.costs import CostLine
from app.domain.errors import LeadChanged, NotAllowed, NotFound, Refused
from app.domain.inquiry import InquiryState
from app.domain.lead import AttemptKind, Outcome, RepStatus, Role
from app.domain.report import Asked, Segment
from app.domain.roles import RIGHTS, Machine, Standing, authorise, matrix, may, why_not
from app.domain.rulebook import DEFAULT
from app.service.answers import ANSWERS, FOR_PARTNERS, SEEING
from app.service.handle import USE_CASES
from tests.fresh import START
from tests.roles.conftest import Cast

EVERYBODY: tuple[Standing, ...] = (*Role, *Machine)


def test_every_command_and_question_stands_in_the_table() -> None:
    print("\n" + matrix())  # noqa: T201
    assert set(RIGHTS) == set(USE_CASES) | set(ANSWERS) | set(SEEING)
    assert set(USE_CASES) == set(c.COMMANDS.values())
    assert set(ANSWERS) | set(SEEING) == set(q.QUESTIONS.values())
    for kind, right in RIGHTS.items():
        assert right.who, f"nobody may {right.what}"
        assert right.who <= set(EVERYBODY), kind


def test_a_partner_is_answered_only_from_what_is_theirs() -> None:
    assert set(FOR_PARTNERS) == {kind for kind in ANSWERS if may(Role.PARTNER, kind)}


def test_what_is_not_in_the_table_nobody_may() -> None:
    class Unheard(c.Command[c.Made]):
        pass

    for standing in EVERYBODY:
        assert not may(standing, Unheard)
        with pytest.raises(LookupError):
            authorise(standing, Unheard)


def test_a_refusal_says_what_and_who_may() -> None:
    assert (
        why_not(Role.REP, c.AddRep) == "Only a manager, an owner or an admin may add people. You are a rep."
    )
    assert why_not(Role.OWNER, c.KeepClocks) == "Nobody at a desk may keep the clocks."
    assert why_not(Role.OWNER, c.AddRep) == ""


def said(cast: Cast) -> dict[type[Any], c.Command[Any] | q.Question[Any]]:
    """One of each, about things that are there: each would do or tell something if it were not refused."""
    lead = cast.lead("Dana", Role.REP)
    by_rep = cast.by(Role.REP)
    attempt = by_rep.do(c.StartAttempt(lead_id=lead.id)).value.attempt_id
    by_rep.do(c.EndAttempt(attempt_id=attempt))
    by_rep.do(c.LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
    cast.by(Machine.CAPTURE).do(c.CaptureInquiry(inquiry=cast.inquiry(b"not JSON")))
    (waiting,) = cast.terminal.ask(q.InquiriesIn()).waiting
    free = cast.lead("Luis")
    begun = c.BeginImport(file="a.csv", sha256="0" * 64)
    cast.terminal.do(begun)
    device = cast.device(Role.REP)
    secret = cast.invited(Role.PARTNER)
    line = CostLine(first="2026-03-01", medium="google", amount=100)
    (cost,) = cast.terminal.do(c.EnterCosts(costs=(line,))).value.ids
    row = c.ImportRow(line=1, raw="{}", draft=waiting_draft())
    asked = Asked(since=START, until=START + timedelta(days=1))
    everything: list[c.Command[Any] | q.Question[Any]] = [
        c.CaptureInquiry(inquiry=cast.inquiry(b'{"name": "Third", "email": "third@firm.example"}')),
        c.ReplayInquiry(inquiry_id=waiting.inquiry.id, draft=waiting_draft()),
        c.PutInquiryAside(inquiry_id=waiting.inquiry.id, why="noise"),
        c.ClaimLead(lead_id=free.id),
        c.ReleaseLead(lead_id=lead.id, reason="no time"),
        c.StartAttempt(lead_id=free.id, kind=AttemptKind.EMAIL),
        c.EndAttempt(attempt_id=attempt),
        c.LogOutcome(lead_id=free.id, outcome=Outcome.NO_ANSWER),
        c.UndoOutcome(lead_id=lead.id),
        c.AddNote(lead_id=lead.id, text="a note"),
        c.CorrectLead(lead_id=lead.id, changes=(("company", "Acme"),)),
        c.SetStatus(status=RepStatus.BREAK),
        c.AddRep(name="Kim"),
        c.ChangeRep(rep_id=cast.people[Role.REP], name="Ren", role=Role.REP),
        c.AddSource(name="Fair", channel="form"),
        c.ChangeSource(source_id=cast.source, name="Web 2"),
        c.PublishRulebook(rulebook=DEFAULT),
        c.BeginImport(file="b.csv", sha256="1" * 64),
        c.AddImportRows(import_id=begun.id, rows=(row,)),
        c.AddPastRows(import_id=begun.id, rows=()),
        c.FinishImport(import_id=begun.id),
        c.CancelImport(import_id=begun.id),
        c.ClearAlarm(alarm_id="no such alarm", why="seen"),
        c.SetAlarm(name="backup_failed", text="The disk is full."),
        c.KeepClocks(),
        c.HoldLease(holder="h"),
        c.ResignLease(holder="h"),
        c.SayHere(device_id="a desk"),
        c.SayGoodbye(device_id="a desk"),
        c.KeepPresence(),
        c.SetMailAddress(rep_id=cast.people[Role.REP], address="dana@firm.example"),
        c.SetTextNumber(rep_id=cast.people[Role.REP], number="+49 30 901820"),
        c.TakeMessage(epoch=1),
        c.NoteMessage(message_id="none", epoch=1, attempt=1, is_sent=True),
        c.InviteDesk(rep_id=cast.people[Role.REP], secret_sha256="a" * 64),
        c.JoinFloor(secret=secret, device="Laptop", token_sha256="b" * 64),
        c.RenewToken(device_id=device, token_sha256="c" * 64),
        c.RenameDevice(device_id=device, name="Front desk"),
        c.RevokeDevice(device_id=device),
        c.ExportJournal(),
        c.PauseClock(lead_id=free.id, reason="asked for it", until=START + timedelta(minutes=5)),
        c.ResumeClock(lead_id=free.id),
        c.AcknowledgeLead(lead_id=free.id),
        c.SeeLead(lead_id=free.id),
        c.NoteBehaviour(lead_id=lead.id, kind=Did.PAGE_VIEW, what="/pricing"),
        c.SaveDraft(rulebook=DEFAULT),
        c.DropDraft(),
        c.AcceptLead(lead_id=free.id),
        c.DeclineLead(lead_id=free.id, reason="too far away"),
        c.RedirectLead(lead_id=lead.id, to_rep=cast.people[Role.OWNER], reason="knows them"),
        c.EnterCosts(costs=(line,)),
        c.DropCost(cost_id=cost),
        c.FreezeBaseline(since=START - timedelta(days=30)),
        c.RaiseLead(lead_id=free.id),
        c.TellRep(to=cast.people[Role.REP], text="Please take the phone."),
        c.FreezeWeek(week="2026-W08"),
        c.DisputeScore(week="2026-W08", rep_id=cast.people[Role.REP], text="wrong"),
        c.AnswerDispute(dispute_id="none", text="right", accepted=False),
        q.FrozenWeeks(),
        q.FrozenWeek(week="2026-W08"),
        q.LeadHistory(lead_id=lead.id),
        q.LeadLag(lead_id=lead.id),
        q.WhoGotIt(lead_id=lead.id),
        q.FindLeads(text="dana"),
        q.DayFigures(since=START),
        q.WallFigures(at=START),
        q.InquiriesIn(state=InquiryState.REVIEW),
        q.AllSources(),
        q.SourceByKey(key="nothing"),
        q.FloorFacts(),
        q.NextDue(),
        q.NextMessage(),
        q.ImportedBefore(sha256="0" * 64),
        q.WhoKeeps(),
        q.Devices(),
        q.ReadJournal(),
        q.Rulebooks(),
        q.RulebookOf(version=1),
        q.Costs(),
        q.DryRun(rulebook=DEFAULT, since=START, until=START + timedelta(days=1)),
        q.RunReport(name="response", asked=asked),
        q.Reports(),
        q.LeadsBehind(asked=asked, segment=Segment()),
    ]
    made = {type(one): one for one in everything}
    assert set(made) == set(RIGHTS), "say one of each"
    return made


def waiting_draft() -> Any:
    from app.domain.inquiry import Draft

    return Draft(name="Fourth", email="fourth@firm.example")


def test_who_may_not_is_refused_before_anything_is_written(cast: Cast) -> None:
    one_of_each = said(cast)
    before = cast.everything()
    for standing in EVERYBODY:
        floor = cast.by(standing)
        for kind, one in one_of_each.items():
            if may(standing, kind):
                continue
            with pytest.raises(NotAllowed) as refusal:
                floor.do(one) if isinstance(one, c.Command) else floor.ask(one)
            assert refusal.value.message == why_not(standing, kind)
            assert cast.everything() == before, (
                f"{standing} was refused {kind.__name__} and changed something"
            )


def test_who_may_is_not_refused_by_the_table(cast: Cast) -> None:
    for kind, one in said(cast).items():
        for standing in RIGHTS[kind].who:
            floor = cast.by(standing)
            with suppress(
                LeadChanged, NotFound, Refused
            ):  # by a rule of the lead's, once another has done it
                try:
                    floor.do(one) if isinstance(one, c.Command) else floor.ask(one)
                except NotAllowed as refusal:
                    if refusal.title != "Not yours to do":
                        continue
                    pytest.fail(f"{standing} was refused {kind.__name__}: {refusal}")


def test_a_stranger_and_a_person_who_left_may_nothing(cast: Cast) -> None:
    one_of_each = said(cast)
    rep = cast.people[Role.REP]
    cast.terminal.do(c.ChangeRep(rep_id=rep, name="Rep", role=Role.REP, active=False))
    before = cast.everything()
    for actor in (rep, "nobody", "", "capture:1"):
        floor = cast.terminal.as_actor(actor)
        for one in one_of_each.values():
            with pytest.raises(NotAllowed):
                floor.do(one) if isinstance(one, c.Command) else floor.ask(one)
    assert cast.everything() == before


def test_an_answer_given_once_is_not_given_again_to_somebody_else(cast: Cast) -> None:
    added = c.AddRep(name="Kim")
    cast.by(Role.OWNER).do(added)
    before = cast.everything()
    with pytest.raises(NotAllowed):
        cast.by(Role.REP).do(added)
    assert cast.everything() == before
