"""Rows of a file as they will be read: each value under what it is, a row that can't be read with its reason."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from app.ui import theme
from app.ui.import_said import said_words
from app.ui.import_table import RowsTable
from app.ui.import_words import target_name
from app.ui.parts import paint_ground, paint_text, text_width
from app.ui.plain import one_line
from app.ui.theme import SPACE, TEXT
from app.workers.preview_rows import RowsRead

__all__ = ["ReadTable"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HEAD = 36
_NARROWEST, _WIDEST, _LINE = 92, 260, 64
_MEASURED = 40


class _Model(QAbstractTableModel):
    """Line, and a column for each target; of a row that can't be read its reason in the second."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._read = RowsRead()
        self._zone = ZoneInfo("UTC")

    def fill(self, read: RowsRead, zone: ZoneInfo) -> None:
        self.beginResetModel()
        self._read, self._zone = read, zone
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._read.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 1 + max(1, len(self._read.targets))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._read.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            if column == 0:
                return f"{row.line:,}"
            if row.why:
                return one_line(row.why) if column == 1 else ""
            said = said_words(self._read.targets[column - 1], row.said[column - 1], self._zone)
            return one_line(said.strip(), 200)
        if role == Qt.ItemDataRole.ForegroundRole:
            look = theme.current()
            return look.ink_faint if column == 0 else look.colour("danger") if row.why else look.ink
        return None

    def headerData(self, section: int, at: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if at != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == 0:
            return self.tr("Line")
        if section <= len(self._read.targets):
            return target_name(self._read.targets[section - 1])
        return self.tr("Why it can't be read")


class _Header(QHeaderView):
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEAD)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        look = theme.current()
        painter.save()
        paint_ground(painter, rect, look.card)
        paint_ground(painter, QRect(rect.left(), rect.bottom(), rect.width(), 1), look.line)
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        spot = rect.adjusted(SPACE.snug, 0, -SPACE.tight, 0)
        paint_text(painter, spot, text, look.ink_soft, TEXT.small, 600)
        painter.restore()


class ReadTable(RowsTable):
    """The table."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.setHorizontalHeader(_Header(Qt.Orientation.Horizontal, self))
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAccessibleName(self.tr("Rows as they will be read"))

    def fill(self, read: RowsRead, zone: ZoneInfo) -> None:
        """Show these rows, their instants in `zone`."""
        self.clearSpans()
        self._model.fill(read, zone)
        columns = self._model.columnCount()
        self.horizontalHeader().setStretchLastSection(not read.targets)
        self.setColumnWidth(0, _LINE)
        for column in range(1, columns):
            texts = [
                str(self._model.data(self._model.index(row, column)) or "")
                for row in range(min(_MEASURED, len(read.rows)))
                if not read.rows[row].why
            ]
            head = str(self._model.headerData(column, Qt.Orientation.Horizontal))
            wide = max((text_width(head, TEXT.small, 600), *map(text_width, texts)))
            self.setColumnWidth(column, min(max(round(wide) + 28, _NARROWEST), _WIDEST))
        for number, row in enumerate(read.rows):
            if row.why and columns > 2:
                self.setSpan(number, 1, 1, columns - 1)
        self.scrollToTop()
