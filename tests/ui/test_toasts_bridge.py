"""The bridge: which backend is used, what stands on the screen, and what comes back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app import plugs
from app.clock import HandClock
from app.ui import toasts as shelf
from app.ui.toasts import (
    BUBBLES,
    CALM,
    CRITICAL,
    LOCKED,
    NORMAL,
    SUMMARY,
    Backend,
    CannotToast,
    Plug,
    Site,
    Toast,
    Toasts,
    desktop_notifier_,
    freedesktop,
    inapp,
    plyer_,
)
from app.ui.toasts.inapp import InAppToasts
from tests import fake_notifications
from tests.fake_notifications import FakeNotifications, PrivateBus

needs_bus = pytest.mark.skipif(bool(fake_notifications.missing()), reason=fake_notifications.missing())

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DANA = Toast(
    lead_id="dana", title="Dana Okafor", body="“Pricing?”\n+1 303 555 0148", mark="HOT", urgency=CRITICAL
)

SHELF: tuple[Plug, ...] = (freedesktop, desktop_notifier_, plyer_, inapp)
"""Written out so that the type checker holds each module to its protocol."""


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(1200, 900)
    qtbot.addWidget(window)
    return window


@pytest.fixture
def make(window: QWidget) -> Iterator[Callable[[str], Toasts]]:
    made: list[Toasts] = []

    def make(allowed: str) -> Toasts:
        made.append(Toasts(window, HandClock(NOW), allowed))
        return made[-1]

    yield make
    for toasts in made:
        toasts.close()


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    with PrivateBus() as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


@pytest.fixture
def service(bus: PrivateBus) -> Iterator[FakeNotifications]:
    with FakeNotifications(bus.address) as service:
        yield service


def cards(toasts: Toasts) -> set[str]:
    """The cards in the window, those included that wait for the frame with the lead's row."""
    return set(inside_of(toasts)._cards)


def inside_of(toasts: Toasts) -> InAppToasts:
    if toasts._build.isActive():
        built = QSignalSpy(toasts._build.timeout)
        assert built.wait(2000)
    inside = toasts._inapp
    assert isinstance(inside, InAppToasts)
    return inside


def bubbles(service: FakeNotifications) -> list[str]:
    with service._changed:
        return sorted(bubble.summary for bubble in service.bubbles.values())


