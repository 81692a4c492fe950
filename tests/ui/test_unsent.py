"""The window of a desk whose floor can be away: what is unsent is counted, what clashes is laid before its rep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.commands import AddNote, CorrectLead, LogOutcome, StartAttempt
from app.domain.lead import Lead, Outcome
from app.floor.offline import OfflineFloor
from app.ui import actions
from app.ui.needs_you import NeedsYou
from app.ui.plain import PlainLabel
from tests.floor.cable import Cable
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, AT, ME, people


class AwayDesk:
    """A desk on a floor whose cable is in the tester's hand."""

    def __init__(self, desks: Desks, folder: Path) -> None:
        self.leads = people()
        self.cable: Cable
        self.floor: OfflineFloor

        def through(floor: object) -> OfflineFloor:
            from app.clock import HandClock

            self.cable = Cable(floor)  # type: ignore[arg-type]
            self.floor = OfflineFloor(self.cable, folder / "unsent.journal", HandClock(AT), ME)
            return self.floor

        self.desk: OpenDesk = desks(self.leads, through=through)  # type: ignore[arg-type]
        self.desk.settled()
        self.ana = self.desk.sample.floor.as_actor(ANA)

    @property
    def foot(self) -> str:
        button = self.desk.shell.foot.unsent
        return button.words() if button.isVisible() else ""

    def cut(self) -> None:
        self.cable.cut()
        self.desk.until(lambda: not self.desk.context.live)

    def mend(self) -> None:
        self.cable.mend()
        self.desk.until(lambda: self.desk.context.live)

    def lead(self, name: str) -> Lead:
        return next(lead for lead in self.leads if lead.name == name)

    def tray(self) -> NeedsYou:
        """The tray, opened by its key."""
        assert actions.run("unsent")
        return self.desk.shell.findChildren(NeedsYou)[-1]


@pytest.fixture
def away(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwayDesk]:
    desks = Desks(qtbot, tmp_path, monkeypatch)
    made = AwayDesk(desks, tmp_path)
    yield made
    made.desk.desk.stop()
    made.floor.close()
    desks.close()


def labels(widget: object) -> list[str]:
    return [label.whole() for label in widget.findChildren(PlainLabel) if label.isVisible()]  # type: ignore[attr-defined]


def clash(away: AwayDesk) -> Lead:
    """Booked here without the floor, while Ana won the same lead there."""
    lead = away.lead("Tom Becker")
    away.cut()
    relay = away.desk.context.relay
    relay.do(StartAttempt(lead_id=lead.id))
    relay.do(
        LogOutcome(lead_id=lead.id, outcome=Outcome.BOOKED, at=AT + timedelta(days=3), note="site visit")
    )
    away.desk.until(lambda: len(away.floor.unsent) == 2)
    lead_there = away.ana.ask(_history(lead)).lead
    assert lead_there.owner == ME
    away.desk.sample.floor.as_actor(ME).do(
        LogOutcome(lead_id=lead.id, outcome=Outcome.LOST, reason="no budget")
    )
    away.mend()
    away.desk.until(lambda: away.desk.context.unsent.waiting)  # type: ignore[union-attr]
    return lead


def _history(lead: Lead):  # type: ignore[no-untyped-def]
    from app.domain.questions import LeadHistory

    return LeadHistory(lead_id=lead.id)


def test_the_foot_counts_what_is_unsent(away: AwayDesk) -> None:
    assert away.foot == ""
    away.cut()
    away.desk.until(lambda: away.foot == "nothing unsent")
    relay, lead = away.desk.context.relay, away.lead("Grace Lin")
    relay.do(AddNote(lead_id=lead.id, text="by e-mail too"))
    away.desk.until(lambda: away.foot == "1 unsent")
    relay.do(AddNote(lead_id=lead.id, text="after lunch"))
    away.desk.until(lambda: away.foot == "2 unsent")
    away.mend()
    away.desk.until(lambda: away.foot == "")
    notes = [entry.event for entry in away.ana.ask(_history(lead)).entries]
    assert [note.text for note in notes if hasattr(note, "text")] == ["after lunch", "by e-mail too"]


def test_what_clashes_is_laid_before_the_rep_with_both_values(away: AwayDesk) -> None:
    lead = clash(away)
    away.desk.until(lambda: away.foot == "1 needs you")
    tray = away.tray()
    (case,) = tray.cases
    said = labels(case)
    assert said[0] == lead.title_line
    assert "Outcome" in said
    assert said[said.index("Outcome") + 1 : said.index("Outcome") + 3] == ["Lost", "Booked"]
    assert "no budget" in said
    assert QApplication.focusWidget() is case.buttons[0]


def test_apply_on_top_is_done_only_when_it_is_pressed(away: AwayDesk) -> None:
    lead = clash(away)
    assert away.ana.ask(_history(lead)).lead.last_outcome == Outcome.LOST
    tray = away.tray()
    (case,) = tray.cases
    case.buttons[0].click()
    away.desk.until(lambda: away.ana.ask(_history(lead)).lead.last_outcome == Outcome.BOOKED)
    away.desk.until(lambda: away.foot == "" and not tray.cases)


def test_it_can_be_kept_as_a_note_and_dropped(away: AwayDesk) -> None:
    lead = clash(away)
    tray = away.tray()
    next(button for button in tray.cases[0].buttons if button.words() == "Keep as note").click()
    away.desk.until(lambda: not tray.cases and away.foot == "")
    history = away.ana.ask(_history(lead))
    assert history.lead.last_outcome == Outcome.LOST
    (note,) = [entry.event.text for entry in history.entries if type(entry.event).__name__ == "NoteAdded"]
    assert note == "Said offline at 17:14: Booked · Mon 17:14 · site visit".replace(
        "17:14", f"{AT.astimezone():%H:%M}"
    )
    away.cut()
    seen = (("company", "Halle GmbH"),)
    correct = CorrectLead(
        lead_id=away.lead("Grace Lin").id, changes=(("company", "Lin"),), seen=(("company", "Lin Dental"),)
    )
    away.desk.context.relay.do(correct)
    away.ana.do(CorrectLead(lead_id=correct.lead_id, changes=(("company", "Lin Dentists"),)))
    away.desk.until(lambda: away.foot == "1 unsent")
    away.mend()
    away.desk.until(lambda: tray.cases)
    assert labels(tray.cases[0])[-4:-1] != seen
    next(button for button in tray.cases[0].buttons if button.words() == "Drop").click()
    away.desk.until(lambda: not tray.cases)
    assert away.ana.ask(_history(away.lead("Grace Lin"))).lead.company == "Lin Dentists"
