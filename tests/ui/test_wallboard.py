"""The wallboard on a desk: live from the floor, painting what changed, over a whole monitor, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.commands import AddRep, LogOutcome, RaiseLead, StartAttempt, TellRep
from app.domain.lead import Outcome, Role
from app.floor.wall_face import Hour
from app.settings import load
from app.ui import actions, theme
from app.ui.told import TOLD
from app.ui.wallboard_paint import paint_cell
from app.ui.wallboard_plan import Cell, Sort
from app.ui.wallboard_screen import WallboardScreen
from tests.fresh import START
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ME, people


@pytest.fixture
def desks(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    made = Desks(qtbot, tmp_path, monkeypatch, Role.OWNER)
    yield made
    made.close()


def shown(desk: OpenDesk) -> WallboardScreen:
    desk.shell.show_screen("wallboard")
    screen = desk.shell.findChild(WallboardScreen)
    assert isinstance(screen, WallboardScreen)
    desk.until(lambda: screen.feed.wall.face().known)
    desk.until(lambda: screen.board.rows)
    return screen


def said(screen: WallboardScreen) -> list[str]:
    return [cell.text for cell in screen.board._cells if cell.text]


def test_the_board_is_live(desks: Desks) -> None:
    desk = desks(people())
    screen = shown(desk)
    first = desk.context.queue.first
    assert first is not None
    desk.context.relay.do(StartAttempt(lead_id=first))
    desk.until(lambda: any(text.startswith("on call") for text in said(screen)))
    desk.context.relay.do(LogOutcome(lead_id=first, outcome=Outcome.WON, amount=1_840_000))
    desk.until(lambda: "Won" in said(screen))
    assert screen.feed.wall.face().news[0].amount == 1_840_000


def test_an_event_paints_only_what_it_changed(desks: Desks, qtbot: QtBot) -> None:
    desk = desks(people())
    screen = shown(desk)
    board = screen.board
    qtbot.waitUntil(lambda: bool(board._cells))
    before = list(board._cells)
    board.tick(desk.context.now())
    assert len(before) == len(board._cells)
    changed = [cell.rect for was, cell in zip(before, board._cells, strict=True) if was != cell]
    assert sum(rect.width() * rect.height() for rect in changed) < 0.1 * board.width() * board.height()


def test_names_can_be_hidden_and_that_is_remembered(desks: Desks) -> None:
    desk = desks(people())
    screen = shown(desk)
    names = [line.who for line in screen.feed.wall.face().lines if line.who]
    assert names
    assert any(name in text for name in names for text in said(screen))
    screen.hide_names()
    assert not any(name in text for name in names for text in said(screen))
    kept = load(desk.settings.path.parent)  # type: ignore[union-attr]
    assert kept.wall_hides_names


def test_it_covers_a_monitor_and_gives_it_back(desks: Desks, qtbot: QtBot) -> None:
    desk = desks(people())
    screen = shown(desk)
    actions.run("wallboard.full")
    window = screen.window_of_board
    assert window is not None
    desk.until(lambda: screen.board.isVisible() and screen.board.window() is window)
    assert desk.settings.wall_monitor
    screen.board.setFocus()
    qtbot.keyClick(screen.board, Qt.Key.Key_Right)
    assert screen.board.page == "reps"
    qtbot.keyClick(screen.board, Qt.Key.Key_Escape)
    assert screen.window_of_board is None
    assert screen.board.window() is desk.shell


def test_a_row_is_reached_by_keyboard_and_has_a_menu(desks: Desks, qtbot: QtBot) -> None:
    desk = desks(people())
    screen = shown(desk)
    board = screen.board
    board.setFocus()
    qtbot.waitUntil(board.hasFocus)
    qtbot.keyClick(board, Qt.Key.Key_Down)
    assert board.chosen == (board.rows[0].lead_id or board.rows[0].rep_id)
    assert board.accessibleDescription() == board.rows[0].name
    qtbot.keyClick(board, Qt.Key.Key_Menu)
    menu = screen.hand.menu
    assert menu is not None
    words = [entry.text() for entry in menu.actions()]
    assert "Raise now" in words
    assert "Message to all desks…" in words
    menu.close()


def test_pages_turn_by_need(desks: Desks) -> None:
    desk = desks(people())
    screen = shown(desk)
    assert not screen.board.turns_now
    for n in range(40):
        desk.sample.floor.do(AddRep(name=f"Rep {n:02d}"))
    desk.until(lambda: len(screen.feed.wall.face().reps) > 40)
    screen.board.tick(desk.context.now())
    assert screen.board.turns_now


def test_a_message_stands_on_the_desk_until_it_is_read(desks: Desks) -> None:
    desk = desks(people())
    boss = desk.sample.floor.do(AddRep(name="Ida Nyberg", role=Role.OWNER)).value.id
    desk.sample.floor.as_actor(boss).do(TellRep(to=ME, text="Luis is waiting. <b>Now</b>"))
    toasts = desk.context.toasts
    desk.until(lambda: [one for one in toasts.standing if one.lead_id.startswith(TOLD)])
    (toast,) = (one for one in toasts.standing if one.lead_id.startswith(TOLD))
    assert toast.body == "Luis is waiting. <b>Now</b>"
    toasts.pressed.emit(toast.lead_id, "read")
    desk.until(lambda: toast not in toasts.standing)
    desk.sample.floor.as_actor(ME).do(TellRep(text="To all"))
    desk.settled()
    assert not [one for one in toasts.standing if one.lead_id.startswith(TOLD)]  # not to who wrote it


def test_a_breach_is_heard_where_the_board_is_seen(desks: Desks, qtbot: QtBot) -> None:
    desk = desks(people())
    screen = shown(desk)
    heard: list[str] = []
    desk.context.sounder.asked.connect(heard.append)
    screen.feed.breached.emit()
    assert heard == ["breach"]
    screen.change_sound()
    screen.feed.breached.emit()
    assert heard == ["breach"]


def test_a_right_click_chooses_what_it_is_on(desks: Desks, qtbot: QtBot) -> None:
    desk = desks(people())
    screen = shown(desk)
    row = screen.board.rows[-1]
    wanted: list[object] = []
    screen.board.menu_wanted.disconnect()
    screen.board.menu_wanted.connect(lambda do, at: wanted.append(do))
    qtbot.mouseClick(screen.board, Qt.MouseButton.LeftButton, pos=row.rect.center())
    assert screen.board.chosen == (row.lead_id or row.rep_id)
    assert screen.board._at(QPoint(-5, -5)) is None


def test_only_who_leads_may_raise_or_tell(desks: Desks) -> None:
    desk = desks(people(), role=Role.REP)
    screen = shown(desk)
    assert desk.context.why_not(RaiseLead)
    screen.hand.open_menu(screen.board.rows[0], QPoint(0, 0), screen.board)
    menu = screen.hand.menu
    assert menu is not None
    assert not [
        e for e in menu.actions() if e.text() in ("Raise now", "Message to all desks…") and e.isEnabled()
    ]
    menu.close()


def test_the_line_of_the_hours_stops_where_nobody_was_called(qapp: QApplication) -> None:
    look = theme.current()

    def inked(*waits: float | None) -> list[bool]:
        """Of each hour whether the line of today is over its middle."""
        hours = tuple(
            Hour(
                label=n,
                leads=0,
                ttfc=wait,
                leads_before=0,
                ttfc_before=None,
                since=START + timedelta(hours=n),
            )
            for n, wait in enumerate(waits)
        )
        picture = QImage(400, 200, QImage.Format.Format_RGB32)
        picture.fill(look.card)
        painter = QPainter(picture)
        chart = Cell(Sort.CHART, QRect(0, 0, 400, 200), size=12, hours=hours, now=len(hours) - 1)
        paint_cell(painter, chart, 1.0, faded=False)
        painter.end()
        wide = min(400 / len(hours), 110)
        middles = (round((n + 0.5) * wide) for n in range(len(hours)))
        warm = look.warm.rgb()
        return [any(picture.pixel(x, y) == warm for y in range(170)) for x in middles]

    assert inked(60, 60, None, 60, 60) == [True, True, False, True, True]
    assert inked(60, None, 60, 30 * 86400) == [True, False, True, True]
