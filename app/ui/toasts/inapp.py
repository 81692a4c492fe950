"""The toast inside the window: cards at its top right, the most urgent on top. It always works.

Each card is one lead: how it stands and how long there is, who, what they asked, why it is hot, how to reach
them, and the buttons. It never takes the keyboard from what the rep is doing, though Tab reaches it and Esc
puts the focused card away. Calm cards leave by themselves after a while, not while the pointer or the
keyboard is on them; critical ones stay until somebody acts. Cards that find no room are counted on a line
below. During a call only what cannot wait is shown: cards would lie over the number and the outcomes.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import nsmallest
from itertools import count

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from app.ui.parts import Button
from app.ui.theme import SPACE
from app.ui.toasts._card import ToastCard
from app.ui.toasts._toast import CRITICAL, SUMMARY, Site, Toast

NAME = "inapp"
ORDER = 100
SYSTEMS: tuple[str, ...] = ()

WIDTH = 372
CARDS = 3
"""At most so many at once, and fewer where the window is low."""


def build(site: Site) -> InAppToasts:
    return InAppToasts(site)


class InAppToasts(QObject):
    """Keeps the cards, and their column at the window's top right."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.window)
        self._site = site
        self._cards: dict[str, ToastCard] = {}
        self._seen: list[ToastCard] = []
        """Those on the screen, from the top; a thousand more may wait."""
        self._put_away: dict[str, tuple[int, int]] = {}
        """How loud each lead was when its card left; it comes back only louder."""
        self._why_not: Callable[[str, str], str] = lambda _lead, _key: ""
        self._arrivals = count()
        self._column = QWidget(site.window)
        self._column.hide()
        self._more = Button("", "quiet", self._column, height=28, press=lambda: site.pressed(SUMMARY, "open"))
        self._tick = QTimer(self, singleShot=True)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._count_down)
        site.window.installEventFilter(self)

    def show(self, toast: Toast) -> None:
        if toast.tucked:
            self._take_out(toast.lead_id)
            return
        if self._put_away.get(toast.lead_id) == toast.loudness:
            return
        self._put_away.pop(toast.lead_id, None)
        card = self._cards.get(toast.lead_id)
        if card is None:
            card = ToastCard(self._column, next(self._arrivals), self._press, self._leave)
            card.hide()
            self._cards[toast.lead_id] = card
        if card.fill(toast):
            _announce(self._site.window, toast)
        self._bar(card)
        self._arrange()

    def barred_by(self, why_not: Callable[[str, str], str]) -> None:
        """From now on `why_not` says why a button can't be pressed, by lead id and key; "" if it can."""
        self._why_not = why_not
        for card in self._cards.values():
            self._bar(card)

    def _bar(self, card: ToastCard) -> None:
        said = {key: self._why_not(card.toast.lead_id, key) for key in card.buttons}
        card.bar({key: why for key, why in said.items() if why})

    def withdraw(self, lead_id: str) -> None:
        self._put_away.pop(lead_id, None)
        self._take_out(lead_id)

    def close(self) -> None:
        self._site.window.removeEventFilter(self)
        for lead_id in list(self._cards):
            self.withdraw(lead_id)
        self._column.hide()
        self._column.deleteLater()

    # -- what a person does

    def _press(self, lead_id: str, key: str) -> None:
        self._site.pressed(lead_id, key)

    def _leave(self, lead_id: str, by_person: bool) -> None:
        if card := self._cards.get(lead_id):
            self._put_away[lead_id] = card.toast.loudness
            self._take_out(lead_id)
        if by_person:
            self._site.closed(lead_id)

    def _take_out(self, lead_id: str) -> None:
        if card := self._cards.pop(lead_id, None):
            if card in self._seen:
                self._seen.remove(card)
            card.end()
            self._arrange()

    # -- where things are

    def _arrange(self) -> None:
        """The first in rank on top, then the longest there; what finds no room is counted."""
        first = nsmallest(CARDS, self._cards.values(), key=lambda card: (card.toast.rank, card.number))
        window = self._site.window
        width = min(WIDTH + 2 * SPACE.glow, window.width())
        room = window.height() - SPACE.header - SPACE.foot - self._more.height()
        bottom, before, self._seen = 0, self._seen, []
        for card in first:
            height = card.wanted_height(width)
            # The shadows' room of two cards lies one over the other.
            top = bottom - 2 * SPACE.glow + SPACE.gap if self._seen else 0
            if self._seen and top + height > room:
                break
            card.setGeometry(0, top, width, height)
            card.show()
            self._seen.append(card)
            bottom = top + height
        for card in before:
            if card not in self._seen:
                card.hide()
        more = len(self._cards) - len(self._seen)
        words = self.tr("1 more lead waits") if more == 1 else self.tr("%n more leads wait", "", more)
        self._more.set_words(words)
        self._more.setVisible(more > 0)
        self._more.adjustSize()
        self._more.move(width - SPACE.glow - self._more.width(), bottom - SPACE.glow + SPACE.gap)
        self._column.setVisible(bool(first))
        self._column.resize(width, bottom + (self._more.height() if more else 0))
        # The shadow's room around a card counts as its distance from the edge.
        self._column.move(window.width() - width, SPACE.header - SPACE.glow // 2)
        self._column.raise_()
        self._count_down()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._site.window and self._cards:
            self._arrange()
        return False

    @Slot()
    def _count_down(self) -> None:
        """Write the time left on each card, and wake when the first of them is a second older."""
        waits = [card.count_down(self._site.clock) for card in self._seen]
        coming = [wait for wait in waits if wait is not None]
        if coming:
            self._tick.start(max(15, round(min(coming) * 1000) + 1))
        else:
            self._tick.stop()


def _announce(window: QWidget, toast: Toast) -> None:
    """Have a screen reader say it, at once where it is critical."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(window, f"{toast.headline}\n{toast.body}")
    if toast.urgency == CRITICAL:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
