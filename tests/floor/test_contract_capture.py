"""What becomes of an inquiry: a lead with owner and clock, more heat for one that is there, a place in review."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import new_id
from app.codec import encode
from app.domain.commands import (
    AddImportRows,
    BeginImport,
    CancelImport,
    CaptureInquiry,
    FinishImport,
    ImportRow,
    LogOutcome,
    PutInquiryAside,
    ReplayInquiry,
    SetStatus,
)
from app.domain.errors import Refused
from app.domain.events import ClockStarted, LeadAskedAgain, LeadCaptured, LeadRouted, LeadScored
from app.domain.inquiry import Draft, InquiryState
from app.domain.lead import ClockState, Outcome, RepStatus, Stage, Tier
from app.domain.past import Past
from app.domain.questions import AllSources, DayFigures, FindLeads, FloorFacts, InquiriesIn, WallFigures
from app.domain.rulebook import DEFAULT
from app.domain.wall import floor_zone
from app.store.writing import Writing
from tests.floor.stand import HOT, WARM, Stand, seconds
from tests.fresh import START


def test_an_inquiry_has_an_owner_and_a_clock_as_soon_as_it_is_answered(stand: Stand) -> None:
    ana = stand.rep("Ana")
    stand.rep("Ben", status=RepStatus.BREAK)
    stand.clock.advance(seconds=1.5)
    now = stand.clock.now()
    lead = stand.new_lead(HOT, name="Dana Okafor", company="Brightline")
    assert (lead.name, lead.company, lead.stage, lead.owner) == ("Dana Okafor", "Brightline", Stage.NEW, ana)
    assert (lead.tier, lead.clock, lead.sla_seconds) == (Tier.HOT, ClockState.RUNNING, 60)
    assert (lead.captured_at, lead.deadline) == (now, now + timedelta(seconds=60))
    assert (lead.claim_no, lead.claimed_at, lead.version) == (1, None, 1)
    assert lead.score == sum(reason.points for reason in lead.reasons)
    assert stand.story(lead.id) == ["LeadCaptured", "LeadScored", "LeadRouted", "ClockStarted"]
    (captured,) = stand.events(lead.id, LeadCaptured)
    assert isinstance(captured, LeadCaptured)
    assert (captured.channel, captured.source) == ("json", "Web site")
    (routed,) = stand.events(lead.id, LeadRouted)
    assert isinstance(routed, LeadRouted)
    assert [(line.name, line.skipped) for line in routed.ledger] == [("Ana", ""), ("Ben", "on a break")]
    (started,) = stand.events(lead.id, ClockStarted)
    assert started == ClockStarted(deadline=now + timedelta(seconds=60), sla_seconds=60)


def test_what_came_is_kept_byte_for_byte(stand: Stand) -> None:
    raw = b' {"name": "Zo\xc3\xab", "email":\t"zoe@firm.example"}\r\n'
    inquiry = stand.inquiry(
        raw, content_type="application/json", headers=(("user-agent", "curl"),), remote="1.2.3.4"
    )
    answer = stand.by("capture").do(CaptureInquiry(inquiry=inquiry)).value
    assert stand.history(answer.lead_id).inquiries == (inquiry,)


def test_with_nobody_there_the_lead_waits_in_the_pool_with_its_clock_running(stand: Stand) -> None:
    stand.rep("Ana", status=RepStatus.AWAY)
    lead = stand.new_lead(HOT)
    assert (lead.owner, lead.clock, lead.claim_no) == ("", ClockState.RUNNING, 0)


def test_leads_go_round_whoever_is_there(stand: Stand) -> None:
    reps = [stand.rep(name) for name in ("Ana", "Ben", "Cem")]
    owners = [stand.new_lead().owner for _ in range(6)]
    assert sorted(owners[:3]) == sorted(owners[3:]) == sorted(reps)
    stand.by(reps[0]).do(SetStatus(status=RepStatus.BREAK))
    assert {stand.new_lead().owner for _ in range(4)} == {*reps[1:]}
    stand.by(reps[0]).do(SetStatus(status=RepStatus.AVAILABLE))
    after = [stand.new_lead().owner for _ in range(6)]
    assert sorted(after) == sorted(reps * 2)


# -- the same again


def test_the_same_bytes_within_a_minute_are_the_same_inquiry(stand: Stand) -> None:
    stand.rep("Ana")
    raw = encode(stand.body(HOT))
    answers = []
    for wait in (0, 59, 59, 61):
        stand.clock.advance(seconds=wait)
        answers.append(stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw))).value)
    lead_id = answers[0].lead_id
    assert [(answer.state, answer.lead_id) for answer in answers] == [
        (InquiryState.LEAD, lead_id), (InquiryState.REPEAT, lead_id), (InquiryState.REPEAT, lead_id),
        (InquiryState.JOINED, lead_id),
    ]  # fmt: skip
    assert stand.lead(lead_id).inquiries == 2
    assert len(stand.history(lead_id).inquiries) == 4  # nothing that came is thrown away


def test_the_same_delivery_of_a_sender_who_numbers_them_is_one_inquiry_for_ever(
    stand: Stand, data_dir: Path
) -> None:
    raw = json.loads((data_dir / "webhooks" / "google_lead_form_test_roofing.json").read_bytes())
    raw |= {"is_test": False, "lead_id": "google-77"}
    first = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(encode(raw), "google"))).value
    stand.clock.advance(hours=30)
    raw |= {"campaign_id": 99}  # the same lead, told a little differently
    second = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(encode(raw), "google"))).value
    assert (first.state, second.state) == (InquiryState.LEAD, InquiryState.REPEAT)
    assert second.lead_id == first.lead_id
    assert stand.story(first.lead_id).count("LeadCaptured") == 1


def test_who_asks_again_is_joined_to_their_lead_which_gets_hotter_and_its_clock_starts_anew(
    stand: Stand,
) -> None:
    ana = stand.rep("Ana")
    first = stand.new_lead(WARM, name="Dana", email="dana@firm.example", phone="+13035550148", company=None)
    assert (first.tier, first.deadline) == (Tier.WARM, START + timedelta(hours=1))
    stand.call(ana, first.id)
    stand.by(ana).do(LogOutcome(lead_id=first.id, outcome=Outcome.NO_ANSWER))
    stand.clock.advance(minutes=30)
    now = stand.clock.now()
    answer = stand.capture(HOT, name="D. Okafor", email="DANA@firm.example", phone=None, company="Brightline")
    lead = stand.lead(answer.lead_id)
    assert (answer.state, lead.id) == (InquiryState.JOINED, first.id)
    assert (lead.name, lead.company, lead.inquiries, lead.owner) == ("Dana", "Brightline", 2, ana)
    assert lead.ask == HOT
    assert lead.score > first.score
    assert lead.tier == Tier.HOT
    assert (lead.clock, lead.deadline, lead.retry_at) == (
        ClockState.RUNNING,
        now + timedelta(seconds=60),
        None,
    )
    assert (lead.captured_at, lead.attempts) == (first.captured_at, 1)
    (again,) = stand.events(lead.id, LeadAskedAgain)
    assert isinstance(again, LeadAskedAgain)
    assert again.ask == HOT
    scored = stand.events(lead.id, LeadScored)[-1]
    assert isinstance(scored, LeadScored)
    assert (scored.was_score, scored.was_tier) == (first.score, Tier.WARM)
    assert stand.keep(seconds=60).breached == 1  # the new clock; the first one was met


@pytest.mark.parametrize("same", ["email", "phone"])
def test_one_way_to_reach_them_is_enough_to_know_them_and_neither_is_too_little(
    stand: Stand, same: str
) -> None:
    known = {"email": "dana@firm.example", "phone": "+13035550148"}
    first = stand.new_lead(**known)
    other = {"email": "other@firm.example", "phone": "+13035550149"}
    assert stand.capture(**(other | {same: known[same]})).lead_id == first.id
    assert stand.capture(name=first.name, **other).lead_id != first.id


def test_a_clock_that_runs_is_shortened_and_never_lengthened(stand: Stand) -> None:
    hot = stand.new_lead(HOT, email="dana@firm.example")
    stand.clock.advance(seconds=50)
    stand.capture(WARM, email="dana@firm.example")
    assert stand.lead(hot.id).deadline == hot.deadline
    stand.capture(HOT + "!", email="dana@firm.example")
    assert stand.lead(hot.id).deadline == hot.deadline


def test_who_asks_again_while_on_the_phone_is_not_rung_for(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(WARM, email="dana@firm.example")
    stand.call(ana, lead.id)
    stand.capture(HOT, email="dana@firm.example")
    now = stand.lead(lead.id)
    assert (now.inquiries, now.clock, now.tier) == (2, ClockState.MET, Tier.HOT)
    assert stand.keep(seconds=3600).breached == 0


def test_a_closed_lead_is_over_and_a_new_inquiry_is_a_new_lead(stand: Stand) -> None:
    ana = stand.rep("Ana")
    first = stand.new_lead(email="dana@firm.example")
    stand.by(ana).do(LogOutcome(lead_id=first.id, outcome=Outcome.LOST, reason="too dear"))
    again = stand.capture(email="dana@firm.example")
    assert again.state == InquiryState.LEAD
    assert again.lead_id != first.id


def test_of_a_lead_whose_owner_left_the_next_one_hears(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben", status=RepStatus.AWAY)
    stand.rep("Olga", status=RepStatus.AWAY)
    lead = stand.new_lead(email="dana@firm.example")
    assert lead.owner == ana
    leave(stand, ana, "Ana")
    stand.by(ben).do(SetStatus(status=RepStatus.AVAILABLE))
    assert stand.capture(HOT, email="dana@firm.example").lead_id == lead.id
    assert stand.lead(lead.id).owner == ben


def leave(stand: Stand, rep_id: str, name: str) -> None:
    from app.domain.commands import AddRep, ChangeRep
    from app.domain.lead import Role

    stand.setup.do(AddRep(name="Owner", role=Role.OWNER))
    stand.setup.do(ChangeRep(rep_id=rep_id, name=name, role=Role.REP, active=False))


# -- tests


def test_a_test_lead_counts_nowhere(stand: Stand, data_dir: Path) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben")
    raw = (data_dir / "webhooks" / "google_lead_form_test_roofing.json").read_bytes()
    answer = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw, "google"))).value
    lead = stand.lead(answer.lead_id)
    assert lead.is_test
    again = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw + b" ", "google"))).value
    assert again.lead_id == lead.id
    real = stand.new_lead(email=lead.email, phone=lead.phone)  # a real inquiry of the tester is nobody's test
    assert real.id != lead.id
    assert not real.is_test
    assert real.owner == lead.owner  # it took nobody's turn
    assert {stand.new_lead().owner, real.owner} == {ana, ben}
    stand.clock.advance(seconds=10)
    stand.call(lead.owner, lead.id)
    stand.by(lead.owner).do(LogOutcome(lead_id=lead.id, outcome=Outcome.WON, amount=5))
    figures = stand.setup.ask(DayFigures(since=START))
    assert (figures.calls, figures.won, figures.sla_met, figures.ttfc_median) == (0, 0, 0, None)


# -- review


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[1, 2]",
        b"\0\xff\xfe",
        b'{"message": "call me"}',
        b'{"a": NaN}',
        b"[" * 3000,
        b'"\\ud800"',
    ],
)
def test_what_cannot_be_understood_is_kept_and_shown_with_the_reason(stand: Stand, raw: bytes) -> None:
    answer = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw))).value
    assert (answer.state, answer.lead_id) == (InquiryState.REVIEW, "")
    assert answer.why.endswith(".")
    (waiting,) = stand.setup.ask(InquiriesIn()).waiting
    assert (waiting.inquiry.raw, waiting.why, waiting.source) == (raw, answer.why, "Web site")
    assert stand.in_review() == 1


def test_a_channel_that_nobody_knows_is_kept_too(stand: Stand) -> None:
    answer = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"x", channel="fax"))).value
    assert "fax" in answer.why
    assert stand.setup.ask(InquiriesIn()).waiting[0].draft is None


@pytest.mark.parametrize("place", ["same_person", "give_turn", "add_clock", "add_lead"])
@pytest.mark.expects_errors("could not be made a lead")
def test_a_mistake_of_ours_costs_no_inquiry_and_leaves_no_half_of_a_lead(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Whatever goes wrong behind the savepoint, after however much was written there."""
    stand.rep("Ana")
    before = stand.setup.ask(FloorFacts())
    does = getattr(Writing, place)

    def then_fails(*given: object) -> None:
        does(*given)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Writing, place, then_fails)
        answer = stand.capture(HOT)
    assert answer.state == InquiryState.REVIEW
    after = stand.setup.ask(FloorFacts())
    assert (after.leads, after.inquiries, after.events) == (
        before.leads,
        before.inquiries + 1,
        before.events + 1,
    )
    (waiting,) = stand.setup.ask(InquiriesIn()).waiting
    assert waiting.draft is not None
    fixed = stand.setup.do(ReplayInquiry(inquiry_id=waiting.inquiry.id)).value
    assert fixed.state == InquiryState.LEAD
    assert stand.story(fixed.lead_id) == ["LeadCaptured", "LeadScored", "LeadRouted", "ClockStarted"]
    assert stand.chain_fault() == ""
    assert stand.keep(seconds=60).breached == 1  # and no clock of the half that was


