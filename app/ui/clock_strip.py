"""One line of the lead card about its clock: paused until when and why, late and who has it; and what to do."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.lead import Lead
from app.ui.clocks import Clocks, Stands
from app.ui.parts import Button
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE
from app.ui.times import day_and_time

__all__ = ["ClockStrip", "paused_words"]


class ClockStrip(QWidget):
    """The line. It hides where there is nothing to say or to do."""

    def __init__(self, clocks: Clocks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clocks = clocks
        self._lead_id = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE.small, 0, 0)
        row.setSpacing(SPACE.gap)
        self.words = PlainLabel("", self, wrap=True, lines=3)
        self.have = Button(self.tr("I have it"), "quiet", self, key="H", height=34, press=self._have)
        self.pause = Button("", "link", self, key="P", height=24, press=self._pause)
        row.addWidget(self.words, 1)
        row.addWidget(self.have, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.pause, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_lead(self, lead: Lead | None, now: datetime) -> None:
        """Say how this lead's clock stands now."""
        self._lead_id = lead.id if lead is not None else ""
        stands = Stands.QUIET if lead is None else self._clocks.stands(lead, now)
        if lead is None or stands is Stands.QUIET:
            self.hide()
            return
        words = ""
        if stands is Stands.PAUSED:
            words = paused_words(lead, now)
        elif stands is Stands.LATE:
            words = self._late(lead, now)
        can_pause = self._clocks.can_pause(lead, now)
        self.words.setText(words)
        self.words.set_ink("danger" if stands is Stands.LATE else "ink_mid")
        self.have.setVisible(self._clocks.can_have(lead, now))
        self.have.setEnabled(not self._clocks.busy)
        self.pause.setVisible(can_pause)
        self.pause.setEnabled(not self._clocks.busy)
        paused = stands is Stands.PAUSED
        self.pause.set_words(self.tr("Go on") if paused else self.tr("Pause the clock…"))
        self.setVisible(bool(words) or can_pause)

    def _have(self) -> None:
        self._clocks.have(self._lead_id)

    def _pause(self) -> None:
        self._clocks.pause_or_go_on(self._lead_id)

    def _late(self, lead: Lead, now: datetime) -> str:
        held = self._clocks.held(lead.id)
        if held is None:
            return self.tr("It is late, and others are told one after the other until somebody has it.")
        me = self._clocks.is_me(held.rep_id)
        if held.until > now:
            words = self.tr("You have it. The others are told from {time} on if nobody has called.")
            other = self.tr("{name} has it. The others are told from {time} on if nobody has called.")
            return (words if me else other).format(name=held.name, time=day_and_time(held.until, now))
        words = self.tr("You said that you have it, and nobody has called. The others are told now.")
        other = self.tr("{name} said that they have it, and nobody has called. The others are told now.")
        return words if me else other.format(name=held.name)


def paused_words(lead: Lead, now: datetime) -> str:
    """ "Paused until 14:30 – they are in a meeting"."""
    if lead.paused_until is None:
        return ""
    until = day_and_time(lead.paused_until, now)
    words = QCoreApplication.translate("ClockStrip", "Paused until {time}").format(time=until)
    return f"{words} – {lead.paused_why}" if lead.paused_why else words
