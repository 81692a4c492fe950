"""Bubbles with buttons on Linux and the BSDs, through the desktop's own notification service.

Speaks `org.freedesktop.Notifications` with jeepney on a socket that Qt's event loop watches: no thread, no
second loop, and no waiting. The constructor talks to the bus alone, which answers at once; the service itself
is greeted without waiting, since the bus may have to start it first, and toasts asked for meanwhile go out
when it has answered. A service that dies is greeted again when it returns and gets its bubbles back; one that
stays away for `PATIENCE_MS`, or a bus that is lost, is a failure the bridge hears of. (Qt's own D-Bus can't
be used: from Python it can't say the unsigned number that `Notify` wants.)
"""

from __future__ import annotations

import html
import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, QSocketNotifier, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from app.ui import theme
from app.ui.toasts._bus import BusLost, SessionBus
from app.ui.toasts._toast import CRITICAL, Backend, CannotToast, Site, Toast

if TYPE_CHECKING:
    from jeepney import Message

NAME = "freedesktop"
ORDER = 10
SYSTEMS: tuple[str, ...] = ("linux", "freebsd", "openbsd", "netbsd")

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
PATIENCE_MS = 10_000
"""For the service to start, or to come back, on a machine that has much else to do."""
GOODBYE_S = 1.0
"""For the number of a bubble that was just asked for when the desk closes."""

DEFAULT_IS_A_BUTTON = ("Xfce Notify Daemon",)
"""Services that draw the action `default`, which is meant for a click on the bubble, as one more button."""

SOUND_NAMES = {"hot": "phone-incoming-call", "warm": "message-new-instant", "breach": "dialog-warning"}
"""Ours in the words of the freedesktop sound naming specification."""

log = logging.getLogger(__name__)


def build(site: Site) -> Backend:
    return FreedesktopToasts(site)


