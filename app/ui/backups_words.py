"""What is said about backups: when, how large, verified how, and what a restore would cost."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.times import day_and_time

if TYPE_CHECKING:
    from app.store.backup import Backup, Facts
    from app.store.restore import Loss

__all__ = ["backup_line", "loss_words", "size_words", "verified_words", "when_words"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("backups", text)


def size_words(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"


def when_words(at: datetime, now: datetime) -> str:
    return day_and_time(at, now)


def verified_words(facts: Facts) -> str:
    if facts.restored:
        return _tr("verified by restoring it")
    return _tr("listed, not restored: this login may not make a database to try it in")


def backup_line(backup: Backup, now: datetime) -> str:
    """One backup in a line."""
    facts = backup.facts
    return _tr("{when} · {leads} leads, {events} events · {size}").format(
        when=when_words(facts.at, now),
        leads=f"{facts.shown_leads:,}",
        events=f"{facts.head:,}",
        size=size_words(facts.size),
    )


def loss_words(lost: Loss) -> str:
    """What restoring puts aside."""
    if lost.nothing_there:
        return _tr("Nothing stands in its place, so nothing is lost.")
    if lost.unreadable:
        return _tr(
            "What stands there now can't be read. It is put aside as it is; what came after this backup can't be "
            "counted."
        )
    counts = {"events": f"{lost.events:,}", "leads": f"{lost.leads:,}", "name": lost.name}
    if lost.other_floor:
        return _tr(
            "The floor took another way since: {events} events and {leads} leads that stand there now are not in "
            "this backup. They would be gone from the floor."
        ).format(**counts)
    if not lost.events:
        return _tr("Everything that stands there now is in this backup: nothing would be lost.")
    return _tr("{events} events and {leads} new leads came after this backup. They would be gone.").format(
        **counts
    )
