"""The first start: three ways in, all by keyboard, each mistake answered in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.parts import Button
from app.ui.welcome import Welcome, address_trouble, name_trouble
from app.ui.welcome_cards import Choice


@pytest.fixture
def welcome(qtbot: QtBot, qapp: QApplication) -> Iterator[Welcome]:
    theme.apply(qapp, theme.LIGHT)
    welcome = Welcome()
    qtbot.addWidget(welcome)
    welcome.show()
    welcome.activateWindow()
    qtbot.waitUntil(welcome.isActiveWindow)
    yield welcome
    welcome.close()


def press(qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key)


def test_enter_starts_practising_at_once(welcome: Welcome, qtbot: QtBot) -> None:
    assert QApplication.focusWidget() is welcome.practice_button
    with qtbot.waitSignal(welcome.practise):
        press(qtbot, Qt.Key.Key_Return)


def test_a_floor_is_started_by_keys_alone(welcome: Welcome, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is welcome.start_form.opener
    press(qtbot, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is welcome.floor_name
    press(qtbot, Qt.Key.Key_Return)
    assert welcome.start_form.trouble.text() == "Please fill in both names."
    qtbot.keyClicks(QApplication.focusWidget(), "  Denver floor ")
    press(qtbot, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is welcome.rep_name, "the field that is missing has the focus"
    qtbot.keyClicks(QApplication.focusWidget(), "Mara <b>Keller</b>")
    welcome.country.setCurrentIndex(welcome.country.findData("DE"))
    with qtbot.waitSignal(welcome.start) as told:
        press(qtbot, Qt.Key.Key_Return)
    assert told.args == ["Denver floor", "Mara <b>Keller</b>", "DE"]


def test_two_arguments_are_enough_for_who_wants_no_country(welcome: Welcome, qtbot: QtBot) -> None:
    heard: list[tuple[str, str]] = []

    def started(name: str, rep: str) -> None:
        heard.append((name, rep))

    welcome.start.connect(started)
    welcome.start_form.open_form()
    welcome.floor_name.setText("Denver")
    welcome.rep_name.setText("Mara")
    welcome.start_form.submit_button.click()
    assert heard == [("Denver", "Mara")]


def test_a_floor_is_joined_by_file_or_address(welcome: Welcome, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "denver.floor"
    file.write_bytes(b"")
    welcome.join_form.opener.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    qtbot.keyClicks(QApplication.focusWidget(), "ftp://floor.local")
    press(qtbot, Qt.Key.Key_Return)
    assert "postgresql://" in welcome.join_form.trouble.text()
    for told, joined in ((str(file), str(file)), (" http://floor.local:8090 ", "http://floor.local:8090")):
        welcome.address.setText(told)
        with qtbot.waitSignal(welcome.join) as heard:
            press(qtbot, Qt.Key.Key_Return)
        assert heard.args == [joined]
        assert not welcome.join_form.trouble.isVisible()


def test_one_form_is_open_at_a_time_and_esc_closes_it(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.start_form.opener.click()
    welcome.join_form.opener.click()
    assert not welcome.start_form.is_open()
    assert welcome.join_form.is_open()
    assert QApplication.focusWidget() is welcome.address
    press(qtbot, Qt.Key.Key_Escape)
    assert not welcome.join_form.is_open()
    assert QApplication.focusWidget() is welcome.join_form.opener


def test_what_went_wrong_outside_is_said_where_one_looks(welcome: Welcome) -> None:
    welcome.set_busy(True)
    assert not welcome.practice_button.isEnabled()
    welcome.refuse("There is no room on the disk.")
    assert welcome.practice_button.isEnabled()
    assert any(
        label.isVisible() and label.property("text") == "There is no room on the disk."
        for label in welcome.findChildren(QWidget)
    )
    welcome.join_form.open_form()
    welcome.refuse("That floor is of a newer version.")
    assert welcome.join_form.trouble.text() == "That floor is of a newer version."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "paste an address"),
        ("/no/such/file.floor", "no such file"),
        ("postgresql://", "computer's name"),
        ("gopher://x", "begins with"),
        ("a\nb", "does not look like"),
        ("x" * 3_000, "does not look like"),
    ],
)
def test_addresses_that_can_not_be_one(text: str, says: str) -> None:
    assert says in address_trouble(text)


def test_names_and_addresses_that_can_be(tmp_path: Path) -> None:
    assert address_trouble("postgresql://floor:5432/first") == ""
    assert address_trouble("HTTPS://floor.example") == ""
    assert name_trouble("Mara") == ""
    assert "80" in name_trouble("x" * 81)


def test_a_floor_on_the_network_is_offered_only_when_there_is_one(welcome: Welcome, qtbot: QtBot) -> None:
    offers = [button for button in welcome.findChildren(Button) if button.words() == "Ask to join"]
    assert offers == []
    other = Welcome(floors=[("Denver <b>floor</b>", "https://floor.local")])
    qtbot.addWidget(other)
    offers = [button for button in other.findChildren(Button) if button.words() == "Ask to join"]
    assert [offer.accessibleName() for offer in offers] == ["Ask to join Denver <b>floor</b>"]
    with qtbot.waitSignal(other.join) as told:
        offers[0].click()
    assert told.args == ["https://floor.local"]


def test_everything_to_press_has_a_name(welcome: Welcome) -> None:
    welcome.start_form.open_form()
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for widget in welcome.findChildren(kind):
            if widget.isVisible():
                assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1100, 720), (550, 400), (360, 320)])
def test_the_cards_find_room_in_any_window(welcome: Welcome, qtbot: QtBot, width: int, height: int) -> None:
    welcome.resize(width, height)
    choices = welcome.findChildren(Choice)
    assert len(choices) == 3
    inner = choices[0].parentWidget()
    assert inner is not None

    def settled() -> None:
        cards = [choice.geometry() for choice in choices]
        assert (cards[0].y() == cards[1].y()) == (width >= 1_000)
        assert not any(one.intersects(other) for one, other in pairwise(cards))
        assert all(inner.rect().contains(card) for card in cards)
        assert all(choice.height() >= choice.minimumSizeHint().height() for choice in choices)

    qtbot.waitUntil(settled)
