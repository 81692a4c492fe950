"""A desk that is locked: nothing of a lead to be read, nothing to be done, and back as it was with the PIN."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QCursor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.clock import HandClock
from app.domain.commands import SetStatus, StartAttempt
from app.domain.lead import Lead, RepStatus, Tier
from app.floor.pin import DeskPin
from app.ui import actions
from app.ui.curtain import ABOVE
from app.ui.lock_card import LockCard, PinSheet
from app.ui.lock_face import LockFace
from app.ui.locking import LONGEST_CALL_S, DeskLock
from app.ui.plain import ask, say
from app.ui.settings_screen import SettingsScreen
from tests.fresh import START
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ME, person
from tests.ui.test_attendance import attended, banners, leave_alone, status

CANARY = "Xanthippe"
HOSTILE = f"<b>{CANARY}</b>\u202egnp.exe"
PIN = "4711"


@pytest.fixture(scope="module")
def hashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the PIN; hashing is slow on purpose, so it is done once."""
    path = tmp_path_factory.mktemp("pin") / "desk.pin"
    DeskPin(path, HandClock(START)).set(PIN)
    return path


@pytest.fixture
def pin(hashed: Path, tmp_path: Path) -> DeskPin:
    copyfile(hashed, tmp_path / "desk.pin")
    return DeskPin(tmp_path / "desk.pin", HandClock(START))


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    desks = Desks(qtbot, tmp_path, monkeypatch)
    yield desks
    desks.close()


def leads() -> list[Lead]:
    said = {"company": f"{CANARY} Ltd", "ask": f"call {CANARY}", "city": CANARY, "title": CANARY}
    return [
        person(HOSTILE, tier=Tier.HOT, ago=5, **said),  # type: ignore[arg-type]
        person(f"{CANARY} {HOSTILE}", tier=Tier.HOT, ago=300, **said),  # type: ignore[arg-type]
    ]


def lock_of(desk: OpenDesk) -> DeskLock:
    assert desk.context.lock is not None
    return desk.context.lock


def face(desk: OpenDesk) -> LockFace:
    found = desk.shell.findChild(LockFace)
    assert isinstance(found, LockFace)
    return found


def opened(desk: OpenDesk, told: str = PIN) -> None:
    """Type a PIN and press Enter."""
    field = face(desk).field
    field.setText(told)
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.until(lambda: not face(desk)._busy)


def words_to_be_seen() -> str:
    """All text of all widgets that are shown, with tooltips, titles, names for screen readers, and rows of lists."""
    found: list[str] = []
    for widget in QApplication.allWidgets():
        if not widget.isVisible():
            continue
        found += [widget.windowTitle(), widget.toolTip(), widget.accessibleName()]
        found += [widget.accessibleDescription()]
        if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
            found.append(widget.text())
        elif isinstance(widget, QPlainTextEdit):
            found.append(widget.toPlainText())
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            for row in range(model.rowCount()):
                for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                    found.append(str(model.index(row, 0).data(role)))
    return "\n".join(found)


def words_to_be_heard(start: QAccessibleInterface) -> str:
    """What a screen reader is offered, from a window down."""
    if start.state().invisible:
        return ""
    found = [start.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description)]
    for number in range(start.childCount()):
        child = start.child(number)
        if child is not None and child.isValid():
            found.append(words_to_be_heard(child))
    return "\n".join(found)


def heard(window: QWidget) -> str:
    return words_to_be_heard(QAccessible.queryAccessibleInterface(window))


