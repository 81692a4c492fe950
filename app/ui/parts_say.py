"""Things that speak up: the banner over the body, the dark notice at the bottom right, the empty state.

The notice has the only timer of the look; it stops when the notice hides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.parts_button import Button
from app.ui.parts_paint import paint_card, paint_glow
from app.ui.plain import PlainLabel, one_line
from app.ui.theme import RADIUS, SPACE, TEXT, Ink

__all__ = ["Banner", "BannerKind", "EmptyState", "IconSpot", "Notice"]

BannerKind = Literal["info", "warn", "danger"]


class IconSpot(QWidget):
    """An icon of ours in a text colour of the look."""

    def __init__(
        self, icon: str, ink: Ink = "ink_soft", parent: QWidget | None = None, *, side: int = 18
    ) -> None:
        super().__init__(parent)
        self._icon, self._ink = icon, ink
        self.setFixedSize(side, side)

    def set(self, icon: str, ink: Ink) -> None:
        self._icon, self._ink = icon, ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, self.rect(), self._icon, theme.current().colour(self._ink))


class Banner(QFrame):
    """A strip that says how things stand, with one thing to do about it."""

    closed = Signal()

    def __init__(
        self,
        kind: BannerKind,
        text: str,
        action: str = "",
        run: Callable[[], object] | None = None,
        parent: QWidget | None = None,
        *,
        closable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._kind: BannerKind = kind
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 10, 7)
        row.setSpacing(SPACE.gap)
        self._icon = IconSpot("bell", self._ink())
        self.words = PlainLabel(
            text,
            wrap=True,
            lines=3,
            ink=self._ink(),
            align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        )
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.words, 1)
        self.action = Button(action, "link", self, press=run, height=24)
        self.action.setVisible(bool(action))
        row.addWidget(self.action)
        self.close_button = Button(
            "✕", "link", self, press=self.closed.emit, height=24, name=self.tr("Close")
        )
        self.close_button.setVisible(closable)
        row.addWidget(self.close_button)
        self.setAccessibleName(self.words.text())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._draw_icon()

    def _ink(self) -> Ink:
        inks: dict[BannerKind, Ink] = {"info": "cold", "warn": "warm", "danger": "danger"}
        return inks[self._kind]

    def _draw_icon(self) -> None:
        self._icon.set({"info": "info", "warn": "warn", "danger": "warn"}[self._kind], self._ink())

    def set_text(self, text: str) -> None:
        self.words.setText(text)
        self.setAccessibleName(self.words.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        fill, line = {
            "info": (look.cold_tint, look.cold_tint),
            "warn": (look.warm_tint, look.warm_line),
            "danger": (look.danger_tint, look.danger_fill),
        }[self._kind]
        paint_card(painter, self.rect(), fill, line, RADIUS.control)


class Notice(QFrame):
    """The dark pill: what was done, and the way back ("Undo Z"). A new one takes the old one's place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._run: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        glow = SPACE.glow
        row.setContentsMargins(16 + glow, 12 + glow, 16 + glow, 12 + glow)
        row.setSpacing(SPACE.pad)
        self.words = PlainLabel("", ink="on_rail")
        self.action = Button("", "link", on_rail=True, height=22, press=self._pressed)
        row.addWidget(self.words)
        row.addWidget(self.action)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._left = 0
        self.hide()

    def show_text(
        self,
        text: str,
        action: str = "",
        run: Callable[[], object] | None = None,
        *,
        milliseconds: int = 8_000,
    ) -> None:
        """Show `text` for that long; the pointer over it or the focus in it keeps it."""
        self._run, self._left = run, milliseconds
        self.words.setText(text)
        self.action.set_words(action)
        self.action.setVisible(bool(action))
        self.setAccessibleName(self.words.text())
        self.adjustSize()
        self.show()
        self.raise_()
        self._timer.start(milliseconds)

    def _pressed(self) -> None:
        run = self._run
        self.hide()
        if run is not None:
            run()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        most = self._over.width() - 2 * SPACE.pad
        return QSize(min(hint.width(), max(most, 160)), hint.height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if self.isVisible():
            self._timer.start(self._left)

    def showEvent(self, event: QShowEvent) -> None:
        if self._left:
            self._timer.start(self._left)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        glow = SPACE.glow
        frame = self.rect().adjusted(glow, glow, -glow, -glow)
        paint_glow(painter, frame, look.deep_shadow, RADIUS.button, glow)
        paint_card(painter, frame, look.rail, look.rail_line if look.dark else look.rail, RADIUS.button)


class EmptyState(QWidget):
    """What stands where nothing is: an icon, a title, a sentence and perhaps a way on."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        action: str = "",
        run: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column.setSpacing(SPACE.gap)
        centre = Qt.AlignmentFlag.AlignHCenter
        self.title = PlainLabel(title, size=TEXT.title, weight=600, align=centre)
        self.text = PlainLabel(text, ink="ink_soft", wrap=True, lines=6, align=centre)
        self.text.setMaximumWidth(420)
        self.text.setMinimumWidth(260)
        self.action = Button(action, "quiet", self, press=run)
        self.action.setVisible(bool(action))
        column.addStretch(1)
        column.addWidget(IconSpot(icon, "ink_faint", side=40), 0, centre)
        column.addWidget(self.title, 0, centre)
        column.addWidget(self.text, 0, centre)
        column.addSpacing(SPACE.tight)
        column.addWidget(self.action, 0, centre)
        column.addStretch(2)
        self.setAccessibleName(one_line(f"{title}. {text}"))
