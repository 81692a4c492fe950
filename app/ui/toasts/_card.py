"""One lead's card of the toast inside the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.clock import Clock
from app.ui import theme, wording
from app.ui.parts import (
    Button,
    Chip,
    Kind,
    Pressable,
    paint_card,
    paint_focus,
    paint_glow,
    paint_text,
    tier_tint,
)
from app.ui.plain import PlainLabel, tip
from app.ui.theme import RADIUS, SPACE, TEXT
from app.ui.toasts._toast import CALM, CRITICAL, NORMAL, Toast

LIFE_MS = {CALM: 12_000, NORMAL: 30_000}
"""How long a card of this urgency stays; a critical one has no end."""
ONCE_MS = 2_000
"""A second press on the same button within this time is a slip of the finger."""


class ToastCard(QFrame):
    """One lead's card."""

    def __init__(
        self,
        parent: QWidget,
        number: int,
        press: Callable[[str, str], None],
        leave: Callable[[str, bool], None],
    ) -> None:
        super().__init__(parent)
        self.number = number
        self.toast = Toast("", "", "")
        self._press = press
        self._leave = leave
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

        self.chip = Chip("")
        self.left = PlainLabel(size=TEXT.strong, weight=700, steady=True)
        self.away = _Away(self)
        self.away.clicked.connect(self._put_away)
        self.who = PlainLabel(size=TEXT.title, weight=600)
        self.asked = PlainLabel(size=TEXT.body, ink="ink_mid", wrap=True, lines=2)
        self.rest = PlainLabel(size=TEXT.small, ink="ink_soft", wrap=True, lines=4)
        self.buttons: dict[str, Button] = {}
        self._barred: dict[str, str] = {}

        room = SPACE.pad + SPACE.glow
        inside = QVBoxLayout(self)
        inside.setContentsMargins(room, room - 2, room, room)
        inside.setSpacing(SPACE.tight)
        head = QHBoxLayout()
        head.setSpacing(SPACE.gap)
        head.addWidget(self.chip)
        head.addWidget(self.left)
        head.addStretch(1)
        head.addWidget(self.away)
        inside.addLayout(head)
        inside.addWidget(self.who)
        inside.addWidget(self.asked)
        inside.addWidget(self.rest)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(0, SPACE.small, 0, 0)
        self._foot.setSpacing(SPACE.gap)
        self._foot.addStretch(1)
        inside.addLayout(self._foot)

        self._life = QTimer(self, singleShot=True)
        self._life.timeout.connect(self._outlived)
        self._once = QTimer(self, singleShot=True, interval=ONCE_MS)
        self._once.timeout.connect(self._allow)

    def fill(self, toast: Toast) -> bool:
        """Show this toast; whether it is louder than what the card showed before."""
        louder = toast.loudness != self.toast.loudness or toast.lead_id != self.toast.lead_id
        self.toast = toast
        asked, _, rest = toast.body.partition("\n")
        self.chip.set(toast.mark, tier_tint(toast.tier))
        self.chip.setVisible(bool(toast.mark))
        self.who.setText(toast.title)
        self.asked.setText(asked)
        self.asked.setVisible(bool(asked))
        self.rest.setText(rest)
        self.rest.setVisible(bool(rest))
        if list(self.buttons) != [key for key, _ in toast.actions]:
            self._make_buttons()
        for key, label in toast.actions:
            self.buttons[key].set_words(label)
            self.buttons[key].setAccessibleName(f"{label}: {toast.title}")
        self.away.setAccessibleName(self.tr("Put away: %1").replace("%1", toast.title))
        self.setAccessibleName(toast.headline)
        self.setAccessibleDescription(toast.body)
        if louder:
            self._allow()
            self._live()
        self.update()
        return louder

    def bar(self, barred: dict[str, str]) -> None:
        """Which buttons can't be pressed now, and why."""
        if barred != self._barred:
            self._barred = barred
            self._allow()

    def wanted_height(self, width: int) -> int:
        """Pixels it takes when it is this wide."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout else 0

    def count_down(self, clock: Clock) -> float | None:
        """Write the time left; real seconds until it reads differently, None when there is no clock."""
        deadline = self.toast.deadline
        self.left.setVisible(deadline is not None)
        if deadline is None:
            return None
        now = clock.now()
        late = deadline <= now
        self.left.setText(wording.overdue(deadline, now) if late else wording.countdown(deadline, now))
        hot = self.toast.urgency == CRITICAL
        self.left.set_ink("danger" if late else "ring_text" if hot else "ink")
        part = (deadline - now) % timedelta(seconds=1)
        return clock.seconds_until(now + (part or timedelta(seconds=1)))

    def end(self) -> None:
        """Leave the window for good."""
        self._life.stop()
        self._once.stop()
        self.hide()
        self.deleteLater()

    def _make_buttons(self) -> None:
        for button in self.buttons.values():
            self._foot.removeWidget(button)
            button.deleteLater()
        self.buttons = {}
        for place, (key, label) in enumerate(self.toast.actions):
            kind: Kind = "primary" if key in ("claim", "have") else "quiet"
            button = Button(label, kind, press=partial(self._pressed, key))
            self.buttons[key] = button
            self._foot.insertWidget(place, button)

    def _pressed(self, key: str) -> None:
        for button in self.buttons.values():
            button.setEnabled(False)
        self._once.start()
        self._press(self.toast.lead_id, key)

    @Slot()
    def _allow(self) -> None:
        self._once.stop()
        for key, button in self.buttons.items():
            why = self._barred.get(key, "")
            button.setEnabled(not why)
            tip(button, why)

    @Slot()
    def _outlived(self) -> None:
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._live()
        else:
            self._leave(self.toast.lead_id, False)

    def _live(self) -> None:
        life = LIFE_MS.get(self.toast.urgency)
        if life is None:
            self._life.stop()
        else:
            self._life.start(life)

    @Slot()
    def _put_away(self) -> None:
        self._leave(self.toast.lead_id, True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._put_away()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # not for what lies underneath

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        button = self.buttons.get("open")
        inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside and button and button.isEnabled():
            self._pressed("open")

    def enterEvent(self, event: QEnterEvent) -> None:
        self._life.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._live()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        glow = SPACE.glow
        frame = self.rect().adjusted(glow, glow, -glow, -glow)
        paint_glow(painter, frame, look.shadow, RADIUS.card, glow)
        line = look.accent_line if self.toast.urgency == CRITICAL else look.field_line
        paint_card(painter, frame, look.card, line, RADIUS.card)


class _Away(Pressable):
    """The small cross that puts a card away."""

    def sizeHint(self) -> QSize:
        return QSize(24, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        centre = Qt.AlignmentFlag.AlignHCenter
        ink = look.ink if self.hovered else look.ink_faint
        paint_text(painter, self.rect(), "✕", ink, TEXT.body, 400, centre)
        if self.by_keyboard and self.hasFocus():
            paint_focus(painter, self.rect(), RADIUS.cap, look.card)
