"""The lag ledger of one lead, with what its own journal does not say: the other calls, and who was planned to work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain import events as e
from app.domain.events import Entry
from app.domain.hours import Span
from app.domain.lag import Lag, lag_of, owner_at
from app.domain.lead import Lead
from app.domain.shifts import anybody_on_shift
from app.domain.sla import ClockKind
from app.store.figures import calls_between
from app.store.reading import Reading


def lag(r: Reading, lead: Lead, entries: Sequence[Entry]) -> Lag:
    """Where the time of a lead went; `entries` is its journal, in any order."""
    first = ClockKind.FIRST_ATTEMPT
    missed = [
        entry.event.deadline
        for entry in entries
        if isinstance(entry.event, e.ClockBreached) and entry.event.clock == first
    ]
    if not missed:
        return lag_of(lead, entries, (), False)
    deadline = max(missed)
    before = sorted((entry for entry in entries if entry.at <= deadline), key=lambda entry: entry.seq)
    started = [
        entry.at for entry in before if isinstance(entry.event, e.ClockStarted) and entry.event.clock == first
    ]
    begun = max(started, default=lead.captured_at)
    rulebook = r.rulebook_of(lead.rulebook) or r.rulebook()
    nobody = bool(rulebook.calendars) and not anybody_on_shift(rulebook, r.reps(), begun, deadline)
    return lag_of(lead, entries, _other_calls(r, owner_at(before)[0], lead.id, begun, deadline), nobody)


def _other_calls(r: Reading, rep_id: str, lead_id: str, since: datetime, until: datetime) -> tuple[Span, ...]:
    """When somebody was on the phone with others."""
    return calls_between(r, rep_id, lead_id, since, until) if rep_id else ()
