"""What leads cost: an amount over a span of days, for a medium, a campaign or an ad.

A cost is entered as it is known: for a day, a month or any span. For a report it is spread evenly over its days, to
the last cent: up to the end of its k-th of n days floor(k × amount ÷ n) of it is spent, so that the parts of any
split of a span add up to the whole. Amounts are in minor units (cents) of the floor's one currency, days are ISO
days ("2026-11-22") of the floor's zone, first and last both included.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

from app.domain.errors import Refused
from app.domain.frozen import dataclass

LARGEST = 10**13
"""In minor units; more is a slip of the keyboard."""
LONGEST = 3660
"""Days of a cost."""
_TEXT_LIMIT = 200
_NO = "No cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """A cost as it is entered. An empty campaign (ad) is one of the whole medium (campaign)."""

    first: str
    """ISO day."""
    last: str = ""
    """ISO day, itself included; empty: the first alone."""
    medium: str
    campaign: str = ""
    ad: str = ""
    amount: int
    """Minor units; below zero for a credit."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A cost as the floor has it."""

    id: str
    first: str
    last: str
    medium: str
    campaign: str = ""
    ad: str = ""
    amount: int
    note: str = ""
    entered_at: datetime
    entered_by: str = ""
    """An actor's id; in answers, what they are called."""
    import_id: str = ""


def day_of(text: str) -> date:
    """The day of an ISO text; raises Refused."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"“{text[:40]}” is no day. Write it as 2026-11-22.", _NO) from error


def span_of(text: str) -> tuple[str, str]:
    """First and last ISO day of what somebody wrote: a day ("2026-11-22"), a month ("2026-11"), or two of these with
    a space or a dash between ("2026-11-01 – 2026-11-14"). Raises Refused."""
    parts = re.findall(r"[^\s–—]+", re.sub(r"\s-\s", " ", text))
    parts = [part for part in parts if part not in ("to", "until", "..")]
    if not 1 <= len(parts) <= 2:
        raise Refused("Write a day as 2026-11-22, a month as 2026-11, or two of them.", _NO)
    first, last = (f"{part}-01" if len(part) == 7 else part for part in (parts[0], parts[-1]))
    if len(parts[-1]) == 7:
        begin = day_of(last)
        last = begin.replace(day=monthrange(begin.year, begin.month)[1]).isoformat()
    return day_of(first).isoformat(), day_of(last).isoformat()


def checked(line: CostLine) -> CostLine:
    """The line in one way of writing; raises Refused with a sentence for one that says nothing sensible."""
    first = day_of(line.first)
    last = day_of(line.last) if line.last else first
    if last < first:
        raise Refused("The last day of a cost comes before its first.", _NO)
    if (last - first).days >= LONGEST:
        raise Refused("A cost is for ten years at most.", _NO)
    medium, campaign, ad = (" ".join(text.split()) for text in (line.medium, line.campaign, line.ad))
    if not medium:
        raise Refused("Say the medium that the money went to.", _NO)
    if ad and not campaign:
        raise Refused("Say the campaign of the ad.", _NO)
    if any(len(text) > _TEXT_LIMIT for text in (medium, campaign, ad, line.note)):
        raise Refused(f"A medium, a campaign, an ad and a note have {_TEXT_LIMIT} letters at most.", _NO)
    if abs(line.amount) > LARGEST:
        raise Refused("That amount is too large.", _NO)
    return CostLine(
        first=first.isoformat(),
        last=last.isoformat(),
        medium=medium,
        campaign=campaign,
        ad=ad,
        amount=line.amount,
        note=line.note.strip(),
    )


def spent(cost: Cost | CostLine, since: date, until: date) -> int:
    """The part of a cost that falls on the days from `since` to before `until`, in minor units."""
    first = date.fromisoformat(cost.first)
    days = (date.fromisoformat(cost.last or cost.first) - first).days + 1
    begin = min(max((since - first).days, 0), days)
    end = min(max((until - first).days, begin), days)
    return end * cost.amount // days - begin * cost.amount // days
