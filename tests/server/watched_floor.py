"""A real floor in a file, which can be made to wait or to be out of reach, and tells what it kept."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from app.clock import SystemClock
from app.domain.commands import AddSource, Captured, CaptureInquiry, ChangeSource
from app.domain.errors import Unavailable
from app.domain.inquiry import Inquiry
from app.domain.lead import Lead, Source
from app.domain.questions import FloorFacts, SourceByKey
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor


class WatchedFloor:
    """`told` is every inquiry that was committed, in order. While `away` none is; `hold` makes `do` wait."""

    def __init__(self, folder: Path) -> None:
        clock = SystemClock()
        address = str(folder / "capture.floor")
        start_floor(address, "Capture", clock.now())
        self.book = Book(address)
        self.local = LocalFloor(self.book, clock, "capture")
        self.terminal = self.local.as_actor("admin")
        self.told: list[tuple[Inquiry, Captured]] = []
        self.lookups = 0
        self.away = False
        self.hold: threading.Event | None = None
        self.inside = threading.Event()

    def source(self, channel: str, secret: str = "", per_minute: int = 100_000) -> Source:
        """A new way in."""
        made = self.terminal.do(AddSource(name=f"Test {channel}", channel=channel, secret=secret))
        return self.change(made.value.id, secret=secret, per_minute=per_minute)

    def change(self, source_id: str, **what: Any) -> Source:
        self.terminal.do(ChangeSource(source_id=source_id, name="Test", **what))
        with self.book.reading() as reading:
            source = reading.source(source_id)
        assert source is not None
        return source

    def ask(self, question: Any) -> Any:
        if isinstance(question, SourceByKey):
            self.lookups += 1
        if self.away:
            raise Unavailable("The disk is gone.")
        return self.local.ask(question)

    def do(self, command: Any) -> Any:
        self.inside.set()
        if self.hold is not None:
            assert self.hold.wait(60)
        if self.away:
            raise Unavailable("The disk is gone.")
        receipt = self.local.do(command)
        if isinstance(command, CaptureInquiry):
            self.told.append((command.inquiry, receipt.value))
        return receipt

    def follow(self, since: Any, tell: Any, linked: Any = None) -> Any:
        return self.local.follow(since, tell, linked)

    def close(self) -> None:
        self.local.close()

    @property
    def kept(self) -> int:
        """How many inquiries are in the book."""
        return self.terminal.ask(FloorFacts(check_chain=False)).inquiries

    def last(self) -> tuple[Inquiry, Captured]:
        """The last inquiry as it lies in the book, and what became of it."""
        inquiry, captured = self.told[-1]
        with self.book.reading() as reading:
            found = reading.inquiry(inquiry.id)
        assert found.state == captured.state
        return found.inquiry, captured

    def last_lead(self) -> Lead:
        with self.book.reading() as reading:
            return reading.lead(self.told[-1][1].lead_id)
