"""How loud a lead is: the table of decisions, and the ringer that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.clock import FloorClock, HandClock
from app.domain import routes
from app.domain.alerting import Heard
from app.domain.lead import RepStatus, Tier
from app.ui.loudness import BREACHED, NEW, QUIET, SHORT, TOP, WARNING, Alert, Loudness, decide, told
from app.ui.ringer import Judge, Ringer
from app.ui.sound import Sounder
from app.ui.toasts import CALM, CRITICAL, NORMAL, Toast, Toasts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG = NOW + timedelta(minutes=5)
NEARLY = NOW + SHORT

DANA = Alert(
    lead_id="dana",
    title="Dana Okafor",
    body=told("Pricing?", ["asked for pricing +30"], "+1 303 555 0148", "10:14 there"),
    tier="HOT",
    deadline=LONG,
    step=NEW,
    kind="mine",
)

KEPT_QUIET = (QUIET, False, CALM, None)


@pytest.mark.parametrize(
    ("tier", "step", "level", "urgency", "sound"),
    [
        ("HOT", NEW, 2, CRITICAL, "hot"),
        ("HOT", WARNING, 3, CRITICAL, "breach"),
        ("HOT", BREACHED, 3, CRITICAL, "breach"),
        ("WARM", NEW, 1, NORMAL, "warm"),
        ("WARM", WARNING, 2, CRITICAL, "hot"),
        ("WARM", BREACHED, 3, CRITICAL, "breach"),
        ("COLD", NEW, 0, CALM, None),
        ("COLD", WARNING, 1, NORMAL, "warm"),
        ("COLD", BREACHED, 3, CRITICAL, "breach"),
        ("COLD", 5, 3, CRITICAL, "breach"),
        ("", NEW, 0, CALM, None),
    ],
)
@pytest.mark.parametrize("kind", ["mine", "pool"])
@pytest.mark.parametrize("status", ["available", "wrap_up"])
def test_at_the_desk(
    tier: str,
    step: int,
    level: int,
    urgency: int,
    sound: str | None,
    kind: Literal["mine", "pool"],
    status: str,
) -> None:
    loud = decide(replace(DANA, tier=tier, step=step, kind=kind), status, NOW)
    assert (loud.level, loud.native, loud.urgency, loud.sound) == (level, True, urgency, sound)
    assert loud.rings


@pytest.mark.parametrize(
    ("status", "step", "deadline", "quiet"),
    [
        ("on_call", NEW, LONG, True),
        ("on_call", NEW, None, True),
        ("on_call", WARNING, LONG, True),
        ("on_call", NEW, NEARLY + timedelta(microseconds=1), True),
        ("on_call", NEW, NEARLY, False),
        ("on_call", WARNING, NEARLY, False),
        ("on_call", BREACHED, NOW - timedelta(hours=1), False),
        ("on_call", BREACHED, None, False),
        ("break", NEW, LONG, True),
        ("break", BREACHED, NOW, True),
        ("away", NEW, NEARLY, True),
        ("away", 4, NOW, True),
    ],
)
@pytest.mark.parametrize("tier", ["HOT", "WARM", "COLD"])
def test_not_at_the_desk(status: str, step: int, deadline: datetime | None, quiet: bool, tier: str) -> None:
    loud = decide(replace(DANA, tier=tier, step=step, deadline=deadline), status, NOW)
    if quiet:
        assert (loud.level, loud.native, loud.urgency, loud.sound) == KEPT_QUIET
        assert not loud.rings
    else:
        assert loud.native
        assert loud.rings


@pytest.mark.parametrize("status", [status.value for status in RepStatus])
@pytest.mark.parametrize("tier", ["HOT", "WARM", "COLD"])
def test_a_team_lead_is_told_whatever_they_do(status: str, tier: str) -> None:
    loud = decide(replace(DANA, tier=tier, kind="lead"), status, NOW)
    assert (loud.level, loud.rings, loud.sound) == (TOP, True, "breach")


def test_told_once_and_again_when_louder() -> None:
    first = decide(DANA, "available", NOW)
    same = decide(DANA, "available", NOW, first)
    assert (same.level, same.rings) == (2, False)
    louder = decide(replace(DANA, step=WARNING), "available", NOW, same)
    assert (louder.level, louder.rings) == (3, True)
    assert decide(replace(DANA, step=BREACHED), "available", NOW, louder).rings, "a further step rings anew"
    assert not decide(replace(DANA, step=WARNING), "available", NOW, louder).rings


def test_what_was_kept_quiet_rings_after_the_call() -> None:
    on_call = decide(replace(DANA, step=WARNING), "on_call", NOW)
    after = decide(replace(DANA, step=WARNING), "available", NOW, on_call)
    assert (after.level, after.rings) == (3, True)


def test_a_step_during_a_break_rings_afterwards() -> None:
    before = decide(replace(DANA, step=WARNING), "available", NOW)
    during = decide(replace(DANA, step=BREACHED), "break", NOW, before)
    assert (during.level, during.rings) == (3, False), "what stands stays as it is"
    assert decide(replace(DANA, step=BREACHED), "available", NOW, during).rings


alerts = st.builds(
    Alert,
    lead_id=st.just("x"),
    title=st.just("x"),
    body=st.just(()),
    tier=st.sampled_from([tier.value for tier in Tier]),
    deadline=st.none() | st.integers(-100, 100).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    step=st.integers(0, 4),
    kind=st.sampled_from(["mine", "pool", "lead"]),
)


@given(st.lists(st.tuples(alerts, st.sampled_from([status.value for status in RepStatus])), min_size=1))
def test_never_softer(moments: list[tuple[Alert, str]]) -> None:
    already: Loudness | None = None
    for alert, status in moments:
        loud = decide(alert, status, NOW, already)
        if already:
            assert loud.level >= already.level
            assert loud.step >= already.step
            assert loud.rings == (loud.level > already.level or loud.step > already.step)
        else:
            assert loud.rings == loud.native
        if loud.rings and alert.kind != "lead":
            assert status not in ("break", "away")
        already = loud


def test_the_lines_say_who_what_why_where() -> None:
    assert told("Pricing?", ["asked for pricing +30", "120 staff +20"], "+1 303", "10:14 there") == (
        "“Pricing?”",
        "asked for pricing +30 · 120 staff +20",
        "+1 303 · 10:14 there",
    )
    assert told(number="+1 303") == ("+1 303",)
    assert told() == ()


# -- the ringer


class Desk:
    """A ringer with its toasts and sounds, and what came of it."""

    def __init__(self, qtbot: QtBot, clock: HandClock | FloorClock) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.toasts = Toasts(self.window, clock, "inapp")
        self.sounder = Sounder(self.window)
        self.sounder.muted = True
        self.ringer = Ringer(self.toasts, self.sounder, clock, self.window)
        self.sounds: list[str] = []
        self.rung: list[tuple[str, int]] = []
        self.shown: list[tuple[Toast, bool]] = []
        self.sounder.asked.connect(self.sounds.append)
        self.ringer.rang.connect(lambda lead_id, level: self.rung.append((lead_id, level)))

    def toast(self, lead_id: str = "dana") -> Toast:
        (found,) = [toast for toast in self.toasts.standing if toast.lead_id == lead_id]
        return found

    def shows(self, *lead_ids: str) -> None:
        """Wait until these leads' toasts, and no others, are shown inside the window."""
        self.qtbot.waitUntil(lambda: sorted(self.toasts._inapp._cards) == sorted(lead_ids))

    def is_native(self, lead_id: str = "dana") -> bool:
        return self.toasts._waiting[lead_id].native

    def close(self) -> None:
        self.ringer.close()
        self.toasts.close()
        self.sounder.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def desk(qtbot: QtBot, clock: HandClock) -> Iterator[Desk]:
    desk = Desk(qtbot, clock)
    yield desk
    desk.close()


