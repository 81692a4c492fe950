"""The same command again is answered the same and done once: after a lost answer, a restart, or at the same moment."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.codec import encode
from app.domain.behaviour import Did
from app.domain.commands import (
    COMMANDS,
    AcceptLead,
    AcknowledgeLead,
    AddImportRows,
    AddNote,
    AddPastRows,
    AddRep,
    AddSource,
    AnswerDispute,
    BeginImport,
    CancelImport,
    CaptureInquiry,
    ChangeRep,
    ChangeSource,
    ClaimLead,
    ClearAlarm,
    Command,
    CorrectLead,
    DeclineLead,
    DisputeScore,
    DropCost,
    DropDraft,
    EndAttempt,
    EnterCosts,
    ExportJournal,
    FinishImport,
    FreezeBaseline,
    FreezeWeek,
    HoldLease,
    ImportRow,
    InviteDesk,
    JoinFloor,
    KeepClocks,
    KeepPresence,
    LogOutcome,
    NoteBehaviour,
    NoteMessage,
    PauseClock,
    PublishRulebook,
    PutInquiryAside,
    RaiseLead,
    RedirectLead,
    ReleaseLead,
    RenameDevice,
    RenewToken,
    ReplayInquiry,
    ResignLease,
    ResumeClock,
    RevokeDevice,
    SaveDraft,
    SayGoodbye,
    SayHere,
    SeeLead,
    SetAlarm,
    SetMailAddress,
    SetStatus,
    SetTextNumber,
    StartAttempt,
    TakeMessage,
    TellRep,
    UndoOutcome,
)
from app.domain.costs import CostLine
from app.domain.device import new_secret, new_token, secret_sha256, token_sha256
from app.domain.errors import CommandReused, LeadAlreadyClaimed, Refused, Unavailable
from app.domain.inquiry import Draft
from app.domain.lead import Outcome, RepStatus, Role
from app.domain.past import ImportKind, Past, PastRow, Result
from app.domain.post import SENDING
from app.domain.questions import FloorFacts
from app.domain.routes import Route, Strategy
from app.domain.rulebook import DEFAULT
from app.floor.floor import Floor, Receipt
from tests.floor.joining import invited, joined
from tests.floor.stand import HOT, Stand, at_once

COST = CostLine(first="2026-03-01", medium="google", amount=1000)


def head(stand: Stand) -> int:
    return stand.setup.ask(FloorFacts(check_chain=False)).head


def prepared(stand: Stand, name: str) -> tuple[str, Command[Any]]:
    """Somebody, and a command of theirs that changes something now."""
    ana = stand.rep("Ana", Role.OWNER)
    lead = stand.new_lead(HOT)
    made: dict[str, Callable[[], Command[Any]]] = {
        "CaptureInquiry": lambda: CaptureInquiry(inquiry=stand.inquiry(encode(stand.body()))),
        "ReplayInquiry": lambda: ReplayInquiry(
            inquiry_id=_waiting(stand), draft=Draft(email="z@firm.example")
        ),
        "PutInquiryAside": lambda: PutInquiryAside(inquiry_id=_waiting(stand), why="noise"),
        "ClaimLead": lambda: ClaimLead(lead_id=lead.id),
        "ReleaseLead": lambda: ReleaseLead(lead_id=lead.id, reason="x"),
        "StartAttempt": lambda: StartAttempt(lead_id=lead.id),
        "EndAttempt": lambda: EndAttempt(attempt_id=stand.call(ana, lead.id)),
        "LogOutcome": lambda: LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER),
        "UndoOutcome": lambda: UndoOutcome(lead_id=_tried(stand, ana)),
        "AddNote": lambda: AddNote(lead_id=lead.id, text="x"),
        "CorrectLead": lambda: CorrectLead(lead_id=lead.id, changes=(("name", "Other"),)),
        "SetStatus": lambda: SetStatus(status=RepStatus.BREAK),
        "AddRep": lambda: AddRep(name="New"),
        "ChangeRep": lambda: ChangeRep(rep_id=ana, name="Anna", role=Role.OWNER),
        "AddSource": lambda: AddSource(name="Other", channel="form"),
        "ChangeSource": lambda: ChangeSource(source_id=stand.source, name="Other"),
        "PublishRulebook": lambda: PublishRulebook(rulebook=replace(DEFAULT, name="Second")),
        "BeginImport": lambda: BeginImport(file="a.csv", sha256="x"),
        "AddImportRows": lambda: AddImportRows(import_id=_begun(stand), rows=(_row(),)),
        "AddPastRows": lambda: AddPastRows(
            import_id=_begun(stand, ImportKind.RESULTS), rows=(_past_row(stand),)
        ),
        "FinishImport": lambda: FinishImport(import_id=_begun(stand)),
        "CancelImport": lambda: CancelImport(import_id=_begun(stand)),
        "ClearAlarm": lambda: ClearAlarm(alarm_id=_alarm(stand), why="x"),
        "SetAlarm": lambda: SetAlarm(name="backup_failed", text="The disk is full."),
        "KeepClocks": lambda: _due(stand),
        "HoldLease": lambda: HoldLease(holder="one", place="front desk"),
        "ResignLease": lambda: ResignLease(holder=_keeping(stand)),
        "InviteDesk": lambda: InviteDesk(rep_id=ana, secret_sha256=secret_sha256(new_secret())),
        "JoinFloor": lambda: JoinFloor(
            secret=invited(stand, ana), device="Laptop", token_sha256=token_sha256(new_token())
        ),
        "RenewToken": lambda: RenewToken(
            device_id=joined(stand, ana), token_sha256=token_sha256(new_token())
        ),
        "RenameDevice": lambda: RenameDevice(device_id=joined(stand, ana), name="Other"),
        "RevokeDevice": lambda: RevokeDevice(device_id=joined(stand, ana)),
        "ExportJournal": ExportJournal,
        "SayHere": lambda: SayHere(device_id="desk"),
        "SayGoodbye": lambda: SayGoodbye(device_id="desk"),
        "KeepPresence": KeepPresence,
        "SetMailAddress": lambda: SetMailAddress(rep_id=ana, address="ana@firm.example"),
        "SetTextNumber": lambda: SetTextNumber(rep_id=ana, number="+49 30 901820"),
        "TakeMessage": lambda: TakeMessage(epoch=_sending(stand)),
        "NoteMessage": lambda: NoteMessage(message_id="none", epoch=_sending(stand), attempt=1),
        "NoteBehaviour": lambda: NoteBehaviour(lead_id=lead.id, kind=Did.PAGE_VIEW, what="/pricing"),
        "PauseClock": lambda: _pause(stand, lead.id),
        "ResumeClock": lambda: ResumeClock(lead_id=_paused(stand, ana, lead.id)),
        "AcknowledgeLead": lambda: AcknowledgeLead(lead_id=_late(stand, lead.id)),
        "SeeLead": lambda: SeeLead(lead_id=lead.id),
        "SaveDraft": lambda: SaveDraft(rulebook=replace(DEFAULT, name="Draft")),
        "DropDraft": DropDraft,
        "AcceptLead": lambda: AcceptLead(lead_id=_offered(stand, ana)),
        "DeclineLead": lambda: DeclineLead(lead_id=_offered(stand, ana), reason="x"),
        "EnterCosts": lambda: EnterCosts(costs=(COST,)),
        "FreezeBaseline": lambda: _baseline(stand),
        "DropCost": lambda: DropCost(cost_id=_cost(stand)),
        "RaiseLead": lambda: RaiseLead(lead_id=lead.id),
        "TellRep": lambda: TellRep(text="Well done."),
        "RedirectLead": lambda: RedirectLead(lead_id=lead.id, to_rep=stand.rep("Ben"), reason="x"),
        "FreezeWeek": lambda: FreezeWeek(week="2026-W08"),
        "DisputeScore": lambda: DisputeScore(week=_frozen(stand, ana, lead.id), rep_id=ana, text="x"),
        "AnswerDispute": lambda: AnswerDispute(dispute_id=_disputed(stand, ana), text="x", accepted=True),
    }
    hands = {
        "CaptureInquiry": "capture",
        "KeepClocks": "keeper",
        "SetAlarm": "keeper",
        "HoldLease": "keeper",
        "ResignLease": "keeper",
        "KeepPresence": "keeper",
        "TakeMessage": "keeper",
        "NoteMessage": "keeper",
        "JoinFloor": "joining",
    }
    return hands.get(name, ana), made[name]()


def _waiting(stand: Stand) -> str:
    return stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"{"))).value.inquiry_id


def _tried(stand: Stand, rep: str) -> str:
    lead = stand.new_lead()
    stand.by(rep).do(LogOutcome(lead_id=lead.id, outcome=Outcome.WON))
    return lead.id


def _begun(stand: Stand, kind: ImportKind = ImportKind.LEADS) -> str:
    return stand.do(BeginImport(file="a.csv", sha256="x", kind=kind))


def _past_row(stand: Stand) -> PastRow:
    return PastRow(line=2, email=stand.new_lead().email, past=Past(result=Result.WON))


def _row() -> ImportRow:
    return ImportRow(line=2, raw="{}", draft=Draft(email="row@firm.example"))


def _cost(stand: Stand) -> str:
    return stand.setup.do(EnterCosts(costs=(COST,))).value.ids[0]


def _baseline(stand: Stand) -> FreezeBaseline:
    stand.clock.advance(hours=24 * 31)
    return FreezeBaseline()


def _alarm(stand: Stand) -> str:
    from tests.floor.test_keeper import alarms

    stand.keep(seconds=100)
    (alarm,) = alarms(stand).values()
    return alarm.id


def _pause(stand: Stand, lead_id: str) -> PauseClock:
    return PauseClock(lead_id=lead_id, reason="x", until=stand.clock.now() + timedelta(seconds=30))


def _paused(stand: Stand, rep: str, lead_id: str) -> str:
    stand.by(rep).do(_pause(stand, lead_id))
    return lead_id


def _late(stand: Stand, lead_id: str) -> str:
    stand.keep(seconds=100)
    return lead_id


def _offered(stand: Stand, rep: str) -> str:
    """A lead that is offered to a rep."""
    offer = Route(name="Offer", strategy=Strategy.OFFER)
    stand.publish(replace(DEFAULT, routes=(offer,)))
    lead = stand.new_lead()
    assert lead.offered == (rep,)
    return lead.id


def _frozen(stand: Stand, rep: str, lead_id: str) -> str:
    """A week in which they called somebody, frozen."""
    stand.call(rep, lead_id)
    stand.clock.advance(seconds=30)
    stand.by(rep).do(LogOutcome(lead_id=lead_id, outcome=Outcome.NO_ANSWER))
    stand.clock.advance(hours=7 * 24)
    stand.do(FreezeWeek(week="2026-W10"))
    return "2026-W10"


def _disputed(stand: Stand, ana: str) -> str:
    stand.by(ana).do(SetStatus(status=RepStatus.AWAY))
    ben = stand.rep("Ben")
    week = _frozen(stand, ben, stand.new_lead().id)
    return stand.by(ben).do(DisputeScore(week=week, rep_id=ben, text="x")).value.id


def _sending(stand: Stand) -> int:
    return stand.by("keeper").do(HoldLease(holder="one", name=SENDING)).value.epoch


def _keeping(stand: Stand) -> str:
    stand.by("keeper").do(HoldLease(holder="one"))
    return "one"


def _due(stand: Stand) -> KeepClocks:
    stand.clock.advance(seconds=60)
    return KeepClocks()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_sent_again_is_answered_the_same_and_done_once(
    stand: Stand, name: str, request: pytest.FixtureRequest
) -> None:
    if name in ("InviteDesk", "RenewToken", "RenameDevice", "RevokeDevice"):
        request.getfixturevalue("served")
    actor, command = prepared(stand, name)
    first = stand.by(actor).do(command)
    after = head(stand), stand.setup.ask(FloorFacts())
    stand.clock.advance(seconds=5)
    again = stand.by(actor).do(command)
    assert (head(stand), stand.setup.ask(FloorFacts())) == after
    if name != "KeepClocks":  # what the keeper did can't be done again, and he is not told so
        assert again.value == first.value
    assert again.cursor in (first.cursor, 0, after[0])


def test_the_id_of_another_command_is_no_id(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    one = AddNote(lead_id=lead.id, text="one")
    stand.by(ana).do(one)
    with pytest.raises(CommandReused):
        stand.by(ana).do(replace(one, text="two"))
    with pytest.raises(CommandReused):
        stand.by(ana).do(ReleaseLead(id=one.id, lead_id=lead.id, reason="one"))
    assert stand.story(lead.id).count("NoteAdded") == 1


def test_what_was_refused_may_be_asked_again(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead, other = stand.new_lead(), stand.new_lead()
    stand.call(ana, other.id)
    wanted = StartAttempt(lead_id=lead.id)
    with pytest.raises(Refused):
        stand.by(ana).do(wanted)
    stand.by(ana).do(LogOutcome(lead_id=other.id, outcome=Outcome.NO_ANSWER))
    assert stand.by(ana).do(wanted).value.number == 1


def test_an_answer_outlives_the_program(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    command = StartAttempt(lead_id=lead.id)
    first = stand.by(ana).do(command)
    stand.house.reopen()
    stand.clock.advance(hours=30)
    assert stand.house.door(ana).do(command) == first
    stand.setup = stand.house.door("admin")
    stand._doors.clear()


def test_a_command_whose_text_had_to_be_mended_is_the_same_command(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    command = AddNote(lead_id=lead.id, text="half a \ud83d character and a \0")
    assert stand.by(ana).do(command) == stand.by(ana).do(command)
    assert stand.story(lead.id).count("NoteAdded") == 1


def test_the_same_command_from_many_hands_at_one_moment_is_done_once(stand: Stand) -> None:
    ana = stand.rep("Ana", Role.OWNER)
    lead = stand.new_lead()
    for command in (
        AddNote(lead_id=lead.id, text="once"), AddRep(name="Once"), StartAttempt(lead_id=lead.id),
        CaptureInquiry(inquiry=stand.inquiry(encode(stand.body()))),
    ):  # fmt: skip
        before = head(stand)
        hand = stand.by("capture" if isinstance(command, CaptureInquiry) else ana)
        answers = at_once(*[lambda c=command, by=hand: by.do(c) for _ in range(6)])
        assert all(isinstance(answer, Receipt) for answer in answers), answers
        assert len({repr(answer.value) for answer in answers if isinstance(answer, Receipt)}) == 1
        alone = head(stand) - before
        assert alone == (4 if isinstance(command, (CaptureInquiry, StartAttempt)) else 1)


class Forgetful:
    """A line on which every few answers are lost after the floor did what was asked."""

    def __init__(self, floor: Floor, seed: int) -> None:
        self._floor = floor
        self._dice = random.Random(seed)
        self.lost = 0

    def do(self, command: Command[Any]) -> Receipt[Any]:
        receipt = self._floor.do(command)
        if self._dice.random() < 0.3:
            self.lost += 1
            raise Unavailable("The line is down.")
        return receipt

    def until_told(self, command: Command[Any]) -> Receipt[Any]:
        while True:
            try:
                return self.do(command)
            except Unavailable:
                continue


def test_with_every_third_answer_lost_each_lead_is_won_by_one_who_is_told_so(stand: Stand) -> None:
    reps = [stand.rep(f"Rep {n}", status=RepStatus.AWAY) for n in range(4)]
    leads = [stand.capture().lead_id for _ in range(25)]
    lines = {rep: Forgetful(stand.by(rep), seed) for seed, rep in enumerate(reps)}
    told: dict[str, list[str]] = {rep: [] for rep in reps}

    def go(rep: str) -> None:
        for lead in leads:
            try:
                lines[rep].until_told(ClaimLead(lead_id=lead))
                told[rep].append(lead)
            except LeadAlreadyClaimed:
                continue

    assert at_once(*[lambda rep=rep: go(rep) for rep in reps]) == [None] * len(reps)
    assert sum(line.lost for line in lines.values()) > 5
    assert Counter(lead for mine in told.values() for lead in mine) == dict.fromkeys(leads, 1)
    for rep, mine in told.items():
        assert {stand.lead(lead).owner for lead in mine} <= {rep}


def test_an_inquiry_whose_answer_was_lost_is_one_lead(stand: Stand) -> None:
    line = Forgetful(stand.by("capture"), seed=5)
    for _ in range(20):
        line.until_told(CaptureInquiry(inquiry=stand.inquiry(encode(stand.body()))))
    assert line.lost > 3
    facts = stand.setup.ask(FloorFacts())
    assert (facts.inquiries, facts.leads) == (20, 20)
