"""`main.py shot`: a screen as a picture, drawn without a display.

The practice floor of a fixed seed and a fixed morning, on a clock that stands still, gives the same picture
every time; the pictures of the README are made so. Any other floor is shown as it is now, and nothing on it
is changed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app import VERSION, plugs
from app.clock import Clock, HandClock, SystemClock
from app.domain.errors import AppError, Refused
from app.settings import Settings
from app.ui import actions, theme

if TYPE_CHECKING:
    from app.floor.local import LocalFloor
    from app.ui.desk import Desk
    from app.ui.shell import Shell
    from app.workers.backups import Backups

MOMENT = datetime(2026, 11, 24, 17, 4, 37, tzinfo=UTC)
"""When the practice floor's pictures are taken: a Tuesday, 12:04 in New York, by whose hours they are drawn."""
_PLACE = "America/New_York"
_WAIT_MS = 15_000
_OF_PAST = ("reports", "wallboard")
"""Screens that show more than a morning: the practice floor has its ninety days for them."""
_SPECIAL = ("welcome", "call", "palette", "keys", "offline", "empty", "lock")


def be_there() -> None:
    """Go by the hours of the place of the practice floor's pictures, wherever they are made, if the system can."""
    os.environ["TZ"] = _PLACE
    if sys.platform != "win32":
        time.tzset()


