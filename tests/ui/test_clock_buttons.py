"""What a rep says to a clock (I have it, stand still, go on), and why a lead is whose it is; on a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import events as e
from app.domain.chain import Step, StepKind
from app.domain.commands import AcknowledgeLead, KeepClocks, PauseClock, PublishRulebook
from app.domain.lead import ClockState, Lead, Role, Tier
from app.domain.rulebook import DEFAULT
from app.ui import actions, theme
from app.ui.clock_strip import ClockStrip
from app.ui.pause_sheet import PauseSheet
from app.ui.plain import PlainLabel
from app.ui.screens.queue import QueueScreen
from app.ui.times import time_of_day
from app.ui.why_sheet import WhySheet
from app.ui.wording import clock_cell
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, AT, ME, people, person


@pytest.fixture
def desk_on(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desks]:
    theme.apply(qapp, theme.LIGHT)
    desks = Desks(qtbot, tmp_path, monkeypatch)
    yield desks
    desks.close()


def late(**more: object) -> Lead:
    """Somebody whose deadline has just passed."""
    running = {"clock": ClockState.RUNNING, "breached_at": None}
    return person(
        "Lena Late", "Late & Co", tier=Tier.HOT, score=88, ago=65, ask="Now, please", **(running | more)
    )


def breached(desks: Desks, lead: Lead, *, have: str = "", role: Role = Role.REP) -> OpenDesk:
    """A desk on a floor whose keeper has noticed it; the chain rings the owner, and an owner after ten minutes.
    `have` says before the desk is opened that they have it.
    """
    desk = desks([lead], start=False, role=role)
    chain = (Step(kind=StepKind.LOUDER, after=0), Step(kind=StepKind.OWNER, after=600))
    desk.sample.terminal.do(PublishRulebook(rulebook=replace(DEFAULT, chain=chain)))
    desk.sample.floor.as_actor("keeper").do(KeepClocks())
    if have:
        desk.sample.floor.as_actor(have).do(AcknowledgeLead(lead_id=lead.id))
    desk.desk.start()
    desk.until(lambda: desk.context.live)
    desk.settled()
    return desk


def screen_of(desk: OpenDesk) -> QueueScreen:
    screen = desk.shell.body.currentWidget()
    assert isinstance(screen, QueueScreen)
    return screen


def strip_of(desk: OpenDesk) -> ClockStrip:
    return screen_of(desk).card.clock


def tick(desk: OpenDesk, **span: float) -> None:
    desk.sample.clock.advance(**span)
    desk.context.ticked.emit(desk.sample.clock.now())


def clock_words(desk: OpenDesk, lead: Lead) -> str:
    board = desk.context.board.leads[lead.id]
    return clock_cell(board, desk.context.queue.place_of(lead.id), desk.context.now())[0]


def ringing(desk: OpenDesk) -> list[str]:
    return [toast.lead_id for toast in desk.context.toasts.standing]


def hhmm(at: datetime) -> str:
    return time_of_day(at)


# -- I have it


def test_who_has_a_late_lead_says_so_once_by_key_and_the_card_says_until_when(desk_on: Desks) -> None:
    lead = late(owner="")
    desk = breached(desk_on, lead)
    screen, strip = screen_of(desk), strip_of(desk)
    assert screen.hero.lead_id == lead.id
    assert screen.hero.have.isVisible()
    assert strip.have.isVisible()
    assert "others are told" in strip.words.whole()
    assert actions.run("lead.have")
    assert not strip.have.isEnabled(), "its answer is awaited"
    desk.until(lambda: not strip.have.isVisible())
    assert not screen.hero.have.isVisible()
    assert not actions.run("lead.have")
    assert (
        f"You have it. The others are told from {hhmm(AT + timedelta(seconds=120))} on" in strip.words.whole()
    )
    tick(desk, seconds=121)
    assert "You said that you have it, and nobody has called." in strip.words.whole()


def test_somebody_else_has_it_and_it_can_still_be_mine(desk_on: Desks) -> None:
    lead = late(owner="")
    desk = breached(desk_on, lead)
    desk.sample.floor.as_actor(ANA).do(AcknowledgeLead(lead_id=lead.id))
    desk.until(lambda: "Ana Brito has it." in strip_of(desk).words.whole())
    assert strip_of(desk).have.isVisible()


def test_what_was_said_before_this_desk_was_opened_is_known_from_the_history(desk_on: Desks) -> None:
    lead = late(owner="")
    desk = breached(desk_on, lead, have=ME)
    desk.until(lambda: "You have it." in strip_of(desk).words.whole())
    assert not strip_of(desk).have.isVisible()


def test_a_lead_in_time_offers_nothing_to_have(desk_on: Desks) -> None:
    desk = desk_on(people())
    desk.settled()
    assert not strip_of(desk).have.isVisible()
    assert not screen_of(desk).hero.have.isVisible()
    assert not actions.run("lead.have")


def test_a_bubble_of_a_late_lead_that_is_claimed_says_i_have_it(desk_on: Desks) -> None:
    lead = late(claimed_at=AT - timedelta(seconds=30), claim_no=1)
    desk = breached(desk_on, lead)
    # claimed before it was missed, and rung again since
    desk.until(lambda: ringing(desk) == [lead.id] or desk.desk._bells.next_change is None)
    desk.sample.write("keeper", lead, e.LeadEscalated(step=1, what="louder", to=(ME,), to_names=("Mara",)))
    desk.until(lambda: ringing(desk) == [lead.id])
    (toast,) = desk.context.toasts.standing
    assert toast.actions[0] == ("have", "I have it")
    desk.shell.hide()
    desk.context.toasts.pressed.emit(lead.id, "have")
    desk.until(lambda: screen_of(desk).clocks.held(lead.id))
    assert not desk.shell.isVisible(), "whoever presses it is busy elsewhere"


# -- paused


def paused(desk: OpenDesk, why: str = "in a meeting", choice: int = 2) -> PauseSheet:
    assert actions.run("lead.pause")
    sheet = screen_of(desk).clocks.sheet
    assert sheet is not None
    assert not sheet.ok.isEnabled(), "a reason is needed"
    sheet.why.setText(why)
    sheet.take(choice)
    sheet.ok.click()
    return sheet


def test_a_clock_is_paused_with_a_reason_stands_there_and_goes_on(desk_on: Desks) -> None:
    lead = person("Nora Quist", "Quist", tier=Tier.HOT, score=95, ago=10)
    desk = desk_on([lead])
    desk.settled()
    assert ringing(desk) == [lead.id]
    assert strip_of(desk).pause.words() == "Pause the clock…"
    paused(desk)
    desk.until(lambda: desk.context.board.leads[lead.id].paused_until == AT + timedelta(hours=1))
    until = hhmm(AT + timedelta(hours=1))
    assert strip_of(desk).words.whole() == f"Paused until {until} – in a meeting"
    assert clock_words(desk, lead) == "paused"
    reason = desk.context.queue.place_of(lead.id).reason
    assert reason == f"Clock paused until {until} – in a meeting"
    desk.until(lambda: not ringing(desk))
    assert strip_of(desk).pause.words() == "Go on"
    tick(desk, seconds=60)
    assert actions.run("lead.pause")
    desk.until(lambda: desk.context.board.leads[lead.id].paused_until is None)
    desk.until(lambda: ringing(desk) == [lead.id])
    assert desk.sample.lead("Nora Quist").deadline == lead.deadline + timedelta(seconds=60)  # type: ignore[operator]
    assert strip_of(desk).words.whole() == ""


def test_a_pause_that_is_over_rings_by_itself(desk_on: Desks) -> None:
    lead = person("Nora Quist", "Quist", tier=Tier.HOT, score=95, ago=10)
    desk = desk_on([lead])
    desk.settled()
    desk.sample.floor.do(PauseClock(lead_id=lead.id, reason="a moment", until=AT + timedelta(minutes=5)))
    desk.until(lambda: not ringing(desk))
    desk.sample.clock.advance(minutes=5)
    desk.desk._advance()
    assert ringing(desk) == [lead.id]
    assert clock_words(desk, lead) == "0:50"


def test_no_longer_than_the_rulebook_allows_and_never_into_the_past(desk_on: Desks) -> None:
    desk = desk_on([person("Nora Quist", "Quist", tier=Tier.HOT, score=95, ago=10)])
    desk.settled()
    assert actions.run("lead.pause")
    sheet = screen_of(desk).clocks.sheet
    assert sheet is not None
    sheet.why.setText("lunch")
    assert [button.words() for button, _span in sheet.spans] == ["15 min", "30 min", "1 h", "2 h", "4 h"]
    assert "4 h at a time" in sheet.text.whole()
    sheet.take(4)
    assert sheet.ok.isEnabled()
    assert sheet.until() == AT + timedelta(hours=4)
    field: QDateTime = sheet.when.dateTime()
    sheet.when.setDateTime(field.addSecs(120))
    assert not sheet.ok.isEnabled()
    assert "too long" in sheet.words.whole()
    sheet.when.setDateTime(field.addSecs(-5 * 3600))
    assert not sheet.ok.isEnabled()
    assert sheet.words.whole() == "That time has passed."
    sheet.reject()


def test_somebody_elses_clock_is_paused_by_a_lead_only_while_nobody_works_on_it(desk_on: Desks) -> None:
    ana = person("Ana's Own", owner=ANA, ago=30)
    desk = desk_on([ana])
    screen_of(desk).show_lead(ana.id)
    desk.settled()
    assert not strip_of(desk).pause.isVisible()
    assert not actions.run("lead.pause")


def test_a_team_lead_pauses_what_nobody_has_claimed(desk_on: Desks) -> None:
    ana = person("Ana's Own", owner=ANA, ago=30)
    desk = desk_on([ana], role=Role.TEAM_LEAD)
    screen_of(desk).show_lead(ana.id)
    desk.settled()
    assert strip_of(desk).pause.isVisible()
    paused(desk)
    desk.until(lambda: desk.sample.lead("Ana's Own").paused_until)


def test_a_lead_that_was_missed_has_no_clock_to_pause(desk_on: Desks) -> None:
    lead = late()
    desk = breached(desk_on, lead)
    assert desk.context.board.leads[lead.id].clock is ClockState.BREACHED
    assert not strip_of(desk).pause.isVisible()
    assert not actions.run("lead.pause")


# -- why me, why not me


def asked_why(desk: OpenDesk) -> list[str]:
    assert actions.run("lead.why")
    sheet = screen_of(desk).card.past.why_sheet
    assert isinstance(sheet, WhySheet)
    return sheet.lines


def test_why_me_tells_each_decision_with_everybody_who_was_looked_at(desk_on: Desks) -> None:
    lead = person("Nora Quist", "Quist", tier=Tier.HOT, score=95, ago=10)
    desk = desk_on([lead])
    again = e.LeadRouted(
        to=ANA,
        to_name="Ana Brito",
        why="route “Germany”: best fit",
        ledger=(
            e.Considered(rep_id=ANA, name="Ana Brito"),
            e.Considered(rep_id="b", name="Ben Okri", skipped="on a call"),
            e.Considered(rep_id="c", name="Cleo Diaz", skipped="on a call"),
            e.Considered(rep_id=ME, name="Mara Kovac", skipped="does not speak German"),
        ),
    )
    desk.sample.write("keeper", lead, again, owner=ANA)
    screen_of(desk).show_lead(lead.id)
    past = screen_of(desk).card.past
    desk.until(lambda: past.why.words() == "Why not me?" and past.why.isVisible())
    assert asked_why(desk) == [
        "To Ana Brito",
        hhmm(AT),
        "route “Germany”: best fit",
        "You: does not speak German",
        "Ana Brito",
        "got it",
        "Ben Okri, Cleo Diaz",
        "on a call",
        "To Mara Kovac",
        hhmm(AT - timedelta(seconds=10)),
        "round robin, 3 available",
        "You got it.",
        "Ana Brito",
        "on a break",
    ]


def test_why_tells_the_routes_that_were_asked_before_and_to_whom_it_is_offered(desk_on: Desks) -> None:
    lead = person("Nora Quist", "Quist", tier=Tier.HOT, score=95, ago=10, owner="", offered=(ME, ANA))
    desk = desk_on([lead])
    offered = e.LeadRouted(
        to="",
        why="offered to 2",
        route="First to claim",
        offered=(ME, ANA),
        passed=(e.PassedOver(route="Germany", why="it is for leads from Germany"),),
        ledger=(
            e.Considered(rep_id=ME, name="Mara Kovac"),
            e.Considered(rep_id=ANA, name="Ana Brito"),
            e.Considered(rep_id="b", name="Ben Okri", skipped="on a call"),
        ),
    )
    desk.sample.write("capture", lead, offered)
    desk.until(screen_of(desk).card.past.why.isVisible)
    desk.settled()
    assert asked_why(desk) == [
        "Offered to 2",
        hhmm(AT),
        "offered to 2",
        "Route “Germany” did not: it is for leads from Germany",
        "It is offered to you.",
        "Ana Brito",
        "it is offered to them",
        "Ben Okri",
        "on a call",
    ]


def test_a_lead_that_nobody_decided_about_says_so(desk_on: Desks) -> None:
    desk = desk_on([person("Pool Paul", ago=30, owner="")])
    desk.settled()
    assert screen_of(desk).card.past.why.words() == "Why nobody?"
    assert asked_why(desk) == ["Nobody decided about this lead: it has lain in the pool since it came."]


def test_the_card_names_the_one_cause_of_a_miss(desk_on: Desks) -> None:
    desk = breached(desk_on, late())
    missed: PlainLabel = screen_of(desk).card.past.missed
    assert missed.isVisible()
    assert missed.whole() == "Missed: It was offered to Mara Kovac, who did not take it."


# -- to somebody else


def test_a_lead_is_given_to_somebody_else_with_a_reason(desk_on: Desks) -> None:
    lead = person("Nora Quist", "Quist", tier=Tier.HOT, score=95, ago=10)
    desk = desk_on([lead])
    past = screen_of(desk).card.past
    desk.until(past.give.isVisible)
    assert not past.decline.isVisible()
    past.give.click()
    sheet = past.giving.sheet
    assert sheet is not None
    assert [sheet.person.itemData(n) for n in range(sheet.person.count())] == [ANA]
    assert not sheet.ok.isEnabled(), "a reason is needed"
    sheet.why.setText("she speaks Danish")
    sheet.ok.click()
    desk.until(lambda: desk.sample.lead("Nora Quist").owner == ANA)
    desk.until(lambda: not ringing(desk))
    desk.until(lambda: not past.give.isVisible())
    desk.until(lambda: past.why.words() == "Why not me?")
    assert "Mara Kovac handed it over: she speaks Danish" in asked_why(desk)


def test_an_offer_is_declined_with_a_reason(desk_on: Desks) -> None:
    lead = person("Nora Quist", "Quist", tier=Tier.HOT, score=95, ago=10, owner="", offered=(ME, ANA))
    desk = desk_on([lead])
    past = screen_of(desk).card.past
    desk.until(past.decline.isVisible)
    assert actions.run("lead.decline")
    sheet = past.giving.sheet
    assert sheet is not None
    assert sheet.person.isHidden()
    sheet.why.setText("on my way out")
    sheet.ok.click()
    desk.until(lambda: desk.sample.lead("Nora Quist").offered == (ANA,))
    desk.until(lambda: not ringing(desk))
