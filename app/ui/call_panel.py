"""While a call of mine runs: the dark bar over the window, and what was asked beside the note in the queue.

The bar counts from the start of the attempt. After hanging up it says so and waits: the outcome is said in
the lead card, by number.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.lead import Lead
from app.ui import theme
from app.ui.calls import Call
from app.ui.notes import Drafts, NoteBox
from app.ui.parts import Button, Dot, Quote, SectionHead, paint_card
from app.ui.plain import PlainLabel
from app.ui.queue_groups import LEAD_IN
from app.ui.theme import RADIUS, SPACE, TEXT
from app.ui.wording import clock_face, local_line, phone_words, who

__all__ = ["CallBar", "CallDesk"]


class CallBar(QWidget):
    """The dark bar: how long, with whom, hang up."""

    hung_up = Signal()
    opened = Signal()
    """A click on the bar: show this lead."""

    HEIGHT = 64

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._call: Call | None = None
        self.setFixedHeight(self.HEIGHT)
        self.setAccessibleName(self.tr("Call"))
        across = QHBoxLayout(self)
        across.setContentsMargins(SPACE.page, 0, SPACE.page, 0)
        across.setSpacing(18)
        self.dot = Dot("good", self, side=10)
        self.timer = PlainLabel("0:00", self, size=TEXT.ring, weight=700, ink="on_rail", steady=True)
        column = QVBoxLayout()
        column.setSpacing(1)
        self.name = PlainLabel("", self, size=TEXT.button, weight=600, ink="on_rail")
        self.words = PlainLabel("", self, ink="on_rail_soft")
        column.addStretch(1)
        column.addWidget(self.name)
        column.addWidget(self.words)
        column.addStretch(1)
        self.hang_up = Button(
            self.tr("Hang up"), "danger", self, key="Esc", height=36, press=self.hung_up.emit
        )
        across.addWidget(self.dot)
        across.addWidget(self.timer)
        across.addLayout(column, 1)
        across.addWidget(self.hang_up)

    def show_call(self, call: Call, lead: Lead, now: datetime) -> None:
        """This call runs, or waits for its outcome."""
        self._call = call
        running = call.ended_at is None
        self.name.setText(lead.title_line)
        parts = [phone_words(lead.phone) or lead.email]
        if call.number == 1:
            ttfc = (call.started_at - lead.captured_at).total_seconds()
            parts.append(self.tr("your TTFC {time}").format(time=clock_face(ttfc)))
        else:
            parts.append(self.tr("call {n}").format(n=call.number))
        if not running:
            parts = [self.tr("Wrap-up"), self.tr("how did it end? Press its number")]
        self.words.setText(" · ".join(parts))
        self.dot.set("good" if running else "warm")
        self.hang_up.setVisible(running)
        self.setAccessibleName(f"{self.name.text()}. {self.words.text()}")
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Time has passed. The wrap-up counts from hanging up."""
        if self._call is not None:
            since = self._call.ended_at or self._call.started_at
            self.timer.setText(clock_face((now - since).total_seconds()))

    def set_busy(self, busy: bool) -> None:
        self.hang_up.setEnabled(not busy)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def sizeHint(self) -> QSize:
        return QSize(900, self.HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look.rail)
        if look.dark:
            painter.fillRect(0, self.height() - 1, self.width(), 1, look.line)


class CallDesk(QWidget):
    """In the hero's place during a call: what they asked at the left, the note at the right."""

    def __init__(self, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead: Lead | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        glow = SPACE.glow
        across = QHBoxLayout(self)
        across.setContentsMargins(glow + 18, glow + 14, glow + 18, LEAD_IN + 14)
        across.setSpacing(20)
        left = QVBoxLayout()
        left.setSpacing(SPACE.gap)
        self.head = SectionHead("", "", self, strong=True)
        self.quote = Quote("", self, hot=True, lines=4)
        left.addWidget(self.head)
        left.addWidget(self.quote)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(SPACE.gap)
        right.addWidget(SectionHead(self.tr("Note"), self.tr("goes with the outcome"), self, strong=True))
        self.notes = NoteBox(drafts, self, always=True)
        right.addWidget(self.notes, 1)
        across.addLayout(left, 1)
        across.addLayout(right, 1)

    def show_call(self, lead: Lead, now: datetime) -> None:
        """Speak of this lead."""
        self._lead = lead
        self.tick(now)
        said = lead.ask.strip()
        self.quote.set(f"“{said}”" if said else self.tr("Nothing in their own words."))
        self.notes.set_lead(lead.id)

    def tick(self, now: datetime) -> None:
        """Time has passed, there too."""
        if self._lead is not None:
            there = local_line(self._lead, now)
            self.head.set(self.tr("{name} asked").format(name=who(self._lead)[:80]), there)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, glow = theme.current(), SPACE.glow
        painter = QPainter(self)
        paint_card(
            painter, self.rect().adjusted(glow, glow, -glow, -LEAD_IN), look.card, look.line, RADIUS.card
        )
