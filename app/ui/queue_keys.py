"""The keys of the Queue screen: what the registry knows while the screen is shown."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.domain.commands import (
    AcknowledgeLead,
    AddNote,
    CorrectLead,
    DeclineLead,
    LogOutcome,
    PauseClock,
    RedirectLead,
    StartAttempt,
    UndoOutcome,
)
from app.domain.lead import Outcome
from app.ui.actions import Action
from app.ui.wording import outcome_name

if TYPE_CHECKING:
    from app.ui.screens.queue import QueueScreen

__all__ = ["MENU", "queue_actions"]

MENU = (
    "lead.call", "lead.email", "lead.text", "",
    "lead.have", "lead.pause", "lead.give", "lead.decline", "",
    "lead.note", "lead.correct", "lead.why",
)  # fmt: skip
"""What a right click on a lead offers."""


def queue_actions(screen: QueueScreen) -> list[Action]:
    """All of them, each of which does something on this screen."""
    tr, step, press = screen.tr, screen.list.step, screen.press
    clocks, card, past, now = screen.clocks, screen.card, screen.card.past, screen.clocks.now
    next_title = tr("Claim and call the next lead")
    here = [
        Action(
            id="queue.next",
            title=next_title,
            run=screen.claim_next,
            keys=("Space",),
            says=StartAttempt,
            hint=tr("claim & call next"),
        ),
        Action(
            id="queue.up", title=tr("Lead above"), run=partial(step, -1), keys=("Up", "K"), hint=tr("move")
        ),
        Action(
            id="queue.down", title=tr("Lead below"), run=partial(step, 1), keys=("Down", "J"), hint=tr("move")
        ),
        Action(
            id="queue.open", title=tr("To the lead's card"), run=screen.open_card, keys=("Return", "Enter")
        ),
    ]
    lead = [
        Action(id="lead.call", title=tr("Call"), run=partial(press, "call"), keys=("C",), says=StartAttempt),
        Action(
            id="lead.email",
            title=tr("Write an e-mail"),
            run=partial(press, "email"),
            keys=("E",),
            says=StartAttempt,
        ),
        Action(
            id="lead.text",
            title=tr("Write a text message"),
            run=partial(press, "text"),
            keys=("T",),
            says=StartAttempt,
        ),
        Action(id="lead.note", title=tr("Note"), run=screen.note, keys=("N",), hint=tr("note"), says=AddNote),
        Action(
            id="lead.why",
            title=tr("Why me, why not me?"),
            run=screen.card.past.ask_why,
            keys=("W",),
            words=tr("routing decision ledger assigned"),
        ),
        Action(
            id="lead.give",
            title=tr("Give to somebody else…"),
            run=lambda: past.giving.give(card.lead_id),
            keys=("G",),
            says=RedirectLead,
            words=tr("redirect hand over reassign"),
        ),
        Action(
            id="lead.decline",
            title=tr("Decline an offer…"),
            run=lambda: past.giving.decline(card.lead_id),
            keys=("D",),
            says=DeclineLead,
        ),
        Action(
            id="lead.correct",
            title=tr("Correct details"),
            run=screen.card.start_edit,
            keys=("F2",),
            says=CorrectLead,
        ),
    ]

    def late() -> bool:
        return card.lead is not None and clocks.can_have(card.lead, now())

    def pausable() -> bool:
        return card.lead is not None and clocks.can_pause(card.lead, now())

    clock = [
        Action(
            id="lead.have",
            title=tr("I have it (a late lead)"),
            run=lambda: clocks.have(card.lead_id),
            keys=("H",),
            enabled=late,
            says=AcknowledgeLead,
            words=tr("acknowledge escalation late mine"),
        ),
        Action(
            id="lead.pause",
            title=tr("Pause the clock, or let it go on"),
            run=lambda: clocks.pause_or_go_on(card.lead_id),
            keys=("P",),
            enabled=pausable,
            says=PauseClock,
            words=tr("stop resume wait"),
        ),
    ]
    ended = [
        Action(
            id=f"outcome.{outcome.value}",
            title=outcome_name(outcome),
            run=partial(screen.outcome, number),
            keys=(str(number),),
            hint=tr("outcome"),
            says=LogOutcome,
        )
        for number, outcome in enumerate(Outcome, 1)
    ]
    back = tr("Take the last outcome back")
    undo = Action(
        id="lead.undo", title=back, run=screen.calls.undo, keys=("Z",), hint=tr("undo"), says=UndoOutcome
    )

    outcomes = screen.card.outcomes
    asked = [
        Action(
            id="outcome.take",
            title=tr("Take the marked answer"),
            run=outcomes.sheet.confirm,
            keys=("Return", "Enter"),
        ),
        Action(id="outcome.leave", title=tr("Leave the question"), run=outcomes.leave, keys=("Esc",)),
    ]

    def asking() -> bool:
        return outcomes.asking

    def chosen() -> bool:
        return screen.card.lead is not None

    moving = ("queue.up", "queue.down", "queue.open")
    return [
        *(replace(one, group=tr("Queue"), where="queue", listed=one.id not in moving) for one in here),
        *(replace(one, group=tr("Chosen lead"), where="queue", enabled=chosen) for one in lead),
        *(replace(one, group=tr("Chosen lead"), where="queue") for one in clock),
        *(replace(one, group=tr("Outcome"), where="queue", enabled=chosen) for one in ended),
        replace(undo, group=tr("Outcome"), where="queue"),
        *(replace(one, group=tr("Outcome"), where="queue", enabled=asking, listed=False) for one in asked),
    ]
