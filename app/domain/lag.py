"""The lag ledger: where the time of a lead went, and why its clock was missed.

Each stage from capture to conversation has its instant; what is between two is somebody's. A clock that was missed
has exactly one cause, the first that holds in this order: the program was slow, nobody may be called at that hour,
nobody was planned to work, whoever could was busy, somebody had taken it and did not call, it was offered and
nobody took it. Pure: the journal of a lead in, the ledger out. Instants are aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfoNotFoundError

from app.domain import events as e
from app.domain.events import Entry
from app.domain.frozen import dataclass
from app.domain.hours import Block, Calendar, Span, working_seconds
from app.domain.lead import AttemptKind, Lead
from app.domain.sla import ClockKind

__all__ = ["Cause", "Lag", "Miss", "Stamp", "lag_of", "missed"]

_CALLING = ((Block(start=8 * 3600, until=21 * 3600),),) * 7
"""When people may be called, by the clock on their wall."""
_SLOW = timedelta(seconds=5)
"""From capture to decision and offer the program takes milliseconds."""
_BUSY = 0.5
"""Share of the time they had in which somebody else's call is an excuse."""
_BUSY_WORDS = ("on a call", "in wrap-up", "at capacity")
_FULL = " at most"
"""How the reason ends for who has as many leads as they may."""


class Cause(StrEnum):
    SYSTEM = "system"
    CALLING_HOURS = "calling_hours"
    NOBODY_ON_SHIFT = "nobody_on_shift"
    AT_CAPACITY = "at_capacity"
    NOT_DIALLED = "claimed_not_dialled"
    IGNORED = "offered_ignored"


