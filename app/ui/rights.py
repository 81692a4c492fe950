"""What the person at this desk may not do is shown, disabled, with the reason; it is never a surprise.

The floor refuses by itself whatever a window shows; this only says so beforehand.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.floor.board import Changes
from app.ui.context import Context
from app.ui.plain import tip

__all__ = ["guard"]


def guard(context: Context, widget: QWidget, kind: type[Any]) -> None:
    """Keep `widget` disabled, with a tip that says why, while the person may not say this kind of command, or
    the floor that it is said to is away."""
    _Guard(context, widget, kind)


class _Guard(QObject):
    def __init__(self, context: Context, widget: QWidget, kind: type[Any]) -> None:
        super().__init__(widget)
        self._context, self._widget, self._kind = context, widget, kind
        self._why = ""
        context.board_changed.connect(self._changed)
        context.link_changed.connect(self._settle)
        self._settle()

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if changes.reps:
            self._settle()

    @Slot()
    def _settle(self) -> None:
        why = self._context.why_not(self._kind)
        if why != self._why:
            self._why = why
            self._widget.setEnabled(not why)
            tip(self._widget, why)