class FreedesktopToasts(QObject):
    """One connection to the session bus, and the bubbles standing in its name."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._site = site
        self._standing: dict[str, Toast] = {}
        self._ids: dict[str, int] = {}
        self._in_flight: dict[str, Toast] = {}
        """Asked for, the service's number for the bubble not yet known."""
        self._awaited: dict[int, Callable[[Message], None]] = {}
        self._capabilities: frozenset[str] | None = None
        """None while the service has not answered."""
        self._clicks_on_body = True
        self._icon = theme.resources("icons", "mark.svg").as_uri()
        self._owner = ""
        self._broken = False

        self._bus = SessionBus()
        try:
            self._reach()
        except BusLost as error:
            self._bus.close()
            raise CannotToast(str(error)) from error
        except CannotToast:
            self._bus.close()
            raise
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._give_up)
        self._ear = QSocketNotifier(self._bus.fileno(), QSocketNotifier.Type.Read, self)
        self._ear.activated.connect(self._hear)
        self._greet()

    # -- what the bridge asks

    def show(self, toast: Toast) -> None:
        self._standing[toast.lead_id] = toast
        if self._capabilities is not None:
            self._notify(toast)
        elif not self._patience.isActive():
            self._greet()

    def withdraw(self, lead_id: str) -> None:
        self._standing.pop(lead_id, None)
        if number := self._ids.pop(lead_id, None):
            self._call("CloseNotification", "u", (number,))

    def close(self) -> None:
        for lead_id in list(self._standing):
            self.withdraw(lead_id)
        self._see_off()
        self._hang_up()

    def _see_off(self) -> None:
        """Wait, not for long, for bubbles that come up only now: without their number nobody could take them away,
        and a critical one would stand on the desktop for ever with buttons that do nothing."""
        patience = QDeadlineTimer(round(GOODBYE_S * 1000))
        while self._in_flight and not self._broken and not patience.hasExpired():
            self._hear_one(patience.remainingTime() / 1000)

    # -- the service

    def _reach(self) -> None:
        """Ask the bus whether there is a service, or one it can start, and to pass its signals on."""
        from jeepney import MatchRule, message_bus

        (owned,) = self._bus.ask(message_bus.NameHasOwner(SERVICE))
        (startable,) = self._bus.ask(message_bus.ListActivatableNames())
        if not owned and SERVICE not in startable:
            raise CannotToast("this desktop has no notification service")
        self._bus.ask(message_bus.AddMatch(MatchRule(type="signal", interface=SERVICE, path=PATH)))
        changes = MatchRule(type="signal", sender=message_bus.bus_name, member="NameOwnerChanged")
        changes.add_arg_condition(0, SERVICE)
        self._bus.ask(message_bus.AddMatch(changes))

    def _greet(self) -> None:
        if self._broken:
            return
        self._patience.start()
        self._call("GetCapabilities", heard=self._greeted)

    def _greeted(self, reply: Message) -> None:
        from jeepney import HeaderFields, MessageType

        if reply.header.message_type is MessageType.error:
            return  # perhaps it is only restarting; patience runs
        capabilities = frozenset[str](reply.body[0])
        self._owner = reply.header.fields[HeaderFields.sender]
        self._call("GetServerInformation", heard=lambda reply: self._introduced(capabilities, reply))

    def _introduced(self, capabilities: frozenset[str], reply: Message) -> None:
        from jeepney import MessageType

        if reply.header.message_type is MessageType.error:
            return
        self._patience.stop()
        self._capabilities = capabilities
        self._clicks_on_body = reply.body[0] not in DEFAULT_IS_A_BUTTON
        for toast in list(self._standing.values()):
            self._notify(toast)

    def _changed_hands(self, owner: str) -> None:
        """The service died (no owner) or a new one took its name: its bubbles are gone either way."""
        if owner and owner == self._owner:
            return
        self._owner = owner
        self._capabilities = None
        self._ids.clear()
        self._in_flight.clear()
        if owner or self._standing:
            self._greet()  # where there is no owner, this has the bus start one if it can

    @Slot()
    def _give_up(self) -> None:
        self._break("the notification service does not answer")

    # -- one bubble

    def _notify(self, toast: Toast) -> None:
        if toast.lead_id in self._in_flight:
            return  # its number is on the way; what is newest goes out when it is here
        said = self._capabilities or frozenset()
        actions: list[str] = []
        if "actions" in said:
            if self._clicks_on_body:
                actions = ["default", dict(toast.actions).get("open", "")]
            actions += [word for action in toast.actions for word in action]
        hints: dict[str, tuple[str, object]] = {
            "urgency": ("y", toast.urgency),
            "desktop-entry": ("s", "firstring"),
        }
        if toast.sound and "sound" in said:
            hints["sound-name"] = ("s", SOUND_NAMES[toast.sound])
        else:
            hints["suppress-sound"] = ("b", True)
        body = html.escape(toast.body, quote=False) if "body-markup" in said else toast.body
        # 0: stands until somebody acts on it. -1: as long as this desktop is used to.
        lasting = 0 if toast.urgency == CRITICAL else -1
        known = self._ids.get(toast.lead_id, 0)
        self._in_flight[toast.lead_id] = toast
        self._call(
            "Notify",
            "susssasa{sv}i",
            ("Firstring", known, self._icon, toast.headline, body, actions, hints, lasting),
            heard=lambda reply: self._numbered(toast, reply),
        )

    def _numbered(self, toast: Toast, reply: Message) -> None:
        from jeepney import MessageType

        if self._in_flight.get(toast.lead_id) is not toast:
            return  # the answer of a service that has died since
        del self._in_flight[toast.lead_id]
        if reply.header.message_type is MessageType.error:
            log.info("notifications: the service refused a bubble: %s", reply.body)
            return
        self._ids[toast.lead_id] = reply.body[0]
        newest = self._standing.get(toast.lead_id)
        if newest is None:
            self.withdraw(toast.lead_id)
        elif newest is not toast:
            self._notify(newest)

    def _lead_of(self, number: int) -> str | None:
        return next((lead_id for lead_id, known in self._ids.items() if known == number), None)

    def _invoked(self, number: int, key: str) -> None:
        lead_id = self._lead_of(number)
        if lead_id is not None:
            self.withdraw(lead_id)  # some services leave the bubble standing after a press
            self._site.pressed(lead_id, "open" if key == "default" else key)

    def _put_away(self, number: int) -> None:
        lead_id = self._lead_of(number)
        if lead_id is not None:
            del self._ids[lead_id]
            self._standing.pop(lead_id, None)
            self._site.closed(lead_id)

    # -- the wire

    def _call(
        self,
        method: str,
        signature: str | None = None,
        body: tuple[object, ...] = (),
        heard: Callable[[Message], None] | None = None,
    ) -> None:
        from jeepney import DBusAddress, new_method_call

        if self._broken:
            return
        message = new_method_call(DBusAddress(PATH, SERVICE, SERVICE), method, signature, body)
        try:
            serial = self._bus.send(message)
        except BusLost as error:
            self._break(str(error))
            return
        if heard:
            self._awaited[serial] = heard

    @Slot()
    def _hear(self) -> None:
        while self._hear_one(0):
            pass

    def _hear_one(self, wait_s: float) -> bool:
        """Take the next message, waiting for it at most so long; whether there was one."""
        if self._broken:
            return False
        try:
            message = self._bus.receive(wait_s)
        except BusLost as error:
            self._break(str(error))
            return False
        if message is not None:
            self._take(message)
        return message is not None

    def _take(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType

        fields, body = message.header.fields, message.body
        if message.header.message_type is not MessageType.signal:
            if heard := self._awaited.pop(fields.get(HeaderFields.reply_serial, 0), None):
                heard(message)
            return
        member, sender = fields.get(HeaderFields.member), fields.get(HeaderFields.sender)
        if member == "NameOwnerChanged" and sender == "org.freedesktop.DBus" and body[0] == SERVICE:
            self._changed_hands(body[2])
        elif sender != self._owner:
            return  # another program pretending
        elif member == "ActionInvoked":
            self._invoked(*body)
        elif member == "NotificationClosed":
            self._put_away(body[0])
        elif member == "ActivationToken" and QGuiApplication.platformName().startswith("wayland"):
            # Qt takes it from here to be allowed to raise the window.
            os.environ["XDG_ACTIVATION_TOKEN"] = body[1]

    def _break(self, reason: str) -> None:
        if not self._broken:
            self._hang_up()
            self._site.failed(reason)

    def _hang_up(self) -> None:
        if not self._broken:
            self._broken = True
            self._patience.stop()
            self._ear.setEnabled(False)
            self._bus.close()
