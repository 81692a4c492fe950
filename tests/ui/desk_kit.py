"""A desk on a real floor in a file, for tests: opened, followed until the queue is there, closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.clock import Clock
from app.domain.lead import Lead, Role
from app.floor.floor import Floor
from app.floor.pin import DeskPin
from app.settings import Settings
from app.ui import actions
from app.ui.context import Context
from app.ui.desk import Desk
from app.ui.shell import Shell
from tests.ui.queue_desk import ME, SampleFloor

URL = "http://127.0.0.1:8737"


class OpenDesk:
    """The parts of a running desk."""

    def __init__(
        self, sample: SampleFloor, shell: Shell, desk: Desk, settings: Settings, qtbot: QtBot
    ) -> None:
        self.sample = sample
        self.shell = shell
        self.desk = desk
        self.settings = settings
        self._qtbot = qtbot

    @property
    def context(self) -> Context:
        return self.desk.context

    def until(self, holds: Callable[[], object]) -> None:
        """Let the desk work until `holds()` is true."""
        self._qtbot.waitUntil(lambda: bool(holds()))

    def settled(self) -> None:
        """Until the board has seen everything that is in the books, and nothing is being asked."""

        def holds() -> bool:
            with self.sample.book.reading() as reading:
                return self.context.board.cursor == reading.head()[0] and not self.context.relay.busy

        self.until(holds)


@contextmanager
def open_desk(
    qtbot: QtBot,
    folder: Path,
    leads: Iterable[Lead] = (),
    *,
    clock: Clock | None = None,
    through: Callable[[Floor], Floor] = lambda floor: floor,
    start: bool = True,
    role: Role = Role.REP,
    pin: DeskPin | None = None,
) -> Iterator[OpenDesk]:
    """A desk of rep `ME`; `through` may put something between the desk and its floor."""
    sample = SampleFloor(folder, leads, role)
    settings = Settings(path=folder / "desk.json")
    shell = Shell()
    desk = Desk(shell, through(sample.floor), clock or sample.clock, ME, settings, pin=pin)
    desk.context.capture_url = URL
    opened = OpenDesk(sample, shell, desk, settings, qtbot)
    try:
        shell.show()
        shell.activateWindow()  # keys go to the active window only
        opened.until(shell.isActiveWindow)
        if start:
            desk.start()
            opened.until(lambda: desk.context.live)
        yield opened
    finally:
        desk.stop()
        sample.close()
        shell.close()
        shell.deleteLater()
        actions.detach()
        actions.clear()


class Desks:
    """Opens desks that are closed when the test ends."""

    def __init__(
        self, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch, role: Role = Role.REP
    ) -> None:
        """`role` is what the rep at the desks is, unless it is said otherwise."""
        monkeypatch.setenv("FIRSTRING_SOUND", "off")
        monkeypatch.setenv("FIRSTRING_TOASTS", "inapp")
        monkeypatch.setenv("FIRSTRING_DIAL", str(folder / "dialled"))
        self._qtbot, self._folder, self._role = qtbot, folder, role
        self._stack = ExitStack()

    def __call__(
        self,
        leads: Iterable[Lead] = (),
        *,
        clock: Clock | None = None,
        through: Callable[[Floor], Floor] = lambda floor: floor,
        start: bool = True,
        role: Role | None = None,
        pin: DeskPin | None = None,
    ) -> OpenDesk:
        return self._stack.enter_context(
            open_desk(
                self._qtbot,
                self._folder,
                leads,
                clock=clock,
                through=through,
                start=start,
                role=role or self._role,
                pin=pin,
            )
        )

    def close(self) -> None:
        self._stack.close()
