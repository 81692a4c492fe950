"""A message from whoever leads the floor to somebody's desk, or to all of them."""

from __future__ import annotations

from app.domain.commands import Made, TellRep
from app.domain.commands_wall import MESSAGE
from app.domain.errors import NotFound, Refused
from app.domain.events import RepTold
from app.service.people import acting_rep
from app.store.writing import Writing


def tell(w: Writing, command: TellRep) -> Made:
    """Put it in the journal; desks take it from there."""
    by = acting_rep(w)
    text = " ".join(command.text.split())
    if not text:
        raise Refused("Write a message.", "Nothing to say")
    if len(text) > MESSAGE:
        raise Refused(f"A message may have {MESSAGE} characters.", "Too long")
    to = w.rep(command.to) if command.to else None
    if command.to and (to is None or not to.active):
        raise NotFound("That rep is not on this floor.")
    w.record(RepTold(to=command.to, to_name=to.name if to else "", by_name=by.name, text=text))
    return Made(id=command.to)
