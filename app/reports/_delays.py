"""Leads by how soon they were called."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.milestones import DELAYS, NEVER, Also, Counts
from app.domain.report import Asked
from app.store.facts import Facts

Delays = Mapping[str, Counts]
"""Of each group of response delays its leads, those never called too."""


def by_delay(facts: Facts, asked: Asked) -> Delays:
    """Every group, the soonest first; one without leads too."""
    found = facts.groups(asked, Also.DELAY)
    names = (*(name for name, _ in DELAYS), NEVER)
    return {name: found[(name,)].counts if (name,) in found else Counts() for name in names}


def delay_title(name: str) -> str:
    """A group for reading."""
    return {"later": "later than 24 h", NEVER: "not called"}.get(name, f"within {name}")
