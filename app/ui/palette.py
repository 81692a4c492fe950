"""Ctrl+K: one field that finds every action and every lead, used by the keyboard alone.

Actions are ranked as one types: a cheap ranking of our own by beginnings of words answers each key at once.
When the typing rests for a moment the leads are asked for, and rapidfuzz, loaded then for the first time,
ranks again so that a slip of the finger still finds what was meant. Both happen after the key was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui import actions, theme
from app.ui.parts_overlay import Overlay
from app.ui.parts_paint import CAP_HEIGHT, keycap_width, paint_ground, paint_keycap, paint_text
from app.ui.plain import PlainLabel, one_line
from app.ui.theme import RADIUS, SPACE, TEXT

__all__ = ["Hit", "Palette", "rank", "score_cheap"]

_ROW = 40
_MOST = 60
_REST = 90
"""Milliseconds without a key before the leads are asked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: a lead, or an action as the palette shows it."""

    title: str
    subtitle: str
    run: Callable[[], object]
    keys: str = ""
    words: str = ""


Score = Callable[[str, str], float]


def score_cheap(typed: str, text: str) -> float:
    """0 to 100: how well each typed word begins a word of `text`, earlier words counting a little more."""
    words = text.casefold().split()
    total = 0.0
    parts = typed.casefold().split()
    for part in parts:
        best = 0.0
        for place, word in enumerate(words):
            if word.startswith(part):
                best = max(best, 100.0 - 2 * place - (0.0 if word == part else 5.0))
            elif part in word:
                best = max(best, 60.0 - place)
        if not best:
            return 0.0
        total += best
    return total / len(parts) if parts else 0.0


def _fuzzy() -> Score:
    from rapidfuzz import fuzz

    return lambda typed, text: max(
        score_cheap(typed, text), 0.9 * fuzz.WRatio(typed.casefold(), text.casefold())
    )


def rank(typed: str, hits: Sequence[Hit], score: Score = score_cheap, least: float = 55.0) -> list[Hit]:
    """The hits that fit what was typed, best first; all of them, in their order, when nothing was."""
    if not typed.strip():
        return list(hits)
    scored = [
        (score(typed, f"{hit.title} {hit.words}".strip()), -place, hit) for place, hit in enumerate(hits)
    ]
    scored.sort(key=lambda entry: entry[:2], reverse=True)
    return [hit for value, _, hit in scored if value >= least]


class _Found(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def show(self, hits: list[Hit]) -> None:
        self.beginResetModel()
        self.hits = hits[:_MOST]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.hits)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if not index.isValid() or index.row() >= len(self.hits):
            return None
        hit = self.hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(hit.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (one_line(hit.title), one_line(hit.subtitle), hit.keys) if part)
        return None


class _Row(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, _Found):
            return
        hit = model.hits[index.row()]
        look = theme.current()
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.select_tint if not look.dark else look.halo)
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), RADIUS.control, RADIUS.control)
            paint_ground(painter, QRect(rect.x(), rect.y() + 8, 3, rect.height() - 16), look.select)
        x, right = rect.x() + 14, rect.right() - 10
        if hit.keys:
            for cap in reversed(actions.caps(hit.keys)):
                wide = keycap_width(cap)
                right -= wide
                paint_keycap(
                    painter, QRect(right, rect.y() + (_ROW - CAP_HEIGHT) // 2, wide, CAP_HEIGHT), cap
                )
                right -= 4
        room = max(20, right - 8 - x)
        title = paint_text(painter, QRect(x, rect.y(), room, _ROW), hit.title, look.ink, TEXT.strong, 500)
        x += round(title) + 10
        room = right - 8 - x
        if hit.subtitle and room > 40:
            paint_text(painter, QRect(x, rect.y(), room, _ROW), hit.subtitle, look.ink_soft, TEXT.body)


class Palette(Overlay):
    """The palette over the window. `search` finds leads for a text; it is called only when the typing
    rests."""

    def __init__(self, parent: QWidget, search: Callable[[str], Sequence[Hit]] | None = None) -> None:
        super().__init__(parent, QCoreApplication.translate("Palette", "Search leads and actions"), 640)
        self._search = search
        self._score: Score = score_cheap
        self._leads: list[Hit] = []
        self._actions = [
            Hit(
                action.title,
                actions.refusal(action) or action.group,
                self._runner(action.id),
                action.keys[0] if action.keys else "",
                action.words,
            )
            for action in actions.visible()
            if action.listed and action.enabled()
        ]
        self.field = QLineEdit(self.panel)
        self.field.setPlaceholderText(self.tr("Search leads, actions…"))
        self.field.setAccessibleName(self.tr("Search leads and actions"))
        self.field.setMaxLength(200)
        self.field.setFont(theme.font(TEXT.title))
        self.field.setMinimumHeight(34)
        self.field.textEdited.connect(self._typed)
        self.field.installEventFilter(self)
        self.list = QListView(self.panel)
        self.list.setAccessibleName(self.tr("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._found = _Found(self)
        self.list.setModel(self._found)
        self.list.setItemDelegate(_Row(self.list))
        self.list.clicked.connect(lambda index: self._take(index.row()))
        self._nothing = PlainLabel(
            self.tr("Nothing found"), self.panel, ink="ink_soft", align=Qt.AlignmentFlag.AlignHCenter
        )
        self._nothing.setMinimumHeight(_ROW)
        self.inside.setContentsMargins(SPACE.snug, SPACE.snug, SPACE.snug, SPACE.snug)
        self.inside.setSpacing(SPACE.small)
        self.inside.addWidget(self.field)
        self.inside.addWidget(self.list, 1)
        self.inside.addWidget(self._nothing)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._rested)
        self._refresh()

    @staticmethod
    def _runner(id: str) -> Callable[[], object]:
        return lambda: actions.run(id)

    def first(self) -> QWidget:
        return self.field

    def titles(self) -> list[str]:
        """What is listed now, top first."""
        return [hit.title for hit in self._found.hits]

    def wanted_height(self, most: int) -> int:
        rows = max(1, min(len(self._found.hits), 9))
        return min(rows * _ROW + self.field.sizeHint().height() + 2 * SPACE.snug + SPACE.small, most)

    def _typed(self) -> None:
        self._leads = []
        self._refresh()
        if self.field.text().strip():
            self._rest.start()
        else:
            self._rest.stop()

    def _rested(self) -> None:
        typed = self.field.text().strip()
        if not typed or self.isHidden():
            return
        if self._score is score_cheap:
            self._score = _fuzzy()
        if self._search is not None:
            self._leads = list(self._search(typed))[:_MOST]
        self._refresh()

    def _refresh(self) -> None:
        now = self.list.currentIndex().row()
        kept = self._found.hits[now] if 0 <= now < len(self._found.hits) else None
        hits = rank(self.field.text(), self._actions, self._score) + self._leads
        self._found.show(hits)
        place = hits.index(kept) if kept in hits and now > 0 else 0
        self._go(place)
        self.list.setVisible(bool(hits))
        self._nothing.setVisible(not hits)
        if self.isVisible():
            self.place()

    def _go(self, row: int) -> None:
        if self._found.hits:
            self.list.setCurrentIndex(self._found.index(max(0, min(row, len(self._found.hits) - 1))))

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._found.hits):
            hit = self._found.hits[row]
            self.dismiss()
            hit.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            row = self.list.currentIndex().row()
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            key = Qt.Key(event.key())
            if key in step:
                self._go(row + step[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(row)
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._rest.stop()
        super().hideEvent(event)
