"""The leads of a period that is played back: each as it was at the instant that is played, and its fate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain import events as e
from app.domain.behaviour import MOST, Behaviour
from app.domain.foresee import CLOSING
from app.domain.hands import Hands
from app.domain.hours import Span
from app.domain.lead import AttemptKind, Lead
from app.domain.sla import ClockKind
from app.domain.tier import Tier

if TYPE_CHECKING:
    from app.domain.clean import Person

__all__ = ["Case", "Fate", "Former", "played"]


@dataclass(slots=True)
class Case:
    """A lead of the period as it was at the instant that is played; the same in every world."""

    lead: Lead
    person: Person
    source: str
    """Name of its way in."""
    did: tuple[Behaviour, ...] = ()
    """Newest first."""
    called_at: datetime | None = None
    """The first time; `called_last` the last."""
    called_last: datetime | None = None
    closed_at: datetime | None = None
    claimed: bool = False
    on_call: bool = False
    attempts: int = 0
    pauses: list[Span] = field(default_factory=list)
    late: str = ClockKind.FIRST_ATTEMPT.value
    """The clock of which was heard last that it was missed."""
    last: e.Entry | None = None
    """The event before, to tell what a decision was made for."""

    def deed(self, deed: Behaviour) -> None:
        self.did = (deed, *self.did)[:MOST]

    @property
    def waits(self) -> bool:
        """Whether nobody has worked on it."""
        return not (self.claimed or self.on_call or self.attempts)


@dataclass(slots=True)
class Fate:
    """What became of a lead in one world."""

    case: Case
    first: Tier = Tier.COLD
    """As it was captured."""
    to: tuple[str, ...] = ()
    """Who got it, or was offered it, at capture; none: the pool."""
    why: str = ""
    is_routed: bool = False
    tier: Tier = Tier.COLD
    score: int = 0
    sla: int = 0
    started: datetime | None = None
    deadline: datetime | None = None
    """Of the clock that ran last."""
    promised: datetime | None = None
    """The first promise, shortened where it was before it was kept or broken."""
    begun: datetime | None = None
    """When the clock of the first promise began."""
    judged_at: datetime | None = None
    rescore_at: datetime | None = None
    had: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By clock, since it was started: who had the lead as it went on from one to the next."""
    left_by: str = ""
    """Who gave it back; empty as soon as it is given anew."""


class Former:
    """Who had a person before: the leads that share an e-mail address or a number, oldest first."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[tuple[datetime, str]]] = {}

    def add(self, lead: str, at: datetime, *keys: str) -> None:
        for key in keys:
            if key:
                self._by_key.setdefault(key, []).append((at, lead))

    def owner(self, lead: str, at: datetime, keys: Collection[str], hands: Hands) -> str:
        found: tuple[datetime, str, str] | None = None
        for key in keys:
            for when, other in self._by_key.get(key, ()) if key else ():
                held = hands.held.get(other)
                if other != lead and when <= at and held is not None and held.owner:
                    found = max(found or (when, other, held.owner), (when, other, held.owner))
        return found[2] if found else ""


def played(case: Case, entry: e.Entry) -> None:
    """Note on a lead what people did with it."""
    event = entry.event
    match event:
        case e.LeadClaimed():
            case.claimed = True
        case e.LeadReleased() | e.LeadRouted():
            case.claimed = False
        case e.AttemptStarted():
            if event.number > case.attempts:
                case.attempts = event.number
                case.called_last = event.said_at or entry.at
                case.called_at = case.called_at or case.called_last
            case.on_call = event.attempt_kind == AttemptKind.CALL
        case e.OutcomeLogged():
            case.on_call = False
            if event.applied and event.outcome in CLOSING:
                case.closed_at = entry.at
        case e.OutcomeUndone():
            case.closed_at = None
        case e.ClockBreached(clock=clock) | e.LeadEscalated(clock=clock):
            case.late = clock
        case e.ClockPaused():
            case.pauses = [(start, min(until, entry.at)) for start, until in case.pauses]
            case.pauses.append((entry.at, event.until))
        case e.ClockResumed():
            case.pauses = [(start, min(until, entry.at)) for start, until in case.pauses]
