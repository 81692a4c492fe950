"""Many at once: one owner, one answer, one call, one lead a person, whatever the threads do."""

from __future__ import annotations

import threading
from collections import Counter
from itertools import chain

from app.codec import encode
from app.domain.commands import (
    Captured,
    CaptureInquiry,
    ClaimLead,
    KeepClocks,
    ReplayInquiry,
    SetStatus,
    StartAttempt,
)
from app.domain.errors import AppError, LeadAlreadyClaimed, NotAllowed, Refused
from app.domain.inquiry import Draft, InquiryState
from app.domain.lead import ClockState, RepStatus
from app.domain.questions import FloorFacts
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, Stand, at_once

LEADS, REPS = 100, 8


def test_a_lead_is_won_by_one_and_every_other_hears_by_whom(stand: Stand) -> None:
    """A hundred leads, eight reps who go for all of them at once."""
    names = {stand.rep(f"Rep {n}", status=RepStatus.AWAY): f"Rep {n}" for n in range(REPS)}
    reps = list(names)
    leads = [stand.capture().lead_id for _ in range(LEADS)]
    doors = {rep: stand.by(rep) for rep in reps}
    won: dict[str, list[str]] = {lead: [] for lead in leads}
    lost: list[tuple[str, str]] = []
    strange: list[Exception] = []
    gate = threading.Barrier(REPS)

    def go(rep: str) -> None:
        for lead in leads:
            gate.wait(60)
            try:
                doors[rep].do(ClaimLead(lead_id=lead))
                won[lead].append(rep)
            except LeadAlreadyClaimed as error:
                lost.append((lead, error.message))
            except Exception as error:  # noqa: BLE001 - looked at below
                strange.append(error)

    threads = [threading.Thread(target=go, args=(rep,)) for rep in reps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert strange == []
    assert {len(winners) for winners in won.values()} == {1}
    assert len(lost) == LEADS * (REPS - 1)
    for lead, message in lost:
        assert names[won[lead][0]] in message
    for lead in leads:
        now = stand.lead(lead)
        assert (now.owner, now.claim_no, stand.story(lead).count("LeadClaimed")) == (won[lead][0], 1, 1)
    assert stand.chain_fault() == ""


def test_a_call_is_started_by_one(stand: Stand) -> None:
    reps = [stand.rep(f"Rep {n}", status=RepStatus.AWAY) for n in range(4)]
    for _ in range(8):
        lead = stand.capture(HOT).lead_id
        answers = at_once(
            *[lambda rep=rep, lead=lead: stand.by(rep).do(StartAttempt(lead_id=lead)) for rep in reps]
        )
        started = [answer for answer in answers if not isinstance(answer, Exception)]
        assert len(started) <= 1
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert {type(error) for error in refused} <= {
            LeadAlreadyClaimed,
            Refused,
        }  # Refused: is on a call already
        if started:
            assert stand.story(lead).count("AttemptStarted") == stand.story(lead).count("ClockMet") == 1


def test_nobody_is_on_two_calls_however_fast_they_click(stand: Stand) -> None:
    ana = stand.rep("Ana")
    leads = [stand.capture().lead_id for _ in range(6)]
    answers = at_once(*[lambda lead=lead: stand.by(ana).do(StartAttempt(lead_id=lead)) for lead in leads])
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert {type(answer) for answer in answers if isinstance(answer, Exception)} == {Refused}
    assert sum(bool(stand.lead(lead).on_call) for lead in leads) == 1


def test_one_person_who_writes_from_everywhere_at_once_is_one_lead(stand: Stand) -> None:
    for n in range(4):
        who = {"email": f"dana{n}@firm.example", "phone": f"+1303555{9000 + n}"}
        inquiries = [stand.inquiry(encode(stand.body(f"Number {k}", **who))) for k in range(5)]
        jobs = [
            lambda i=inquiry: stand.by("capture").do(CaptureInquiry(inquiry=i)).value for inquiry in inquiries
        ]
        answers = at_once(*jobs)
        assert all(isinstance(answer, Captured) for answer in answers), answers
        states = Counter(answer.state for answer in answers if isinstance(answer, Captured))
        assert states == {InquiryState.LEAD: 1, InquiryState.JOINED: 4}
        lead_id = next(answer.lead_id for answer in answers if isinstance(answer, Captured))
        assert stand.lead(lead_id).inquiries == 5


def test_the_same_delivery_many_times_at_once_is_one(stand: Stand) -> None:
    raw = encode(stand.body(HOT))
    inquiries = [stand.inquiry(raw) for _ in range(6)]
    answers = at_once(
        *[lambda i=i: stand.by("capture").do(CaptureInquiry(inquiry=i)).value for i in inquiries]
    )
    states = Counter(answer.state for answer in answers if isinstance(answer, Captured))
    assert states == {InquiryState.LEAD: 1, InquiryState.REPEAT: 5}


def test_an_inquiry_is_taken_out_of_review_once(stand: Stand) -> None:
    waiting = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"{"))).value.inquiry_id
    drafts = [Draft(name=f"N {n}", email=f"n{n}@firm.example") for n in range(4)]
    answers = at_once(
        *[lambda d=d: stand.setup.do(ReplayInquiry(inquiry_id=waiting, draft=d)).value for d in drafts]
    )  # fmt: skip
    assert sum(isinstance(answer, Captured) for answer in answers) == 1
    assert stand.setup.ask(FloorFacts(check_chain=False)).leads == 1