def test_a_hot_lead_rings(desk: Desk) -> None:
    desk.ringer.ring(DANA)
    assert desk.sounds == ["hot"]
    assert desk.rung == [("dana", 2)]
    assert desk.toast() == Toast(
        lead_id="dana",
        title="Dana Okafor",
        body="“Pricing?”\nasked for pricing +30\n+1 303 555 0148 · 10:14 there",
        urgency=CRITICAL,
        mark="HOT",
        tier="HOT",
        deadline=LONG,
    )
    desk.ringer.ring(DANA)
    assert desk.sounds == ["hot"]
    desk.ringer.hush("dana")
    desk.ringer.hush("dana")
    assert desk.toasts.standing == ()
    desk.ringer.ring(DANA)
    assert desk.sounds == ["hot", "hot"], "offered to this desk anew"


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        ({"step": WARNING}, "HOT · clock runs out"),
        ({"step": BREACHED}, "HOT · breached"),
        ({"step": 3, "kind": "lead"}, "HOT · nobody took it"),
    ],
)
def test_the_mark_says_how_it_stands(desk: Desk, change: dict[str, object], mark: str) -> None:
    desk.ringer.ring(DANA)
    desk.ringer.ring(replace(DANA, **change))  # type: ignore[arg-type]
    assert desk.toast().mark == mark
    assert desk.sounds == ["hot", "breach"]


