"""The lag ledger of one lead, with what its own journal does not say: the other calls, and who was planned to work."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.events import Entry
from app.domain.lag import Lag, lag_of, missed
from app.domain.lead import Lead
from app.domain.shifts import anybody_on_shift
from app.store.figures import calls_between
from app.store.reading import Reading


def lag(r: Reading, lead: Lead, entries: Sequence[Entry]) -> Lag:
    """Where the time of a lead went; `entries` is its journal, in any order."""
    miss = missed(lead, entries)
    if miss is None:
        return lag_of(lead, entries, (), False)
    rulebook = r.rulebook_of(lead.rulebook) or r.rulebook()
    nobody = bool(rulebook.calendars) and not anybody_on_shift(rulebook, r.reps(), miss.begun, miss.deadline)
    busy = calls_between(r, miss.owner, lead.id, miss.begun, miss.deadline) if miss.owner else ()
    return lag_of(lead, entries, busy, nobody)
