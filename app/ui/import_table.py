"""The preview of a file: its first rows under a header in which every column has its target, to be picked.

The header paints two lines for a column, what the file calls it and what it is taken for; a click on it,
or Enter while a cell of the column is current, opens the targets as a menu. So a table of a hundred
columns costs no more widgets than one of three.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.mapping import Mapping, Target
from app.ui import icons, theme
from app.ui.import_words import groups, target_name
from app.ui.parts import paint_card, paint_focus, paint_ground, paint_text, text_width
from app.ui.plain import drawn, one_line
from app.ui.theme import RADIUS, SPACE, TEXT

__all__ = ["ColumnTable", "RowsTable"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW = 34
_HEAD = 76
_PICK = 28
_NARROWEST, _WIDEST = 132, 260


class _Model(QAbstractTableModel):
    """The first rows of a file, every text on one line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mapping = Mapping(columns=())
        self._rows: Sequence[Sequence[str]] = ()

    def fill(self, mapping: Mapping, rows: Sequence[Sequence[str]]) -> None:
        self.beginResetModel()
        self.mapping, self._rows = mapping, rows
        self.endResetModel()

    def aim(self, mapping: Mapping) -> None:
        """Other targets for the same columns."""
        self.mapping = mapping
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(mapping.columns) - 1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.mapping.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self._rows[index.row()][index.column()].strip(), 200)
        if role == Qt.ItemDataRole.ForegroundRole:
            is_out = self.mapping.columns[index.column()][1] == Target.OUT
            return theme.current().ink_faint if is_out else theme.current().ink
        return None

    def headerData(self, section: int, at: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if at != Qt.Orientation.Horizontal or role not in texts or section >= len(self.mapping.columns):
            return None
        name, target = self.mapping.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(name, 120)
        return self.tr("{column}: {target}").format(column=one_line(name, 120), target=target_name(target))


class _Header(QHeaderView):
    """What the file calls a column, above a field with what it is taken for."""

    picked = Signal(int)
    """The field of a column was pressed."""

    def __init__(self, model: _Model, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self._hovered = -1
        self.current = -1
        self.setSectionsClickable(True)
        self.setMouseTracking(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumSectionSize(80)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEAD)

    def field(self, section: int) -> QRect:
        """Where the field of a column is, in the header's viewport."""
        left, width = self.sectionViewportPosition(section), self.sectionSize(section)
        return QRect(left + SPACE.tight, _HEAD - _PICK - SPACE.gap, width - SPACE.gap, _PICK)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        look = theme.current()
        name, target = self._model.mapping.columns[section]
        painter.save()
        paint_ground(painter, rect, look.card)
        paint_ground(painter, QRect(rect.left(), rect.bottom(), rect.width(), 1), look.line)
        is_kept = target not in (Target.ANSWER, Target.OUT)
        above = QRect(rect.left() + SPACE.snug, rect.top() + SPACE.gap, rect.width() - SPACE.pad, 24)
        paint_text(painter, above, name, look.ink if is_kept else look.ink_soft, TEXT.small, 600)
        field = self.field(section)
        hovered = section == self._hovered
        ground = look.select_tint if is_kept else look.hover if hovered else look.field
        frame = look.select if is_kept and hovered else look.field_line
        paint_card(painter, field, ground, frame, RADIUS.control)
        words = field.adjusted(SPACE.gap, 0, -SPACE.page, 0)
        ink = look.link if is_kept else look.ink_soft if target == Target.ANSWER else look.ink_faint
        paint_text(painter, words, target_name(target), ink, TEXT.small, 600 if is_kept else 400)
        icons.paint(painter, QRect(field.right() - 20, field.center().y() - 6, 14, 14), "arrow", ink)
        if section == self.current:
            paint_focus(painter, field, RADIUS.control, look.card)
        painter.restore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.logicalIndexAt(event.position().toPoint())
        over = at if at >= 0 and self.field(at).contains(event.position().toPoint()) else -1
        if over != self._hovered:
            self._hovered = over
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if over >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()
        if over < 0:
            super().mouseMoveEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.logicalIndexAt(event.position().toPoint())
        if at >= 0 and self.field(at).contains(event.position().toPoint()):
            self.picked.emit(at)
        else:
            super().mousePressEvent(event)


class Cells(QStyledItemDelegate):
    """Paints a cell: one line of text below the column's name, and a hair line below it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.current()
        rect: QRect = option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, rect, look.select_tint if is_chosen else look.card)
        paint_ground(painter, QRect(rect.left(), rect.bottom(), rect.width(), 1), look.line)
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        text = rect.adjusted(SPACE.snug, 0, -SPACE.tight, 0)
        paint_text(painter, text, index.data(Qt.ItemDataRole.DisplayRole), ink)


class RowsTable(QTableView):
    """Rows of a file, to be looked at and not to be typed into."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.verticalHeader().hide()
        self.setItemDelegate(Cells(self))
        self.setCornerWidget(QWidget(self))


class ColumnTable(RowsTable):
    """The table with its pickers."""

    aimed = Signal(object)
    """A person picked a target; the `Mapping` as it is now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.menu: QMenu | None = None
        self._header = _Header(self._model, self)
        self.setHorizontalHeader(self._header)
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self.setAccessibleName(self.tr("First rows of the file; Enter picks what a column is"))
        self._header.picked.connect(self.open_menu)

    def fill(self, mapping: Mapping, rows: Sequence[Sequence[str]]) -> None:
        """Show a file's first rows."""
        self._model.fill(mapping, rows)
        for section, (name, target) in enumerate(mapping.columns):
            wide = max(
                text_width(one_line(name, 60), TEXT.small, 600),
                text_width(target_name(target), TEXT.small, 600) + 18,
                *(text_width(one_line(row[section], 40)) for row in rows[:12]),
            )
            self.setColumnWidth(section, min(max(round(wide) + 34, _NARROWEST), _WIDEST))
        self.scrollToTop()
        self.horizontalScrollBar().setValue(0)

    def aim(self, mapping: Mapping) -> None:
        """Show other targets."""
        self._model.aim(mapping)

    def open_menu(self, section: int) -> None:
        """Offer the targets for a column."""
        header, chosen = self._model.mapping.columns[section]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, (heading, targets) in enumerate(groups(self._model.mapping.kind)):
            if not heading and number:
                menu.addSeparator()
            into = menu.addMenu(heading) if heading else menu
            for target in targets:
                act = into.addAction(drawn(target_name(target)))
                act.setCheckable(True)
                act.setChecked(target == chosen)
                act.setData(target)
            if heading and chosen in targets:
                into.menuAction().setText(f"{heading}: {drawn(target_name(chosen))}")
        menu.triggered.connect(lambda act: self._picked(header, Target(act.data())))
        menu.destroyed.connect(self._menu_gone)
        self.menu = menu
        field = self._header.field(section)
        menu.popup(self._header.viewport().mapToGlobal(QPoint(field.left(), field.bottom() + 2)))

    def _menu_gone(self) -> None:
        self.menu = None

    def _picked(self, header: str, target: Target) -> None:
        mapping = self._model.mapping.changed(header, target)
        self._model.aim(mapping)
        self.viewport().update()
        self.aimed.emit(mapping)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_F2)
        if event.key() in keys and self.currentIndex().isValid():
            self.open_menu(self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._header.current = current.column() if self.hasFocus() else -1
        self._header.viewport().update()

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.currentIndex().isValid() and self._model.columnCount():
            self.setCurrentIndex(self._model.index(0, 0))
        self._header.current = self.currentIndex().column()
        self._header.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._header.current = -1
        self._header.viewport().update()
