"""What a locked desk shows: who sits here, a field for the PIN, how many leads wait. Nothing of any lead."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.domain.pin import LONGEST
from app.ui import theme
from app.ui.parts import Button, Card, IconSpot
from app.ui.parts_paint import paint_ground
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT, Ink

__all__ = ["LockFace"]

WIDTH = 400
SECOND_MS = 1_000


class LockFace(QWidget):
    """Fills the window. `leaves`: this desk can be logged out; otherwise a forgotten PIN is removed in a terminal."""

    tried = Signal(str)
    """A PIN was typed."""
    left = Signal()
    """Log this desk out."""

    def __init__(self, parent: QWidget, *, leaves: bool) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("This desk is locked"))
        self._busy = False
        self._wait = 0
        self.who = PlainLabel("", size=TEXT.strong, ink="ink_mid", align=Qt.AlignmentFlag.AlignHCenter)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText(self.tr("PIN"))
        self.field.setAccessibleName(self.tr("PIN of this desk"))
        self.field.setFont(theme.font(TEXT.title))
        self.field.textChanged.connect(self._settle)
        self.unlock_button = Button(self.tr("Unlock"), "primary", key="Enter", press=self._try)
        self.said = PlainLabel("", wrap=True, lines=3, align=Qt.AlignmentFlag.AlignHCenter)
        self.waiting = PlainLabel("", weight=600, ink="hot", align=Qt.AlignmentFlag.AlignHCenter)
        self.forgot_button = Button(self.tr("Forgot the PIN?"), "link", height=22, press=self._forgot)
        self.back_button = Button(self.tr("Back"), "quiet", press=self._back)
        self.leave_button = Button(self.tr("Log out of this desk"), "danger", press=self._leave)
        self.leave_button.setVisible(leaves)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._entry())
        self._pages.addWidget(self._forgotten(leaves))
        card = Card(self, pad=28)
        card.setFixedWidth(WIDTH)
        card.inside.addWidget(self._pages)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        down = QVBoxLayout(self)
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(3)
        self._tick = QTimer(self, interval=SECOND_MS)
        self._tick.timeout.connect(self._count_down)
        self.hide()

    def _entry(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        column.addWidget(IconSpot("lock", "ink_mid", side=32), 0, Qt.AlignmentFlag.AlignHCenter)
        title = self.tr("This desk is locked")
        column.addWidget(PlainLabel(title, size=TEXT.lead, weight=700, align=Qt.AlignmentFlag.AlignHCenter))
        column.addWidget(self.who)
        column.addWidget(self.waiting)
        column.addSpacing(SPACE.gap)
        row = QHBoxLayout()
        row.setSpacing(SPACE.gap)
        row.addWidget(self.field, 1)
        row.addWidget(self.unlock_button)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addWidget(self.forgot_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _forgotten(self, leaves: bool) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        title = self.tr("Without the PIN")
        column.addWidget(PlainLabel(title, size=TEXT.lead, weight=700))
        if leaves:
            words = self.tr(
                "Nobody can tell you a PIN; only its hash is kept. Log this desk out: what lets it into the floor, and "
                "the PIN, are removed from this computer. To come back you need a new invitation, or on a shared "
                "database your password. Work that the floor does not have yet stays here and is sent then."
            )
        else:
            words = self.tr(
                "Nobody can tell you a PIN; only its hash is kept. This floor is a file of this computer. Whoever has "
                "its account removes the PIN in a terminal, where Firstring lies, with “python3 main.py pin remove”, "
                "and presses Unlock here."
            )
        self.advice = PlainLabel(words, size=TEXT.strong, ink="ink_mid", wrap=True)
        column.addWidget(self.advice)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.back_button)
        row.addStretch(1)
        row.addWidget(self.leave_button)
        column.addLayout(row)
        return page

    # what it is told

    def open(self, who: str, wait: float) -> None:
        """Begin anew, for a person of this name; seconds to `wait` from earlier wrong tries."""
        self.who.setText(who)
        self.who.setVisible(bool(who))
        self.field.clear()
        self._say("")
        self._pages.setCurrentIndex(0)
        self.set_wait(wait)

    def set_waiting(self, leads: int) -> None:
        """How many leads wait for somebody at this desk."""
        words = self.tr("1 lead is waiting") if leads == 1 else self.tr("%n leads are waiting", "", leads)
        self.waiting.setText(words)
        self.waiting.setVisible(leads > 0)

    def refuse(self, words: str, wait: float) -> None:
        """The PIN was not taken; seconds to `wait` before the next."""
        self.set_busy(False)
        self.field.clear()
        self._say(words, "danger")
        self.set_wait(wait)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """A PIN is being looked at."""
        self._busy = busy
        self.field.setReadOnly(busy)
        self._settle()

    def set_wait(self, seconds: float) -> None:
        """No further try for so long."""
        self._wait = ceil(seconds)
        if self._wait:
            self._tick.start()
        else:
            self._tick.stop()
        self._tell_wait()

    def close_face(self) -> None:
        """Nobody looks at it any more."""
        self._tick.stop()
        self.field.clear()
        self.set_busy(False)

    # what a person does

    def _try(self) -> None:
        if self.unlock_button.isEnabled():
            self._say("")
            self.tried.emit(self.field.text())

    def _forgot(self) -> None:
        self._pages.setCurrentIndex(1)
        self.back_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _back(self) -> None:
        self._pages.setCurrentIndex(0)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pages.currentIndex() == 0:
            self._try()
        elif event.key() == Qt.Key.Key_Escape:
            self.field.clear()
            self._back()
        # no other key goes on to the window

    def _count_down(self) -> None:
        self._wait -= 1
        if self._wait <= 0:
            self._tick.stop()
            self._say("")
        self._tell_wait()

    def _tell_wait(self) -> None:
        if self._wait > 0:
            minutes, seconds = divmod(self._wait, 60)
            words = self.tr("Too many wrong tries. Again in {time}.")
            self._say(words.format(time=f"{minutes}:{seconds:02}"), "danger")
        self._settle()

    def _say(self, words: str, ink: Ink = "ink_soft") -> None:
        self.said.set_ink(ink)
        self.said.setText(words)
        self.said.setAccessibleName(words)

    def _settle(self) -> None:
        self.unlock_button.setEnabled(bool(self.field.text()) and not self._busy and self._wait <= 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_ground(QPainter(self), self.rect(), theme.current().paper)
