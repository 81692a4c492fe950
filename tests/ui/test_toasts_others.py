"""The other native backends, for real: plyer with `notify-send`, desktop-notifier on its thread."""

from __future__ import annotations

import gc
import html
import importlib.util
import os
import shutil
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.clock import HandClock
from app.ui.toasts import CRITICAL, SUMMARY, CannotToast, Site, Toast, plyer_
from app.ui.toasts.desktop_notifier_ import DesktopNotifierToasts
from app.ui.toasts.plyer_ import PlyerToasts
from tests import fake_notifications
from tests.fake_notifications import FakeNotifications, PrivateBus

needs_bus = pytest.mark.skipif(bool(fake_notifications.missing()), reason=fake_notifications.missing())
needs_notify_send = pytest.mark.skipif(not shutil.which("notify-send"), reason="notify-send is not installed")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="what plyer does on Linux")
needs_library = pytest.mark.skipif(
    importlib.util.find_spec("desktop_notifier") is None,
    reason="desktop-notifier is not installed; on Linux it is only needed to test it",
)

DANA = Toast(lead_id="dana", title="Dana Okafor", body="“Pricing?”\n+1 303", mark="HOT", urgency=CRITICAL)


@dataclass
class Heard:
    pressed: list[tuple[str, str]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def site(qtbot: QtBot, heard: Heard) -> Site:
    window = QWidget()
    qtbot.addWidget(window)

    def pressed(lead_id: str, key: str) -> None:
        heard.threads.add(threading.get_ident())
        heard.pressed.append((lead_id, key))

    clock = HandClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    return Site(window, clock, pressed, heard.closed.append, heard.failed.append)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeNotifications]:
    with PrivateBus() as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        with FakeNotifications(bus.address) as service:
            yield service


# -- plyer


@needs_bus
@needs_notify_send
@on_linux
@pytest.mark.parametrize(
    "text",
    [
        "Dana",
        'O\'Brien "the" `tick` $(touch /tmp/x)',
        "-x --help",
        "--version",
        "<b>bold</b> & more",
        "C:\\new\\101\\table",
        "100 % sure %s",
        "👩🏽\u200d💻 सुनीता",
        "; rm -rf",
    ],
)
def test_plyer_shows_text_as_it_is(service: FakeNotifications, site: Site, heard: Heard, text: str) -> None:
    backend = PlyerToasts(site)
    backend.show(Toast(lead_id="x", title=text, body=text))
    bubble = service.only()
    backend.close()
    assert bubble.summary.strip() == text
    assert html.unescape(bubble.body).strip() == text
    assert "<" not in bubble.body
    assert heard.failed == []


@needs_bus
@needs_notify_send
@on_linux
def test_plyer_shows_a_lead_again_only_when_louder(service: FakeNotifications, site: Site) -> None:
    backend = PlyerToasts(site)
    for body in ("a", "b", "c"):
        backend.show(replace(DANA, body=body))
    backend.show(replace(DANA, ring=1))
    for many in range(5):
        backend.show(Toast(lead_id=SUMMARY, title=f"{many} more leads wait", body="", urgency=many % 2))
    backend.withdraw("dana")
    backend.show(replace(DANA, title="Dana again"))
    service.wait(lambda: len(service.bubbles) == 4)
    backend.close()
    assert [bubble.summary for bubble in service.bubbles.values()] == [
        "HOT · Dana Okafor",
        "HOT · Dana Okafor",
        "0 more leads wait",
        "HOT · Dana again",
    ]


@needs_bus
@on_linux
def test_plyer_without_notify_send(
    service: FakeNotifications, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotToast, match="notify-send is not installed"):
        PlyerToasts(site)