def test_a_person_reads_what_the_program_could_not(stand: Stand) -> None:
    ana = stand.rep("Ana")
    waiting = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"Dana 303 555 0148 call!"))).value
    stand.clock.advance(minutes=5)
    draft = Draft(name="Dana", phone="303 555 0148", ask=HOT, trap="believed to be a robot")
    answer = stand.by(ana).do(ReplayInquiry(inquiry_id=waiting.inquiry_id, draft=draft)).value
    lead = stand.lead(answer.lead_id)
    assert (answer.state, lead.phone, lead.tier) == (InquiryState.LEAD, "+13035550148", Tier.HOT)
    assert seconds(lead.deadline, stand.clock.now()) == 60
    assert lead.captured_at == START  # the wait in review is part of the wait
    assert stand.in_review() == 0
    with pytest.raises(Refused, match="already made"):
        stand.by(ana).do(ReplayInquiry(inquiry_id=waiting.inquiry_id))


def test_a_correction_that_helps_nothing_leaves_it_in_review(stand: Stand) -> None:
    waiting = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"{"))).value
    answer = stand.setup.do(ReplayInquiry(inquiry_id=waiting.inquiry_id, draft=Draft(ask="hello"))).value
    assert answer.state == InquiryState.REVIEW
    assert stand.in_review() == 1


