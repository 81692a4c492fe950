"""The audit screen on a real floor: the journal filtered and paged, its chain checked, a part of it taken away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.commands import AddNote
from app.domain.events import JournalExported
from app.domain.lead import Role
from app.ui import audit_screen
from app.ui.audit_screen import AuditScreen
from app.ui.plain import PlainLabel
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ME, people


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def audit(desk: OpenDesk) -> AuditScreen:
    desk.shell.show_screen("audit")
    screen = desk.shell.findChild(AuditScreen)
    assert isinstance(screen, AuditScreen)
    desk.until(lambda: screen.list.rows)
    return screen


def noted(desk: OpenDesk, count: int) -> str:
    """Notes on the first lead; its id."""
    lead = desk.context.queue.first
    assert lead is not None
    for number in range(count):
        desk.sample.floor.as_actor(ME).do(AddNote(lead_id=lead, text=f"note {number}"))
    desk.settled()
    return lead


def pick(box: object, key: str) -> None:
    box.setCurrentIndex(box.findData(key))  # type: ignore[attr-defined]


def test_the_journal_is_filtered_by_what_who_and_lead(desk_on: Desks) -> None:
    desk = desk_on(people())
    lead = noted(desk, 2)
    screen = audit(desk)
    pick(screen.filters.what, "work")
    desk.until(lambda: [row.title for row in screen.list.rows][:2] == ["Note · Mara Kovac"] * 2)
    assert screen.list.rows[0].detail.startswith("Mara Kovac · ")
    assert "note 1" in screen.pane.body.toPlainText()
    pick(screen.filters.who, "keeper")
    desk.until(lambda: not screen.list.rows)
    assert screen.pane.isHidden()
    pick(screen.filters.who, ME)
    desk.until(lambda: screen.list.rows)
    assert {entry.actor for entry in screen._entries} == {ME}
    screen.pane.lead_button.click()
    desk.until(lambda: screen.filters.part(desk.context.now()).lead_id == lead)
    desk.until(lambda: len(screen.list.rows) == 2)
    screen.filters.lead.click()
    assert screen.filters.part(desk.context.now()).lead_id == ""


def test_older_ones_come_a_page_at_a_time(desk_on: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_screen, "PAGE", 3)
    desk = desk_on(people())
    lead = noted(desk, 5)
    screen = audit(desk)
    pick(screen.filters.what, "work")
    screen.filters.only_lead(lead, "them")
    desk.until(lambda: [entry.lead_id for entry in screen._entries] == [lead] * 3)
    assert not screen.older.isHidden()
    screen.older.click()
    desk.until(lambda: len(screen.list.rows) == 5)
    assert screen.older.isHidden()


def test_the_chain_is_checked_and_a_forgery_is_said(desk_on: Desks) -> None:
    desk = desk_on(people())
    noted(desk, 1)
    screen = audit(desk)
    screen.check_button.click()
    desk.until(screen.holds.isVisible)
    assert "The chain holds" in screen.holds.words.whole()
    with desk.sample.book._writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_never_change")
        connection.exec_driver_sql("UPDATE events SET body = replace(body, 'note 0', 'note 9')")
    screen.check_button.click()
    desk.until(screen.broken.isVisible)
    assert "was changed" in screen.broken.words.whole()
    assert screen.holds.isHidden()


def test_what_is_chosen_is_exported_and_the_list_shows_it(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on(people())
    lead = noted(desk, 2)
    screen = audit(desk)
    pick(screen.filters.what, "work")
    screen.filters.only_lead(lead, "them")
    out = tmp_path / "j.csv"
    screen.export_to(out)
    desk.until(lambda: not screen.job.busy)
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 3
    screen.filters.any_lead()
    pick(screen.filters.what, "floor")
    desk.until(lambda: screen.list.rows and "taken away" in screen.list.rows[0].title)
    entry = screen._entries[0]
    assert isinstance(entry.event, JournalExported)
    assert entry.actor == ME
    assert entry.event.entries == 2


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on(people())
    screen = audit(desk)
    screen.export_to(tmp_path / "nowhere" / "j.csv")
    desk.until(lambda: not screen.job.busy)
    desk.until(screen.export_button.isEnabled)
    said = [label.whole() for label in desk.shell.findChildren(PlainLabel) if label.isVisible()]
    assert any("can't be written" in text for text in said)
