"""The registry of actions: keys work where they should, and leave text fields and buttons alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui import actions, theme
from app.ui.actions import Action, Hint, caps
from app.ui.parts import Button


class Desk(QWidget):
    """A window with one of everything that takes the focus."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.line, self.text, self.spin = QLineEdit(), QPlainTextEdit(), QSpinBox()
        self.combo, self.list, self.button = QComboBox(), QListView(), Button("Hang up")
        for part in (self.line, self.text, self.spin, self.combo, self.list, self.button):
            column.addWidget(part)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    theme.apply(qapp, theme.LIGHT)
    desk = Desk()
    qtbot.addWidget(desk)
    actions.attach(desk)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    desk.setFocus()
    yield desk
    actions.clear()
    actions.detach()


def press(qtbot: QtBot, key: Qt.Key | str, *, ctrl: bool = False) -> None:
    """Press a key on whatever has the focus."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(target, key, modifier)


def register(ran: list[str], **keys: str) -> None:
    actions.add(
        *(Action(id=id, title=id, keys=(key,), run=lambda id=id: ran.append(id)) for id, key in keys.items())
    )


PLAIN = {"claim": "Space", "booked": "1", "note": "N", "undo": "Z", "down": "J", "up": "K", "sheet": "?"}


def test_plain_keys_run_their_actions(desk: Desk, qtbot: QtBot) -> None:
    ran: list[str] = []
    register(ran, **PLAIN)
    for key in (Qt.Key.Key_Space, "1", "n", "z", "j", "k", "?"):
        press(qtbot, key)
    assert ran == list(PLAIN)


@pytest.mark.parametrize("name", ["line", "text", "spin"])
def test_plain_keys_belong_to_the_field_one_types_in(desk: Desk, qtbot: QtBot, name: str) -> None:
    ran: list[str] = []
    register(ran, **PLAIN, hang_up="Esc", go="Return", move="Down")
    field: QWidget = getattr(desk, name)
    field.setFocus()
    for key in (
        Qt.Key.Key_Space,
        "1",
        "n",
        "z",
        "j",
        "k",
        "?",
        Qt.Key.Key_Escape,
        Qt.Key.Key_Return,
        Qt.Key.Key_Down,
    ):
        press(qtbot, key)
    assert ran == []
    if name == "line":
        assert desk.line.text() == " 1nzjk?"
    desk.button.setFocus()
    press(qtbot, "n")
    assert ran == ["note"], "and they are back when the field is left"


def test_a_field_that_only_shows_takes_no_keys(desk: Desk, qtbot: QtBot) -> None:
    ran: list[str] = []
    register(ran, note="N")
    desk.text.setReadOnly(True)
    desk.text.setFocus()
    press(qtbot, "n")
    assert ran == ["note"]


def test_keys_with_ctrl_work_in_fields_but_editing_stays_editing(desk: Desk, qtbot: QtBot) -> None:
    ran: list[str] = []
    register(ran, palette="Ctrl+K", steal="Ctrl+A")
    desk.line.setText("keep me")
    desk.line.setFocus()
    desk.line.setCursorPosition(0)
    press(qtbot, Qt.Key.Key_K, ctrl=True)
    assert ran == ["palette"]
    assert desk.line.text() == "keep me"
    press(qtbot, Qt.Key.Key_A, ctrl=True)
    assert ran == ["palette"]
    assert desk.line.selectedText() == "keep me"


def test_space_belongs_to_the_button_that_has_the_focus(desk: Desk, qtbot: QtBot) -> None:
    ran: list[str] = []
    register(ran, claim="Space", note="N")
    desk.button.clicked.connect(lambda: ran.append("button"))
    desk.button.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, Qt.Key.Key_Space)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, "n")
    assert ran == ["button", "button", "note"]


def test_after_a_click_space_still_claims_the_next_lead(desk: Desk, qtbot: QtBot) -> None:
    ran: list[str] = []
    register(ran, claim="Space")
    desk.button.clicked.connect(lambda: ran.append("button"))
    qtbot.mouseClick(desk.button, Qt.MouseButton.LeftButton)
    press(qtbot, Qt.Key.Key_Space)
    assert ran == ["button", "claim"]


def test_lists_keep_the_arrows_and_combo_boxes_all_they_type(desk: Desk, qtbot: QtBot) -> None:
    ran: list[str] = []
    register(ran, down="Down", claim="Space", note="N")
    desk.list.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    assert ran == []
    press(qtbot, Qt.Key.Key_Space)
    assert ran == ["claim"]
    desk.combo.addItems(["Nurture", "Won"])
    desk.combo.setFocus()
    press(qtbot, "n")
    assert ran == ["claim"]


def test_nothing_runs_while_disabled_and_the_newest_has_the_key(desk: Desk, qtbot: QtBot) -> None:
    ran: list[str] = []
    allowed = False
    actions.add(
        Action(id="old", title="old", keys=("1",), run=lambda: ran.append("old")),
        Action(id="new", title="new", keys=("1",), run=lambda: ran.append("new"), enabled=lambda: allowed),
    )
    press(qtbot, "1")
    allowed = True
    press(qtbot, "1")
    assert ran == ["old", "new"]
    assert not actions.run("nobody")
    actions.withdraw("new")
    press(qtbot, "1")
    assert ran == ["old", "new", "old"]


def test_no_key_fires_in_a_dialog_over_the_window(desk: Desk, qtbot: QtBot) -> None:
    from app.ui.plain import ask

    ran: list[str] = []
    register(ran, claim="Space", note="N")
    dialog = ask(desk, "Sure?", "It can be undone.", "Yes", "No", lambda _yes: None)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog, Qt.Key.Key_N)
    dialog.reject()
    assert ran == []


def test_a_screen_brings_its_actions_and_takes_them_along(desk: Desk, qtbot: QtBot) -> None:
    screen = QWidget(desk)
    actions.while_shown(screen, [Action(id="lead.claim", title="Claim", where="queue", run=lambda: None)])
    screen.show()
    assert actions.find("lead.claim") is not None
    assert [action.id for action in actions.visible()] == ["lead.claim"]
    screen.hide()
    assert actions.find("lead.claim") is None
    screen.show()
    screen.setParent(None)
    screen.deleteLater()
    qtbot.waitUntil(lambda: actions.find("lead.claim") is None)


def test_actions_go_by_their_screen(desk: Desk) -> None:
    actions.add(
        Action(id="a", title="a", where="queue", run=lambda: None),
        Action(id="b", title="b", where="review", run=lambda: None),
        Action(id="c", title="c", run=lambda: None),
    )
    actions.withdraw("queue")
    assert [action.id for action in actions.visible()] == ["b", "c"]


def test_the_foot_shares_a_word_between_keys(desk: Desk) -> None:
    none = Action(id="x", title="x", run=lambda: None)
    assert actions.hints() == []
    for number in range(1, 7):
        actions.add(Action(id=f"o{number}", title="o", keys=(str(number),), run=none.run, hint="outcome"))
    actions.add(
        Action(id="up", title="up", keys=("Up", "K"), run=none.run, hint="move"),
        Action(id="down", title="down", keys=("Down", "J"), run=none.run, hint="move"),
        Action(id="save", title="save", keys=("Ctrl+Return",), run=none.run, hint="save"),
        Action(id="silent", title="silent", keys=("Q",), run=none.run),
    )
    assert actions.hints() == [
        Hint(("1–6",), "outcome"),
        Hint(("↑ ↓",), "move"),
        Hint(("Ctrl", "Enter"), "save"),
    ]


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("Ctrl+K", ("Ctrl", "K")),
        ("Space", ("Space",)),
        ("n", ("N",)),
        ("+", ("+",)),
        ("Ctrl++", ("Ctrl", "+")),
        ("Shift+Esc", ("Shift", "Esc")),
    ],
)
def test_key_caps(keys: str, shown: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert caps(keys) == shown


def test_a_menu_is_made_of_actions_and_reads_no_ampersand(desk: Desk) -> None:
    ran: list[str] = []
    actions.add(
        Action(id="claim", title="Claim & call", keys=("Space",), run=lambda: ran.append("claim")),
        Action(id="off", title="Off", run=lambda: None, enabled=lambda: False),
    )
    menu = actions.menu(desk, ["claim", "", "off", "unknown"])
    entries = menu.actions()
    assert [entry.text() for entry in entries] == ["Claim && call\tSpace", "", "Off"]
    assert entries[0].shortcut().isEmpty(), "the key is only shown; the registry makes it work"
    assert not entries[2].isEnabled()
    entries[0].trigger()
    assert ran == ["claim"]
    menu.deleteLater()


def test_a_window_that_went_away_leaves_the_registry_whole(qtbot: QtBot, qapp: QApplication) -> None:
    first, second = QWidget(), QWidget()
    qtbot.addWidget(second)
    ran: list[str] = []
    register(ran, note="N")
    actions.attach(first)
    first.deleteLater()
    qapp.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    actions.attach(second)
    second.show()
    second.activateWindow()
    qtbot.waitUntil(second.isActiveWindow)
    qtbot.keyClick(second, Qt.Key.Key_N)
    assert ran == ["note"]
    actions.clear()
    actions.detach()
