"""The escalation chain: who hears of a clock that runs out, after how many seconds, and by which way.

A step's delay counts from the deadline, so a negative one is taken before the breach. Pure; `service/escalation.py`
takes the steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.domain.frozen import dataclass
from app.domain.lead import Rep, Role

__all__ = ["UPWARD", "Chain", "Step", "StepKind", "Way", "people_for"]


class StepKind(StrEnum):
    """What one step of the escalation chain does."""

    LOUDER = "louder"  # ring the owner again, louder
    NEXT_REP = "next_rep"  # take the lead to the next free rep
    TEAM_LEAD = "team_lead"  # tell the team leads
    OWNER = "owner"  # tell the managers and the owner of the floor
    MANAGER = "manager"  # tell the managers
    PARTNER = "partner"  # give the lead to a partner


UPWARD = (StepKind.TEAM_LEAD, StepKind.MANAGER, StepKind.OWNER)
"""Steps that tell somebody about a lead instead of giving it to them."""


class Way(StrEnum):
    """How somebody is told, beside the entry in the lead's history."""

    DESKTOP = "desktop"  # their desk rings
    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"  # a program of the firm's own is told, once a step


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the chain, `after` seconds from the deadline: before it when negative."""

    kind: StepKind
    after: int
    by: tuple[Way, ...] = ()
    """Empty: by desktop, and those above by e-mail too."""

    @property
    def ways(self) -> tuple[Way, ...]:
        if self.by:
            return self.by
        return (Way.DESKTOP, Way.EMAIL) if self.kind in UPWARD else (Way.DESKTOP,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A chain with a name, for clocks that are not to have the first one."""

    name: str
    steps: tuple[Step, ...]


_ASKED: dict[StepKind, tuple[tuple[Role, ...], ...]] = {
    StepKind.TEAM_LEAD: ((Role.TEAM_LEAD,), (Role.MANAGER,), (Role.OWNER,)),
    StepKind.MANAGER: ((Role.MANAGER,), (Role.OWNER,)),
    StepKind.OWNER: ((Role.MANAGER, Role.OWNER),),
}
"""Roles in turn: the first that anybody has."""


def people_for(kind: StepKind, reps: Iterable[Rep]) -> tuple[Rep, ...]:
    """Whom a step upwards tells: the active people of its role, or of the next one up that anybody has."""
    active = [rep for rep in reps if rep.active]
    for roles in _ASKED.get(kind, ()):
        people = tuple(rep for rep in active if rep.role in roles)
        if people:
            return people
    return ()