class Recorder:
    """A backend that notes what it is asked, with no desktop behind it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked: list[tuple[str, object]] = []
        self.standing: dict[str, Toast] = {}

    def show(self, toast: Toast) -> None:
        self.asked.append(("show", toast))
        self.standing[toast.lead_id] = toast

    def withdraw(self, lead_id: str) -> None:
        self.asked.append(("withdraw", lead_id))
        self.standing.pop(lead_id, None)

    def close(self) -> None:
        self.asked.append(("close", None))


class FakePlug(ModuleType):
    """A module for the shelf. `works` may be changed; `built` are its backends."""

    def __init__(self, name: str, order: int, works: bool = True) -> None:
        super().__init__(name)
        self.NAME = name
        self.ORDER = order
        self.SYSTEMS = (sys.platform,)
        self.works = works
        self.built: list[Recorder] = []

    def build(self, site: Site) -> Backend:
        if not self.works:
            raise CannotToast("not today")
        self.built.append(Recorder(site))
        return self.built[-1]


@pytest.fixture
def plugs_on_shelf(monkeypatch: pytest.MonkeyPatch) -> tuple[FakePlug, FakePlug]:
    best, last = FakePlug("best", 1), FakePlug("last", 2)
    monkeypatch.setattr(plugs, "load", lambda package: [best, last, inapp])
    return best, last


# -- the shelf


def test_the_shelf_holds_what_the_design_names() -> None:
    loaded = plugs.load("app.ui.toasts")
    assert [module.NAME for module in loaded] == ["freedesktop", "desktop-notifier", "plyer", "inapp"]
    assert loaded == list(SHELF)
    assert "app.ui.toasts.freedesktop" in plugs.names("app.ui.toasts")
    assert not [name for name in plugs.names("app.ui.toasts") if "._" in name], "helpers are not plugs"


def test_a_shelf_is_every_module_of_a_folder_in_their_own_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a_shelf_for_a_test"
    folder.mkdir()
    modules = {"__init__": "", "a": "ORDER = 2", "b": "ORDER = 1", "c": "", "d": "", "_e": "1/0"}
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    prefix = "a_shelf_for_a_test."
    assert plugs.names("a_shelf_for_a_test") == tuple(prefix + name for name in "abcd")
    loaded = plugs.load("a_shelf_for_a_test")
    assert [module.__name__ for module in loaded] == [prefix + name for name in "cdba"]


def test_natives_are_those_of_this_system(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    everything = list(SHELF)
    for system, names in {
        "linux": ["freedesktop", "plyer"],
        "win32": ["desktop-notifier", "plyer"],
        "darwin": ["desktop-notifier", "plyer"],
        "aix": [],
    }.items():
        monkeypatch.setattr(sys, "platform", system)
        assert [plug.NAME for plug in shelf._natives(everything, "")] == names
        assert [plug.NAME for plug in shelf._natives(everything, "plyer, desktop-notifier,inapp")] == [
            "desktop-notifier",
            "plyer",
        ]
        assert shelf._natives(everything, "inapp") == []
    assert not caplog.records
    assert shelf._natives(everything, "carrier-pigeon") == []
    assert "carrier-pigeon" in caplog.text


# -- which backend


@needs_bus
def test_the_desktop_and_the_window_both_show_it(
    qtbot: QtBot, service: FakeNotifications, make: Callable[[str], Toasts]
) -> None:
    toasts = make("freedesktop,inapp")
    toasts.show(DANA)
    qtbot.waitUntil(lambda: bubbles(service) == ["HOT · Dana Okafor"])
    assert cards(toasts) == {"dana"}
    assert toasts.native == "freedesktop"
    toasts.withdraw("dana")
    qtbot.waitUntil(lambda: bubbles(service) == [])
    assert cards(toasts) == set()
    toasts.withdraw("dana")


@needs_bus
def test_no_service_and_no_bus_leave_the_window(
    qtbot: QtBot, bus: PrivateBus, make: Callable[[str], Toasts], monkeypatch: pytest.MonkeyPatch
) -> None:
    toasts = make("freedesktop")
    toasts.show(DANA)
    assert toasts.native == ""
    assert toasts.refusals == {"freedesktop": "this desktop has no notification service"}
    assert cards(toasts) == {"dana"}
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    toasts = make("freedesktop,plyer")
    toasts.show(DANA)
    assert toasts.native == ""
    assert set(toasts.refusals) == {"freedesktop", "plyer"}
    assert cards(toasts) == {"dana"}


def test_the_first_that_works_is_used(
    make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, last = plugs_on_shelf
    best.works = False
    toasts = make("")
    toasts.show(DANA)
    assert toasts.native == "last"
    assert toasts.refusals == {"best": "not today"}
    assert list(last.built[0].standing) == ["dana"]


def test_one_that_fails_later_is_changed_for_the_next(
    qtbot: QtBot, make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, last = plugs_on_shelf
    toasts = make("")
    toasts.show(replace(DANA, sound="hot"))
    toasts.show(replace(DANA, lead_id="priya"))
    assert best.built[0].standing["dana"].sound == "hot"
    with qtbot.waitSignal(toasts.native_changed) as changed:
        best.built[0].site.failed("it fell over")
    assert changed.args == ["last"]
    assert best.built[0].asked[-1] == ("close", None)
    assert list(last.built[0].standing) == ["dana", "priya"]
    assert last.built[0].standing["dana"].sound is None, "it has sounded already"
    assert toasts.refusals == {"best": "it fell over"}

    # What the fallen one still says is not heard.
    best.built[0].site.failed("again")
    best.built[0].site.pressed("dana", "claim")
    with qtbot.waitSignal(toasts.native_changed) as changed, qtbot.assertNotEmitted(toasts.pressed):
        last.built[0].site.failed("this one too")
    assert changed.args == [""]
    assert toasts.native == ""
    toasts.show(replace(DANA, ring=2))
    assert cards(toasts) == {"dana", "priya"}


def test_a_better_one_is_tried_again_after_a_while(
    qtbot: QtBot, make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, last = plugs_on_shelf
    best.works = False
    toasts = make("")
    toasts.show(DANA)
    assert toasts._retry.isActive()
    assert toasts._retry.interval() == shelf.RETRY_S * 1000
    toasts._retry.timeout.emit()
    assert toasts.native == "last"
    assert len(last.built) == 1, "what works is not built again"
    best.works = True
    toasts._retry.timeout.emit()
    assert toasts.native == "best"
    assert list(best.built[0].standing) == ["dana"]
    assert last.built[0].asked[-1] == ("close", None)
    # It falls again: the next try is put off longer.
    best.built[0].site.failed("again")
    qtbot.waitUntil(lambda: toasts.native == "last")
    assert toasts._retry.interval() == 2 * shelf.RETRY_S * 1000


# -- what stands


def test_the_same_toast_is_shown_once_and_a_louder_one_again(
    make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, _ = plugs_on_shelf
    toasts = make("")
    for _ in range(3):
        toasts.show(DANA)
        toasts.show(replace(DANA, sound="hot"))
    toasts.show(replace(DANA, ring=1))
    assert [what for what, _ in best.built[0].asked] == ["show", "show"]


def test_put_away_stays_away_until_it_is_louder(
    qtbot: QtBot, make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, _ = plugs_on_shelf
    toasts = make("")
    toasts.show(DANA)
    site = best.built[0].site
    best.built[0].standing.clear()
    site.closed("dana")
    qtbot.waitUntil(lambda: toasts._waiting["dana"].dismissed)
    toasts.show(replace(DANA, body="a minute has passed"))
    assert best.built[0].standing == {}
    assert cards(toasts) == {"dana"}, "the desktop may have put it away by itself"
    toasts.show(replace(DANA, ring=1))
    assert list(best.built[0].standing) == ["dana"]


def test_quiet_ones_are_in_the_window_only(
    make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, _ = plugs_on_shelf
    toasts = make("")
    toasts.show(DANA, native=False)
    assert best.built[0].standing == {}
    assert cards(toasts) == {"dana"}
    toasts.show(DANA, native=True)
    assert list(best.built[0].standing) == ["dana"]


def test_a_desk_is_not_covered_with_bubbles(
    qtbot: QtBot, make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, _ = plugs_on_shelf
    toasts = make("")
    for number in range(BUBBLES):
        toasts.show(replace(DANA, lead_id=f"warm{number}", urgency=NORMAL))
    standing = best.built[0].standing
    assert set(standing) == {f"warm{number}" for number in range(BUBBLES)}
    for number in range(3):
        toasts.show(replace(DANA, lead_id=f"cold{number}", urgency=CALM))
    assert len(standing) == BUBBLES
    assert standing[SUMMARY].title == "4 more leads wait"
    assert standing[SUMMARY].actions == (("open", "Open"),)
    # A hot one takes the place of a calmer one, and among equals the shorter clock goes first.
    toasts.show(replace(DANA, lead_id="hot", urgency=CRITICAL))
    toasts.show(replace(DANA, lead_id="warm9", urgency=NORMAL, deadline=NOW + timedelta(minutes=1)))
    assert set(standing) == {"hot", "warm9", "warm0", "warm1", SUMMARY}
    assert standing[SUMMARY].title == "6 more leads wait"
    # Put away, the summary comes back when there is one more.
    site = best.built[0].site
    del standing[SUMMARY]
    site.closed(SUMMARY)
    site.closed("nobody")
    qtbot.waitUntil(lambda: SUMMARY not in toasts._shown)
    toasts.withdraw("warm1")
    assert set(standing) == {"hot", "warm9", "warm0", "warm2"}
    toasts.show(replace(DANA, lead_id="cold8", urgency=CALM))
    assert standing[SUMMARY].title == "6 more leads wait"
    # And goes when there is room for all.
    for number in range(9):
        toasts.withdraw(f"cold{number}")
    assert standing[SUMMARY].title == "2 more leads wait"
    toasts.withdraw("hot")
    assert set(standing) == {"warm9", "warm0", "warm2", "warm3", "warm4"}


def test_the_summing_line_in_the_window_leaves_the_desktop_alone(
    qtbot: QtBot, make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, _ = plugs_on_shelf
    toasts = make("")
    toasts.show(DANA)
    inside = inside_of(toasts)
    with qtbot.waitSignal(toasts.pressed) as pressed:
        inside._more.click()
    assert pressed.args == [SUMMARY, "open"]
    assert list(best.built[0].standing) == ["dana"]


# -- what comes back


@needs_bus
def test_a_press_on_the_desktop_reaches_the_desk(
    qtbot: QtBot, service: FakeNotifications, make: Callable[[str], Toasts]
) -> None:
    toasts = make("freedesktop")
    toasts.show(DANA)
    qtbot.waitUntil(lambda: len(bubbles(service)) == 1)
    with qtbot.waitSignal(toasts.pressed) as pressed:
        service.press(service.only().number, "claim")
    assert pressed.args == ["dana", "claim"]
    assert cards(toasts) == {"dana"}, "claimed is only asked for; the floor says when it is done"
    assert bubbles(service) == []
    toasts.show(replace(DANA, ring=1))
    with qtbot.waitSignal(toasts.pressed) as pressed:
        qtbot.waitUntil(lambda: len(bubbles(service)) == 1)
        service.press(service.only().number, "default")
    assert pressed.args == ["dana", "open"]
    assert cards(toasts) == set(), "the lead itself is on the screen now"


def test_a_press_in_the_window_takes_the_bubble_along(
    qtbot: QtBot, make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, _ = plugs_on_shelf
    toasts = make("")
    toasts.show(DANA)
    inside = inside_of(toasts)
    with qtbot.waitSignal(toasts.pressed) as pressed:
        inside._cards["dana"].buttons["claim"].click()
    assert pressed.args == ["dana", "claim"]
    assert list(best.built[0].standing) == ["dana"], "until the floor says that it is claimed"
    inside._cards["dana"]._allow()
    with qtbot.waitSignal(toasts.pressed) as pressed:
        inside._cards["dana"].buttons["open"].click()
    assert pressed.args == ["dana", "open"]
    assert best.built[0].standing == {}


def test_closing_is_silent_and_final(
    qtbot: QtBot, make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug]
) -> None:
    best, _ = plugs_on_shelf
    toasts = make("")
    toasts.show(DANA)
    with qtbot.assertNotEmitted(toasts.pressed, wait=20):
        best.built[0].site.pressed("dana", "claim")
        toasts.close()
    assert best.built[0].asked[-1] == ("close", None)
    assert not toasts._retry.isActive()
    toasts.show(DANA)
    assert toasts.standing == ()


# -- hostile text

HOSTILE = {
    "quote": "O'Brien",
    "option": "-x --help",
    "markup": "<b>bold</b><img src=file:///etc/passwd>",
    "nul": "Da\0na",
    "surrogate": "Da\ud800na",
    "long": "x" * 100_000,
    "lines": "a\nb\r\nc\u2028d" * 1000,
    "turned": "Dana\u202egnp.exe",
    "nothing": "\0\n \t",
    "noncharacter": "Da\ufffena\U0010ffff",
    "backslash": "C:\\new\\table",
    "zalgo": "D" + "\u0336" * 5000,
    "emoji": "👩🏽\u200d💻 सुनीता",
}


@needs_bus
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_only_text(
    qtbot: QtBot, service: FakeNotifications, make: Callable[[str], Toasts], kind: str
) -> None:
    text = HOSTILE[kind]
    toasts = make("freedesktop")
    toasts.show(Toast(lead_id="h", title=text, body=text, mark="HOT"))
    toasts.show(replace(DANA))
    qtbot.waitUntil(lambda: len(bubbles(service)) == 2)
    (strange,) = [bubble for bubble in service.bubbles.values() if "Dana Okafor" not in bubble.summary]
    assert len(strange.summary) <= 140
    assert len(strange.body) <= 6 * 6 * 160
    assert "\n" not in strange.summary
    for letter in "\0\u202e\ufffe":
        assert letter not in strange.summary + strange.body
    if kind in ("quote", "option", "markup", "backslash", "emoji"):
        assert strange.summary == f"HOT · {text}"
    if kind == "nothing":
        assert strange.summary == "HOT · No name given"
    if kind == "nul":
        assert strange.summary == "HOT · Da na"
    assert cards(toasts) == {"h", "dana"}


# -- a locked desk


@needs_bus
def test_a_locked_desk_s_bubbles_name_nobody(
    make: Callable[[str], Toasts], service: FakeNotifications, qtbot: QtBot
) -> None:
    toasts = make("freedesktop")
    toasts.show(DANA)
    qtbot.waitUntil(lambda: bubbles(service) == ["HOT · Dana Okafor"])
    toasts.set_discreet(True)
    qtbot.waitUntil(lambda: bubbles(service) == ["A lead is waiting"])
    assert cards(toasts) == set()
    toasts.show(replace(DANA, lead_id="luis", title="Luis Ferreira", ring=1))
    qtbot.waitUntil(lambda: bubbles(service) == ["2 leads are waiting"])
    only = service.only()
    assert "Dana" not in f"{only.summary} {only.body} {only.actions}"
    assert "Pricing" not in only.body
    assert "Claim" not in str(only.actions)
    assert cards(toasts) == set()
    toasts.set_discreet(False)
    qtbot.waitUntil(lambda: bubbles(service) == ["HOT · Dana Okafor", "HOT · Luis Ferreira"])
    assert cards(toasts) == {"dana", "luis"}


def test_a_locked_desk_s_bubble_that_was_put_away_comes_back_only_when_it_rings(
    make: Callable[[str], Toasts], plugs_on_shelf: tuple[FakePlug, FakePlug], qtbot: QtBot
) -> None:
    best, _ = plugs_on_shelf
    toasts = make("")
    toasts.show(DANA)
    toasts.set_discreet(True)
    (backend,) = best.built
    assert list(backend.standing) == [LOCKED]
    backend.standing.clear()
    backend.site.closed(LOCKED)
    qtbot.waitUntil(lambda: LOCKED not in toasts._shown)
    toasts.show(DANA)
    assert not backend.standing
    toasts.show(replace(DANA, ring=1))
    assert [toast.title for toast in backend.standing.values()] == ["A lead is waiting"]
    toasts.withdraw("dana")
    assert not backend.standing
