"""Decides how loud a lead is on this desk, and rings.

`decide` is a table and nothing else: a tier has a level to begin with, a warning raises it, a breach raises
it to the top, and what was once loud never gets softer. A rep on a call is left in peace until the clock is
about to run out; a rep on a break or away is left in peace altogether, save for what a team lead must know.
In peace means: no bubble and no sound; the toast inside the window is there all the same.

`Ringer` keeps the leads that ring on this desk, so that one that was kept quiet rings when the call is over
or the clock gets short.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.clock import Clock
from app.ui.sound import SOUNDS, Sounder
from app.ui.toasts import CALM, CRITICAL, NORMAL, Toast, Toasts

SHORT = timedelta(seconds=15)
"""With this much left on its clock a lead breaks into a call."""

NEW, WARNING, BREACHED = 0, 1, 2
"""Steps of an SLA clock; above are the later steps of the escalation chain."""

QUIET = -1
TOP = 3
TIERS = {"COLD": 0, "WARM": 1, "HOT": 2}
"""The level a lead begins with. Level 0 shows, 1 sounds, 2 is critical, 3 is the alarm."""

LONGEST_WAIT_S = 3600.0
"""Looked at again after this long at the latest, since a computer may sleep in between."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A lead that wants somebody at this desk."""

    lead_id: str
    title: str
    """Who: the name, and the company where known."""
    body: tuple[str, ...]
    """See `told`."""
    tier: str
    """HOT, WARM or COLD."""
    deadline: datetime | None
    """End of the SLA clock, aware, UTC; None when no clock runs."""
    step: int
    """0 new, 1 warning, 2 breached, above: later steps of the chain."""
    kind: Literal["mine", "pool", "lead"]
    """Whether it is this rep's, offered to several, or told to a team lead."""
    is_claimed: bool = False
    """Its owner has said that it is theirs, so that there is nothing to claim."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """How a lead is shown: the level it has reached, and whether it rings now."""

    level: int
    step: int
    rings: bool
    """A bubble comes up and a sound is made now; else what is there stays as it is."""

    @property
    def native(self) -> bool:
        return self.level > QUIET

    @property
    def urgency(self) -> int:
        return (CALM, NORMAL, CRITICAL)[max(0, min(self.level, 2))]

    @property
    def sound(self) -> str | None:
        return (None, *SOUNDS)[self.level] if self.level > 0 else None


def decide(alert: Alert, rep_status: str, now: datetime, already: Loudness | None = None) -> Loudness:
    """How loud `alert` is for a rep of this status at this moment; `already` is what was decided last.

    `rep_status` is one of the floor's (available, on_call, wrap_up, break, away); `now` is aware, UTC.
    """
    level = TIERS.get(alert.tier, 0) + (1 if alert.step == WARNING else 0)
    if alert.step >= BREACHED or alert.kind == "lead":
        level = TOP
    if alert.kind != "lead":
        left = alert.deadline - now if alert.deadline else None
        short = alert.step >= BREACHED or (left is not None and left <= SHORT)
        if rep_status in ("break", "away") or (rep_status == "on_call" and not short):
            level = QUIET
    before, rung = (already.level, already.step) if already else (QUIET, NEW)
    # A step that came while the desk was quiet is still to be rung.
    rings = level > before or (level > QUIET and alert.step > rung)
    return Loudness(
        level=max(level, before),
        step=max(alert.step, rung) if level > QUIET else rung,
        rings=rings,
    )


def told(asked: str = "", why: Iterable[str] = (), number: str = "", there: str = "") -> tuple[str, ...]:
    """The lines of an alert: what they asked, why it is hot, the number and their local time ("10:14 there").

    What is not known takes no line.
    """
    quoted = f"“{asked}”" if asked else ""
    lines = (quoted, " · ".join(why), " · ".join(part for part in (number, there) if part))
    return tuple(line for line in lines if line)


class Ringer(QObject):
    """Rings the leads of one desk through its toasts and its sounds. Lives on the GUI thread."""

    rang = Signal(str, int)
    """Lead id and level (0 to 3), each time one rings."""

    def __init__(self, toasts: Toasts, sounder: Sounder, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._sounder = sounder
        self._clock = clock
        self._status = "available"
        self._alerts: dict[str, Alert] = {}
        self._decided: dict[str, Loudness] = {}
        self._wake = QTimer(self, singleShot=True)
        self._wake.setTimerType(Qt.TimerType.PreciseTimer)
        self._wake.timeout.connect(self._look_again)

    def ring(self, alert: Alert) -> None:
        """A lead is new on this desk, or has changed, or its clock has come to a further step."""
        self._alerts[alert.lead_id] = alert
        self._ring_all([alert])

    def hush(self, lead_id: str) -> None:
        """Somebody has the lead, or it is no longer this desk's; nothing happens where it was not."""
        self._decided.pop(lead_id, None)
        if self._alerts.pop(lead_id, None):
            self._toasts.withdraw(lead_id)
            self._arm()

    def set_status(self, rep_status: str) -> None:
        """The rep of this desk is now available, on_call, wrap_up, on a break or away."""
        self._status = rep_status
        self._look_again()

    def close(self) -> None:
        """The desk is closing; its toasts and sounds are closed by whoever made them."""
        self._wake.stop()
        self._alerts.clear()
        self._decided.clear()

    @Slot()
    def _look_again(self) -> None:
        self._ring_all(list(self._alerts.values()))

    def _ring_all(self, alerts: list[Alert]) -> None:
        """Show these as they are to be shown now, and make the loudest of their sounds."""
        now = self._clock.now()
        loudest = 0
        for alert in alerts:
            loudness = decide(alert, self._status, now, self._decided.get(alert.lead_id))
            self._decided[alert.lead_id] = loudness
            self._toasts.show(self._toast(alert, loudness), loudness.native)
            if loudness.rings:
                loudest = max(loudest, loudness.level)
                self.rang.emit(alert.lead_id, loudness.level)
                # Marks the window in the taskbar; for what is critical until the window is looked at.
                QApplication.alert(self._toasts.window, 0 if loudness.urgency == CRITICAL else 3000)
        if loudest:
            self._sounder.play(SOUNDS[loudest - 1])
        self._arm()

    def _toast(self, alert: Alert, loudness: Loudness) -> Toast:
        marks = [alert.tier]
        if alert.kind == "lead":
            marks.append(self.tr("nobody took it"))
        elif alert.step >= BREACHED:
            marks.append(self.tr("breached"))
        elif alert.step == WARNING:
            marks.append(self.tr("clock runs out"))
        elsewhere = loudness.rings and not self._sounder.can_play and not self._sounder.muted
        return Toast(
            lead_id=alert.lead_id,
            title=alert.title,
            body="\n".join(alert.body),
            actions=(self._deed(alert), ("open", self.tr("Open"))),
            urgency=loudness.urgency,
            sound=loudness.sound if elsewhere else None,
            mark=" · ".join(marks),
            tier=alert.tier,
            deadline=alert.deadline,
            ring=loudness.step,
        )

    def _deed(self, alert: Alert) -> tuple[str, str]:
        """What can be done about it without opening it; to claim a late lead says "I have it" too."""
        if alert.kind == "lead" or (alert.step >= BREACHED and alert.is_claimed):
            return "have", self.tr("I have it")
        return "claim", self.tr("Claim")

    def _arm(self) -> None:
        """Wake when the first quiet lead's clock gets short."""
        waits = [
            self._clock.seconds_until(alert.deadline - SHORT)
            for lead_id, alert in self._alerts.items()
            if alert.deadline and not self._decided[lead_id].native
        ]
        coming = [wait for wait in waits if wait > 0]
        if coming and self._status == "on_call":
            self._wake.start(round(min(*coming, LONGEST_WAIT_S) * 1000) + 1)
        else:
            self._wake.stop()
