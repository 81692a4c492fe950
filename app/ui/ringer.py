"""Rings the leads of one desk, as loud as they are (`loudness.py`).

It keeps the leads that ring on this desk, so that one that was kept quiet rings when the call is over, the quiet hours
or the mute have ended, or the clock gets short. What is loud by an alert rule sounds again until somebody answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.clock import Clock
from app.domain import routes
from app.domain.alerting import Heard
from app.ui.loudness import BREACHED, SHORT, TOP, WARNING, Alert, Loudness, decide, is_tucked
from app.ui.sound import SOUNDS, Sounder
from app.ui.toasts import CRITICAL, Toast, Toasts

__all__ = ["Judge", "Ringer"]

REPEAT_MS = 20_000
"""After so long what is loud sounds again."""

LONGEST_WAIT_S = 3600.0
"""Looked at again after this long at the latest, since a computer may sleep in between."""


Judge = Callable[[Alert, str, datetime], Heard | None]
"""What the rulebook says of an alert for a rep of a status now; None: nothing."""


def _nothing_said(_alert: Alert, _status: str, _now: datetime) -> Heard | None:
    return None


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
        self._judge: Judge = _nothing_said
        self._muted_until: datetime | None = None
        self._turns: dict[str, datetime] = {}
        """When what was judged of a lead changes by time alone."""
        self._loud: set[str] = set()
        """What is loud by a rule, and nobody has answered yet."""
        self._again = QTimer(self, interval=REPEAT_MS)
        self._again.timeout.connect(self._sound_again)
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
        self._turns.pop(lead_id, None)
        self._sound_no_more(lead_id)
        if self._alerts.pop(lead_id, None):
            self._toasts.withdraw(lead_id)
            self._arm()

    def set_status(self, rep_status: str) -> None:
        """The rep of this desk is now available, on_call, wrap_up, on a break or away."""
        self._status = rep_status
        self._look_again()

    def judged_by(self, judge: Judge) -> None:
        """From now on `judge` is asked first what the rulebook says of an alert."""
        self._judge = judge

    def look_again(self) -> None:
        """The rulebook has changed."""
        self._look_again()

    def mute(self, until: datetime | None) -> None:
        """Nothing but the toasts inside the window until then; None: not, or no more."""
        self._muted_until = until
        self._look_again()

    def answered(self, lead_id: str) -> None:
        """The person of this desk has taken note of the lead: it need not sound again."""
        self._sound_no_more(lead_id)
        alert = self._alerts.get(lead_id)
        if alert is not None and alert.kind == "did":
            self.hush(lead_id)  # that is all it wanted

    def _sound_no_more(self, lead_id: str) -> None:
        self._loud.discard(lead_id)
        if not self._loud:
            self._again.stop()

    def close(self) -> None:
        """The desk is closing; its toasts and sounds are closed by whoever made them."""
        self._wake.stop()
        self._again.stop()
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
            said = self._said(alert, now)
            loudness = decide(alert, self._status, now, self._decided.get(alert.lead_id), said)
            self._decided[alert.lead_id] = loudness
            toast = self._toast(alert, loudness, is_tucked(alert, self._status, now, said))
            self._toasts.show(toast, loudness.native)
            if loudness.rings:
                loudest = max(loudest, loudness.level)
                self.rang.emit(alert.lead_id, loudness.level)
                if said is routes.Loudness.LOUD:
                    self._loud.add(alert.lead_id)
                    self._again.start()
                # Marks the window in the taskbar; for what is critical until the window is looked at.
                QApplication.alert(self._toasts.window, 0 if loudness.urgency == CRITICAL else 3000)
        if loudest:
            self._sounder.play(SOUNDS[loudest - 1])
        self._arm()

    def _said(self, alert: Alert, now: datetime) -> routes.Loudness | None:
        """What a mute or a rule says of it; None: nothing, and the table holds."""
        self._turns.pop(alert.lead_id, None)
        if self._muted_until is not None and self._muted_until > now:
            self._turns[alert.lead_id] = self._muted_until
            return routes.Loudness.SILENT
        heard = self._judge(alert, self._status, now)
        if heard is None:
            return None
        if heard.until is not None:
            self._turns[alert.lead_id] = heard.until
        return heard.loudness

    @Slot()
    def _sound_again(self) -> None:
        now = self._clock.now()
        still = [
            lead_id
            for lead_id in self._loud
            if self._said(self._alerts[lead_id], now) is routes.Loudness.LOUD
        ]
        if still:
            self._sounder.play(SOUNDS[TOP - 1])

    def _toast(self, alert: Alert, loudness: Loudness, tucked: bool) -> Toast:
        marks = [alert.tier]
        if alert.kind == "lead":
            marks.append(self.tr("nobody took it"))
        elif alert.kind == "did":
            marks.append(self.tr("did something"))
        elif alert.step >= BREACHED:
            marks.append(self.tr("breached"))
        elif alert.step == WARNING:
            marks.append(self.tr("clock runs out"))
        elsewhere = loudness.rings and not self._sounder.can_play and not self._sounder.muted
        return Toast(
            lead_id=alert.lead_id,
            title=alert.title,
            body="\n".join(alert.body),
            actions=(*self._deed(alert), ("open", self.tr("Open"))),
            urgency=loudness.urgency,
            sound=loudness.sound if elsewhere else None,
            mark=" · ".join(marks),
            tier=alert.tier,
            deadline=alert.deadline,
            tucked=tucked,
            ring=loudness.step,
        )

    def _deed(self, alert: Alert) -> tuple[tuple[str, str], ...]:
        """What can be done about it without opening it; to claim a late lead says "I have it" too."""
        if alert.kind == "lead" or (alert.step >= BREACHED and (alert.is_claimed or alert.kind == "other")):
            return (("have", self.tr("I have it")),)
        return () if alert.kind in ("other", "did") else (("claim", self.tr("Claim")),)

    def _arm(self) -> None:
        """Wake when the first clock of a lead that waits for the call's end gets short."""
        waits = [
            self._clock.seconds_until(alert.deadline - SHORT)
            for alert in self._alerts.values()
            if alert.deadline
        ]
        coming = [wait for wait in waits if wait > 0] if self._status == "on_call" else []
        coming += [max(self._clock.seconds_until(at), 0.0) for at in self._turns.values()]
        if coming:
            self._wake.start(round(min(*coming, LONGEST_WAIT_S) * 1000) + 1)
        else:
            self._wake.stop()
