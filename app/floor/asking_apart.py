"""Reports of a floor's file are made by another process: `main.py answer`.

Python lets one thread of a process reckon at a time, so beside a report every claim would take twice as long. What
is counted over the whole floor is therefore asked of a second process of ours, which only reads the file. It is
started when somebody opens the reports, answers one question at a time, and leaves when it has had none for a while;
who asks meanwhile has a further one started. PostgreSQL does such work in processes of its own.

Nothing depends on it: a question that the other process could not answer, whatever the reason, is answered here.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar

from app.codec import Malformed, Raw, decode, encode
from app.domain.questions import Question
from app.domain.report import LeadsBehind, Reports, RunReport
from app.floor.wire import read_answer, read_question, write_answer, write_question
from app.plugs import load
from app.program import quietly, receive, send
from app.service.answers import answer
from app.store.book import Book

__all__ = ["WORD", "AskingApart", "serve"]

R = TypeVar("R")
_log = logging.getLogger(__name__)

WORD: Final = "answer"
"""What starts this program as one that answers."""
_LARGE: Final[frozenset[type[Question[Any]]]] = frozenset({RunReport, LeadsBehind})
"""What goes over the whole floor."""
MOST = 3
"""Processes at a time; as many reports read a file side by side in one process, too."""
IDLE_S = 120.0
"""Seconds without a question after which a process leaves: it holds some 60 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    address: str
    actor: str
    at: datetime
    """The floor's time."""
    question: Raw


class AskingApart:
    """The processes that answer for one open file. Thread-safe; close it before the file."""

    def __init__(self, address: str, program: Sequence[str]) -> None:
        """`program` are the words that start another program of ours."""
        self._address = address
        self._words = [*program, WORD]
        self._places = threading.Semaphore(MOST)
        self._turn = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []
        self._all: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def ask(self, question: Question[R], actor: str, now: datetime) -> R | None:
        """The answer to what goes over the whole floor; None for anything else, and for what must be asked here after
        all. Who asks which reports there are is about to ask for one: the process for it starts meanwhile."""
        if type(question) is Reports:
            self._prepare()
        if type(question) not in _LARGE:
            return None
        asked = _Asked(address=self._address, actor=actor, at=now, question=Raw(write_question(question)))
        with self._places:
            for _ in range(2):  # one that has just left, for want of questions, is followed by another
                process, is_new = self._one()
                if process is None:
                    return None
                said = _answer_of(process, encode(asked))
                if said is not None:
                    self._give_back(process)
                    return _read(said, type(question))
                self._end(process)
                if is_new:
                    break
        if not self._closed:
            _log.warning("the process for %s broke off; answered here", type(question).__name__)
        return None

    def _prepare(self) -> None:
        if not self._all:
            process, _ = self._one()
            if process is not None:
                self._give_back(process)

    def _give_back(self, process: subprocess.Popen[bytes]) -> None:
        with self._turn:
            if not self._closed:
                self._idle.append(process)
                return
        self._end(process)

    def _one(self) -> tuple[subprocess.Popen[bytes] | None, bool]:
        """A process that has nothing to do, and whether it is a new one."""
        with self._turn:
            if self._closed:
                return None, True
            if self._idle:
                return self._idle.pop(), False
            try:
                process = subprocess.Popen(  # noqa: S603 - this program's own interpreter and words
                    self._words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    **quietly(),
                )
            except OSError as error:
                _log.warning("no process for reports could be started: %s", error.strerror)
                return None, True
            self._all.add(process)
            return process, True

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
        with self._turn:
            self._all.discard(process)

    def close(self) -> None:
        """End them all; whoever waits for an answer is told None."""
        with self._turn:
            self._closed = True
            idle, self._idle = self._idle, []
            for process in self._all:
                process.kill()
        for process in idle:
            self._end(process)
        for process in tuple(self._all):  # their pipes are closed by who waits for their answer
            process.wait()


def _answer_of(process: subprocess.Popen[bytes], asked: bytes) -> bytes | None:
    """What a process says; None once it has ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        send(process.stdin, asked)
    except OSError:
        return None
    return receive(process.stdout) or None


def _read(said: bytes, question: type[Question[R]]) -> R | None:
    """The answer; None where the process could give none."""
    try:
        return None if said == _NONE else read_answer(said, question)
    except Malformed:
        _log.exception("the answer to %s can't be read", question.__name__)
        return None


_NONE = b"null"
"""Said for what has to be asked where the floor is open: a refusal is said and noted there."""


def serve() -> int:
    """Answer what comes on standard input until nothing comes any more; the exit code."""
    import signal

    # The terminal's Ctrl+C is for the program that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    busy, heard = threading.Lock(), threading.Event()

    def leave_when_idle() -> None:
        while heard.wait(IDLE_S) or not busy.acquire(blocking=False):
            heard.clear()
        os._exit(0)

    threading.Thread(target=leave_when_idle, daemon=True).start()
    load("app.reports")
    while asked := receive(sys.stdin.buffer):
        with busy:
            with suppress(OSError):
                send(sys.stdout.buffer, _answered(asked))
            heard.set()
    # The file is not closed: who closes it last would tidy up behind a program that was ended, beside its next one.
    os._exit(0)


@cache
def _book(address: str) -> Book:
    return Book(address, read_only=True)


def _answered(text: bytes) -> bytes:
    try:
        asked = decode(text, _Asked)
        question = read_question(bytes(asked.question))
        return write_answer(answer(_book(asked.address), question, asked.actor, asked.at))
    except Exception:  # noqa: BLE001 - whatever it is will be met again, and said, where the floor is open
        return _NONE
