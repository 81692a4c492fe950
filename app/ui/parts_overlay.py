"""What lies over the whole window for a moment: the palette and the sheet of keys.

An overlay is a child of the window, not a window of its own, so it stands where it should on every desktop.
It keeps the keyboard: no shortcut of the window fires while it is open, Tab stays inside, Esc and a click
beside the panel close it, and the focus goes back to where it was.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts_paint import paint_card, paint_glow, paint_ground
from app.ui.theme import RADIUS, SPACE

__all__ = ["Overlay"]

_GLOW = 24


class _Panel(QFrame):
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_card(painter, self.rect(), look.card, look.field_line, RADIUS.card)


class Overlay(QWidget):
    """A dimmed window with a panel in it; fill `inside`."""

    dismissed = Signal()

    def __init__(self, parent: QWidget, name: str, width: int) -> None:
        super().__init__(parent)
        self._over, self._width = parent, width
        self._back: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.panel = _Panel(self)
        self.panel.setAccessibleName(name)
        self.inside = QVBoxLayout(self.panel)
        self.inside.setContentsMargins(SPACE.pad, SPACE.pad, SPACE.pad, SPACE.pad)
        self.hide()

    def first(self) -> QWidget:
        """What gets the focus when the overlay appears."""
        return self

    def wanted_height(self, most: int) -> int:
        """How tall the panel wants to be, given the room."""
        return min(self.panel.sizeHint().height(), most)

    def appear(self) -> None:
        """Show over the parent and take the keyboard."""
        self._back = QApplication.focusWidget()
        self._over.installEventFilter(self)
        self.place()
        self.show()
        self.raise_()
        self.first().setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Go away for good and give the keyboard back."""
        if self.isHidden():
            return
        self._over.removeEventFilter(self)
        self.hide()
        back = self._back
        if back is not None and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.dismissed.emit()
        self.deleteLater()

    def place(self) -> None:
        """Lie over the whole parent, the panel at the upper middle."""
        whole = self._over.rect()
        self.setGeometry(whole)
        wide = min(self._width, whole.width() - 2 * SPACE.pad)
        top = min(96, max(SPACE.pad, whole.height() // 9))
        self.panel.resize(wide, 10)
        high = self.wanted_height(whole.height() - top - SPACE.pad)
        self.panel.setGeometry(QRect((whole.width() - wide) // 2, top, wide, high))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.place()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        inside = [
            widget
            for widget in self.panel.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        ]
        if inside:
            now = QApplication.focusWidget()
            place = inside.index(now) if now in inside else -1
            reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
            inside[(place + (1 if next else -1)) % len(inside)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_ground(painter, self.rect(), look.scrim)
        paint_glow(painter, self.panel.geometry(), look.deep_shadow, RADIUS.card, _GLOW)
