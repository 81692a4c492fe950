"""The sections of the rulebook at the left of its screen, each with a mark when something in it is to be put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import theme
from app.ui.parts import paint_focus, paint_text, text_width
from app.ui.parts_paint import paint_card
from app.ui.theme import RADIUS, SPACE, TEXT

__all__ = ["SECTIONS", "SectionList", "section_name"]

SECTIONS = (
    "score", "tiers", "routes", "hours", "clocks", "escalation", "alerts", "teams", "partners", "order",
    "scorecard",
)  # fmt: skip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HEIGHT = 34
_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


def section_name(section: str) -> str:
    """A section as it is called."""
    tr = QCoreApplication.translate
    return {
        "score": tr("rulebook", "Score"),
        "tiers": tr("rulebook", "Tiers"),
        "routes": tr("rulebook", "Routes"),
        "hours": tr("rulebook", "Hours & holidays"),
        "clocks": tr("rulebook", "Clocks"),
        "escalation": tr("rulebook", "Escalation"),
        "alerts": tr("rulebook", "Alerts"),
        "teams": tr("rulebook", "Teams & territories"),
        "partners": tr("rulebook", "Partners"),
        "order": tr("rulebook", "Queue order"),
        "scorecard": tr("rulebook", "Scorecard"),
    }[section]


class Mark(NamedTuple):
    """A section and how much of it is to be put right, or was changed."""

    section: str
    to_fix: int = 0
    changed: int = 0

    @property
    def words(self) -> str:
        tr = QCoreApplication.translate
        if self.to_fix:
            return tr("rulebook", "{n} to fix").format(n=self.to_fix)
        return tr("rulebook", "{n} changed").format(n=self.changed) if self.changed else ""


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.marks = tuple(Mark(section) for section in SECTIONS)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.marks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        mark = self.marks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return section_name(mark.section)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (section_name(mark.section), mark.words) if part)
        return None

    def set_marks(self, marks: Sequence[Mark]) -> None:
        if tuple(marks) != self.marks:
            self.marks = tuple(marks)
            self.dataChanged.emit(self.index(0), self.index(len(self.marks) - 1))


class _Painter(QStyledItemDelegate):
    def __init__(self, model: _Model, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        mark, look = self._model.marks[index.row()], theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ground = look.card
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            ground = look.halo if chosen else look.hover
            paint_card(painter, rect, ground, ground, RADIUS.control)
        inner = rect.adjusted(SPACE.snug, 0, -SPACE.snug, 0)
        if mark.words:
            shown = mark.words if mark.to_fix else str(mark.changed)
            wide = round(text_width(shown, TEXT.caption, 600)) + 2
            ink = look.danger if mark.to_fix else look.ink_faint
            paint_text(painter, inner, shown, ink, TEXT.caption, 600, Qt.AlignmentFlag.AlignRight)
            inner.setRight(inner.right() - wide - SPACE.small)
        ink = look.link if chosen else look.ink_mid
        paint_text(painter, inner, section_name(mark.section), ink, TEXT.body, 600)
        view = self.parent()
        if chosen and isinstance(view, SectionList) and view.by_keyboard and view.hasFocus():
            paint_focus(painter, rect, RADIUS.control, ground)


class SectionList(QListView):
    """The list."""

    chosen = Signal(str)
    """Another section is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.by_keyboard = False
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self._model, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Sections of the rulebook"))
        self.choose(SECTIONS[0])
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit(self.section))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.by_keyboard = event.reason() in _KEYBOARD
        super().focusInEvent(event)

    @property
    def section(self) -> str:
        return SECTIONS[max(self.currentIndex().row(), 0)]

    @property
    def marks(self) -> tuple[str, ...]:
        """What stands at the right of each section."""
        return tuple(mark.words for mark in self._model.marks)

    def choose(self, section: str) -> None:
        self.setCurrentIndex(self._model.index(SECTIONS.index(section)))

    def set_marks(self, to_fix: dict[str, int], changed: dict[str, int]) -> None:
        """How many sentences there are about each section, and how many changes."""
        self._model.set_marks(
            [Mark(section, to_fix.get(section, 0), changed.get(section, 0)) for section in SECTIONS]
        )
