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
    database = "postgresql://floor.local/first"
    for told, joined in ((str(file), str(file)), (f" {database} ", database)):
        welcome.join_form.address.setText(told)
        with qtbot.waitSignal(welcome.join) as heard:
            press(qtbot, Qt.Key.Key_Return)
        assert heard.args == [joined]
        assert not welcome.join_form.trouble.isVisible()


def test_one_form_is_open_at_a_time_and_esc_closes_it(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.start_form.opener.click()
    welcome.join_form.opener.click()
    assert not welcome.start_form.is_open()
    assert welcome.join_form.is_open()
    assert QApplication.focusWidget() is welcome.join_form.address
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
        ("", "paste a link"),
        ("/no/such/file.floor", "no such file"),
        ("postgresql://", "computer's name"),
        ("gopher://x", "begins with"),
        ("http://floor.local", "begins with"),
        ("floor.local:99999", "no such file"),
        ("https://a b", "no address of a server"),
        ("firstring://join?a=floor.local", "secret is not whole"),
        ("firstring:", "begins with firstring://join"),
        ("a\nb", "does not look like"),
        ("x" * 3_000, "does not look like"),
    ],
)
def test_addresses_that_can_not_be_one(text: str, says: str) -> None:
    assert says in address_trouble(text)


def test_names_and_addresses_that_can_be(tmp_path: Path) -> None:
    assert address_trouble("postgresql://floor:5432/first") == ""
    assert address_trouble("HTTPS://floor.example") == ""
    assert address_trouble("floor.example:8738") == address_trouble("192.168.1.20") == ""
    assert name_trouble("Mara") == ""
    assert "80" in name_trouble("x" * 81)


def offers(welcome: Welcome) -> list[Button]:
    return [button for button in welcome.findChildren(Button) if button.words() == "Join…"]


def test_a_floor_on_the_network_is_offered_only_while_there_is_one(welcome: Welcome, qtbot: QtBot) -> None:
    assert offers(welcome) == []
    welcome.show_found([("Denver <b>floor</b>", "192.0.2.7:8738")])
    (offer,) = offers(welcome)
    assert offer.accessibleName() == "Join Denver <b>floor</b>"
    offer.click()
    assert welcome.join_form.address.text() == "192.0.2.7:8738"
    assert QApplication.focusWidget() is welcome.join_form.secret
    press(qtbot, Qt.Key.Key_Return)
    assert "16 letters" in welcome.join_form.trouble.text()
    qtbot.keyClicks(welcome.join_form.secret, "abcd efgh ijkl 2345")
    with qtbot.waitSignal(welcome.invited) as told:
        press(qtbot, Qt.Key.Key_Return)
    assert told.args == ["192.0.2.7:8738", "ABCD-EFGH-IJKL-2345", ""]
    welcome.show_found([])
    qtbot.waitUntil(lambda: offers(welcome) == [])


LINK = "firstring://join?a=192.0.2.7:8738&s=ABCD-EFGH-IJKL-2345"


def test_a_link_needs_nothing_else(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.join_form.open_form()
    welcome.join_form.address.setText(LINK)
    assert not welcome.join_form.secret.isVisible()
    with qtbot.waitSignal(welcome.invited) as told:
        press(qtbot, Qt.Key.Key_Return)
    assert told.args == [LINK, "", ""]


def test_a_passphrase_is_for_what_it_was_asked_for(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.ask_password(LINK, "This computer has no safe keyring.")
    form = welcome.join_form
    assert form.trouble.text() == "This computer has no safe keyring."
    assert QApplication.focusWidget() is form.password
    assert form.password.accessibleName() == "Passphrase of this desk"
    qtbot.keyClicks(form.password, "correct horse")
    with qtbot.waitSignal(welcome.invited) as told:
        press(qtbot, Qt.Key.Key_Return)
    assert told.args == [LINK, "", "correct horse"]
    form.address.setText("192.0.2.7")
    assert not form.password.isVisible()
    assert form.password.text() == ""
    assert form.secret.isVisible()


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
