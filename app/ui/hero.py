"""The next lead, on top: its ring, why it is hot, and one big button that claims and calls.

It shows what it is told and says what was pressed. When nobody waits it says that, and when the next one
comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.domain.lead import ClockState, Lead, Tier
from app.domain.order import Bucket, Place, is_owed
from app.ui import theme
from app.ui.parts import CHIP_HEIGHT, Button, Chip, IconSpot, Ring, paint_card, paint_glow, tier_tint
from app.ui.parts_flow import Chips
from app.ui.plain import PlainLabel, broken, tip
from app.ui.queue_groups import LEAD_IN
from app.ui.theme import RADIUS, SPACE, TEXT, Tint
from app.ui.wording import (
    age,
    clock_cell,
    local_line,
    overdue,
    phone_words,
    quoted,
    reason_words,
    seconds_left,
    source_words,
    tier_mark,
    who,
)

__all__ = ["Hero", "way_to_reach"]

_GAP = 22
"""Between the ring, the words and the button."""
_LEFT, _RIGHT = 21, 20
"""From the frame to the ring, and from the button to the frame."""


def way_to_reach(lead: Lead) -> str:
    """How the next try is made: "call", "email", or "claim" when there is no way, or none that they want."""
    if lead.phone and not lead.no_call:
        return "call"
    return "email" if lead.email and not lead.no_email else "claim"


class Hero(QWidget):
    """The card on top of the queue. Its frame stands `SPACE.glow` inside the widget, for the glow."""

    pressed = Signal()
    """The big button."""
    had = Signal()
    """I have it."""
    opened = Signal()
    """A click anywhere else on the card: show this lead."""

    HEIGHT, LOW = 168, 104

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead: Lead | None = None
        self._place: Place | None = None
        self._chosen = self._late = self._low = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._build_lead())
        self._pages.addWidget(self._build_empty())
        self.show_nobody("", "")

    def _build_lead(self) -> QWidget:
        page = QWidget(self)
        across = QHBoxLayout(page)
        glow = SPACE.glow
        across.setContentsMargins(glow + _LEFT, glow + 12, glow + _RIGHT, LEAD_IN + 12)
        across.setSpacing(_GAP)
        self.ring = Ring(page)
        across.addWidget(self.ring)
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(SPACE.gap)
        self._mark = Chip("", parent=page)
        self._came = PlainLabel("", page, ink="ink_soft")
        top.addWidget(self._mark)
        top.addWidget(self._came, 1)
        column.addLayout(top)
        self._who = PlainLabel("", page, size=TEXT.lead, weight=700)
        self._ask = PlainLabel("", page, size=TEXT.strong, ink="ink_mid", wrap=True, lines=2)
        self._chips = Chips(page, rows=2)
        column.addWidget(self._who)
        column.addWidget(self._ask)
        column.addSpacing(3)
        column.addWidget(self._chips)
        column.addStretch(1)
        across.addLayout(column, 1)
        self.button = Button("", "primary", page, height=61, detail=" ", press=self.pressed.emit)
        self.button.setMinimumWidth(174)
        self.have = Button(self.tr("I have it"), "quiet", page, key="H", height=34, press=self.had.emit)
        self.have.hide()
        deeds = QVBoxLayout()
        deeds.setSpacing(SPACE.gap)
        deeds.addStretch(1)
        deeds.addWidget(self.button)
        deeds.addWidget(self.have)
        deeds.addStretch(1)
        across.addLayout(deeds)
        return page

    def _build_empty(self) -> QWidget:
        page = QWidget(self)
        across = QHBoxLayout(page)
        across.setContentsMargins(SPACE.glow + 28, SPACE.glow, SPACE.glow + 28, LEAD_IN)
        across.setSpacing(26)
        self._icon = IconSpot("bell", "ink_faint", page, side=40)
        across.addWidget(self._icon)
        column = QVBoxLayout()
        column.setSpacing(2)
        self._title = PlainLabel("", page, size=TEXT.card, weight=700)
        self._words = PlainLabel("", page, size=TEXT.strong, ink="ink_soft", wrap=True, lines=2)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addStretch(1)
        across.addLayout(column, 1)
        return page

    # -- what the screen says to it

    @property
    def lead_id(self) -> str:
        """The lead that is shown; empty when nobody waits."""
        return self._lead.id if self._lead else ""

    def show_nobody(self, title: str, words: str) -> None:
        """Nobody is to be called now; say so, and what comes next."""
        self._lead = self._place = None
        self._late = self._chosen = False
        self._title.setText(title or self.tr("Nobody is waiting."))
        self._words.setText(words or self.tr("The next lead rings here."))
        self._pages.setCurrentIndex(1)
        self.setAccessibleName(f"{self._title.text()} {self._words.text()}")
        self.update()

    def show_lead(self, lead: Lead, place: Place, now: datetime) -> None:
        """This lead is next."""
        self._lead, self._place = lead, place
        self._who.setText(lead.title_line if lead.name else who(lead))
        said = quoted(lead.ask[:600])
        self._ask.setText(said or place.reason)
        self._ask.setVisible(bool(self._ask.text()))
        score: list[tuple[str, Tint]] = [(self.tr("Score {score}").format(score=lead.score), "grey")]
        score += [(reason_words(reason), "grey") for reason in lead.reasons[:4]]
        if said and (place.is_estimate or place.bucket not in (Bucket.GUARD, Bucket.FIRST)):
            score.insert(0, (place.reason, "select"))
        tip(self._chips, self.tr("Estimated from published figures.") if place.is_estimate else "")
        self._facts = score
        self.set_busy(False)
        self._pages.setCurrentIndex(0)
        self._minute = -1
        self.tick(now, self._live)
        self._share_room()
        self.setAccessibleName(
            self.tr("Next: {lead}").format(lead=f"{self._who.text()}. {self._mark.words()}. {said}")
        )

    def set_busy(self, busy: bool, why_not: str = "") -> None:
        """The claim is under way: the button waits for its answer. `why_not` says why it can't be pressed at all."""
        lead = self._lead
        if lead is None:
            return
        self.button.setEnabled(not busy and not why_not)
        tip(self.button, why_not)
        if why_not:
            self.button.set_words(self.tr("Floor is away"), self.tr("can’t be claimed now"))
            return
        way = way_to_reach(lead)
        again = lead.claimed_at is not None
        words = {
            "call": self.tr("Call") if again else self.tr("Claim & call"),
            "email": self.tr("Write") if again else self.tr("Claim & write"),
            "claim": self.tr("Open") if again else self.tr("Claim"),
        }[way]
        to = {"call": phone_words(lead.phone), "email": lead.email, "claim": self.tr("no phone, no e-mail")}[
            way
        ]
        space = self.tr("Space")
        self.button.set_words(self.tr("One moment…") if busy else words, f"{space} · {to[:28]}")

    def set_have(self, can: bool) -> None:
        """The lead is late and others are being told of it: it can be said that somebody has it."""
        self._can_have = can
        self.have.setVisible(can and not self._low)

    def set_chosen(self, chosen: bool) -> None:
        """The card at the right shows this lead too."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    def tick(self, now: datetime, live: bool = True) -> None:
        """Time has passed. Without `live` nobody knows the floor's time, and the ring is grey."""
        lead, place = self._lead, self._place
        self._live = live
        if lead is None or place is None:
            return
        words, tone = clock_cell(lead, place, now)
        late, fraction, tint = tone == "breached", 1.0, tier_tint(lead.tier.value)
        if late:
            tint = "danger"
        elif lead.deadline is not None and tone == "running" and lead.sla_seconds:
            fraction = seconds_left(lead.deadline, now) / lead.sla_seconds
        else:
            fraction, tint = 0.0, "grey"
        self.ring.show_time(fraction, words, tint if live else "grey")
        mark = tier_mark(lead.tier, lead.sla_seconds if is_owed(lead) else 0)
        late = late and live
        if live and not late and place.bucket in (Bucket.GUARD, Bucket.LONGEST):
            mark = place.reason_at(now)
        if late and lead.deadline is not None and is_owed(lead):
            mark = f"{lead.tier.value} · {overdue(lead.deadline, now)}"
        self._mark.set(mark, "danger" if late else tier_tint(lead.tier.value))
        came = self.tr("arrived {ago}") if lead.inquiries == 1 else self.tr("first came {ago}")
        if lead.clock is ClockState.NONE and lead.import_id:
            came = self.tr("from a file, {ago}")
        parts = [came.format(ago=age(lead.captured_at, now)), source_words(lead, keyword=True)]
        self._came.setText(" · ".join(part for part in parts if part))
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute = minute
            there = local_line(lead, now)
            self._chips.set([*self._facts, (there, "grey")] if there else self._facts)
        if late != self._late:
            self._late = late
            self.update()

    _facts: Sequence[tuple[str, Tint]] = ()
    _minute = -1
    _live = True
    _can_have = False

    # -- the card itself

    @property
    def frame_height(self) -> int:
        """How tall the card itself is."""
        return self.LOW if self._low else self.HEIGHT

    def set_low(self, low: bool) -> None:
        """Take less height: a smaller ring, no chips, one line of what they asked."""
        if low != self._low:
            self._low = low
            side = 68 if low else 92
            self.ring.setFixedSize(side, side)
            self._chips.setVisible(not low)
            self.have.setVisible(self._can_have and not low)
            self._share_room()

    def sizeHint(self) -> QSize:
        return QSize(600, SPACE.glow + self.frame_height + LEAD_IN)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share_room()

    def _share_room(self) -> None:
        """Two lines of what they asked leave room for one row of chips."""
        spent = (
            2 * SPACE.glow + _LEFT + _RIGHT + self.ring.width() + self.button.sizeHint().width() + 2 * _GAP
        )
        self._ask.setMaximumHeight(self._ask.line_height * (1 if self._low else 2))
        lines = broken(self._ask.text(), TEXT.strong, 400, max(self.width() - spent, 60), 2)
        self._chips.setMaximumHeight(CHIP_HEIGHT if len(lines) > 1 else 2 * CHIP_HEIGHT + SPACE.small)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._lead is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        glow = SPACE.glow
        frame = self.rect().adjusted(glow, glow, -glow, -LEAD_IN)
        if self._lead is None:
            paint_card(painter, frame, look.card, look.line, RADIUS.hero)
            return
        line = look.line
        if self._late:
            line = look.danger_fill
        elif self._lead.tier is Tier.HOT:
            line = look.accent_line
        paint_glow(painter, frame, look.shadow, RADIUS.hero, glow)
        paint_card(painter, frame, look.card, line, RADIUS.hero)
        if self._chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.select)
            painter.drawRoundedRect(QRect(frame.x() + 1, frame.y() + 26, 3, frame.height() - 52), 1.5, 1.5)
