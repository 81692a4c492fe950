"""Tells the floor that a person opened a lead: once for each lead, and once more when it is late.

A card that the desk put up by itself is not opened; a click, a key or a notification is. The floor keeps the first
time as a stage of the lead, and of a late lead takes it for "I have it". Where it can't be told, nothing is lost but
that stage.
"""

from __future__ import annotations

from app.domain.commands import SeeLead
from app.domain.lead import ClockState
from app.ui.context import Context


class Seeing:
    """What this desk has told. Lives on the GUI thread."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._told: set[tuple[str, bool]] = set()

    def opened(self, lead_id: str) -> None:
        """A person opened this lead."""
        self._context.ringer.answered(lead_id)
        lead = self._context.board.leads.get(lead_id)
        if lead is None or not lead.is_open:
            return
        is_late = lead.clock is ClockState.BREACHED
        is_first = lead.seen_at is None and lead.owner in ("", self._context.me)
        if (is_first or is_late) and (lead_id, is_late) not in self._told:
            self._told.add((lead_id, is_late))
            self._context.relay.do(SeeLead(lead_id=lead_id), failed=lambda _error: None)
