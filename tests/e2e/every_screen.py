"""Opens a desk on a floor, shows everything it has on every screen, and tells what was drawn as more than words.

Run as `python -m tests.e2e.every_screen FLOOR FILE.csv`; the findings go to standard output as JSON. It is a
process of its own so that another program can watch which files it opens.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from app.clock import FloorClock, HandClock, SystemClock
from app.domain.commands import KeepClocks
from app.domain.lead import Role
from app.floor.local import LocalFloor
from app.settings import Settings
from app.store.book import Book
from app.ui.desk import Desk
from app.ui.shell import Shell

WAIT_MS = 20_000
TIP = re.compile(r"<qt>(?:[^<>]|<br>)*</qt>")
"""The one form in which a tooltip may be given to Qt: every letter escaped."""
MOST_ROWS = 400


class Look:
    """Goes through a desk and keeps what it finds."""

    def __init__(self, desk: Desk, shell: Shell) -> None:
        self.desk, self.shell = desk, shell
        self.faults: set[str] = set()
        self.labels = self.leads = self.rows = 0
        self.words: set[str] = set()

    def live(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(self, holds: Callable[[], object], what: str) -> None:
        deadline = QDeadlineTimer(WAIT_MS)
        while not holds():
            if deadline.hasExpired():
                self.faults.add(f"did not come about: {what}")
                return
            self.live(5)

    def settled(self) -> None:
        self.live(0)
        self.until(lambda: not self.desk.context.relay.busy, "the answers came")

    def walk(self, where: str) -> None:
        """Look at each widget there is, in every window."""
        for window in QApplication.topLevelWidgets():
            for widget in (window, *window.findChildren(QWidget)):
                self._look(widget, where)

    def _look(self, widget: QWidget, where: str) -> None:
        name = f"{where}: {type(widget).__name__}"
        if isinstance(widget, QLabel):
            self.labels += 1
            text = widget.text()
            if widget.textFormat() is not Qt.TextFormat.PlainText and text and not TIP.fullmatch(text):
                self.faults.add(f"{name} may show markup: {text[:60]!r}")
            if widget.openExternalLinks() or not widget.pixmap().isNull():
                self.faults.add(f"{name} shows a picture or opens links")
            self.words.add(text)
        elif isinstance(widget, QTextEdit):
            if widget.acceptRichText() or widget.document().toPlainText() != widget.toPlainText():
                self.faults.add(f"{name} holds more than plain text")
        elif isinstance(widget, QPlainTextEdit):
            self.words.add(widget.toPlainText())
        if widget.toolTip() and not TIP.fullmatch(widget.toolTip()):
            self.faults.add(f"{name} has a tooltip that may show markup: {widget.toolTip()[:60]!r}")
        if widget.whatsThis() or widget.statusTip():
            self.faults.add(f"{name} has a help text of Qt's own")

    def paint_all(self, screen: QWidget, where: str) -> None:
        """Paint every page of everything that scrolls, and choose each row of each list."""
        self.shell.grab()
        for area in screen.findChildren(QAbstractScrollArea):
            if not isValid(area) or not area.isVisible():
                continue  # choosing a row of another may have taken it away
            bar = area.verticalScrollBar()
            for value in range(bar.minimum(), bar.maximum() + 1, max(bar.pageStep(), 1)):
                bar.setValue(value)
                area.viewport().grab()
            bar.setValue(bar.minimum())
            if isinstance(area, QAbstractItemView) and area.model() is not None:
                self._choose_rows(area, where)

    def _choose_rows(self, view: QAbstractItemView, where: str) -> None:
        for row in range(min(view.model().rowCount(), MOST_ROWS)):
            self.rows += 1
            index = view.model().index(row, 0)
            view.setCurrentIndex(index)
            self.settled()
            at = view.visualRect(index).center()
            help_ = QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
            QApplication.sendEvent(view.viewport(), help_)
            self.walk(f"{where}, row {row}")
            self.shell.grab()
            if not isValid(view):
                return

    def everything(self, file: Path) -> None:
        context, shell = self.desk.context, self.shell
        self.until(lambda: context.board.cursor >= 0, "the queue is there")
        for key in shell.screens():
            shell.show_screen(key)
            self.settled()
            self.walk(key)
            self.paint_all(shell.body, key)
        for lead in list(context.board.leads.values()):
            self.leads += 1
            context.show_lead(lead.id)
            self.settled()
            self.walk(f"the card of {lead.id}")
            shell.grab()
        self._palette()
        self._notice()
        self._import(file)

    def _palette(self) -> None:
        self.shell.show_screen("queue")
        self.shell.open_palette()
        for text in ("<img", "canary", "qt"):
            field = QApplication.focusWidget()
            if not isinstance(field, QLineEdit):
                self.faults.add("the palette has no field to type into")
                return
            field.setText(text)
            self.live(300)
            self.walk("the palette")
            self.shell.grab()

    def _notice(self) -> None:
        for lead in list(self.desk.context.board.leads.values())[:50]:
            self.shell.notice(f"{lead.title_line}: {lead.ask}", lead.name, lambda: None)
            self.shell.banner("bait", "danger", lead.title_line, lead.name, lambda: None)
            self.live(0)
            self.walk("a notice and a banner")
            self.shell.grab()

    def _import(self, file: Path) -> None:
        self.shell.show_screen("import")
        screen = self.shell.body
        taker = next(
            (one for one in screen.findChildren(QWidget) if callable(getattr(one, "take", None))), None
        )
        if taker is None:
            self.faults.add("the import screen takes no file")
            return
        taker.take(file)

        def shown() -> bool:
            self.words.clear()
            self.walk("a file's preview")
            return any(file.name in text for text in self.words)

        self.until(shown, "the file is shown")
        self.live(500)
        self.paint_all(screen, "a file's preview")
        self.walk("a file's preview")


def main(address: str, file: str) -> None:
    said: list[str] = []
    qInstallMessageHandler(lambda _kind, _context, text: said.append(text))
    QApplication(["firstring"])
    book = Book(address)
    # what is hot and was not taken is breached, so that its alarm stands
    LocalFloor(book, HandClock(SystemClock().now() + timedelta(hours=2)), "keeper").do(KeepClocks())
    floor = LocalFloor(book, FloorClock(), "admin")
    shell = Shell()
    me = next(rep.id for rep in floor.reps() if rep.role is Role.OWNER)  # who is shown every screen
    desk = Desk(shell, floor.as_actor(me), FloorClock(), me, Settings(sound=False))
    desk.context.capture_url = "http://127.0.0.1:8737"
    look = Look(desk, shell)
    try:
        desk.start()
        shell.resize(1440, 900)
        shell.show()
        look.everything(Path(file))
    finally:
        desk.stop()
        floor.close()
    strange = [text for text in said if "propagateSizeHints" not in text and "raise()" not in text]
    found = {
        "faults": sorted(look.faults),
        "labels": look.labels,
        "leads": look.leads,
        "qt": strange,
        "rows": look.rows,
        "screens": list(shell.screens()),
    }
    print(json.dumps(found), flush=True)  # noqa: T201
    shell.close()
    shell.deleteLater()


if __name__ == "__main__":
    main(*sys.argv[1:])
