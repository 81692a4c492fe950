"""Backups in the window: how they stand, putting one back, and the last good one where a file can't be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import settings as profile
from app.boot import default_floor, join_floor, new_floor, open_floor, practice_session
from app.clock import SystemClock
from app.domain.commands import AddRep
from app.floor.local import LocalFloor
from app.store.backup import Backup, back_up, backups_in
from app.store.book import Book
from app.ui import theme
from app.ui.backups_card import BackupsCard
from app.ui.parts import Sheet
from app.ui.restore_sheet import RestoreSheet
from app.ui.settings_screen import SettingsScreen
from app.ui.start import Start
from app.workers.backups import backup_folder
from tests.shared.test_joining import end

pytestmark = pytest.mark.timeout(120)
LONG = 30_000
clock = SystemClock()


@pytest.fixture
def start(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Start]:
    """A run of the program with a window."""
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path))
    monkeypatch.setenv("FIRSTRING_TOASTS", "inapp")
    monkeypatch.setenv("FIRSTRING_SOUND", "off")
    theme.apply(qapp, theme.LIGHT)
    one = Start(open_floor, practice_session, new_floor, join_floor, default_floor())
    one._settings.port = 0
    yield one
    end(one)


@pytest.fixture
def address(start: Start) -> str:
    new_floor(default_floor(), "North floor", "Ida Nyberg")
    return default_floor()


def backed_up(address: str) -> Backup:
    made = back_up(address, backup_folder(address), clock.now())
    assert made is not None
    return made


def hire(address: str, *names: str) -> None:
    floor = LocalFloor(Book(address), clock, "admin")
    for name in names:
        floor.do(AddRep(name=name))
    floor.close()


def people(address: str) -> list[str]:
    floor = LocalFloor(Book(address, read_only=True), clock, "admin")
    try:
        return sorted(rep.name for rep in floor.reps())
    finally:
        floor.close()


def opened(start: Start, qtbot: QtBot, address: str = "") -> BackupsCard:
    """Open the floor, or wait until it is open; the card of its settings."""
    if address:
        start._join(address)
    qtbot.waitUntil(lambda: start._desk is not None and start._desk.context.live, timeout=LONG)
    assert start._shell is not None
    start._shell.show_screen("settings")
    screen = start._shell.findChild(SettingsScreen)
    assert isinstance(screen, SettingsScreen)
    assert screen.backups is not None
    card = screen.backups
    qtbot.waitUntil(lambda: not card.now_button.isHidden(), timeout=LONG)
    return card


def sheet_of(start: Start, kind: type[Any]) -> Any:
    found = [
        sheet
        for window in (start._shell, start._welcome)
        if window is not None
        for sheet in window.findChildren(kind)
    ]
    return found[-1] if found else None


def banners(start: Start) -> str:
    from app.ui.parts_say import Banner

    assert start._shell is not None
    return " ".join(banner.words.whole() for banner in start._shell.findChildren(Banner))


def test_one_is_made_by_hand_and_said(start: Start, address: str, qtbot: QtBot, tmp_path: Path) -> None:
    card = opened(start, qtbot, address)
    assert card.last.value.whole() == "none yet"
    assert not card.restore_button.isEnabled()
    card.now_button.click()
    qtbot.waitUntil(lambda: "verified by restoring it" in card.last.value.whole(), timeout=LONG)
    (made,) = backups_in(backup_folder(address))
    assert f"{made.facts.size / 2**20:,.1f} MB" in card.last.value.whole()
    assert card.place.value.whole() == str(backup_folder(address))
    assert card.restore_button.isEnabled()
    copies = tmp_path / "share"
    assert start._desk is not None
    assert start._desk.context.backups is not None
    start._desk.context.backups.copy_to(str(copies))
    assert profile.load().copies == {address: str(copies)}
    assert card.copied.value.whole() == str(copies)
    qtbot.waitUntil(lambda: len(backups_in(copies)) == 1, timeout=LONG)
    card.none_button.click()
    assert profile.load().copies == {address: ""}


def test_one_is_put_back_and_the_floor_opens_again(start: Start, address: str, qtbot: QtBot) -> None:
    hire(address, "Ann")
    backed_up(address)
    hire(address, "Ben", "Cem")
    card = opened(start, qtbot, address)
    card.restore_button.click()
    sheet = sheet_of(start, RestoreSheet)
    assert sheet.list.count() == 1
    assert not sheet.restore_button.isEnabled()
    qtbot.waitUntil(sheet.restore_button.isEnabled, timeout=LONG)
    assert sheet.cost.whole() == "2 events and 0 new leads came after this backup. They would be gone."
    before = start._desk
    sheet.restore_button.click()
    qtbot.waitUntil(lambda: start._desk is not None and start._desk is not before, timeout=LONG)
    opened(start, qtbot)
    assert people(address) == ["Ann", "Ida Nyberg"]
    assert "Restored: the floor is as it was at" in banners(start)
    (kept,) = (path for path in Path(address).parent.glob("*before-restore-*Z"))
    assert people(str(kept)) == ["Ann", "Ben", "Cem", "Ida Nyberg"]


def test_a_spoilt_one_changes_nothing_and_the_floor_opens_again(
    start: Start, address: str, qtbot: QtBot
) -> None:
    made = backed_up(address)
    content = bytearray(made.path.read_bytes())
    content[5000] ^= 1
    made.path.write_bytes(content)
    hire(address, "Ben")
    card = opened(start, qtbot, address)
    card.restore_button.click()
    sheet = sheet_of(start, RestoreSheet)
    qtbot.waitUntil(sheet.restore_button.isEnabled, timeout=LONG)
    before = start._desk
    sheet.restore_button.click()
    qtbot.waitUntil(lambda: start._desk is not None and start._desk is not before, timeout=LONG)
    opened(start, qtbot)
    assert "Nothing was restored." in banners(start)
    assert people(address) == ["Ben", "Ida Nyberg"]


def spoil_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "flipped bytes": (spoil_pages, "The floor's file is damaged and was left as it is."),
    "cut short": (
        lambda path: path.write_bytes(path.read_bytes()[:9000]),
        "floor.firstring is cut short and was left as it is.",
    ),
    "nothing in it": (
        lambda path: path.write_bytes(b""),
        "floor.firstring is empty: nothing of the floor is left in it.",
    ),
    "another file": (
        lambda path: path.write_text("name,phone\n" * 100),
        "floor.firstring is not a Firstring floor.",
    ),
    "gone": (lambda path: path.unlink(), "There is no floor at {path}."),
}


@pytest.mark.parametrize("what", SPOILT)
def test_where_a_file_cant_be_opened_the_last_good_backup_is_offered(
    start: Start, address: str, qtbot: QtBot, what: str
) -> None:
    hire(address, "Ann")
    backed_up(address)
    path, (spoil, sentence) = Path(address), SPOILT[what]
    spoil(path)
    content = path.read_bytes() if path.exists() else None
    start._join(address)
    qtbot.waitUntil(lambda: sheet_of(start, Sheet) is not None, timeout=LONG)
    sheet = sheet_of(start, Sheet)
    said = sheet.text.whole()
    assert said.startswith(sentence.format(path=path))
    assert "The last good backup is of" in said
    assert (path.read_bytes() if path.exists() else None) == content
    sheet.accept()
    opened(start, qtbot)
    assert people(address) == ["Ann", "Ida Nyberg"]
    kept = list(path.parent.glob("*before-restore-*Z"))
    assert [one.read_bytes() for one in kept] == ([content] if content is not None else [])


def test_who_says_not_now_is_asked_where_again(start: Start, address: str, qtbot: QtBot) -> None:
    backed_up(address)
    Path(address).write_bytes(b"")
    start._join(address)
    qtbot.waitUntil(lambda: sheet_of(start, Sheet) is not None, timeout=LONG)
    sheet_of(start, Sheet).reject()
    assert start._welcome is not None
    assert start._welcome.isVisible()
    assert Path(address).read_bytes() == b""


def test_on_a_shared_floor_it_is_asked_for_and_only_of_who_answers_for_it(
    start: Start, pg_url: str, qtbot: QtBot
) -> None:
    bare = pg_url.replace("+psycopg", "")
    me = new_floor(bare, "North floor", "Ida Nyberg")
    from app.address import parted

    start._settings.me[parted(bare)[0]] = me
    start._join(bare)
    qtbot.waitUntil(lambda: start._desk is not None and start._desk.context.live, timeout=LONG)
    assert start._shell is not None
    start._shell.show_screen("settings")
    screen = start._shell.findChild(SettingsScreen)
    assert isinstance(screen, SettingsScreen)
    card = screen.backups
    assert card is not None
    assert card.now_button.isHidden()
    card.here_button.click()
    qtbot.waitUntil(lambda: not card.now_button.isHidden(), timeout=LONG)
    card.now_button.click()
    qtbot.waitUntil(lambda: "verified by restoring it" in card.last.value.whole(), timeout=LONG)
