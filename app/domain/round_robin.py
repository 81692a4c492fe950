"""Who gets a lead where the rulebook has no routes: whoever had none for longest.

The turn lies in the database with each rep: the number that the last lead given to them had. The available rep
with the lowest turn is next, so no restart and no race can unbalance it, and nobody who comes back from a break
is flooded for the time away: the turn of a returning rep is raised to the lowest turn of those at work.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.domain.events import Considered
from app.domain.lead import Rep, RepStatus, Role
from app.domain.routing import Decision
from app.domain.routing_free import NOT_YET, STATUS_WORDS

__all__ = ["round_robin", "told", "turn_on_return"]


def round_robin(reps: Sequence[Rep], *, tried: Collection[str] = ()) -> Decision:
    """The next available person who is not in `tried`; everybody else who works leads is in the ledger with the
    reason."""
    free: list[Rep] = []
    ledger: list[Considered] = []
    for rep in reps:
        if not rep.active or rep.role == Role.ADMIN:
            continue
        if rep.id in tried:
            skipped = "had it already"
        elif rep.status != RepStatus.AVAILABLE:
            skipped = STATUS_WORDS[rep.status]
        else:
            free.append(rep)
            continue
        ledger.append(Considered(rep_id=rep.id, name=rep.name, skipped=skipped))
    free.sort(key=lambda rep: (rep.turn, rep.id))
    for rep in free[1:]:
        ledger.append(Considered(rep_id=rep.id, name=rep.name, skipped=NOT_YET))
    if not free:
        return Decision(rep=None, why="nobody was available", ledger=tuple(ledger))
    chosen = free[0]
    ledger.insert(0, Considered(rep_id=chosen.id, name=chosen.name))
    why = "the only one available" if len(free) == 1 else f"round robin, {len(free)} available"
    return Decision(rep=chosen, why=why, ledger=tuple(ledger))


def turn_on_return(rep: Rep, reps: Sequence[Rep]) -> int:
    """The turn of a rep who becomes available: not behind everybody who stayed."""
    at_work = [
        other.turn for other in reps if other.active and other.id != rep.id and other.status != RepStatus.AWAY
    ]
    return max(rep.turn, min(at_work, default=rep.turn))


def told(reps: Sequence[Rep], roles: Collection[Role]) -> tuple[Rep, ...]:
    """The active people of the given roles, whatever they are doing."""
    return tuple(rep for rep in reps if rep.active and rep.role in roles)
