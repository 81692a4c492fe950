"""A report's table on the screen: an item view that sorts by its heads, painted by ourselves.

Tables, heat maps and funnels are the same view with cells painted differently, so that keys, selection and screen
readers work in each. Enter, Space or a click on a number asks for the leads behind it; a number is underlined under
the pointer where there are some.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.report import Cell, Draw, Segment, Table, Unit
from app.domain.report_words import cell_words, described, rest_words
from app.ui import theme
from app.ui.parts import paint_focus, paint_ground, paint_text
from app.ui.plain import one_line
from app.ui.reports_cells import ROWS, SIDE, paint_cell, paint_rule, scale_of, sizes_of
from app.ui.reports_hover import Hover
from app.ui.theme import TEXT

__all__ = ["TableView"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HEAD = 34
_TALLEST_SQUARE = 60
_EMPTY = Table(key="", title="", columns=(), rows=())
MOST_ROWS = 14
"""A longer table scrolls in its card."""


class _Model(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.table = _EMPTY
        self.order: list[int] = []
        self.sorted_by = -1
        self.downward = True

    def fill(self, table: Table) -> None:
        """Show this one; sorted as before where it has the same columns."""
        same = [c.key for c in table.columns] == [c.key for c in self.table.columns]
        if same and len(table.rows) == len(self.table.rows):
            self.table = table
            self._sort()
            if table.rows:
                last = self.index(len(table.rows) - 1, len(table.columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.table = table
        if not same:
            self.sorted_by = -1
        self._sort()
        self.endResetModel()

    def cell(self, index: Index) -> Cell:
        return self.table.rows[self.order[index.row()]][index.column()]

    def row_name(self, index: Index) -> str:
        row = self.table.rows[self.order[index.row()]]
        return cell_words(self.table.columns[0], row[0])

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self.sorted_by, self.downward = column, order == Qt.SortOrder.DescendingOrder
        self._sort()
        self.layoutChanged.emit()

    def _sort(self) -> None:
        """By value; those without one stay at the end, and equal ones as the report has them."""
        self.order = list(range(len(self.table.rows)))
        if self.sorted_by < 0:
            return
        place, rows = self.sorted_by, self.table.rows
        with_value = [number for number in self.order if rows[number][place].value is not None]
        without = [number for number in self.order if rows[number][place].value is None]

        def key(number: int) -> tuple[bool, float, str]:
            value = rows[number][place].value
            if isinstance(value, str):
                return True, 0.0, value.casefold()
            return False, float(value or 0), ""

        self.order = sorted(with_value, key=key, reverse=self.downward) + without

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column = self.table.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(cell_words(column, self.cell(index)), 200)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row = self.row_name(index) if index.column() else ""
            return one_line(described(column, self.cell(index), row), 300)
        return None

    def headerData(self, section: int, at: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if at != Qt.Orientation.Horizontal or section >= len(self.table.columns):
            return None
        column = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(column.title, 80)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return column.tip
        return None


class _Header(QHeaderView):
    """The titles of the columns; a click sorts by one."""

    def __init__(self, model: _Model, view: TableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._model, self._view = model, view
        self.setSectionsClickable(True)
        self.setMouseTracking(True)
        self.setMinimumSectionSize(20)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEAD)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        look, table = theme.current(), self._model.table
        if section >= len(table.columns):
            return
        painter.save()
        paint_ground(painter, rect, look.card)
        column = table.columns[section]
        inner = rect.adjusted(SIDE, 0, -SIDE, 0)
        text = not section or column.unit is Unit.TEXT
        align = Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignRight
        if table.draw is Draw.HEAT and section:
            inner, align = rect, Qt.AlignmentFlag.AlignHCenter
        elif table.draw is Draw.FUNNEL and section == 1:
            align = Qt.AlignmentFlag.AlignLeft
        words, ink = column.title, look.ink_faint
        if section == self._model.sorted_by:
            words, ink = f"{words} {'▾' if self._model.downward else '▴'}", look.ink
        size = TEXT.caption if table.draw is Draw.HEAT else TEXT.small
        beside = self._view.beside[section] if section < len(self._view.beside) else 0
        if beside and align == Qt.AlignmentFlag.AlignRight:
            inner.setRight(inner.right() - beside)
        paint_text(painter, inner, words, ink, size, 600, align)
        if table.draw is not Draw.HEAT:
            paint_rule(painter, rect, look)
        painter.restore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = self.logicalIndexAt(event.position().toPoint())
        if 0 <= at < len(self._model.table.columns):
            column = self._model.table.columns[at]
            self._view.hover.say(
                self, event.position().toPoint(), (column.title, column.tip) if column.tip else ()
            )

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._view.hover.hide()


class _Cells(QStyledItemDelegate):
    def __init__(self, model: _Model, view: TableView) -> None:
        super().__init__(view)
        self._model, self._view = model, view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, model, view = theme.current(), self._model, self._view
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        heat = model.table.draw is Draw.HEAT
        over = index.row() == view.pointed.row()
        paint_ground(painter, rect, look.hover if over and not heat else look.card)
        cell = model.cell(index)
        place = index.column()
        beside = view.beside[place] if place < len(view.beside) else 0
        paint_cell(painter, rect, model.table, place, cell, look, beside=beside, scale=view.scale)
        if not heat:
            paint_rule(painter, rect, look)
        if cell.behind is not None and view.pointed == index and not heat:
            y = rect.center().y() + 10
            right = rect.right() - SIDE - beside
            painter.setPen(look.link)
            painter.drawLine(max(right - 34, rect.left() + SIDE), y, right, y)
        if state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
            paint_focus(painter, rect.adjusted(1, 1, -1, -2), 4, look.card)


class TableView(QTableView):
    """The view."""

    wanted = Signal(str, object)
    """The leads behind a number are wanted: whose it is, and their `Segment`."""

    def __init__(self, parent: QWidget, hover: Hover) -> None:
        super().__init__(parent)
        self.hover = hover
        self.beside: list[int] = []
        self.scale = (0.0, 1.0)
        self.pointed: Index = QModelIndex()
        self._model = _Model(self)
        self._sizes = sizes_of(_EMPTY)
        self._header = _Header(self._model, self)
        self.setHorizontalHeader(self._header)
        self.setModel(self._model)
        self.setItemDelegate(_Cells(self._model, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self._header.sectionClicked.connect(self.sort_by)
        self.clicked.connect(self._ask)

    @property
    def table(self) -> Table:
        return self._model.table

    def show_table(self, table: Table) -> None:
        """Show this table; the current cell, the scrolled place and the order stay where they can."""
        self._model.fill(table)
        self.setAccessibleName(one_line(table.title, 120))
        self.scale = scale_of(table)
        self._sizes = sizes_of(table)
        if table.draw is not Draw.HEAT:
            self.verticalHeader().setDefaultSectionSize(ROWS.get(table.draw, ROWS[Draw.TABLE]))
        self._fit()
        self.updateGeometry()
        self.viewport().update()

    def texts(self) -> list[list[str]]:
        """What is shown, row by row, as it is written."""
        return [
            [str(self._model.index(row, place).data()) for place in range(self._model.columnCount())]
            for row in range(self._model.rowCount())
        ]

    def sort_by(self, column: int) -> None:
        """Order by a column, numbers downward first; once more turns it round."""
        if self.table.draw is not Draw.TABLE:
            return
        text = self.table.columns[column].unit is Unit.TEXT
        again = column == self._model.sorted_by
        downward = not self._model.downward if again else not text
        self._model.sort(column, Qt.SortOrder.DescendingOrder if downward else Qt.SortOrder.AscendingOrder)

    def sizeHint(self) -> QSize:
        row = self.verticalHeader().defaultSectionSize()
        return QSize(400, _HEAD + max(min(len(self.table.rows), MOST_ROWS), 1) * row + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.viewport().width()
        if self.table.draw is Draw.HEAT and self.table.columns:
            first = min(self._sizes.widths[0], 120)
            rest = max(len(self.table.columns) - 1, 1)
            square = max((room - first) // rest, 26)
            widths = [first, *([square] * rest)]
            tall = min(max(ROWS[Draw.HEAT], square // 3), _TALLEST_SQUARE)
            if tall != self.verticalHeader().defaultSectionSize():
                self.verticalHeader().setDefaultSectionSize(tall)
                self.updateGeometry()
            self.beside = []
        else:
            widths, self.beside = self._sizes.fitted(room)
            if self.table.draw is Draw.FUNNEL and len(widths) > 1:
                spare = sum(widths[2:]) + self._sizes.widths[0]
                others = self._sizes.widths[2:]
                widths = [
                    self._sizes.widths[0],
                    max(room - self._sizes.widths[0] - sum(others), 120),
                    *others,
                ]
                self.beside = [0] * len(widths) if spare > room else []
        for place, width in enumerate(widths):
            self.setColumnWidth(place, width)

    # pointing and asking

    def _ask(self, index: Index) -> None:
        cell = self._model.cell(index)
        if isinstance(cell.behind, Segment):
            column = self.table.columns[index.column()]
            self.wanted.emit(f"{self._model.row_name(index)} · {column.title}", cell.behind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self._ask(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and self.hasFocus():
            self._say(current, self.visualRect(current).center())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = self.indexAt(event.position().toPoint())
        if at != self.pointed:
            self.pointed = at
            self.viewport().update()
        behind = at.isValid() and self._model.cell(at).behind is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if behind else Qt.CursorShape.ArrowCursor)
        if at.isValid():
            self._say(at, event.position().toPoint())
        else:
            self.hover.hide()

    def _say(self, index: Index, at: QPoint) -> None:
        column, cell = self.table.columns[index.column()], self._model.cell(index)
        words = cell_words(column, cell)
        whole = index.column() == 0 and self.fontMetrics().horizontalAdvance(words) > self.columnWidth(0) - 20
        rest = rest_words(column.unit, cell)
        if index.column() and (rest or self.table.draw is Draw.HEAT):
            head = f"{self._model.row_name(index)} · {column.title}"
            self.hover.say(self.viewport(), at, (head, words, rest))
        else:
            self.hover.say(self.viewport(), at, (words,) if whole else ())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed = QModelIndex()
        self.viewport().update()
        self.hover.hide()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.hover.hide()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()  # the page scrolls
