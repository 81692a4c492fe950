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
from app.domain.worth import Order, OrderBy, worth_of
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


PAUSE = hhmm(NOON + timedelta(hours=2))


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
    older = lead("z", score=5, captured_at=NOON - timedelta(hours=1, seconds=1))
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
        (
            lead(captured_at=NOON - timedelta(minutes=3)),
            "Cooling: −15 % chance in 15 min",
        ),
        (running(left=1200, sla=3600, paused_until=NOON + timedelta(hours=2)), f"Clock paused until {PAUSE}"),
        (
            running(left=1200, sla=3600, paused_until=NOON + timedelta(hours=2), paused_why="at lunch"),
            f"Clock paused until {PAUSE} – at lunch",
        ),
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
            assert (at.bucket, at.missed) != (before.bucket, before.missed) or at.key >= before.key
        assert at == place(one, stop, DEFAULT, ME)
    assert at.until is None or at.bucket in (Bucket.FIRST, Bucket.RETRY)


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


def test_what_cools_faster_stands_first_and_worth_decides_between_the_cold() -> None:
    fresh = lead("fresh", captured_at=NOON - timedelta(minutes=2), score=40)
    stale = lead("stale, better", captured_at=NOON - timedelta(hours=5), score=100)
    staler = lead("stale", captured_at=NOON - timedelta(hours=5), score=40)
    placed = sorted([staler, stale, fresh], key=lambda one: here(one).key)
    assert [one.id for one in placed] == ["fresh", "stale, better", "stale"]


def test_a_large_deal_stands_before_a_small_one_and_says_why() -> None:
    order = Order(values=tuple((f"way-{n}", 1000 * n) for n in range(1, 11)))
    rulebook = replace(DEFAULT, order=order)
    young = NOON - timedelta(minutes=6)
    large, small = (lead(way, source_id=way, captured_at=young) for way in ("way-10", "way-1"))
    places = [place(one, NOON, rulebook, ME) for one in (small, large)]
    assert places[1].key < places[0].key
    assert places[1].reason == "Large deal, still fresh"
    old = place(replace(large, captured_at=NOON - timedelta(hours=1)), NOON, rulebook, ME)
    assert old.reason == "First call"


def test_a_mistyped_value_does_not_own_the_queue() -> None:
    values = tuple((f"way-{n}", 1000) for n in range(100))
    worth = worth_of(Order(values=(*values, ("slip", 10**12))))
    assert worth.value("slip") == worth.value("way-1") == 1.0


@pytest.mark.parametrize(
    ("by", "order"),
    [
        (OrderBy.ARRIVAL, ["old", "due first", "best"]),
        (OrderBy.DEADLINE, ["due first", "old", "best"]),
        (OrderBy.SCORE, ["best", "due first", "old"]),
    ],
)
def test_a_fixed_order_is_a_choice(by: OrderBy, order: list[str]) -> None:
    rulebook = replace(DEFAULT, order=Order(by=by))
    hours = {"old": (3, 7000, 1), "due first": (2, 6000, 2), "best": (1, 8000, 3)}
    many = [
        running(id, left=left, sla=10_000, score=score, captured_at=NOON - timedelta(hours=age))
        for id, (age, left, score) in hours.items()
    ]
    placed = sorted(many, key=lambda one: place(one, NOON, rulebook, ME).key)
    assert [one.id for one in placed] == order


def test_the_tenth_pick_goes_to_who_waits_longest() -> None:
    late = lead("late", clock=ClockState.BREACHED, deadline=NOON - timedelta(hours=3, minutes=5))
    at = place(late, NOON, DEFAULT, ME, longest=True)
    assert at.bucket is Bucket.LONGEST
    assert at.key < here(lead("b", score=100)).key
    assert at.key > here(running(left=20)).key
    assert at.reason_at(NOON) == "Longest wait, 3 h late"


def test_the_time_that_is_left_is_a_reason() -> None:
    at = here(running(left=40.9))
    assert at.reason_at(NOON) == "HOT, 40 s left"
    assert at.reason_at(NOON + timedelta(seconds=39)) == "HOT, 1 s left"
    assert here(running(left=300, sla=3600)).reason_at(NOON) == "HOT, 5 min left"


def test_the_chance_of_an_answer_is_that_of_the_study() -> None:
    """odds(t) = 0.82 (1 + t/2 min)^-1.6; a retry stands on the level of the first call, and falls slowly."""
    worth = worth_of(Order(chances=()))

    def chance(minutes: float) -> float:
        odds = 0.82 * (1 + minutes / 2) ** -1.6
        return float(odds / (1 + odds))

    for minutes in (0.0, 1.0, 7.0, 60.0, 600.0, 6000.0):
        at = worth.first(minutes * 60, 50, "")
        step = minutes  # the grid's ages are not the minutes asked for: at most a tenth of them, and the shift, younger
        assert chance(step) - chance(step + 15) - 1e-9 <= at.drop
        assert at.drop <= chance((step + 2) / 1.1 - 2) - chance((step + 2) / 1.1 + 13) + 1e-9
    retry = worth.retry(7200, 60, 2, 50, "")
    level = 0.82 * 1.5**-1.6 * 0.64
    odds = [level * ((3600 + age) / 3660) ** -0.3 for age in (7200, 8100)]
    expected = odds[0] / (1 + odds[0]) - odds[1] / (1 + odds[1])
    assert retry.drop == pytest.approx(expected, rel=0.12)
