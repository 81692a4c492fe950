"""The Queue screen on a real desk and a real floor: claim, call, say how it ended, take it back, by key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain import events as e
from app.domain.commands import Command
from app.domain.errors import Unavailable
from app.domain.lead import ClockState, Lead, Outcome, RepStatus, Stage, Tier
from app.domain.questions import LeadHistory, Question
from app.floor.floor import Floor, Following, Linked, Receipt, Tell
from app.ui import actions, theme
from app.ui.parts import Notice
from app.ui.plain import PlainLabel
from app.ui.screens.queue import QueueScreen
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, AT, ME, people, person

T = TypeVar("T")


@pytest.fixture
def desk_on(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desks]:
    theme.apply(qapp, theme.LIGHT)
    desks = Desks(qtbot, tmp_path, monkeypatch)
    yield desks
    desks.close()


class Reluctant:
    """A floor that keeps one kind of command or question waiting, or has it fail."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.fails: dict[type, Exception] = {}
        self.done: list[Command[object]] = []

    def do(self, command: Command[T]) -> Receipt[T]:
        self.done.append(command)  # type: ignore[arg-type]
        if error := self.fails.get(type(command)):
            raise error
        return self._floor.do(command)

    def ask(self, question: Question[T]) -> T:
        if error := self.fails.get(type(question)):
            raise error
        return self._floor.ask(question)

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        return self._floor.follow(since, tell, linked)

    def close(self) -> None:
        self._floor.close()


def screen_of(desk: OpenDesk) -> QueueScreen:
    screen = desk.shell.body.currentWidget()
    assert isinstance(screen, QueueScreen)
    return screen


def words(widget: QWidget) -> str:
    return "\n".join(label.whole() for label in widget.findChildren(PlainLabel) if label.isVisible())


def notice(desk: OpenDesk) -> str:
    shown = [one for one in desk.shell.findChildren(Notice) if one.isVisible()]
    return shown[0].words.whole() if shown else ""


def press(desk: OpenDesk, *ids: str) -> None:
    for id in ids:
        assert actions.run(id), id


def dialled(desk: OpenDesk) -> list[str]:
    file = desk.settings.path.parent / "dialled" if desk.settings.path else Path("none")
    return file.read_text(encoding="ascii").split() if file.exists() else []


def calling(desk: OpenDesk) -> OpenDesk:
    """Dana was called eight seconds later."""
    desk.sample.clock.advance(seconds=8)
    press(desk, "queue.next")
    desk.until(lambda: screen_of(desk).calls.call)
    desk.settled()
    return desk


# what is on the screen


