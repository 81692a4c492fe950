"""The one registry of what a person can do here. It feeds keys, menus, the palette, the foot, the `?` sheet.

An action is known by its id. The shell registers what works everywhere; a screen registers its own while it
is shown (`while_shown`) and they are gone when it hides. When two actions want one key, the later one has it.
How keys get along with text fields and buttons is told in `actions_keys`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.actions_keys import Keys

__all__ = [
    "Action",
    "Hint",
    "Registry",
    "add",
    "attach",
    "caps",
    "clear",
    "detach",
    "find",
    "hints",
    "judged_by",
    "menu",
    "refusal",
    "registry",
    "run",
    "visible",
    "while_shown",
    "withdraw",
]

EVERYWHERE = "everywhere"


def _always() -> bool:
    return True


def _nobody_minds(_kind: type[Any]) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
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
    """A word or two for the foot of the window; "" keeps it out. Actions may share one ("1–6 outcome")."""
    listed: bool = True
    """False keeps it out of the palette (moving the selection by a key is nothing to search for)."""
    words: str = field(default="", compare=False)
    """Other words the palette finds it by."""
    says: type[Any] | None = None
    """The command it says to the floor: whose role may not say it sees the action disabled, with the reason."""


class Hint(NamedTuple):
    """What the foot says about a key."""

    caps: tuple[str, ...]
    text: str


_NAMES = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "return": "Enter",
    "enter": "Enter",
    "escape": "Esc",
    "esc": "Esc",
    "del": "Del",
    "delete": "Del",
    "pgup": "PgUp",
    "pgdown": "PgDn",
    "backspace": "⌫",
}
_MAC = {"ctrl": "⌘", "alt": "⌥", "shift": "⇧", "meta": "⌃"}


def caps(keys: str) -> tuple[str, ...]:
    """The key caps to draw for "Ctrl+K": ("Ctrl", "K")."""
    parts = keys.removesuffix("+").split("+") + ["+"] * keys.endswith("+")
    mac = _MAC if sys.platform == "darwin" else {}
    named = mac | _NAMES
    return tuple(
        named.get(part.lower()) or (part.upper() if len(part) == 1 else part) for part in parts if part
    )


class Registry(QObject):
    """Holds the actions, newest last, and turns keys into their runs."""

    changed = Signal()
    """Actions came or went."""
    refused = Signal(str)
    """Somebody wanted an action that their role may not do: the sentence that says so."""

    def __init__(self) -> None:
        super().__init__()
        self._actions: dict[str, Action] = {}
        self._keys = Keys(self._pressed)
        self._judge: Callable[[type[Any]], str] = _nobody_minds

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
        """Take all actions away, and whoever judges them."""
        self._actions.clear()
        self._judge = _nobody_minds
        self._settle()

    def while_shown(self, widget: QWidget, actions: Iterable[Action]) -> None:
        """Keep `actions` registered exactly while `widget` is shown."""
        _WhileShown(self, widget, tuple(actions))

    def judged_by(self, judge: Callable[[type[Any]], str]) -> None:
        """From now on `judge` says of a kind of command why this person may not say it; "" if they may."""
        self._judge = judge
        self.changed.emit()

    def refusal(self, action: Action) -> str:
        """Why the person may not do it whatever they look at; "" if they may."""
        return self._judge(action.says) if action.says is not None else ""

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
            if action.hint and action.keys and not self.refusal(action):
                shared.setdefault(action.hint, []).append(action.keys[0])
        return [Hint(_shared_caps(keys), text) for text, keys in shared.items()]

    # doing it

    def run(self, id: str) -> bool:
        """Run the action of that id; False when there is none, it is not enabled now, or it is refused."""
        action = self._actions.get(id)
        if action is None or not action.enabled():
            return False
        refusal = self.refusal(action)
        if refusal:
            self.refused.emit(refusal)
            return False
        action.run()
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
                refusal = self.refusal(action)
                title = f"{action.title} ({refusal})" if refusal else action.title
                entry = made.addAction(title.replace("&", "&&") + keys)
                entry.setEnabled(action.enabled() and not refusal)
                entry.triggered.connect(lambda _checked=False, id=id: self.run(id))
        return made

    # keys

    def attach(self, window: QWidget) -> None:
        """Let the keys work in `window`, instead of where they worked before."""
        self._keys.attach(window)

    def detach(self) -> None:
        """Let no keys work any more."""
        self._keys.detach()

    def _settle(self) -> None:
        self._keys.want({keys for action in self._actions.values() for keys in action.keys})
        self.changed.emit()

    def _pressed(self, keys: str) -> None:
        for action in reversed(self._actions.values()):
            if keys in action.keys and action.enabled():
                self.run(action.id)
                return


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
judged_by = registry.judged_by
refusal = registry.refusal
find = registry.find
visible = registry.visible
hints = registry.hints
run = registry.run
menu = registry.menu
attach = registry.attach
detach = registry.detach
