"""The import screen on a real floor: drop, look, pick, import, cancel, see what came of it."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.channels.table import Wishes
from app.domain.commands import AddImportRows, Command
from app.domain.mapping import Target
from app.domain.questions import FindLeads, FloorFacts
from app.floor.floor import Floor
from app.ui.import_screen import ImportScreen
from app.workers.importer import Progress
from tests.importing.conftest import Write, screen_of
from tests.ui.desk_kit import Desks, OpenDesk

GOOD = "Name,E-mail,Stores,Lead Owner\nDana,dana@x.example,14,Jo\nTom,tom@x.example,3,Al\n"


def many(rows: int) -> str:
    return "Name,E-mail\n" + "".join(f"Lead {n},n{n}@x.example\n" for n in range(rows))


def shows(screen: ImportScreen, page: QWidget) -> bool:
    return screen.pages.currentWidget() is page


def test_a_file_is_dropped_and_comes_in(desk_on: Desks, write: Write, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    before = desk.sample.floor.ask(FloorFacts()).leads
    assert shows(screen, screen.choose_page)
    path = write(GOOD + "Luis,x\n")

    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path))])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enters = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, dropped, buttons, keys)
    screen.dragEnterEvent(enters)
    assert enters.isAccepted()
    screen.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, dropped, buttons, keys))
    desk.until(lambda: shows(screen, screen.preview_page))

    page = screen.preview_page
    assert page.file.whole() == "leads.csv"
    assert page.about.whole() == "Comma-separated, UTF-8 · 2 rows · 4 columns"
    assert page.odd.words.whole() == "1 row can't be read, in line 4: it has only 2 cells, the header has 4."
    assert page.sentence.whole().startswith(
        "Brings 2 rows in as leads; no clock starts and nobody is rung. 1 row can't be"
    )
    assert page.go.words() == "Import 2 rows"
    assert not page.before.isVisible()

    opened: list[Path] = []
    screen.open_file = opened.append
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    desk.until(lambda: shows(screen, screen.done_page))
    assert screen.done_page.title.whole() == "2 leads imported"
    assert desk.sample.floor.ask(FloorFacts()).leads == before + 2
    qtbot.mouseClick(screen.done_page.rejects, Qt.MouseButton.LeftButton)
    assert opened == [path.with_name("leads.csv.rejects.csv")]
    qtbot.mouseClick(screen.done_page.other, Qt.MouseButton.LeftButton)
    assert shows(screen, screen.choose_page)

    screen.take(path)
    desk.until(lambda: shows(screen, page))
    assert "This file was imported before: “leads.csv”" in page.before.words.whole()
    assert page.before.isVisible()
    assert page.go.words() == "Import again"


def test_a_column_is_picked_by_keyboard(desk_on: Desks, write: Write, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    screen.take(write(GOOD))
    desk.until(lambda: shows(screen, screen.preview_page))
    table = screen.preview_page.table
    ModelTester(None).check(table.model())
    assert desk.shell.focusWidget() is table
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert table.currentIndex().column() == 2
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert table.menu is not None
    (ask,) = (act for act in table.menu.actions() if act.text() == "What they ask")
    (kept,) = (act for act in table.menu.actions() if act.isChecked())
    assert kept.text() == "Keep as answer"
    ask.trigger()
    table.menu.close()
    header = table.model().headerData(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
    assert header == "Stores: What they ask"
    qtbot.keyClick(desk.shell, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: shows(screen, screen.done_page))
    assert desk.sample.floor.ask(FindLeads(text="tom@x")).leads[0].ask == "3"


def test_the_field_above_a_column_opens_its_targets(desk_on: Desks, write: Write, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    screen.take(write(GOOD))
    desk.until(lambda: shows(screen, screen.preview_page))
    table = screen.preview_page.table
    header = table.horizontalHeader()
    field = header.field(1)  # type: ignore[attr-defined]
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=field.center())
    assert table.menu is not None
    assert [act.text() for act in table.menu.actions() if act.isChecked()] == ["E‐mail"]
    table.menu.close()


def test_without_a_column_that_says_who_nothing_can_be_imported(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    screen.take(write("Colour,Size\nred,3\nblue,4\n"))
    desk.until(lambda: shows(screen, screen.preview_page))
    page = screen.preview_page
    assert not page.go.isEnabled()
    assert page.sentence.whole().startswith("No column is a name, company, e-mail, phone or id.")
    page.table._picked("Colour", Target.COMPANY)
    assert page.go.isEnabled()


class Slow:
    """A floor on which an import waits before its second lot until it is let go."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.arrived, self.go_on = threading.Event(), threading.Event()
        self._lots = 0

    def do(self, command: Command[object]) -> object:
        if isinstance(command, AddImportRows):
            self._lots += 1
            if self._lots == 2:
                self.arrived.set()
                assert self.go_on.wait(60)
        return self._floor.do(command)

    def __getattr__(self, name: str) -> object:
        return getattr(self._floor, name)


