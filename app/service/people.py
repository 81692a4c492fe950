"""Whose hands a command comes from."""

from __future__ import annotations

from dataclasses import replace

from app.domain.errors import LeadAlreadyClaimed, NotAllowed, Refused
from app.domain.events import RepStatusChanged
from app.domain.lead import Lead, Rep, RepStatus, Role
from app.store.writing import Writing

LEADING = (Role.TEAM_LEAD, Role.MANAGER, Role.OWNER)
_NAME_LIMIT = 200


def name_given(text: str, otherwise: str = "Give a name of 1 to 200 letters.") -> str:
    """A name in one line; raises Refused with a sentence for one that is none."""
    name = " ".join(text.split())
    if not name or len(name) > _NAME_LIMIT or not name.isprintable():
        raise Refused(otherwise, "No name")
    return name


def acting_rep(w: Writing) -> Rep:
    """The active rep who asks; raises NotAllowed for anybody else."""
    for rep in w.reps():
        if rep.id == w.actor and rep.active:
            return rep
    raise NotAllowed("Only a rep of this floor can do that.")


def check_mine(w: Writing, lead: Lead, rep: Rep) -> None:
    """Raise unless the lead is the rep's, nobody's, or the rep leads the floor and nobody works on it.

    Who has left the floor keeps no lead from anybody.
    """
    if lead.owner in ("", rep.id):
        return
    owner = next((other for other in w.reps() if other.id == lead.owner and other.active), None)
    if owner is None:
        return
    if lead.claimed_at is not None or lead.on_call:
        raise LeadAlreadyClaimed(f"{owner.name} was faster and has this lead.", "Already claimed")
    if rep.role not in LEADING:
        raise NotAllowed(f"This lead went to {owner.name}.", "Not yours")


def set_status(w: Writing, rep: Rep, status: RepStatus, *, turn: int | None = None) -> None:
    """Change what a rep is doing, if it is a change."""
    if rep.status == status:
        return
    w.save_rep(replace(rep, status=status, status_since=w.now), turn=turn)
    w.record(RepStatusChanged(rep_id=rep.id, status=status, was=rep.status))
