"""The live list of the queue: a list view for selection and screen readers, laid out and painted by
ourselves.

Qt's own list lays all rows out again at every insert (51 ms at 10,000 rows) and its tables ask Python for
each cell. This view keeps what is good about them, the selection model and the accessible list, and replaces
the geometry by arithmetic, so that no cost depends on how many leads wait. A tick repaints the visible part
of the countdown column and nothing else.

Row 0 is not painted while the hero above shows that lead; it stays in the model, so that the arrow keys and a
screen reader reach it. Nothing moves under the pointer: while it is over a lead, that lead keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from app.clock import Clock
from app.floor.queue import Moves, Queue
from app.ui.queue_cards import Scene, paint_cards
from app.ui.queue_groups import FOOT, HEAD, Groups
from app.ui.queue_model import Index, QueueModel
from app.ui.queue_rows import CLOCK_LEFT, CLOCK_WIDTH, Row, RowPainter, columns_for
from app.ui.theme import SPACE
from app.ui.wording import time_of_day

__all__ = ["QueueList"]

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_NOWHERE = QPoint(-1, -1)
_CHOOSE = QItemSelectionModel.SelectionFlag.ClearAndSelect


class QueueList(QListView):
    """The list. It tells which lead is chosen by id, and keeps to that lead when rows move."""

    chosen = Signal(str)
    """The person chose this lead."""
    opened = Signal(str)
    """Enter or a double click on this lead."""
    menu_wanted = Signal(QPoint)
    """A context menu for the chosen lead is wanted at this place on the screen."""

    def __init__(self, queue: Queue, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue, self._clock = queue, clock
        self.rows = QueueModel(queue, clock, self)
        self.painter = RowPainter(queue.place_of)
        self._columns = columns_for(600)
        self.groups = Groups()
        self._heroic = False
        self._pointer, self._hovered = _NOWHERE, -1
        self._settling = False
        self._held = False
        self._wanted = ""
        self._live, self._ringed = True, False
        self.setModel(self.rows)
        self.setAccessibleName(self.tr("Queue"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAutoScroll(False)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.id_at(index.row())))
        self.activated.connect(lambda index: self.opened.emit(self.rows.id_at(index.row())))
        self._lay_out()

    # -- what the screen says to it

    @property
    def chosen_id(self) -> str:
        """The lead that is chosen; empty when none is."""
        return self._wanted

    def follow(self, moves: Moves, heroic: bool) -> None:
        """The queue has moved. `heroic` says that row 0 is shown above the list and not in it."""
        anchor = self._anchor()
        self._settling = True
        self.rows.apply(moves)
        self._heroic = heroic
        self._lay_out()
        row = self.rows.row_of(self._wanted) if self._wanted else -1
        self._set_current(row)
        self._settling = False
        self._restore(anchor)
        self._hover()
        self.viewport().update()

    def choose(self, lead_id: str, *, show: bool = True) -> None:
        """Make this lead the chosen one, without telling `chosen`."""
        self._wanted = lead_id
        row = self.rows.row_of(lead_id) if lead_id else -1
        self._settling = True
        self._set_current(row)
        self._settling = False
        if show and row >= 0:
            self.scrollTo(self.rows.index(row))
        self.viewport().update()

    def step(self, by: int) -> str:
        """Choose the lead so many rows further down; answers its id, empty when there is none."""
        if not self.rows.ids:
            return ""
        row = self.rows.row_of(self._wanted)
        target = 0 if row < 0 else max(0, min(row + by, len(self.rows.ids) - 1))
        self._go(target)
        return self._wanted

    def set_live(self, live: bool) -> None:
        """Whether the floor's time is known; while it is not, the countdowns are grey."""
        self._live = live
        self.viewport().update()

    def tick(self) -> None:
        """A second has passed: the countdowns that are in sight change."""
        margin = SPACE.page
        self.viewport().update(margin + CLOCK_LEFT, 0, CLOCK_WIDTH, self.viewport().height())

    # -- selection

    def _set_current(self, row: int) -> None:
        model = self.selectionModel()
        if row < 0:
            model.clear()
        elif self.currentIndex().row() != row or not model.hasSelection():
            model.setCurrentIndex(self.rows.index(row), _CHOOSE)

    def _go(self, row: int) -> None:
        self.selectionModel().setCurrentIndex(self.rows.index(row), _CHOOSE)
        self.scrollTo(self.rows.index(row))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self._settling or not current.isValid():
            return
        self._wanted = self.rows.id_at(current.row())
        self.viewport().update()
        self.chosen.emit(self._wanted)

    # -- geometry: arithmetic, whatever the number of rows

    def _lay_out(self) -> None:
        count = len(self.rows.ids)
        split = min(self._queue.split, count)
        start = 1 if self._heroic and split else 0
        order = self.tr("Promises, then first calls, then retries")
        groups = Groups()
        groups.add(self.tr("Call now · {count}").format(count=split), order, start, split - start)
        waiting = self.tr("Waiting · {count}").format(count=count - split)
        groups.add(waiting, self._next_words(split), split, count - split)
        self.groups = groups
        self.updateGeometries()

    def _next_words(self, row: int) -> str:
        lead_id = self.rows.id_at(row)
        until = self._queue.place_of(lead_id).until if lead_id in self._queue else None
        return self.tr("next at {time}").format(time=time_of_day(until)) if until else ""

    @property
    def _card_width(self) -> int:
        return max(self.width() - 2 * SPACE.page, 60)

    def updateGeometries(self) -> None:
        bar = self.verticalScrollBar()
        bar.setSingleStep(SPACE.row)
        bar.setPageStep(max(self.viewport().height() - HEAD, SPACE.row))
        if not self._held:
            bar.setRange(0, max(0, self.groups.height - self.viewport().height()))
        if self._columns.width != self._card_width:
            self._columns = columns_for(self._card_width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.updateGeometries()

    def doItemsLayout(self) -> None:
        self._lay_out()

    def visualRect(self, index: Index) -> QRect:
        y = self.groups.y_of(index.row()) if index.isValid() else None
        if y is None:
            return QRect()
        return QRect(SPACE.page, y - self.verticalOffset(), self._card_width, SPACE.row)

    def indexAt(self, point: QPoint) -> QModelIndex:
        if not SPACE.page <= point.x() < SPACE.page + self._card_width:
            return QModelIndex()
        row = self.groups.row_at(point.y() + self.verticalOffset())
        return self.rows.index(row) if row >= 0 else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        y = self.groups.y_of(index.row()) if index.isValid() else None
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if y is None:
            if index.isValid():
                bar.setValue(bar.minimum())
            return
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(y - (height - SPACE.row) // 2)
        elif y - HEAD < bar.value():
            bar.setValue(y - HEAD)
        elif y + SPACE.row + FOOT > bar.value() + height:
            bar.setValue(y + SPACE.row + FOOT - height)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        count = len(self.rows.ids)
        if not count:
            return QModelIndex()
        row = max(self.currentIndex().row(), 0)
        page = max(self.viewport().height() // SPACE.row - 1, 1)
        actions = QAbstractItemView.CursorAction
        target = {
            actions.MoveUp: row - 1,
            actions.MovePrevious: row - 1,
            actions.MoveDown: row + 1,
            actions.MoveNext: row + 1,
            actions.MoveHome: 0,
            actions.MoveEnd: count - 1,
            actions.MovePageUp: row - page,
            actions.MovePageDown: row + page,
        }.get(action, row)
        return self.rows.index(max(0, min(target, count - 1)))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        self.selectionModel().select(self.indexAt(rect.center()), command)

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion(self.visualRect(self.currentIndex()))

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        if not self._settling:
            self._lay_out()
            self.viewport().update()

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)

    def dataChanged(self, top: Index, bottom: Index, roles: Iterable[int] = ()) -> None:
        if not self._settling:
            self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        # Qt moves what is painted already, so that a step of the wheel paints only the rows that come in.
        self.viewport().scroll(0, dy)
        self._hover()

    def keyboardSearch(self, search: str) -> None:
        """Letters are the desk's keys; the palette searches."""

    # -- nothing moves under the pointer

    def _anchor(self) -> tuple[str, int] | None:
        """The lead that must not move on the screen, and where it is: the one under the pointer, else the top
        one in sight once the person has scrolled."""
        row = self._hovered
        if row < 0 and self.verticalOffset() > 0 and not self._held:
            row = self.groups.row_at(self.verticalOffset() + HEAD)
        y = self.groups.y_of(row) if row >= 0 else None
        return None if y is None else (self.rows.id_at(row), y - self.verticalOffset())

    def _restore(self, anchor: tuple[str, int] | None) -> None:
        row = self.rows.row_of(anchor[0]) if anchor else -1
        y = self.groups.y_of(row) if row >= 0 else None
        if anchor is None or y is None:
            return
        bar, value = self.verticalScrollBar(), y - anchor[1]
        if not bar.minimum() <= value <= bar.maximum():
            # Only for as long as the pointer is there: `leaveEvent` gives the range back.
            self._held = True
            bar.setRange(min(bar.minimum(), value), max(bar.maximum(), value))
        bar.setValue(value)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = _NOWHERE
        self._hover()
        if self._held:
            self._held = False
            self.updateGeometries()

    def _hover(self) -> None:
        """See which row is under the pointer now."""
        row = self.indexAt(self._pointer).row()
        if row != self._hovered:
            for changed in (self._hovered, row):
                if changed >= 0:
                    self.viewport().update(self.visualRect(self.rows.index(changed)))
            self._hovered = row
            self._queue.hold(row >= 0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position().toPoint()
        self._hover()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self._go(index.row())
        if self._wanted:
            self.menu_wanted.emit(event.globalPos())

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        scene = Scene(
            groups=self.groups,
            row=self.shaped,
            left=SPACE.page,
            width=self._card_width,
            offset=self.verticalOffset(),
            chosen=self.currentIndex().row(),
            hovered=self._hovered,
            ringed=self._ringed,
            now=self._clock.now(),
            live=self._live,
            ratio=self.devicePixelRatioF(),
        )
        paint_cards(QPainter(self.viewport()), event.rect(), scene, self.painter)

    def shaped(self, row: int) -> Row:
        """The cells of a row, ready to be drawn."""
        return self.painter.row(self._queue.lead_of(self.rows.ids[row]), self._columns)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ringed = event.reason() in _BY_KEY
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ringed = False
        self.viewport().update()
