"""What happens while a lead looks for whoever has it: decided, offered, declined, over."""

from __future__ import annotations

from datetime import datetime

from app.domain.event import Event
from app.domain.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """One line of a routing decision's ledger."""

    rep_id: str
    name: str
    skipped: str = ""
    """Why not; empty for the one who got it, and for those it was offered to."""
    route: str = ""
    """The route that asked them, where that was not the one that decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A route that was asked before the one that decided, and why it did not."""

    route: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRouted(Event):
    to: str
    """Rep id, or empty for the pool."""
    to_name: str = ""
    why: str
    ledger: tuple[Considered, ...] = ()
    route: str = ""
    """The route that decided; empty where the rulebook has none, none did, or a person decided."""
    passed: tuple[PassedOver, ...] = ()
    offered: tuple[str, ...] = ()
    """The people it was offered to; then it is nobody's until one of them takes it."""
    until: datetime | None = None
    """When the offer is over; None: when somebody takes it."""
    rulebook: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDeclined(Event):
    """Somebody to whom a lead was offered does not want it."""

    rep_id: str
    rep_name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLapsed(Event):
    """Nobody took a lead in the time that they had for it."""

    route: str
    offered: tuple[str, ...]
    names: tuple[str, ...]
    until: datetime
