"""The program's icon in the system tray, where the desktop has one. It raises the window and can quit.

Closing the window always quits: a desk that is hidden in a tray rings for nobody.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from app.ui import icons
from app.ui.plain import tray_tip
from app.ui.shell import Shell
from app.ui.unsent import Unsent


class Tray(QSystemTrayIcon):
    """Made only by `where_there_is_one`."""

    @classmethod
    def where_there_is_one(cls, shell: Shell, show: Callable[[], None]) -> Tray | None:
        """The tray icon, or None on a desktop without a tray."""
        return cls(shell, show) if QSystemTrayIcon.isSystemTrayAvailable() else None

    def __init__(self, shell: Shell, show: Callable[[], None]) -> None:
        super().__init__(icons.app_icon(), shell)
        self._show = show
        self._menu = QMenu(shell)
        self._menu.addAction(self.tr("Show Firstring")).triggered.connect(show)
        self._menu.addAction(self.tr("Quit")).triggered.connect(QApplication.closeAllWindows)
        self.setContextMenu(self._menu)
        self.activated.connect(self._pressed)
        super().show()

    def follow(self, unsent: Unsent) -> None:
        """Show from now on how much is unsent, or needs its rep."""
        self._unsent = unsent
        unsent.changed.connect(self._count)
        self._count()

    def _count(self) -> None:
        count = len(self._unsent.lines) + len(self._unsent.waiting)
        self.setIcon(icons.counted(count))
        words = self._unsent.words()
        tray_tip(self, f"Firstring · {words}" if words else "Firstring")

    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._show()