def test_what_is_put_aside_stays_kept_and_can_be_taken_up_again(stand: Stand) -> None:
    waiting = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"{"))).value
    stand.setup.do(PutInquiryAside(inquiry_id=waiting.inquiry_id, why="  noise "))
    assert stand.in_review() == 0
    (aside,) = stand.setup.ask(InquiriesIn(state=InquiryState.ASIDE)).waiting
    assert aside.why == "noise"
    with pytest.raises(Refused, match="no longer waits"):
        stand.setup.do(PutInquiryAside(inquiry_id=waiting.inquiry_id, why="again"))
    answer = stand.setup.do(
        ReplayInquiry(inquiry_id=waiting.inquiry_id, draft=Draft(email="a@firm.example"))
    ).value
    assert answer.state == InquiryState.LEAD


def test_a_robot_is_put_aside_with_the_reason_and_rings_nobody(stand: Stand) -> None:
    stand.rep("Ana")
    answer = stand.capture("https://a.example https://b.example https://c.example")
    assert (answer.state, answer.lead_id) == (InquiryState.ASIDE, "")
    assert "links" in answer.why
    assert stand.in_review() == 0


def test_what_came_by_a_source_is_counted_there(stand: Stand) -> None:
    stand.capture()
    stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"{")))
    (line,) = stand.setup.ask(AllSources()).lines
    assert (line.source.name, line.inquiries, line.leads, line.review) == ("Web site", 2, 1, 1)
    assert line.last_at == START


