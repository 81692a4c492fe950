"""The settings screen: each choice takes effect at once and is kept in the profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import settings as profile
from app.ui import theme
from app.ui.plain import PlainLabel
from app.ui.settings_screen import TRIAL, SettingsScreen
from tests.ui.desk_kit import URL, Desks, OpenDesk
from tests.ui.queue_desk import people


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch)
    before = theme.current()
    yield desks
    desks.close()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, before)


def settings(desk: OpenDesk) -> SettingsScreen:
    desk.shell.show_screen("settings")
    screen = desk.shell.findChild(SettingsScreen)
    assert isinstance(screen, SettingsScreen)
    return screen


def test_the_look_changes_at_once_and_is_kept(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on()
    screen = settings(desk)
    assert screen.look.chosen == "system"
    screen.look._buttons["dark"].click()
    assert theme.current().dark
    assert profile.load(tmp_path).theme == "dark"
    screen.look._buttons["light"].click()
    assert not theme.current().dark
    assert profile.load(tmp_path).theme == "light"


def test_sounds_are_switched_off_and_on(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on()
    screen = settings(desk)
    asked: list[str] = []
    desk.context.sounder.asked.connect(asked.append)
    screen.play_button.click()
    assert asked == ["hot"]
    screen.sound._buttons["off"].click()
    assert desk.context.sounder.muted
    assert not screen.play_button.isEnabled()
    assert profile.load(tmp_path).sound is False
    screen.sound._buttons["on"].click()
    assert not desk.context.sounder.muted
    assert profile.load(tmp_path).sound is True


def test_the_chosen_scheme_is_dialled(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on()
    screen = settings(desk)
    screen.scheme._buttons["sip"].click()
    assert profile.load(tmp_path).dial_scheme == "sip"
    desk.context.dial("+13035550148")
    assert (tmp_path / "dialled").read_text() == "sip:+13035550148\n"


def test_a_test_notification_comes_up_and_is_pressed(desk_on: Desks) -> None:
    desk = desk_on()
    screen = settings(desk)
    screen.trial_button.click()
    assert [toast.lead_id for toast in desk.context.toasts.standing] == [TRIAL]
    desk.context.toasts.pressed.emit(TRIAL, "open")
    assert desk.context.toasts.standing == ()
    words = [label.whole() for label in desk.shell.findChildren(PlainLabel)]
    assert "The test notification was pressed: it works." in words
    assert desk.shell.shown == "settings"


def test_it_says_what_it_runs_on(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = settings(desk)
    values = {name: field.value for name, field in screen.fields.items()}
    desk.until(lambda: values["floor"].whole() == "Sample")
    assert values["capture"].whole() == URL
    assert values["database"].whole().startswith("SQLite 3.")
    assert "13 leads" in values["database"].whole()
    assert values["folder"].whole() == str(profile.home())
    assert screen.native.whole() == "Only the toasts inside the window are in use."