def test_what_rang_before_a_call_is_tucked_away_for_it(desk: Desk, clock: HandClock) -> None:
    desk.ringer.ring(DANA)
    desk.ringer.ring(replace(DANA, lead_id="tess", kind="lead"))
    desk.shows("dana", "tess")
    desk.ringer.set_status("on_call")
    desk.shows("tess")  # a team lead is told whatever they do
    clock.advance(seconds=(LONG - NEARLY).total_seconds())
    desk.ringer.look_again()
    desk.shows("dana", "tess")  # its clock is about to run out
    desk.ringer.hush("dana")
    desk.ringer.judged_by(lambda *_: Heard(routes.Loudness.NORMAL))
    desk.ringer.ring(replace(DANA, deadline=None))
    desk.shows("dana", "tess")  # the rulebook wants it heard


def test_on_a_call_it_waits_and_then_the_loudest_sounds_once(desk: Desk) -> None:
    desk.ringer.set_status("on_call")
    desk.ringer.ring(replace(DANA, tier="WARM", lead_id="tom"))
    desk.ringer.ring(DANA)
    assert (desk.sounds, desk.rung) == ([], [])
    assert {toast.lead_id for toast in desk.toasts.standing} == {"tom", "dana"}
    desk.shows()  # they would lie over what is needed for the call
    assert not desk.is_native()
    desk.ringer.set_status("wrap_up")
    assert desk.sounds == ["hot"]
    desk.shows("dana", "tom")
    assert dict(desk.rung) == {"tom": 1, "dana": 2}
    assert desk.is_native()
    desk.ringer.set_status("on_call")
    assert desk.is_native(), "what stands is not taken away"
    assert desk.sounds == ["hot"]


def test_a_short_clock_breaks_into_the_call(qtbot: QtBot) -> None:
    floor = FloorClock(NOW, speed=100)  # 20 floor seconds are a fifth of a second
    desk = Desk(qtbot, floor)
    desk.ringer.set_status("on_call")
    desk.ringer.ring(replace(DANA, lead_id="later", deadline=NOW + timedelta(hours=1)))
    desk.ringer.ring(replace(DANA, deadline=floor.now() + SHORT + timedelta(seconds=20)))
    assert desk.sounds == []
    assert desk.ringer._wake.isActive()
    qtbot.waitUntil(lambda: desk.sounds == ["hot"])
    assert desk.rung == [("dana", 2)]
    assert desk.ringer._wake.isActive(), "the other one's turn comes"
    desk.ringer.hush("later")
    assert not desk.ringer._wake.isActive()
    desk.close()


def test_away_from_the_desk_only_a_team_lead_is_rung(desk: Desk) -> None:
    desk.ringer.set_status("away")
    desk.ringer.ring(replace(DANA, step=BREACHED))
    assert desk.sounds == []
    assert not desk.ringer._wake.isActive()
    desk.ringer.ring(replace(DANA, lead_id="other", kind="lead"))
    assert desk.sounds == ["breach"]


def test_the_desktop_sounds_where_this_program_can_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sounder, "can_play", property(lambda sounder: False))
    desk.ringer.ring(DANA)
    assert desk.toast().sound is None, "this desk is to be silent"
    desk.sounder.muted = False
    desk.ringer.ring(replace(DANA, step=WARNING))
    assert desk.toast().sound == "breach"
    monkeypatch.setattr(Sounder, "can_play", property(lambda sounder: True))
    desk.sounder.muted = True
    desk.ringer.ring(replace(DANA, step=BREACHED))
    assert desk.toast().sound is None


# -- by a rule, and muted


