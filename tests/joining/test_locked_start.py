"""The program with its window, locked: on a floor in a file, on a shared database, behind a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import settings as profile
from app.address import parted
from app.boot import default_floor, join_floor, new_floor, open_floor, practice_session
from app.clock import SystemClock
from app.domain.commands import AddRep
from app.domain.lead import RepStatus
from app.floor.link import format_link
from app.floor.pin import pin_of
from app.service.handle import handle
from app.store.book import Book, start_floor
from app.ui import actions, theme
from app.ui.lock_face import LockFace
from app.ui.start import Start
from tests.joining.served import serving
from tests.joining.test_desk_joins import Still, end
from tests.joining.test_seat import Ring

pytestmark = pytest.mark.timeout(180)
PIN = "4711"


@dataclass
class Place:
    """A floor, and how a desk gets in for the first time."""

    start: Start
    qtbot: QtBot
    enter: Callable[[Start], object]
    is_file: bool

    def live(self) -> None:
        """Until the desk works."""
        self.qtbot.waitUntil(
            lambda: self.start._desk is not None and self.start._desk.context.live, timeout=30_000
        )

    @property
    def address(self) -> str:
        return profile.load().last_floor

    def come_again(self) -> None:
        end(self.start)
        self.start._settings = profile.load()
        self.start._join(self.address)
        self.live()

    @property
    def locked(self) -> bool:
        desk = self.start._desk
        assert desk is not None
        assert desk.context.lock is not None
        return desk.context.lock.locked

    @property
    def face(self) -> LockFace:
        assert self.start._shell is not None
        found = self.start._shell.findChild(LockFace)
        assert isinstance(found, LockFace)
        return found

    def status(self) -> RepStatus:
        assert self.start._desk is not None
        rep = self.start._desk.context.rep
        assert rep is not None
        return rep.status


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path / "home"))
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture(params=["file", "postgresql", "server"])
def place(
    request: pytest.FixtureRequest,
    ring: Ring,
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    monkeypatch.setenv("FIRSTRING_TOASTS", "inapp")
    monkeypatch.setattr("app.ui.lookout.Lookout", Still)
    theme.apply(qapp, theme.LIGHT)
    start = Start(open_floor, practice_session, new_floor, join_floor, default_floor())
    start._settings.port = 0
    clock = SystemClock()
    try:
        if request.param == "server":
            path = str(tmp_path / "served.floor")
            start_floor(path, "Denver", clock.now())
            book = Book(path)
            rep = handle(book, AddRep(name="Ana Brito"), "admin", clock.now())[0].id
            with serving(book, clock) as server:
                link = format_link(server.invite(rep))
                yield Place(start, qtbot, lambda one: one._enter(link, "", ""), is_file=False)
                end(start)
            book.close()
            return
        if request.param == "file":
            address = str(tmp_path / "own.firstring")
        else:
            address = request.getfixturevalue("pg_url").replace("+psycopg", "")
        me = new_floor(address, "North floor", "Ida Nyberg")
        settings = start._settings
        settings.me[parted(address)[0]] = me
        settings.save()
        yield Place(start, qtbot, lambda one: one._join(address), is_file=request.param == "file")
    finally:
        end(start)


def test_a_desk_with_a_pin_is_locked_at_its_start_and_opened_with_it(place: Place) -> None:
    place.enter(place.start)
    place.live()
    assert not place.locked
    pin_of(place.address).set(PIN)
    place.come_again()
    assert place.locked
    place.face.field.setText(PIN)
    QTest.keyClick(place.face.field, Qt.Key.Key_Return)
    place.qtbot.waitUntil(lambda: not place.locked, timeout=30_000)
    desk = place.start._desk
    assert desk is not None
    desk._pick_status("available")
    place.qtbot.waitUntil(lambda: place.status() is RepStatus.AVAILABLE, timeout=30_000)
    actions.run("lock")
    assert place.locked
    place.qtbot.waitUntil(lambda: place.status() is RepStatus.AWAY, timeout=30_000)
    place.face.field.setText(PIN)
    QTest.keyClick(place.face.field, Qt.Key.Key_Return)
    place.qtbot.waitUntil(lambda: place.status() is RepStatus.AVAILABLE, timeout=30_000)


def test_who_forgot_the_pin_is_let_in_by_what_let_them_in_at_first(place: Place, ring: Ring) -> None:
    place.enter(place.start)
    place.live()
    address = place.address
    pin_of(address).set(PIN)
    place.come_again()
    if place.is_file:
        assert not place.face.leave_button.isVisibleTo(place.face)
        return
    assert ring.kept
    place.face.forgot_button.click()
    place.face.leave_button.click()
    place.qtbot.waitUntil(lambda: place.start._welcome is not None, timeout=30_000)
    place.start._leaving.wait()
    assert place.start._session is None
    assert ring.kept == {}
    assert not pin_of(address).is_set
    assert profile.load().last_floor == ""
    welcome = place.start._welcome
    assert welcome is not None
    assert welcome.isVisible()
    assert profile.read_seat(address) is None