def test_the_hero_the_list_and_the_card_say_the_same_lead_first(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    dana = desk.sample.lead("Dana Okafor")
    assert screen.hero.lead_id == dana.id == screen.list.chosen_id == screen.card.lead_id
    desk.settled()
    assert "Dana Okafor" in words(screen.card)
    assert screen.card.past.timeline.lines[0] == "To be called within 60 s"
    assert screen.card.past.timeline.lines[-1] == "Came in by Google Ads"
    assert screen.card.past.head.right.whole() == "4 events"


def test_an_empty_floor_says_that_nobody_waits_and_then_the_first_lead_comes(desk_on: Desks) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    desk.settled()
    assert "Nobody is waiting." in words(screen.hero)
    press(desk, "queue.next", "queue.down", "queue.up", "queue.open")
    assert not actions.run("outcome.booked"), "there is nobody to say it of"
    new = desk.sample.arrive(person("First One", "First", tier=Tier.HOT, score=90, ago=0))
    desk.until(lambda: screen.hero.lead_id == new.id)
    desk.until(lambda: screen.card.lead_id == new.id)


def test_before_the_first_snapshot_a_skeleton_stands_there(desk_on: Desks) -> None:
    desk = desk_on(people(), start=False)
    desk.desk._shell.add_screen("queue", "Queue", "queue", lambda: QueueScreen(desk.context))
    desk.shell.show_screen("queue")
    screen = screen_of(desk)
    assert not screen.stage.begun
    screen._tick(AT)


def test_only_retries_that_wait_say_who_is_next(desk_on: Desks) -> None:
    desk = desk_on([lead for lead in people() if lead.retry_at and lead.retry_at > AT])
    at = (AT + timedelta(seconds=2160)).astimezone()
    assert f"Next is Marcus Webb at {at:%H:%M}" in words(screen_of(desk).hero)


def test_a_break_is_said_when_nobody_waits(desk_on: Desks) -> None:
    desk = desk_on()
    press(desk, "status.break")
    desk.until(lambda: "Nobody is waiting for you." in words(screen_of(desk).hero))


def test_a_lead_that_arrives_is_the_heros_while_the_card_stays(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    tom = desk.sample.lead("Tom Becker")
    screen.show_lead(tom.id)
    new = desk.sample.arrive(person("Nora Quist", "Quist", tier=Tier.HOT, score=99, ago=40, ask="Now!"))
    desk.until(lambda: screen.hero.lead_id == new.id)
    assert screen.card.lead_id == tom.id == screen.list.chosen_id
    row = screen.list.currentIndex().row()
    assert screen.list.rows.id_at(row) == tom.id


def test_the_card_follows_what_happens_to_its_lead(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    tom = desk.sample.lead("Tom Becker")
    screen.show_lead(tom.id)
    desk.settled()
    desk.sample.write(ANA, tom, e.NoteAdded(text="he called the office", rep_name="Ana Brito"), score=88)
    desk.until(lambda: screen.card.past.timeline.lines[0] == "Note · Ana Brito")
    desk.until(lambda: screen.card.facts.fields["score"].label.whole() == "Score 88")


def test_somebody_elses_and_closed_leads_can_be_read_but_not_worked(desk_on: Desks) -> None:
    ana = person("Ana's Own", owner=ANA, ago=30)
    desk = desk_on([*people(), ana])
    screen = screen_of(desk)
    screen.show_lead(ana.id)
    desk.settled()
    assert "Ana Brito has this lead." in words(screen.card)
    assert not any(button.isEnabled() for button in screen.card.ways.values())
    assert not screen.card.outcomes.isEnabled()
    closed = person("Gone By", ago=30, stage=Stage.LOST, closed_at=AT, close_reason="price")
    desk.sample.arrive(closed)
    screen.show_lead(closed.id)
    desk.until(lambda: "This lead is closed." in words(screen.card))
    assert "lost · price" in words(screen.card)


def test_a_history_that_can_not_be_read_says_why(desk_on: Desks) -> None:
    reluctant: list[Reluctant] = []

    def through(floor: Floor) -> Floor:
        reluctant.append(Reluctant(floor))
        reluctant[0].fails[LeadHistory] = Unavailable("The disk does not answer.")
        return reluctant[0]

    desk = desk_on(people(), through=through)
    screen = screen_of(desk)
    desk.until(lambda: "The disk does not answer." in words(screen.card))
    reluctant[0].fails.clear()
    screen.show_lead(desk.sample.lead("Tom Becker").id)
    desk.until(lambda: screen.card.past.timeline.lines)
    assert "The disk does not answer." not in words(screen.card)


def test_moving_fast_asks_for_one_history_at_a_time_and_ends_with_the_right_one(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    desk.settled()
    for _ in range(8):
        press(desk, "queue.down")
        assert desk.context.relay.busy <= 1
    desk.settled()
    assert screen.card.lead_id == desk.context.queue.rows[8]
    assert screen.card.lead is not None
    assert screen.card.past.timeline.lines


# claim and call


def test_space_claims_dials_and_the_call_bar_comes(desk_on: Desks) -> None:
    desk = calling(desk_on(people()))
    screen = screen_of(desk)
    dana = desk.sample.lead("Dana Okafor")
    assert dana.owner == ME
    assert dana.claimed_at is not None
    assert dana.attempts == 1
    assert dana.clock is ClockState.MET
    assert dialled(desk) == ["tel:+13035550148"]
    assert screen.bar.isVisible()
    assert "your TTFC 0:31" in words(screen.bar)
    assert screen.desk.isVisible()
    assert not screen.hero.isVisible()
    assert "ends the call" in words(screen.card)
    desk.until(lambda: "Call 1 · Mara Kovac" in screen.card.past.timeline.lines)
    desk.sample.clock.advance(seconds=60)
    desk.context.ticked.emit(desk.sample.clock.now())
    assert screen.bar.timer.whole() == "1:00"


def test_a_double_press_claims_once(desk_on: Desks) -> None:
    reluctant: list[Reluctant] = []
    desk = desk_on(people(), through=lambda floor: reluctant.append(Reluctant(floor)) or reluctant[0])  # type: ignore[func-returns-value]
    press(desk, "queue.next", "queue.next")
    screen = screen_of(desk)
    assert not screen.hero.button.isEnabled()
    desk.until(lambda: screen.calls.call)
    press(desk, "queue.next")
    assert "You are on a call with Dana Okafor." in notice(desk)
    desk.settled()
    assert [type(command).__name__ for command in reluctant[0].done].count("StartAttempt") == 1
    assert dialled(desk) == ["tel:+13035550148"]


def test_who_is_second_is_told_calmly(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    priya = desk.sample.lead("Priya Raman")
    screen.show_lead(priya.id)
    desk.settled()
    # Behind the desk's back and without a word in the feed: this desk can't know yet.
    with desk.sample.book.writing(ANA, AT) as w:
        w.save_lead(replace(w.lead(priya.id), owner=ANA, claimed_at=AT, claim_no=1))
    press(desk, "lead.call")
    desk.until(lambda: "Ana Brito was faster and has this lead." in notice(desk))
    assert screen.calls.call is None
    assert screen.card.ways["call"].isEnabled()
    assert QApplication.activeModalWidget() is None
    assert dialled(desk) == []


def test_a_floor_that_does_not_answer_is_told_and_the_button_works_again(desk_on: Desks) -> None:
    from app.domain.commands import StartAttempt

    reluctant: list[Reluctant] = []
    desk = desk_on(people(), through=lambda floor: reluctant.append(Reluctant(floor)) or reluctant[0])  # type: ignore[func-returns-value]
    reluctant[0].fails[StartAttempt] = Unavailable("The database is busy.")
    press(desk, "queue.next")
    desk.until(lambda: "The database is busy." in notice(desk))
    assert screen_of(desk).hero.button.isEnabled()
    reluctant[0].fails.clear()
    press(desk, "queue.next")
    desk.until(lambda: screen_of(desk).calls.call)


def test_without_a_number_the_lead_is_written_to(desk_on: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    only = person("Rita Moss", "Moss", tier=Tier.HOT, score=90, ago=5, phone="")
    desk = desk_on([only])
    assert screen_of(desk).hero.button.words() == "Claim & write"
    press(desk, "queue.next")
    desk.until(lambda: opened)
    assert opened == ["mailto:rita@moss.example"]
    assert screen_of(desk).calls.call is None
    desk.until(lambda: desk.sample.lead("Rita Moss").owner == ME)


def test_a_number_nobody_dials_is_told_to_be_dialled_by_hand(desk_on: Desks) -> None:
    desk = desk_on(people())
    desk.context.dial = lambda _phone: False
    press(desk, "queue.next")
    desk.until(lambda: "Dial +1 303 555 0148 by hand." in notice(desk))
    desk.until(lambda: screen_of(desk).calls.call is not None)  # the attempt runs all the same


def test_a_call_is_found_again_when_the_desk_starts_anew(desk_on: Desks) -> None:
    busy = person(
        "Left Off",
        ago=100,
        attempts=1,
        on_call="attempt",
        claimed_at=AT,
        last_attempt_at=AT,
        first_attempt_at=AT,
        clock=ClockState.MET,
    )
    desk = desk_on([*people(), busy])
    screen = screen_of(desk)
    assert screen.calls.call is not None
    assert screen.card.lead_id == busy.id
    assert "Left Off" in words(screen.bar)


# how it ended


def test_hanging_up_waits_for_the_outcome_and_three_says_no_answer(desk_on: Desks) -> None:
    desk = calling(desk_on(people()))
    screen = screen_of(desk)
    desk.sample.clock.advance(seconds=20)
    press(desk, "call.hang_up")
    desk.until(lambda: screen.calls.call and screen.calls.call.ended_at)
    assert "Wrap-up" in words(screen.bar)
    assert actions.find("call.hang_up") is None
    rep = desk.context.rep
    assert rep is not None
    desk.until(lambda: desk.context.rep and desk.context.rep.status is RepStatus.WRAP_UP)
    press(desk, "outcome.no_answer")
    desk.until(lambda: screen.calls.call is None)
    desk.until(lambda: notice(desk))
    assert re.fullmatch(r"Dana Okafor: no answer, next try \d\d:\d\d their time", notice(desk))
    dana = desk.sample.lead("Dana Okafor")
    assert dana.last_outcome is Outcome.NO_ANSWER
    assert dana.retry_at == desk.sample.clock.now() + timedelta(minutes=15)
    assert screen.hero.isVisible()
    desk.until(lambda: screen.card.lead_id == screen.hero.lead_id != dana.id)


def test_an_outcome_during_the_call_ends_it(desk_on: Desks) -> None:
    desk = calling(desk_on(people()))
    screen = screen_of(desk)
    press(desk, "outcome.booked")
    assert screen.card.outcomes.asking
    press(desk, "outcome.call_back")  # the key 2: the second time that is offered
    desk.until(lambda: screen.calls.call is None)
    dana = desk.sample.lead("Dana Okafor")
    assert dana.stage is Stage.PROSPECT
    assert dana.appointment_at == AT.replace(hour=22, minute=30, second=0)
    desk.until(lambda: "booked for" in notice(desk))


def test_the_note_goes_with_the_outcome(desk_on: Desks) -> None:
    desk = calling(desk_on(people()))
    screen = screen_of(desk)
    press(desk, "lead.note")
    screen.desk.notes.field.setPlainText("Current supplier quotes <b>6 weeks</b>.")
    press(desk, "outcome.voicemail")
    desk.until(lambda: screen.calls.call is None)
    desk.settled()
    dana = desk.sample.lead("Dana Okafor")
    history = desk.sample.floor.ask(LeadHistory(lead_id=dana.id))
    logged = [entry.event for entry in history.entries if isinstance(entry.event, e.OutcomeLogged)]
    assert logged[0].note == "Current supplier quotes <b>6 weeks</b>."
    screen.show_lead(dana.id)
    assert screen.card.notes.field.toPlainText() == ""


def test_z_takes_the_outcome_back(desk_on: Desks) -> None:
    desk = calling(desk_on(people()))
    screen = screen_of(desk)
    press(desk, "outcome.no_answer")
    desk.until(lambda: "no answer" in notice(desk))
    press(desk, "lead.undo")
    desk.until(lambda: screen.calls.call is not None)
    desk.settled()
    dana = desk.sample.lead("Dana Okafor")
    assert dana.last_outcome is None
    assert screen.card.lead_id == dana.id
    desk.until(lambda: "“No answer” taken back" in screen.card.past.timeline.lines)
    press(desk, "lead.undo")
    assert "nothing to undo" in notice(desk)


def test_a_won_lead_is_told_with_its_amount_though_the_board_has_it_no_more(desk_on: Desks) -> None:
    desk = calling(desk_on(people()))
    screen = screen_of(desk)
    press(desk, "outcome.won")
    screen.card.outcomes.sheet.amount.setText("1,250.50")
    screen.card.outcomes.sheet.confirm()
    desk.until(lambda: "Dana Okafor: won" in notice(desk))
    assert desk.sample.lead("Dana Okafor").amount == 125050
    press(desk, "lead.undo")
    desk.until(lambda: desk.sample.lead("Dana Okafor").is_open)


def test_a_number_speaks_of_the_call_and_not_of_the_lead_looked_at(desk_on: Desks) -> None:
    desk = calling(desk_on(people()))
    screen = screen_of(desk)
    tom = desk.sample.lead("Tom Becker")
    screen.show_lead(tom.id)
    assert not screen.card.ways["call"].isEnabled()
    press(desk, "outcome.no_answer")
    desk.until(lambda: screen.calls.call is None)
    assert desk.sample.lead("Dana Okafor").last_outcome is Outcome.NO_ANSWER
    assert desk.sample.lead("Tom Becker").last_outcome is None


def test_the_next_lead_waits_while_an_outcome_is_missing(desk_on: Desks) -> None:
    desk = calling(desk_on(people()))
    press(desk, "call.hang_up")
    screen = screen_of(desk)
    desk.until(lambda: screen.calls.call and screen.calls.call.ended_at)
    screen.show_lead(desk.sample.lead("Tom Becker").id)
    press(desk, "queue.next")
    assert "How did the call with Dana Okafor end?" in notice(desk)
    assert screen.card.lead_id == desk.sample.lead("Dana Okafor").id


# notes and corrections


def test_a_note_without_a_call_is_kept_at_once(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    press(desk, "lead.note")
    screen.card.notes.field.setPlainText("asked for the brochure")
    screen.card.notes.keep()
    desk.until(lambda: "Note · Mara Kovac" in screen.card.past.timeline.lines)
    assert screen.card.notes.field.toPlainText() == ""


def test_details_are_corrected_in_place(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    press(desk, "lead.correct")
    form = screen.card.edit
    assert form.isVisible()
    form.fields["company"].selectAll()
    form.fields["company"].insert("Brightline & Sons")
    form.fields["company"].setModified(True)
    form.save.click()
    desk.until(lambda: "Brightline & Sons" in words(screen.card))
    desk.until(lambda: not form.isVisible())
    desk.until(lambda: "Details corrected" in screen.card.past.timeline.lines)


# by keyboard alone


def test_a_day_by_keyboard(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on(people())
    screen, shell = screen_of(desk), desk.shell
    with qtbot.waitActive(shell):
        shell.activateWindow()
    screen.list.setFocus()

    def key(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget() or shell, key, modifiers)

    rows = list(desk.context.queue.rows)
    key(Qt.Key.Key_J)
    assert screen.card.lead_id == rows[1]
    key(Qt.Key.Key_K)
    assert screen.card.lead_id == rows[0]
    desk.settled()
    key(Qt.Key.Key_Space)
    desk.until(lambda: screen.calls.call)
    key(Qt.Key.Key_N)
    assert screen.desk.notes.field.hasFocus()
    qtbot.keyClicks(screen.desk.notes.field, "3 bays 1 aisle")
    assert screen.desk.notes.field.toPlainText() == "3 bays 1 aisle", "digits belong to the field"
    key(Qt.Key.Key_Escape)
    assert screen.list.hasFocus()
    assert screen.calls.call is not None, "Esc left the field, it did not hang up"
    key(Qt.Key.Key_2)
    key(Qt.Key.Key_Escape)
    assert not screen.card.outcomes.asking
    assert not screen.calls.pending("hang_up"), "Esc left the question, it did not hang up"
    key(Qt.Key.Key_Escape)
    desk.until(lambda: screen.calls.call and screen.calls.call.ended_at)
    key(Qt.Key.Key_2)
    assert screen.card.outcomes.asking
    key(Qt.Key.Key_Escape)
    assert not screen.card.outcomes.asking
    key(Qt.Key.Key_2)
    key(Qt.Key.Key_Return)
    desk.until(lambda: screen.calls.call is None)
    assert desk.sample.lead("Dana Okafor").call_back_at == AT + timedelta(hours=1)
    desk.until(screen.list.hasFocus)
    desk.until(lambda: "call back" in notice(desk))
    key(Qt.Key.Key_Z)
    desk.until(lambda: screen.calls.call)


def test_the_keys_go_with_the_screen(desk_on: Desks) -> None:
    desk = desk_on(people())
    assert actions.find("queue.next") is not None
    desk.shell.show_screen("settings")
    assert actions.find("queue.next") is None
    desk.shell.show_screen("queue")
    hints = {hint.text for hint in actions.hints()}
    assert {"claim & call next", "move", "outcome", "note", "undo"} <= hints


# little room


def test_a_small_window_shows_the_list_or_the_card(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    desk.shell.resize(720, 450)
    desk.until(lambda: screen.stage.single)
    assert screen.list.isVisible()
    assert not screen.card.isVisible()
    press(desk, "queue.down")
    assert screen.list.isVisible(), "moving through the list stays in the list"
    press(desk, "queue.open")
    assert screen.card.isVisible()
    assert not screen.list.isVisible()
    qtbot.mouseClick(screen.card.back, Qt.MouseButton.LeftButton)
    assert screen.list.isVisible()
    calling(desk)
    assert screen.card.isVisible(), "where the outcomes are"
    press(desk, "lead.note")
    assert screen.card.notes.field.isVisible()
    screen.card.notes.field.setPlainText("wants a visit")
    desk.shell.resize(1440, 900)
    desk.until(lambda: not screen.stage.single)
    assert screen.list.isVisible()
    assert screen.card.isVisible()
    assert screen.desk.notes.field.toPlainText() == "wants a visit"


def test_a_low_window_leaves_room_for_the_list(desk_on: Desks) -> None:
    desk = desk_on(people())
    screen = screen_of(desk)
    desk.shell.resize(1100, 440)
    desk.until(lambda: screen.hero.frame_height == screen.hero.LOW)
    first = screen.list.rows.index(1)
    assert screen.list.viewport().rect().contains(screen.list.visualRect(first))
    assert not screen.hero._chips.isVisible()


# anything as text, any size


def hostile() -> list[Lead]:
    texts = [
        "<img src='file:///etc/passwd'>",
        "N" * 100_000,
        "\u202egpj.exe",
        "محمد الأمين",
        "\x00\x07\x1b[31m",
        "{0} {name}",
        "%s %n",
        "&amp; & _x",
    ]
    return [
        replace(
            person(
                "x",
                text,
                ask=text,
                city=text[:3000],
                medium=text,
                campaign=text,
                keyword=text,
                ago=20 + number,
            ),
            name=text,
            title=text,
            email=text[:9000],
            consent=text,
            problems=(text,) * 9,
            street=text,
            answers=((text, text),) * 50,
            channel=text[:200],
        )
        for number, text in enumerate(texts)
    ]


@pytest.mark.parametrize("size", [(640, 420), (1100, 700), (1440, 900)])
def test_hostile_leads_are_plain_text_everywhere(desk_on: Desks, qtbot: QtBot, size: tuple[int, int]) -> None:
    desk = desk_on(hostile())
    desk.shell.resize(*size)
    screen = screen_of(desk)
    for lead_id in list(desk.context.queue.rows):
        screen.show_lead(lead_id)
        desk.settled()
        desk.shell.grab()
        assert screen.width() <= desk.shell.width(), "no text makes the window wider"
    press(desk, "queue.next")
    desk.until(lambda: screen.calls.call)
    desk.shell.grab()
    press(desk, "outcome.unfit", "outcome.booked")
    desk.until(lambda: screen.calls.call is None)
    press(desk, "lead.correct")
    desk.shell.grab()
    for label in desk.shell.findChildren(PlainLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


def test_both_looks_can_be_worn_in_turn(desk_on: Desks, qapp: QApplication) -> None:
    desk = desk_on(people())
    for look in (theme.DARK, theme.LIGHT):
        theme.apply(qapp, look)
        image = desk.shell.grab().toImage()
        assert image.pixelColor(200, desk.shell.height() - 60) in (look.paper, look.card)
