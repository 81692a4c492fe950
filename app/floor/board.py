"""A desk's picture of the floor: every open lead as it is now, the reps, the alarms. Pure: no clock, no
thread.

A board is fed the batches of the feed. Applying one is "keep the newer version": a batch that comes late or
twice changes nothing, a batch that leaves something out is noticed (`FeedHole`), and a snapshot starts
afresh. Each batch is answered with what it changed, so that nobody above has to look at all leads.
"""

from __future__ import annotations

from app.domain.events import Entry
from app.domain.frozen import dataclass
from app.domain.lead import Alarm, Lead, Rep
from app.domain.presence import DeskSeen, by_rep
from app.domain.rulebook import DEFAULT, Rulebook
from app.floor.floor import Batch

__all__ = ["Board", "Changes", "FeedHole"]


class FeedHole(Exception):
    """A batch does not follow on what the board has seen: take a fresh snapshot."""

    def __init__(self, seen: int, first: int) -> None:
        super().__init__(f"the feed goes from {seen} to {first}")
        self.seen = seen
        self.first = first


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a batch changed. After a snapshot `added` holds all open leads; what was before is forgotten."""

    snapshot: bool = False
    entries: tuple[Entry, ...] = ()
    """What happened that the board had not seen."""
    added: tuple[Lead, ...] = ()
    changed: tuple[tuple[Lead, Lead], ...] = ()
    """(as it was, as it is)"""
    removed: tuple[Lead, ...] = ()
    """Leads that were open and are closed, as they are now."""
    touched: tuple[Lead, ...] = ()
    """Every lead that the entries are of, as it is now, whether open or closed."""
    reps: bool = False
    alarms: bool = False
    review: bool = False
    desks: bool = False
    rulebook: Rulebook | None = None
    """The rulebook now in force, where that changed."""
    kept: bool = False
    """Whether somebody keeps the clocks has changed."""
    went_back: bool = False
    """The floor went back to an earlier state and on from there; what was shown last may never have happened."""


class Board:
    """The open leads of a floor and what stands around them, as of feed number `cursor`."""

    def __init__(self) -> None:
        self.leads: dict[str, Lead] = {}
        self.reps: dict[str, Rep] = {}
        self.alarms: tuple[Alarm, ...] = ()
        self.in_review = 0
        self.desks: dict[str, DeskSeen] = {}
        """The liveliest desk of each rep who has one, by rep."""
        self.rulebook: Rulebook = DEFAULT
        self.kept = True
        """Whether some program keeps the clocks; while none does, nothing escalates."""
        self.cursor = -1
        """Number of the last event seen; -1 before the first snapshot."""
        self._closed: dict[str, int] = {}
        """Version at which a lead was seen closed, so that an older batch can't open it again."""

    def apply(self, batch: Batch) -> Changes:
        """Take a batch in; raises `FeedHole` if one before it is missing."""
        if batch.snapshot:
            return self._start_afresh(batch)
        if batch.foreseen:
            return self._show(batch)
        if self.cursor < 0 or batch.first > self.cursor + 1:
            raise FeedHole(self.cursor, batch.first)
        if batch.last < batch.first and batch.kept is not None:  # a word about the floor, without an event
            was, self.kept = self.kept, batch.kept
            return Changes(kept=was != batch.kept)
        if batch.last <= self.cursor:
            return Changes()
        added: list[Lead] = []
        changed: list[tuple[Lead, Lead]] = []
        removed: list[Lead] = []
        touched: list[Lead] = []
        for lead in batch.leads:
            known = self.leads.get(lead.id)
            touched.append(lead if known is None or lead.version > known.version else known)
            if known is not None and lead.version <= known.version:
                continue
            if lead.version <= self._closed.get(lead.id, -1):
                continue
            if not lead.is_open:
                self._closed[lead.id] = lead.version
                if known is not None:
                    del self.leads[lead.id]
                    removed.append(lead)
                continue
            self.leads[lead.id] = lead
            if known is None:
                added.append(lead)
            else:
                changed.append((known, lead))
        entries = tuple(entry for entry in batch.entries if entry.seq > self.cursor)
        self.cursor = batch.last
        self._take_around(batch)
        return Changes(
            entries=entries,
            added=tuple(added),
            changed=tuple(changed),
            removed=tuple(removed),
            touched=tuple(touched),
            reps=batch.reps is not None,
            alarms=batch.alarms is not None,
            review=batch.in_review is not None,
            desks=batch.desks is not None,
            rulebook=batch.rulebook,
        )

    def _start_afresh(self, batch: Batch) -> Changes:
        self.leads = {lead.id: lead for lead in batch.leads if lead.is_open}
        self._closed.clear()
        was, self.kept = self.kept, True  # until this follower, too, has found that nobody does
        self.cursor = batch.last
        self._take_around(batch)
        return Changes(
            snapshot=True,
            entries=batch.entries,
            added=tuple(self.leads.values()),
            reps=True,
            alarms=True,
            review=True,
            desks=True,
            rulebook=self.rulebook,
            kept=not was,
            went_back=batch.went_back,
        )

    def _show(self, batch: Batch) -> Changes:
        """Leads as they are foreseen on this desk, in the place of what the floor last said of them."""
        added: list[Lead] = []
        changed: list[tuple[Lead, Lead]] = []
        removed: list[Lead] = []
        for lead in batch.leads:
            known = self.leads.get(lead.id)
            if not lead.is_open:
                if known is not None:
                    del self.leads[lead.id]
                    removed.append(lead)
                continue
            self.leads[lead.id] = lead
            if known is None:
                added.append(lead)
            elif known != lead:
                changed.append((known, lead))
        self._take_around(batch)
        return Changes(
            added=tuple(added),
            changed=tuple(changed),
            removed=tuple(removed),
            reps=batch.reps is not None,
        )

    def _take_around(self, batch: Batch) -> None:
        """What is not a lead is whole in every batch that carries it."""
        if batch.reps is not None:
            self.reps = {rep.id: rep for rep in batch.reps}
        if batch.alarms is not None:
            self.alarms = batch.alarms
        if batch.desks is not None:
            self.desks = by_rep(batch.desks)
        if batch.in_review is not None:
            self.in_review = batch.in_review
        if batch.rulebook is not None:
            self.rulebook = batch.rulebook
