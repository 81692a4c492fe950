"""The team screen on a real floor: who does what since when; people are added, renamed and retired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.commands import AddRep, SetStatus
from app.domain.lead import Rep, RepStatus, Role
from app.ui.parts import Button, Sheet
from app.ui.plain import PlainLabel
from app.ui.team_screen import TeamScreen
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, ME, people


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def team(desk: OpenDesk) -> TeamScreen:
    desk.shell.show_screen("team")
    screen = desk.shell.findChild(TeamScreen)
    assert isinstance(screen, TeamScreen)
    return screen


def sheet() -> Sheet:
    shown = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Sheet)]
    (opened,) = [widget for widget in shown if widget.isVisible()]
    return opened


def press(word: str) -> None:
    (button,) = [button for button in sheet().findChildren(Button) if button.words() == word]
    button.click()


def row(screen: TeamScreen, key: str) -> tuple[str, str, str, str]:
    (found,) = [row for row in screen.list.rows if row.key == key]
    return found.title, found.detail, found.right, found.chip[0] if found.chip else ""


def rep(desk: OpenDesk, key: str) -> Rep:
    return desk.context.board.reps[key]


def owner(desk: OpenDesk) -> str:
    """Somebody who owns the floor, so that others may change."""
    return desk.sample.terminal.do(AddRep(name="Ines", role=Role.OWNER)).value.id


def test_everybody_is_there_with_what_they_do_and_for_how_long(desk_on: Desks) -> None:
    desk = desk_on(people())
    desk.sample.floor.as_actor(ANA).do(SetStatus(status=RepStatus.BREAK))
    desk.settled()
    screen = team(desk)
    assert row(screen, ANA) == ("Ana Brito", "Rep · 0 open leads", "0:00", "Break")
    assert row(screen, ME) == ("Mara Kovac (you)", "Manager · 12 open leads", "9 d", "Available")
    now = desk.sample.clock.advance(seconds=75)
    desk.context.ticked.emit(now)
    assert row(screen, ANA)[2] == "1:15"
    desk.sample.floor.as_actor(ANA).do(SetStatus(status=RepStatus.AVAILABLE))
    desk.until(lambda: row(screen, ANA)[2:] == ("0:00", "Available"))
    notes = [label.whole() for label in desk.shell.header.findChildren(PlainLabel)]
    assert "2 people · 2 available" in notes


def test_somebody_new_is_added(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = team(desk)
    desk.until(lambda: screen.list.rows)
    qtbot.keyClick(screen, Qt.Key.Key_A)
    opened = sheet()
    name, role = opened.findChild(QLineEdit), opened.findChild(QComboBox)
    assert isinstance(name, QLineEdit)
    assert isinstance(role, QComboBox)
    name.setText("Kim <u>Tran</u>")
    role.setCurrentIndex(role.findData("team_lead"))
    press("Add")
    desk.until(lambda: screen.person.title.whole() == "Kim <u>Tran</u>")
    assert row(screen, screen.list.key) == ("Kim <u>Tran</u>", "Team lead · 0 open leads", "0:00", "Away")


def test_a_name_and_a_role_are_changed(desk_on: Desks) -> None:
    desk = desk_on()
    owner(desk)
    desk.settled()
    screen = team(desk)
    screen.list.choose(ANA)
    assert not screen.person.save_button.isEnabled()
    screen.person.name.setText("Ana Brito-Reis")
    screen.person.role.setCurrentIndex(screen.person.role.findData("manager"))
    screen.person.save_button.click()
    desk.until(lambda: rep(desk, ANA).role is Role.MANAGER)
    assert rep(desk, ANA).name == "Ana Brito-Reis"
    desk.until(lambda: screen.person.title.whole() == "Ana Brito-Reis")
    assert not screen.person.save_button.isEnabled()


def test_somebody_retires_after_asking_and_comes_back(desk_on: Desks) -> None:
    desk = desk_on()
    owner(desk)
    desk.settled()
    screen = team(desk)
    screen.list.choose(ANA)
    screen.person.retire_button.click()
    press("Cancel")
    screen.person.retire_button.click()
    press("Retire")
    desk.until(lambda: not rep(desk, ANA).active)
    desk.until(lambda: screen.list.rows[-1].key == ANA)
    assert row(screen, ANA)[2:] == ("", "retired")
    assert screen.list.key == ANA
    screen.person.retire_button.click()
    desk.until(lambda: rep(desk, ANA).active)


def test_a_floor_keeps_its_last_owner_and_says_so(desk_on: Desks) -> None:
    desk = desk_on(role=Role.OWNER)
    screen = team(desk)
    desk.until(lambda: screen.list.rows)
    screen.list.choose(ME)
    screen.person.role.setCurrentIndex(screen.person.role.findData("rep"))
    screen.person.save_button.click()

    def said() -> bool:
        labels = desk.shell.findChildren(PlainLabel)
        return any("A floor needs an owner" in label.whole() for label in labels if label.isVisible())

    desk.until(said)
    assert rep(desk, ME).role is Role.OWNER


def test_what_is_being_typed_is_left_alone(desk_on: Desks) -> None:
    desk = desk_on()
    screen = team(desk)
    desk.until(lambda: screen.list.rows)
    screen.list.choose(ANA)
    screen.person.name.setText("Ana B")
    desk.sample.floor.as_actor(ANA).do(SetStatus(status=RepStatus.BREAK))
    desk.until(lambda: row(screen, ANA)[3] == "Break")
    desk.context.ticked.emit(desk.sample.clock.advance(seconds=1))
    assert screen.person.name.text() == "Ana B"
