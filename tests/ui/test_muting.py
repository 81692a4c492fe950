"""A desk that is muted for a while, and one whose rulebook says who hears of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import settings as profile
from app.domain import events as e
from app.domain.behaviour import Did
from app.domain.commands import NoteBehaviour, PublishRulebook
from app.domain.lead import ClockState, Lead, Role, Tier
from app.domain.routes import Alert, Loudness, News
from app.domain.rulebook import DEFAULT
from app.ui import actions
from app.ui.muting import Muting
from app.ui.settings_screen import SettingsScreen
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, AT, ME, people, person


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch)
    yield desks
    desks.close()


def hot(name: str = "Nora Quist", **more: object) -> Lead:
    return person(name, "Quist", tier=Tier.HOT, score=95, ago=0, ask="Call me now", **more)


def ringing(desk: OpenDesk) -> list[str]:
    return [toast.lead_id for toast in desk.context.toasts.standing]


def native(desk: OpenDesk, lead: Lead) -> bool:
    return desk.context.toasts._waiting[lead.id].native


def sounds(desk: OpenDesk) -> list[str]:
    heard: list[str] = []
    desk.context.sounder.asked.connect(heard.append)
    return heard


def muting(desk: OpenDesk) -> Muting:
    assert desk.context.muting is not None
    return desk.context.muting


def tick(desk: OpenDesk, **span: float) -> None:
    desk.sample.clock.advance(**span)
    desk.context.ticked.emit(desk.sample.clock.now())


# -- muted


def test_a_mute_has_an_end_says_what_is_left_and_rings_afterwards(desk_on: Desks) -> None:
    desk = desk_on([])
    heard = sounds(desk)
    foot = desk.shell.foot
    assert foot.muted.isHidden()
    assert not actions.run("mute.off")
    assert actions.run("mute.15")
    assert foot.muted.words() == "Muted · 15 min left"
    lead = desk.sample.arrive(hot())
    desk.until(lambda: ringing(desk) == [lead.id])
    assert not native(desk, lead)
    assert heard == []
    tick(desk, seconds=14 * 60 + 1)
    assert foot.muted.words() == "Muted · 59 s left"
    tick(desk, seconds=59)
    assert foot.muted.isHidden()
    assert native(desk, lead)
    assert len(heard) == 1


def test_a_click_in_the_foot_ends_it(desk_on: Desks) -> None:
    desk = desk_on([])
    assert actions.run("mute.60")
    desk.shell.foot.muted.click()
    assert muting(desk).until is None
    assert desk.shell.foot.muted.isHidden()


def test_a_breach_of_ones_own_lead_still_shows_in_the_window(desk_on: Desks) -> None:
    lead = hot()
    desk = desk_on([lead])
    assert actions.run("mute.60")
    heard = sounds(desk)
    desk.sample.clock.advance(seconds=61)
    breach = e.ClockBreached(deadline=lead.deadline)  # type: ignore[arg-type]
    late = {"clock": ClockState.BREACHED, "breached_at": lead.deadline}
    desk.sample.write("keeper", lead, breach, **late)
    desk.until(lambda: [toast.mark for toast in desk.context.toasts.standing] == ["HOT · breached"])
    assert heard == []


def test_it_outlives_a_restart_but_not_its_end(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on([])
    assert actions.run("mute.tomorrow")
    until = muting(desk).until
    assert until is not None
    assert (until.astimezone().hour, until.astimezone().minute) == (8, 0)
    assert profile.load(desk.settings.path.parent).muted_until == until.isoformat()  # type: ignore[union-attr]
    again = Muting(desk.context, desk.desk)
    again.start()
    assert again.until == until
    for kept in ("nonsense", "2026-11-20T10:00:00", AT.isoformat(), (AT + timedelta(days=400)).isoformat()):
        desk.settings.muted_until = kept
        other = Muting(desk.context, desk.desk)
        other.start()
        assert other.until is None, kept


def test_the_settings_mute_as_well(desk_on: Desks) -> None:
    desk = desk_on([])
    desk.shell.show_screen("settings")
    screen = desk.shell.body.currentWidget()
    assert isinstance(screen, SettingsScreen)
    assert screen.mutes.chosen == "off"
    screen.mutes.picked.emit("60")
    assert muting(desk).until == AT + timedelta(hours=1)
    assert screen.muted.whole().startswith("Until ")
    muting(desk).unmute()
    assert screen.mutes.chosen == "off"


# -- by rules


def publish(desk: OpenDesk, *alerts: Alert) -> None:
    rulebook = replace(DEFAULT, alerts=alerts)
    desk.sample.terminal.do(PublishRulebook(rulebook=rulebook))
    desk.until(lambda: desk.context.board.rulebook.alerts == alerts)


def test_the_rulebook_says_how_loudly_a_lead_arrives(desk_on: Desks) -> None:
    desk = desk_on([])
    publish(
        desk,
        Alert(news=News.ARRIVED, tiers=(Tier.HOT,), loudness=Loudness.QUIET),
        Alert(news=News.ARRIVED, tiers=(Tier.COLD,), loudness=Loudness.LOUD),
        Alert(news=News.ARRIVED, loudness=Loudness.SILENT),
    )
    heard = sounds(desk)
    first = desk.sample.arrive(hot())
    desk.until(lambda: first.id in ringing(desk))
    assert native(desk, first)
    assert heard == []
    second = desk.sample.arrive(person("Cora Cold", tier=Tier.COLD, score=5, ago=0))
    desk.until(lambda: second.id in ringing(desk))
    assert heard == ["breach"]
    third = desk.sample.arrive(person("Will Warm", ago=0))
    desk.until(lambda: third.id in ringing(desk))
    assert not native(desk, third)
    assert heard == ["breach"]


def test_a_rule_that_names_a_role_tells_it_of_others_leads(desk_on: Desks) -> None:
    theirs = hot("Otto Other", owner=ANA)
    desk = desk_on([theirs], role=Role.MANAGER)
    assert ringing(desk) == []
    publish(desk, Alert(news=News.BREACHED, roles=("manager",), loudness=Loudness.NORMAL))
    desk.sample.write("keeper", theirs, score=96)
    desk.settled()
    assert ringing(desk) == [], "it has only arrived"
    late = {"clock": ClockState.BREACHED, "breached_at": theirs.deadline}
    desk.sample.clock.advance(seconds=61)
    desk.sample.write("keeper", theirs, e.ClockBreached(deadline=theirs.deadline), **late)  # type: ignore[arg-type]
    desk.until(lambda: ringing(desk) == [theirs.id])
    (toast,) = desk.context.toasts.standing
    assert [key for key, _words in toast.actions] == ["have", "open"]


def test_what_a_lead_of_mine_does_is_told_by_a_rule_only(desk_on: Desks) -> None:
    lead = replace(person("Webb Roofing", ago=300), claimed_at=AT, clock=ClockState.MET, attempts=1)
    lead = replace(lead, last_attempt_at=AT, first_attempt_at=AT, last_outcome=None)
    desk = desk_on([lead])

    def looks(page: str) -> None:
        desk.sample.terminal.do(NoteBehaviour(lead_id=lead.id, kind=Did.PAGE_VIEW, what=page))
        desk.settled()

    looks("/pricing")
    assert ringing(desk) == []
    publish(desk, Alert(news=News.BEHAVIOUR, loudness=Loudness.NORMAL))
    looks("/pricing?again")
    (toast,) = desk.context.toasts.standing
    assert toast.mark == "WARM · did something"
    assert "Looked at a page · /pricing?again" in toast.body
    desk.context.toasts.pressed.emit(lead.id, "open")
    assert ringing(desk) == []


def test_without_alert_rules_nothing_has_changed(desk_on: Desks) -> None:
    desk = desk_on(people())
    assert desk.context.ringer._turns == {}
    assert not desk.context.ringer._again.isActive()
    assert {toast.lead_id for toast in desk.context.toasts.standing} <= set(desk.context.board.leads)
    assert desk.context.rep is not None
    assert desk.context.rep.id == ME
