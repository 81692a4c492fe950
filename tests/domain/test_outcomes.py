"""What each outcome does to a lead, what it has to be said with, and the plan of retries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.lead import Lead, Outcome, Stage
from app.domain.outcomes import WORDS, after_outcome, check, retry_at
from app.domain.rulebook import DEFAULT

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
SOON = NOON + timedelta(hours=2)
BEFORE = Lead(
    id="a", captured_at=NOON - timedelta(hours=1), owner="me", on_call="attempt", hung_up_at=NOON, attempts=1,
    call_back_at=NOON, retry_at=NOON,
)  # fmt: skip


def after(
    outcome: Outcome,
    lead: Lead = BEFORE,
    *,
    at: datetime | None = None,
    reason: str = "",
    amount: int | None = None,
) -> Lead:
    return after_outcome(lead, outcome, at=at, reason=reason, amount=amount, now=NOON, plan=DEFAULT)


TABLE: list[tuple[Outcome, Stage, bool, bool]] = [
    # outcome, stage after, a live contact, stays in the queue
    (Outcome.BOOKED, Stage.PROSPECT, True, True),
    (Outcome.CALL_BACK, Stage.WORKING, True, True),
    (Outcome.NO_ANSWER, Stage.WORKING, False, True),
    (Outcome.VOICEMAIL, Stage.WORKING, False, True),
    (Outcome.UNFIT, Stage.UNFIT, True, False),
    (Outcome.WON, Stage.WON, True, False),
    (Outcome.LOST, Stage.LOST, True, False),
]


def test_the_table_names_every_outcome_in_the_order_of_its_keys() -> None:
    assert [row[0] for row in TABLE] == list(Outcome) == list(WORDS)


@pytest.mark.parametrize(("outcome", "stage", "contact", "stays"), TABLE)
def test_what_an_outcome_makes_of_a_lead(outcome: Outcome, stage: Stage, contact: bool, stays: bool) -> None:
    found = after(outcome, at=SOON, reason=" too dear ", amount=12_500)
    assert found.stage == stage
    assert found.contact_at == (NOON if contact else None)
    assert found.is_open == stays
    assert found.closed_at == (None if stays else NOON)
    assert found.last_outcome == outcome
    assert (found.on_call, found.hung_up_at) == ("", None)
    assert found.appointment_at == (SOON if outcome == Outcome.BOOKED else None)
    assert found.call_back_at == (SOON if outcome == Outcome.CALL_BACK else None)
    assert (found.retry_at is not None) == (outcome in (Outcome.NO_ANSWER, Outcome.VOICEMAIL))
    assert found.close_reason == ("" if stays else "too dear")
    assert found.amount == (12_500 if outcome == Outcome.WON else None)
    assert found.version == BEFORE.version  # the store counts versions, not the rule


def test_first_times_are_kept_and_later_ones_do_not_move_them() -> None:
    then = NOON - timedelta(days=1)
    found = after(
        Outcome.BOOKED, replace(BEFORE, contact_at=then, booked_at=then, stage=Stage.PROSPECT), at=SOON
    )
    assert (found.contact_at, found.booked_at, found.appointment_at) == (then, then, SOON)


def test_a_prospect_who_does_not_answer_stays_a_prospect() -> None:
    assert after(Outcome.NO_ANSWER, replace(BEFORE, stage=Stage.PROSPECT)).stage == Stage.PROSPECT


def test_retries_follow_the_plan_and_end_with_it() -> None:
    waits = [retry_at(replace(BEFORE, attempts=n), DEFAULT, NOON) for n in range(8)]
    assert [at and (at - NOON).total_seconds() for at in waits] == [
        None,
        900,
        3600,
        10800,
        86400,
        86400,
        None,
        None,
    ]


@given(st.integers(0, 20), st.lists(st.integers(60, 10**6), max_size=8).map(sorted))
def test_a_plan_that_grows_never_calls_sooner_after_more_tries(attempts: int, plan: list[int]) -> None:
    book = replace(DEFAULT, retry_after=tuple(plan))
    found = [retry_at(replace(BEFORE, attempts=n), book, NOON) for n in range(1, attempts + 1)]
    planned = [at for at in found if at is not None]
    assert len(planned) == min(attempts, len(plan))
    assert all(earlier <= later for earlier, later in pairwise(planned))
    assert found[len(planned) :] == [None] * (len(found) - len(planned))


def refused(outcome: Outcome, **said: object) -> str:
    given: dict[str, object] = {"at": SOON, "reason": "because", "amount": None, "now": NOON} | said
    with pytest.raises(Refused) as error:
        check(outcome, **given)  # type: ignore[arg-type]
    return error.value.message


@pytest.mark.parametrize("outcome", [Outcome.BOOKED, Outcome.CALL_BACK])
def test_a_promise_needs_a_time_that_can_be_kept(outcome: Outcome) -> None:
    assert "a time is needed" in refused(outcome, at=None)
    assert "still to come" in refused(outcome, at=NOON)
    assert "two years" in refused(outcome, at=NOON + timedelta(days=733))
    check(outcome, NOON + timedelta(microseconds=1), "", None, NOON)


@pytest.mark.parametrize("outcome", [Outcome.UNFIT, Outcome.LOST])
def test_giving_up_needs_a_reason(outcome: Outcome) -> None:
    assert "a reason is needed" in refused(outcome, reason=" \n ")


def test_an_amount_is_money() -> None:
    check(Outcome.WON, None, "", 0, NOON)
    check(Outcome.WON, None, "", None, NOON)
    assert "zero or more" in refused(Outcome.WON, amount=-1)
    assert "zero or more" in refused(Outcome.WON, amount=10**15)


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.WON])
def test_the_others_need_nothing(outcome: Outcome) -> None:
    check(outcome, None, "", None, NOON)
