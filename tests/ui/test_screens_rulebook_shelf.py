"""What else is done with rulebooks on a real floor: tried, compared, taken up again, out and in as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.commands import PublishRulebook
from app.domain.lead import Role
from app.domain.routes import Route, Strategy
from app.domain.rulebook import DEFAULT
from app.ui import actions
from app.ui.plain import PlainLabel
from app.ui.rulebook_sheets import ChangesSheet, HistorySheet
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import people
from tests.ui.rulebook_kit import kept, lists, press, rulebook, sheet, sheets, typed


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def said(desk: OpenDesk) -> list[str]:
    return [label.whole() for label in desk.shell.findChildren(PlainLabel) if label.isVisible()]


def test_a_draft_is_tried_beside_what_is_in_force(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = rulebook(desk)
    assert actions.run("rulebook.try")
    desk.until(lambda: screen.pane.tried)
    assert screen.pane.title.whole() == "Tried on last week"
    assert "replayed through live" in screen.pane.span.whole()
    assert screen.pane.stale.isHidden()
    lists(screen).add()
    typed("name", "Everyone")
    press("Keep")
    assert not screen.pane.stale.isHidden()
    desk.settled()


def test_an_old_version_is_compared_and_taken_up_again(desk_on: Desks) -> None:
    desk = desk_on()
    route = Route(name="Own customers", strategy=Strategy.OWNER)
    desk.sample.terminal.do(PublishRulebook(rulebook=replace(DEFAULT, name="Second", routes=(route,))))
    desk.sample.terminal.do(PublishRulebook(rulebook=replace(DEFAULT, name="Third")))
    desk.settled()
    screen = rulebook(desk)
    assert actions.run("rulebook.history")
    opened = sheet()
    assert isinstance(opened, HistorySheet)
    assert [row.title for row in opened.list.rows] == ["3 · Third", "2 · Second", "1 · First rulebook"]
    opened.list.choose("2")
    press("Show what it changed")
    desk.until(lambda: len(sheets()) == 2)
    (shown,) = [one for one in sheets() if isinstance(one, ChangesSheet)]
    assert any("Own customers" in label.whole() for label in shown.findChildren(PlainLabel))
    shown.accept()
    desk.until(lambda: sheets() == [opened])
    press("Start a draft from it")
    desk.until(lambda: screen.draft.is_draft)
    desk.until(lambda: (kept(desk).draft or DEFAULT).name == "Second")
    assert [row.shown.line.title for row in lists(screen).rows.rows] == ["Own customers"]
    desk.settled()


def test_a_rulebook_goes_out_as_a_file_and_comes_in_again(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on()
    screen = rulebook(desk)
    lists(screen).add()
    typed("name", "Kept in a file")
    press("Keep")
    out = tmp_path / "rules.toml"
    screen.shelf.export_to(out)
    desk.until(lambda: "Written to rules.toml." in said(desk))
    assert actions.run("rulebook.undo")
    assert not screen.draft.is_draft
    screen.shelf.import_from(out)
    desk.until(lambda: screen.draft.is_draft)
    assert [row.shown.line.title for row in lists(screen).rows.rows] == ["Kept in a file"]
    desk.settled()


def test_a_file_that_is_no_rulebook_changes_nothing(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on()
    screen = rulebook(desk)
    wrong = tmp_path / "rules.toml"
    wrong.write_text("tiers = 3\nnonsense", encoding="utf-8")
    screen.shelf.import_from(wrong)
    desk.until(lambda: any("this is no TOML" in text for text in said(desk)))
    assert not screen.draft.is_draft
    screen.shelf.import_from(tmp_path / "nowhere.toml")
    desk.until(lambda: any("can't be read" in text for text in said(desk)))
