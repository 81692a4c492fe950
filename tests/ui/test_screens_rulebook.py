"""The rulebook's screen on a real floor: read, changed, judged while it is typed, kept as a draft, put in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.commands import AddRep, PublishRulebook, SaveDraft
from app.domain.lead import Role, Tier
from app.domain.routes import Member, Route, Team
from app.domain.rulebook import DEFAULT
from app.ui import actions
from app.ui.parts import Button
from app.ui.rulebook_form import AskSheet
from app.ui.rulebook_sections import SECTIONS
from tests.ui.desk_kit import Desks
from tests.ui.queue_desk import ANA, ME, people
from tests.ui.rulebook_kit import (
    chain,
    form,
    kept,
    lists,
    mark,
    picked,
    press,
    refused,
    rulebook,
    sentences,
    sheet,
    typed,
    write,
)


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def test_a_route_is_added_kept_as_a_draft_and_put_in_force(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = rulebook(desk)
    card = lists(screen)
    assert not card.empty.isHidden()
    assert not screen.publish_button.isEnabled()
    assert actions.run("rulebook.add")
    typed("name", "Everyone <b>else</b>")
    picked("strategy", "Least busy")
    typed("most_open", "12")
    press("Keep")
    assert [row.shown.line.what for row in card.rows.rows] == ["Everybody, least busy"]
    desk.until(lambda: kept(desk).draft is not None)
    draft = kept(desk).draft
    assert draft is not None
    assert [(route.name, route.most_open) for route in draft.routes] == [("Everyone <b>else</b>", 12)]
    assert kept(desk).live.routes == ()
    desk.settled()
    assert screen.changes_button.words() == "What changed · 1"
    screen.publish_button.click()
    assert any("Everyone <b>else</b>" in text for text in sentences())
    press("Publish")
    desk.until(lambda: kept(desk).live.version == 2)
    desk.settled()
    assert kept(desk).live.routes == draft.routes
    assert not screen.draft.is_draft
    assert not screen.publish_button.isEnabled()


def test_a_row_moves_goes_and_comes_back(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on()
    routes = tuple(Route(name=name, most_open=number) for number, name in enumerate("abc", 1))
    desk.sample.terminal.do(PublishRulebook(rulebook=replace(DEFAULT, routes=routes)))
    desk.settled()
    screen = rulebook(desk)
    card = lists(screen)

    def names() -> str:
        return "".join(row.shown.line.title for row in card.rows.rows if not row.isHidden())

    desk.until(lambda: names() == "abc")
    row = card.rows.rows[0]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names() == "bac"
    assert card.rows.rows[1].hasFocus()
    qtbot.keyClick(card.rows.rows[1], Qt.Key.Key_Delete)
    assert names() == "bc"
    assert actions.run("rulebook.undo")
    assert names() == "bac"
    assert actions.run("rulebook.undo")
    assert names() == "abc"
    assert not screen.draft.can_undo
    assert not screen.draft.is_draft
    desk.settled()


def test_overlapping_tiers_are_refused_while_they_are_typed(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "tiers")
    write(screen, "tiers.1.at_least", "90")
    fault = form(screen).form.cells["tiers.1.at_least"].fault
    assert "they overlap. Let WARM begin below 80" in fault.whole()
    assert fault.isVisible()
    refused(screen, "tiers", "they overlap")
    write(screen, "tiers.1.at_least", "50")
    assert fault.isHidden()
    assert screen.publish_button.isEnabled()
    assert screen.draft.book is not None
    assert screen.draft.book.tiers[1].tier is Tier.WARM
    assert screen.draft.book.tiers[1].at_least == 50


def test_what_is_typed_into_one_field_is_taken_back_at_once(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "tiers")
    for points in ("41", "42"):
        write(screen, "tiers.1.at_least", points)
    write(screen, "tiers.0.at_least", "85")

    def bounds() -> list[int]:
        assert screen.draft.book is not None
        return [rule.at_least for rule in screen.draft.book.tiers][:2]

    assert bounds() == [85, 42]
    assert actions.run("rulebook.undo")
    assert bounds() == [80, 42]
    assert actions.run("rulebook.undo")
    assert bounds() == [80, 40]
    assert not screen.draft.can_undo
    desk.settled()


def test_what_cannot_be_read_is_said_and_keeps_it_from_being_published(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "tiers")
    write(screen, "tiers.0.sla", "90 s")
    assert screen.publish_button.isEnabled()
    write(screen, "tiers.0.sla", "soon")
    assert "such as 30 s" in form(screen).form.cells["tiers.0.sla"].fault.whole()
    refused(screen, "tiers", "such as 30 s")
    write(screen, "tiers.0.sla", "2 min")
    assert screen.draft.book is not None
    assert screen.draft.book.tiers[0].sla == 120
    assert screen.publish_button.isEnabled()


def test_a_half_life_of_nothing_is_refused(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "score")
    lists(screen).open(len(DEFAULT.rules) - 1)
    typed("half_life", "0")
    assert any("half-life of 0" in text for text in sentences())
    press("Keep")
    refused(screen, "score", "half-life of 0")
    row = lists(screen).rows.rows[len(DEFAULT.rules) - 1]
    assert "half-life of 0" in row.shown.fault
    assert "half-life of 0" in row.accessibleName()


def test_a_route_to_an_empty_team_is_refused(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "teams")
    lists(screen).add()
    typed("name", "Berlin")
    press("Keep")
    screen.sections.choose("routes")
    lists(screen).add()
    picked("team", "Berlin")
    assert any("a team in which nobody works. Put somebody in." in text for text in sentences())
    press("Keep")
    refused(screen, "routes", "nobody works")


def test_a_chain_that_loops_is_refused(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "escalation")
    chain(screen).add()
    picked("kind", "Next free rep")
    typed("after", "0")
    assert any("it would loop" in text for text in sentences())
    press("Keep")
    refused(screen, "escalation", "it would loop")
    assert "it would loop" in chain(screen).fault.whole()
    first = next(n for n, box in enumerate(chain(screen).steps.boxes) if box.words.what == "Next free rep")
    chain(screen).remove(first)
    assert mark(screen, "escalation") != "1 to fix"


def test_a_team_is_made_of_people_with_weights(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "teams")
    lists(screen).add()
    opened = sheet()
    assert isinstance(opened, AskSheet)
    members = opened.form.cells["members"].control
    members.show_value((Member(rep=ANA, weight=2), Member(rep=ME)))
    members.edited.emit()
    press("Keep")
    assert screen.draft.book is not None
    assert screen.draft.book.teams == (
        Team(name="New team", members=(Member(rep=ANA, weight=2), Member(rep=ME))),
    )
    assert "weights 2 · 1" in lists(screen).rows.rows[0].shown.line.then


def test_somebody_elses_draft_is_shown_and_not_overwritten_unseen(desk_on: Desks) -> None:
    desk = desk_on()
    other = desk.sample.terminal.do(AddRep(name="Ines", role=Role.OWNER)).value.id
    desk.settled()
    screen = rulebook(desk)
    hers = replace(DEFAULT, name="Hers", routes=(Route(name="hers"),))
    desk.sample.clock.advance(seconds=5)
    desk.sample.floor.as_actor(other).do(SaveDraft(rulebook=hers))
    lists(screen).add()
    typed("name", "mine")
    press("Keep")
    desk.until(lambda: screen.draft.other)
    assert kept(desk).draft == hers
    assert screen.draft.other == "Ines"
    assert "Ines saved another draft" in screen.other.words.whole()
    assert not screen.publish_button.isEnabled()
    screen.other.action.click()
    assert [row.shown.line.title for row in lists(screen).rows.rows if not row.isHidden()] == ["hers"]
    assert not screen.draft.other
    assert screen.publish_button.isEnabled()


def test_of_two_drafts_ones_own_can_be_kept(desk_on: Desks) -> None:
    desk = desk_on()
    other = desk.sample.terminal.do(AddRep(name="Ines", role=Role.OWNER)).value.id
    desk.settled()
    screen = rulebook(desk)
    desk.sample.clock.advance(seconds=5)
    desk.sample.floor.as_actor(other).do(SaveDraft(rulebook=replace(DEFAULT, name="Hers")))
    lists(screen).add()
    typed("name", "mine")
    press("Keep")
    desk.until(lambda: screen.draft.other)
    screen.mine.click()
    desk.until(lambda: [route.name for route in (kept(desk).draft or DEFAULT).routes] == ["mine"])
    desk.settled()
    assert not screen.draft.other


def test_the_draft_is_dropped_after_asking(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "tiers")
    write(screen, "tiers.0.at_least", "85")
    desk.until(lambda: kept(desk).draft)
    desk.settled()
    assert actions.run("rulebook.drop")
    press("Drop it")
    desk.until(lambda: kept(desk).draft is None)
    desk.until(lambda: not screen.draft.is_draft)
    field = form(screen).form.cells["tiers.0.at_least"].control.inner()
    assert isinstance(field, QLineEdit)
    assert field.text() == "80"


def test_a_team_lead_reads_and_changes_nothing(desk_on: Desks) -> None:
    desk = desk_on(role=Role.TEAM_LEAD)
    screen = rulebook(desk, "score")
    card = lists(screen)
    desk.until(lambda: card.rows.count == len(DEFAULT.rules))
    assert card.add_button.isHidden()
    assert not card.rows.rows[0].isEnabled()
    assert not form(screen).form.isEnabled()
    assert not actions.run("rulebook.add")
    assert not screen.publish_button.isEnabled()
    assert "Only a manager or an owner" in screen.publish_button.accessibleDescription()


def test_everything_to_press_has_a_name_on_every_section(desk_on: Desks) -> None:
    desk = desk_on(people())
    desk.sample.terminal.do(AddRep(name="Pacific Racks", role=Role.PARTNER))
    desk.settled()
    for section in SECTIONS:
        screen = rulebook(desk, section)
        named = [button for button in screen.findChildren(Button) if button.isVisible()]
        assert all(button.accessibleName() for button in named), section
        fields = [field for field in screen.findChildren(QLineEdit) if field.isVisible()]
        assert all(field.accessibleName() for field in fields), section
