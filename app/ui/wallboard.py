"""The wallboard: one surface that paints itself, and of that only what has changed.

It is told of the floor by a `WallFeed` and of the second by whoever shows it. Its rows can be gone through with the
arrow keys and asked for their menu by the menu key or a right click; the words of the row are its accessible
description.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from app.domain.errors import AppError
from app.domain.events import ClockBreached
from app.domain.sla import ClockKind
from app.domain.wall import WallDay
from app.floor.board import Changes
from app.floor.floor import Link
from app.floor.wall import Wall
from app.floor.wall_face import Face
from app.ui import theme
from app.ui.context import Context
from app.ui.wallboard_cells import cells_of, leads_first, reps_fit
from app.ui.wallboard_paint import paint_cell
from app.ui.wallboard_plan import Cell, Do, Kept, Plan, Show

__all__ = ["PAGES", "WallFeed", "Wallboard"]

PAGES = ("board", "reps", "hours")
FRAME_MS = 16
"""Between two paintings that the floor asks for."""
AGAIN_MS = 10_000
"""Before the day's figures are asked for again when they could not be given."""
_TOO_LONG_MS = 5_000
"""What took longer was not shown as it happened: a desk that catches up."""


class WallFeed(QWidget):
    """The wall of this desk: follows the board and has the day answered. Has no face of its own."""

    changed = Signal()
    breached = Signal()
    """A first-attempt clock was missed just now."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._context = context
        self.wall = Wall(context.board)
        self.lag_ms: int | None = None
        """From the last event to this desk."""
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.ask)
        context.board_changed.connect(self._follow)
        context.link_changed.connect(self._linked)
        self.ask()

    @Slot(object)
    def _follow(self, changes: Changes) -> None:
        self.wall.follow(changes)
        if changes.entries and not changes.snapshot:
            now = self._context.now()
            lag = round((now - changes.entries[-1].at).total_seconds() * 1000)
            self.lag_ms = lag if 0 <= lag < _TOO_LONG_MS else None
            if any(
                isinstance(entry.event, ClockBreached) and entry.event.clock == ClockKind.FIRST_ATTEMPT.value
                for entry in changes.entries
            ):
                self.breached.emit()
        if changes.snapshot or changes.rulebook is not None:
            self.ask()
        self.changed.emit()

    @Slot(bool)
    def _linked(self, live: bool) -> None:
        if live:
            self.ask()
        self.changed.emit()

    @Slot()
    def ask(self) -> None:
        """Have the day answered, if it has to be."""
        now = self._context.now()
        if self._context.board.cursor >= 0 and self.wall.needs(now):
            self._context.relay.ask(self.wall.question(now), self._take, self._failed, owner=self)

    def _take(self, day: WallDay) -> None:
        self.wall.take(day)
        self.changed.emit()
        self.ask()  # a snapshot may have come in between

    def _failed(self, _error: AppError) -> None:
        self.wall.forget_question()
        self._again.start(AGAIN_MS)

    @property
    def live_words(self) -> str:
        """How this desk stands to its floor, for the foot of the board."""
        if self._context.link is Link.AWAY:
            return self.tr("the floor is away: this is how it stood")
        if self._context.link is not Link.LIVE:
            return self.tr("catching up")
        return self.tr("live · {n} ms").format(n=self.lag_ms) if self.lag_ms is not None else self.tr("live")


class Wallboard(QWidget):
    """The surface."""

    menu_wanted = Signal(object, QPoint)
    """A row's menu was asked for: its `Do`, and where on the screen."""

    def __init__(self, feed: WallFeed, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Wallboard"))
        self.setMinimumSize(480, 270)
        self._feed, self._context = feed, context
        self.hidden_names = False
        self.turns = "auto"
        """Whether the pages turn: "on", "off", or where not everybody fits on the first: "auto"."""
        self.page = PAGES[0]
        self.shown: Callable[[], object] | None = None
        """Called when all that was heard is on the board; a measurement sets it."""
        self._face: Face | None = None
        self._plan = Plan(WIDTH, HEIGHT)
        self._cells: list[Cell] = []
        self._kept: dict[str, Kept] = {}
        self.rows: list[Do] = []
        """What can be chosen, in the order of the keyboard."""
        self.chosen = ""
        """The lead or rep whose row the keyboard is on."""
        self._live = ""
        self._live_of: tuple[datetime, Link] | None = None
        """The second and the link of which `_live` tells."""
        self._soon = QTimer(self, singleShot=True)
        self._soon.setTimerType(Qt.TimerType.PreciseTimer)
        self._soon.timeout.connect(self._refresh)
        self._rest = QTimer(self, singleShot=True)
        self._rest.setInterval(FRAME_MS)
        feed.changed.connect(self._changed)
        theme.changed.connect(self._dressed)

    # -- when it is looked at anew

    @Slot()
    def _changed(self) -> None:
        """The floor moved: paint in this frame, or in the next one if this one was painted already."""
        self._face = None
        if self.isVisible() and not self._soon.isActive():
            self._soon.start(max(self._rest.remainingTime(), 0) if self._rest.isActive() else 0)

    def tick(self, now: datetime) -> None:
        """A second of the floor's time has passed."""
        self._feed.ask()
        if self.isVisible():
            self._refresh()

    @Slot()
    def refresh(self) -> None:
        """Something about how it is to be shown was changed."""
        self._refresh()

    @Slot(object)
    def _dressed(self, _look: object) -> None:
        self.update()

    @Slot()
    def _refresh(self) -> None:
        if self._face is None:
            self._face = self._feed.wall.face()
        now = self._context.now()
        live_of = now.replace(microsecond=0), self._context.link
        if live_of != self._live_of:  # a number that changed with every event could not be read
            self._live_of, self._live = live_of, self._feed.live_words
        show = Show(
            now=now,
            page=self.page,
            hidden=self.hidden_names,
            live=self._live,
            is_live=self._context.live,
            chosen=self.chosen if self.hasFocus() else "",
        )
        cells, rows = cells_of(self._face, show, self._plan, self._kept)
        before, self._cells = self._cells, cells
        self.rows = list(leads_first(rows))
        changed = _changed_region(before, cells)
        self._describe()
        if not changed.isEmpty():
            self.update(changed)
            self._rest.start()
        elif self.shown is not None:  # it is about somebody further down, or says nothing new
            self.shown()

    @property
    def turns_now(self) -> bool:
        """Whether the pages are to turn by themselves."""
        if self.turns == "auto":
            return self._face is not None and not reps_fit(self._face, self._plan)
        return self.turns == "on"

    def turn(self, by: int = 1) -> None:
        """Show the next page, or the one before."""
        self.page = PAGES[(PAGES.index(self.page) + by) % len(PAGES)]
        self._cells = []
        self._refresh()
        self.update()

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._plan = Plan(self.width(), self.height())
        self._cells = []
        self._refresh()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._face = None
        self._cells = []
        self._refresh()
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, unit, faded = theme.current(), self._plan.unit, not self._context.live
        region = event.region()
        around = event.rect()
        painter.fillRect(around, look.paper)
        for cell in self._cells:
            if around.intersects(cell.rect) and region.intersects(cell.rect):
                paint_cell(painter, cell, unit, faded=faded)
        painter.end()
        if self.shown is not None:
            self.shown()

    # -- by hand

    def _at(self, point: QPoint) -> Do | None:
        return next((row for row in self.rows if row.rect.contains(point)), None)

    def choose(self, key: str) -> None:
        """Put the keyboard on a row: its lead or rep."""
        self.chosen = key
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = [row.lead_id or row.rep_id for row in self.rows]
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.turn(1 if event.key() == Qt.Key.Key_Right else -1)
        elif step and keys:
            here = keys.index(self.chosen) if self.chosen in keys else -1 if step > 0 else 0
            self.choose(keys[(here + step) % len(keys)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu):
            self._menu_of_chosen()
        else:
            super().keyPressEvent(event)

    def _menu_of_chosen(self) -> None:
        row = next(
            (row for row in self.rows if self.chosen and self.chosen in (row.lead_id, row.rep_id)), None
        )
        if row is not None:
            self.menu_wanted.emit(row, self.mapToGlobal(row.rect.center()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().toPoint())
        if row is not None:
            self.choose(row.lead_id or row.rep_id)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._menu_of_chosen()
            return
        row = self._at(event.pos())
        if row is not None:
            self.choose(row.lead_id or row.rep_id)
            self.menu_wanted.emit(row, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.ParentChange):
            self._cells = []

    def _describe(self) -> None:
        """What a screen reader is told: the chosen row, else the row that is most urgent."""
        if not self.rows:
            return
        row = next((row for row in self.rows if self.chosen in (row.lead_id, row.rep_id)), self.rows[0])
        if self.accessibleDescription() != row.name and (self.hasFocus() or not self.accessibleDescription()):
            self.setAccessibleDescription(row.name)


WIDTH, HEIGHT = 1456, 819


def _changed_region(before: list[Cell], after: list[Cell]) -> QRegion:
    """What has to be painted again."""
    changed = QRegion()
    if len(before) == len(after):
        for was, cell in zip(before, after, strict=True):
            if was is not cell and was != cell:
                changed += was.rect
                if was.rect != cell.rect:
                    changed += cell.rect
        return changed
    rest: dict[tuple[int, int, int, int], list[Cell]] = {}
    for cell in before:
        rest.setdefault(_key(cell.rect), []).append(cell)
    for cell in after:
        same = rest.get(_key(cell.rect), [])
        if cell in same:
            same.remove(cell)
        else:
            changed += cell.rect
    for cells in rest.values():
        for cell in cells:
            changed += cell.rect
    return changed


def _key(rect: QRect) -> tuple[int, int, int, int]:
    return rect.x(), rect.y(), rect.width(), rect.height()
