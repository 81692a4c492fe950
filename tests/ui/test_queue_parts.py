"""The parts around the list: hero, outcomes and their sheet, notes, timeline, corrections, call bar."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, QDateTime, QPoint, Qt, QTime, QTimeZone
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain import events as e
from app.domain.lead import ClockState, Lead, Outcome, Tier
from app.domain.order import Place, place
from app.domain.rulebook import DEFAULT
from app.ui import theme
from app.ui.call_panel import CallBar
from app.ui.calls import Call
from app.ui.hero import Hero, way_to_reach
from app.ui.lead_edit import LeadEdit
from app.ui.lead_facts import Facts
from app.ui.letters import letter_url
from app.ui.notes import LONGEST, NoteBox
from app.ui.outcome_sheet import Outcomes, Said
from app.ui.plain import PlainLabel
from app.ui.timeline import SHOWN, Timeline
from tests.ui.queue_desk import AT, ME, people, person

DANA = people()[0]


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> None:
    theme.apply(qapp, theme.LIGHT)


def placed(lead: Lead) -> Place:
    return place(lead, AT, DEFAULT, ME)


def words_on(widget: QWidget) -> str:
    """Everything that stands on a widget."""
    labels = [label.whole() for label in widget.findChildren(PlainLabel) if not label.isHidden()]
    return "\n".join(labels)


# the hero


@pytest.fixture
def hero(qtbot: QtBot) -> Hero:
    made = Hero()
    qtbot.addWidget(made)
    made.resize(870, made.sizeHint().height())
    made.show()
    return made


def test_the_hero_says_who_why_and_how(hero: Hero) -> None:
    hero.show_lead(DANA, placed(DANA), AT)
    words = words_on(hero)
    assert "Dana Okafor · Brightline Logistics" in words
    assert "arrived 23 s ago · Google Ads · “warehouse racking”" in words
    assert "“Need pricing for 40 pallet bays before Friday, can someone call me?”" in words
    assert hero.ring.accessibleName() == "0:37"
    assert hero.button.words() == "Claim & call"
    assert "asked for pricing +30" in hero._chips.accessibleName()
    assert "10:14 there · Denver" in hero._chips.accessibleName()
    assert "Dana Okafor" in hero.accessibleName()


def test_a_missed_clock_is_told_in_words_and_in_red(hero: Hero) -> None:
    hero.show_lead(DANA, placed(DANA), AT)
    hero.tick(AT + timedelta(seconds=55))
    assert hero.ring.accessibleName() == "−0:18"
    assert "HOT · over by 0:18" in hero._mark.words()
    ring = hero.ring.grab().toImage()
    top = ring.pixelColor(ring.width() // 2, 4)
    assert top == theme.current().danger_fill, "the ring is full"


@pytest.mark.parametrize(
    ("changes", "way", "words"),
    [
        ({}, "call", "Claim & call"),
        ({"phone": ""}, "email", "Claim & write"),
        ({"no_call": True}, "email", "Claim & write"),
        ({"phone": "", "email": ""}, "claim", "Claim"),
        ({"phone": "", "no_email": True}, "claim", "Claim"),
        ({"claimed_at": AT}, "call", "Call"),
    ],
)
def test_the_button_offers_the_best_way_there_is(
    hero: Hero, changes: dict[str, object], way: str, words: str
) -> None:
    lead = replace(DANA, **changes)  # type: ignore[arg-type]
    hero.show_lead(lead, placed(lead), AT)
    assert way_to_reach(lead) == way
    assert hero.button.words() == words


def test_a_claim_under_way_can_not_be_pressed_again(hero: Hero, qtbot: QtBot) -> None:
    hero.show_lead(DANA, placed(DANA), AT)
    hero.set_busy(True)
    with qtbot.assertNotEmitted(hero.pressed):
        qtbot.mouseClick(hero.button, Qt.MouseButton.LeftButton)
    hero.set_busy(False)
    with qtbot.waitSignal(hero.pressed):
        qtbot.mouseClick(hero.button, Qt.MouseButton.LeftButton)


def test_nobody_waiting_is_a_state_of_its_own(hero: Hero, qtbot: QtBot) -> None:
    hero.show_nobody("", "")
    assert "Nobody is waiting.\nThe next lead rings here." in words_on(hero)
    with qtbot.assertNotEmitted(hero.opened):
        qtbot.mouseClick(hero, Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    hero.tick(AT)


def test_a_ring_without_a_clock_is_quiet(hero: Hero) -> None:
    retry = replace(DANA, attempts=1, clock=ClockState.MET, retry_at=AT - timedelta(minutes=1))
    hero.show_lead(retry, placed(retry), AT)
    assert hero.ring.accessibleName() == "due"


# outcomes


@pytest.fixture
def outcomes(qtbot: QtBot) -> Outcomes:
    made = Outcomes()
    qtbot.addWidget(made)
    made.resize(410, 400)
    made.set_lead(DANA, lambda: AT)
    made.show()
    return made


@pytest.mark.parametrize(("number", "outcome"), [(3, Outcome.NO_ANSWER), (4, Outcome.VOICEMAIL)])
def test_the_common_outcomes_take_one_key(
    outcomes: Outcomes, qtbot: QtBot, number: int, outcome: Outcome
) -> None:
    with qtbot.waitSignal(outcomes.said) as said:
        outcomes.number(number)
    assert said.args == [Said(outcome)]
    assert not outcomes.asking


def test_an_appointment_takes_a_number_or_enter(outcomes: Outcomes, qtbot: QtBot) -> None:
    outcomes.number(1)
    assert outcomes.asking
    assert outcomes.sheet.choices == ["today 14:00", "today 15:30", "Mon 09:00", "Mon 10:30"]
    assert "14:00 Denver is " in outcomes.sheet.words.whole()
    with qtbot.waitSignal(outcomes.said) as said:
        outcomes.number(3)
    assert said.args[0].at == AT.replace(day=23, hour=16, minute=0, second=0)
    with qtbot.waitSignal(outcomes.said) as said:
        qtbot.keyClick(outcomes.sheet, Qt.Key.Key_Return)
    assert said.args[0].at == AT.replace(hour=21, minute=0, second=0), "the marked one: 14:00 in Denver"


def test_an_exact_time_is_meant_where_they_are(outcomes: Outcomes, qtbot: QtBot) -> None:
    outcomes.press(Outcome.BOOKED)
    outcomes.sheet.when.setDateTime(QDateTime(QDate(2026, 12, 1), QTime(8, 15), QTimeZone.utc()))
    with qtbot.waitSignal(outcomes.said) as said:
        outcomes.sheet.confirm()
    assert f"{said.args[0].at:%d %H:%M}" == "01 15:15"


def test_a_time_that_has_passed_is_not_taken(outcomes: Outcomes, qtbot: QtBot) -> None:
    outcomes.press(Outcome.CALL_BACK)
    outcomes.sheet.when.setDateTime(QDateTime(QDate(2026, 11, 20), QTime(9, 0), QTimeZone.utc()))
    assert outcomes.sheet.words.whole() == "That time has passed."
    assert not outcomes.sheet.save.isEnabled()
    with qtbot.assertNotEmitted(outcomes.said):
        qtbot.keyClick(outcomes.sheet, Qt.Key.Key_Return)


def test_a_time_outside_calling_hours_is_pointed_out(outcomes: Outcomes) -> None:
    outcomes.press(Outcome.CALL_BACK)
    outcomes.sheet.when.setDateTime(QDateTime(QDate(2026, 11, 21), QTime(6, 0), QTimeZone.utc()))
    assert "outside calling hours" in outcomes.sheet.words.whole()


def test_a_reason_is_a_number_or_the_persons_own_words(outcomes: Outcomes, qtbot: QtBot) -> None:
    outcomes.number(5)
    with qtbot.waitSignal(outcomes.said) as said:
        outcomes.number(1)
    assert said.args == [Said(Outcome.UNFIT, reason="no budget")]
    outcomes.press(Outcome.LOST)
    assert not outcomes.sheet.save.isEnabled(), "a reason is needed"
    qtbot.keyClicks(outcomes.sheet.why, "moved to the moon")
    with qtbot.waitSignal(outcomes.said) as said:
        qtbot.keyClick(outcomes.sheet.why, Qt.Key.Key_Return)
    assert said.args == [Said(Outcome.LOST, reason="moved to the moon")]


def test_won_takes_an_amount_and_says_when_it_is_none(outcomes: Outcomes, qtbot: QtBot) -> None:
    outcomes.number(6)
    qtbot.keyClicks(outcomes.sheet.amount, "12 apples")
    assert not outcomes.sheet.save.isEnabled()
    outcomes.sheet.amount.clear()
    qtbot.keyClicks(outcomes.sheet.amount, "1,250.50")
    with qtbot.waitSignal(outcomes.said) as said:
        qtbot.keyClick(outcomes.sheet.amount, Qt.Key.Key_Return)
    assert said.args == [Said(Outcome.WON, amount=125050)]


def test_esc_and_another_lead_leave_the_sheet(outcomes: Outcomes, qtbot: QtBot) -> None:
    outcomes.press(Outcome.BOOKED)
    qtbot.keyClick(outcomes.sheet.when, Qt.Key.Key_Escape)
    assert not outcomes.asking
    outcomes.press(Outcome.BOOKED)
    outcomes.set_lead(people()[1], lambda: AT)
    assert not outcomes.asking
    assert not any(button.isChecked() for button in outcomes.buttons.values())


def test_the_same_lead_in_a_newer_version_leaves_the_sheet_alone(outcomes: Outcomes) -> None:
    outcomes.press(Outcome.LOST)
    outcomes.sheet.why.setText("half a sen")
    outcomes.set_lead(replace(DANA, version=5), lambda: AT)
    assert outcomes.asking
    assert outcomes.sheet.why.text() == "half a sen"


# notes


def test_a_note_is_kept_by_ctrl_enter_and_its_draft_stays_with_the_lead(qtbot: QtBot) -> None:
    drafts: dict[str, str] = {}
    box = NoteBox(drafts)
    qtbot.addWidget(box)
    box.show()
    box.set_lead("a")
    box.open()
    qtbot.keyClicks(box.field, "wants a site visit")
    box.set_lead("b")
    assert box.field.toPlainText() == ""
    box.set_lead("a")
    assert box.field.toPlainText() == "wants a site visit"
    with qtbot.waitSignal(box.kept) as kept:
        qtbot.keyClick(box.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert kept.args == ["wants a site visit"]
    box.cleared()
    assert drafts == {}
    assert box.field.isHidden()


def test_a_note_can_not_be_longer_than_the_floor_takes(qtbot: QtBot) -> None:
    box = NoteBox({})
    qtbot.addWidget(box)
    box.set_lead("a")
    box.field.setPlainText("n" * (LONGEST + 50))
    assert len(box.field.toPlainText()) == LONGEST


# the timeline


def entries(count: int, text: str = "note") -> tuple[e.Entry, ...]:
    return tuple(
        e.Entry(seq=n, id=str(n), at=AT - timedelta(minutes=n), actor="x", lead_id="l",
                event=e.NoteAdded(text=f"{text} {n}", rep_name="Ana"))
        for n in range(count)
    )  # fmt: skip


def test_a_long_history_shows_its_newest_part_first(qtbot: QtBot) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    line.resize(400, 600)
    line.show()
    line.show_entries(entries(SHOWN + 60), AT)
    assert len(line.lines) == SHOWN
    assert line.all_button.isVisible()
    line.all_button.click()
    assert len(line.lines) == SHOWN + 60
    assert not line.all_button.isVisible()
    line.show_entries(entries(2), AT)
    assert len(line.lines) == 2


def test_a_timeline_is_as_tall_as_what_it_tells_at_any_width(qtbot: QtBot) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    line.show_entries(
        entries(3, "a longer note, with many words that need a second line in a narrow card " * 2), AT
    )
    line.resize(700, 600)
    line.show()
    QApplication.processEvents()
    wide = line._view.height()
    line.resize(300, 600)
    qtbot.waitUntil(lambda: line._view.height() > wide)
    last = line._view.visualRect(line._view.told.index(2))
    assert last.bottom() < line._view.height()


# corrections, facts, letters


def test_only_what_was_changed_is_corrected(qtbot: QtBot) -> None:
    form = LeadEdit()
    qtbot.addWidget(form)
    lead = replace(DANA, name="N" * 3000)
    form.edit(lead)
    with qtbot.waitSignal(form.left):
        qtbot.keyClick(form.fields["name"], Qt.Key.Key_Return)
    form.fields["phone"].selectAll()
    qtbot.keyClicks(form.fields["phone"], "+1 303 555 0199 ")
    with qtbot.waitSignal(form.saved) as saved:
        qtbot.keyClick(form.fields["phone"], Qt.Key.Key_Return)
    assert saved.args == [(("phone", "+1 303 555 0199"),), (("phone", "+13035550148"),)]


def test_the_facts_leave_out_what_is_not_known_and_show_what_is_wrong(qtbot: QtBot) -> None:
    facts = Facts()
    qtbot.addWidget(facts)
    rosa = next(lead for lead in people() if lead.name == "Rosa Vidal")
    facts.show_lead(rosa, AT)
    words = words_on(facts)
    assert "The phone number “12-34” is not valid." in words
    assert facts.fields["phone"].value.whole() == "none"
    assert facts.fields["consent"].isHidden()
    facts.show_lead(DANA, AT)
    assert facts.problems.isHidden()
    qtbot.waitUntil(lambda: "landline or mobile" in facts.fields["phone"].value.whole())
    assert facts.time.hint.whole() == "may call now"


@pytest.mark.parametrize(
    ("email", "url"),
    [
        ("dana@brightline.example", "mailto:dana@brightline.example"),
        ("o'hara+1@x.example", "mailto:o%27hara%2B1@x.example"),
        ("a@b.example?cc=c@d.example", ""),
        ("a@b.example,c@d.example", ""),
        ("a@b.example\r\nBcc: c@d.example", ""),
        ("file:///etc/passwd", ""),
        ("", ""),
    ],
)
def test_only_an_address_is_written_to(email: str, url: str) -> None:
    made = letter_url("email", replace(DANA, email=email))
    assert made == url or (not url and "?" not in made and "," not in made)
    assert letter_url("text", DANA) == "sms:+13035550148"
    assert letter_url("text", replace(DANA, phone="911;rm")) == ""


def test_the_call_bar_counts_from_the_start_and_then_the_wrap_up(qtbot: QtBot) -> None:
    bar = CallBar()
    qtbot.addWidget(bar)
    call = Call("l", "a", 1, AT + timedelta(seconds=8), None)
    bar.show_call(call, DANA, AT + timedelta(seconds=175))
    assert bar.timer.whole() == "2:47"
    assert "your TTFC 0:31" in bar.words.whole()
    assert not bar.hang_up.isHidden()
    ended = replace(call, ended_at=AT + timedelta(seconds=180))
    bar.show_call(ended, DANA, AT + timedelta(seconds=190))
    assert bar.timer.whole() == "0:10"
    assert bar.hang_up.isHidden()


def test_every_part_has_an_accessible_name(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit

    sheet, form, box = Outcomes(), LeadEdit(), NoteBox({})
    for part in (sheet, form, box):
        qtbot.addWidget(part)
        for kind in (QAbstractButton, QLineEdit, QPlainTextEdit):
            for widget in part.findChildren(kind):
                if widget.objectName() not in ("qt_spinbox_lineedit",):
                    assert widget.accessibleName() or widget.parent() is None, widget


def test_a_cold_lead_wears_its_own_colours(hero: Hero) -> None:
    cold = person("Cold One", tier=Tier.COLD, ago=60)
    hero.show_lead(cold, placed(cold), AT)
    assert hero._mark.words() == "COLD · 24 h"
    hero.set_chosen(True)
    hero.grab()


def test_the_mail_program_is_asked_for_through_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.ui.letters import open_letter

    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toString()) or True)
    assert open_letter("email", DANA)
    assert not open_letter("email", replace(DANA, email="no address"))
    assert asked == ["mailto:dana@brightline.example"]
