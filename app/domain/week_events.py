"""What happens to a frozen week: it is frozen, a score of it is disputed, the dispute is answered."""

from __future__ import annotations

from app.domain.event import Event
from app.domain.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFrozen(Event):
    week: str
    digest: str
    pages: tuple[tuple[str, str], ...]
    """(person, SHA-256 of their page)"""
    rulebook: int
    head: int
    """The last event that the pages know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDisputed(Event):
    """Somebody disputes their score. The words stand with the week, for those who may read it; here is their hash."""

    dispute_id: str
    week: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAnswered(Event):
    dispute_id: str
    week: str
    sha256: str
