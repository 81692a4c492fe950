"""The Linux backend against a real notification service on a private bus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.clock import HandClock
from app.ui.toasts import CRITICAL, CannotToast, Site, Toast
from app.ui.toasts import freedesktop as shelf
from app.ui.toasts.freedesktop import FreedesktopToasts
from tests import fake_notifications
from tests.fake_notifications import EVERYTHING, FakeNotifications, PrivateBus

pytestmark = pytest.mark.skipif(bool(fake_notifications.missing()), reason=fake_notifications.missing())

DANA = Toast(
    lead_id="dana",
    title="Dana Okafor · Brightline",
    body="“Pricing for 40 bays”\n+1 303 555 0148 · 10:14 there",
    mark="HOT",
    urgency=CRITICAL,
)


@dataclass
class Heard:
    """What the backend said back."""

    pressed: list[tuple[str, str]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def site(self, window: QWidget) -> Site:
        return Site(
            window=window,
            clock=HandClock(datetime(2026, 3, 2, 9, tzinfo=UTC)),
            pressed=lambda lead_id, key: self.pressed.append((lead_id, key)),
            closed=self.closed.append,
            failed=self.failed.append,
        )


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    with PrivateBus() as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


@pytest.fixture
def service(bus: PrivateBus) -> Iterator[FakeNotifications]:
    with FakeNotifications(bus.address) as service:
        yield service


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def site(qtbot: QtBot, heard: Heard) -> Site:
    window = QWidget()
    qtbot.addWidget(window)
    return heard.site(window)


@pytest.fixture
def toasts(service: FakeNotifications, site: Site) -> Iterator[FreedesktopToasts]:
    backend = FreedesktopToasts(site)
    yield backend
    backend.close()


def on_screen(qtbot: QtBot, service: FakeNotifications, many: int) -> None:
    qtbot.waitUntil(lambda: len(service.bubbles) == many)


def test_a_bubble_comes_with_its_buttons(
    qtbot: QtBot, service: FakeNotifications, toasts: FreedesktopToasts
) -> None:
    toasts.show(DANA)
    on_screen(qtbot, service, 1)
    bubble = service.only()
    assert bubble.app == "Firstring"
    assert QUrl(bubble.icon).isLocalFile()
    assert os.path.exists(QUrl(bubble.icon).toLocalFile())
    assert bubble.summary == "HOT · Dana Okafor · Brightline"
    assert bubble.body == "“Pricing for 40 bays”\n+1 303 555 0148 · 10:14 there"
    assert bubble.actions == (("default", "Open"), ("claim", "Claim"), ("open", "Open"))
    assert bubble.hints == {"urgency": 2, "desktop-entry": "firstring", "suppress-sound": True}
    assert bubble.timeout_ms == 0, "what is critical stands until somebody acts"


def test_sound_is_the_desktops_when_asked(
    qtbot: QtBot, service: FakeNotifications, toasts: FreedesktopToasts
) -> None:
    toasts.show(replace(DANA, sound="hot", urgency=1))
    on_screen(qtbot, service, 1)
    bubble = service.only()
    assert bubble.hints["sound-name"] == "phone-incoming-call"
    assert "suppress-sound" not in bubble.hints
    assert bubble.timeout_ms == -1


@pytest.mark.parametrize(
    ("on_bubble", "heard_as"), [("claim", "claim"), ("open", "open"), ("default", "open")]
)
@pytest.mark.parametrize("closes_itself", [True, False])
def test_a_press_is_heard_and_the_bubble_goes(
    qtbot: QtBot,
    service: FakeNotifications,
    toasts: FreedesktopToasts,
    heard: Heard,
    on_bubble: str,
    heard_as: str,
    closes_itself: bool,
) -> None:
    toasts.show(DANA)
    on_screen(qtbot, service, 1)
    service.press(service.only().number, on_bubble, then_close=closes_itself)
    qtbot.waitUntil(lambda: bool(heard.pressed))
    on_screen(qtbot, service, 0)
    assert heard.pressed == [("dana", heard_as)]
    assert heard.closed == []


def test_the_same_lead_keeps_one_bubble_however_fast(
    qtbot: QtBot, service: FakeNotifications, toasts: FreedesktopToasts
) -> None:
    for step in range(20):  # without waiting for the number of the first
        toasts.show(replace(DANA, mark=f"HOT {step}"))
    qtbot.waitUntil(lambda: [bubble.summary[:6] for bubble in service.bubbles.values()] == ["HOT 19"])
    toasts.show(replace(DANA, mark="breached"))
    qtbot.waitUntil(lambda: service.only().summary.startswith("breached"))
    assert len(service.bubbles) == 1


def test_withdrawn_before_its_number_is_known(
    qtbot: QtBot, service: FakeNotifications, toasts: FreedesktopToasts
) -> None:
    qtbot.waitUntil(lambda: toasts._capabilities is not None)
    toasts.show(DANA)
    toasts.withdraw("dana")
    toasts.show(replace(DANA, lead_id="priya", title="Priya"))
    toasts.withdraw("nobody")
    qtbot.waitUntil(lambda: "CloseNotification" in service.asked)
    assert service.only().summary == "HOT · Priya"


def test_put_away_by_the_person(
    qtbot: QtBot, service: FakeNotifications, toasts: FreedesktopToasts, heard: Heard
) -> None:
    toasts.show(DANA)
    on_screen(qtbot, service, 1)
    service.put_away(service.only().number)
    qtbot.waitUntil(lambda: heard.closed == ["dana"])
    assert heard.pressed == []


def test_closing_leaves_no_bubble_behind(qtbot: QtBot, service: FakeNotifications, site: Site) -> None:
    backend = FreedesktopToasts(site)
    for number in range(3):
        backend.show(replace(DANA, lead_id=str(number)))
    on_screen(qtbot, service, 3)
    qtbot.waitUntil(lambda: len(backend._ids) == 3)
    backend.close()
    service.wait(lambda: not service.bubbles)


def test_closing_takes_along_a_bubble_that_is_only_coming_up(
    qtbot: QtBot, service: FakeNotifications, site: Site
) -> None:
    backend = FreedesktopToasts(site)
    qtbot.waitUntil(lambda: backend._capabilities is not None)
    backend.show(DANA)
    assert not backend._ids, "its number is not known yet"
    backend.close()
    service.wait(lambda: "CloseNotification" in service.asked and not service.bubbles)


def test_closing_does_not_wait_for_a_service_that_is_stuck(
    qtbot: QtBot, service: FakeNotifications, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "GOODBYE_S", 0.05)
    backend = FreedesktopToasts(site)
    qtbot.waitUntil(lambda: backend._capabilities is not None)
    service.silent = True
    backend.show(DANA)
    backend.close()
    assert backend._in_flight, "it was left, since nobody answered"


def test_without_actions_no_buttons_and_without_markup_no_escaping(
    qtbot: QtBot, bus: PrivateBus, site: Site
) -> None:
    with FakeNotifications(bus.address, capabilities=("body",)) as plain:
        backend = FreedesktopToasts(site)
        backend.show(replace(DANA, body="<b>Tom & Jerry</b>", sound="hot"))
        on_screen(qtbot, plain, 1)
        bubble = plain.only()
        backend.close()
    assert bubble.actions == ()
    assert bubble.body == "<b>Tom & Jerry</b>"
    assert "sound-name" not in bubble.hints


def test_no_second_open_button_where_default_is_drawn_as_one(
    qtbot: QtBot, bus: PrivateBus, site: Site
) -> None:
    with FakeNotifications(bus.address, name="Xfce Notify Daemon") as xfce:
        backend = FreedesktopToasts(site)
        backend.show(DANA)
        on_screen(qtbot, xfce, 1)
        assert xfce.only().actions == (("claim", "Claim"), ("open", "Open"))
        backend.close()


def test_markup_is_text(qtbot: QtBot, service: FakeNotifications, toasts: FreedesktopToasts) -> None:
    toasts.show(replace(DANA, title="<b>O'Brien</b>", body='<a href="file:///etc/passwd">x</a> & Co'))
    on_screen(qtbot, service, 1)
    assert service.only().body == '&lt;a href="file:///etc/passwd"&gt;x&lt;/a&gt; &amp; Co'
    assert service.only().summary == "HOT · <b>O'Brien</b>", "a summary has no markup, by the specification"


def test_a_service_that_comes_back_gets_its_bubbles_back(
    qtbot: QtBot, bus: PrivateBus, service: FakeNotifications, toasts: FreedesktopToasts, heard: Heard
) -> None:
    toasts.show(DANA)
    toasts.show(replace(DANA, lead_id="priya", title="Priya"))
    on_screen(qtbot, service, 2)
    service.stop()
    with FakeNotifications(bus.address, capabilities=EVERYTHING[1:]) as again:
        on_screen(qtbot, again, 2)
        assert again.about("Priya").actions == (), "it was asked anew what it can do"
        replaced = [bubble.replaces for bubble in again.bubbles.values()]
        assert replaced == [0, 0], "an old number may be another program's bubble by now"
        toasts.withdraw("priya")
        qtbot.waitUntil(lambda: len(again.bubbles) == 1)
        again.press(again.only().number, "default")
        qtbot.waitUntil(lambda: heard.pressed == [("dana", "open")])
    assert heard.failed == []


def test_an_idle_service_may_leave_and_return(
    qtbot: QtBot, bus: PrivateBus, service: FakeNotifications, toasts: FreedesktopToasts, heard: Heard
) -> None:
    qtbot.waitUntil(lambda: toasts._capabilities is not None)
    service.stop()
    qtbot.waitUntil(lambda: toasts._capabilities is None)
    assert not toasts._patience.isActive(), "nothing stands, so nothing is missed"
    with FakeNotifications(bus.address) as again:
        toasts.show(DANA)
        on_screen(qtbot, again, 1)
    assert heard.failed == []


def test_a_service_that_stays_away_is_a_failure(
    qtbot: QtBot,
    service: FakeNotifications,
    toasts: FreedesktopToasts,
    heard: Heard,
) -> None:
    toasts.show(DANA)
    on_screen(qtbot, service, 1)
    toasts._patience.setInterval(50)
    service.stop()
    qtbot.waitUntil(lambda: bool(heard.failed))
    assert heard.failed == ["the notification service does not answer"]
    toasts.show(DANA)
    toasts.withdraw("dana")


def test_a_service_that_never_answers_holds_nothing_up(
    qtbot: QtBot, bus: PrivateBus, site: Site, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "PATIENCE_MS", 50)
    with FakeNotifications(bus.address, silent=True):
        backend = FreedesktopToasts(site)
        backend.show(DANA)
        qtbot.waitUntil(lambda: bool(heard.failed))
        backend.close()


def test_a_lost_bus_is_a_failure_said_once(
    qtbot: QtBot, bus: PrivateBus, service: FakeNotifications, toasts: FreedesktopToasts, heard: Heard
) -> None:
    toasts.show(DANA)
    on_screen(qtbot, service, 1)
    bus.stop()
    qtbot.waitUntil(lambda: bool(heard.failed))
    toasts.show(replace(DANA, mark="louder"))
    toasts.withdraw("dana")
    toasts.close()
    assert len(heard.failed) == 1
    assert heard.failed[0].startswith("the session bus was lost")


def test_a_bus_lost_in_the_middle_of_a_word(
    bus: PrivateBus, service: FakeNotifications, toasts: FreedesktopToasts, heard: Heard
) -> None:
    bus.stop()  # and Qt has not told us yet
    for number in range(5):
        toasts.show(replace(DANA, lead_id=str(number)))
        toasts._greet()
    assert len(heard.failed) == 1


def test_another_program_can_not_press(
    qtbot: QtBot, bus: PrivateBus, service: FakeNotifications, toasts: FreedesktopToasts, heard: Heard
) -> None:
    from jeepney import DBusAddress, new_signal
    from jeepney.io.blocking import open_dbus_connection

    toasts.show(DANA)
    on_screen(qtbot, service, 1)
    number = service.only().number
    address = DBusAddress(fake_notifications.PATH, interface=fake_notifications.SERVICE)
    with open_dbus_connection(bus.address) as stranger:
        stranger.send(new_signal(address, "ActionInvoked", "us", (number, "claim")))
        stranger.bus_proxy.GetId()  # the bus has passed the signal on by the time it answers this
    service.put_away(number)
    qtbot.waitUntil(lambda: heard.closed == ["dana"])
    assert heard.pressed == []


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/bus", "tcp:host=127.0.0.1,port=1", "nonsense"])
def test_no_bus_no_bubbles(site: Site, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with pytest.raises(CannotToast):
        FreedesktopToasts(site)


def test_a_bus_without_a_service(bus: PrivateBus, site: Site) -> None:
    open_files = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    with pytest.raises(CannotToast, match="no notification service"):
        FreedesktopToasts(site)
    if open_files:
        assert len(os.listdir("/proc/self/fd")) == open_files


def test_the_usual_place_of_the_bus_is_tried(
    site: Site, bus: PrivateBus, service: FakeNotifications, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bus.address.removeprefix("unix:path=").split(",")[0]
    link = os.path.join(os.path.dirname(path), "bus")
    os.symlink(path, link)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", os.path.dirname(path))
    FreedesktopToasts(site).close()
