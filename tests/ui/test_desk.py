"""The desk on a real floor: from a batch to the rows, the bubbles, the head of the window, and back."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.clock import FloorClock, HandClock
from app.domain.commands import ClaimLead, KeepClocks, LogOutcome, SetStatus, StartAttempt
from app.domain.lead import ClockState, Lead, Outcome, RepStatus, Role, Tier
from app.floor.floor import Batch, Link
from app.floor.queue import Moves
from app.ui import actions
from app.ui.beat import Beat
from app.ui.desk_head import midnight
from app.ui.dial import dial, dial_url
from app.ui.parts import Banner
from app.ui.plain import PlainLabel
from app.ui.shell import Shell
from app.ui.toasts import SUMMARY
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


def words(desk: OpenDesk) -> str:
    """All that stands on the window's labels."""
    return "\n".join(label.whole() for label in desk.shell.findChildren(PlainLabel) if label.isVisible())


# a batch


def test_an_arriving_lead_is_in_its_row_and_rings_within_one_pass(desk_on: Desks) -> None:
    desk = desk_on(people())
    context = desk.context
    seen: list[tuple[str, bool, bool]] = []
    new = hot()

    def moved(moves: Moves) -> None:
        if new.id in context.queue:
            row = context.queue.row_of(new.id)
            seen.append(("moved", row in moves.inserted_rows, new.id in ringing(desk)))

    context.queue_moved.connect(moved)
    context.board_changed.connect(lambda changes: seen.append(("changed", new in changes.added, False)))
    context.ringer.rang.connect(lambda lead_id, _level: seen.append(("rang", lead_id == new.id, True)))
    desk.sample.arrive(new)
    desk.until(lambda: len(seen) >= 3)
    assert seen[:3] == [("moved", True, False), ("changed", True, False), ("rang", True, True)]
    assert context.queue.row_of(new.id) == 1  # the other one's deadline is nearer


def test_a_hole_in_the_feed_is_healed_by_a_fresh_snapshot(desk_on: Desks) -> None:
    desk = desk_on(people())
    live: list[bool] = []
    snapshots: list[bool] = []
    desk.context.link_changed.connect(live.append)
    desk.context.board_changed.connect(lambda changes: snapshots.append(changes.snapshot))
    cursor = desk.context.board.cursor
    desk.context.relay.batch.emit(Batch(first=cursor + 7, last=cursor + 9, at=AT))
    assert live == [False]
    desk.until(lambda: live == [False, True])
    assert snapshots == [True]
    assert desk.context.board.cursor == cursor


def test_the_queue_changes_when_time_alone_says_so(desk_on: Desks, qtbot: QtBot) -> None:
    """A deadline passes: the row is told on the spot, without a batch and without a tick."""
    late = hot(deadline=AT + timedelta(seconds=1.3), clock=ClockState.RUNNING)
    clock = FloorClock(at=AT)
    desk = desk_on([late], clock=clock)
    for beat in desk.shell.findChildren(Beat):
        beat.stop()
    with qtbot.waitSignal(desk.context.queue_moved, timeout=15_000) as moved:
        pass
    assert clock.now() >= AT + timedelta(seconds=1.3)
    assert moved.args == [Moves(changed_rows=(0,))]
    assert desk.context.queue.place_of(late.id).missed


# what rings


def test_at_the_first_look_only_what_is_urgent_rings(desk_on: Desks) -> None:
    cold = person("Cold Case", tier=Tier.COLD, ago=60, owner="")
    late = hot("Too Late", deadline=AT - timedelta(hours=1), clock=ClockState.BREACHED)
    late = replace(late, breached_at=late.deadline)
    desk = desk_on([cold, late, hot("Hot One"), hot("Not Mine", owner=ANA)])
    assert ringing(desk) == [desk.sample.leads["Hot One"].id]
    desk.sample.arrive(person("New Cold", tier=Tier.COLD, ago=0, owner=""))
    desk.until(lambda: len(ringing(desk)) == 2)


def test_a_claim_takes_the_bubble_away_on_every_desk(desk_on: Desks) -> None:
    lead = hot(owner="")
    desk = desk_on([lead])
    assert ringing(desk) == [lead.id]
    desk.sample.floor.as_actor(ANA).do(ClaimLead(lead_id=lead.id))
    desk.until(lambda: not ringing(desk))
    assert lead.id not in desk.context.queue


def test_the_bubbles_button_claims_and_shows_the_lead(desk_on: Desks) -> None:
    lead = hot(owner="")
    desk = desk_on([lead, *people()])
    wanted: list[str] = []
    desk.context.lead_wanted.connect(wanted.append)
    desk.shell.hide()
    desk.context.toasts.pressed.emit(lead.id, "claim")
    assert wanted == [lead.id]
    assert desk.shell.isVisible()
    desk.until(lambda: desk.context.board.leads[lead.id].claimed_at)
    assert desk.context.board.leads[lead.id].owner == ME
    assert lead.id not in ringing(desk)


