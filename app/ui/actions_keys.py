"""Turns keys of one window into calls, with good manners towards whatever has the focus.

Keys go through window shortcuts of Qt. What is our own is kept by watching the widget with the focus: a key
without Ctrl, Alt or Meta belongs to the text field one types in, and Space, Enter and the arrows belong to
the button, box or list that has the focus and a use for them. Keys with Ctrl work everywhere, except those a
text field edits with (Qt's fields claim them themselves).
"""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

__all__ = ["Keys", "is_typed_into"]

_COMMAND = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select)
_MOVING = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)
_HELD = frozenset({"Up", "Down", "J", "K"})
"""Keys that go on while they are held down."""


def is_typed_into(widget: QObject | None) -> bool:
    """Is that a field one can type into? (By name: importing the classes costs the first paint.)"""
    if widget is None:
        return False
    if any(
        widget.inherits(kind) for kind in ("QLineEdit", "QPlainTextEdit", "QTextEdit", "QAbstractSpinBox")
    ):
        return not widget.property("readOnly")
    return widget.inherits("QComboBox") and bool(widget.property("editable"))


class Keys(QObject):
    """Watches the keys of one window and tells `pressed` which of the wanted ones was pressed."""

    def __init__(self, pressed: Callable[[str], object]) -> None:
        super().__init__()
        self._pressed = pressed
        self._wanted: set[str] = set()
        self._shortcuts: dict[str, QShortcut] = {}
        self._window: QWidget | None = None
        self._watched: QWidget | None = None

    def attach(self, window: QWidget) -> None:
        """Let the keys work in `window`, instead of where they worked before."""
        self.detach()
        self._window = window
        window.destroyed.connect(self.detach)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
            self._focus_moved(None, app.focusWidget())
        self.want(self._wanted)

    def detach(self) -> None:
        """Let no key work any more."""
        window, self._window = self._window, None
        if window is None:
            return
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.disconnect(self._focus_moved)
        self._focus_moved(None, None)
        if shiboken6.isValid(window):
            window.destroyed.disconnect(self.detach)
        for keys in list(self._shortcuts):
            self._drop(keys)

    def want(self, wanted: set[str]) -> None:
        """From now on these keys, in Qt's portable words, and no others."""
        self._wanted = wanted
        for keys in [known for known in self._shortcuts if known not in wanted]:
            self._drop(keys)
        if self._window is None:
            return
        for keys in wanted - self._shortcuts.keys():
            shortcut = QShortcut(QKeySequence(keys), self._window)
            shortcut.setAutoRepeat(keys in _HELD)
            shortcut.activated.connect(lambda keys=keys: self._pressed(keys))
            self._shortcuts[keys] = shortcut

    def _drop(self, keys: str) -> None:
        shortcut = self._shortcuts.pop(keys)
        if shiboken6.isValid(shortcut):
            shortcut.setEnabled(False)
            shortcut.deleteLater()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new
        if new is not None:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if self._is_theirs(watched, event):
            event.accept()
            return True
        return False

    @staticmethod
    def _is_theirs(widget: QObject, event: QKeyEvent) -> bool:
        if event.modifiers() & _COMMAND:
            return False
        key = event.key()
        if is_typed_into(widget):
            return bool(event.text()) or key in _MOVING
        if widget.inherits("QComboBox"):
            return bool(event.text()) or key in _MOVING
        if widget.inherits("QAbstractButton"):
            return key in _PRESSING
        if widget.inherits("QAbstractSlider") or widget.inherits("QAbstractItemView"):
            return key in _MOVING
        return False
