"""Whose hands a command or a question comes from, and whose a lead is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.domain.commands import Command
from app.domain.errors import LeadAlreadyClaimed, NotAllowed, NotFound, Refused
from app.domain.events import RepStatusChanged
from app.domain.lead import Lead, Rep, RepStatus
from app.domain.roles import LEADING, MACHINES, Machine
from app.domain.sight import Viewer, is_theirs
from app.store.reading import Reading
from app.store.writing import Writing

_NAME_LIMIT = 200


def name_given(text: str, otherwise: str = "Give a name of 1 to 200 letters.") -> str:
    """A name in one line; raises Refused with a sentence for one that is none."""
    name = " ".join(text.split())
    if not name or len(name) > _NAME_LIMIT or not name.isprintable():
        raise Refused(otherwise, "No name")
    return name


def viewer(r: Reading, actor: str) -> Viewer:
    """Who an actor is: a hand of the program's own, or an active person; raises NotAllowed for anybody else.

    A terminal that came to a shared database by a person's login is that person.
    """
    machine = MACHINES.get(actor)
    mine = r.my_rep() if machine is Machine.TERMINAL else None
    if mine is not None:
        actor = mine
    elif machine is not None:
        return Viewer(actor, machine)
    rep = r.rep(actor)
    if rep is None or not rep.active:
        raise NotAllowed("Only people who work on this floor can do that.", "Not on this floor")
    return Viewer(actor, rep.role)


def names_of(r: Reading) -> dict[str, str]:
    """What an actor is called, by its word in the journal."""
    return {word: machine.value for word, machine in MACHINES.items()} | {
        rep.id: rep.name for rep in r.reps()
    }


def acting_rep(w: Writing) -> Rep:
    """The active rep who asks; raises NotAllowed for anybody else."""
    rep = w.rep(w.actor)
    if rep is None or not rep.active:
        raise NotAllowed("Only a rep of this floor can do that.")
    return rep


def check_known(w: Writing, command: Command[Any], who: Viewer) -> None:
    """Raise NotFound when a command is about a lead that this person may not know of."""
    lead_id = getattr(command, "lead_id", "")
    if lead_id and who.is_partner and not is_theirs(w.lead(lead_id), who):
        raise NotFound("That lead is not on this floor.")


def check_mine(w: Writing, lead: Lead, rep: Rep) -> None:
    """Raise unless the lead is the rep's, offered to them, nobody's, or the rep leads the floor and nobody works on it.

    Who has left the floor keeps no lead from anybody.
    """
    if lead.owner == "" and lead.offered and rep.id not in lead.offered and rep.role not in LEADING:
        names = ", ".join(one.name for one in w.reps() if one.id in lead.offered)
        raise NotAllowed(f"This lead is offered to {names}.", "Not yours")
    if lead.owner in ("", rep.id):
        return
    owner = next((other for other in w.reps() if other.id == lead.owner and other.active), None)
    if owner is None:
        return
    if lead.claimed_at is not None or lead.on_call:
        raise LeadAlreadyClaimed(f"{owner.name} was faster and has this lead.", "Already claimed")
    if rep.role not in LEADING:
        raise NotAllowed(f"This lead went to {owner.name}.", "Not yours")


def set_status(w: Writing, rep: Rep, status: RepStatus, *, turn: int | None = None, why: str = "") -> None:
    """Change what a rep is doing, if it is a change. `why` where nobody said so."""
    if rep.status == status:
        return
    w.save_rep(replace(rep, status=status, status_since=w.now), turn=turn)
    w.record(RepStatusChanged(rep_id=rep.id, status=status, was=rep.status, why=why))
