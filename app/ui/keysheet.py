"""The `?` sheet: every action there is here and now, grouped, with its keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui import actions
from app.ui.actions import Action
from app.ui.parts_button import Button
from app.ui.parts_overlay import Overlay
from app.ui.parts_show import KeyCap
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT

__all__ = ["KeySheet"]

_COLUMN = 330


class KeySheet(Overlay):
    """All actions with keys, in as many columns as there is room for."""

    def __init__(self, parent: QWidget) -> None:
        title = QCoreApplication.translate("KeySheet", "All keys")
        columns = max(1, min(3, (parent.width() - 4 * SPACE.page) // _COLUMN))
        super().__init__(parent, title, columns * _COLUMN + 2 * SPACE.page)
        groups: dict[str, list[Action]] = {}
        for action in actions.visible():
            if action.keys:
                groups.setdefault(action.group, []).append(action)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(title, size=TEXT.card, weight=700))
        head.addStretch(1)
        self.close_button = Button(self.tr("Close"), "quiet", key="Esc", press=self.dismiss)
        head.addWidget(self.close_button)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * SPACE.page)
        stacks = [QVBoxLayout() for _ in range(columns)]
        loads = [0] * columns
        for number, stack in enumerate(stacks):
            stack.setSpacing(SPACE.tight)
            grid.addLayout(stack, 0, number)
            grid.setColumnStretch(number, 1)
        for name, group in groups.items():
            column = loads.index(min(loads))
            loads[column] += len(group) + 2
            stacks[column].addWidget(PlainLabel(name, size=TEXT.small, weight=600, ink="ink_mid"))
            for action in group:
                stacks[column].addWidget(_row(action))
            stacks[column].addSpacing(SPACE.snug)
        for stack in stacks:
            stack.addStretch(1)
        self._area = QScrollArea(self.panel)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(title)
        self._area.setWidget(page)
        self._area.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        self._page = page
        self.inside.setContentsMargins(SPACE.page, SPACE.pad, SPACE.page, SPACE.pad)
        self.inside.setSpacing(SPACE.snug)
        self.inside.addLayout(head)
        self.inside.addWidget(self._area, 1)

    def first(self) -> QWidget:
        return self._area

    def wanted_height(self, most: int) -> int:
        return min(self._page.sizeHint().height() + 32 + 2 * SPACE.pad + SPACE.snug + 4, most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "?" or event.key() == Qt.Key.Key_F1:
            self.dismiss()
            return
        super().keyPressEvent(event)


def _row(action: Action) -> QWidget:
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 1, 0, 1)
    across.setSpacing(SPACE.tight)
    across.addWidget(PlainLabel(action.title, ink="ink"), 1)
    for number, keys in enumerate(action.keys):
        if number:
            across.addWidget(PlainLabel("/", ink="ink_faint", steady=True))
        for cap in actions.caps(keys):
            across.addWidget(KeyCap(cap))
    return row
