"""One thing that is wrong with a rulebook, and what to change."""

from __future__ import annotations

from app.domain.frozen import dataclass

__all__ = ["SECTIONS", "Flaw"]

SECTIONS = (
    "score",
    "tiers",
    "routes",
    "hours",
    "clocks",
    "escalation",
    "alerts",
    "teams",
    "order",
    "scorecard",
)
"""The parts that a rulebook is shown in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    section: str
    """One of `SECTIONS`."""
    text: str
    """A sentence that says what to change."""
    at: str = ""
    """Where it stands, as fields and places from 0: "routes.2.team", "tiers.1.at_least"; "" for the whole section."""
