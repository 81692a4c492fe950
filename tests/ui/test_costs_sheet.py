"""Costs are entered, shown and taken back on a real floor; what is no cost is said to be none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.costs import Cost
from app.domain.lead import Role
from app.domain.questions import Costs
from app.ui.costs_sheet import CostsSheet, parse_cost
from app.ui.parts import Sheet
from app.ui.reports_screen import ReportsScreen
from app.ui.sources_screen import SourcesScreen
from app.ui.wording import amount
from tests.ui.desk_kit import Desks, OpenDesk


@pytest.fixture
def desks(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    made = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield made
    made.close()


def kept(desk: OpenDesk) -> tuple[Cost, ...]:
    return desk.sample.terminal.ask(Costs()).costs


def opened(desk: OpenDesk, qtbot: QtBot) -> CostsSheet:
    desk.shell.show_screen("sources")
    screen = desk.shell.findChild(SourcesScreen)
    assert isinstance(screen, SourcesScreen)
    qtbot.keyClick(screen, Qt.Key.Key_C)
    sheet = screen.findChild(CostsSheet)
    assert isinstance(sheet, CostsSheet)
    return sheet


def test_a_cost_is_entered_shown_and_taken_back(desks: Desks, qtbot: QtBot) -> None:
    desk = desks()
    sheet = opened(desk, qtbot)
    for field, text in ((sheet.when, "2026-11"), (sheet.amount, "1,250.50"), (sheet.medium, "<b>google</b>")):
        field.setText(text)
    qtbot.keyClick(sheet.medium, Qt.Key.Key_Return)
    desk.until(lambda: sheet.list.rows)
    (row,) = sheet.list.rows
    assert row.title == "<b>google</b>"
    assert "1 Nov 2026 – 30 Nov 2026" in row.detail
    assert row.right == amount(125_050)
    (cost,) = kept(desk)
    assert (cost.first, cost.last, cost.amount) == ("2026-11-01", "2026-11-30", 125_050)
    sheet.list.choose(cost.id)
    desk.until(sheet.drop_button.isEnabled)
    sheet.drop_button.click()
    desk.until(lambda: not sheet.list.rows)
    assert kept(desk) == ()


def test_what_is_no_cost_is_said_to_be_none(desks: Desks, qtbot: QtBot) -> None:
    desk = desks()
    sheet = opened(desk, qtbot)
    sheet.amount.setText("much")
    sheet.enter()
    assert "no amount" in sheet.trouble.text()
    sheet.amount.setText("12")
    sheet.when.setText("last week")
    sheet.enter()
    assert "2026-11" in sheet.trouble.text()
    sheet.when.setText("2026-11-03")
    sheet.enter()
    desk.until(lambda: "medium" in sheet.trouble.text())
    assert kept(desk) == ()


def test_a_credit_has_a_minus() -> None:
    assert [parse_cost(text) for text in ("-12.50", "−3", "1.250,00", "", "x")] == [
        -1250,
        -300,
        125_000,
        None,
        None,
    ]


def test_from_the_reports_costs_are_entered_and_a_baseline_is_asked_for(desks: Desks, qtbot: QtBot) -> None:
    desk = desks()
    desk.shell.show_screen("reports")
    screen = desk.shell.findChild(ReportsScreen)
    assert isinstance(screen, ReportsScreen)
    qtbot.keyClick(screen, Qt.Key.Key_C)
    assert isinstance(screen.findChild(CostsSheet), CostsSheet)
    desk.context.actions.run("reports.freeze")
    desk.until(
        lambda: any(sheet.windowTitle() == "Freeze the baseline?" for sheet in screen.findChildren(Sheet))
    )
