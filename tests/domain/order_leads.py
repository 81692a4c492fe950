"""Leads of every state a queue can meet, for hypothesis: each kind as likely as the next, and mixtures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from app.domain.lead import ClockState, Lead, Outcome, Reason, Stage, Tier

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ME, OTHER = "rep-me", "rep-other"

instants = st.integers(-90, 90).map(lambda n: NOON + timedelta(minutes=n)) | st.integers(-60_000, 60_000).map(
    lambda n: NOON + timedelta(milliseconds=n)
)
"""Whole minutes around noon, so that they often fall together, and milliseconds close to it."""

_slas = st.sampled_from((1, 60, 86400))
_tried: dict[str, Any] = {
    "attempts": st.integers(1, 4),
    "stage": st.just(Stage.WORKING),
    "clock": st.sampled_from((ClockState.MET, ClockState.NONE)),
    "last_attempt_at": instants,
    "last_outcome": st.sampled_from(Outcome),
}
_KINDS: tuple[dict[str, Any], ...] = (
    {},
    {"clock": st.just(ClockState.RUNNING), "deadline": instants, "sla_seconds": _slas},
    {"clock": st.just(ClockState.BREACHED), "deadline": instants, "breached_at": instants},
    {**_tried},
    {**_tried, "retry_at": instants},
    {**_tried, "call_back_at": instants},
    {**_tried, "appointment_at": instants, "last_outcome": st.just(Outcome.BOOKED)},
    {**_tried, "appointment_at": instants, "retry_at": instants},
    {**_tried, "appointment_at": instants, "call_back_at": instants, "last_outcome": st.just(Outcome.BOOKED)},
    {
        **_tried,
        "clock": st.sampled_from((ClockState.RUNNING, ClockState.BREACHED)),
        "deadline": instants,
        "breached_at": st.none() | instants,
        "sla_seconds": st.sampled_from((0, 60, 3600)),
        "call_back_at": st.none() | instants,
        "retry_at": st.none() | instants,
        "appointment_at": st.none() | instants,
    },
    {"on_call": st.just("attempt")},
    {"no_call": st.just(True), "call_back_at": st.none() | instants},
    {"owner": st.just(OTHER)},
    {"stage": st.sampled_from(Stage), "owner": st.just(ME)},
)


def leads(ids: int = 30) -> st.SearchStrategy[Lead]:
    """Any lead, also such as no floor should ever make; `ids` says how many different ones there may be."""
    common: dict[str, Any] = {
        "id": st.integers(0, ids - 1).map(lambda n: f"lead-{n:02d}"),
        "version": st.integers(1, 5),
        "captured_at": instants,
        "tier": st.sampled_from(Tier),
        "score": st.integers(0, 5) | st.integers(-5, 100),
        "reasons": st.sampled_from(((), (Reason(text="asked for pricing", points=30),))),
        "owner": st.sampled_from((ME, "")),
    }
    return st.one_of(*(st.builds(Lead, **(common | kind)) for kind in _KINDS))
