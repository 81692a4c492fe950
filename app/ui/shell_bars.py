"""The header over the body and the foot under it. Both leave out, from the right, what has no room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import actions, theme
from app.ui.actions import Hint
from app.ui.parts_button import Button, SearchBox
from app.ui.parts_figures import Figure
from app.ui.parts_paint import CAP_HEIGHT, keycap_width, paint_ground, paint_keycap, paint_text, text_width
from app.ui.parts_show import Chip, Dot
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT, Tint

__all__ = ["Connection", "Foot", "Header"]

Connection = Literal["live", "catching", "away"]

_SEARCH = 260
_LEAST_SEARCH = 150
_FIGURE_GAP = 26


class Header(QWidget):
    """Title, chips, figures and note at the left; the search box or the screen's own tools at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(SPACE.header)
        self._title = PlainLabel("", self, size=TEXT.title, weight=700)
        self._note = PlainLabel("", self, ink="ink_soft")
        self._chips: list[Chip] = []
        self._figures: list[Figure] = []
        self._chips_used = self._figures_used = 0
        self._tools: QWidget | None = None
        self.search = SearchBox(self.tr("Search leads, actions…"), actions.caps("Ctrl+K"), self)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._arrange()

    def set_tools(self, widget: QWidget | None) -> None:
        if self._tools is not None and self._tools is not widget:
            self._tools.hide()
        self._tools = widget
        if widget is not None:
            widget.setParent(self)
            widget.show()
        self.search.setVisible(widget is None)
        self._arrange()

    def fill(
        self, chips: Sequence[tuple[str, Tint]], figures: Sequence[tuple[str, str, str]], note: str
    ) -> None:
        while len(self._chips) < len(chips):
            self._chips.append(Chip("", parent=self))
        while len(self._figures) < len(figures):
            self._figures.append(Figure(parent=self))
        for chip, (text, tint) in zip(self._chips, chips, strict=False):
            chip.set(text, tint)
        for figure, (label, value, delta) in zip(self._figures, figures, strict=False):
            figure.set(label, value, delta)
        self._chips_used, self._figures_used = len(chips), len(figures)
        self._note.setText(note)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        middle = self.height() // 2
        right = self.width() - SPACE.page
        if self._tools is not None:
            size = self._tools.sizeHint()
            if self._tools.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Expanding:
                size.setWidth(max(right - SPACE.page - self._title.sizeHint().width() - 26, 0))
            right -= size.width()
            self._tools.setGeometry(right, middle - size.height() // 2, size.width(), size.height())
        else:
            wide = min(_SEARCH, max(_LEAST_SEARCH, self.width() // 4))
            right -= wide
            self.search.setGeometry(right, middle - SPACE.control // 2, wide, SPACE.control)
        right -= SPACE.pad
        x = SPACE.page
        x = self._put(self._title, x, right, True) + 26 - SPACE.small
        for number, chip in enumerate(self._chips):
            x = self._put(chip, x, right, number < self._chips_used)
        x += 26 - SPACE.small if self._chips_used else 0
        for number, figure in enumerate(self._figures):
            x = self._put(figure, x, right, number < self._figures_used, _FIGURE_GAP)
        self._put(self._note, x, right, bool(self._note.text()))

    def _put(self, part: QWidget, x: int, right: int, wanted: bool, gap: int = SPACE.small) -> int:
        size = part.sizeHint()
        whole = isinstance(part, Chip | Figure)
        room = right - x
        part.setVisible(wanted and (room >= size.width() if whole else room > 24))
        if part.isHidden():
            return x if not wanted else right
        part.setGeometry(x, self.height() // 2 - size.height() // 2, min(size.width(), room), size.height())
        return x + size.width() + gap

    def sizeHint(self) -> QSize:
        return QSize(900, SPACE.header)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, SPACE.header)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_ground(painter, self.rect(), look.card)
        paint_ground(painter, QRect(0, self.height() - 1, self.width(), 1), look.line)


class _Hints(QWidget):
    """Key caps with a word each, painted in one go."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._hints: tuple[Hint, ...] = ()

    def set(self, hints: Sequence[Hint]) -> None:
        if tuple(hints) != self._hints:
            self._hints = tuple(hints)
            self.setAccessibleName(", ".join(f"{' '.join(hint.caps)}: {hint.text}" for hint in hints))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        x, top = 0, (self.height() - CAP_HEIGHT) // 2
        for hint in self._hints:
            caps = [keycap_width(cap) for cap in hint.caps]
            words = round(text_width(hint.text, TEXT.small)) + 1
            if x + sum(caps) + 4 * len(caps) + words > self.width():
                return
            for cap, wide in zip(hint.caps, caps, strict=True):
                paint_keycap(painter, QRect(x, top, wide, CAP_HEIGHT), cap)
                x += wide + 4
            paint_text(painter, QRect(x, 0, words, self.height()), hint.text, look.ink_soft, TEXT.small)
            x += words + 21


class Foot(QWidget):
    """Keys at the left, the connection and the clock at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(SPACE.foot)
        self._hints = _Hints(self)
        self._dot = Dot("grey", self, side=8)
        self._text = PlainLabel("", self, size=TEXT.small, ink="ink_soft", align=Qt.AlignmentFlag.AlignRight)
        self.unsent = Button("", "link", self, height=22, size=TEXT.small)
        self.unsent.hide()
        self.muted = Button("", "link", self, height=22, size=TEXT.small)
        self.muted.setAccessibleDescription(self.tr("Press to mute no more"))
        self.muted.hide()

    def set_unsent(self, words: str) -> None:
        """What this desk has to tell its floor yet, as a button; "" takes it away."""
        if words != self.unsent.words() or self.unsent.isHidden() == bool(words):
            self.unsent.set_words(words)
            self.unsent.setVisible(bool(words))
            self._arrange()

    def set_muted(self, words: str) -> None:
        """That this desk is muted and for how long, as a button that ends it; "" takes it away."""
        if words != self.muted.words() or self.muted.isHidden() == bool(words):
            self.muted.set_words(words)
            self.muted.setVisible(bool(words))
            self._arrange()

    def set_hints(self, hints: Sequence[Hint]) -> None:
        self._hints.set(hints)

    def set_connection(self, state: Connection, text: str) -> None:
        tints: dict[Connection, Tint] = {"live": "good", "catching": "warm", "away": "danger"}
        self._dot.set(tints[state])
        if text != self._text.whole():
            self._text.setText(text)
            self._text.set_ink("danger" if state == "away" else "ink_soft")
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        height = self.height() - 1
        wide = min(self._text.sizeHint().width(), self.width() * 3 // 5)
        right = self.width() - SPACE.page
        self._text.setGeometry(right - wide, 1, wide, height)
        self._dot.move(right - wide - 13, 1 + (height - 8) // 2)
        left = right - wide - 30
        for button in (self.unsent, self.muted):
            if not button.isHidden():
                size = button.sizeHint()
                left -= size.width()
                button.setGeometry(left, 1 + (height - size.height()) // 2, size.width(), size.height())
                left -= SPACE.gap
        self._hints.setGeometry(SPACE.page, 1, max(0, left - SPACE.page), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_ground(painter, self.rect(), look.card)
        paint_ground(painter, QRect(0, 0, self.width(), 1), look.line)
