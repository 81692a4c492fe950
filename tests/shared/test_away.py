"""A desk that is started while its shared floor is away waits for it, and tells it then what was kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import settings as profile
from app.address import database_of, parted
from app.boot import Session, default_floor, join_floor, new_floor, open_floor, practice_session
from app.clock import SystemClock, new_id
from app.codec import encode
from app.domain.commands import AddNote, AddSource, CaptureInquiry
from app.domain.errors import NoAnswer
from app.domain.events import NoteAdded
from app.domain.inquiry import Inquiry
from app.domain.questions import LeadHistory
from app.floor.offline import OfflineFloor
from app.store.journal import Journal, count_kept, journal_of
from app.ui import theme
from app.ui.parts import Banner
from app.ui.start import Start
from app.ui.start_away import FloorAway
from tests.reliability.line import Line, line_to
from tests.shared.test_joining import end

pytestmark = pytest.mark.timeout(120)


class Shared:
    """A shared floor on the far side of a line, with one lead of its one rep's."""

    def __init__(self, url: str) -> None:
        self.me = new_floor(url, "North floor", "Ida Nyberg")
        self.direct = url.replace("+psycopg", "")
        self.line: Line
        self.line, self.address = line_to(self.direct)
        clock = SystemClock()
        session = Session(self.direct, clock)
        source = session.floor.do(AddSource(name="Shop", channel="json")).value.id
        raw = encode({"name": "Lena Ode", "email": "lena@ode.example", "phone": "+13035550101"})
        inquiry = Inquiry(id=new_id(), channel="json", source_id=source, raw=raw, received_at=clock.now())
        door = session.floor.as_actor("capture")
        self.lead = door.do(CaptureInquiry(inquiry=inquiry)).value.lead_id
        session.close()

    def notes(self) -> list[str]:
        session = Session(self.direct, SystemClock())
        try:
            entries = session.floor.ask(LeadHistory(lead_id=self.lead)).entries
        finally:
            session.close()
        return [entry.event.text for entry in entries if isinstance(entry.event, NoteAdded)]


@pytest.fixture
def shared(pg_url: str) -> Iterator[Shared]:
    made = Shared(pg_url)
    yield made
    made.line.close()


@pytest.fixture
def start(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: Shared
) -> Iterator[Start]:
    """A start of somebody who has sat on this floor before."""
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path))
    monkeypatch.setenv("FIRSTRING_TOASTS", "inapp")
    theme.apply(qapp, theme.LIGHT)
    kept = profile.load()
    kept.me[parted(shared.address)[0]] = shared.me
    kept.save()
    one = Start(open_floor, practice_session, new_floor, join_floor, default_floor())
    one._settings.port = 0
    yield one
    end(one)


def banners(start: Start) -> str:
    assert start._shell is not None
    return " ".join(banner.words.whole() for banner in start._shell.findChildren(Banner))


def test_it_waits_counts_what_is_kept_and_tells_it(start: Start, shared: Shared, qtbot: QtBot) -> None:
    bare = parted(shared.address)[0]
    journal = Journal(journal_of(bare, shared.me))
    journal.keep(AddNote(lead_id=shared.lead, text="rings at noon", said_at=SystemClock().now()), "Lena Ode")
    journal.close()
    shared.line.cut()
    start._join(shared.address)
    qtbot.waitUntil(lambda: start._away is not None)
    assert start._desk is None
    assert "can’t be reached" in banners(start)
    assert "One thing you did is kept" in banners(start)
    assert start._shell is not None
    assert start._shell.foot.unsent.words() == "1 unsent"
    assert start._unsent() == 1
    shared.line.mend()
    qtbot.waitUntil(lambda: start._desk is not None and start._desk.context.live)
    assert "can’t be reached" not in banners(start)
    assert isinstance(start._session.door, OfflineFloor)  # type: ignore[union-attr]
    desk = start._desk
    assert desk is not None
    qtbot.waitUntil(lambda: desk.context.unsent is not None and not desk.context.unsent.lines)
    assert shared.notes() == ["rings at noon"]
    assert desk.context.shell.foot._text.whole().startswith(f"{database_of(bare)} · ")
    assert count_kept(bare, shared.me) == 0


def test_another_floor_can_be_chosen_instead(start: Start, shared: Shared, qtbot: QtBot) -> None:
    shared.line.cut()
    start._join(shared.address)
    qtbot.waitUntil(lambda: start._away is not None)
    (banner,) = start._shell.findChildren(Banner)  # type: ignore[union-attr]
    banner.action.click()
    assert start._away is None
    assert start._shell is None
    assert start._welcome is not None
    assert start._welcome.isVisible()


def test_a_wrong_address_is_answered_in_the_welcome(start: Start, shared: Shared, qtbot: QtBot) -> None:
    shared.line.cut()
    start._settings.me.clear()
    start._join(shared.address)
    qtbot.waitUntil(lambda: start._welcome is not None and start._welcome.isVisible())
    assert start._away is None


def test_the_waits_grow(start: Start, shared: Shared, qtbot: QtBot) -> None:
    start._open_shell(lambda: pytest.fail("nothing is opened here"))
    shell = start._shell
    assert shell is not None
    shell.when_painted(lambda: None)
    away = FloorAway(shell, shared.address, shared.me)
    waits = []
    for _ in range(7):
        away.say(NoAnswer("Nobody is there."))
        waits.append(away._timer.interval() // 1000)
    away.end()
    assert waits == [2, 4, 8, 16, 30, 30, 30]
