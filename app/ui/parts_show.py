"""Things to look at: cards, chips, key caps, dots, avatars, quotes, heads of sections and placeholders.

Each paints itself once from the current look.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts_paint import (
    CAP_HEIGHT,
    CHIP_HEIGHT,
    chip_width,
    keycap_width,
    paint_avatar,
    paint_card,
    paint_chip,
    paint_glow,
    paint_ground,
    paint_keycap,
)
from app.ui.plain import PlainLabel, one_line
from app.ui.theme import RADIUS, SPACE, TEXT, Tint

__all__ = [
    "Avatar",
    "Card",
    "Chip",
    "Dot",
    "KeyCap",
    "Quote",
    "SectionHead",
    "Skeleton",
    "TierChip",
    "tier_tint",
]

_TIERS: dict[str, Tint] = {"hot": "hot", "warm": "warm", "cold": "cold"}


def tier_tint(tier: str) -> Tint:
    """The tint of a tier by its name, in any case; grey for one we don't know."""
    return _TIERS.get(tier.lower(), "grey")


class Card(QFrame):
    """A rounded frame to put things on, with a vertical layout as `inside`.

    `hot` draws its line in the accent and a glow around it; the glow needs `SPACE.glow` pixels on each side,
    which the card keeps free within itself (`bleed`), so give it that much less margin outside.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        hot: bool = False,
        pad: int = SPACE.pad,
        radius: int = RADIUS.card,
    ) -> None:
        super().__init__(parent)
        self._hot, self._radius, self._pad = hot, radius, pad
        self.inside = QVBoxLayout(self)
        self.inside.setSpacing(SPACE.gap)
        self._settle()

    @property
    def bleed(self) -> int:
        """How far the frame stands in from the widget's edge."""
        return SPACE.glow if self._hot else 0

    def set_hot(self, hot: bool) -> None:
        """Turn the accent line on or off; the glow's room comes and goes with it."""
        if hot != self._hot:
            self._hot = hot
            self._settle()
            self.update()

    def _settle(self) -> None:
        room = self._pad + self.bleed
        self.inside.setContentsMargins(room, room, room, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        frame = self.rect()
        if self._hot:
            frame = frame.adjusted(SPACE.glow, SPACE.glow, -SPACE.glow, -SPACE.glow)
        if self._hot and not frame.contains(event.rect()):
            paint_glow(painter, frame, look.shadow, self._radius, SPACE.glow)
        paint_card(painter, frame, look.card, look.accent_line if self._hot else look.line, self._radius)


class Chip(QWidget):
    """A small tinted word, such as "7 warm" or "asked for pricing +30"."""

    def __init__(self, text: str, tint: Tint = "grey", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tint = "", tint
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set(text, tint)

    def set(self, text: str, tint: Tint | None = None) -> None:
        """Show another word, in the same tint when None."""
        self._text, self._tint = one_line(text), tint or self._tint
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(min(chip_width(self._text), 320), CHIP_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(chip_width(self._text), 48), CHIP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fg, bg = theme.current().tint(self._tint)
        paint_chip(painter, self.rect(), self._text, fg, bg)


class TierChip(Chip):
    """The chip of a tier: its name in capitals, with what follows it ("HOT · 60 s", "WARM 6:12")."""

    def __init__(self, tier: str, after: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.set_tier(tier, after)

    def set_tier(self, tier: str, after: str = "") -> None:
        self.set(f"{tier.upper()} {after}".strip(), tier_tint(tier))


class KeyCap(QWidget):
    """A key's name as a small raised key. Only a picture; it takes no focus."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = one_line(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._text)

    def sizeHint(self) -> QSize:
        return QSize(keycap_width(self._text), CAP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_keycap(painter, self.rect(), self._text)


class Avatar(QWidget):
    """A person's initials in a round, with the status as a dot."""

    def __init__(
        self, initials: str = "", name: str = "", parent: QWidget | None = None, *, side: int = 36
    ) -> None:
        super().__init__(parent)
        self._initials, self._dot = one_line(initials)[:3], QColor()
        self.setFixedSize(side, side)
        self.setAccessibleName(one_line(name))

    def set_person(self, initials: str, name: str, dot: QColor | None) -> None:
        self._initials, self._dot = one_line(initials)[:3], dot or QColor()
        self.setAccessibleName(one_line(name))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_avatar(
            painter,
            self.rect(),
            self._initials,
            self._dot if self._dot.isValid() else None,
            theme.current().card,
        )


class Dot(QWidget):
    """A small round in a state's colour; the words beside it say the same."""

    def __init__(self, tint: Tint = "good", parent: QWidget | None = None, *, side: int = 9) -> None:
        super().__init__(parent)
        self._tint = tint
        self.setFixedSize(side, side)

    def set(self, tint: Tint) -> None:
        if tint != self._tint:
            self._tint = tint
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(
            {
                "good": look.good_mark,
                "danger": look.danger_fill,
                "warm": look.warm_mark,
                "hot": look.accent,
                "cold": look.select,
                "select": look.select,
            }.get(self._tint, look.quote_bar)
        )
        painter.drawEllipse(self.rect())


class Quote(QWidget):
    """What somebody asked, in a quiet block with a bar at its left."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, hot: bool = False, lines: int = 6
    ) -> None:
        super().__init__(parent)
        self._hot = hot
        inside = QVBoxLayout(self)
        inside.setContentsMargins(15, 8, 12, 8)
        self.words = PlainLabel(
            text, wrap=True, lines=lines, copyable=True, size=TEXT.button if hot else TEXT.body
        )
        inside.addWidget(self.words)

    def set(self, text: str) -> None:
        self.words.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.quote)
        painter.drawRoundedRect(self.rect(), RADIUS.control, RADIUS.control)
        paint_ground(painter, QRect(0, 0, RADIUS.control, self.height()), look.quote)
        paint_ground(painter, QRect(0, 0, 3, self.height()), look.accent if self._hot else look.quote_bar)


class SectionHead(QWidget):
    """The line over a list: what it is at the left, how it is ordered or how many at the right."""

    def __init__(
        self, left: str, right: str = "", parent: QWidget | None = None, *, strong: bool = False
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(SPACE.gap)
        size = TEXT.body if strong else TEXT.small
        self.left = PlainLabel(left, size=size, weight=600, ink="ink" if strong else "ink_mid")
        self.right = PlainLabel(
            right, size=size, weight=400 if strong else 600, ink="ink_soft", align=Qt.AlignmentFlag.AlignRight
        )
        row.addWidget(self.left)
        row.addStretch(1)
        row.addWidget(self.right)

    def set(self, left: str, right: str | None = None) -> None:
        self.left.setText(left)
        if right is not None:
            self.right.setText(right)


class Skeleton(QWidget):
    """Rows of grey bars where a list will be; they stand still."""

    def __init__(
        self, rows: int = 6, parent: QWidget | None = None, *, row_height: int = SPACE.row, name: str = ""
    ) -> None:
        super().__init__(parent)
        self._rows, self._row_height = rows, row_height
        self.setMinimumHeight(rows * row_height)
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() - 28
        for row in range(self._rows):
            y = row * self._row_height
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.skeleton)
            x = 14.0
            for part, filled in (
                (0.09, 0.6),
                (0.08, 0.75),
                (0.26, 0.5 + 0.3 * (row % 3) / 2),
                (0.36, 0.9 - 0.2 * (row % 2)),
                (0.21, 0.55),
            ):
                painter.drawRoundedRect(
                    QRectF(x, y + self._row_height / 2 - 5, width * part * filled, 10), 5, 5
                )
                x += width * part
            if row:
                painter.setPen(look.line)
                painter.drawLine(0, y, self.width(), y)
