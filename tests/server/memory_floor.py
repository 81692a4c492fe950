"""A floor in memory for the capture face: it keeps inquiries and reads them by the real channels and rules."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.clock import new_id
from app.domain.clean import clean
from app.domain.commands import Captured, CaptureInquiry
from app.domain.errors import AppError, Unavailable
from app.domain.inquiry import Draft, Inquiry, InquiryState
from app.domain.lead import Source
from app.domain.questions import FoundSource, SourceByKey
from app.floor.floor import Receipt
from app.plugs import load

_READ = {module.NAME: module.read for module in load("app.channels")}


class MemoryFloor:
    """Everything it was told, in order. `away` makes it unreachable; `hold` makes it wait inside `do`."""

    def __init__(self) -> None:
        self.kept: list[tuple[Inquiry, Captured, Draft | None]] = []
        self.sources: dict[str, Source] = {}
        self.asked = 0
        self.away = False
        self.hold: threading.Event | None = None
        self.inside = threading.Event()
        self._lock = threading.Lock()

    def source(self, channel: str, **more: Any) -> Source:
        """Set up a way in and return it."""
        key = f"key-{channel}-{len(self.sources)}"
        source = Source(
            id=new_id(),
            key=key,
            name=f"Test {channel}",
            channel=channel,
            created_at=datetime(2026, 11, 20, tzinfo=UTC),
            **{"per_minute": 1_000_000, **more},
        )
        self.sources[key] = source
        return source

    def switch_off(self, source: Source) -> None:
        self.sources[source.key] = replace(source, active=False)

    def ask(self, question: Any) -> Any:
        assert isinstance(question, SourceByKey)
        self.asked += 1
        if self.away:
            raise Unavailable("The disk is gone.")
        source = self.sources.get(question.key)
        return FoundSource(source=source if source is not None and source.active else None)

    def do(self, command: Any) -> Any:
        assert isinstance(command, CaptureInquiry)
        self.inside.set()
        if self.hold is not None:
            self.hold.wait(30)
        if self.away:
            raise Unavailable("The disk is gone.")
        inquiry = command.inquiry
        draft: Draft | None = None
        try:
            draft = _READ[inquiry.channel](inquiry)
            person = clean(draft, "US")
            state, why = (InquiryState.ASIDE, person.aside) if person.aside else (InquiryState.LEAD, "")
            _storable(draft, person)
        except AppError as error:
            state, why = InquiryState.REVIEW, error.message
        _storable(inquiry.content_type, inquiry.headers, why)
        captured = Captured(inquiry_id=inquiry.id, state=state, why=why)
        with self._lock:
            self.kept.append((inquiry, captured, draft))
            return Receipt(cursor=len(self.kept), value=captured)


def _storable(*values: object) -> None:
    """Fails for text that a database would not take."""
    text = repr(values)
    for value in values:
        str(value).encode("utf-8")
    assert "\\x00" not in text, text[:300]
    assert "\\ud" not in text, text[:300]
