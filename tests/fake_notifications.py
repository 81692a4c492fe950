"""A private session bus, and a real notification service on it that a test can look into and press.

The bus is a `dbus-daemon` of its own with no service files, so that no daemon installed on this machine can
be started by it and take the name. The service answers `org.freedesktop.Notifications` as the specification
says, on a thread; `bubbles` is what a person would see.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
EVERYTHING = ("actions", "body", "body-markup", "persistence", "sound")

WAIT_S = 60.0

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

_INTROSPECTION = """<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
<node>
  <interface name="org.freedesktop.Notifications">
    <method name="GetCapabilities"><arg direction="out" type="as"/></method>
    <method name="GetServerInformation">
      <arg direction="out" type="s"/><arg direction="out" type="s"/>
      <arg direction="out" type="s"/><arg direction="out" type="s"/>
    </method>
    <method name="Notify">
      <arg direction="in" type="s"/><arg direction="in" type="u"/><arg direction="in" type="s"/>
      <arg direction="in" type="s"/><arg direction="in" type="s"/><arg direction="in" type="as"/>
      <arg direction="in" type="a{sv}"/><arg direction="in" type="i"/><arg direction="out" type="u"/>
    </method>
    <method name="CloseNotification"><arg direction="in" type="u"/></method>
    <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
    <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  </interface>
</node>
"""


def missing() -> str:
    """Why there can be no private bus here; empty when there can."""
    return "" if shutil.which("dbus-daemon") else "dbus-daemon is not installed"


class PrivateBus:
    """A session bus of one test's own. Use as a context; `address` goes into DBUS_SESSION_BUS_ADDRESS."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="firstring-bus-")
        config = Path(self._folder, "bus.conf")
        config.write_text(_CONFIG.format(folder=self._folder))
        self._daemon = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--print-address", "--nofork"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._daemon.stdout
        self.address = self._daemon.stdout.readline().strip()
        if not self.address:
            raise RuntimeError("the private bus did not start")

    def stop(self) -> None:
        """End the bus; whoever is connected loses it. Safe to call twice."""
        self._daemon.terminate()
        self._daemon.wait(WAIT_S)
        if self._daemon.stdout:
            self._daemon.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> PrivateBus:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass
class Bubble:
    """What one `Notify` asked to show."""

    number: int
    app: str
    icon: str
    summary: str
    body: str
    actions: tuple[tuple[str, str], ...]
    hints: dict[str, Any]
    timeout_ms: int
    replaces: int
    """The number it was to take the place of; 0 for a new one."""
    shown: int = 1
    """How often it was shown: more than once when it was replaced."""


@dataclass
class FakeNotifications:
    """The service. `bubbles` are those on the screen by number, `asked` every call by its method's name."""

    address: str
    capabilities: tuple[str, ...] = EVERYTHING
    name: str = "fake"
    silent: bool = False
    """Owns the name and never answers."""
    bubbles: dict[int, Bubble] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._numbers = 0
        self._stopped = False
        self._bus = open_dbus_connection(self.address)
        reply = self._bus.send_and_get_reply(message_bus.RequestName(SERVICE, 4))
        if reply.body[0] != 1:
            self._bus.close()
            raise RuntimeError("somebody else is the notification service on this bus")
        self._wake, self._waker = os.pipe()
        self._thread = threading.Thread(target=self._serve, name="fake-notifications")
        self._thread.start()

    # -- what a test does

    def only(self) -> Bubble:
        """The one bubble on the screen, waited for."""
        self.wait(lambda: len(self.bubbles) == 1)
        with self._changed:
            (bubble,) = self.bubbles.values()
            return bubble

    def about(self, words: str) -> Bubble:
        """The bubble whose summary holds these words, waited for."""

        def found() -> list[Bubble]:
            return [bubble for bubble in self.bubbles.values() if words in bubble.summary]

        self.wait(lambda: bool(found()))
        with self._changed:
            return found()[0]

    def wait(self, until: Callable[[], bool], seconds: float = WAIT_S) -> None:
        """Wait for something to be so; it is looked at again after each thing that happens here."""
        with self._changed:
            if not self._changed.wait_for(until, seconds):
                raise AssertionError(f"did not come about; asked: {self.asked}, bubbles: {self.bubbles}")

    def press(self, number: int, key: str, then_close: bool = True) -> None:
        """A person presses a button, or with the key `default` the bubble; most services then close it."""
        self._signal("ActionInvoked", "us", (number, key))
        if then_close:
            self.put_away(number)

    def put_away(self, number: int, reason: int = 2) -> None:
        """The bubble leaves the screen: 1 its time was up, 2 a person closed it, 3 the program did."""
        with self._changed:
            gone = self.bubbles.pop(number, None)
            self._changed.notify_all()
        if gone:
            self._signal("NotificationClosed", "uu", (number, reason))

    def stop(self) -> None:
        """The service dies, its bubbles with it. Safe to call twice."""
        if self._stopped:
            return
        self._stopped = True
        os.write(self._waker, b".")
        self._thread.join(WAIT_S)
        os.close(self._wake)
        os.close(self._waker)
        self._bus.close()

    def __enter__(self) -> FakeNotifications:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- the service

    def _signal(self, name: str, signature: str, body: tuple[object, ...]) -> None:
        self._send(new_signal(DBusAddress(PATH, interface=SERVICE), name, signature, body))

    def _send(self, message: Message) -> None:
        with self._sending:
            self._bus.send(message)

    def _serve(self) -> None:
        while True:
            ready, _, _ = select.select([self._bus.sock, self._wake], [], [])
            if self._wake in ready:
                return
            try:
                while True:
                    self._answer(self._bus.receive(timeout=0))
            except TimeoutError:
                continue
            except OSError:
                return  # the bus was taken away

    def _answer(self, call: Message) -> None:
        if call.header.message_type is not MessageType.method_call:
            return
        method = call.header.fields[HeaderFields.member]
        with self._changed:
            self.asked.append(method)
            reply = None if self.silent else self._do(call, method)
            self._changed.notify_all()
        if reply:
            self._send(reply)
        if method == "CloseNotification" and not self.silent:
            self.put_away(call.body[0], 3)

    def _do(self, call: Message, method: str) -> Message:
        if method == "GetCapabilities":
            return new_method_return(call, "as", (list(self.capabilities),))
        if method == "GetServerInformation":
            return new_method_return(call, "ssss", (self.name, "tests", "1", "1.2"))
        if method == "Notify":
            return new_method_return(call, "u", (self._show(call),))
        if method == "CloseNotification":
            return new_method_return(call)
        if method == "Introspect":
            return new_method_return(call, "s", (_INTROSPECTION,))
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", (method,))

    def _show(self, call: Message) -> int:
        app, replaces, icon, summary, body, actions, hints, timeout_ms = call.body
        earlier = self.bubbles.get(replaces)
        if not replaces:
            self._numbers += 1
        number: int = replaces or self._numbers
        self.bubbles[number] = Bubble(
            number=number,
            app=app,
            icon=icon,
            summary=summary,
            body=body,
            actions=tuple(zip(actions[::2], actions[1::2], strict=True)),
            hints={name: value for name, (_, value) in hints.items()},
            timeout_ms=timeout_ms,
            replaces=replaces,
            shown=earlier.shown + 1 if earlier else 1,
        )
        return number
