"""Shows what whoever leads the floor wrote to this desk: a toast each, until somebody puts it away."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.domain.events import RepTold
from app.floor.board import Changes
from app.ui.context import Context
from app.ui.plain import one_line
from app.ui.toasts import Toast

__all__ = ["TOLD", "Told"]

TOLD = "told:"
"""How the name of such a toast begins; the event's id follows."""


class Told(QObject):
    """Lives on the GUI thread."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        context.board_changed.connect(self._heard)

    @Slot(object)
    def _heard(self, changes: Changes) -> None:
        me = self._context.me
        for entry in changes.entries:
            event = entry.event
            if isinstance(event, RepTold) and event.to in ("", me) and entry.actor != me:
                title = self.tr("{name} writes").format(name=one_line(event.by_name, 80))
                understood = (("read", self.tr("Understood")),)
                toast = Toast(TOLD + entry.id, title, event.text, actions=understood)
                self._context.toasts.show(toast)
