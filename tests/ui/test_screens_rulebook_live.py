"""The rulebook's screen while the floor goes on: leads come by the new rules, others write too, saving fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import new_id
from app.domain.commands import AddRep, AddSource, CaptureInquiry, DropDraft, PublishRulebook, SaveDraft
from app.domain.errors import Refused, Unavailable
from app.domain.events import LeadRouted
from app.domain.inquiry import Inquiry
from app.domain.lead import Role
from app.domain.questions import LeadHistory, Rulebooks
from app.domain.routes import Member, Route, Team
from app.domain.rulebook import DEFAULT
from app.floor.floor import Floor
from app.ui import actions, rulebook_draft
from app.ui.parts import Notice
from app.ui.rulebook_screen import RulebookScreen
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA
from tests.ui.rulebook_kit import kept, lists, press, rulebook, sheet, sheets, typed, write
from tests.ui.test_queue_screen import Reluctant

TEAM = Team(name="Berlin", members=(Member(rep=ANA),))


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def key(desk: OpenDesk, *keys: Qt.Key | str) -> None:
    """Keys and words typed where the focus is."""
    for one in keys:
        focus = QApplication.focusWidget() or desk.shell
        if isinstance(one, str):
            QTest.keyClicks(focus, one)
        else:
            QTest.keyClick(focus, one)


def come(desk: OpenDesk, source: str, phone: str) -> str:
    """Somebody asks; the lead's id."""
    inquiry = Inquiry(
        id=new_id(),
        channel="form",
        source_id=source,
        raw=f"name=Dana&phone=%2B{phone}".encode(),
        content_type="application/x-www-form-urlencoded",
        received_at=desk.sample.clock.now(),
    )
    return desk.sample.floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry)).value.lead_id


def titles(screen: RulebookScreen) -> list[str]:
    return [row.shown.line.title for row in lists(screen).rows.rows if not row.isHidden()]


def notices(desk: OpenDesk) -> str:
    return " ".join(one.words.whole() for one in desk.shell.findChildren(Notice) if one.isVisible())


def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for others' drafts all the time, and let changes made here stay unsaved."""
    monkeypatch.setattr(rulebook_draft, "LOOK_MS", 20)
    monkeypatch.setattr(rulebook_draft, "SAVE_MS", 3_600_000)


def test_a_route_made_by_keyboard_decides_about_the_next_leads(desk_on: Desks) -> None:
    desk = desk_on()
    desk.sample.terminal.do(PublishRulebook(rulebook=replace(DEFAULT, teams=(TEAM,))))
    source = desk.sample.terminal.do(AddSource(name="Web site", channel="form")).value.id
    desk.settled()
    screen = rulebook(desk)
    desk.until(lambda: QApplication.focusWidget() is not None)
    key(desk, Qt.Key.Key_A)
    desk.until(lambda: sheets() and sheet().isActiveWindow())
    key(desk, "Far away", Qt.Key.Key_Tab, Qt.Key.Key_Tab, "Berlin", Qt.Key.Key_Return)
    desk.until(lambda: not sheets())
    desk.shell.activateWindow()  # as any desktop does when a sheet has gone; here nobody else would
    desk.until(desk.shell.isActiveWindow)
    assert titles(screen) == ["Far away"]
    key(desk, Qt.Key.Key_P)
    desk.until(lambda: sheets() and sheet().isActiveWindow())
    key(desk, Qt.Key.Key_Return)
    desk.until(lambda: kept(desk).live.version == 3)
    for number in range(2):
        history = desk.sample.terminal.ask(LeadHistory(lead_id=come(desk, source, f"1303555014{number}")))
        (routed,) = [entry.event for entry in history.entries if isinstance(entry.event, LeadRouted)]
        assert (routed.route, routed.to, routed.rulebook) == ("Far away", ANA, 3)
        assert history.lead.owner == ANA
    desk.settled()