def by(loudness: routes.Loudness, until: datetime | None = None) -> Judge:
    return lambda _alert, _status, _now: Heard(loudness, until)


@pytest.mark.parametrize(
    ("loudness", "tier", "levels"),
    [
        (routes.Loudness.SILENT, "HOT", (QUIET, QUIET, QUIET)),
        (routes.Loudness.QUIET, "HOT", (0, 0, 0)),
        (routes.Loudness.NORMAL, "COLD", (1, 1, 1)),
        (routes.Loudness.NORMAL, "WARM", (1, 2, 1)),
        (routes.Loudness.NORMAL, "HOT", (2, 2, 2)),
        (routes.Loudness.LOUD, "COLD", (TOP, TOP, TOP)),
    ],
)
def test_a_rule_says_how_loud_whatever_the_table_says(
    loudness: routes.Loudness, tier: str, levels: tuple[int, int, int]
) -> None:
    for step, level in zip((NEW, WARNING, BREACHED), levels, strict=True):
        loud = decide(replace(DANA, tier=tier, step=step), "away", NOW, None, loudness)
        assert loud.level == level
        assert loud.native == (loudness is not routes.Loudness.SILENT)


def test_a_rule_that_got_softer_is_obeyed_and_makes_no_more_noise(desk: Desk) -> None:
    desk.ringer.judged_by(by(routes.Loudness.LOUD))
    desk.ringer.ring(DANA)
    desk.ringer.judged_by(by(routes.Loudness.QUIET))
    desk.ringer.ring(replace(DANA, step=BREACHED))
    assert desk.sounds == ["breach"]
    assert desk.rung == [("dana", TOP), ("dana", 0)]


def test_what_is_loud_by_a_rule_sounds_again_until_somebody_answers(desk: Desk) -> None:
    desk.ringer.judged_by(by(routes.Loudness.LOUD))
    desk.ringer.ring(replace(DANA, tier="COLD"))
    assert desk.ringer._again.isActive()
    desk.ringer._again.timeout.emit()
    assert desk.sounds == ["breach", "breach"]
    desk.ringer.answered("dana")
    assert not desk.ringer._again.isActive()
    desk.ringer.ring(replace(DANA, tier="COLD", step=WARNING))
    assert desk.ringer._again.isActive(), "a further step rings anew"
    desk.ringer.hush("dana")
    assert not desk.ringer._again.isActive()
    assert desk.sounds == ["breach"] * 3


def test_quiet_hours_end_by_themselves(qtbot: QtBot) -> None:
    floor = FloorClock(NOW, speed=100)
    desk = Desk(qtbot, floor)
    end = floor.now() + timedelta(seconds=20)

    def judge(_alert: Alert, _status: str, now: datetime) -> Heard:
        return Heard(routes.Loudness.QUIET, end) if now < end else Heard(routes.Loudness.NORMAL)

    desk.ringer.judged_by(judge)
    desk.ringer.ring(DANA)
    assert (desk.sounds, desk.rung) == ([], [("dana", 0)])
    qtbot.waitUntil(lambda: desk.sounds == ["hot"], timeout=30_000)
    desk.close()


def test_muted_it_shows_in_the_window_only_and_rings_when_that_is_over(qtbot: QtBot) -> None:
    floor = FloorClock(NOW, speed=100)
    desk = Desk(qtbot, floor)
    desk.ringer.mute(floor.now() + timedelta(seconds=20))
    desk.ringer.ring(replace(DANA, step=BREACHED))
    desk.ringer.ring(replace(DANA, lead_id="told", kind="lead"))
    assert (desk.sounds, desk.rung) == ([], [])
    assert {toast.lead_id for toast in desk.toasts.standing} == {"dana", "told"}
    assert not desk.is_native()
    qtbot.waitUntil(lambda: desk.sounds == ["breach"], timeout=30_000)
    assert desk.is_native()
    desk.close()


def test_a_deed_is_answered_by_looking_at_it(desk: Desk) -> None:
    desk.ringer.judged_by(by(routes.Loudness.NORMAL))
    desk.ringer.ring(replace(DANA, kind="did", tier="WARM", deadline=None))
    assert desk.toast().mark == "WARM · did something"
    assert [key for key, _label in desk.toast().actions] == ["open"]
    desk.ringer.answered("dana")
    assert desk.toasts.standing == ()
