"""The cards at the top of a report: a number, what it rests on, and how it stands to before."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.report import Figure, Segment
from app.domain.report_words import change_of, rest_words, value_words
from app.ui import theme
from app.ui.parts import Pressable, paint_card, paint_focus, paint_text, text_width
from app.ui.plain import broken, one_line, tip
from app.ui.theme import RADIUS, SPACE, TEXT, Look

__all__ = ["FigureCard", "FigureCards", "height_on_paper", "paint_figure", "width_of"]

HEIGHT = 110
_NARROWEST = 172
_NUMBER = 26
"""Pixels of the number's letters."""


def width_of(figure: Figure) -> int:
    """In which nothing of a card is cut, but for its note."""
    change = change_of(figure)
    words = (
        (figure.title, TEXT.small, 600),
        (value_words(figure.unit, figure.now.value), _NUMBER, 700),
        (rest_words(figure.unit, figure.now), TEXT.caption, 400),
        (change.words if change else "", TEXT.small, 600),
    )
    return ceil(max(text_width(text, size, weight) for text, size, weight in words)) + 2 * SPACE.pad


def height_on_paper(figures: Sequence[Figure]) -> int:
    """Of cards side by side: without the lines that none of them has."""
    middle = any(change_of(figure) is not None or figure.note for figure in figures)
    rest = any(rest_words(figure.unit, figure.now) for figure in figures)
    return HEIGHT - 17 * (not middle) - 17 * (not rest)


def paint_figure(
    painter: QPainter, rect: QRect, figure: Figure, look: Look, *, on_paper: bool = False
) -> None:
    """What stands in a card, on any painter. On paper, where nothing can be pointed at, its note stands in it too."""
    inner = rect.adjusted(SPACE.pad, SPACE.snug, -SPACE.pad, -SPACE.gap)
    line = QRect(inner.x(), inner.y(), inner.width(), 20)
    paint_text(painter, line, figure.title, look.ink_soft, TEXT.small, 600)
    line.translate(0, 21)
    line.setHeight(34)
    words = value_words(figure.unit, figure.now.value)
    wide = paint_text(painter, line, words, look.ink, _NUMBER, 700)
    rest = rest_words(figure.unit, figure.now)
    line = QRect(inner.x(), line.bottom() + 1, inner.width(), 17)
    change = change_of(figure)
    if on_paper and change is None and not figure.note:
        line.translate(0, -17)
    elif change is not None:
        ink = {"good": look.good, "bad": look.danger}.get(change.verdict, look.ink_soft)
        paint_text(painter, line, change.words, ink, TEXT.small, 600 if change.verdict else 400)
    elif figure.note:
        for number, part in enumerate(broken(figure.note, TEXT.small, 400, inner.width(), 1 if rest else 2)):
            paint_text(painter, line.translated(0, 17 * number), part, look.ink_soft, TEXT.small)
    if rest:
        line.translate(0, 17)
        paint_text(painter, line, rest, look.ink_faint, TEXT.caption)
    room = inner.width() - round(wide) - SPACE.gap
    if on_paper and change is not None and figure.note and text_width(figure.note, TEXT.caption) < room:
        left = QRect(inner.x() + round(wide) + SPACE.gap, inner.y() + 25, room, 30)
        paint_text(painter, left, figure.note, look.ink_faint, TEXT.caption, 400, Qt.AlignmentFlag.AlignRight)


class FigureCard(Pressable):
    """One figure. Pressed it says which leads are behind it, where that is known."""

    def __init__(self, figure: Figure, parent: QWidget) -> None:
        super().__init__(parent)
        self.figure = figure
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_figure(figure)

    def show_figure(self, figure: Figure) -> None:
        """Show this one."""
        self.figure = figure
        change = change_of(figure)
        parts = [
            f"{figure.title}: {value_words(figure.unit, figure.now.value)}",
            change.words if change else "",
            rest_words(figure.unit, figure.now),
            figure.note,
        ]
        self.setAccessibleName(one_line(", ".join(part for part in parts if part), 300))
        tip(self, "\n".join(part for part in parts if part))
        pressable = figure.now.behind is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if pressable else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if pressable else Qt.FocusPolicy.NoFocus)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        raised = self.hovered and self.figure.now.behind is not None
        paint_card(painter, self.rect(), look.hover if raised else look.card, look.line, RADIUS.card)
        paint_figure(painter, self.rect(), self.figure, look)
        if self.by_keyboard and self.hasFocus():
            paint_focus(painter, self.rect(), RADIUS.card, look.card)


class FigureCards(QWidget):
    """The cards side by side, all as wide as one another, in as many rows as they need."""

    wanted = Signal(str, object)
    """The leads behind a figure are wanted: its title and `Segment`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: list[FigureCard] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show these, in the cards there are as far as they go."""
        while len(self.cards) > len(figures):
            gone = self.cards.pop()
            gone.hide()
            gone.deleteLater()
        for card, figure in zip(self.cards, figures, strict=False):
            card.show_figure(figure)
        for figure in figures[len(self.cards) :]:
            card = FigureCard(figure, self)
            card.clicked.connect(self._pressed)
            card.show()
            self.cards.append(card)
        self.setVisible(bool(figures))
        self._arrange()
        self.updateGeometry()

    def _pressed(self) -> None:
        card = self.sender()
        if isinstance(card, FigureCard) and isinstance(card.figure.now.behind, Segment):
            self.wanted.emit(card.figure.title, card.figure.now.behind)

    def _across(self, width: int) -> int:
        """Cards in a row: as many as fit, spread evenly over the rows."""
        count = max(len(self.cards), 1)
        most = max(1, min(8, (width + SPACE.snug) // (_NARROWEST + SPACE.snug)))
        rows = -(-count // most)
        return -(-count // rows)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self.cards) // self._across(width))
        return max(rows * (HEIGHT + SPACE.snug) - SPACE.snug, 0)

    def sizeHint(self) -> QSize:
        return QSize(900, self.heightForWidth(self.width() or 900))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, HEIGHT if self.cards else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()  # in less width there are more rows

    def _arrange(self) -> None:
        across = self._across(self.width())
        for place, card in enumerate(self.cards):
            row, column = divmod(place, across)
            left = round(column * (self.width() + SPACE.snug) / across)
            right = round((column + 1) * (self.width() + SPACE.snug) / across) - SPACE.snug
            card.setGeometry(left, row * (HEIGHT + SPACE.snug), right - left, HEIGHT)