# -- hostile


def test_every_naughty_string_becomes_a_lead_or_waits_in_review_and_none_is_a_mistake(
    stand: Stand, data_dir: Path
) -> None:
    """As name, message, answer and marketing of an inquiry; with a NUL and half a character besides."""
    texts = json.loads((data_dir / "text-corpora" / "blns.json").read_text("utf-8"))[
        ::4
    ]  # all of it: tests/store
    texts += ["a\0b", "\0", "half \ud800", "\udfff", "\x1b[31m", "\u202e"]
    for text in texts:
        body = stand.body(text, name=text, company=text, utm_source=text, **{"and": text})
        raw = json.dumps(body).encode()
        answer = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw))).value
        if answer.state == InquiryState.REVIEW:
            assert "\ud800" in text or "\udfff" in text, (text, answer.why)
        elif answer.state != InquiryState.ASIDE:
            lead = stand.lead(answer.lead_id)
            assert lead.phone.startswith("+1303555")
    facts = stand.setup.ask(FloorFacts())
    assert facts.inquiries == len(texts)
    assert facts.chain_holds


def test_bytes_that_fit_no_text_column_anywhere_in_an_inquiry_cost_nothing(stand: Stand) -> None:
    odd = "a\0\ud800b"
    inquiry = stand.inquiry(
        b'{"email": "dana@firm.example", "id": "a\\u0000b"}', content_type=odd, headers=(("user-agent", odd),),
        remote=odd,
    )  # fmt: skip
    answer = stand.by("capture").do(CaptureInquiry(inquiry=inquiry)).value
    assert answer.state == InquiryState.LEAD
    (kept,) = stand.history(answer.lead_id).inquiries
    assert (kept.raw, kept.remote) == (inquiry.raw, "a\ufffd?b")