def take(screen: str, out: Path, *, theme_name: str, size: tuple[int, int], floor: str) -> None:
    """Draw one screen; raises AppError with a sentence if it can't."""
    app = QApplication.instance() or QApplication(["firstring"])
    assert isinstance(app, QApplication)
    app.setApplicationVersion(VERSION)
    theme.choose(app, theme_name)  # type: ignore[arg-type]
    known = (*(module.KEY for module in plugs.load("app.ui.screens")), *_SPECIAL)
    if screen.partition("-")[0] not in known:
        raise Refused(f"There is no screen “{screen}”. There are: {', '.join(known)}.", "No such screen")
    if screen == "welcome":
        from app.ui.welcome import Welcome

        welcome = Welcome()
        _save(app, welcome, size, out)
        return
    folder = Path(tempfile.mkdtemp(prefix="firstring-shot-"))
    try:
        with _Stage(floor, folder, theme_name, screen) as stage:
            window = stage.show(app, screen, size)
            _save(app, window, size, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Stage:
    """A desk on a floor, for one picture."""

    def __init__(self, address: str, folder: Path, theme_name: str, screen: str) -> None:
        from app.floor.local import LocalFloor
        from app.floor.pin import DeskPin
        from app.store.book import Book
        from app.ui.desk import Desk
        from app.ui.shell import Shell

        self.clock: Clock
        self._folder = folder
        self._is_practice = address == "demo"
        me = ""
        if address == "demo":
            from app.workers.practice import Practice

            practice = Practice(str(folder / "practice.floor"), seed=0)
            past = screen.partition("-")[0] in _OF_PAST
            practice.prepare(MOMENT, quiet=screen == "empty", past=past)
            address, me, self.clock = practice.address, practice.me, HandClock(MOMENT)
        else:
            self.clock = SystemClock()
        self.floor: LocalFloor = LocalFloor(Book(address, read_only=True), self.clock, "admin")
        reps = self.floor.reps()
        if not reps:
            raise Refused("Nobody works on this floor, so there is no desk to show.", "Nothing to show")
        me = me or reps[0].id
        self.shell: Shell = Shell()
        settings = Settings(theme=theme_name, last_floor=address)
        self.pin = DeskPin(folder / "desk.pin", self.clock)
        door = self.floor.as_actor(me)
        self.desk: Desk = Desk(self.shell, door, self.clock, me, settings, pin=self.pin)
        self.desk.context.capture_url = "http://127.0.0.1:8737"
        self.address, self.settings = address, settings

    def __enter__(self) -> _Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.stop()
        self.floor.close()
        # before the interpreter takes the rest apart in an order of its own
        self.shell.close()
        actions.detach()
        actions.clear()
        self.shell.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def show(self, app: QApplication, screen: str, size: tuple[int, int]) -> QWidget:
        """Bring the screen up and wait until everything on it has come; answers what the picture is of."""
        desk, shell = self.desk, self.shell
        desk.start()
        shell.resize(*size)
        shell.show()
        _until(app, lambda: desk.context.board.cursor >= 0)
        if screen == "settings" and self._is_practice:
            self._back_up()
        key, _, part = screen.partition("-")
        shell.show_screen("queue" if screen in _SPECIAL else key)
        _until(app, lambda: not desk.context.relay.busy)
        if screen == "call":
            from app.domain.commands import StartAttempt

            first = desk.context.queue.first
            if not self._is_practice:
                raise Refused(
                    "A call is shown on the practice floor only: nobody real is to be rung.", "Not shown"
                )
            if first is None:
                raise Refused("Nobody waits on this floor, so there is no call to show.", "Nothing to show")
            self.floor.as_actor(desk.context.me).do(StartAttempt(lead_id=first))
            if isinstance(self.clock, HandClock):
                self.clock.advance(seconds=167)
            _until(app, lambda: bool(desk.context.board.leads[first].on_call))
        elif key == "rulebook":
            self._open_rulebook(part or "routes")
        elif key == "reports":
            self._open_report(app, part)
        elif key == "import" and part:
            self._open_import(app, part)
        elif screen == "palette":
            shell.open_palette()
        elif screen == "keys":
            shell.open_keys()
        elif screen == "lock":
            self.pin.set("picture")
            actions.run("lock")
        elif screen == "offline":
            desk.context.relay.linked.emit("away", "The floor's database does not answer.")
        _until(app, lambda: not desk.context.relay.busy)
        for toast in desk.context.toasts.standing:  # they would lie over what the picture is of
            desk.context.toasts.withdraw(toast.lead_id)
        if key == "wallboard":
            return self._wall(size, part)
        _settle(app, 350)
        return shell

    def _wall(self, size: tuple[int, int], page: str) -> QWidget:
        """The wallboard alone, as it covers a monitor."""
        from app.ui.wallboard_screen import WallboardScreen

        screen = self.shell.findChild(WallboardScreen)
        assert screen is not None
        board = screen.board
        board.setParent(None)
        board.resize(*size)
        board.page = page or board.page
        board.show()
        return board

    def _open_rulebook(self, section: str) -> None:
        """A section of the rulebook, tried on the leads there are."""
        from app.ui.rulebook_sections import SECTIONS

        if section not in SECTIONS:
            raise Refused(
                f"The rulebook has no section “{section}”: {', '.join(SECTIONS)}.", "No such screen"
            )
        actions.run(f"rulebook.section.{section}")
        actions.run("rulebook.try")

    def _open_report(self, app: QApplication, name: str) -> None:
        """A report of the last 90 days, by its name; the first without one."""
        from dataclasses import replace

        from app.domain.report_periods import Period
        from app.ui.reports_screen import ReportsScreen

        screen = self.shell.findChild(ReportsScreen)
        if not isinstance(screen, ReportsScreen):
            raise Refused("The person at this desk sees no reports.", "Nothing to show")
        _until(app, lambda: screen.shelf is not None)
        names = [title.name for title in screen.shelf.reports] if screen.shelf is not None else []
        if name and name not in names:
            raise Refused(f"There is no report “{name}”. There are: {', '.join(names)}.", "No such report")
        screen.choose(replace(screen.chosen, name=name or names[0], period=Period.LAST_90))
        _until(app, lambda: screen.is_settled)

    def _open_import(self, app: QApplication, page: str) -> None:
        """A page of the import, with a file made up of the leads that are here."""
        from app.ui.import_screen import ImportScreen
        from app.ui.shot_import import PAGES, Pages

        screen = self.shell.findChild(ImportScreen)
        if not isinstance(screen, ImportScreen):
            raise Refused("The person at this desk brings no files in.", "Nothing to show")
        if page not in PAGES:
            raise Refused(f"The import has no page “{page}”: {', '.join(PAGES)}.", "No such screen")
        if not self._is_practice and page == "done":
            raise Refused("An import is shown on the practice floor only.", "Not shown")
        leads = list(self.desk.context.board.leads.values())
        Pages(screen, self._folder, leads, lambda come: _until(app, come)).show(page)

    def _back_up(self) -> None:
        """The settings show a floor's backups, so the practice floor gets one."""
        from app.store.backup import back_up
        from app.ui.backups import FloorBackups
        from app.workers.backups import backup_folder

        back_up(self.address, backup_folder(self.address), MOMENT)
        self.desk.context.backups = FloorBackups(self, self.settings, self.clock)
        self.desk.context.backups.start()

    @property
    def told(self) -> str:
        return self.address

    def complete(self) -> _Stage:
        return self

    def back_up(self) -> Backups:
        """A worker that tells how it stands and does nothing."""
        from app.workers.backups import Backups

        return Backups(self.floor, self.address, self.clock)


def _until(app: QApplication, come: Callable[[], bool]) -> None:
    deadline = QDeadlineTimer(_WAIT_MS)
    while not come():
        if deadline.hasExpired():
            raise AppError("No picture", "The screen did not come up in time.")
        _settle(app, 20)


def _settle(app: QApplication, milliseconds: int) -> None:
    """Let the window live for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _save(app: QApplication, window: QWidget, size: tuple[int, int], out: Path) -> None:
    window.resize(*size)
    window.show()
    _settle(app, 250)
    picture: QPixmap = window.grab()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AppError("Not saved", f"The folder {out.parent} can't be made: {error.strerror}.") from error
    if not picture.save(str(out), "PNG"):
        raise AppError("Not saved", f"The picture could not be written to {out}.")