@needs_notify_send
@on_linux
def test_plyer_without_a_bus(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    with pytest.raises(CannotToast, match="session bus"):
        PlyerToasts(site)


@on_linux
def test_plyer_never_in_a_flatpak(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "isdir", lambda path: path == "/app")
    with pytest.raises(CannotToast, match="Flatpak"):
        PlyerToasts(site)


@needs_bus
@needs_notify_send
@on_linux
def test_plyer_that_breaks_says_so(
    qtbot: QtBot, service: FakeNotifications, site: Site, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = PlyerToasts(site)
    monkeypatch.setenv("PATH", "")  # notify-send is taken away while the program runs
    backend.show(DANA)
    qtbot.waitUntil(lambda: len(heard.failed) == 1)
    backend.show(replace(DANA, ring=1))
    backend.close()


def test_plyer_on_windows_gets_short_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    title, body = plyer_._prepared(Toast(lead_id="x", title="-" + "😀" * 100, body="<b>\\n" + "y" * 999))
    assert title == "-" + "😀" * 31, "63 UTF-16 units, no half letter"
    assert len(body) == 255
    assert body.startswith("<b>\\n"), "a balloon knows no markup"


# -- desktop-notifier


@pytest.fixture
def leaky() -> Iterator[None]:
    """On Linux the library never closes its connection, which only its garbage tells."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def notifier(leaky: None, service: FakeNotifications, site: Site) -> Iterator[DesktopNotifierToasts]:
    backend = DesktopNotifierToasts(site)
    yield backend
    backend.close()
    assert not backend._thread.is_alive()


@needs_bus
@needs_library
def test_desktop_notifier_shows_replaces_and_takes_away(
    service: FakeNotifications, notifier: DesktopNotifierToasts
) -> None:
    notifier.show(DANA)
    bubble = service.only()
    assert bubble.summary == "HOT · Dana Okafor"
    assert dict(bubble.actions).items() >= {"claim": "Claim", "open": "Open"}.items()
    assert bubble.hints["urgency"] == 2
    notifier.show(replace(DANA, mark="HOT · breached"))
    service.wait(lambda: [b.summary for b in service.bubbles.values()] == ["HOT · breached · Dana Okafor"])
    notifier.show(Toast(lead_id=SUMMARY, title="4 more leads wait", body="", actions=(("open", "Open"),)))
    service.about("4 more")
    notifier.withdraw("dana")
    service.wait(lambda: len(service.bubbles) == 1)
    notifier.withdraw("nobody")
    notifier.close()
    service.wait(lambda: not service.bubbles)
    notifier.show(DANA)
    notifier.withdraw("dana")


@needs_bus
@needs_library
@pytest.mark.parametrize(("on_bubble", "heard_as"), [("claim", "claim"), ("default", "open")])
def test_desktop_notifier_hears_a_press(
    qtbot: QtBot,
    service: FakeNotifications,
    notifier: DesktopNotifierToasts,
    heard: Heard,
    on_bubble: str,
    heard_as: str,
) -> None:
    notifier.show(DANA)
    qtbot.waitUntil(lambda: "dana" in notifier._up)
    service.press(service.only().number, on_bubble)
    qtbot.waitUntil(lambda: heard.pressed == [("dana", heard_as)])
    assert heard.threads == {notifier._thread.ident}, "which is why the bridge crosses by a queued signal"


@needs_bus
@needs_library
def test_desktop_notifier_hears_that_it_was_put_away(
    qtbot: QtBot, service: FakeNotifications, notifier: DesktopNotifierToasts, heard: Heard
) -> None:
    notifier.show(DANA)
    qtbot.waitUntil(lambda: "dana" in notifier._up)
    service.put_away(service.only().number)
    qtbot.waitUntil(lambda: heard.closed == ["dana"])


@needs_library
def test_desktop_notifier_that_can_not_says_so(
    qtbot: QtBot, leaky: None, site: Site, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    backend = DesktopNotifierToasts(site)
    qtbot.waitUntil(lambda: len(heard.failed) == 1)
    backend.show(DANA)
    backend.close()


@needs_bus
@needs_library
def test_desktop_notifier_without_buttons_is_left_to_the_next(
    qtbot: QtBot, leaky: None, site: Site, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PrivateBus() as bus, FakeNotifications(bus.address, capabilities=("body",)):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        backend = DesktopNotifierToasts(site)
        qtbot.waitUntil(lambda: heard.failed == ["desktop-notifier: this system shows it no buttons"])
        backend.close()


def test_desktop_notifier_not_installed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CannotToast, match="not installed"):
        DesktopNotifierToasts(site)
