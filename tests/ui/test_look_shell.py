"""The window: screens are built late, setters show what they are told, what is done reaches the outside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.ui import actions, theme
from app.ui.actions import Action, Hint
from app.ui.parts import Banner, Button, Chip, Figure, Notice
from app.ui.plain import PlainLabel
from app.ui.shell import Shell, Status
from app.ui.shell_rail import NavEntry


@pytest.fixture
def shell(qtbot: QtBot, qapp: QApplication) -> Iterator[Shell]:
    theme.apply(qapp, theme.LIGHT)
    shell = Shell()
    qtbot.addWidget(shell)
    shell.resize(1200, 800)
    yield shell
    shell.on_close = None
    shell.close()
    actions.clear()
    actions.detach()


def shown(shell: Shell, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in shell.findChildren(kind) if widget.isVisible()]


def test_a_screen_is_built_when_it_is_first_shown_and_once(shell: Shell, qtbot: QtBot) -> None:
    built: list[str] = []

    def make(name: str) -> QWidget:
        built.append(name)
        return PlainLabel(name)

    for name in ("queue", "review"):
        shell.add_screen(name, name.title(), "queue", lambda name=name: make(name))
    assert built == []
    with qtbot.waitSignal(shell.screen_shown) as told:
        shell.show_screen("queue")
    assert told.args == ["queue"]
    shell.show_screen("review")
    shell.show_screen("queue")
    shell.show_screen("nowhere")
    assert built == ["queue", "review"]
    assert shell.shown == "queue"


def test_the_rail_and_the_keys_change_the_screen(shell: Shell, qtbot: QtBot) -> None:
    for name in ("queue", "review"):
        shell.add_screen(name, name.title(), "queue", QWidget)
    shell.show_screen("queue")
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    entries = shell.findChildren(NavEntry)
    qtbot.mouseClick(entries[1], Qt.MouseButton.LeftButton)
    assert shell.shown == "review"
    assert entries[1].isChecked()
    assert not entries[0].isChecked()
    qtbot.keyClick(shell, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert shell.shown == "queue"
    entries[1].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(entries[1], Qt.Key.Key_Space)
    assert shell.shown == "review"


def test_the_header_shows_what_it_is_told_and_forgets_it_with_the_screen(shell: Shell) -> None:
    shell.add_screen("queue", "Queue", "queue", QWidget)
    shell.add_screen("review", "Review", "review", QWidget)
    shell.show_screen("queue")
    shell.show()
    shell.set_header([("2 hot", "hot"), ("7 warm", "warm")], [("SLA", "96%", "▲ 4")], "since Mon")
    assert [chip.accessibleName() for chip in shown(shell, Chip)] == ["2 hot", "7 warm"]
    assert [figure.accessibleName() for figure in shown(shell, Figure)] == ["SLA 96% ▲ 4"]
    first = shown(shell, Chip)[0]
    shell.set_header([("3 hot", "hot")], [])
    assert shown(shell, Chip) == [first], "chips are used again, not made anew every second"
    shell.show_screen("review")
    assert shown(shell, Chip) == []


def test_what_has_no_room_in_the_header_is_left_out(shell: Shell, qtbot: QtBot) -> None:
    shell.add_screen("queue", "Queue", "queue", QWidget)
    shell.show_screen("queue")
    shell.show()
    figures = [("Your TTFC today", "0:41", ""), ("SLA", "96%", ""), ("Calls", "23", ""), ("Booked", "4", "")]
    for width in (1400, 900, 700, 640):
        shell.resize(width, 600)
        qtbot.waitUntil(lambda width=width: shell.width() == width)
        shell.set_header([("2 hot", "hot"), ("7 warm", "warm"), ("41 cold", "cold")], figures)
        parts = [*shown(shell, Chip), *shown(shell, Figure), shell.header.search]
        for part in parts:
            assert part.width() >= part.minimumSizeHint().width()
        places = sorted((part.x(), part.x() + part.width()) for part in parts)
        assert all(before[1] <= after[0] for before, after in pairwise(places)), width
    assert len(shown(shell, Figure)) < 4


def test_tools_take_the_place_of_the_search_box(shell: Shell) -> None:
    shell.add_screen("queue", "Queue", "queue", QWidget)
    shell.add_screen("rules", "Rulebook", "rulebook", QWidget)
    shell.show_screen("queue")
    shell.show()
    tools = Button("Publish…", "primary")
    shell.set_tools(tools)
    assert tools.isVisible()
    assert not shell.header.search.isVisible()
    shell.show_screen("rules")
    assert not tools.isVisible()
    assert shell.header.search.isVisible()


def test_a_call_bar_covers_the_header_and_goes(shell: Shell) -> None:
    shell.show()
    bar = PlainLabel("2:47 Dana Okafor")
    shell.set_top(bar)
    assert bar.isVisible()
    assert not shell.header.isVisible()
    shell.set_top(None)
    assert not bar.isVisible()
    assert shell.header.isVisible()


def test_a_status_is_picked_from_the_menu_and_from_the_palette(shell: Shell, qtbot: QtBot) -> None:
    shell.set_person("MK", "Mara Keller", "Available", "good", "12:04")
    shell.set_statuses([Status("available", "Available"), Status("break", "Break", "warm")])
    shell.show()
    person = shell.rail.person
    assert person.accessibleName() == "Mara Keller, Available. Change status"
    qtbot.mouseClick(person, Qt.MouseButton.LeftButton)
    menu = shell.findChild(QMenu)
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(shell.status_picked) as told:
        menu.actions()[1].trigger()
    assert told.args == ["break"]
    menu.close()
    with qtbot.waitSignal(shell.status_picked) as told:
        actions.run("status.available")
    assert told.args == ["available"]
    shell.set_statuses([])
    assert actions.find("status.break") is None


def test_the_foot_follows_the_registry_until_it_is_told_otherwise(shell: Shell) -> None:
    actions.add(Action(id="note", title="Note", keys=("N",), hint="note", run=lambda: None))
    foot = shell.foot._hints
    assert foot.accessibleName() == "?: all keys, N: note"
    shell.set_hints([Hint(("Tab",), "next question")])
    actions.withdraw("note")
    assert foot.accessibleName() == "Tab: next question"
    shell.set_hints(None)
    assert foot.accessibleName() == "?: all keys"


def test_the_connection_says_its_state_in_words_and_colour(shell: Shell) -> None:
    shell.set_connection("live", "this computer · live · clock +0.00 s")
    live = shell.foot.grab().toImage()
    shell.set_connection("away", "The floor can't be reached; trying again")
    assert shell.foot._text.text() == "The floor can't be reached; trying again"
    assert shell.foot.grab().toImage() != live


def test_banners_stand_by_their_key(shell: Shell) -> None:
    ran: list[str] = []
    shell.show()
    shell.banner("keeper", "danger", "Escalations paused", "Why", lambda: ran.append("why"))
    shell.banner("keeper", "danger", "Escalations paused since 12:04", "Why", lambda: ran.append("why now"))
    shell.banner("disk", "warn", "The disk is nearly full", closable=True)
    words = [banner.accessibleName() for banner in shown(shell, Banner)]
    assert words == ["Escalations paused since 12:04", "The disk is nearly full"]
    first = shown(shell, Banner)[0]
    assert isinstance(first, Banner)
    first.action.click()
    assert ran == ["why now"]
    shell.clear_banner("keeper")
    shell.clear_banner("nobody")
    second = shown(shell, Banner)[0]
    assert isinstance(second, Banner)
    second.close_button.click()
    assert shown(shell, Banner) == []


def test_the_notice_stays_in_its_corner(shell: Shell, qtbot: QtBot) -> None:
    ran: list[str] = []
    shell.show()
    shell.notice("Grace Lin: no answer, next try 16:40 her time", "Undo  Z", lambda: ran.append("undo"))
    for width in (1200, 700):
        shell.resize(width, 600)
        qtbot.waitUntil(lambda width=width: shell.width() == width)
        notice = shown(shell, Notice)[0]
        assert isinstance(notice, Notice)
        corner = notice.mapTo(shell, QPoint(notice.width(), notice.height()))
        assert abs(corner.x() - (width - 4)) <= 1
        assert notice.x() >= 0
    notice.action.click()
    assert ran == ["undo"]
    shell.notice("x" * 99_999)
    notice = shown(shell, Notice)[0]
    assert notice.width() <= shell.width()
    shell.hide_notice()
    assert shown(shell, Notice) == []


def test_nothing_ticks_in_a_hidden_window(shell: Shell, qtbot: QtBot) -> None:
    shell.add_screen("queue", "Queue", "queue", QLineEdit)
    shell.show_screen("queue")
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    shell.notice("Grace Lin: no answer", "Undo", lambda: None)
    shell.open_palette()
    qtbot.keyClicks(QApplication.focusWidget(), "pri")
    timers = shell.findChildren(QTimer)
    assert any(timer.isActive() for timer in timers)
    shell.hide()
    assert [timer.parent() for timer in shell.findChildren(QTimer) if timer.isActive()] == []


def test_everything_to_press_in_the_window_has_a_name(shell: Shell) -> None:
    for name in ("queue", "review"):
        shell.add_screen(name, name.title(), "queue", QWidget)
    shell.set_badge("review", 3)
    shell.set_person("MK", "Mara Keller", "Available", "good", "12:04")
    shell.banner("b", "info", "Catching up", "Details", lambda: None, closable=True)
    shell.notice("Done", "Undo", lambda: None)
    shell.show()
    buttons = [button for button in shell.findChildren(QAbstractButton) if button.isVisible()]
    names = [QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) for button in buttons]
    assert len(names) >= 7
    assert all(names)
    assert "Review, 3" in names


def test_tab_reaches_the_rail_the_person_and_the_search(shell: Shell, qtbot: QtBot) -> None:
    shell.add_screen("queue", "Queue", "queue", QLineEdit)
    shell.show_screen("queue")
    shell.set_person("MK", "Mara Keller", "Available", "good", "12:04")
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    reached = set()
    for _ in range(8):
        shell.focusNextChild()
        reached.add(type(QApplication.focusWidget()).__name__)
    assert {"NavEntry", "Person", "SearchBox", "QLineEdit"} <= reached


def test_the_first_focus_is_in_the_screen_and_not_in_the_rail(shell: Shell, qtbot: QtBot) -> None:
    ran: list[str] = []
    shell.add_screen("queue", "Queue", "queue", QWidget)
    shell.add_screen("review", "Review", "review", QWidget)
    shell.show_screen("queue")
    actions.add(Action(id="claim", title="Claim", keys=("Space",), run=lambda: ran.append("claim")))
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    for expected in (1, 2):
        qtbot.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_Space)
        assert len(ran) == expected
        qtbot.keyClick(shell, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert shell.shown == "review"


def test_esc_leaves_the_field_one_types_in(shell: Shell, qtbot: QtBot) -> None:
    ran: list[str] = []
    shell.add_screen("queue", "Queue", "queue", QLineEdit)
    shell.show_screen("queue")
    actions.add(Action(id="note", title="Note", keys=("N",), run=lambda: ran.append("note")))
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    field = shell.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_N)
    assert ran == []
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.hasFocus()
    qtbot.keyClick(shell, Qt.Key.Key_N)
    assert ran == ["note"]


def test_the_window_remembers_where_it_was(shell: Shell, qtbot: QtBot) -> None:
    shell.resize(702, 607)
    shell.show()
    kept = shell.geometry_bytes()
    shell.resize(650, 500)
    assert shell.restore_geometry_bytes(kept)
    qtbot.waitUntil(lambda: shell.width() == 702)
    assert not shell.restore_geometry_bytes(b"nonsense")


def test_whoever_asked_may_keep_the_window_open(shell: Shell) -> None:
    shell.show()
    shell.on_close = lambda: False
    assert not shell.close()
    assert shell.isVisible()
    shell.on_close = lambda: True
    assert shell.close()


def test_a_low_window_keeps_every_entry_of_the_rail(shell: Shell, qtbot: QtBot) -> None:
    for number in range(7):
        shell.add_screen(f"s{number}", f"Screen {number}", "queue", QWidget)
    shell.show()
    for height in (900, 450):
        shell.resize(900, height)
        qtbot.waitUntil(lambda height=height: shell.height() == height)
        entries = [entry.geometry() for entry in shell.findChildren(NavEntry)]
        assert entries[-1].bottom() <= shell.rail.person.y()
        assert all(one.bottom() < other.top() for one, other in pairwise(entries))
