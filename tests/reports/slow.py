"""What a floor's journal alone says: each lead put together from its events, one by one, with nothing of the program's
own counting. Slow, and made from the definitions of the metrics only.

Where a lead came from stands in no event: that is what was sent, by the id of the inquiry.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.store.book import Book

LIVE = ("booked", "call_back", "unfit", "won", "lost")
HOURS = (9, 17)
"""Where the floor keeps hours, Monday to Friday."""
ZONE = ZoneInfo("America/New_York")
BLANK = "(none)"
Event = tuple[str, datetime, str, str, dict[str, Any]]
"""Kind, when, who, lead, what."""


@dataclass
class Sent:
    """An inquiry as it was sent."""

    medium: str = ""
    campaign: str = ""
    ad: str = ""
    is_test: bool = False
    is_sound: bool = True

    @property
    def source(self) -> tuple[str, str, str]:
        return self.medium, self.campaign, self.ad


@dataclass
class Seen:
    """A lead as its events tell it."""

    sent: Sent
    captured: datetime
    last: tuple[str, str, str]
    tier: str = ""
    owner: str = ""
    calls: list[tuple[datetime, str, int, str]] = field(default_factory=list)
    """When, by whom, which number, the attempt."""
    outcomes: dict[str, tuple[datetime, dict[str, Any]]] = field(default_factory=dict)
    """By attempt, those that were not taken back, in their order."""
    talked: dict[str, datetime] = field(default_factory=dict)
    """By attempt, conversations that a call log told of."""
    met: int = 0
    breached: int = 0
    is_clocked: bool = False
    is_escalated: bool = False

    def _first(self, *kinds: str) -> datetime | None:
        return next((at for at, said in self.outcomes.values() if said["outcome"] in kinds), None)

    @property
    def called(self) -> datetime | None:
        return min((at for at, _, _, _ in self.calls), default=None)

    @property
    def caller(self) -> str:
        return min(self.calls, key=lambda call: (call[0], call[2]))[1] if self.calls else ""

    @property
    def contact(self) -> datetime | None:
        said = self._first(*LIVE)
        return min((said, *self.talked.values()) if said else self.talked.values(), default=None)

    def reached_by(self, attempt: str) -> bool:
        said = self.outcomes.get(attempt)
        return attempt in self.talked or (said is not None and said[1]["outcome"] in LIVE)

    @property
    def qualified(self) -> datetime | None:
        return self._first("booked", "won")

    @property
    def booked(self) -> datetime | None:
        return self._first("booked")

    @property
    def ended(self) -> tuple[str, datetime, int]:
        """(how, when, amount); "" while it is open."""
        at, said = list(self.outcomes.values())[-1] if self.outcomes else (self.captured, {"outcome": ""})
        return (
            (said["outcome"], at, said.get("amount") or 0)
            if said["outcome"] in ("won", "lost", "unfit")
            else ("", at, 0)
        )

    @property
    def is_won(self) -> bool:
        return self.ended[0] == "won"

    @property
    def won(self) -> datetime | None:
        return self.ended[1] if self.is_won else None

    @property
    def wait(self) -> float | None:
        """Seconds to the first call."""
        return (self.called - self.captured).total_seconds() if self.called else None

    def worked(self, has_hours: bool) -> float | None:
        return self.wait if not has_hours or not self.called else working(self.captured, self.called)


def working(since: datetime, until: datetime) -> float:
    """Seconds between two instants within the hours, day by day."""
    total, day = 0.0, since.astimezone(ZONE).date() - timedelta(days=1)
    while day <= until.astimezone(ZONE).date():
        if day.weekday() < 5:
            opened, closed = (datetime.combine(day, time(hour), ZONE).astimezone(UTC) for hour in HOURS)
            total += max((min(until, closed) - max(since, opened)).total_seconds(), 0.0)
        day += timedelta(days=1)
    return total


def called(words: Iterable[str]) -> dict[str, str]:
    """By each word what it is called: as most have it of those that differ in capital letters, of equals the first."""
    times = Counter(words)
    best: dict[str, str] = {}
    for word in sorted(times):
        known = best.setdefault(word.lower(), word)
        if times[word] > times[known]:
            best[word.lower()] = word
    return {word: best[word.lower()] for word in times}


def journal(book: Book) -> list[Event]:
    with book.reading() as r:
        rows = r.db.execute(text("SELECT kind, at, actor, lead_id, body FROM events ORDER BY seq")).all()
    return [(row.kind, _instant(row.at), row.actor, row.lead_id, json.loads(row.body)) for row in rows]


def _instant(stored: Any) -> datetime:
    return (
        stored
        if isinstance(stored, datetime)
        else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=stored)
    )


def leads(events: Iterable[Event], sent: Mapping[str, Sent]) -> list[Seen]:
    """The leads of the cohort, in the order in which they came."""
    found: dict[str, Seen] = {}
    for kind, at, actor, lead_id, said in events:
        if kind == "lead.captured":
            inquiry = sent[said["inquiry_id"]]
            found[lead_id] = Seen(sent=inquiry, captured=at, last=inquiry.source)
        for call in said["calls"] if kind == "import.calls_told" else ():
            when, attempt = datetime.fromisoformat(call["at"]), call["attempt_id"]
            found[call["lead_id"]].calls.append((when, call["rep_id"], call["number"], attempt))
            if call["contact"]:
                found[call["lead_id"]].talked[attempt] = when
        lead = found.get(lead_id)
        if lead is None:
            continue
        is_first = said.get("clock", "first_attempt") == "first_attempt"
        match kind:
            case "lead.asked_again":
                again = sent[said["inquiry_id"]]
                lead.last = again.source if any(again.source) else lead.last
            case "lead.scored":
                lead.tier = said["tier"]
            case "lead.routed" if said["to"] or said.get("offered"):
                lead.owner = said["to"]
            case "lead.claimed":
                lead.owner = said["rep_id"]
            case "lead.released":
                lead.owner = ""
            case "attempt.started" if said["attempt_kind"] == "call":
                lead.calls.append((at, actor, said["number"], said["attempt_id"]))
            case "outcome.logged":
                lead.outcomes[said["attempt_id"]] = (at, said)
            case "outcome.undone":
                del lead.outcomes[said["attempt_id"]]
            case "clock.started":
                lead.is_clocked = True
            case "clock.met" if is_first:
                lead.met += 1
            case "clock.breached" if is_first:
                lead.breached += 1
            case "lead.escalated":
                lead.is_escalated = True
    return [lead for lead in found.values() if not lead.sent.is_test]


def costs(events: Iterable[Event], since: date, until: date) -> dict[tuple[str, ...], int]:
    """Cents spent from one day to before another, by medium, campaign and ad in small letters."""
    lines: dict[str, dict[str, Any]] = {}
    for kind, _, _, _, said in events:
        if kind == "costs.noted":
            lines |= dict(zip(said["ids"], said["lines"], strict=True))
        elif kind == "costs.dropped":
            del lines[said["cost_id"]]
    found: dict[tuple[str, ...], int] = defaultdict(int)
    for line in lines.values():
        first, last = (date.fromisoformat(line.get(name) or line["first"]) for name in ("first", "last"))
        days = (last - first).days + 1
        shares = [(k + 1) * line["amount"] // days - k * line["amount"] // days for k in range(days)]
        inside = [k for k in range(days) if since <= first + timedelta(days=k) < until]
        if inside:
            names = tuple(line.get(name, "").lower() for name in ("medium", "campaign", "ad"))
            found[names] += sum(shares[k] for k in inside)
    return found


# -- arithmetic, from the definitions


def quantile(values: Iterable[float], p: float) -> float | None:
    """By linear interpolation between the closest ranks."""
    ordered = sorted(values)
    if not ordered:
        return None
    at = p * (len(ordered) - 1)
    low, high = math.floor(at), math.ceil(at)
    return ordered[low] * (1 - (at - low)) + ordered[high] * (at - low)


def part(some: int, whole: int) -> float | None:
    return some / whole if whole else None


def interval(some: int, whole: int) -> tuple[float, float] | None:
    """Wilson: the shares p for which |p - some/whole| is 1.96 standard errors of p, found by halving."""
    if not whole:
        return None
    seen, z = some / whole, 1.959963984540054

    def is_far(p: float) -> bool:
        return abs(seen - p) > z * math.sqrt(p * (1 - p) / whole)

    ends = []
    for outer in (0.0, 1.0):
        out, inner = outer, seen
        for _ in range(100):
            middle = (out + inner) / 2
            out, inner = (middle, inner) if is_far(middle) else (out, middle)
        ends.append(inner)
    return ends[0], ends[1]


def grouped(mine: Iterable[Seen], key: Callable[[Seen], Any]) -> dict[Any, list[Seen]]:
    found: dict[Any, list[Seen]] = defaultdict(list)
    for lead in mine:
        found[key(lead)].append(lead)
    return found


def delay(seconds: float | None) -> str:
    if seconds is None:
        return "never"
    for name, until in (
        ("1 min", 60), ("5 min", 300), ("10 min", 600), ("30 min", 1800), ("1 h", 3600), ("24 h", 86400),
    ):  # fmt: skip
        if seconds <= until:
            return name
    return "later"
