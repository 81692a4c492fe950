"""The keeper's round: the clocks first, since somebody waits for them, then what else is due by now."""

from __future__ import annotations

from datetime import datetime

from app.domain.commands import ClocksKept, KeepClocks
from app.service import escalation, judging, offers
from app.store.behaviours import next_change
from app.store.reading import Reading
from app.store.turns import next_lapse
from app.store.writing import Writing


def keep(w: Writing, command: KeepClocks) -> ClocksKept:
    """One round, some hundreds of leads at most. Raises LeaseLost."""
    breached, steps = escalation.keep(w, command)
    judged = judging.cool(w)
    offers.pass_on(w)
    return ClocksKept(breached=breached, steps=steps, judged=judged, next_at=next_due(w))


def next_due(r: Reading) -> datetime | None:
    """When the keeper has something to do again."""
    return min((at for at in (r.next_due(), next_change(r), next_lapse(r)) if at is not None), default=None)
