"""The toast inside the window: cards at its top right, the most urgent on top. It always works.

Each card is one lead: how it stands and how long there is, who, what they asked, why it is hot, how to reach
them, and the buttons. It never takes the keyboard from what the rep is doing, though Tab reaches it and Esc
puts the focused card away. Calm cards leave by themselves after a while, not while the pointer or the
keyboard is on them; critical ones stay until somebody acts. Cards that find no room are counted on a line
below.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
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
from app.ui.plain import PlainLabel
from app.ui.theme import RADIUS, SPACE, TEXT
from app.ui.toasts._toast import CALM, CRITICAL, NORMAL, SUMMARY, Backend, Site, Toast

NAME = "inapp"
ORDER = 100
SYSTEMS: tuple[str, ...] = ()

WIDTH = 372
CARDS = 3
"""At most so many at once, and fewer where the window is low."""
LIFE_MS = {CALM: 12_000, NORMAL: 30_000}
"""How long a card of this urgency stays; a critical one has no end."""
ONCE_MS = 2_000
"""A second press on the same button within this time is a slip of the finger."""


def build(site: Site) -> Backend:
    return InAppToasts(site)


class InAppToasts(QObject):
    """Keeps the cards, and their column at the window's top right."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.window)
        self._site = site
        self._cards: dict[str, ToastCard] = {}
        self._put_away: dict[str, tuple[int, int]] = {}
        """How loud each lead was when its card left; it comes back only louder."""
        self._arrivals = count()
        self._column = QWidget(site.window)
        self._column.hide()
        self._more = Button("", "quiet", self._column, height=28, press=lambda: site.pressed(SUMMARY, "open"))
        self._tick = QTimer(self, singleShot=True)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._count_down)
        site.window.installEventFilter(self)

    def show(self, toast: Toast) -> None:
        if self._put_away.get(toast.lead_id) == toast.loudness:
            return
        self._put_away.pop(toast.lead_id, None)
        card = self._cards.get(toast.lead_id)
        if card is None:
            card = ToastCard(self._column, next(self._arrivals), self._press, self._leave)
            self._cards[toast.lead_id] = card
        if card.fill(toast):
            _announce(self._site.window, toast)
        self._arrange()

    def withdraw(self, lead_id: str) -> None:
        self._put_away.pop(lead_id, None)
        self._take_out(lead_id)

    def close(self) -> None:
        self._site.window.removeEventFilter(self)
        for lead_id in list(self._cards):
            self.withdraw(lead_id)
        self._column.hide()
        self._column.deleteLater()

    # -- what a person does

    def _press(self, lead_id: str, key: str) -> None:
        self._site.pressed(lead_id, key)

    def _leave(self, lead_id: str, by_person: bool) -> None:
        if card := self._cards.get(lead_id):
            self._put_away[lead_id] = card.toast.loudness
            self._take_out(lead_id)
        if by_person:
            self._site.closed(lead_id)

    def _take_out(self, lead_id: str) -> None:
        if card := self._cards.pop(lead_id, None):
            card.end()
            self._arrange()

    # -- where things are

    def _arrange(self) -> None:
        """The first in rank on top, then the longest there; what finds no room is counted."""
        ordered = sorted(self._cards.values(), key=lambda card: (card.toast.rank, card.number))
        window = self._site.window
        width = min(WIDTH + 2 * SPACE.glow, window.width())
        room = window.height() - SPACE.header - SPACE.foot - self._more.height()
        bottom = shown = 0
        for place, card in enumerate(ordered):
            height = card.wanted_height(width)
            # The shadows' room of two cards lies one over the other.
            top = bottom - 2 * SPACE.glow + SPACE.gap if place else 0
            fits = shown == place and place < CARDS and (place == 0 or top + height <= room)
            card.setVisible(fits)
            if fits:
                card.setGeometry(0, top, width, height)
                bottom, shown = top + height, shown + 1
        more = len(ordered) - shown
        words = self.tr("1 more lead waits") if more == 1 else self.tr("%n more leads wait", "", more)
        self._more.set_words(words)
        self._more.setVisible(more > 0)
        self._more.adjustSize()
        self._more.move(width - SPACE.glow - self._more.width(), bottom - SPACE.glow + SPACE.gap)
        self._column.setVisible(bool(ordered))
        self._column.resize(width, bottom + (self._more.height() if more else 0))
        # The shadow's room around a card counts as its distance from the edge.
        self._column.move(window.width() - width, SPACE.header - SPACE.glow // 2)
        self._column.raise_()
        self._count_down()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._site.window and self._cards:
            self._arrange()
        return False

    @Slot()
    def _count_down(self) -> None:
        """Write the time left on each card, and wake when the first of them is a second older."""
        waits = [card.count_down(self._site.clock) for card in self._cards.values() if not card.isHidden()]
        coming = [wait for wait in waits if wait is not None]
        if coming:
            self._tick.start(max(15, round(min(coming) * 1000) + 1))
        else:
            self._tick.stop()


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
            kind: Kind = "primary" if key == "claim" else "quiet"
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
        for button in self.buttons.values():
            button.setEnabled(True)

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


def _announce(window: QWidget, toast: Toast) -> None:
    """Have a screen reader say it, at once where it is critical."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(window, f"{toast.headline}\n{toast.body}")
    if toast.urgency == CRITICAL:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
