"""The order of the queue: each rule by an example, and what must hold for every lead by chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.lead import ClockState, Lead, Outcome, Reason, Stage, Tier
from app.domain.order import Bucket, Place, Section, belongs, is_owed, place
from app.domain.rulebook import DEFAULT
from tests.domain.order_leads import ME, NOON, OTHER, instants, leads


def lead(id: str = "a", **said: object) -> Lead:
    return replace(Lead(id=id, captured_at=NOON - timedelta(hours=1), owner=ME), **said)  # type: ignore[arg-type]


def running(id: str = "a", *, left: float, sla: int = 60, **said: object) -> Lead:
    deadline = NOON + timedelta(seconds=left)
    return lead(id, clock=ClockState.RUNNING, sla_seconds=sla, deadline=deadline, tier=Tier.HOT, **said)


def tried(id: str = "a", **said: object) -> Lead:
    base = lead(
        id,
        clock=ClockState.MET,
        attempts=2,
        stage=Stage.WORKING,
        last_attempt_at=NOON - timedelta(minutes=40),
        last_outcome=Outcome.VOICEMAIL,
        retry_at=NOON - timedelta(minutes=1),
    )
    return replace(base, **said)  # type: ignore[arg-type]


def here(one: Lead, at: datetime = NOON) -> Place:
    return place(one, at, DEFAULT, ME)


def hhmm(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"


def test_the_sections_stand_in_the_order_that_wins() -> None:
    soon = NOON + timedelta(minutes=5)
    wanted = [
        tried("on the call", on_call="attempt", score=1),
        tried("promised first", call_back_at=NOON - timedelta(minutes=9), retry_at=None, score=1),
        tried("promised second", call_back_at=NOON - timedelta(minutes=3), retry_at=None, score=99),
        tried("appointment", appointment_at=NOON - timedelta(hours=2), last_outcome=Outcome.BOOKED, score=99),
        running("nearly due", left=20, score=1),
        running("due a little later", left=40, score=99),
        lead("missed", clock=ClockState.BREACHED, breached_at=NOON - timedelta(minutes=5), score=80),
        running("first call, far from due", left=3000, sla=3600, score=70),
        lead("first call from a file", score=10),
        tried("retry, better", score=99),
        tried("retry", score=50),
        tried("plan is through", retry_at=None, score=40),
        tried("waits", retry_at=soon, score=99),
        tried("waits longer", call_back_at=soon + timedelta(days=1), retry_at=None, score=99),
        lead("not to be called", no_call=True, score=99),
    ]
    shuffled = wanted[::2] + wanted[1::2]
    placed = sorted(shuffled, key=lambda one: here(one).key)
    assert [one.id for one in placed] == [one.id for one in wanted]
    sections = [here(one).section for one in wanted]
    assert sections == [Section.CALL_NOW] * 12 + [Section.LATER] * 3


def test_ties_go_to_the_older_then_to_the_lower_id() -> None:
    older = lead("z", score=5, captured_at=NOON - timedelta(hours=2))
    assert sorted([lead("b", score=5), lead("a", score=5), older], key=lambda one: here(one).key)[0] is older
    assert here(lead("a", score=5)).key < here(lead("b", score=5)).key


def test_a_missed_deadline_has_no_guard_any_more() -> None:
    late, next_best = running(left=-1, score=40), lead("b", score=50)
    assert here(late).bucket is Bucket.FIRST
    assert here(late).key > here(next_best).key


@pytest.mark.parametrize(
    ("sla", "left", "guarded"),
    [
        (60, 60, True),
        (3600, 360, True),
        (3600, 361, False),
        (86400, 8640, True),
        (86400, 8641, False),
        (3600, 0, False),
    ],
)
def test_the_guard_is_a_minute_or_a_share_of_the_promise(sla: int, left: int, guarded: bool) -> None:
    assert (here(running(left=left, sla=sla)).bucket is Bucket.GUARD) is guarded


def test_who_asked_again_is_owed_a_first_call() -> None:
    before = NOON - timedelta(days=2)
    again = running(left=20, attempts=3, last_attempt_at=before, last_outcome=Outcome.VOICEMAIL)
    assert here(again).bucket is Bucket.GUARD
    assert here(again).reason == "Asked again · call within 60 s"
    missed = replace(again, clock=ClockState.BREACHED, breached_at=NOON - timedelta(minutes=1))
    assert is_owed(missed)
    called_since = replace(missed, last_attempt_at=NOON)
    assert here(called_since).bucket is Bucket.RETRY


def test_an_appointment_is_over_once_it_was_called() -> None:
    at = NOON - timedelta(minutes=5)
    booked = tried(appointment_at=at, last_outcome=Outcome.BOOKED, retry_at=None)
    assert here(booked).bucket is Bucket.APPOINTMENT
    reached = replace(booked, last_attempt_at=at - timedelta(minutes=2), last_outcome=Outcome.NO_ANSWER)
    assert here(reached).bucket is Bucket.RETRY
    reminded = replace(booked, last_attempt_at=at - timedelta(hours=2), last_outcome=Outcome.VOICEMAIL)
    assert here(reminded).bucket is Bucket.APPOINTMENT


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (tried(on_call="attempt"), "On the call"),
        (running(left=30), "HOT · call within 60 s"),
        (running(left=300, sla=3600), "HOT · call within 1 h"),
        (running(left=-1), "Missed by now: next best"),
        (lead(reasons=(Reason(text="asked for pricing", points=30),)), "First call · asked for pricing"),
        (lead(), "First call"),
        (tried(), "3rd try · voicemail"),
        (tried(attempts=1), "2nd try · voicemail"),
        (tried(attempts=10), "11th try · voicemail"),
        (tried(retry_at=None), "2 tries, no answer: decide"),
        (tried(retry_at=None, last_outcome=None), "How did the last call end?"),
        (tried(retry_at=None, last_outcome=Outcome.BOOKED), "Talked already: what comes next?"),
        (lead(no_call=True), "Asked not to be called"),
    ],
)
def test_the_reason_says_which_rule_placed_it(one: Lead, said: str) -> None:
    assert here(one).reason == said


def test_promises_say_their_time_and_the_day_when_it_is_another() -> None:
    due = NOON - timedelta(minutes=2)
    assert here(tried(call_back_at=due)).reason == f"Promised {hhmm(due)}"
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    coming = NOON + timedelta(days=2)
    waits = here(tried(call_back_at=coming, retry_at=None))
    assert waits.reason == f"Call back {days[coming.astimezone().weekday()]} {hhmm(coming)}"
    retry = NOON + timedelta(minutes=1)
    assert here(tried(retry_at=retry)).reason == f"3rd try · voicemail · {hhmm(retry)}"


def test_the_queue_is_mine_and_the_pools() -> None:
    assert belongs(lead(), ME)
    assert belongs(lead(owner=""), ME)
    assert not belongs(lead(owner=OTHER), ME)
    assert not belongs(lead(owner="", on_call="somebody is on it"), ME)
    assert not belongs(lead(stage=Stage.WON), ME)


@given(leads(), instants, st.lists(instants, min_size=1, max_size=6))
@settings(max_examples=400)
def test_stepping_through_time_ends_where_a_jump_does(
    one: Lead, start: datetime, stops: list[datetime]
) -> None:
    """`until` is the next change: before it nothing changes, and steps lead where a jump leads."""
    now = start
    at = place(one, now, DEFAULT, ME)
    end = NOON + timedelta(days=1)
    for stop in sorted({stop for stop in stops if stop >= start} | {end}):
        while at.until is not None and at.until <= stop:
            assert at.until > now
            assert place(one, at.until - timedelta(microseconds=1), DEFAULT, ME) == at
            now, before = at.until, at
            at = place(one, now, DEFAULT, ME)
            assert (at.bucket, at.missed) != (before.bucket, before.missed)
        assert at == place(one, stop, DEFAULT, ME)
    assert at.until is None


@given(st.lists(leads(), min_size=2, max_size=12), instants)
def test_the_order_is_total_and_nobody_vanishes(many: list[Lead], now: datetime) -> None:
    unique = {one.id: one for one in many}
    keys = [place(one, now, DEFAULT, ME).key for one in unique.values()]
    assert len(set(keys)) == len(unique)
    assert sorted(keys)[::-1] == sorted(keys, reverse=True)
    for one, key in zip(unique.values(), keys, strict=True):
        at = place(one, now, DEFAULT, ME)
        assert key[3] == one.id
        assert key[0] == at.bucket
        assert at.section is at.bucket.section
        assert at.reason


@given(leads(), leads(), instants)
def test_a_lead_owed_a_call_never_stands_behind_a_retry(one: Lead, other: Lead, now: datetime) -> None:
    first, second = place(one, now, DEFAULT, ME), place(other, now, DEFAULT, ME)
    if first.bucket in (Bucket.GUARD, Bucket.FIRST) and second.bucket is Bucket.RETRY:
        assert first.key < second.key
