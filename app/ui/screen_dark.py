"""Whether this computer's screen is locked or its session idle, as the desktop itself says it (Linux).

Screen savers say it on the session bus (`ActiveChanged`), the session's keeper on the system bus (`LockedHint`,
`IdleHint` of org.freedesktop.login1). Both are listened to where they are; where neither is, nothing is known, and
nothing is waited for longer than the bus's own second.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from app.ui.toasts._bus import BusLost, SessionBus
from app.ui.toasts._toast import CannotToast

if TYPE_CHECKING:
    from jeepney import MatchRule, Message

__all__ = ["ScreenDark"]

SAVERS = tuple(f"org.{whose}.ScreenSaver" for whose in ("freedesktop", "gnome", "cinnamon", "mate", "xfce"))
LOGIN = "org.freedesktop.login1"
SESSION = f"{LOGIN}.Session"
SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket"

log = logging.getLogger(__name__)


class ScreenDark(QObject):
    """Made on the GUI thread; `close` it at the end."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._saver = self._locked = False
        self.idle = False
        """Nobody has touched the session for as long as the desktop calls long."""
        self.knows_idle = False
        """Whether the desktop tells that."""
        self._session = ""
        self._asked = 0
        self._ears = [
            ear
            for ear in (
                _Ear.where_there_is_one("", self._rules, self._take_saver, self),
                _Ear.where_there_is_one(_system_bus(), self._login_rules, self._take_login, self),
            )
            if ear is not None
        ]
        self._ask_for_session()

    @property
    def locked(self) -> bool:
        return self._saver or self._locked

    def close(self) -> None:
        for ear in self._ears:
            ear.close()
        self._ears.clear()

    # the screen savers

    @staticmethod
    def _rules() -> list[MatchRule]:
        from jeepney import MatchRule

        return [MatchRule(type="signal", interface=name, member="ActiveChanged") for name in SAVERS]

    def _take_saver(self, message: Message) -> None:
        from jeepney import HeaderFields

        fields = message.header.fields
        if (
            fields.get(HeaderFields.interface) in SAVERS
            and fields.get(HeaderFields.member) == "ActiveChanged"
        ):
            self._set(_saver=bool(message.body[0]))

    # the session

    @staticmethod
    def _login_rules() -> list[MatchRule]:
        from jeepney import MatchRule

        return [MatchRule(type="signal", sender=LOGIN)]

    def _ask_for_session(self) -> None:
        """Which session this is, and how it is; the answers come by the ear."""
        from jeepney import DBusAddress, new_method_call

        login = next((ear for ear in self._ears if ear.is_system), None)
        if login is None:
            return
        manager = DBusAddress("/org/freedesktop/login1", LOGIN, f"{LOGIN}.Manager")
        named = os.environ.get("XDG_SESSION_ID", "")
        if named:
            self._asked = login.send(new_method_call(manager, "GetSession", "s", (named,)))
        else:
            self._asked = login.send(new_method_call(manager, "GetSessionByPID", "u", (os.getpid(),)))

    def _take_login(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType

        fields, body = message.header.fields, message.body
        kind = message.header.message_type
        if kind is MessageType.method_return and fields.get(HeaderFields.reply_serial) == self._asked:
            if not self._session:
                self._session = str(body[0])
                self._ask_how_it_is()
            else:
                self._take_hints(body[0])
        elif kind is MessageType.signal and fields.get(HeaderFields.path) == self._session:
            member = fields.get(HeaderFields.member)
            if member in ("Lock", "Unlock"):
                self._set(_locked=member == "Lock")
            elif member == "PropertiesChanged":
                self._take_hints(body[1])

    def _ask_how_it_is(self) -> None:
        from jeepney import DBusAddress, new_method_call

        login = next(ear for ear in self._ears if ear.is_system)
        whole = DBusAddress(self._session, LOGIN, "org.freedesktop.DBus.Properties")
        self._asked = login.send(new_method_call(whole, "GetAll", "s", (SESSION,)))

    def _take_hints(self, properties: dict[str, tuple[str, Any]]) -> None:
        said = {}
        if "LockedHint" in properties:
            said["_locked"] = bool(properties["LockedHint"][1])
        if "IdleHint" in properties:
            self.knows_idle = True
            said["idle"] = bool(properties["IdleHint"][1])
        self._set(**said)

    def _set(self, **said: bool) -> None:
        was = self.locked, self.idle
        for name, value in said.items():
            setattr(self, name, value)
        if (self.locked, self.idle) != was:
            self.changed.emit()


def _system_bus() -> str:
    return os.environ.get("DBUS_SYSTEM_BUS_ADDRESS", "") or SYSTEM_BUS


class _Ear(QObject):
    """One bus, listened to on the GUI thread."""

    def __init__(
        self, address: str, rules: list[MatchRule], hear: Callable[[Message], None], parent: QObject
    ) -> None:
        from jeepney import message_bus

        super().__init__(parent)
        self.is_system = bool(address)
        self._hear = hear
        self._bus = SessionBus(address)
        try:
            for rule in rules:
                self._bus.ask(message_bus.AddMatch(rule))
        except BusLost:
            self._bus.close()
            raise
        self._notifier = QSocketNotifier(self._bus.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._open = True

    @classmethod
    def where_there_is_one(
        cls,
        address: str,
        rules: Callable[[], list[MatchRule]],
        hear: Callable[[Message], None],
        parent: QObject,
    ) -> _Ear | None:
        if sys.platform != "linux":
            return None
        try:
            return cls(address, rules(), hear, parent)
        except (CannotToast, BusLost, ImportError) as error:
            log.info("the screen's lock can't be heard on a bus: %s", error)
            return None

    def send(self, message: Message) -> int:
        try:
            return self._bus.send(message)
        except BusLost as error:
            self._lose(error)
            return 0

    @Slot()
    def _read(self) -> None:
        while self._open:
            try:
                message = self._bus.receive()
            except BusLost as error:
                self._lose(error)
                return
            if message is None:
                return
            self._hear(message)

    def _lose(self, error: BusLost) -> None:
        log.info("the screen's lock is not heard any more: %s", error)
        self.close()

    def close(self) -> None:
        if self._open:
            self._open = False
            self._notifier.setEnabled(False)
            self._bus.close()
