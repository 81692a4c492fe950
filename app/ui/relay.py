"""The one crossing between the floor's threads and the window.

A desk's commands and questions are carried out on a few named threads, so that the window never waits; what
comes back, and every batch of the feed, is a frozen value that a queued signal brings to the GUI thread. Who
asked is called there and nowhere else. Once `stop` has returned there is no thread any more and nobody is
called.

A callback is best a method of the widget that wants the answer: when that widget is gone by then, it is not
called. For a function of another kind the widget is named with `owner`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from app.domain.commands import Command
from app.domain.errors import AppError
from app.domain.questions import Question
from app.floor.floor import Batch, Floor, Link, Receipt

__all__ = ["Relay"]

T = TypeVar("T")

ASKERS = 2
"""Threads that answer questions; commands have one, so that they keep their order."""
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 15.0
"""Between tries to follow a floor that can't be reached."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Job:
    """Something for a worker; the callbacks stay behind on the GUI thread under its number."""

    number: int
    command: Command[Any] | None = None
    question: Question[Any] | None = None
    work: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    number: int
    value: object = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Came:
    """A batch, with the number of the subscription it came by."""

    generation: int
    batch: Batch


@dataclass(frozen=True, slots=True)
class _Caller:
    done: Callable[[Any], object] | None
    failed: Callable[[AppError], object] | None
    owner: QObject | None

    def there(self) -> bool:
        return self.owner is None or isValid(self.owner)


_Jobs = SimpleQueue[_Job | None]


class Relay(QObject):
    """Lives on the GUI thread; all its methods are called there."""

    batch = Signal(object)
    """A `Batch` of the feed, in order; the first is a snapshot."""
    linked = Signal(str, str)
    """How the desk stands to its floor (a `Link`), and a sentence about it."""
    refused = Signal(object)
    """The `AppError` of a command or question whose caller did not say what to do with one."""

    _answered = Signal(object)
    _came = Signal(object)
    _link_changed = Signal(int, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._callers: dict[int, _Caller] = {}
        self._number = 0
        self._generation = 0
        self._to_do: _Jobs = SimpleQueue()
        self._to_ask: _Jobs = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._again = threading.Event()
        self._stopping = threading.Event()
        queued = Qt.ConnectionType.QueuedConnection
        self._answered.connect(self._take_answer, queued)
        self._came.connect(self._take_batch, queued)
        self._link_changed.connect(self._take_link, queued)

    def start(self, floor: Floor) -> None:
        """Follow the floor and begin to work for the desk."""
        work = [("relay-do", self._to_do)] + [(f"relay-ask-{n + 1}", self._to_ask) for n in range(ASKERS)]
        self._threads = [
            threading.Thread(target=self._work, args=(floor, jobs), name=name, daemon=True)
            for name, jobs in work
        ]
        self._generation = 1
        follower = threading.Thread(target=self._follow, args=(floor,), name="relay-follow", daemon=True)
        self._threads.append(follower)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads and wait for them, as long as the floor takes for what it is doing; then no caller
        is called any more."""
        if not self._threads:
            return
        self._stopping.set()
        self._again.set()
        self._to_do.put(None)
        for _ in range(ASKERS):
            self._to_ask.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._callers.clear()
        self._generation = 0

    @property
    def busy(self) -> int:
        """How many answers are still awaited."""
        return len(self._callers)

    def do(
        self,
        command: Command[T],
        done: Callable[[Receipt[T]], object] | None = None,
        failed: Callable[[AppError], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Have the floor carry out a command; one after the other, in the order they are given."""
        if self._stopping.is_set():
            return
        self._to_do.put(_Job(self._keep(done, failed, owner), command=command))

    def ask(
        self,
        question: Question[T],
        done: Callable[[T], object],
        failed: Callable[[AppError], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Have the floor answer a question; answers may come in another order than the questions."""
        if self._stopping.is_set():
            return
        self._to_ask.put(_Job(self._keep(done, failed, owner), question=question))

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[AppError], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Have something done that may block, in the order of the commands; `work` must not touch a widget."""
        if self._stopping.is_set():
            return
        self._to_do.put(_Job(self._keep(done, failed, owner), work=work))

    def resync(self) -> None:
        """Take a fresh snapshot; batches that are still on their way are dropped."""
        self._generation += 1
        self._again.set()

    # on the GUI thread

    def _keep(
        self,
        done: Callable[[Any], object] | None,
        failed: Callable[[AppError], object] | None,
        owner: QObject | None,
    ) -> int:
        bound = getattr(done if done is not None else failed, "__self__", None)
        if owner is None and isinstance(bound, QObject):
            owner = bound
        self._number += 1
        self._callers[self._number] = _Caller(done, failed, owner)
        return self._number

    @Slot(object)
    def _take_answer(self, answer: _Answer) -> None:
        caller = self._callers.pop(answer.number, None)
        if caller is None or not caller.there():
            return
        if isinstance(answer.error, AppError):
            if caller.failed:
                caller.failed(answer.error)
            else:
                self.refused.emit(answer.error)
        elif answer.error is not None:
            raise answer.error  # a bug: it goes the way of all bugs, on this thread
        elif caller.done:
            caller.done(answer.value)

    @Slot(object)
    def _take_batch(self, came: _Came) -> None:
        if came.generation == self._generation:
            self.batch.emit(came.batch)

    @Slot(int, str, str)
    def _take_link(self, generation: int, link: str, sentence: str) -> None:
        if generation == self._generation:
            self.linked.emit(link, sentence)

    # on the workers' threads

    def _work(self, floor: Floor, jobs: _Jobs) -> None:
        while (job := jobs.get()) is not None:
            if self._stopping.is_set():
                continue
            try:
                value = _carry_out(job, floor)
            except Exception as error:  # noqa: BLE001 - it is handed to the caller, not swallowed
                self._answered.emit(_Answer(job.number, error=error))
            else:
                self._answered.emit(_Answer(job.number, value))

    def _follow(self, floor: Floor) -> None:
        """Stay subscribed until told to stop; anew when told so or when the floor could not be reached."""
        wait = FIRST_WAIT_S
        while not self._stopping.is_set():
            generation = self._generation
            tell, linked = partial(self._tell, generation), partial(self._link, generation)
            try:
                following = floor.follow(None, tell, linked)
            except AppError as error:
                log.warning("the floor can't be followed: %s", error.message)
                self._link(generation, Link.AWAY, error.message)
                self._again.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT_S)
            else:
                wait = FIRST_WAIT_S
                self._again.wait()
                following.stop()
            self._again.clear()

    def _tell(self, generation: int, batch: Batch) -> None:
        self._came.emit(_Came(generation, batch))

    def _link(self, generation: int, link: Link, sentence: str) -> None:
        self._link_changed.emit(generation, link.value, sentence)


def _carry_out(job: _Job, floor: Floor) -> object:
    if job.work is not None:
        return job.work()
    return floor.do(job.command) if job.command else floor.ask(job.question)  # type: ignore[arg-type]
