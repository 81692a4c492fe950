"""A desk that says it is there; its screen goes dark; its rep comes back and is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from pytestqt.qtbot import QtBot

from app.domain.commands import KeepPresence, SayHere, SetStatus
from app.domain.events import RepStatusChanged
from app.domain.lead import RepStatus
from app.domain.presence import BEAT_S, DeskState
from app.ui.attendance import IDLE_S, Attendance
from app.ui.parts_say import Banner
from app.ui.screen_dark import LOGIN, SESSION, ScreenDark
from app.ui.team_screen import TeamScreen
from tests.fake_notifications import PrivateBus
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, ME, people


@pytest.fixture
def buses(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    with PrivateBus() as session, PrivateBus() as system:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", system.address)
        yield session.address, system.address


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    desks = Desks(qtbot, tmp_path, monkeypatch)
    yield desks
    desks.close()


def attended(desk: OpenDesk) -> Attendance:
    desk.desk.attend()
    made = desk.desk._attendance
    assert made is not None
    desk.settled()
    return made


def status(desk: OpenDesk, rep: str = ME) -> RepStatus:
    return desk.context.board.reps[rep].status


def presence(desk: OpenDesk) -> list[str]:
    with desk.sample.book.reading() as r:
        from app.service.presence import desks

        return [seen.state.value for seen in desks(r)]


def banners(desk: OpenDesk) -> list[Banner]:
    return [banner for banner in desk.shell.findChildren(Banner) if banner.isVisible()]


def leave_alone(made: Attendance, seconds: float) -> None:
    for _ in range(round(seconds / BEAT_S)):
        made._beat()


def test_a_desk_says_it_is_there_and_goodbye_when_it_closes(desk_on: Desks) -> None:
    desk = desk_on(people())
    before = desk.context.board.cursor
    made = attended(desk)
    assert presence(desk) == ["here"]
    made._beat()
    desk.settled()
    assert desk.context.board.cursor == before  # light: no event
    desk.desk.stop()
    assert presence(desk) == ["gone"]
    with desk.sample.book.reading() as r:
        (rep,) = [rep for rep in r.reps() if rep.id == ME]
        last = r.since(before)[-1].event
    assert rep.status is RepStatus.AWAY
    assert isinstance(last, RepStatusChanged)
    assert last.why == "the desk was closed"


def test_a_desk_that_nobody_touches_is_idle_and_who_comes_back_is_asked(desk_on: Desks) -> None:
    desk = desk_on(people())
    made = attended(desk)
    QCursor.setPos(QPoint(11, 11))
    made._beat()
    leave_alone(made, IDLE_S - BEAT_S)
    desk.settled()
    assert status(desk) is RepStatus.AVAILABLE
    made._beat()
    desk.until(lambda: status(desk) is RepStatus.AWAY)
    desk.settled()
    made._beat()
    desk.settled()
    assert presence(desk) == ["idle"]  # its own words are nobody's touch
    assert not banners(desk)
    QCursor.setPos(QPoint(12, 40))
    made._beat()
    desk.until(lambda: banners(desk))
    (banner,) = banners(desk)
    assert status(desk) is RepStatus.AWAY
    banner.action.click()
    desk.until(lambda: status(desk) is RepStatus.AVAILABLE)
    desk.until(lambda: not banners(desk))


def test_a_word_that_is_on_its_way_is_not_doubled(desk_on: Desks) -> None:
    desk = desk_on(people())
    made = attended(desk)
    asked = desk.context.relay._number
    made.say()
    made.say()
    made.say()
    assert desk.context.relay._number == asked + 1
    desk.settled()


def test_the_team_screen_dims_who_is_not_heard_of(desk_on: Desks) -> None:
    desk = desk_on(people())
    ana = desk.sample.floor.as_actor(ANA)
    ana.do(SetStatus(status=RepStatus.AVAILABLE))
    ana.do(SayHere(device_id="ana's", place="laptop"))
    desk.settled()
    desk.shell.show_screen("team")
    screen = desk.shell.findChild(TeamScreen)
    assert isinstance(screen, TeamScreen)

    def row() -> tuple[bool, str]:
        (found,) = [row for row in screen.list.rows if row.key == ANA]
        return found.faint, found.detail

    desk.until(lambda: screen.list.rows)
    assert row() == (False, "Rep · 0 open leads")
    desk.sample.clock.advance(seconds=50)
    desk.sample.floor.as_actor("keeper").do(KeepPresence())
    desk.until(lambda: row() == (True, "Rep · 0 open leads · desk not heard of"))
    ana.do(SayHere(device_id="ana's", place="laptop", state=DeskState.LOCKED))
    desk.until(lambda: row() == (False, "Rep · 0 open leads · screen locked"))
    assert status(desk, ANA) is RepStatus.AWAY


class Login:
    """A connection that speaks as the session's keeper, and as a screen saver."""

    PATH = "/org/freedesktop/login1/session/_37"

    def __init__(self, address: str) -> None:
        self.bus: DBusConnection = open_dbus_connection(address)

    def own(self, name: str) -> None:
        self.bus.send_and_get_reply(message_bus.RequestName(name), timeout=5)

    def answer(self, signature: str, body: tuple[object, ...]) -> Message:
        """Wait for one question and answer it."""
        while True:
            asked = self.bus.receive(timeout=5)
            if asked.header.message_type is MessageType.method_call:
                self.bus.send(new_method_return(asked, signature, body))
                return asked

    def signal(
        self, path: str, interface: str, member: str, signature: str, body: tuple[object, ...]
    ) -> None:
        self.bus.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))


@pytest.mark.skipif("sys.platform != 'linux'")
def test_a_screen_saver_and_the_session_s_keeper_are_heard(qtbot: QtBot, buses: tuple[str, str]) -> None:
    saver, login = Login(buses[0]), Login(buses[1])
    login.own(LOGIN)
    dark = ScreenDark()
    try:
        assert (dark.locked, dark.idle, dark.knows_idle) == (False, False, False)
        with qtbot.waitSignal(dark.changed):
            saver.signal("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", "b", (True,))
        assert dark.locked
        with qtbot.waitSignal(dark.changed):
            saver.signal("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", "b", (False,))
        assert not dark.locked
        assert login.answer("o", (Login.PATH,)).header.fields[HeaderFields.member] in (
            "GetSession",
            "GetSessionByPID",
        )
        qtbot.waitUntil(lambda: dark._session == Login.PATH)
        login.answer("a{sv}", ({"LockedHint": ("b", False), "IdleHint": ("b", False)},))
        qtbot.waitUntil(lambda: dark.knows_idle)
        with qtbot.waitSignal(dark.changed):
            login.signal(Login.PATH, SESSION, "Lock", "", ())
        assert dark.locked
        with qtbot.waitSignal(dark.changed):
            login.signal(Login.PATH, SESSION, "Unlock", "", ())
        properties = (SESSION, {"IdleHint": ("b", True)}, [])
        with qtbot.waitSignal(dark.changed):
            login.signal(
                Login.PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", properties
            )
        assert (dark.locked, dark.idle) == (False, True)
    finally:
        dark.close()
        saver.bus.close()
        login.bus.close()


def test_a_bus_that_is_lost_says_nothing_more(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    with PrivateBus() as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
        dark = ScreenDark()
        (ear,) = dark._ears
    qtbot.waitUntil(lambda: not ear._open)
    assert not dark.locked
    dark.close()
