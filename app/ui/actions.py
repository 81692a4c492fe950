"""The one registry of what a person can do here: it feeds the keys, the menus, the palette, the foot and the sheet.

An action is known by its id. The shell registers what works everywhere; a screen registers its own while it is
shown (`while_shown`) and they are gone when it hides. When two shown actions want one key, the later one has it.

Keys go through window shortcuts of Qt, with two manners of our own kept by watching the widget that has the
focus: a key without Ctrl, Alt or Meta belongs to the text field one types in, and Space, Enter and the arrows
belong to the button, box or list that has the focus if it has a use for them; a key with Ctrl that we
registered is ours even in a text field (Ctrl+K would cut to the line's end there), except for editing itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

__all__ = [
    "Action", "Hint", "Registry", "add", "attach", "caps", "clear", "detach", "find", "hints", "menu", "registry",
    "run", "visible", "while_shown", "withdraw",
]

EVERYWHERE = "everywhere"


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something a person can do."""

    id: str
    """Stable and dotted, such as "lead.claim"."""
    title: str
    """As it stands in a menu, the palette and the sheet; translated."""
    run: Callable[[], object]
    keys: tuple[str, ...] = ()
    """In Qt's portable words: "Space", "Ctrl+K", "1", "?", "Up". The first is the one shown."""
    group: str = ""
    """The heading it stands under in the sheet; translated."""
    enabled: Callable[[], bool] = _always
    where: str = EVERYWHERE
    """The key of the screen it belongs to."""
    hint: str = ""
    """A word or two for the foot of the window; "" keeps it out. Actions of one hint share it ("1–6 outcome")."""
    listed: bool = True
    """False keeps it out of the palette (moving the selection by a key is nothing to search for)."""
    words: str = field(default="", compare=False)
    """Other words the palette finds it by."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What the foot says about a key."""

    caps: tuple[str, ...]
    text: str


_NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "return": "Enter", "enter": "Enter", "escape": "Esc",
    "esc": "Esc", "del": "Del", "delete": "Del", "pgup": "PgUp", "pgdown": "PgDn", "backspace": "⌫",
}
_MAC = {"ctrl": "⌘", "alt": "⌥", "shift": "⇧", "meta": "⌃"}
_TYPED = QLineEdit | QPlainTextEdit | QTextEdit | QAbstractSpinBox
_COMMAND = (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            | Qt.KeyboardModifier.MetaModifier)
_PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select)
_MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
           Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_EDITING = tuple(QKeySequence.StandardKey[name] for name in (
    "Copy", "Cut", "Paste", "SelectAll", "Undo", "Redo", "MoveToPreviousWord", "MoveToNextWord",
    "DeleteStartOfWord", "DeleteEndOfWord"))


def caps(keys: str) -> tuple[str, ...]:
    """The key caps to draw for "Ctrl+K": ("Ctrl", "K")."""
    parts = keys.split("+") if keys != "+" and not keys.endswith("++") else [*keys[:-1].strip("+").split("+"), "+"]
    mac = _MAC if sys.platform == "darwin" else {}
    return tuple(mac.get(part.lower()) or _NAMES.get(part.lower()) or (part.upper() if len(part) == 1 else part)
                 for part in parts if part)


