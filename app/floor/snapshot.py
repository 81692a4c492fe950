"""The floor as it is, in one batch: what every follower is told first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import Clock
from app.domain.presence import DeskSeen
from app.floor.floor import Batch

if TYPE_CHECKING:
    from app.store.look import Look
    from app.store.reading import Reading


def snapshot(seen: Reading | Look, clock: Clock, desks: tuple[DeskSeen, ...]) -> Batch:
    """The floor as it is, with nothing hidden."""
    head, mark = seen.head()
    return Batch(
        first=head,
        last=head,
        mark=mark,
        at=clock.now(),
        snapshot=True,
        leads=seen.open_leads(),
        reps=seen.reps(),
        alarms=seen.alarms(),
        in_review=seen.in_review(),
        rulebook=seen.rulebook(),
        desks=desks,
    )


def first_look(path: Path, clock: Clock) -> Batch | None:
    """The floor in a file whose lock this program holds, before its book is open; None where only the book can
    tell: it has to be upgraded, or refused."""
    from app.store.look import looking

    with looking(path) as seen:
        return None if seen is None else snapshot(seen, clock, seen.desks())
