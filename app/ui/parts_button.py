"""Things to press: the button in its kinds, the search box look-alike, and the choice in a row of choices.

All are `QAbstractButton`s painted by ourselves: they have an accessible name, take the focus by Tab, show
where the keyboard is, and press with Space and Enter. The words stay outside `QAbstractButton.text`, since
that one reads an ampersand as a shortcut. A key cap on a button only shows the key; the actions' registry
makes it work.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Literal
from weakref import WeakMethod

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui import theme
from app.ui.parts_paint import (
    CAP_HEIGHT,
    keycap_width,
    paint_card,
    paint_focus,
    paint_keycap,
    paint_text,
    text_width,
)
from app.ui.plain import one_line
from app.ui.theme import RADIUS, SPACE, TEXT, Look

__all__ = ["Button", "Kind", "Pressable", "SearchBox"]

Kind = Literal["primary", "dark", "quiet", "link", "danger"]

_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Pressable(QAbstractButton):
    """What all own-painted buttons share: hover, keyboard focus that shows, Enter as Space.

    A click of the mouse does not move the focus here: after it Space still claims the next lead, and does not
    press the same button again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hovered = False
        self.by_keyboard = False

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered = False
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.by_keyboard = event.reason() in _KEYBOARD
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


def _pressing(press: Callable[[], object]) -> Callable[[], object]:
    """What the click calls, without the click's own argument.

    A method of a widget is held weakly: a button must not keep alive what it sits in.
    """
    weak = isinstance(press, MethodType) and isinstance(press.__self__, QObject)
    held = WeakMethod(press) if weak else lambda: press

    def call() -> None:
        method = held()
        if method is not None:
            method()

    return call


