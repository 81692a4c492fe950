"""What keeps a locked desk from being read: everything of the window is hidden, not merely covered.

Hidden widgets paint nothing, take no key, and are no longer offered to a screen reader. Dialogs are windows of their
own; they are put away as well, also those that open while the desk is locked, and come back with the rest.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import actions
from app.ui.plain import hide_tips
from app.ui.shell import Shell

__all__ = ["ABOVE", "Curtain"]

ABOVE = "above the lock"
"""A property of windows that may be shown all the same, since nothing of a lead is in them."""


class Curtain(QObject):
    """Draws `face` over a shell; `lift` it again. Used on the GUI thread."""

    def __init__(self, shell: Shell, face: QWidget, first: QWidget) -> None:
        """`face` is a child of the shell; `first` is what gets the keyboard."""
        super().__init__(shell)
        self._shell, self._face, self._first = shell, face, first
        whole = shell.centralWidget()
        assert whole is not None
        self._whole = whole
        self._back: QWidget | None = None
        self._aside: list[QWidget] = []
        self._sweep = QTimer(self, singleShot=True, interval=0)
        self._sweep.timeout.connect(self._put_aside)

    def draw(self) -> None:
        """Hide everything."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        hide_tips()
        while (popup := app.activePopupWidget()) is not None:
            popup.close()
        self._back = app.focusWidget()
        actions.detach()
        self._whole.hide()
        self._put_aside()
        app.installEventFilter(self)
        app.focusChanged.connect(self._keep_focus)
        self._place()
        self._face.show()
        self._face.raise_()
        self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def lift(self) -> None:
        """Show everything as it was."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._let_go(app)
        self._face.hide()
        self._whole.show()
        actions.attach(self._shell)
        aside, self._aside = self._aside, []
        for window in aside:
            if shiboken6.isValid(window):
                window.show()
        back = self._back
        if back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def stay(self) -> None:
        """The window will not be opened any more; what was put away goes with it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._let_go(app)
        for window in self._aside:
            if shiboken6.isValid(window):
                window.close()
        self._aside.clear()

    def _let_go(self, app: QApplication) -> None:
        app.removeEventFilter(self)
        app.focusChanged.disconnect(self._keep_focus)
        self._sweep.stop()

    @Slot(QWidget, QWidget)
    def _keep_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Qt gives the keyboard to hidden widgets that ask for it."""
        if new is not None and new.window() is self._shell and not self._face.isAncestorOf(new):
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_aside(self) -> None:
        for window in QApplication.topLevelWidgets():
            kind = window.windowType()
            is_dialog = kind in (Qt.WindowType.Dialog, Qt.WindowType.Sheet, Qt.WindowType.Tool)
            if is_dialog and window.isVisible() and not window.property(ABOVE):
                window.hide()
                self._aside.append(window)

    def _place(self) -> None:
        self._face.setGeometry(self._shell.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self._sweep.start()  # not within its own showing
        elif kind == QEvent.Type.Resize and watched is self._shell:
            self._place()
        return False
