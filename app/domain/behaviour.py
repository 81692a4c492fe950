"""What a person did after they first wrote: the raw material of heat.

Each deed is a kind, an instant and what it was about ("/pricing", "Price list 2026"). What it is worth, and for how
long, the rulebook says.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.domain.frozen import dataclass

__all__ = ["MOST", "Behaviour", "Did"]

MOST = 200
"""Deeds of a lead, the newest, that its score is made of."""


class Did(StrEnum):
    """Kinds of deeds. The first is an inquiry after the first one."""

    INQUIRY = "inquiry"
    PAGE_VIEW = "page_view"
    DOWNLOAD = "download"
    OPEN = "open"  # of a mail of ours
    CLICK = "click"  # in a mail of ours
    REPLY = "reply"
    CALL_ASKED = "call_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    kind: Did
    at: datetime
    what: str = ""
