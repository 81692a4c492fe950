"""Looks for floors on the network while the first question stands, and has them shown below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from app.ui.welcome import Welcome

if TYPE_CHECKING:
    from app.floor.discovery import FoundFloor, Search

__all__ = ["Lookout"]

_AFTER_MS = 400
"""The network is listened to once the first question has been painted."""


class Lookout(QObject):
    """Begins by itself soon after it was made; `end` when a floor is chosen, `stop` before it goes."""

    _found = Signal(object)

    def __init__(self, welcome: Welcome, interfaces: Sequence[str] | None = None) -> None:
        super().__init__(welcome)
        self._welcome = welcome
        self._interfaces = interfaces
        self._search: Search | None = None
        self._found.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._soon = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._soon.timeout.connect(self._begin)
        self._soon.start()

    def _begin(self) -> None:
        from app.floor.discovery import Search

        self._search = Search(self._found.emit, interfaces=self._interfaces)
        self._search.start()

    @Slot(object)
    def _show(self, floors: Sequence[FoundFloor]) -> None:
        self._welcome.show_found([(floor.name, floor.address) for floor in floors])

    def end(self) -> None:
        """Have it end soon, without waiting."""
        if isValid(self):
            self._soon.stop()
        if self._search is not None:
            self._search.end()

    def stop(self) -> None:
        """End it, and wait for that."""
        self.end()
        if self._search is not None:
            self._search.stop()