def slowly(desk_on: Desks) -> tuple[OpenDesk, list[Slow]]:
    slow: list[Slow] = []

    def through(floor: Floor) -> Floor:
        slow.append(Slow(floor))
        return slow[0]  # type: ignore[return-value]

    return desk_on(through=through), slow


def test_cancelling_leaves_nothing_and_the_columns_stay(desk_on: Desks, write: Write, qtbot: QtBot) -> None:
    desk, (slow,) = slowly(desk_on)
    screen = screen_of(desk)
    before = desk.sample.floor.ask(FloorFacts()).leads
    screen.take(write(many(2000)))
    desk.until(lambda: shows(screen, screen.preview_page))
    screen.preview_page.table._picked("E-mail", Target.ASK)
    screen.preview_page.confirm()
    desk.until(slow.arrived.is_set)
    desk.until(lambda: "500 rows" in screen.work_page.figures.whole())
    assert shows(screen, screen.work_page)
    assert screen.work_page.doing.whole().startswith("Importing · ")
    qtbot.keyClick(desk.shell, Qt.Key.Key_Escape)
    assert screen.work_page.doing.whole() == "Cancelling…"
    slow.go_on.set()
    desk.until(lambda: shows(screen, screen.failed_page))
    assert screen.failed_page.title.whole() == "Cancelled"
    assert screen.failed_page.text.whole() == "The import was cancelled; nothing was imported."
    assert desk.sample.floor.ask(FloorFacts()).leads == before
    qtbot.mouseClick(screen.failed_page.back, Qt.MouseButton.LeftButton)
    assert shows(screen, screen.preview_page)
    assert screen.preview_page.mapping.target("E-mail") == Target.ASK


def test_a_desk_that_is_closed_while_a_file_comes_in(desk_on: Desks, write: Write, qtbot: QtBot) -> None:
    desk, (slow,) = slowly(desk_on)
    screen = screen_of(desk)
    before = desk.sample.floor.ask(FloorFacts()).leads
    screen.take(write(many(2000)))
    desk.until(lambda: shows(screen, screen.preview_page))
    screen.preview_page.confirm()
    desk.until(slow.arrived.is_set)
    threading.Timer(0.05, slow.go_on.set).start()
    screen.job.stop()  # as the end of the program does
    assert not screen.job.busy
    assert desk.sample.floor.ask(FloorFacts()).leads == before


def test_a_file_that_is_no_table(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    screen.take(write(b"%PDF-1.7\n"))
    desk.until(lambda: shows(screen, screen.failed_page))
    assert screen.failed_page.title.whole() == "This file could not be read"
    assert screen.failed_page.text.whole() == "This is not a table but a PDF document."
    assert not screen.failed_page.back.isVisible()


def test_a_file_read_differently_keeps_what_was_picked(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    screen.take(write("Name,Stores\nAnna,\u0416\n", encoding="cp1251"))
    desk.until(lambda: shows(screen, screen.preview_page))
    page = screen.preview_page
    assert page._preview is not None
    assert page._preview.sample == (("Anna", "Æ"),)
    page.table._picked("Stores", Target.ASK)
    page.wished.emit(Wishes(encoding="cp1251"))
    desk.until(lambda: shows(screen, page))
    assert page._preview.sample == (("Anna", "Ж"),)
    assert page.mapping.target("Stores") == Target.ASK


def test_hostile_cells_are_shown_as_they_are(desk_on: Desks, write: Write, tmp_path: Path) -> None:
    evil = "<img src='file:///etc/passwd'><b>x</b>"
    desk = desk_on()
    screen = screen_of(desk)
    screen.take(write(f'"Name {evil}","E-mail"\n"{evil}",x@x.example\n', name="<b>bold<b>.csv"))
    desk.until(lambda: shows(screen, screen.preview_page))
    assert screen.preview_page.file.text() == "<b>bold<b>.csv"
    model = screen.preview_page.table.model()
    assert model.data(model.index(0, 0)) == evil
    for label in screen.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    screen.grab()


def test_progress_in_words(desk_on: Desks) -> None:
    from app.ui.import_words import how_far
    from app.workers.importer import Stage

    sending = Progress(
        stage=Stage.SENDING, rows=4158, refused=2, share=0.45, per_second=1020.4, seconds_left=65
    )
    assert how_far(sending) == ("Importing · 45%", "4,158 rows · 2 refused · 1,020 rows a second · 1:05 left")
    assert how_far(Progress(stage=Stage.FINISHING, rows=9240)) == ("Making 9,240 leads of it…", "")
