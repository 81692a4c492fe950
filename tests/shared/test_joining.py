"""A desk joins a shared floor by its address: the password is asked for, and who sits there, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import settings as profile
from app.address import parted, with_login, with_password
from app.boot import default_floor, join_floor, new_floor, open_floor, practice_session
from app.store import grants
from app.store.book import Book
from app.ui import theme
from app.ui.start import Start
from app.ui.who import WhoSheet
from tests.fresh import START
from tests.shared.test_secret import Drawer

pytestmark = pytest.mark.timeout(120)
Starts = Callable[[], Start]


@pytest.fixture
def shared(pg_url: str) -> str:
    """A shared floor that Ida owns; its address with the admin's password."""
    new_floor(pg_url, "North floor", "Ida Nyberg")
    return pg_url.replace("+psycopg", "")


@pytest.fixture
def starts(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Starts]:
    """Runs of the program with a window, each ended as a person would end it."""
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path))
    monkeypatch.setenv("FIRSTRING_TOASTS", "inapp")
    theme.apply(qapp, theme.LIGHT)
    made: list[Start] = []

    def start() -> Start:
        one = Start(open_floor, practice_session, new_floor, join_floor, default_floor())
        one._settings.port = 0
        made.append(one)
        return one

    yield start
    for one in made:
        end(one)


def end(start: Start) -> None:
    start._close()
    start._desk = start._session = start._door = start._tray = start._worker = None
    for window in (start._shell, start._welcome):
        if window is not None:
            window.on_close = None  # type: ignore[union-attr]
            window.close()
            window.deleteLater()
    start._shell = start._welcome = None


@pytest.fixture
def ring() -> Iterator[Drawer]:
    before, made = keyring.get_keyring(), Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def who(start: Start) -> Any:
    found = start._shell.findChildren(WhoSheet) if start._shell is not None else []
    return found[0] if found else None


def kept() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in profile.home().glob("desk.json"))


def test_the_password_is_asked_for_and_who_sits_here(
    starts: Starts, shared: str, qtbot: QtBot, ring: Drawer
) -> None:
    bare, password = parted(shared)
    start = starts()
    start._join(bare)
    qtbot.waitUntil(
        lambda: start._welcome is not None and start._welcome.join_form.password.isVisible(), timeout=60_000
    )
    welcome = start._welcome
    assert welcome is not None
    assert welcome.join_form.trouble.text() == "This floor's database asks for your password."
    welcome.join_form.password.setText("wrong")
    welcome.join_form.submit_button.click()
    said = "That is not the password of this login."
    qtbot.waitUntil(lambda: welcome.join_form.trouble.text() == said)
    assert ring.kept == {}
    welcome.join_form.password.setText(password)
    welcome.join_form.submit_button.click()
    qtbot.waitUntil(lambda: who(start) is not None)
    sheet = who(start)
    assert [sheet.person.itemText(n) for n in range(sheet.person.count())] == ["Ida Nyberg", "Somebody new…"]
    assert not sheet.name.isEnabled()
    sheet.person.setCurrentIndex(1)
    assert sheet.name.isEnabled()
    assert not sheet.ok.isEnabled()
    sheet.name.setText("Ann Lee")
    sheet.ok.click()
    qtbot.waitUntil(lambda: start._desk is not None)
    assert start._desk is not None
    qtbot.waitUntil(lambda: start._desk.context.live)
    names = {rep.id: rep.name for rep in start._desk.context.board.reps.values()}
    me = start._desk.context.me
    assert names[me] == "Ann Lee"
    assert password not in kept()
    assert profile.load().last_floor == bare
    assert profile.load().me == {bare: me}
    assert ring.kept == {("Firstring", bare): password}
    end(start)

    again = starts()  # and from then on nothing is asked
    again._join(profile.load().last_floor)
    qtbot.waitUntil(lambda: again._desk is not None)
    assert again._desk is not None
    assert again._desk.context.me == me


def test_without_a_keyring_it_is_asked_each_time(starts: Starts, shared: str, qtbot: QtBot) -> None:
    bare, _ = parted(shared)
    start = starts()
    start._join(shared)
    qtbot.waitUntil(lambda: who(start) is not None)
    who(start).ok.click()
    qtbot.waitUntil(lambda: start._desk is not None)
    end(start)
    again = starts()
    again._join(bare)
    qtbot.waitUntil(
        lambda: again._welcome is not None and again._welcome.join_form.password.isVisible(), timeout=60_000
    )
    welcome = again._welcome
    assert welcome is not None
    welcome.join_form.address.setText("postgresql://elsewhere/floor")
    assert not welcome.join_form.password.isVisible()  # a password is for the address it was asked for


def test_whose_the_login_is_is_not_asked(starts: Starts, shared: str, qtbot: QtBot) -> None:
    book = Book(shared)
    with book.reading() as r:
        (ida,) = r.reps()
    login = f"ida_{shared.rpartition('_')[2]}"
    book.change_logins(lambda db: grants.add_person(db, login, ida.id, "s3cret", START))
    start = starts()
    start._join(with_password(with_login(shared, login), "s3cret"))
    qtbot.waitUntil(lambda: start._desk is not None)
    assert start._desk is not None
    assert start._desk.context.me == ida.id
    book.change_logins(lambda db: grants.remove_person(db, login))
    book.close()


def test_who_does_not_say_who_they_are_is_asked_where_again(
    starts: Starts, shared: str, qtbot: QtBot
) -> None:
    start = starts()
    start._join(shared)
    qtbot.waitUntil(lambda: who(start) is not None)
    who(start).reject()
    qtbot.waitUntil(lambda: start._welcome is not None and start._welcome.isVisible())
    assert start._session is None
    assert profile.load().last_floor == ""
