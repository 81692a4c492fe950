"""The ledger of leads that came out of a file: only what was done with them counts, not what came of them later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain import events as e
from app.domain.events import Entry, Event
from app.domain.lag import Stamp, lag_of
from app.domain.lead import AttemptKind, Lead
from app.domain.tier import Tier

CAPTURED = datetime(2026, 3, 2, 9, tzinfo=UTC)
SCORED = e.LeadScored(score=80, tier=Tier.HOT, rulebook=1)
CLAIMED = e.LeadClaimed(rep_id="ana", rep_name="Ana", claim_no=1)
CALLED = e.AttemptStarted(attempt_id="1", attempt_kind=AttemptKind.CALL, number=1, rep_name="Ana")


def story(*told: tuple[float, Event]) -> list[Entry]:
    """What was written so many hours after the capture."""
    return [
        Entry(
            seq=n, id=str(n), at=CAPTURED + timedelta(hours=hours), actor="ana", lead_id="dana", event=event
        )
        for n, (hours, event) in enumerate(told)
    ]


def stages(lead: Lead, *told: tuple[float, Event]) -> dict[Stamp, float]:
    """Hours after capture by stage."""
    found = lag_of(lead, story(*told), (), False).stamps
    return {stamp: (at - CAPTURED) / timedelta(hours=1) for stamp, at in found}


def test_a_past_that_a_file_told_of_has_no_decision_and_no_later_one() -> None:
    """They were called within the hour, wrote again two days later and were scored and claimed then."""
    called = CAPTURED + timedelta(hours=1)
    lead = Lead(id="dana", captured_at=CAPTURED, import_id="file", first_attempt_at=called, contact_at=called)
    later = ((48.0, SCORED), (48.1, CLAIMED), (48.2, CALLED))
    assert stages(lead, *later) == {Stamp.CAPTURE: 0, Stamp.DIAL: 1, Stamp.CONTACT: 1}


def test_a_list_that_is_called_here_is_claimed_and_dialled_here() -> None:
    called = CAPTURED + timedelta(hours=3)
    lead = Lead(id="dana", captured_at=CAPTURED, import_id="file", first_attempt_at=called)
    told = ((2.0, SCORED), (2.9, CLAIMED), (3.0, CALLED))
    assert stages(lead, *told) == {Stamp.CAPTURE: 0, Stamp.ACCEPT: 2.9, Stamp.DIAL: 3}


def test_an_inquiry_of_ones_own_has_all() -> None:
    lead = Lead(id="dana", captured_at=CAPTURED, first_attempt_at=CAPTURED + timedelta(hours=3))
    told = ((0.0, SCORED), (2.9, CLAIMED), (3.0, CALLED))
    assert stages(lead, *told) == {Stamp.CAPTURE: 0, Stamp.DECISION: 0, Stamp.ACCEPT: 2.9, Stamp.DIAL: 3}