def test_nothing_of_a_lead_can_be_read(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    opened(desk)
    desk.until(lambda: CANARY in words_to_be_seen())
    assert CANARY in heard(desk.shell), "the walks find it while the desk is open"
    desk.until(lambda: not desk.context.toasts._build.isActive())
    QTest.keyClick(desk.shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert lock_of(desk).locked
    opened(desk)
    desk.shell.open_palette()
    sheet = say(desk.shell, CANARY, CANARY)
    lock_of(desk).lock()
    assert not sheet.isVisible()
    late = say(desk.shell, "Late", f"An answer for {CANARY} came")  # also what comes up only now
    desk.until(lambda: not late.isVisible())
    desk.shell.notice(f"{CANARY} was given to you")
    desk.shell.banner("late", "danger", f"{CANARY} waits")
    desk.sample.floor.as_actor(ME).do(SetStatus(status=RepStatus.BREAK))
    desk.settled()
    assert CANARY not in words_to_be_seen()
    assert CANARY not in heard(desk.shell)
    assert desk.shell.windowTitle() == "Firstring"
    opened(desk)
    desk.until(lambda: CANARY in words_to_be_seen())
    assert sheet.isVisible()
    assert late.isVisible()
    for window in (sheet, late):
        window.accept()


def test_no_key_does_anything_but_type_the_pin(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    asked = desk.context.relay._number
    shown = desk.shell.shown
    for key in (Qt.Key.Key_Space, Qt.Key.Key_C, Qt.Key.Key_1, Qt.Key.Key_Question, Qt.Key.Key_F1):
        for widget in (face(desk).field, face(desk), face(desk).forgot_button, desk.shell):
            QTest.keyClick(widget, key)
    for key in (Qt.Key.Key_K, Qt.Key.Key_2, Qt.Key.Key_U):
        QTest.keyClick(desk.shell, key, Qt.KeyboardModifier.ControlModifier)
    assert desk.context.relay._number == asked
    assert desk.shell.shown == shown
    assert not [
        w for w in desk.shell.findChildren(QWidget) if w.isVisible() and "Palette" in type(w).__name__
    ]
    for _ in range(20):  # Tab stays on the lock
        QTest.keyClick(QApplication.focusWidget() or desk.shell, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert face(desk).isAncestorOf(focus)
    assert {w.accessibleName() for w in (face(desk), face(desk).field)} == {
        "This desk is locked",
        "PIN of this desk",
    }


def test_a_start_asks_for_it_before_anything_is_shown(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    assert lock_of(desk).locked
    desk.settled()
    assert CANARY not in words_to_be_seen()
    assert QApplication.focusWidget() is face(desk).field
    opened(desk, "0815")
    assert lock_of(desk).locked
    assert face(desk).said.whole() == "That is not this desk’s PIN."
    assert face(desk).field.text() == ""
    opened(desk)
    assert not lock_of(desk).locked
    assert actions.run("keys"), "the keys work again"


def test_after_wrong_tries_the_face_counts_down(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    for _ in range(3):
        opened(desk, "0815")
    shown = face(desk)
    assert shown.said.whole() == "Too many wrong tries. Again in 0:30."
    shown.field.setText(PIN)
    assert not shown.unlock_button.isEnabled()
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert lock_of(desk).locked
    for _ in range(29):
        shown._count_down()
    assert shown.said.whole() == "Too many wrong tries. Again in 0:01."
    shown._count_down()
    clock = pin._clock
    assert isinstance(clock, HandClock)
    clock.advance(seconds=30)
    opened(desk)
    assert not lock_of(desk).locked


def test_who_opens_it_is_what_they_were(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    opened(desk)
    attended(desk)
    for was in (RepStatus.WRAP_UP, RepStatus.AVAILABLE):
        desk.context.relay.do(SetStatus(status=was))
        desk.until(lambda was=was: status(desk) is was)
        lock_of(desk).lock()
        desk.until(lambda: status(desk) is RepStatus.AWAY)
        opened(desk)
        desk.until(lambda was=was: status(desk) is was)
        desk.settled()
        assert not banners(desk), "who typed the PIN need not be asked"


def test_a_break_stays_a_break(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    opened(desk)
    attended(desk)
    desk.context.relay.do(SetStatus(status=RepStatus.BREAK))
    desk.until(lambda: status(desk) is RepStatus.BREAK)
    lock_of(desk).lock()
    desk.settled()
    opened(desk)
    desk.settled()
    assert status(desk) is RepStatus.BREAK


def test_a_desk_left_alone_locks_itself(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    opened(desk)
    made = attended(desk)
    assert desk.settings.lock_after == 10
    QCursor.setPos(QPoint(21, 21))
    made._beat()
    leave_alone(made, 600 - 15)
    assert not lock_of(desk).locked
    window = desk.shell.windowHandle()
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    made.eventFilter(window, press)  # typing is a touch, though no pointer moves
    leave_alone(made, 600)
    assert not lock_of(desk).locked
    leave_alone(made, 15)
    assert lock_of(desk).locked
    desk.until(lambda: status(desk) is RepStatus.AWAY)
    opened(desk)
    desk.until(lambda: status(desk) is RepStatus.AVAILABLE)
    desk.settings.lock_after = 0
    leave_alone(made, 1200)
    assert not lock_of(desk).locked


def test_whoever_talks_is_not_locked_out_in_the_middle(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    opened(desk)
    attended(desk)
    first = desk.context.queue.first
    assert first is not None
    desk.context.relay.do(StartAttempt(lead_id=first))
    desk.until(lambda: status(desk) is RepStatus.ON_CALL)
    lock_of(desk).rested(1800)
    assert not lock_of(desk).locked
    lock_of(desk).rested(LONGEST_CALL_S)
    assert lock_of(desk).locked


def test_a_computer_that_slept_is_locked_however_soon_it_is_touched(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    opened(desk)
    made = attended(desk)
    steady = HandClock(START)
    made._steady, made._beaten = steady, START  # type: ignore[assignment]
    made._beat()
    assert not lock_of(desk).locked
    steady.advance(minutes=11)
    made._touched = True
    made._beat()
    assert lock_of(desk).locked


def test_it_says_how_many_wait_and_names_nobody(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    desk.settled()
    standing = desk.context.toasts.standing
    assert len(standing) == 1
    assert face(desk).waiting.isVisible()
    assert face(desk).waiting.whole() == "1 lead is waiting"
    desk.context.toasts.pressed.emit(standing[0].lead_id, "claim")
    desk.settled()
    lead = desk.context.board.leads[standing[0].lead_id]
    assert lead.claimed_at is None, "a bubble of before can't claim at a locked desk"


def test_quitting_is_possible_and_a_question_about_it_may_be_seen(desk_on: Desks, pin: DeskPin) -> None:
    desk = desk_on(leads(), pin=pin)
    asked: list[bool] = []
    sheet = ask(desk.shell, "Quit with unsent work?", "2 things", "Quit", "Stay", asked.append)
    sheet.setProperty(ABOVE, True)
    QApplication.processEvents()
    assert sheet.isVisible()
    sheet.reject()
    assert asked == [False]


def test_without_a_pin_the_key_says_what_is_missing(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on(leads(), pin=DeskPin(tmp_path / "none.pin", HandClock(START)))
    assert not lock_of(desk).locked
    QTest.keyClick(desk.shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not lock_of(desk).locked
    assert "this one has none" in words_to_be_seen()


def test_a_practice_floor_has_no_lock(desk_on: Desks) -> None:
    desk = desk_on(leads())
    assert desk.context.lock is None
    assert actions.find("lock") is None


def sheet_of(desk: OpenDesk) -> PinSheet:
    desk.until(lambda: open_sheets(desk))
    return open_sheets(desk)[0]


def open_sheets(desk: OpenDesk) -> list[PinSheet]:
    """The sheets that are still open."""
    return [sheet for sheet in desk.shell.findChildren(PinSheet) if sheet.isVisible()]


def test_a_pin_is_set_changed_and_removed_in_the_settings(desk_on: Desks, tmp_path: Path) -> None:
    pin = DeskPin(tmp_path / "new.pin", HandClock(START))
    desk = desk_on(leads(), pin=pin)
    desk.shell.show_screen("settings")
    screen = desk.shell.findChild(SettingsScreen)
    assert isinstance(screen, SettingsScreen)
    card = screen.lock
    assert isinstance(card, LockCard)
    card.set_button.click()
    sheet = sheet_of(desk)
    for new, again, said in (
        ("12", "12", "at least 4"),
        ("1234", "1234", "anybody tries"),
        (PIN, "4712", "not the same"),
    ):
        sheet.new.setText(new)
        sheet.again.setText(again)
        sheet.done_button.click()
        assert said in sheet.trouble.whole()
    sheet.again.setText(PIN)
    sheet.done_button.click()
    desk.until(lambda: not open_sheets(desk))
    assert card.change_button.isVisible()
    assert pin.check(PIN)
    card.after._buttons["30"].click()
    assert desk.settings.lock_after == 30

    card.change_button.click()
    sheet = sheet_of(desk)
    sheet.old.setText("0815")
    sheet.new.setText("2580")
    sheet.again.setText("2580")
    sheet.done_button.click()
    desk.until(lambda: sheet.trouble.whole() == "That is not this desk’s PIN.")
    sheet.old.setText(PIN)
    sheet.done_button.click()
    desk.until(lambda: not open_sheets(desk))
    assert pin.check("2580")

    card.remove_button.click()
    sheet = sheet_of(desk)
    sheet.old.setText("2580")
    sheet.done_button.click()
    desk.until(lambda: not open_sheets(desk))
    assert card.set_button.isVisible()
    assert not pin.is_set


def test_who_forgot_it_is_told_what_to_do(desk_on: Desks, pin: DeskPin, qtbot: QtBot) -> None:
    desk = desk_on(leads(), pin=pin)
    shown = face(desk)
    shown.forgot_button.click()
    assert "main.py pin remove" in shown.advice.whole()
    assert not shown.leave_button.isVisible()
    shown.back_button.click()
    pin.remove()  # as that command does
    opened(desk, "anything")
    assert not lock_of(desk).locked


def test_a_desk_of_a_shared_floor_can_be_logged_out(desk_on: Desks, pin: DeskPin, qtbot: QtBot) -> None:
    pin.leaves = True
    desk = desk_on(leads(), pin=pin)
    shown = face(desk)
    shown.forgot_button.click()
    with qtbot.waitSignal(lock_of(desk).logged_out):
        shown.leave_button.click()
    shown.back_button.click()
    pin.remove()
    with qtbot.waitSignal(lock_of(desk).logged_out):
        opened_by_nothing(shown)
    assert lock_of(desk).locked


def opened_by_nothing(shown: LockFace) -> None:
    shown.field.setText("anything")
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