def test_a_race_of_inquiries_unbalances_no_round(stand: Stand) -> None:
    """Whoever is there gets as many leads as the next one, however many arrive at the same moment."""
    reps = [stand.rep(f"Rep {n}") for n in range(4)]
    bodies = [[encode(stand.body()) for _ in range(12)] for _ in range(6)]

    def send(raws: list[bytes]) -> list[str]:
        door = stand.house.door("capture")
        return [door.do(CaptureInquiry(inquiry=stand.inquiry(raw))).value.lead_id for raw in raws]

    answers = at_once(*[lambda raws=raws: send(raws) for raws in bodies])
    leads = list(chain.from_iterable(answer for answer in answers if isinstance(answer, list)))
    assert len(leads) == 72
    counts = Counter(stand.lead(lead).owner for lead in leads)
    assert counts == dict.fromkeys(reps, 18)


def test_a_break_said_while_leads_arrive_gives_no_turn_twice(stand: Stand) -> None:
    """The turn that routing keeps and the status that a rep says are written side by side."""
    reps = [stand.rep(f"Rep {n}") for n in range(3)]
    bodies = [encode(stand.body()) for _ in range(40)]
    stop = threading.Event()

    def fidget() -> None:
        while not stop.is_set():
            for status in (RepStatus.BREAK, RepStatus.AVAILABLE):
                stand.by(reps[0]).do(SetStatus(status=status))

    def send() -> list[str]:
        try:
            return [
                stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw))).value.lead_id
                for raw in bodies
            ]
        finally:
            stop.set()

    _, leads = at_once(fidget, send)
    assert isinstance(leads, list), leads
    counts = Counter(stand.lead(lead).owner for lead in leads)
    assert counts[reps[0]] <= min(counts[reps[1]], counts[reps[2]]) + 1
    assert abs(counts[reps[1]] - counts[reps[2]]) <= counts[reps[0]] + 1


def test_two_keepers_and_a_floor_at_work_breach_and_escalate_each_clock_once(stand: Stand) -> None:
    assert isinstance(stand.house, LocalHouse)
    reps = [stand.rep(f"Rep {n}") for n in range(3)]
    leads = [stand.new_lead(HOT) for _ in range(45)]
    keepers = [stand.house.local.as_actor("keeper") for _ in range(2)]
    stand.clock.advance(seconds=61)

    def keep(n: int) -> int:
        breached = 0
        for _ in range(12):
            try:
                breached += keepers[n].do(KeepClocks()).value.breached
            except AppError:
                continue
        return breached

    def work() -> int:
        taken = 0
        for lead in leads[::9]:
            for rep in reps:
                try:
                    stand.by(rep).do(ClaimLead(lead_id=lead.id))
                    taken += 1
                except (LeadAlreadyClaimed, NotAllowed):
                    continue
        return taken

    one, two, taken = at_once(lambda: keep(0), lambda: keep(1), work)
    assert isinstance(one, int), one
    assert isinstance(two, int), two
    assert isinstance(taken, int), taken
    rest = stand.keep().breached
    assert one + two + rest == len(leads)
    for lead in leads:
        story = stand.story(lead.id)
        assert story.count("ClockBreached") == 1, story
        assert story.count("LeadEscalated") == 2, story  # louder, and to the next rep
        assert stand.lead(lead.id).clock == ClockState.BREACHED
    assert stand.chain_fault() == ""
