"""The frozen week: one page for the floor and one for each person, kept byte for byte, and what is said beside it.

A page is written once, as JSON, and its SHA-256 with the journal's own chain says that it is as it was. It holds the
numbers, the rule they were scored by and the lines that were counted, and no lead's name, so that an erasure does
not reach it. What changes afterwards is found by comparing; what somebody disputes, and what is answered, are
entries of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from app.codec import decode, encode
from app.domain.command import Command, Made
from app.domain.frozen import dataclass
from app.domain.question import Question
from app.domain.report import Report
from app.domain.scorecard import Review, Scorecard
from app.domain.scoring import Card
from app.domain.week_count import Counted, Late

__all__ = [
    "AnswerDispute", "Dispute", "DisputeScore", "FreezeWeek", "FrozenPage", "FrozenWeek", "FrozenWeeks", "WeekLine",
    "WeekPage", "WeekShelf", "bytes_of", "digest_of", "page_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    """What is frozen of a week, for the floor (an empty `rep_id`) or a person."""

    week: str
    """ISO: "2026-W47", by the floor's zone."""
    rep_id: str
    rep_name: str
    rulebook: int
    rule: Scorecard
    report: Report
    cards: tuple[Card, ...]
    """A person's own; on the floor's page everybody's, by name."""
    counted: tuple[Counted, ...]


def bytes_of(page: WeekPage) -> bytes:
    """The page as it is kept: fields in their order, no blanks, so that the same page is the same bytes."""
    return encode(page)


def page_of(body: bytes) -> WeekPage:
    return decode(body, WeekPage)


def digest_of(pages: Iterable[tuple[str, str]]) -> str:
    """The one hash of a week: SHA-256 over "person:SHA-256 of their page" by person, a line each."""
    lines = "".join(f"{rep_id}:{sha256}\n" for rep_id, sha256 in sorted(pages))
    return hashlib.sha256(lines.encode()).hexdigest()


# -- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeWeek(Command[Made]):
    """Keep a week that is over as it is now; its id is the digest. One that is frozen stays as it was frozen."""

    week: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeScore(Command[Made]):
    """Say that one's own frozen score is wrong."""

    week: str
    rep_id: str
    about: str = ""
    """A measure, or a lead's id; empty: the whole."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDispute(Command[Made]):
    """Answer a dispute, once. One that is accepted may correct the score by so many points, beside it."""

    dispute_id: str
    text: str
    accepted: bool
    points: float = 0.0


# -- questions


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """A week that is frozen."""

    week: str
    frozen_at: datetime
    by: str
    """The name of who froze it; "the keeper" where it was done by itself."""
    rulebook: int
    head: int
    pages: tuple[tuple[str, str], ...]
    """(person, name) of the pages that one may see; the floor's, an empty person, first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekShelf:
    weeks: tuple[WeekLine, ...]
    """Newest first."""
    zone: str
    review: Review
    since: datetime
    """When the floor was started: no week before is frozen by itself."""
    may_freeze: bool
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenWeeks(Question[WeekShelf]):
    """Which weeks are frozen, and whose pages of them one may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    id: str
    week: str
    rep_id: str
    rep_name: str
    about: str
    text: str
    said_at: datetime
    answer: str = ""
    """Empty until it is answered."""
    accepted: bool = False
    points: float = 0.0
    """By which the score is corrected, beside it."""
    answered_at: datetime | None = None
    answered_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPage:
    body: bytes
    """The page byte for byte; `page_of` reads it."""
    sha256: str
    is_whole: bool
    """Whether the bytes are those whose hash the journal tells."""
    frozen_at: datetime
    late: tuple[Late, ...]
    """What counts otherwise by now."""
    disputes: tuple[Dispute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenWeek(Question[FrozenPage]):
    """A page of a frozen week, with what was said and what changed since. NotFound where there is none, NotAllowed
    where it is somebody else's."""

    week: str
    rep_id: str = ""
