"""The queue's rows as Qt wants them.

The model holds its own copy of the queue's order, because Qt wants to be told of a change while it happens
and the queue has made it already. A row's words are asked of the queue when somebody asks for them: a screen
reader, since the list paints itself.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.clock import Clock
from app.floor.queue import Moves, Queue
from app.ui.queue_rows import spoken
from app.ui.wording import who

__all__ = ["Index", "QueueModel"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MANY_MOVES = 64
"""From so many single moves on, starting afresh is cheaper."""


class QueueModel(QAbstractListModel):
    """The queue's rows as Qt wants them; a row is read from the queue when it is asked for."""

    def __init__(self, queue: Queue, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue, self._clock = queue, clock
        self.ids: list[str] = list(queue.rows)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid() or index.row() >= len(self.ids):
            return None
        lead_id = self.ids[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return who(self._queue.lead_of(lead_id)) if lead_id in self._queue else ""
        if role == Qt.ItemDataRole.AccessibleTextRole and lead_id in self._queue:
            return spoken(self._queue.lead_of(lead_id), self._queue.place_of(lead_id), self._clock.now())
        return None

    def id_at(self, row: int) -> str:
        """The lead of a row; empty where there is none."""
        return self.ids[row] if 0 <= row < len(self.ids) else ""

    def row_of(self, lead_id: str) -> int:
        """The row of a lead; -1 when it is not in the queue."""
        return self._queue.row_of(lead_id) if lead_id in self._queue else -1

    def apply(self, moves: Moves) -> None:
        """Follow the queue, which has made these moves already."""
        if moves.reset or len(moves.removed_rows) + len(moves.inserted_rows) > _MANY_MOVES:
            self.beginResetModel()
            self.ids = list(self._queue.rows)
            self.endResetModel()
            return
        for row in moves.removed_rows:
            self.beginRemoveRows(_ROOT, row, row)
            del self.ids[row]
            self.endRemoveRows()
        for row in moves.inserted_rows:
            self.beginInsertRows(_ROOT, row, row)
            self.ids.insert(row, self._queue.rows[row])
            self.endInsertRows()
        for row in moves.changed_rows:
            index = self.index(row)
            self.dataChanged.emit(index, index)