class Stamp(StrEnum):
    """The stages of a lead, in order."""

    CAPTURE = "capture"
    DECISION = "decision"
    OFFER = "offer"
    SEEN = "seen"
    ACCEPT = "accept"
    DIAL = "dial"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """What was reached when, and why a deadline was missed (`deadline` and `cause` are None where none was)."""

    stamps: tuple[tuple[Stamp, datetime], ...]
    deadline: datetime | None = None
    cause: Cause | None = None
    who: str = ""
    """Name of whoever had the lead when it was missed."""

    def at(self, stamp: Stamp) -> datetime | None:
        """When a stage was reached; None if it was not."""
        return next((at for kind, at in self.stamps if kind == stamp), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """The last clock that was missed: from when to when it ran, and whose (an id) the lead was then."""

    begun: datetime
    deadline: datetime
    owner: str


def missed(lead: Lead, entries: Iterable[Entry]) -> Miss | None:
    """The last first-attempt clock of a lead that was missed, by its journal in any order; None where none was."""
    story = sorted(entries, key=lambda entry: entry.seq)
    last = next((entry.event for entry in reversed(story) if _is_missed(entry.event)), None)
    if not isinstance(last, e.ClockBreached):
        return None
    before = [entry for entry in story if entry.at <= last.deadline]
    begun = max((entry.at for entry in before if _is_started(entry.event)), default=lead.captured_at)
    return Miss(begun=begun, deadline=last.deadline, owner=owner_at(before)[0])


def lag_of(lead: Lead, entries: Iterable[Entry], busy: Sequence[Span], nobody_planned: bool) -> Lag:
    """The ledger of a lead by its journal.

    `busy` are the calls with others of whoever had it when it was missed; `nobody_planned`: nobody was on shift
    between the start of the clock that was missed and its deadline.
    """
    story = sorted(entries, key=lambda entry: entry.seq)
    stamps = tuple(_stamps(lead, story))
    miss = missed(lead, story)
    if miss is None:
        return Lag(stamps=stamps)
    before = [entry for entry in story if entry.at <= miss.deadline]
    cause = _cause(lead, before, miss.begun, miss.deadline, busy, nobody_planned)
    return Lag(stamps=stamps, deadline=miss.deadline, cause=cause, who=owner_at(before)[1])


def owner_at(entries: Iterable[Entry]) -> tuple[str, str]:
    """(id, name) of whoever had the lead after these entries; empty for the pool."""
    owner = ("", "")
    for entry in entries:
        match entry.event:
            case e.LeadRouted():
                owner = (entry.event.to, entry.event.to_name)
            case e.LeadClaimed():
                owner = (entry.event.rep_id, entry.event.rep_name)
            case e.LeadReleased():
                owner = ("", "")
    return owner


def _is_missed(event: e.Event) -> bool:
    return isinstance(event, e.ClockBreached) and event.clock == ClockKind.FIRST_ATTEMPT


def _is_started(event: e.Event) -> bool:
    return isinstance(event, e.ClockStarted) and event.clock == ClockKind.FIRST_ATTEMPT


def _stamps(lead: Lead, story: Sequence[Entry]) -> Iterable[tuple[Stamp, datetime]]:
    yield Stamp.CAPTURE, lead.captured_at
    found: dict[Stamp, datetime] = {}
    for entry in story:
        stamp = _stamp(entry.event)
        if stamp is not None:
            said: datetime | None = getattr(entry.event, "said_at", None)
            found.setdefault(stamp, said or entry.at)
    if lead.import_id:
        # A file that comes in decides and offers nothing: whatever did came later, and for another reason.
        for stamp in (Stamp.DECISION, Stamp.OFFER):
            found.pop(stamp, None)
        first, dialled = lead.first_attempt_at, found.get(Stamp.DIAL)
        if first is not None and (dialled is None or first < dialled):  # told of by the file
            found = {Stamp.DIAL: first}
    if lead.contact_at is not None:
        found[Stamp.CONTACT] = lead.contact_at
    for stamp in Stamp:
        if stamp in found:
            yield stamp, found[stamp]


def _stamp(event: e.Event) -> Stamp | None:
    match event:
        case e.LeadRouted():
            return Stamp.OFFER if event.to else Stamp.DECISION
        case e.LeadScored():
            return Stamp.DECISION
        case e.LeadSeen():
            return Stamp.SEEN
        case e.LeadClaimed():
            return Stamp.ACCEPT
        case e.AttemptStarted(attempt_kind=kind) if kind is not AttemptKind.DESK:
            return Stamp.DIAL
    return None


def _cause(
    lead: Lead,
    before: Sequence[Entry],
    begun: datetime,
    deadline: datetime,
    busy: Sequence[Span],
    nobody_planned: bool,
) -> Cause:
    if begun - max(lead.captured_at, _asked(before, lead.captured_at)) > _SLOW:
        return Cause.SYSTEM
    if not _may_be_called(lead.zone, begun, deadline):
        return Cause.CALLING_HOURS
    if nobody_planned:
        return Cause.NOBODY_ON_SHIFT
    owner, _ = owner_at(before)
    if not owner:
        return _why_pool(before)
    since = max((entry.at for entry in before if _gives(entry.event, owner)), default=begun)
    since = max(since, begun)
    if _share(busy, since, deadline) >= _BUSY:
        return Cause.AT_CAPACITY
    claimed = any(isinstance(entry.event, e.LeadClaimed) and entry.event.rep_id == owner for entry in before)
    return Cause.NOT_DIALLED if claimed else Cause.IGNORED


def _asked(before: Sequence[Entry], captured: datetime) -> datetime:
    """When they last asked: what they did then is in the journal at that instant."""
    return max((entry.at for entry in before if isinstance(entry.event, e.LeadAskedAgain)), default=captured)


def _gives(event: e.Event, owner: str) -> bool:
    return (isinstance(event, e.LeadRouted) and event.to == owner) or (
        isinstance(event, e.LeadClaimed) and event.rep_id == owner
    )


def _why_pool(before: Sequence[Entry]) -> Cause:
    """Why nobody had it: all were busy or away, or it lay in the pool for whoever wanted it."""
    last = next((entry.event for entry in reversed(before) if isinstance(entry.event, e.LeadRouted)), None)
    skipped = [one.skipped for one in last.ledger] if isinstance(last, e.LeadRouted) and not last.to else []
    if any(word in _BUSY_WORDS or word.endswith(_FULL) for word in skipped):
        return Cause.AT_CAPACITY
    released = any(isinstance(entry.event, e.LeadReleased) for entry in before)
    return Cause.IGNORED if released else Cause.NOBODY_ON_SHIFT


def _share(busy: Sequence[Span], since: datetime, until: datetime) -> float:
    """The share of a span in which one was busy."""
    whole = (until - since).total_seconds()
    if whole <= 0:
        return 0.0
    return 1 - working_seconds(None, since, until, busy) / whole


def _may_be_called(zone: str, start: datetime, until: datetime) -> bool:
    """Whether there was a moment at which somebody in this zone may be called; nobody's zone forbids nothing."""
    if not zone:
        return True
    try:
        calendar = Calendar(name="calling", zone=zone, week=_CALLING)
        return working_seconds(calendar, start, until) > 0
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return True
