"""The weekly review on a real floor: frozen with a press, disputed, answered, written into files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import AddRep, AnswerDispute, EndAttempt, LogOutcome, StartAttempt
from app.domain.lead import Outcome, Role
from app.ui.plain import PlainLabel
from app.ui.week_screen import FLOOR, WeekScreen
from app.ui.week_sheets import AnswerSheet, DisputeSheet
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ME, people


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def week_screen(desk: OpenDesk) -> WeekScreen:
    desk.shell.show_screen("week")
    screen = desk.shell.findChild(WeekScreen)
    assert isinstance(screen, WeekScreen)
    desk.until(lambda: screen.shelf is not None)
    return screen


def called(desk: OpenDesk) -> None:
    """I called somebody, and the week went by."""
    lead = desk.context.queue.first
    assert lead is not None
    mine = desk.sample.floor.as_actor(ME)
    attempt = mine.do(StartAttempt(lead_id=lead)).value.attempt_id
    desk.sample.clock.advance(seconds=40)
    mine.do(EndAttempt(attempt_id=attempt))
    mine.do(LogOutcome(lead_id=lead, outcome=Outcome.NO_ANSWER))
    desk.sample.clock.advance(hours=7 * 24)
    desk.settled()


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel))


def test_a_week_is_frozen_disputed_and_answered(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on(people())
    called(desk)
    screen = week_screen(desk)
    assert screen.freeze_button.isVisible()
    screen.freeze()
    desk.until(lambda: screen.page is not None)
    assert [row.key for row in screen.list.rows] == [FLOOR, ME]
    assert not screen.freeze_button.isVisible()
    assert screen.page is not None
    assert screen.page.rep_id == ""
    screen.list.choose(ME)
    desk.until(lambda: screen.page is not None and screen.page.rep_id == ME)
    assert "Too few: 1 leads were called" in screen.report.notes.text()

    screen.dispute()
    sheet = screen.findChild(DisputeSheet)
    assert isinstance(sheet, DisputeSheet)
    assert not sheet.ok.isEnabled()
    sheet.words.setPlainText("It was my day off.")
    sheet.ok.click()
    desk.until(lambda: len(screen.beside.disputes) == 1)
    assert "It was my day off." in words(screen.beside.disputes[0])
    assert "Answer" not in words(screen.beside), "nobody answers their own"

    assert screen.kept is not None
    other = desk.sample.floor.do(AddRep(name="Ida", role=Role.MANAGER)).value.id
    sheets = AnswerSheet(screen, screen.kept.disputes[0])
    said: list[tuple[object, ...]] = []
    sheets.said.connect(lambda *told: said.append(told))
    sheets.words.setPlainText("So it was.")
    sheets.agreed.setChecked(True)
    sheets.points.setValue(2.5)
    sheets.ok.click()
    assert said == [("So it was.", True, 2.5)]
    answer = AnswerDispute(
        dispute_id=screen.kept.disputes[0].id, text="So it was.", accepted=True, points=2.5
    )
    desk.sample.floor.as_actor(other).do(answer)
    desk.until(lambda: screen.beside.disputes and "So it was." in words(screen.beside.disputes[0]))
    assert "Ida · accepted, +2.5 points" in words(screen.beside.disputes[0])

    screen.export_to(tmp_path / "mine.pdf")
    assert (tmp_path / "mine.pdf").read_bytes().startswith(b"%PDF")
    screen.list.choose(FLOOR)
    desk.until(lambda: screen.page is not None and screen.page.rep_id == "")
    screen.export_to(tmp_path / "pay.csv")
    (row,) = csv.DictReader((tmp_path / "pay.csv").read_text(encoding="utf-8-sig").splitlines())
    assert (row["rep_id"], row["correction"]) == (ME, "2.5")
