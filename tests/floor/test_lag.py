"""The lag ledger on every kind of floor: each stage at its instant, and each cause of a miss by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from app.domain.commands import ClaimLead, EndAttempt, LogOutcome, ReleaseLead, SeeLead
from app.domain.hours import Block, Calendar
from app.domain.lag import Cause, Lag, Stamp
from app.domain.lead import Lead, Outcome, RepStatus, Role
from app.domain.questions import LeadLag
from app.domain.rulebook import DEFAULT
from tests.floor.stand import HOT, Stand
from tests.fresh import START

_NUMBERS = count(1)


@pytest.fixture(autouse=True)
def _dated_by_hand(floor_kind: str) -> None:
    if floor_kind.startswith("own logins"):
        pytest.skip("the database dates what a person's desk says, and by its own clock")


def lag(stand: Stand, lead_id: str) -> Lag:
    found = stand.setup.ask(LeadLag(lead_id=lead_id))
    assert stand.history(lead_id).lag == found
    return found


def new(stand: Stand) -> Lead:
    """Somebody where it is day."""
    return stand.new_lead(HOT, phone=f"+44207946{next(_NUMBERS):04d}")


def test_each_stage_has_its_instant(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = new(stand)
    stand.clock.advance(seconds=4)
    stand.by(ana).do(SeeLead(lead_id=lead.id))
    stand.clock.advance(seconds=3)
    stand.by(ana).do(ClaimLead(lead_id=lead.id))
    stand.clock.advance(seconds=2)
    attempt = stand.call(ana, lead.id)
    stand.clock.advance(seconds=30)
    stand.by(ana).do(EndAttempt(attempt_id=attempt))
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.CALL_BACK, at=after(3600)))
    found = lag(stand, lead.id)
    assert (found.deadline, found.cause) == (None, None)
    assert dict(found.stamps) == {
        Stamp.CAPTURE: START,
        Stamp.DECISION: START,
        Stamp.OFFER: START,
        Stamp.SEEN: after(4),
        Stamp.ACCEPT: after(7),
        Stamp.DIAL: after(9),
        Stamp.CONTACT: after(39),
    }


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def missed(stand: Stand, lead_id: str) -> tuple[Cause | None, str]:
    stand.keep(seconds=61)
    found = lag(stand, lead_id)
    assert found.deadline == stand.lead(lead_id).breached_at
    return found.cause, found.who


def test_offered_and_nobody_took_it(stand: Stand) -> None:
    stand.rep("Ana")
    assert missed(stand, new(stand).id) == (Cause.IGNORED, "Ana")


def test_given_back_and_nobody_took_it(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = new(stand)
    stand.by(ana).do(ReleaseLead(lead_id=lead.id, reason="lunch"))
    assert missed(stand, lead.id) == (Cause.IGNORED, "")


def test_taken_and_not_called(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = new(stand)
    stand.by(ana).do(ClaimLead(lead_id=lead.id))
    assert missed(stand, lead.id) == (Cause.NOT_DIALLED, "Ana")


def test_whoever_had_it_was_on_the_phone_with_others(stand: Stand) -> None:
    ana = stand.rep("Ana")
    other = new(stand)
    lead = new(stand)
    stand.clock.advance(seconds=5)
    stand.call(ana, other.id)
    assert missed(stand, lead.id) == (Cause.AT_CAPACITY, "Ana")


def test_everybody_was_on_the_phone(stand: Stand) -> None:
    ana = stand.rep("Ana")
    stand.call(ana, new(stand).id)
    assert missed(stand, new(stand).id) == (Cause.AT_CAPACITY, "")


def test_nobody_was_there(stand: Stand) -> None:
    stand.rep("Ana", status=RepStatus.AWAY)
    assert missed(stand, new(stand).id) == (Cause.NOBODY_ON_SHIFT, "")


def test_nobody_was_planned_to_be_there(stand: Stand) -> None:
    stand.rep("Ana")
    late = Calendar(name="Late", week=((Block(start=12 * 3600, until=20 * 3600),),) * 7)
    stand.publish(replace(DEFAULT, calendars=(late,)))
    assert missed(stand, new(stand).id) == (Cause.NOBODY_ON_SHIFT, "Ana")


def test_it_was_night_where_they_are(stand: Stand) -> None:
    stand.rep("Ana")
    lead = stand.new_lead(HOT, phone="+81312345678")  # 18:00 in Tokyo
    assert missed(stand, lead.id) == (Cause.IGNORED, "Ana")
    stand.clock.advance(hours=4)
    late = stand.new_lead(HOT, phone="+81312345679")
    assert missed(stand, late.id) == (Cause.CALLING_HOURS, "Ana")


def test_a_partner_is_told_of_what_is_theirs(stand: Stand) -> None:
    pat = stand.rep("Pat", Role.PARTNER)
    theirs = new(stand)
    assert stand.by(pat).ask(LeadLag(lead_id=theirs.id)).at(Stamp.OFFER) == START
    stand.by(pat).do(ReleaseLead(lead_id=theirs.id, reason="no"))
    with pytest.raises(Exception, match="not on this floor"):
        stand.by(pat).ask(LeadLag(lead_id=theirs.id))