def test_questions_with_odd_bytes_are_answered(stand: Stand) -> None:
    from app.domain.questions import SourceByKey

    assert stand.setup.ask(SourceByKey(key="\0\ud800")).source is None
    assert stand.setup.ask(FindLeads(text="\0\ud800")).leads == ()
    assert stand.setup.ask(FindLeads(text=" \n")).leads == ()


# -- files


def test_a_file_comes_in_whole_or_not_at_all(stand: Stand) -> None:
    ana = stand.rep("Ana")
    known = stand.new_lead(email="known@firm.example")
    begun = stand.setup.do(BeginImport(file="leads.csv", sha256="5ha")).value.id

    def row(line: int, **said: object) -> ImportRow:
        return ImportRow(line=line, raw="{}", draft=Draft(**said))  # type: ignore[arg-type]

    rows = (
        row(2, name="Max", email="max@firm.example"), row(3, name="Max again", email="MAX@firm.example"),
        row(4, name="Known", email="known@firm.example"), row(5, name="Won", email="won@firm.example", won=True),
        row(6, name="Odd \0", ask="\ud800", phone="+13035550199"),
    )  # fmt: skip
    stand.setup.do(AddImportRows(import_id=begun, rows=rows))
    assert stand.setup.ask(FindLeads(text="firm.example")).leads == (stand.lead(known.id),)
    done = stand.setup.do(FinishImport(import_id=begun, rejected=1)).value
    assert (done.leads, done.joined) == (3, 2)
    leads = {lead.name: lead for lead in stand.setup.ask(FindLeads(text="")).leads}
    leads = {lead.name: lead for lead in stand.setup.ask(FindLeads(text="firm.example")).leads}
    assert (leads["Max"].owner, leads["Max"].clock, leads["Max"].inquiries) == ("", ClockState.NONE, 1)
    assert leads["Won"].stage == Stage.WON
    assert stand.keep(seconds=10**6).breached == 1  # only the one that came in live
    with pytest.raises(Refused, match="finished already"):
        stand.setup.do(CancelImport(import_id=begun))
    assert stand.chain_fault() == ""
    assert ana


def test_a_cancelled_file_leaves_nothing(stand: Stand) -> None:
    before = stand.setup.ask(FloorFacts())
    begun = stand.setup.do(BeginImport(file="leads.csv", sha256="5ha")).value.id
    rows = (ImportRow(line=2, raw="{}", draft=Draft(name="Max", email="max@firm.example")),)
    stand.setup.do(AddImportRows(import_id=begun, rows=rows))
    stand.setup.do(CancelImport(import_id=begun))
    assert stand.setup.ask(FloorFacts()) == before
    with pytest.raises(Refused, match="no longer open"):
        stand.setup.do(AddImportRows(import_id=begun, rows=rows))
    with pytest.raises(Refused, match="no longer open"):
        stand.setup.do(FinishImport(import_id=new_id()))


def test_a_wallboard_has_a_files_leads_at_the_hour_it_tells_and_a_mere_list_nowhere(stand: Stand) -> None:
    stand.new_lead()
    begun = stand.setup.do(BeginImport(file="leads.csv", sha256="5ha")).value.id
    now = stand.clock.now()
    told = [now - timedelta(hours=2), now - timedelta(hours=3), now - timedelta(days=7, hours=1), None, None]
    rows = tuple(
        ImportRow(
            line=n,
            raw="{}",
            draft=Draft(email=f"p{n}@firm.example"),
            past=Past(captured_at=at) if at else None,
        )
        for n, at in enumerate(told, 2)
    )
    stand.setup.do(AddImportRows(import_id=begun, rows=rows))
    stand.setup.do(FinishImport(import_id=begun))
    day = stand.setup.ask(WallFigures(at=now))
    assert [day.labels[n] for n, count in enumerate(day.arrived) if count] == sorted(
        {(now - timedelta(hours=ago)).astimezone(floor_zone(DEFAULT)).hour for ago in (0, 2, 3)}
    )
    assert sum(day.arrived) == 3
    assert sum(day.before.leads) == 1