class Registry(QObject):
    """Holds the actions, newest last, and turns keys into their runs."""

    changed = Signal()
    """Actions came or went."""
    failed = Signal(object)
    """An action raised this; whoever shows errors listens. With no listener the error goes its usual way."""

    def __init__(self) -> None:
        super().__init__()
        self._actions: dict[str, Action] = {}
        self._shortcuts: dict[str, QShortcut] = {}
        self._window: QWidget | None = None
        self._watched: QWidget | None = None
        self._commands: set[int] = set()

    # what there is

    def add(self, *actions: Action) -> None:
        """Register actions; one with a known id takes the place of the old one and counts as the newest."""
        for action in actions:
            self._actions.pop(action.id, None)
            self._actions[action.id] = action
        self._settle()

    def withdraw(self, *names: str) -> None:
        """Take actions away, by their ids or by the screen they belong to."""
        gone = [key for key, action in self._actions.items() if key in names or action.where in names]
        for key in gone:
            del self._actions[key]
        if gone:
            self._settle()

    def clear(self) -> None:
        """Take all actions away."""
        self._actions.clear()
        self._settle()

    def while_shown(self, widget: QWidget, actions: Iterable[Action]) -> None:
        """Keep `actions` registered exactly while `widget` is shown."""
        _WhileShown(self, widget, tuple(actions))

    def find(self, id: str) -> Action | None:
        """The action of that id, if it is registered now."""
        return self._actions.get(id)

    def visible(self) -> list[Action]:
        """All actions registered now, in the order they came."""
        return list(self._actions.values())

    def hints(self) -> list[Hint]:
        """What the foot says: one hint a word, the keys of all its actions; a run of digits as "1–6"."""
        shared: dict[str, list[str]] = {}
        for action in self._actions.values():
            if action.hint and action.keys:
                shared.setdefault(action.hint, []).append(action.keys[0])
        return [Hint(_shared_caps(keys), text) for text, keys in shared.items()]

    # doing it

    def run(self, id: str) -> bool:
        """Run the action of that id; False when there is none or it is not enabled now."""
        action = self._actions.get(id)
        if action is None or not action.enabled():
            return False
        if self.receivers("2failed(PyObject)") == 0:
            action.run()
            return True
        try:
            action.run()
        except Exception as error:  # handed on, not swallowed
            self.failed.emit(error)
        return True

    def menu(self, parent: QWidget, ids: Sequence[str]) -> QMenu:
        """A menu of those actions that are registered, keys shown; "" makes a separator."""
        made = QMenu(parent)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for id in ids:
            action = self._actions.get(id)
            if not id:
                made.addSeparator()
            elif action is not None:
                keys = "\t" + "+".join(caps(action.keys[0])) if action.keys else ""
                entry = made.addAction(action.title.replace("&", "&&") + keys)
                entry.setEnabled(action.enabled())
                entry.triggered.connect(lambda _checked=False, id=id: self.run(id))
        return made

    # keys

    def attach(self, window: QWidget) -> None:
        """Let the keys work in `window`, instead of where they worked before."""
        self.detach()
        self._window = window
        window.destroyed.connect(self.detach)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
            self._focus_moved(None, app.focusWidget())
        self._settle()

    def detach(self) -> None:
        """Let no keys work any more."""
        if self._window is None:
            return
        self._window = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.disconnect(self._focus_moved)
        self._focus_moved(None, None)
        self._shortcuts.clear()

    def _settle(self) -> None:
        wanted = {keys for action in self._actions.values() for keys in action.keys}
        for keys in [known for known in self._shortcuts if known not in wanted]:
            self._shortcuts.pop(keys).deleteLater()
        if self._window is not None:
            for keys in wanted - self._shortcuts.keys():
                shortcut = QShortcut(QKeySequence(keys), self._window)
                shortcut.setAutoRepeat(keys in ("Up", "Down", "J", "K", "j", "k"))
                shortcut.activated.connect(lambda keys=keys: self._pressed(keys))
                self._shortcuts[keys] = shortcut
        self._commands = {QKeySequence(keys)[0].toCombined() for keys in wanted
                          if QKeySequence(keys).count() and QKeySequence(keys)[0].keyboardModifiers() & _COMMAND}
        self.changed.emit()

    def _pressed(self, keys: str) -> None:
        for action in reversed(self._actions.values()):
            if keys in action.keys and action.enabled():
                self.run(action.id)
                return

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._watched_gone)
        self._watched = new
        if new is not None:
            new.installEventFilter(self)
            new.destroyed.connect(self._watched_gone)

    def _watched_gone(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if self._ours(watched, event):
            event.ignore()
            return True
        if self._theirs(watched, event):
            event.accept()
            return True
        return False

    def _ours(self, widget: QObject, event: QKeyEvent) -> bool:
        if not event.modifiers() & _COMMAND:
            return False
        if isinstance(widget, _TYPED) and any(event.matches(key) for key in _EDITING):
            return False
        return QKeyCombination(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier,
                               Qt.Key(event.key())).toCombined() in self._commands

    @staticmethod
    def _theirs(widget: QObject, event: QKeyEvent) -> bool:
        if event.modifiers() & _COMMAND:
            return False
        key = event.key()
        if isinstance(widget, QComboBox):
            return True
        if isinstance(widget, _TYPED):
            return bool(event.text()) or key in _MOVING
        if isinstance(widget, QAbstractButton):
            return key in _PRESSING
        if isinstance(widget, QAbstractSlider):
            return key in _MOVING
        return isinstance(widget, QAbstractItemView) and key in _MOVING


class _WhileShown(QObject):
    """Registers a widget's actions when it shows and withdraws them when it hides."""

    def __init__(self, book: Registry, widget: QWidget, actions: tuple[Action, ...]) -> None:
        super().__init__(widget)
        self._book, self._actions = book, actions
        widget.installEventFilter(self)
        widget.destroyed.connect(lambda: book.withdraw(*(action.id for action in actions)))
        if widget.isVisible():
            book.add(*actions)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._book.add(*self._actions)
        elif event.type() == QEvent.Type.Hide:
            self._book.withdraw(*(action.id for action in self._actions))
        return False


def _shared_caps(keys: Sequence[str]) -> tuple[str, ...]:
    if len(keys) > 2 and all(len(key) == 1 and key.isdigit() for key in keys):
        return (f"{min(keys)}–{max(keys)}",)
    if len(keys) == 2 and {caps(key) for key in keys} == {("↑",), ("↓",)}:
        return ("↑ ↓",)
    return caps(keys[0]) if len(keys) == 1 else tuple(cap for key in keys for cap in caps(key))


registry = Registry()
"""The registry of this program."""

add = registry.add
withdraw = registry.withdraw
clear = registry.clear
while_shown = registry.while_shown
find = registry.find
visible = registry.visible
hints = registry.hints
run = registry.run
menu = registry.menu
attach = registry.attach
detach = registry.detach
