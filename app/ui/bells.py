"""Which leads ring at this desk, since when and at which step; how loud that is, the ringer decides.

A lead rings while its clock runs or has been missed, nobody has called it, and it is this rep's or the
pool's; whoever is told of a missed one by the chain is rung too. The rulebook may have somebody hear of others'
leads as well, and of what their own leads do (`domain/alerting.py`). A claim silences it: the bubble goes
everywhere. A claimed lead that is missed all the same rings again. While its clock is paused a lead is still. When
little time is left, a lead that nobody took takes a step of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Literal, NamedTuple

from PySide6.QtCore import QCoreApplication

from app.domain.alerting import Heard, concerns_all, heard
from app.domain.chain import UPWARD
from app.domain.events import BehaviourNoted, ClockWarned, LeadEscalated
from app.domain.lead import ClockState, Lead, RepStatus, Tier
from app.domain.order import is_owed
from app.domain.routes import Loudness, News
from app.floor.board import Board, Changes
from app.ui.event_words import deed_words
from app.ui.loudness import BREACHED, NEW, SHORT, WARNING, Alert, told
from app.ui.ringer import Ringer
from app.ui.wording import local_time, phone_words, reason_words

__all__ = ["Bells"]

Kind = Literal["mine", "pool", "lead", "other", "did"]
AT_ONCE = 20
"""Leads that a snapshot may ring."""
_WHY = 3
"""Reasons told on a bubble."""


def began(lead: Lead) -> datetime | None:
    """When the lead's clock was started; None if there is none."""
    return lead.deadline - timedelta(seconds=lead.sla_seconds) if lead.deadline else None


def waits(lead: Lead) -> bool:
    """Whether somebody should still be fetched for this lead."""
    if not lead.is_open or lead.no_call or lead.on_call:
        return False
    if lead.clock not in (ClockState.RUNNING, ClockState.BREACHED) or not is_owed(lead):
        return False
    if lead.claimed_at is None:
        return True
    since = lead.breached_at if lead.clock is ClockState.BREACHED else began(lead)
    return since is not None and lead.claimed_at < since


class _Rung(NamedTuple):
    """A lead as it rings."""

    lead: Lead
    kind: Kind
    step: int

    @property
    def face(self) -> tuple[object, ...]:
        """All of it that is told."""
        lead = self.lead
        who = (lead.title_line, lead.ask, lead.phone, lead.reasons, lead.claimed_at is None)
        return (self.kind, self.step, lead.tier, lead.deadline, *who)


