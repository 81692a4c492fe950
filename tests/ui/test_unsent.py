"""The window of a desk whose floor can be away: what is unsent is counted, what clashes is laid before its rep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.clock import HandClock
from app.domain.commands import (
    AddNote,
    ClaimLead,
    Command,
    CorrectLead,
    LogOutcome,
    SetStatus,
    StartAttempt,
)
from app.domain.events import AttemptStarted, NoteAdded, OutcomeLogged
from app.domain.lead import AttemptKind, Lead, Outcome
from app.domain.questions import History, LeadHistory
from app.floor.floor import Floor
from app.floor.offline import OfflineFloor
from app.store.journal import Journal
from app.ui import actions, icons
from app.ui.event_words import line_of
from app.ui.needs_you import NeedsYou
from app.ui.parts import Sheet
from app.ui.plain import PlainLabel
from app.ui.quitting import Quitting
from app.ui.screens.queue import QueueScreen
from app.ui.times import time_of_day
from app.ui.toasts import Toast
from tests.floor.cable import Cable
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, AT, ME, people


class AwayDesk:
    """A desk on a floor whose cable is in the tester's hand."""

    def __init__(self, desks: Desks, journal: Path) -> None:
        self.leads = people()
        self.cable: Cable
        self.floor: OfflineFloor

        def through(floor: Floor) -> Floor:
            self.cable = Cable(floor)
            self.floor = OfflineFloor(self.cable, journal, HandClock(AT), ME)
            return self.floor

        self.desk: OpenDesk = desks(self.leads, through=through)
        self.desk.settled()
        self.mine = self.desk.sample.floor.as_actor(ME)
        self.ana = self.desk.sample.floor.as_actor(ANA)

    @property
    def foot(self) -> str:
        button = self.desk.shell.foot.unsent
        return button.words() if button.isVisible() else ""

    @property
    def queue(self) -> QueueScreen:
        return self.desk.shell.findChildren(QueueScreen)[0]

    def cut(self) -> None:
        self.cable.cut()
        self.desk.until(lambda: not self.desk.context.live)

    def mend(self) -> None:
        self.cable.mend()
        self.desk.until(lambda: self.desk.context.live)

    def lead(self, name: str) -> Lead:
        return next(lead for lead in self.leads if lead.name == name)

    def there(self, lead: Lead) -> History:
        """What the floor has of it."""
        return self.ana.ask(LeadHistory(lead_id=lead.id))

    def tray(self) -> NeedsYou:
        """The tray, opened by its action."""
        assert actions.run("unsent")
        return self.desk.shell.findChildren(NeedsYou)[-1]

    def do(self, command: Command[object]) -> None:
        self.desk.context.relay.do(command)

    def clash(self) -> Lead:
        """Booked here without the floor, while it was lost there."""
        lead = self.lead("Tom Becker")
        self.cut()
        self.do(StartAttempt(lead_id=lead.id))
        when = AT + timedelta(days=3)
        self.do(LogOutcome(lead_id=lead.id, outcome=Outcome.BOOKED, at=when, note="site visit"))
        self.desk.until(lambda: len(self.floor.unsent) == 2)
        self.mine.do(LogOutcome(lead_id=lead.id, outcome=Outcome.LOST, reason="no budget"))
        self.mend()
        self.desk.until(lambda: self.foot == "1 needs you")
        return lead


@pytest.fixture
def away(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwayDesk]:
    desks = Desks(qtbot, tmp_path, monkeypatch)
    made = AwayDesk(desks, tmp_path / "unsent.journal")
    yield made
    made.desk.desk.stop()
    made.floor.close()
    desks.close()


def labels(widget: QWidget) -> list[str]:
    return [label.whole() for label in widget.findChildren(PlainLabel) if label.isVisible()]


def press(tray: NeedsYou, words: str) -> None:
    """A button of the first decision."""
    next(button for button in tray.cases[0].buttons if button.words() == words).click()


