"""A batch of the feed as somebody sees it: the same numbers without a hole, less of what is not theirs."""

from __future__ import annotations

from dataclasses import replace

from app.domain.sight import Viewer, is_theirs, seen_entry, seen_lead
from app.floor.floor import Batch


def seen_batch(batch: Batch, viewer: Viewer) -> Batch:
    """The batch for this viewer. Every event keeps its number, so that a desk can still prove it missed none."""
    if viewer.sees_all:
        return batch
    known = {lead.id for lead in batch.leads if is_theirs(lead, viewer)}
    entries = tuple(seen_entry(entry, viewer, known.__contains__) for entry in batch.entries)
    if not viewer.is_partner:
        return replace(batch, entries=entries, leads=tuple(seen_lead(lead, viewer) for lead in batch.leads))
    return replace(
        batch,
        entries=entries,
        leads=tuple(
            seen_lead(lead, viewer) for lead in batch.leads if not batch.snapshot or lead.id in known
        ),
        reps=None if batch.reps is None else tuple(rep for rep in batch.reps if rep.id == viewer.actor),
        alarms=None if batch.alarms is None else (),
        in_review=None if batch.in_review is None else 0,
        desks=None
        if batch.desks is None
        else tuple(desk for desk in batch.desks if desk.rep_id == viewer.actor),
    )
