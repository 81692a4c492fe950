"""A whole desk in this process, for measuring: floor on SQLite, capture endpoints, window (offscreen), toasts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

WAIT_S = 10.0


class _Painted(QObject):
    """Notes when a widget was painted."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self._then = then

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # the painting itself follows this filter; the note is taken when it is over
            QTimer.singleShot(0, self, self._then)
        return False


class BenchDesk:
    """The only rep is available, so every lead is theirs. With `sla` the keeper runs and HOT has that many seconds."""

    def __init__(self, folder: Path, *, leads: int, sla: int = 0) -> None:
        from PySide6.QtWidgets import QApplication

        from app.boot import Session, new_floor
        from app.clock import FloorClock
        from app.domain.commands import ChangeSource, SetStatus
        from app.domain.lead import RepStatus
        from app.domain.questions import AllSources
        from app.settings import Settings
        from app.ui import theme
        from app.ui.desk import Desk
        from app.ui.queue_list import QueueList
        from app.ui.shell import Shell

        self.app = QApplication.instance() or QApplication([])
        assert isinstance(self.app, QApplication)
        theme.apply(self.app, theme.LIGHT)
        self._loop = QEventLoop()
        self._nudge = QTimer()
        self._nudge.timeout.connect(self._loop.quit)
        self._nudge.start(200)
        address = str(folder / "bench.floor")
        me = new_floor(address, "Bench", "Mara Keller")
        self.clock = FloorClock()
        self.session = Session(address, self.clock)
        self.floor = self.session.floor.as_actor(me)
        self.floor.do(SetStatus(status=RepStatus.AVAILABLE))
        source = self.floor.ask(AllSources()).lines[0].source
        self.floor.do(ChangeSource(source_id=source.id, name=source.name, per_minute=100_000))
        self.source_id = source.id
        self.form_path = f"/capture/form/{source.key}"
        for number in range(leads):
            self.capture(
                f"name=Earlier Person {number}&email=earlier{number}@example.com&phone=%2B1212555{number:04d}"
            )
        if sla:
            self._hurry(sla)
            self.session.keep()
        self.port = int(self.session.serve_capture(0).rsplit(":", 1)[1])
        self.shell = Shell()
        self.shell.resize(1440, 900)
        self.shell.show()
        self.desk = Desk(self.shell, self.floor, self.clock, me, Settings(sound=False))
        self.desk.start()
        self._until(lambda: self.desk.context.board.cursor >= 0)
        self.live(1500)
        (self.view,) = self.shell.findChildren(QueueList)
        self._number = self.taken_in = 0
        self.desk.context.board_changed.connect(self._take)
        self.painted_at = 0.0
        self._filter = _Painted(self._note)
        self.view.viewport().installEventFilter(self._filter)
        for part in self.shell.findChildren(QObject):
            if type(part).__name__ == "Hero":
                part.installEventFilter(self._filter)

    def _hurry(self, sla: int) -> None:
        from app.domain.commands import PublishRulebook
        from app.domain.rulebook import DEFAULT

        tiers = tuple(replace(rule, sla=sla) if rule.tier == "HOT" else rule for rule in DEFAULT.tiers)
        self.floor.do(PublishRulebook(rulebook=replace(DEFAULT, tiers=tiers, chain=DEFAULT.chain[:1])))

    def capture(self, form: str) -> str:
        """An inquiry by the floor's door; the lead's id."""
        from app.clock import new_id
        from app.domain.commands import CaptureInquiry
        from app.domain.inquiry import Inquiry

        inquiry = Inquiry(
            id=new_id(), channel="form", source_id=self.source_id, raw=form.encode(),
            content_type="application/x-www-form-urlencoded", received_at=self.clock.now(),
        )  # fmt: skip
        return self.session.floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry)).value.lead_id

    def _note(self) -> None:
        self.painted_at = time.perf_counter()
        self._loop.quit()

    def _until(self, come: Callable[[], bool]) -> None:
        # a loop that sleeps, as the program's own does: a busy one would keep the other threads from the interpreter
        end = time.perf_counter() + WAIT_S
        while not come():
            if time.perf_counter() > end:
                raise TimeoutError("the desk did not get there")
            self._loop.exec()

    def live(self, milliseconds: int) -> None:
        """Let the desk live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def _take(self, changes: object) -> None:
        """A batch was taken in: what is painted from now on shows it."""
        self.painted_at = 0.0
        self.taken_in += 1

    def until_painted(self, name: str) -> tuple[float, str]:
        """Wait until the lead of that name is painted and its toast was asked for; (when that was, its id)."""
        board, toasts = self.desk.context.board, self.desk.context.toasts
        self._until(lambda: self.painted_at > 0 and next(reversed(board.leads.values())).name == name)
        lead_id = next(reversed(board.leads.values())).id
        assert any(toast.lead_id == lead_id for toast in toasts.standing), "no toast was asked for"
        return self.painted_at, lead_id

    def finish(self, lead_id: str) -> None:
        """The rep is done with a lead; the floor is as it was."""
        from app.domain.commands import LogOutcome
        from app.domain.lead import Outcome

        self.floor.do(LogOutcome(lead_id=lead_id, outcome=Outcome.UNFIT, reason="measured"))

    def breach(self) -> float:
        """A lead comes in whose clock runs out at once; milliseconds from its deadline to its red row."""
        from app.domain.lead import ClockState

        self._number += 1
        board = self.desk.context.board
        lead_id = self.capture(
            f"name=Late {self._number}&email=late{self._number}@example.com&message=call me, price?"
        )
        self._until(lambda: lead_id in board.leads)
        deadline = board.leads[lead_id].deadline
        assert deadline is not None
        due = time.perf_counter() + self.clock.seconds_until(deadline)
        self._until(lambda: board.leads[lead_id].clock == ClockState.BREACHED and self.painted_at > 0)
        late = (self.painted_at - due) * 1000
        self.finish(lead_id)
        self.live(20)
        return late

    def timer_lateness(self, ahead_ms: int) -> float:
        """Milliseconds by which a precise timer is late."""
        from PySide6.QtCore import Qt

        loop, timer = QEventLoop(), QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setSingleShot(True)
        timer.timeout.connect(loop.quit)
        due = time.perf_counter() + ahead_ms / 1000
        timer.start(ahead_ms)
        loop.exec()
        return max(0.0, (time.perf_counter() - due) * 1000)

    def close(self) -> None:
        self.desk.stop()
        self.session.close()
        self.shell.close()
        self.shell.deleteLater()
        self.app.processEvents()


def quiet() -> None:
    """No sound and no bubbles outside the window while measuring."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["FIRSTRING_SOUND"] = "off"
    os.environ["FIRSTRING_TOASTS"] = "inapp"