class Button(Pressable):
    """A button.

    `key` shows a key cap on it, `detail` a smaller second line, `size` sets the letters, `spread` puts the
    words left and the cap right. With `chosen` it can be checked and wears that kind of fill while it is.
    `on_rail` is for dark grounds.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "quiet",
        parent: QWidget | None = None,
        *,
        key: str = "",
        detail: str = "",
        spread: bool = False,
        height: int = SPACE.control,
        chosen: Literal["", "dark", "good", "select"] = "",
        on_rail: bool = False,
        press: Callable[[], object] | None = None,
        name: str = "",
        size: int = 0,
    ) -> None:
        super().__init__(parent)
        self._words, self._kind, self._key, self._detail = one_line(text), kind, key, one_line(detail)
        self._spread, self._tall, self._chosen, self._on_rail = spread, height, chosen, on_rail
        self._big, self._letters = height >= 44, size
        self.setCheckable(bool(chosen))
        self.setAccessibleName(one_line(name) or self._words)
        self._named = bool(name)
        if press is not None:
            self.clicked.connect(_pressing(press))

    def words(self) -> str:
        """What stands on it."""
        return self._words

    def set_words(self, text: str, detail: str | None = None) -> None:
        """Put other words on it; `detail` as before when None."""
        self._words = one_line(text)
        if detail is not None:
            self._detail = one_line(detail)
        if not self._named:
            self.setAccessibleName(self._words)
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key cap; "" takes it away."""
        self._key = key
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        if kind != self._kind:
            self._kind = kind
            self.update()

    @property
    def kind(self) -> Kind:
        return self._kind

    def _face(self) -> tuple[int, int]:
        return self._letters or (TEXT.button if self._big else TEXT.body), 600

    def sizeHint(self) -> QSize:
        size, weight = self._face()
        width = text_width(self._words, size, weight) + (keycap_width(self._key) + 6 if self._key else 0)
        if self._detail:
            width = max(width, text_width(self._detail, TEXT.small))
        side = 2 if self._kind == "link" else 18 if self._big else 12 if self._spread else 14
        return QSize(min(round(width), 420) + 2 * side + (8 if self._spread else 0), self._tall)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), 96 if self._spread else hint.width()), hint.height())

    def _colours(self, look: Look) -> tuple[QColor | None, QColor | None, QColor]:
        """Fill, frame and text."""
        if self.isChecked():
            if self._chosen == "good":
                return look.good_tint, look.good_mark, look.ink
            if self._chosen == "select":
                return look.select_fill, look.select_fill, look.on_fill
            return look.strong_fill, look.strong_fill, look.on_strong
        if self._kind == "primary":
            return look.accent_fill, look.accent_fill, look.on_fill
        if self._kind == "danger":
            return look.danger_fill, look.danger_fill, look.on_fill
        if self._kind == "dark":
            return look.strong_fill, look.strong_fill, look.on_strong
        if self._kind == "link":
            return None, None, look.on_rail_link if self._on_rail else look.link
        if self._on_rail:
            return look.rail, look.rail_line, look.on_rail
        return look.card, look.field_line, look.ink

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        fill, frame, ink = self._colours(look)
        radius = RADIUS.button if self._tall > 36 else RADIUS.control
        if not self.isEnabled():
            ink = look.ink_faint
            if fill is not None:
                fill, frame = look.grey_tint, look.grey_tint
                ink = look.grey
        if fill is not None and frame is not None:
            paint_card(painter, self.rect(), self._shade(fill, look), frame, radius)
        self._write(painter, ink)
        if self.by_keyboard and self.hasFocus():
            paint_focus(painter, self.rect(), radius, fill if fill is not None else look.card)

    def _shade(self, fill: QColor, look: Look) -> QColor:
        if not self.isEnabled():
            return fill
        plain = self._kind == "quiet" and not self.isChecked()
        if self.isDown():
            return fill.darker(106) if plain and not look.dark else fill.darker(112)
        if self.hovered:
            return (look.rail_select if self._on_rail else look.hover) if plain else fill.darker(106)
        return fill

    def _write(self, painter: QPainter, ink: QColor) -> None:
        size, weight = self._face()
        side = 0 if self._kind == "link" else 10
        inner = self.rect().adjusted(side, 0, -side, 0)
        cap = keycap_width(self._key) if self._key else 0
        line = QRect(inner)
        if self._detail:
            line = QRect(inner.x(), inner.center().y() - 20, inner.width(), 22)
            below = QRect(inner.x(), inner.center().y() + 2, inner.width(), 17)
            paint_text(painter, below, self._detail, ink, TEXT.small, 400, Qt.AlignmentFlag.AlignHCenter)
        room = line.width() - (cap + 6 if cap else 0)
        wide = min(round(text_width(self._words, size, weight)) + 1, room)
        left = line.x() if self._spread or self._kind == "link" else line.x() + max(0, (room - wide) // 2)
        paint_text(painter, QRect(left, line.y(), wide, line.height()), self._words, ink, size, weight)
        if cap:
            x = line.right() + 1 - cap if self._spread else left + wide + 6
            paint_keycap(
                painter, QRect(x, line.center().y() - CAP_HEIGHT // 2 + 1, cap, CAP_HEIGHT), self._key
            )
        if self._kind == "link" and self.hovered and self.isEnabled():
            y = line.center().y() + size // 2 + 2
            painter.setPen(ink)
            painter.drawLine(left, y, left + wide, y)


class SearchBox(Pressable):
    """Looks like a search field and opens the palette when pressed."""

    def __init__(self, text: str, caps: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._caps = text, caps
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        return QSize(260, SPACE.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(keycap_width(cap) + 4 for cap in self._caps) + 40, SPACE.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_card(
            painter, self.rect(), look.hover if self.hovered else look.field, look.field_line, RADIUS.control
        )
        x = self.width() - 10
        for cap in reversed(self._caps):
            wide = keycap_width(cap)
            x -= wide
            paint_keycap(painter, QRect(x, (self.height() - CAP_HEIGHT) // 2, wide, CAP_HEIGHT), cap)
            x -= 4
        paint_text(painter, QRect(11, 0, x - 11, self.height()), self._words, look.ink_faint, TEXT.body)
        if self.by_keyboard and self.hasFocus():
            paint_focus(painter, self.rect(), RADIUS.control, look.field)