def test_who_was_second_is_told_who_was_faster(desk_on: Desks) -> None:
    lead = hot(owner="")
    desk = desk_on([lead])
    desk.context.relay.stop()  # the other claim has not reached this desk yet
    desk.sample.floor.as_actor(ANA).do(ClaimLead(lead_id=lead.id))
    fresh = desk.context.relay
    fresh._stopping.clear()
    fresh.start(desk.sample.floor)
    desk.context.toasts.pressed.emit(lead.id, "claim")
    desk.until(lambda: "Ana Brito was faster" in words(desk))


def test_the_summing_bubble_opens_the_queue(desk_on: Desks) -> None:
    desk = desk_on(people())
    desk.shell.hide()
    desk.context.toasts.pressed.emit(SUMMARY, "open")
    assert desk.shell.isVisible()
    assert desk.shell.shown == "queue"


def test_a_lead_with_little_time_left_takes_a_step_of_its_own(desk_on: Desks) -> None:
    lead = hot()
    desk = desk_on([lead])
    (before,) = desk.context.toasts.standing
    assert desk.desk._bells.next_change == AT + timedelta(seconds=45)
    desk.sample.clock.advance(seconds=45)
    desk.desk._advance()
    (after,) = desk.context.toasts.standing
    assert (before.ring, after.ring) == (0, 1)


def test_a_breach_rings_again_and_louder_then_moves_on(desk_on: Desks) -> None:
    """The chain: mine until the deadline, then the next free rep's, then the team lead is told."""
    lead = hot()
    desk = desk_on([lead])
    levels: list[int] = []
    desk.context.ringer.rang.connect(lambda _lead, level: levels.append(level))
    desk.sample.clock.advance(seconds=61)
    keeper = desk.sample.floor.as_actor("keeper")
    keeper.do(KeepClocks())
    desk.until(lambda: lead.id not in desk.context.queue)
    desk.settled()
    assert desk.context.board.leads[lead.id].owner == ANA
    assert ringing(desk) == []
    with desk.sample.book.writing("setup", desk.sample.clock.now()) as w:
        w.save_rep(replace(next(rep for rep in w.reps() if rep.id == ME), role=Role.TEAM_LEAD))
    desk.sample.clock.advance(seconds=31)
    keeper.do(KeepClocks())
    desk.until(lambda: ringing(desk) == [lead.id])
    assert levels[-1] == 3
    assert desk.context.toasts.standing[0].mark == "HOT · nobody took it"


def test_a_claimed_lead_that_is_missed_rings_again(desk_on: Desks) -> None:
    lead = hot()
    desk = desk_on([lead])
    desk.context.relay.do(ClaimLead(lead_id=lead.id))
    desk.until(lambda: not ringing(desk))
    desk.sample.clock.advance(seconds=61)
    desk.sample.floor.as_actor(ANA).do(SetStatus(status=RepStatus.AWAY))
    desk.sample.floor.as_actor("keeper").do(KeepClocks())
    desk.until(lambda: ringing(desk) == [lead.id])


def test_a_call_silences_its_lead(desk_on: Desks) -> None:
    lead = hot()
    desk = desk_on([lead])
    desk.context.relay.do(StartAttempt(lead_id=lead.id))
    desk.until(lambda: not ringing(desk))
    desk.until(lambda: desk.context.rep and desk.context.rep.status is RepStatus.ON_CALL)


# the head of the window


def test_alarms_stand_as_banners_until_they_are_cleared(desk_on: Desks) -> None:
    lead = hot()
    desk = desk_on([lead], role=Role.TEAM_LEAD)
    desk.sample.floor.as_actor(ANA).do(SetStatus(status=RepStatus.AWAY))
    desk.sample.clock.advance(seconds=61)
    desk.sample.floor.as_actor("keeper").do(KeepClocks())
    desk.until(lambda: "Nobody is free to take Nora Quist · Quist." in words(desk))
    (banner,) = [banner for banner in desk.shell.findChildren(Banner) if banner.isVisible()]
    banner.action.click()
    desk.until(lambda: "Nobody is free" not in words(desk))
    assert desk.context.board.alarms == ()


