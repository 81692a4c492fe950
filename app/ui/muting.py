"""Mutes this desk's notifications until an instant: a quarter of an hour, an hour, until work begins tomorrow.

There is no mute without an end, and none that goes unseen: the foot says how much of it is left, and a click ends it.
While it lasts a lead shows inside the window only. It belongs to this computer and outlives a restart.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.alerting import LONGEST_MUTE, next_start
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.times import day_and_time, length_of, seconds_left

__all__ = ["Muting"]


class Muting(QObject):
    """The mute of one desk. Lives on the GUI thread."""

    changed = Signal()
    """It was muted, or is no more."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.until: datetime | None = None
        """When it ends, aware UTC; None: it is not muted."""

    def start(self) -> None:
        """Go on with a mute of before, and offer one."""
        context, group = self._context, self.tr("Notifications")
        words = self.tr("silence quiet do not disturb notifications sound")
        context.actions.add(
            *(
                Action(
                    id=f"mute.{key}", title=title, group=group, run=partial(self.mute_for, key), words=words
                )
                for key, title in self.choices()
            ),
            Action(
                id="mute.off",
                title=self.tr("Mute no more"),
                group=group,
                run=self.unmute,
                enabled=lambda: self.until is not None,
            ),
        )
        context.shell.foot.muted.clicked.connect(self.unmute)
        context.ticked.connect(self._tick)
        kept = _read(context.settings.muted_until)
        now = context.now()
        if kept is not None and now < kept <= now + LONGEST_MUTE:
            self._set(kept)

    def stop(self) -> None:
        """The desk is closing; what is muted stays so until its end."""
        self._context.actions.withdraw("mute.15", "mute.60", "mute.tomorrow", "mute.off")

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Key and words of each mute that is offered."""
        return (
            ("15", self.tr("Mute for 15 minutes")),
            ("60", self.tr("Mute for an hour")),
            ("tomorrow", self.tr("Mute until work begins tomorrow")),
        )

    def mute_for(self, key: str) -> None:
        """Mute by the key of a choice."""
        now = self._context.now()
        if key == "tomorrow":
            until = next_start(self._context.board.rulebook, now)
        else:
            until = now + timedelta(minutes=int(key))
        self._set(until)
        text = self.tr("Muted until {time}. Leads show in the window only.")
        words = text.format(time=day_and_time(until, now))
        self._context.shell.notice(words, self.tr("Mute no more"), self.unmute)

    def unmute(self) -> None:
        """Be told again as always, from now on."""
        if self.until is not None:
            self._set(None)

    def words(self) -> str:
        """ "Muted · 43 min left"; "" while it is not."""
        if self.until is None:
            return ""
        left = max(seconds_left(self.until, self._context.now()), 0)
        return self.tr("Muted · {time} left").format(
            time=length_of(left if left < 120 else -(-left // 60) * 60)
        )

    def _set(self, until: datetime | None) -> None:
        context = self._context
        self.until = until
        context.settings.muted_until = until.isoformat() if until is not None else ""
        context.settings.save()
        context.ringer.mute(until)
        context.shell.foot.set_muted(self.words())
        context.actions.registry.changed.emit()
        self.changed.emit()

    def _tick(self, now: datetime) -> None:
        if self.until is not None and self.until <= now:
            self._set(None)
        elif self.until is not None:
            self._context.shell.foot.set_muted(self.words())


def _read(kept: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(kept)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None