def test_the_foot_counts_what_is_unsent(away: AwayDesk) -> None:
    assert away.foot == ""
    away.cut()
    away.desk.until(lambda: away.foot == "nothing unsent")
    lead = away.lead("Grace Lin")
    away.do(AddNote(lead_id=lead.id, text="by e-mail too"))
    away.desk.until(lambda: away.foot == "1 unsent")
    away.do(AddNote(lead_id=lead.id, text="after lunch"))
    away.desk.until(lambda: away.foot == "2 unsent")
    away.mend()
    away.desk.until(lambda: away.foot == "")
    notes = [entry.event.text for entry in away.there(lead).entries if isinstance(entry.event, NoteAdded)]
    assert notes == ["after lunch", "by e-mail too"]


def test_what_clashes_is_laid_before_the_rep_with_both_values(away: AwayDesk) -> None:
    lead = away.clash()
    (case,) = away.tray().cases
    said = labels(case)
    assert said[0] == lead.title_line
    at = said.index("Outcome")
    assert said[at + 1 : at + 3] == ["Lost", "Booked"]
    assert "no budget" in said
    assert QApplication.focusWidget() is case.buttons[0]


def test_it_is_applied_on_top_only_when_that_is_pressed(away: AwayDesk) -> None:
    lead = away.clash()
    assert away.there(lead).lead.last_outcome == Outcome.LOST
    tray = away.tray()
    press(tray, "Apply on top")
    away.desk.until(lambda: away.there(lead).lead.last_outcome == Outcome.BOOKED)
    away.desk.until(lambda: away.foot == "" and not tray.cases)


def test_it_can_be_kept_as_a_note(away: AwayDesk) -> None:
    lead = away.clash()
    tray = away.tray()
    press(tray, "Keep as note")
    away.desk.until(lambda: not tray.cases and away.foot == "")
    history = away.there(lead)
    assert history.lead.last_outcome == Outcome.LOST
    (note,) = [entry.event.text for entry in history.entries if isinstance(entry.event, NoteAdded)]
    time = time_of_day(AT)
    assert note == f"Said offline at {time}: Booked · Mon {time} · site visit"


def test_a_correction_that_clashes_can_be_dropped(away: AwayDesk) -> None:
    lead = away.lead("Grace Lin")
    away.cut()
    changed = CorrectLead(lead_id=lead.id, changes=(("company", "Lin"),), seen=(("company", "Lin Dental"),))
    away.do(changed)
    away.desk.until(lambda: away.foot == "1 unsent")
    away.ana.do(CorrectLead(lead_id=lead.id, changes=(("company", "Lin Dentists"),)))
    tray = away.tray()
    assert tray.cases == []
    assert "Corrected Company: Lin" in labels(tray)
    away.mend()
    away.desk.until(lambda: tray.cases and "Company" in labels(tray.cases[0]))
    said = labels(tray.cases[0])
    at = said.index("Company")
    assert said[at + 1 : at + 3] == ["Lin Dentists", "Lin"]
    press(tray, "Drop")
    away.desk.until(lambda: not tray.cases)
    assert away.there(lead).lead.company == "Lin Dentists"


def test_the_form_says_what_its_rep_saw(away: AwayDesk) -> None:
    """Somebody else changes a field while the form is open: their word is not overwritten unseen."""
    lead = away.lead("Grace Lin")
    away.desk.context.show_lead(lead.id)
    card = away.queue.card
    away.desk.until(lambda: card.lead is not None)
    card.start_edit()
    away.ana.do(CorrectLead(lead_id=lead.id, changes=(("company", "Lin Dentists"),)))
    away.desk.until(lambda: away.desk.context.board.leads[lead.id].company == "Lin Dentists")
    field = card.edit.fields["company"]
    field.setText("Lin & Sons")
    field.setModified(True)
    card.edit.save.click()
    away.desk.until(lambda: any("Lin Dentists" in words for words in labels(away.desk.shell)))
    away.desk.settled()
    assert away.there(lead).lead.company == "Lin Dentists"


