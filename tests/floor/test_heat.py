"""Heat: what a lead does after it wrote is judged at once, and what time takes away is found when it is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.codec import encode
from app.domain.behaviour import Did
from app.domain.commands import CaptureInquiry, LogOutcome, NoteBehaviour
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.events import BehaviourNoted, ClockStarted, LeadScored
from app.domain.inquiry import InquiryState
from app.domain.lead import ClockState, Lead, Outcome, Role, Tier
from app.domain.questions import NextDue
from app.domain.rulebook import DEFAULT, ScoreRule
from tests.floor.stand import WARM, Stand, seconds
from tests.fresh import START

DAY = 86400
RULES = replace(
    DEFAULT,
    rules=(
        ScoreRule(text="wrote", field="ask", points=50),
        ScoreRule(text="looked at prices", field="page_view", words=("pricing",), points=20, cap=40, half_life=DAY),
        ScoreRule(text="asked again", field="inquiries", points=30, half_life=DAY),
    ),
    hysteresis=5,
)  # fmt: skip


def looked(stand: Stand, lead: Lead, by: str = "capture") -> Lead:
    stand.by(by).do(NoteBehaviour(lead_id=lead.id, kind=Did.PAGE_VIEW, what="/pricing"))
    return stand.lead(lead.id)


def test_what_they_do_heats_them_up_and_the_promise_is_shortened_at_once(stand: Stand) -> None:
    stand.publish(RULES)
    stand.rep("Ana")
    cold = stand.new_lead(WARM)
    assert (cold.tier, cold.score, cold.sla_seconds) == (Tier.WARM, 50, 3600)
    stand.clock.advance(seconds=600)
    warm = looked(stand, cold)
    assert (warm.tier, warm.score, warm.deadline) == (Tier.WARM, 70, cold.deadline)
    hot = looked(stand, warm)
    assert (hot.tier, hot.score, hot.sla_seconds, hot.clock) == (Tier.HOT, 90, 60, ClockState.RUNNING)
    assert seconds(hot.deadline, START) == 660
    assert [reason.text for reason in hot.reasons] == ["wrote", "looked at prices"]
    again = looked(stand, hot)
    assert again.score == 90  # the rule's cap
    assert stand.story(cold.id)[4:] == [
        "BehaviourNoted", "LeadScored", "BehaviourNoted", "LeadScored", "ClockStarted", "BehaviourNoted",
    ]  # fmt: skip
    scored = stand.events(cold.id, LeadScored)[-1]
    assert isinstance(scored, LeadScored)
    assert (scored.was_tier, scored.tier, scored.was_score, scored.score) == (Tier.WARM, Tier.HOT, 70, 90)


def test_cooling_is_found_at_its_instant_and_takes_no_promise_back(stand: Stand) -> None:
    stand.publish(RULES)
    ana = stand.rep("Ana")
    hot = looked(stand, looked(stand, stand.new_lead(WARM)))
    assert hot.tier == Tier.HOT
    stand.call(ana, hot.id)
    stand.by(ana).do(LogOutcome(lead_id=hot.id, outcome=Outcome.NO_ANSWER))
    # 50 + 40 × ½^t falls below 80 − 5 when ½^t is below 25/40
    assert hot.rescore_at is not None
    assert abs(seconds(hot.rescore_at, START) - 0.678072 * DAY) < 1
    assert stand.setup.ask(NextDue()).at == hot.rescore_at
    stand.clock.set(hot.rescore_at - timedelta(microseconds=2))
    assert stand.house.keep().judged == 0
    stand.clock.set(hot.rescore_at)
    kept = stand.house.keep()
    assert kept.judged == 1
    warm = stand.lead(hot.id)
    assert (warm.tier, warm.score, warm.clock) == (Tier.WARM, 74, ClockState.MET)
    assert warm.rescore_at is None  # 50 points stay, and that is WARM
    assert kept.next_at is None


def test_a_promise_that_runs_is_not_made_longer_by_cooling(stand: Stand) -> None:
    slas = (3 * DAY, 9 * DAY, 20 * DAY)
    tiers = tuple(replace(rule, sla=sla) for rule, sla in zip(RULES.tiers, slas, strict=True))
    slow = replace(RULES, tiers=tiers)
    stand.publish(slow)
    stand.rep("Ana")
    hot = looked(stand, looked(stand, stand.new_lead(WARM)))
    assert hot.rescore_at is not None
    stand.clock.set(hot.rescore_at)
    stand.house.keep()
    warm = stand.lead(hot.id)
    assert (warm.tier, warm.deadline, warm.sla_seconds) == (Tier.WARM, hot.deadline, 3 * DAY)


def test_a_second_inquiry_is_heat_that_fades(stand: Stand) -> None:
    stand.publish(RULES)
    stand.rep("Ana")
    lead = stand.new_lead(WARM)
    stand.clock.advance(seconds=3600)
    stand.capture("And another thing.", email=lead.email, phone=lead.phone)
    hot = stand.lead(lead.id)
    assert (hot.tier, hot.score, hot.inquiries) == (Tier.HOT, 80, 2)
    assert hot.rescore_at is not None


def test_a_closed_lead_waits_for_nothing(stand: Stand) -> None:
    stand.publish(RULES)
    ana = stand.rep("Ana")
    hot = looked(stand, looked(stand, stand.new_lead(WARM)))
    stand.by(ana).do(LogOutcome(lead_id=hot.id, outcome=Outcome.LOST, reason="too small"))
    assert stand.setup.ask(NextDue()).at is None
    closed = looked(stand, hot)
    assert (closed.score, closed.tier) == (hot.score, Tier.HOT)
    assert isinstance(stand.events(hot.id, BehaviourNoted)[-1], BehaviourNoted)


def test_behaviour_comes_by_the_json_door_and_finds_its_person(stand: Stand) -> None:
    stand.publish(RULES)
    stand.rep("Ana")
    lead = stand.new_lead(WARM)
    deed = {"kind": "page_view", "what": "/pricing", "at": "2026-03-01T09:00:00Z"}
    raw = encode({"email": lead.email, "behaviour": deed})
    answer = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw))).value
    assert (answer.state, answer.lead_id) == (InquiryState.JOINED, lead.id)
    now = stand.lead(lead.id)
    assert (now.score, now.inquiries) == (60, 1)  # a day old: half of the 20
    assert not stand.events(lead.id, ClockStarted)[1:]
    raw = encode({"email": "stranger@firm.example", "behaviour": deed})
    assert (
        stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw))).value.state == InquiryState.ASIDE
    )
    raw = encode({"email": lead.email, "behaviour": {"kind": "sneezed"}})
    refused = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw))).value
    assert refused.state == InquiryState.REVIEW
    assert "“sneezed” is no behaviour" in refused.why


def test_who_may_say_what_a_lead_did(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(WARM)
    looked(stand, lead, by=ana)
    with pytest.raises(Refused):
        stand.by(ana).do(NoteBehaviour(lead_id=lead.id, kind=Did.INQUIRY))
    with pytest.raises(NotFound):
        stand.by(ana).do(NoteBehaviour(lead_id="nobody", kind=Did.REPLY))
    with pytest.raises(NotAllowed):
        stand.by(stand.rep("Adam", Role.ADMIN)).do(NoteBehaviour(lead_id=lead.id, kind=Did.REPLY))
    stand.by(ana).do(NoteBehaviour(lead_id=lead.id, kind=Did.REPLY, at=START + timedelta(days=400)))
    noted = stand.events(lead.id, BehaviourNoted)[-1]
    assert isinstance(noted, BehaviourNoted)
    assert noted.at == stand.clock.now()  # what has not happened yet has not happened


def test_nobody_with_an_appointment_is_rung_for_looking_at_a_page(stand: Stand) -> None:
    stand.publish(RULES)
    ana = stand.rep("Ana")
    lead = stand.new_lead(WARM)
    stand.call(ana, lead.id)
    at = START + timedelta(days=2)
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.BOOKED, at=at))
    hot = looked(stand, looked(stand, stand.lead(lead.id)))
    assert (hot.tier, hot.clock, hot.appointment_at) == (Tier.HOT, ClockState.MET, at)
