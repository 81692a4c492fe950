"""A desk joins through a real server from the first question on, and is there again at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import settings as profile
from app.boot import default_floor, join_floor, new_floor, open_floor, practice_session
from app.clock import SystemClock
from app.domain.commands import AddRep
from app.domain.device import new_secret
from app.domain.questions import Devices
from app.floor.discovery import Announcement
from app.floor.link import JoinLink, format_link
from app.service.handle import handle
from app.store.book import Book, start_floor
from app.ui import theme
from app.ui.lookout import Lookout
from app.ui.start import Start
from app.ui.welcome import Welcome
from tests.joining.served import Server, serving
from tests.joining.test_seat import Ring

pytestmark = pytest.mark.timeout(120)
WORDS = "correct horse battery"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    clock = SystemClock()
    path = str(tmp_path / "served.floor")
    start_floor(path, "Denver", clock.now())
    book = Book(path)
    with serving(book, clock) as server:
        yield server
    book.close()


@pytest.fixture
def ana(server: Server) -> str:
    return handle(server.book, AddRep(name="Ana Brito"), "admin", server.clock.now())[0].id


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path / "home"))
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def start(ring: Ring, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.setenv("FIRSTRING_TOASTS", "inapp")
    monkeypatch.setattr("app.ui.start.Lookout", Still, raising=False)
    monkeypatch.setattr("app.ui.lookout.Lookout", Still)
    theme.apply(qapp, theme.LIGHT)
    start = Start(open_floor, practice_session, new_floor, join_floor, default_floor())
    yield start
    end(start)


class Still:
    """Looks for nobody: the network of whoever runs the tests is theirs."""

    def __init__(self, welcome: Welcome) -> None:
        self.welcome = welcome

    def end(self) -> None: ...
    def stop(self) -> None: ...


def end(start: Start) -> None:
    start._close()
    start._desk = start._session = start._door = start._tray = start._worker = None
    for window in (start._shell, start._welcome):
        if window is not None:
            window.on_close = None  # type: ignore[union-attr]
            window.close()
            window.deleteLater()
    start._shell = start._welcome = None


def asked(start: Start) -> Welcome:
    start._ask_where()
    assert start._welcome is not None
    start._welcome.join_form.open_form()
    return start._welcome


def at_work(start: Start, qtbot: QtBot, rep: str) -> None:
    qtbot.waitUntil(lambda: start._desk is not None and start._desk.context.live)
    assert start._desk is not None
    assert start._desk.context.me == rep
    assert start._desk.context.board.reps[rep].name == "Ana Brito"


def test_by_link_and_again_at_the_next_start(start: Start, server: Server, ana: str, qtbot: QtBot) -> None:
    link = server.invite(ana)
    welcome = asked(start)
    welcome.join_form.address.setText(format_link(link))
    welcome.join_form.submit_button.click()
    at_work(start, qtbot, ana)
    home = "".join(path.read_text() for path in profile.home().rglob("*.json"))
    assert link.secret not in home
    last = profile.load().last_floor
    assert profile.is_served(last)
    end(start)
    start._join(last)
    at_work(start, qtbot, ana)
    assert len(server.floor.ask(Devices()).devices) == 1


def test_by_address_and_secret_without_a_keyring(
    start: Start, server: Server, ana: str, qtbot: QtBot
) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[attr-defined]
    link = server.invite(ana)
    welcome = asked(start)
    form = welcome.join_form
    form.address.setText(server.address)
    form.secret.setText(new_secret())
    form.submit_button.click()
    qtbot.waitUntil(lambda: "This invitation is not good" in form.trouble.text())
    form.secret.setText(link.secret)
    form.submit_button.click()
    qtbot.waitUntil(lambda: "no safe keyring" in form.trouble.text())
    form.password.setText(WORDS)
    form.submit_button.click()
    at_work(start, qtbot, ana)
    last = profile.load().last_floor
    end(start)
    start._join(last)
    qtbot.waitUntil(
        lambda: start._welcome is not None and start._welcome.join_form.password.isVisible(), timeout=60_000
    )
    assert start._welcome is not None
    form = start._welcome.join_form
    form.password.setText("wrong words")
    form.submit_button.click()
    qtbot.waitUntil(lambda: "not this desk’s passphrase" in form.trouble.text())
    form.password.setText(WORDS)
    form.submit_button.click()
    at_work(start, qtbot, ana)


def test_a_server_with_another_key_is_not_joined(
    start: Start, server: Server, ana: str, qtbot: QtBot
) -> None:
    link = server.invite(ana)
    form = asked(start).join_form
    form.address.setText(
        format_link(JoinLink(addresses=link.addresses, pins=("ab" * 32,), secret=link.secret))
    )
    form.submit_button.click()
    qtbot.waitUntil(lambda: "not your floor's server" in form.trouble.text())
    assert [button.words() for button in (form.submit_button, form.cancel_button)] == ["Join", "Cancel"]
    assert server.floor.ask(Devices()).devices == ()


def test_a_floor_nearby_is_shown(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, theme.LIGHT)
    announcement = Announcement("Denver", 8738, interfaces=["127.0.0.1"])
    announcement.start()
    welcome = Welcome()
    qtbot.addWidget(welcome)
    lookout = Lookout(welcome, interfaces=["127.0.0.1"])
    try:
        qtbot.waitUntil(lambda: welcome._strips.count() == 1)
    finally:
        lookout.stop()
        announcement.stop()
