"""Ctrl+K and `?`, by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui import actions, theme
from app.ui.actions import Action
from app.ui.keysheet import KeySheet
from app.ui.palette import Hit, Palette, rank, score_cheap
from app.ui.shell import Shell

Ran = list[str]


@pytest.fixture
def ran() -> Ran:
    return []


@pytest.fixture
def shell(qtbot: QtBot, qapp: QApplication, ran: Ran) -> Iterator[Shell]:
    theme.apply(qapp, theme.LIGHT)
    shell = Shell()
    qtbot.addWidget(shell)
    shell.resize(1100, 700)

    def note(id: str) -> None:
        ran.append(id)

    actions.add(
        Action(id="lead.claim", title="Claim & call the next lead", keys=("Space",), group="Lead",
               run=lambda: note("lead.claim")),
        Action(id="outcome.booked", title="Booked", keys=("1",), group="Outcome", words="appointment",
               run=lambda: note("outcome.booked")),
        Action(id="status.break", title="Break", group="Status", run=lambda: note("status.break")),
        Action(id="status.away", title="Away", group="Status", run=lambda: note("status.away")),
        Action(id="move.down", title="Down", keys=("Down", "J"), run=lambda: note("move.down"), listed=False),
        Action(id="off", title="Booked away", run=lambda: note("off"), enabled=lambda: False),
    )  # fmt: skip
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    yield shell
    shell.close()
    actions.clear()
    actions.detach()


def opened(shell: Shell, kind: type[QWidget]) -> QWidget | None:
    found = [widget for widget in shell.findChildren(kind) if widget.isVisible()]
    return found[-1] if found else None


def palette(shell: Shell) -> Palette:
    found = opened(shell, Palette)
    assert isinstance(found, Palette)
    return found


def type_into(qtbot: QtBot, text: str) -> None:
    qtbot.keyClicks(QApplication.focusWidget(), text)


def press(qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key)


def test_an_action_is_found_and_run_by_keys_alone(shell: Shell, qtbot: QtBot, ran: Ran) -> None:
    with qtbot.waitSignal(shell.search_asked):
        qtbot.keyClick(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = palette(shell)
    assert "Claim & call the next lead" in box.titles()
    assert "Down" not in box.titles(), "moving is nothing to search for"
    assert "Booked away" not in box.titles(), "what can't be done now is not offered"
    type_into(qtbot, "boo")
    assert box.titles()[0] == "Booked"
    press(qtbot, Qt.Key.Key_Return)
    assert ran == ["outcome.booked"]
    assert opened(shell, Palette) is None


def test_the_arrows_choose(shell: Shell, qtbot: QtBot, ran: Ran) -> None:
    shell.open_palette()
    titles = palette(shell).titles()
    place = titles.index("Break")
    for _ in range(place):
        press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_Return)
    assert ran == ["status.break"]


def test_typing_in_the_palette_runs_nothing(shell: Shell, qtbot: QtBot, ran: Ran) -> None:
    shell.open_palette()
    box = palette(shell)
    type_into(qtbot, "1 j?")
    press(qtbot, Qt.Key.Key_Space)
    assert ran == []
    assert box.field.text() == "1 j? "
    press(qtbot, Qt.Key.Key_Escape)
    assert opened(shell, Palette) is None
    qtbot.keyClick(shell, Qt.Key.Key_Space)
    assert ran == ["lead.claim"], "and the keys are back"


def test_leads_are_asked_for_when_the_typing_rests(shell: Shell, qtbot: QtBot, ran: Ran) -> None:
    asked: list[str] = []

    def search(text: str) -> list[Hit]:
        asked.append(text)
        return [Hit("Priya Raman", "Northgate Retail · WARM 6:12", lambda: ran.append("priya"))]

    shell.lead_search = search
    shell.open_palette()
    type_into(qtbot, "priya")
    assert asked == [], "not while a key is being handled"
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == ["priya"], "once, for all five keys"
    assert palette(shell).titles() == ["Priya Raman"]
    press(qtbot, Qt.Key.Key_Return)
    assert ran == ["priya"]


def test_a_slip_of_the_finger_finds_it_still(shell: Shell, qtbot: QtBot) -> None:
    shell.open_palette()
    box = palette(shell)
    type_into(qtbot, "cliam")
    assert box.titles() == []
    qtbot.waitUntil(lambda: box.titles()[:1] == ["Claim & call the next lead"])


def test_the_first_rows_are_found_without_the_library() -> None:
    hits = [Hit(title, "", lambda: None) for title in ("Go to Queue", "Claim & call", "Call back", "Recall")]
    assert [hit.title for hit in rank("call", hits)] == ["Call back", "Claim & call", "Recall"]
    assert [hit.title for hit in rank("go qu", hits)] == ["Go to Queue"]
    assert rank("  ", hits) == hits
    assert rank("zzz", hits) == []
    assert score_cheap("straße", "Straße 1") > 90
    found = rank("appointment", [Hit("Booked", "", lambda: None, words="appointment")])
    assert [hit.title for hit in found] == ["Booked"]


def test_focus_goes_back_to_where_it_was(shell: Shell, qtbot: QtBot) -> None:
    field = QLineEdit(shell)
    field.show()
    field.setFocus()
    shell.open_palette()
    assert palette(shell).field.hasFocus()
    press(qtbot, Qt.Key.Key_Tab)
    assert palette(shell).field.hasFocus(), "Tab does not leave the palette"
    press(qtbot, Qt.Key.Key_Escape)
    assert field.hasFocus()


def test_a_click_beside_it_closes_it(shell: Shell, qtbot: QtBot) -> None:
    shell.open_palette()
    box = palette(shell)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().bottomLeft())
    assert opened(shell, Palette) is None


def test_a_closed_palette_ticks_no_more(shell: Shell, qtbot: QtBot) -> None:
    shell.open_palette()
    box = palette(shell)
    type_into(qtbot, "pri")
    timers = box.findChildren(QTimer)
    assert any(timer.isActive() for timer in timers)
    box.dismiss()
    assert not any(timer.isActive() for timer in timers)


def test_the_palette_follows_the_window(shell: Shell, qtbot: QtBot) -> None:
    shell.open_palette()
    box = palette(shell)
    shell.resize(700, 460)
    qtbot.waitUntil(lambda: box.width() == 700)
    assert box.rect().contains(box.panel.geometry())


def test_the_sheet_of_keys_shows_every_key_and_goes(shell: Shell, qtbot: QtBot, ran: Ran) -> None:
    qtbot.keyClick(shell, Qt.Key.Key_Question)
    sheet = opened(shell, KeySheet)
    assert isinstance(sheet, KeySheet)
    from app.ui.parts import KeyCap
    from app.ui.plain import PlainLabel

    words = [label.text() for label in sheet.findChildren(PlainLabel)]
    caps = [cap.accessibleName() for cap in sheet.findChildren(KeyCap)]
    assert {"Lead", "Outcome", "Booked", "Down"} <= set(words)
    assert {"Space", "1", "↓", "J", "Ctrl", "K", "?"} <= set(caps)
    press(qtbot, Qt.Key.Key_Space)
    press(qtbot, Qt.Key.Key_1)
    assert ran == [], "no action runs behind the sheet"
    press(qtbot, Qt.Key.Key_Question)
    assert opened(shell, KeySheet) is None


def test_one_overlay_at_a_time(shell: Shell, qtbot: QtBot) -> None:
    shell.open_palette()
    shell.open_keys()
    assert opened(shell, Palette) is None
    assert opened(shell, KeySheet) is not None