def test_what_only_the_floor_can_do_is_disabled_and_says_why(away: AwayDesk) -> None:
    pool, mine = away.lead("Priya Raman"), away.lead("Grace Lin")
    away.desk.context.show_lead(pool.id)
    card = away.queue.card
    away.desk.until(card.ways["call"].isEnabled)
    away.cut()
    why = "Only the floor can say who has this lead, and it is away."
    away.desk.until(lambda: card.whose.whole() == why)
    assert not card.ways["call"].isEnabled()
    assert not card.outcomes.isEnabled()
    assert card.notes.isEnabled()
    away.desk.context.show_lead(mine.id)
    assert card.ways["call"].isEnabled()
    for kind in (SetStatus, ClaimLead):
        assert away.desk.context.why_not(kind) == "The floor is away. This can be done when it is back."
    assert away.desk.context.why_not(AddNote) == ""
    assert away.desk.context.barred(SetStatus) == ""
    assert not actions.run("status.break")
    away.mend()
    away.desk.until(lambda: actions.run("status.break"))
    away.desk.context.show_lead(pool.id)
    assert card.ways["call"].isEnabled()


def test_a_toast_claims_only_what_can_be_claimed_without_the_floor(away: AwayDesk) -> None:
    pool, mine = away.lead("Priya Raman"), away.lead("Grace Lin")
    cards = {}
    for lead in (pool, mine):
        toast = Toast(lead_id=lead.id, title=lead.name, body="")
        away.desk.context.toasts._inapp.show(toast)
        cards[lead.id] = away.desk.context.toasts._inapp._cards[lead.id]
    away.cut()
    claim = cards[pool.id].buttons["claim"]
    away.desk.until(lambda: not claim.isEnabled())
    assert "it is away" in claim.accessibleDescription()
    assert cards[pool.id].buttons["open"].isEnabled()
    assert cards[mine.id].buttons["claim"].isEnabled()
    away.mend()
    away.desk.until(claim.isEnabled)
    assert claim.accessibleDescription() == ""


def test_countdowns_are_grey_while_the_floor_is_away(away: AwayDesk) -> None:
    hero, card = away.queue.hero, away.queue.card
    away.desk.context.show_lead(hero.lead_id)
    assert ":" in card.mark.words()
    away.cut()
    away.do(AddNote(lead_id=hero.lead_id, text="tell them"))  # what is shown anew is grey too
    away.desk.until(lambda: away.foot == "1 unsent")
    assert hero.ring._tint == "grey"
    assert ":" not in card.mark.words()


def test_quitting_with_unsent_work_warns_once_and_keeps_it(away: AwayDesk, tmp_path: Path) -> None:
    shell, quitting = away.desk.shell, Quitting()
    assert not quitting.waits(shell, 0)
    away.cut()
    away.do(AddNote(lead_id=away.lead("Grace Lin").id, text="after lunch"))
    away.desk.until(lambda: away.foot == "1 unsent")
    shell.on_close = lambda: not quitting.waits(shell, len(away.floor.unsent))
    shell.close()
    shell.close()
    (sheet,) = shell.findChildren(Sheet)
    assert "One thing you did here did not reach the floor yet" in sheet.text.whole()
    sheet.reject()
    assert shell.isVisible()
    away.desk.until(lambda: not shell.findChildren(Sheet))
    shell.close()
    (sheet,) = shell.findChildren(Sheet)
    sheet.accept()
    assert not shell.isVisible()
    away.desk.desk.stop()
    away.floor.close()
    journal = Journal(tmp_path / "unsent.journal")
    (line,) = journal.lines()
    journal.close()
    assert cast("AddNote", line.command).text == "after lunch"


def test_the_timeline_says_what_was_recorded_offline() -> None:
    said = AT - timedelta(minutes=20)
    call = AttemptStarted(
        attempt_id="a", attempt_kind=AttemptKind.CALL, number=1, rep_name="Mara", said_at=said
    )
    assert line_of(call, AT).more == f"recorded offline at {time_of_day(said)}"
    ended = OutcomeLogged(
        attempt_id="a", number=1, outcome=Outcome.BOOKED, note="by noon", applied=False, said_at=said
    )
    lines = line_of(ended, AT).more.splitlines()
    assert lines == [f"recorded offline at {time_of_day(said)} · the lead was left as it stood", "by noon"]


def test_the_trays_icon_counts(qapp: QApplication) -> None:
    plain, counted, more = (icons.counted(n).pixmap(64, 64).toImage() for n in (0, 3, 12))
    assert plain == icons.app_icon().pixmap(64, 64).toImage()
    assert plain != counted
    assert counted != more