def test_what_somebody_else_writes_is_seen_by_who_only_reads(
    desk_on: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    desk = desk_on()
    ines = desk.sample.terminal.do(AddRep(name="Ines", role=Role.OWNER)).value.id
    desk.settled()
    screen = rulebook(desk)
    desk.settled()
    hers = desk.sample.floor.as_actor(ines)
    for name in ("first", "second"):
        desk.sample.clock.advance(seconds=5)
        hers.do(SaveDraft(rulebook=replace(DEFAULT, routes=(Route(name=name),))))
        desk.until(lambda name=name: titles(screen) == [name])
    assert "Ines changed the draft." in notices(desk)
    assert not screen.draft.other
    hers.do(DropDraft())
    desk.until(lambda: titles(screen) == [])
    desk.shell.show_screen("queue")
    hers.do(SaveDraft(rulebook=replace(DEFAULT, routes=(Route(name="third"),))))
    desk.shell.show_screen("rulebook")
    desk.until(lambda: titles(screen) == ["third"])


def test_what_somebody_else_writes_is_told_to_who_writes_before_they_save(
    desk_on: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    desk = desk_on()
    ines = desk.sample.terminal.do(AddRep(name="Ines", role=Role.OWNER)).value.id
    desk.settled()
    screen = rulebook(desk)
    desk.settled()
    lists(screen).add()
    typed("name", "mine")
    press("Keep")
    desk.sample.clock.advance(seconds=5)
    hers = replace(DEFAULT, routes=(Route(name="hers"),))
    desk.sample.floor.as_actor(ines).do(SaveDraft(rulebook=hers))
    desk.until(screen.other.isVisible)
    assert titles(screen) == ["mine"]
    assert "First say which draft holds." in screen.publish_button.accessibleDescription()
    screen.draft.publish()
    screen.draft.save()
    desk.settled()
    assert kept(desk).draft == hers
    assert kept(desk).live.version == 1
    assert actions.run("rulebook.undo")
    screen.other.action.click()
    assert titles(screen) == ["hers"]
    assert not screen.draft.can_undo


def test_what_the_floor_refuses_is_said_and_not_lost(desk_on: Desks) -> None:
    between: list[Reluctant] = []

    def through(floor: Floor) -> Floor:
        between.append(Reluctant(floor))
        return between[0]

    desk = desk_on(through=through)
    screen = rulebook(desk, "tiers")
    between[0].fails[SaveDraft] = Refused("The disk is full.", "Not kept")
    write(screen, "tiers.0.at_least", "85")
    desk.until(lambda: "Not kept: The disk is full." in notices(desk))
    assert kept(desk).draft is None
    assert screen.draft.book is not None
    assert screen.draft.book.tiers[0].at_least == 85
    between[0].fails.clear()
    between[0].fails[PublishRulebook] = Refused("Somebody has left.", "Not published")
    screen.publish()
    press("Publish")
    desk.until(lambda: "Not published: Somebody has left." in notices(desk))
    assert kept(desk).live.version == 1
    assert screen.draft.is_draft
    between[0].fails.clear()
    screen.draft.save()
    desk.until(lambda: (kept(desk).draft or DEFAULT).tiers[0].at_least == 85)
    desk.settled()


def test_a_rulebook_that_cannot_be_read_says_why_and_is_asked_for_again(desk_on: Desks) -> None:
    between: list[Reluctant] = []

    def through(floor: Floor) -> Floor:
        between.append(Reluctant(floor))
        between[0].fails[Rulebooks] = Unavailable("The disk does not answer.")
        return between[0]

    desk = desk_on(through=through)
    desk.shell.show_screen("rulebook")
    screen = desk.shell.findChild(RulebookScreen)
    assert isinstance(screen, RulebookScreen)
    desk.until(screen.trouble.isVisible)
    assert not screen.publish_button.isEnabled()
    assert not actions.run("rulebook.publish")
    between[0].fails.clear()
    screen.draft.reload()
    desk.until(lambda: screen.page is not None and screen.page.isVisible())
    assert not screen.trouble.isVisible()
