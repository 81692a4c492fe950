"""The scorecard's section of the rulebook: points, guards, and the last frozen week as the draft would score it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.commands import EndAttempt, FreezeWeek, LogOutcome, StartAttempt
from app.domain.lead import Outcome, Role
from app.domain.scorecard import Measure
from app.domain.week_count import week_of
from app.ui import actions
from app.ui.rulebook_cards import FormCard
from app.ui.rulebook_scorecard import ScoredWeek
from app.ui.rulebook_screen import RulebookScreen
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ME, people
from tests.ui.rulebook_kit import kept, lists, mark, press, refused, rulebook, sentences, typed


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def field(screen: RulebookScreen, key: str) -> QLineEdit | QComboBox:
    assert screen.page is not None
    cells = {
        name: cell
        for part in screen.page.parts
        if isinstance(part, FormCard)
        for name, cell in part.form.cells.items()
    }
    found = cells[key].control.inner()
    assert isinstance(found, QLineEdit | QComboBox)
    return found


def write(screen: RulebookScreen, key: str, text: str) -> None:
    found = field(screen, key)
    assert isinstance(found, QLineEdit)
    found.setText(text)


def scored(screen: RulebookScreen) -> ScoredWeek:
    assert screen.page is not None
    return next(part for part in screen.page.parts if isinstance(part, ScoredWeek))


def frozen_week(desk: OpenDesk) -> None:
    """I called somebody, who did not answer; the week went by and was frozen."""
    lead = desk.context.queue.first
    assert lead is not None
    mine = desk.sample.floor.as_actor(ME)
    week = week_of(desk.sample.clock.now(), "UTC")
    attempt = mine.do(StartAttempt(lead_id=lead)).value.attempt_id
    desk.sample.clock.advance(seconds=40)
    mine.do(EndAttempt(attempt_id=attempt))
    mine.do(LogOutcome(lead_id=lead, outcome=Outcome.NO_ANSWER))
    desk.sample.clock.advance(hours=7 * 24)
    desk.sample.floor.do(FreezeWeek(week=week))
    desk.settled()


def test_points_are_given_to_measures_and_must_be_a_hundred(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = rulebook(desk, "scorecard")
    card = lists(screen)
    first = card.rows.rows[0].shown.line
    assert first.title == "First calls made soon"
    assert first.detail == "First calls made within 5 min of working time, of all first calls."
    assert first.then == "25 points, judged from 5 on"
    qtbot.keyClick(card.rows.rows[0], Qt.Key.Key_Return)
    typed("weight", "35")
    assert any("The measures give 110 points together. Let them give 100." in text for text in sentences())
    press("Keep")
    refused(screen, "scorecard", "110 points together")
    assert screen.page is not None
    assert "110 points" in screen.page.banner.words.whole()
    qtbot.keyClick(card.rows.rows[1], Qt.Key.Key_Delete)
    assert actions.run("rulebook.add")
    typed("weight", "10")
    press("Keep")
    assert mark(screen, "scorecard") == "4 changed"
    assert card.rows.rows[6].shown.line.title == "Promises kept"
    desk.until(lambda: kept(desk).draft is not None)
    draft = kept(desk).draft
    assert draft is not None
    points = {target.measure: target.weight for target in draft.scorecard.measures}
    assert (points[Measure.FAST], points[Measure.PROMISE]) == (35, 10)
    assert screen.publish_button.isEnabled()


def test_a_guard_says_what_is_wrong_with_it(desk_on: Desks) -> None:
    desk = desk_on()
    screen = rulebook(desk, "scorecard")
    write(screen, "scorecard.contact_seconds", "3 s")
    refused(screen, "scorecard", "A conversation is no shorter than a call")
    write(screen, "scorecard.contact_seconds", "20 s")
    write(screen, "scorecard.quality_least", "60 %")
    write(screen, "scorecard.least_leads", "some")
    assert not screen.publish_button.isEnabled()
    write(screen, "scorecard.least_leads", "20")
    box = field(screen, "scorecard.review.is_sent")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(1)
    assert screen.draft.book is not None
    card = screen.draft.book.scorecard
    assert (card.contact_seconds, card.quality_least, card.least_leads) == (20, 0.6, 20)
    assert not card.review.is_sent
    assert "The weekly review's mail was on and becomes off." in [
        change.text for change in screen.draft.changes
    ]


def test_the_last_frozen_week_stands_beside_what_the_draft_would_make_of_it(desk_on: Desks) -> None:
    desk = desk_on(people())
    frozen_week(desk)
    screen = rulebook(desk, "scorecard")
    card = scored(screen)
    desk.until(card.table.isVisible)
    (row,) = card.table.texts()
    assert row[:5] == ["Mara Kovac", "1", "–", "–", "–"]
    assert "as it was frozen" in card.words.whole()
    write(screen, "scorecard.least_leads", "1")
    write(screen, "scorecard.prior", "0")
    for at in range(len(lists(screen).values)):
        lists(screen).open(at)
        typed("least", "1")
        press("Keep")
    desk.until(lambda: card.table.texts()[0][3] != "–")
    assert "1 would have a score and had none" in card.words.whole()
    write(screen, "scorecard.dial_seconds", "8 s")
    desk.until(lambda: "holds from the next week on" in card.words.whole())
    write(screen, "scorecard.talk_seconds", "1 s")
    desk.until(card.table.isHidden)
    assert "Once what is marked is put right" in card.words.whole()


def test_without_a_frozen_week_it_says_so(desk_on: Desks) -> None:
    desk = desk_on()
    card = scored(rulebook(desk, "scorecard"))
    desk.until(lambda: "No week is frozen yet" in card.words.whole())
    assert card.table.isHidden()