def test_while_nobody_keeps_the_floor_the_desk_says_so(
    desk_on: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.domain.commands import HoldLease
    from app.floor import local

    monkeypatch.setattr(local, "NEW_S", 0.0)
    desk = desk_on(people())
    foot = desk.shell.foot
    flags: list[bool] = []
    board = desk.context.board
    desk.context.board_changed.connect(lambda changes: changes.kept and flags.append(board.kept))
    keeper = desk.sample.floor.as_actor("keeper")
    keeper.do(HoldLease(holder="this desk"))
    desk.sample.clock.advance(seconds=31)
    desk.sample.floor.bell.ring()
    desk.until(lambda: "Escalations paused: no desk and no server keeps this floor's clocks." in words(desk))
    assert "escalations paused" in foot._text.whole()
    desk.desk._head.tick(desk.sample.clock.now())  # the clock's line is written anew: it is still said
    assert "escalations paused" in foot._text.whole()
    desk.context.relay.resync()  # a fresh look finds it out for itself
    desk.until(lambda: flags == [False, True, False])
    assert "Escalations paused" in words(desk)
    keeper.do(HoldLease(holder="this desk"))
    desk.sample.floor.bell.ring()
    desk.until(lambda: "Escalations paused" not in words(desk))
    assert "escalations paused" not in foot._text.whole()
    assert desk.context.live


def test_a_floor_that_went_back_says_that_something_may_be_missing(desk_on: Desks) -> None:
    from app.store.driver import sqlite_module

    desk = desk_on(people())
    assert "The floor went back" not in words(desk)
    line = sqlite_module().connect(desk.sample.book.address)
    line.execute("DROP TRIGGER events_never_change")
    line.execute("UPDATE events SET hash = 'other' WHERE seq = (SELECT last FROM feed)")
    line.commit()
    line.close()
    desk.sample.floor.bell.ring()
    desk.until(lambda: "The floor went back to an earlier state" in words(desk))
    assert desk.context.live


def test_many_alarms_are_counted_in_one_banner(desk_on: Desks) -> None:
    desk = desk_on([hot(f"Nora {number}") for number in range(6)])
    desk.sample.floor.as_actor(ANA).do(SetStatus(status=RepStatus.AWAY))
    desk.sample.clock.advance(seconds=61)
    desk.sample.floor.as_actor("keeper").do(KeepClocks())
    desk.until(lambda: "3 more alarms stand behind these." in words(desk))
    assert words(desk).count("Nobody is free") == 3


def test_the_header_counts_my_queue_and_my_day(desk_on: Desks) -> None:
    desk = desk_on(people())
    header = desk.shell.header

    def chips() -> list[str]:
        return [chip.words() for chip in header._chips if chip.isVisible()]

    def figures() -> dict[str, str]:
        return {figure._label: figure._value for figure in header._figures if figure.isVisible()}

    desk.until(lambda: chips() == ["2 hot", "8 warm", "3 cold"])
    lead = desk.sample.leads["Dana Okafor"]
    desk.context.relay.do(StartAttempt(lead_id=lead.id))
    desk.context.relay.do(LogOutcome(lead_id=lead.id, outcome=Outcome.WON, amount=125000))
    named = {"Your TTFC today": "0:23", "SLA": "100%", "Calls": "1", "Booked": "0"}
    desk.until(lambda: figures() == named)
    assert chips() == ["1 hot", "8 warm", "3 cold"]


def test_the_status_is_picked_by_menu_and_by_key(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on()
    desk.shell.status_picked.emit("break")
    desk.until(lambda: desk.context.rep and desk.context.rep.status is RepStatus.BREAK)
    desk.until(lambda: desk.shell.rail.person._status == "Break")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(desk.shell, Qt.Key.Key_A, both)
    desk.until(lambda: desk.context.rep and desk.context.rep.status is RepStatus.AVAILABLE)


def test_a_lost_floor_is_said_and_countdowns_go_grey(desk_on: Desks) -> None:
    desk = desk_on(people())
    assert "this computer · live" in words(desk)
    live: list[bool] = []
    desk.context.link_changed.connect(live.append)
    desk.context.relay.linked.emit(Link.AWAY.value, "The disk is full.")
    assert live == [False]
    desk.until(lambda: "This desk has lost its floor" in words(desk))
    assert "The disk is full." in words(desk)
    desk.context.relay.linked.emit(Link.LIVE.value, "")
    assert live == [False, True]
    assert "lost its floor" not in words(desk)


def test_the_foot_says_how_far_this_computers_clock_is_off(desk_on: Desks) -> None:
    desk = desk_on(clock=FloorClock())
    desk.until(lambda: "this computer · live · clock +0.00 s" in words(desk).replace("−", "+"))


def test_the_day_begins_at_local_midnight() -> None:
    local = midnight(AT).astimezone()
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert timedelta(0) <= AT - midnight(AT) < timedelta(hours=25)


def test_the_palette_finds_open_leads(desk_on: Desks) -> None:
    desk = desk_on(people())
    search = desk.shell.lead_search
    assert search is not None
    assert [hit.title for hit in search("okafor bright")] == ["Dana Okafor · Brightline Logistics"]
    assert search("  ") == []
    assert len(search("a")) == 8
    wanted: list[str] = []
    desk.context.lead_wanted.connect(wanted.append)
    search("priya")[0].run()
    assert wanted == [desk.sample.leads["Priya Raman"].id]


# beginning and end


def test_it_says_when_it_is_usable(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on(people(), start=False)
    called: list[int] = []
    desk.desk.when_usable(lambda: called.append(len(desk.context.queue)))
    desk.desk.start()
    assert called == []
    qtbot.waitUntil(lambda: called == [len(people())])
    desk.desk.when_usable(lambda: called.append(-1))
    assert called[-1] == -1


def test_nothing_is_left_when_it_stops(desk_on: Desks) -> None:
    was_on = gc.isenabled()
    desk = desk_on(people())
    assert not gc.isenabled()
    assert desk.desk._beat.is_beating
    desk.desk.stop()
    assert gc.isenabled() is was_on
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("relay", "follower"))]
    assert not desk.desk._beat.is_beating
    assert not desk.desk._deadline.isActive()


def test_all_screens_of_the_shelf_can_be_shown(desk_on: Desks) -> None:
    desk = desk_on(people(), role=Role.MANAGER)
    keys = [action.id.removeprefix("go.") for action in actions.visible() if action.id.startswith("go.")]
    assert {"queue", "review", "sources", "team", "settings"} <= set(keys)
    for key in keys:
        desk.shell.show_screen(key)
        assert desk.shell.shown == key
        desk.settled()


# the beat


def test_the_beat_falls_on_the_floors_seconds(qtbot: QtBot) -> None:
    shell = Shell()
    qtbot.addWidget(shell)
    clock = FloorClock(at=AT + timedelta(seconds=0.6))
    beat = Beat(shell, clock)
    beats: list[float] = []
    beat.beat.connect(lambda now: beats.append(now.timestamp()))
    shell.show()
    beat.start()
    qtbot.waitUntil(lambda: len(beats) == 3)
    assert all(at % 1 < 0.2 for at in beats[1:])
    assert [int(at - AT.timestamp()) for at in beats[1:]] == [1, 2]
    shell.hide()
    assert not beat.is_beating
    shell.show()
    assert beat.is_beating
    assert len(beats) == 4
    beat.stop()
    assert not beat.is_beating
    actions.detach()
    actions.clear()


def test_a_fast_floor_beats_ten_times_a_second_at_most(qtbot: QtBot) -> None:
    shell = Shell()
    qtbot.addWidget(shell)
    beat = Beat(shell, FloorClock(at=AT, speed=1000))
    beats: list[float] = []
    beat.beat.connect(lambda now: beats.append(now.timestamp()))
    shell.show()
    beat.start()
    qtbot.waitUntil(lambda: len(beats) == 4)
    beat.stop()
    assert all(later - earlier > 80 for earlier, later in pairwise(beats[1:]))
    actions.detach()
    actions.clear()


# dialling


def test_only_a_number_is_ever_dialled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "dialled"
    monkeypatch.setenv("FIRSTRING_DIAL", str(file))
    for bad in (
        "", "+1", "3035550148", "+1303555014a", "+1 303 555 0148", "file:///etc/passwd", "+13035550148\n",
        "+٣٠٣٥٥٥٠١٤٨", "+13035550148;ext=1", "tel:+13035550148", "+" + "1" * 16,
    ):  # fmt: skip
        assert not dial(bad)
        assert dial_url(bad) == ""
    assert not file.exists()
    assert dial("+13035550148")
    assert dial("+4930555014", "sip")
    assert file.read_text() == "tel:+13035550148\nsip:+4930555014\n"
    assert dial_url("+13035550148", "javascript") == ""


def test_the_desk_dials_by_the_chosen_scheme(desk_on: Desks, tmp_path: Path) -> None:
    desk = desk_on()
    desk.settings.dial_scheme = "callto"
    assert desk.context.dial("+13035550148")
    assert (tmp_path / "dialled").read_text() == "callto:+13035550148\n"


def test_a_hand_clock_does_not_make_the_desk_spin(desk_on: Desks) -> None:
    desk = desk_on([hot()])
    assert isinstance(desk.context.clock, HandClock)
    assert desk.desk._deadline.remainingTime() > 30_000


def test_a_desk_that_comes_back_to_many_is_rung_for_the_most_urgent(desk_on: Desks) -> None:
    waiting = [hot(f"Nora {number}", deadline=AT + timedelta(seconds=20 + number)) for number in range(40)]
    desk = desk_on(waiting)
    wanted = {lead.id for lead in waiting[:20]}
    assert set(ringing(desk)) == wanted
    # A fresh snapshot is no news.
    desk.context.relay.resync()
    desk.until(lambda: desk.context.live and not desk.context.relay.busy)
    assert set(ringing(desk)) == wanted
    # The others ring when their own time gets short.
    desk.sample.clock.advance(seconds=45)
    desk.desk._advance()
    assert len(ringing(desk)) == 40
