"""Makes inquiries of bodies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.domain.inquiry import Inquiry

Make = Callable[..., Inquiry]


@pytest.fixture
def inquiry() -> Make:
    def make(raw: bytes | str, content_type: str = "", **headers: str) -> Inquiry:
        return Inquiry(
            id="1",
            channel="form",
            raw=raw.encode() if isinstance(raw, str) else raw,
            content_type=content_type,
            headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
            received_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        )

    return make