class Bells:
    """The ringing leads of rep `me`. Lives on the GUI thread, as the ringer does."""

    def __init__(self, ringer: Ringer, board: Board, me: str) -> None:
        self._ringer = ringer
        self._board = board
        self._me = me
        self._rung: dict[str, _Rung] = {}
        """The waiting leads as they were rung last, so that nothing is told twice."""
        self._told: dict[str, int] = {}
        """The latest step of the chain by which this rep was told of a lead."""
        self._warned: set[str] = set()
        """Leads of which the floor has warned, as its rulebook wants it."""
        self._heap: list[tuple[datetime, str]] = []
        self._did: dict[str, str] = {}
        """What leads of this rep did last, of which the rulebook has them hear."""
        ringer.judged_by(self._judge)

    @property
    def next_change(self) -> datetime | None:
        """When a lead next takes a step by time alone."""
        return self._heap[0][0] if self._heap else None

    def follow(self, changes: Changes, now: datetime, *, first: bool) -> None:
        """Ring what a batch brought."""
        for entry in changes.entries:
            event = entry.event
            if isinstance(event, LeadEscalated) and self._me in event.to:
                # A lead that was given to somebody else since rings there.
                lead = self._board.leads.get(entry.lead_id)
                if lead is not None and (event.what in UPWARD or lead.owner == self._me):
                    self._told[lead.id] = event.step
                    self._look(lead, now)
            if isinstance(event, ClockWarned) and entry.lead_id in self._board.leads:
                self._warned.add(entry.lead_id)
                self._look(self._board.leads[entry.lead_id], now)
            if isinstance(event, BehaviourNoted) and self._board.rulebook.alerts:
                self._tell_deed(entry.lead_id, event, now)
        if changes.rulebook is not None:
            self._ringer.look_again()
        if changes.snapshot:
            self._look_at_all(changes.added, now, first)
            return
        for lead in changes.removed:
            self._hush(lead.id)
        for lead in (*changes.added, *(lead for _, lead in changes.changed)):
            self._look(lead, now)

    def _look_at_all(self, leads: Sequence[Lead], now: datetime, first: bool) -> None:
        """After a snapshot: a desk that begins, or comes back to many, is rung for the most urgent only; the
        queue has all."""
        known, self._rung, self._heap = self._rung, {}, []
        fresh: list[Lead] = []
        for lead in leads:
            kind = self._kind(lead, now)
            if kind is None or not waits(lead):
                continue
            if lead.is_paused(now) and lead.paused_until is not None:
                self._heap.append((lead.paused_until, lead.id))
                continue
            if lead.id not in known:
                fresh.append(lead)
            # As if it had been rung: only a further step is news then.
            self._rung[lead.id] = known.get(lead.id) or _Rung(lead, kind, self._step(lead, now))
            warn_at = self._warn_at(lead)
            if warn_at is not None and warn_at > now:
                self._heap.append((warn_at, lead.id))
        heapify(self._heap)
        for lead_id in known.keys() - self._rung.keys():
            self._told.pop(lead_id, None)
            self._ringer.hush(lead_id)
        if first or len(fresh) > AT_ONCE:
            urgent = [lead for lead in fresh if self._urgent(lead, now)]
            fresh = sorted(urgent, key=lambda lead: (lead.deadline or now, lead.id))[:AT_ONCE]
        for lead in fresh:
            del self._rung[lead.id]
            self._look(lead, now)
        for lead_id in known.keys() & self._rung.keys():
            self._look(self._board.leads[lead_id], now)

    def advance(self, now: datetime) -> None:
        """Take the steps that are due by `now`."""
        while self._heap and self._heap[0][0] <= now:
            _, lead_id = heappop(self._heap)
            lead = self._board.leads.get(lead_id)
            if lead is not None:
                self._look(lead, now)

    def _judge(self, alert: Alert, status: str, now: datetime) -> Heard | None:
        """What the alert rules say to whoever sits here."""
        rep, rulebook = self._board.reps.get(self._me), self._board.rulebook
        if rep is None or not rulebook.alerts:
            return None
        found = heard(
            rulebook,
            alert.news,
            Tier(alert.tier),
            rep.role,
            RepStatus(status),
            now,
            is_theirs=alert.kind != "other",
            is_short=alert.is_short(now),
        )
        # Of what is not theirs, and of what a lead did, a person hears by a rule or not at all.
        nothing = Heard(Loudness.SILENT) if alert.kind in ("other", "did") else None
        return found or nothing

    def _hears_of(self, lead: Lead, now: datetime) -> bool:
        """Whether the rulebook has whoever sits here hear of somebody else's lead, as it stands."""
        rep, rulebook = self._board.reps.get(self._me), self._board.rulebook
        if rep is None or not concerns_all(rulebook, rep.role):
            return False
        news = (News.ARRIVED, News.WARNED, News.BREACHED)[min(self._step(lead, now), BREACHED)]
        return heard(rulebook, news, lead.tier, rep.role, rep.status, now, is_theirs=False) is not None

    def _tell_deed(self, lead_id: str, event: BehaviourNoted, now: datetime) -> None:
        """A lead did something: whoever has it may be told; while it rings anyway, nothing more is said."""
        lead = self._board.leads.get(lead_id)
        if lead is None or lead.owner != self._me or lead.on_call or lead_id in self._rung:
            return
        words = deed_words(event.kind)
        self._did[lead_id] = f"{words} · {event.what}" if event.what else words
        alert = _alert(_Rung(lead, "did", NEW), now, self._did[lead_id])
        said = self._judge(alert, RepStatus.AVAILABLE.value, now)
        if said is not None and said.loudness is not Loudness.SILENT:
            self._ringer.hush(lead_id)  # each time anew
            self._ringer.ring(alert)

    def _kind(self, lead: Lead, now: datetime) -> Kind | None:
        """Why this desk would ring for the lead."""
        if lead.owner == self._me:
            return "mine"
        if lead.owner == "" and (not lead.offered or self._me in lead.offered):
            return "pool"
        if lead.id in self._told:
            return "lead"
        return "other" if self._board.rulebook.alerts and self._hears_of(lead, now) else None

    def _step(self, lead: Lead, now: datetime) -> int:
        if lead.clock is ClockState.BREACHED:
            return BREACHED + self._told.get(lead.id, 0)
        warn_at = self._warn_at(lead)
        is_short = warn_at is not None and warn_at <= now
        return WARNING if is_short or lead.id in self._warned else NEW

    def _look(self, lead: Lead, now: datetime) -> None:
        kind = self._kind(lead, now)
        if kind is None or not waits(lead):
            self._hush(lead.id)
            return
        if lead.is_paused(now) and lead.paused_until is not None:
            self._hush(lead.id)
            self._await(lead.paused_until, lead.id)
            return
        warn_at = self._warn_at(lead)
        if warn_at is not None and warn_at > now:
            self._await(warn_at, lead.id)
        rung = _Rung(lead, kind, self._step(lead, now))
        before = self._rung.get(lead.id)
        self._rung[lead.id] = rung
        if before is None or before.face != rung.face:
            self._ringer.ring(_alert(rung, now))

    def _hush(self, lead_id: str) -> None:
        self._told.pop(lead_id, None)
        self._warned.discard(lead_id)
        if self._rung.pop(lead_id, None):
            self._ringer.hush(lead_id)
        elif lead_id in self._did and self._is_over(lead_id):
            del self._did[lead_id]
            self._ringer.hush(lead_id)

    def _is_over(self, lead_id: str) -> bool:
        """Whether what a lead did needs nobody any more: they are being talked to, or it is not theirs."""
        lead = self._board.leads.get(lead_id)
        return lead is None or bool(lead.on_call) or lead.owner != self._me

    def _urgent(self, lead: Lead, now: datetime) -> bool:
        in_time = lead.deadline is not None and lead.deadline > now
        return in_time and (lead.tier is Tier.HOT or self._step(lead, now) == WARNING)

    def _warn_at(self, lead: Lead) -> datetime | None:
        """When little is left: a tenth of the promise, 15 s at least, a quarter at most."""
        if lead.deadline is None or lead.clock is not ClockState.RUNNING:
            return None
        share = max(SHORT.total_seconds(), lead.sla_seconds * self._board.rulebook.guard_share)
        return lead.deadline - timedelta(seconds=min(share, lead.sla_seconds / 4))

    def _await(self, at: datetime, lead_id: str) -> None:
        heappush(self._heap, (at, lead_id))
        if len(self._heap) > 2 * len(self._board.leads) + 100:
            self._heap = list(set(self._heap))
            heapify(self._heap)


def _alert(rung: _Rung, now: datetime, deed: str = "") -> Alert:
    lead = rung.lead
    there = local_time(lead.zone, now)
    return Alert(
        lead_id=lead.id,
        title=lead.title_line,
        body=told(
            deed or lead.ask.strip(),
            (reason_words(reason) for reason in lead.reasons[:_WHY]),
            phone_words(lead.phone),
            QCoreApplication.translate("bells", "{time} there").format(time=there) if there else "",
        ),
        tier=lead.tier.value,
        deadline=lead.deadline,
        step=rung.step,
        kind=rung.kind,
        is_claimed=lead.claimed_at is not None,
    )
