"""The rail at the left of the window: the mark, an entry for each screen, and at its foot the person."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui import icons, theme
from app.ui.parts_button import Pressable
from app.ui.parts_paint import paint_avatar, paint_chip, paint_focus, paint_ground, paint_text, text_width
from app.ui.plain import one_line, tip
from app.ui.theme import RADIUS, SPACE, TEXT, Tint

__all__ = ["NavEntry", "Person", "Rail", "Status"]

_ENTRY = 56
_LEAST_ENTRY = 22
_SMALL_ENTRY = 38
_STEP = 4
_FIRST = 70
_PERSON = 84
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class Status(NamedTuple):
    """A status to pick: a stable key, its word, and the tint of its dot."""

    key: str
    text: str
    tint: Tint = "good"


class NavEntry(Pressable):
    """One screen in the rail: icon over caption; the caption goes when the window is low."""

    def __init__(self, title: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._icon, self._badge = one_line(title, 40), icon, 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(self._title)

    def set_badge(self, count: int) -> None:
        if count != self._badge:
            self._badge = count
            self.setAccessibleName(f"{self._title}, {count}" if count else self._title)
            self.update()

    def _bring_icon(self) -> None:
        icons.load()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SPACE.rail - 16, _ENTRY)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isChecked() or self.hovered
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            ground = QColor(look.rail_select)
            if not self.isChecked():
                ground.setAlpha(120)
            painter.setBrush(ground)
            painter.drawRoundedRect(self.rect(), RADIUS.button, RADIUS.button)
        ink = look.on_rail if lit else look.on_rail_soft
        tall = self.height() >= _ENTRY
        side = 20
        top = 10 if tall else (self.height() - side) // 2
        if icons.ready():
            icons.paint(painter, QRect((self.width() - side) // 2, top, side, side), self._icon, ink)
        else:
            QTimer.singleShot(0, self, self._bring_icon)
        if tall:
            paint_text(
                painter, QRect(1, 33, self.width() - 2, 16), self._title, ink, TEXT.caption, 400, _CENTRE
            )
        if self._badge:
            text = str(self._badge) if self._badge < 1000 else "999+"
            wide = max(round(text_width(text, 10, 700)) + 9, 16)
            spot = QRect(min(self.width() // 2 + 5, self.width() - wide), 4, wide, 15)
            paint_chip(painter, spot, "", look.on_fill, look.accent_fill, radius=7)
            paint_text(painter, spot, text, look.on_fill, 10, 700, _CENTRE)
        if self.by_keyboard and self.hasFocus():
            paint_focus(painter, self.rect(), RADIUS.button, look.rail)


class Person(Pressable):
    """The person at this desk: initials with the status dot, the status word, the floor's time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._initials, self._name, self._status, self._time = "", "", "", ""
        self._tint: Tint = "grey"

    def set(self, initials: str, name: str, status: str, tint: Tint, time: str) -> None:
        self._initials, self._name = one_line(initials)[:3], one_line(name, 80)
        self._status, self._tint, self._time = one_line(status, 30), tint, one_line(time, 12)
        tip(self, self._name)
        self.setAccessibleName(
            self.tr("{name}, {status}. Change status").format(name=self._name, status=self._status)
        )
        self.update()

    def set_time(self, time: str) -> None:
        if time != self._time:
            self._time = one_line(time, 12)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(SPACE.rail - 8, _PERSON)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        if self.hovered:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            ground = QColor(look.rail_select)
            ground.setAlpha(120)
            painter.setBrush(ground)
            painter.drawRoundedRect(self.rect(), RADIUS.button, RADIUS.button)
        if self._initials:
            dot = {
                "good": look.good_mark,
                "warm": look.warm_mark,
                "danger": look.danger_fill,
                "hot": look.accent,
            }.get(self._tint, look.on_rail_soft)
            paint_avatar(painter, QRect((self.width() - 36) // 2, 4, 36, 36), self._initials, dot, look.rail)
        ink = look.on_rail_soft
        paint_text(painter, QRect(0, 46, self.width(), 16), self._status, ink, TEXT.caption, 400, _CENTRE)
        paint_text(painter, QRect(0, 60, self.width(), 16), self._time, ink, TEXT.caption, 400, _CENTRE)
        if self.by_keyboard and self.hasFocus():
            paint_focus(painter, self.rect(), RADIUS.button, look.rail)


class Rail(QWidget):
    """The dark column at the left; dark in both looks."""

    screen_picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(SPACE.rail)
        self._entries: dict[str, NavEntry] = {}
        self.person = Person(self)

    def add(self, key: str, title: str, icon: str) -> None:
        entry = NavEntry(title, icon, self)
        entry.clicked.connect(lambda: self.screen_picked.emit(key))
        tip(entry, title)
        entry.setAccessibleDescription("")
        self._entries[key] = entry
        QWidget.setTabOrder(entry, self.person)
        entry.show()
        self._arrange()

    def set_offered(self, key: str, offered: bool) -> None:
        """Show the entry of a screen, or hide it."""
        entry = self._entries.get(key)
        if entry is not None and entry.isHidden() == offered:
            entry.setVisible(offered)
            self._arrange()

    def select(self, key: str) -> None:
        entry = self._entries.get(key)
        if entry is not None:
            entry.setChecked(True)

    def set_badge(self, key: str, count: int) -> None:
        entry = self._entries.get(key)
        if entry is not None:
            entry.set_badge(count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        room = self.height() - _FIRST - _PERSON
        entries = [entry for entry in self._entries.values() if not entry.isHidden()]
        tall = room >= len(entries) * (_ENTRY + _STEP)
        height = (
            _ENTRY if tall else min(_SMALL_ENTRY, max(room // max(len(entries), 1) - _STEP, _LEAST_ENTRY))
        )
        for number, entry in enumerate(entries):
            entry.setGeometry(8, _FIRST + number * (height + _STEP), SPACE.rail - 16, height)
        self.person.setGeometry(4, self.height() - _PERSON - 2, SPACE.rail - 8, _PERSON)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_ground(painter, self.rect(), look.rail)
        icons.paint_mark(painter, QRect(21, 14, 34, 34))
