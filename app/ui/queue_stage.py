"""How the Queue screen is laid out in the room there is: hero over list at the left, the card at the right.

A narrow window gives the card less; a very narrow one (a laptop at 200 %) shows either the list or the card.
A low window gets a low hero. While a call runs, its own card stands in the hero's place.
"""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.ui.call_panel import CallDesk
from app.ui.hero import Hero
from app.ui.lead_card import LeadCard, Room
from app.ui.parts import Skeleton
from app.ui.queue_groups import LEAD_IN
from app.ui.queue_list import QueueList
from app.ui.theme import SPACE

__all__ = ["QueueStage"]

_TOP = 18
"""From the header to the hero's frame."""
_NARROW, _SINGLE = 1160, 800
"""Widths below which the card gets less room, and below which there is room for one of the two."""
_LOW = 560
"""A height below which the hero is low."""


class _Column(QWidget):
    """Hero (or the call's card) over the list. The upper part brings room for its own glow."""

    def __init__(self, hero: Hero, desk: CallDesk, view: QueueList) -> None:
        super().__init__()
        self._hero, self._desk, self._view = hero, desk, view
        for part in (hero, desk, view):
            part.setParent(self)
        desk.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        glow, side = SPACE.glow, SPACE.page - SPACE.glow
        self._hero.set_low(self.height() < _LOW)
        high = glow + self._hero.frame_height + LEAD_IN
        for part in (self._hero, self._desk):
            part.setGeometry(side, _TOP - glow, self.width() - 2 * side, high)
        below = _TOP - glow + high
        self._view.setGeometry(0, below, self.width(), max(self.height() - below, 0))


class QueueStage(QWidget):
    """The screen's layout. It decides nothing but where things stand."""

    def __init__(self, hero: Hero, desk: CallDesk, view: QueueList, card: LeadCard, parent: QWidget) -> None:
        super().__init__(parent)
        self._hero, self._desk, self._card = hero, desk, card
        self._single = self._card_open = False
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._left = QWidget(self)
        self._pages = QStackedLayout(self._left)
        waiting = QWidget(self._left)
        column = QVBoxLayout(waiting)
        column.setContentsMargins(SPACE.page, _TOP, SPACE.page, 0)
        column.addWidget(Skeleton(12, waiting, name=self.tr("The queue is loading")))
        column.addStretch(1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(_Column(hero, desk, view))
        whole.addWidget(self._left, 1)
        whole.addWidget(card)

    @property
    def begun(self) -> bool:
        """Whether the queue is shown instead of its skeleton."""
        return self._pages.currentIndex() == 1

    def begin(self) -> None:
        """The queue is known."""
        self._pages.setCurrentIndex(1)

    @property
    def single(self) -> bool:
        """Whether there is room for the list or the card only."""
        return self._single

    def set_calling(self, calling: bool) -> None:
        """Show the call's card in the hero's place, or the hero."""
        self._hero.setVisible(not calling)
        self._desk.setVisible(calling)

    def open_card(self, opened: bool = True) -> None:
        """Where there is room for one of the two only, show the card; or the list again."""
        self._card_open = opened
        self._settle()

    def _settle(self) -> None:
        both = not self._single
        self._left.setVisible(both or not self._card_open)
        self._card.setVisible(both or self._card_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.width()
        self._single = width < _SINGLE
        room: Room = "whole" if self._single else "narrow" if width < _NARROW else "wide"
        self._card.set_room(room)
        self._settle()
