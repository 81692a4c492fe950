"""Figures and what surrounds them: the countdown ring, a labelled value, a row of the lead card, a thin bar.

None of them owns a timer: what moves is told to move.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import theme
from app.ui.parts_paint import paint_bar, paint_ring, paint_text, text_width
from app.ui.plain import PlainLabel, one_line
from app.ui.theme import TEXT, Ink, Tint

__all__ = ["Bar", "Field", "Figure", "Ring"]


class Ring(QWidget):
    """The countdown ring: how much of the time is left, and the time as text, so that colour is never
    alone."""

    def __init__(self, parent: QWidget | None = None, *, side: int = 92) -> None:
        super().__init__(parent)
        self._fraction, self._text = 0.0, ""
        self._tint: Tint = "hot"
        self.setFixedSize(side, side)

    def show_time(self, fraction: float, text: str, tint: Tint = "hot") -> None:
        """`fraction` of the time is left (0 to 1); `tint` says the state: hot, warm, cold, good, danger or
        grey."""
        if (fraction, text, tint) == (self._fraction, self._text, self._tint):
            return
        self._fraction, self._text, self._tint = fraction, one_line(text), tint
        self.setAccessibleName(self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        ink, track = look.tint(self._tint)
        colour = ink
        if self._tint == "hot":
            colour, track, ink = look.accent, look.ring_track, look.ring_text
        elif self._tint == "cold":
            colour = look.select
        elif self._tint == "warm":
            colour = look.warm_mark
        elif self._tint == "good":
            colour = look.good_mark
        elif self._tint == "danger":
            colour = look.danger_fill
        paint_ring(painter, self.rect(), self._fraction, self._text, colour, track, ink)


class Figure(QWidget):
    """A label, its value in bold and how it moved: "SLA 96% ▲ 4"."""

    def __init__(
        self, label: str = "", value: str = "", delta: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label, self._value, self._delta = "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set(label, value, delta)

    def set(self, label: str, value: str, delta: str = "") -> None:
        """`delta` begins with ▲ or ▼ when it moved; with "!" before that when the move is a bad one."""
        if (label, value, delta) == (self._label, self._value, self._delta):
            return
        self._label, self._value, self._delta = one_line(label, 60), one_line(value, 40), one_line(delta, 40)
        self.setAccessibleName(
            " ".join(part for part in (self._label, self._value, self._delta.lstrip("!")) if part)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        wide = text_width(self._label) + 6 + text_width(self._value, TEXT.strong, 700)
        if self._delta:
            wide += 6 + text_width(self._delta.lstrip("!"))
        return QSize(min(round(wide) + 2, 480), 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        x, width, height = 0.0, self.width(), self.height()
        for text, ink, size, weight in (
            (self._label, look.ink_soft, TEXT.body, 400),
            (self._value, look.ink, TEXT.strong, 700),
            (
                self._delta.lstrip("!"),
                look.danger if self._delta.startswith("!") else look.good,
                TEXT.body,
                400,
            ),
        ):
            if text:
                x += paint_text(painter, QRectF(x, 0, width - x + 1, height), text, ink, size, weight) + 6


class Field(QWidget):
    """One row of the lead card: a faint label and what it says, wrapped; a right click copies it."""

    def __init__(
        self,
        label: str,
        value: str = "",
        parent: QWidget | None = None,
        *,
        label_width: int = 96,
        lines: int = 3,
        ink: Ink = "ink",
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.label = PlainLabel(label, ink="ink_faint", wrap=True, lines=2)
        self.label.setFixedWidth(label_width)
        self.value = PlainLabel(value, wrap=True, lines=lines, copyable=True, ink=ink)
        row.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.value, 1, Qt.AlignmentFlag.AlignTop)
        self.set(value, label)

    def set(self, value: str, label: str | None = None, ink: Ink | None = None) -> None:
        if label is not None:
            self.label.setText(label)
        if ink is not None:
            self.value.set_ink(ink)
        self.value.setText(value)
        self.setAccessibleName(f"{self.label.text()}: {one_line(value, 200)}")


class Bar(QWidget):
    """A thin bar that is full to a fraction."""

    def __init__(self, fraction: float = 0.0, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self._fraction = fraction
        self.setFixedHeight(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def set(self, fraction: float) -> None:
        if fraction != self._fraction:
            self._fraction = fraction
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_bar(painter, self.rect(), self._fraction, look.select, look.grey_tint)
