"""The day of a floor as a wallboard tells it: what was done since midnight, beside the same weekday a week before.

A wall is told this once, at its start and at midnight, and counts on from there with the feed. Test leads count
nowhere. A first call is a lead's first try, where that is a call; it counts on the day and in the hour in which it
was made. Clocks are those of the first attempt, and count on the day on which they ended: a missed one at its
deadline. Leads count in the hour in which they came in, but not those that a file brought. Seconds are wall time; the
day and its hours are those of the floor's zone: the zone of the rulebook's hours, else of the computer that answers.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain import events as e
from app.domain.events import Entry
from app.domain.frozen import dataclass
from app.domain.hours import midnight
from app.domain.lead import Lead, Outcome, Tier
from app.domain.measure import percentile
from app.domain.question import Question
from app.domain.rulebook import Rulebook
from app.domain.sla import ClockKind

__all__ = [
    "NEWS_KINDS",
    "STEP_KINDS",
    "Ended",
    "FirstCall",
    "News",
    "Span",
    "Spread",
    "Talk",
    "Ticker",
    "WallDay",
    "WallFigures",
    "Was",
    "WeekBefore",
    "day_of",
    "floor_zone",
]

HOUR = timedelta(hours=1)
KEPT = 40
"""News that a ticker keeps; a wall shows the newest of them."""
_FIRST = ClockKind.FIRST_ATTEMPT.value


# -- the day


class Span(NamedTuple):
    """A day of the floor's zone as instants, with what the clock on the wall shows in each of its hours."""

    day: date
    since: datetime
    until: datetime
    labels: tuple[int, ...]
    """One an hour: 23, 24 or 25 of them, between 0 and 23."""

    def hour_of(self, at: datetime) -> int | None:
        """In which of its hours an instant lies; None outside of the day."""
        if not self.since <= at < self.until:
            return None
        return min(int((at - self.since) / HOUR), len(self.labels) - 1)


def floor_zone(rulebook: Rulebook) -> tzinfo | None:
    """The zone of a floor's hours; None, where it keeps none, is this computer's own."""
    return ZoneInfo(rulebook.calendars[0].zone) if rulebook.calendars else None


def day_of(zone: tzinfo | None, at: datetime, *, weeks_before: int = 0) -> Span:
    """The day in which an instant lies, or the same weekday so many weeks before."""
    day = at.astimezone(zone).date() - timedelta(weeks=weeks_before)
    since, until = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    hours = round((until - since) / HOUR)
    labels = tuple((since + n * HOUR).astimezone(zone).hour for n in range(hours))
    return Span(day, since, until, labels)


# -- what it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCall:
    """A lead's first call, `seconds` after it came in."""

    lead_id: str
    rep_id: str
    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A first-attempt clock that was met or missed, with the tier that its lead has now."""

    lead_id: str
    tier: Tier
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A try that ended in a live conversation."""

    attempt_id: str
    lead_id: str
    booked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBefore:
    """The same weekday a week before. By hour of the clock on the wall, 24 of each."""

    median: float | None = None
    p90: float | None = None
    met: int = 0
    ended: int = 0
    leads: tuple[int, ...] = (0,) * 24
    medians: tuple[float | None, ...] = (None,) * 24


class Was(StrEnum):
    """What a line of the news is about."""

    BREACH = "breach"
    NEW = "new"  # a new lead is HOT
    TIER = "tier"  # a lead went from one tier to another
    BOOKED = "booked"
    WON = "won"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that happened, with what came of it at once."""

    seq: int
    at: datetime
    was: Was
    lead_id: str
    who: str
    company: str = ""
    tier: Tier = Tier.COLD
    tier_before: Tier | None = None
    source: str = ""
    deed: str = ""
    """What the lead did, a `Did`; and `more` of it."""
    more: str = ""
    to_name: str = ""
    offered: int = 0
    steps: tuple[str, ...] = ()
    """Of the chain, each a `StepKind`, as they were taken."""
    rep_name: str = ""
    when: datetime | None = None
    """The appointment."""
    amount: int | None = None
    attempt_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallDay:
    """A day up to and with event number `seq`."""

    floor: str
    """What the floor is called."""
    day: date
    since: datetime
    until: datetime
    labels: tuple[int, ...]
    zone: str = ""
    """IANA name; empty: that of the computer that answered."""
    seq: int
    hours: tuple[int, int] = (8, 17)
    """The first and the last hour in which the floor is open, by the clock on the wall."""
    calls: tuple[tuple[str, int], ...] = ()
    """By rep."""
    firsts: tuple[FirstCall, ...] = ()
    ended: tuple[Ended, ...] = ()
    talks: tuple[Talk, ...] = ()
    arrived: tuple[int, ...] = ()
    """Leads in each hour of `labels`."""
    before: WeekBefore = WeekBefore()
    news: tuple[News, ...] = ()
    """Oldest first."""
    steps: tuple[tuple[str, str], ...] = ()
    """(lead, the step its chain took last) of the leads that wait past their deadline."""

    @property
    def span(self) -> Span:
        return Span(self.day, self.since, self.until, self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class WallFigures(Question[WallDay]):
    """The floor's day in which an instant lies, as far as it has come."""

    at: datetime


class Spread:
    """Lengths in order, for a median that is kept up to date."""

    def __init__(self, values: Iterable[float] = ()) -> None:
        self.values = sorted(values)

    def add(self, value: float) -> None:
        insort(self.values, value)

    def at(self, share: float) -> float | None:
        """Below which that share of them lies; None of nothing."""
        return percentile(self.values, share)

    @property
    def median(self) -> float | None:
        return self.at(0.5)


# -- just now

NEWS_KINDS: tuple[type[e.Event], ...] = (
    e.LeadCaptured,
    e.BehaviourNoted,
    e.LeadScored,
    e.LeadRouted,
    e.ClockBreached,
    e.LeadEscalated,
    e.OutcomeLogged,
    e.OutcomeUndone,
)
STEP_KINDS: tuple[type[e.Event], ...] = (e.ClockStarted, e.LeadEscalated)


class Ticker:
    """The news, newest last. Fed with every entry in order, or with those of `NEWS_KINDS` alone."""

    def __init__(self, news: Iterable[News] = ()) -> None:
        self.news = list(news)
        self._source = ("", "")
        self._deed: tuple[str, datetime | None, str, str] = ("", None, "", "")

    def take(self, entry: Entry, lead: Lead) -> None:
        """What an entry adds to the news, or to a line of them; `lead` is its lead as it is now."""
        event = entry.event
        match event:
            case e.LeadCaptured():
                self._source = (lead.id, event.source)
            case e.BehaviourNoted():
                self._deed = (lead.id, entry.at, event.kind.value, event.what)
            case e.LeadScored():
                self._scored(entry, event, lead)
            case e.ClockBreached(clock=clock) if clock == _FIRST:
                self._add(_line(entry, Was.BREACH, lead))
            case e.LeadRouted():
                offered = len(event.offered)
                self._go_on(lead, (Was.BREACH, Was.NEW, Was.TIER), to_name=event.to_name, offered=offered)
            case e.LeadEscalated(clock=clock) if clock == _FIRST:
                line = self._latest(lead)
                if line is not None:
                    self._go_on(lead, (Was.BREACH,), steps=(*line.steps, event.what)[-4:])
            case e.OutcomeLogged(outcome=Outcome.BOOKED | Outcome.WON):
                was = Was.BOOKED if event.outcome is Outcome.BOOKED else Was.WON
                line = _line(entry, was, lead)
                line = replace(line, rep_name=event.rep_name, source=lead.origin.campaign)
                when = event.at if was is Was.BOOKED else None
                self._add(replace(line, when=when, amount=event.amount, attempt_id=event.attempt_id))
            case e.OutcomeUndone():
                self.news = [line for line in self.news if line.attempt_id != event.attempt_id]

    def rename(self, lead: Lead) -> None:
        """Call a lead in all the news as it is called now."""
        for n, line in enumerate(self.news):
            if line.lead_id == lead.id and (line.who, line.company) != _names(lead):
                who, company = _names(lead)
                self.news[n] = replace(line, who=who, company=company)

    def _scored(self, entry: Entry, event: e.LeadScored, lead: Lead) -> None:
        if event.was_tier is None:
            if event.tier is Tier.HOT:
                source = self._source[1] if self._source[0] == lead.id else ""
                self._add(replace(_line(entry, Was.NEW, lead), tier=event.tier, source=source))
        elif event.was_tier is not event.tier:
            line = replace(_line(entry, Was.TIER, lead), tier=event.tier, tier_before=event.was_tier)
            if self._deed[:2] == (lead.id, entry.at):
                line = replace(line, deed=self._deed[2], more=self._deed[3])
            self._add(line)

    def _add(self, line: News) -> None:
        self.news.append(line)
        del self.news[:-KEPT]

    def _latest(self, lead: Lead) -> News | None:
        return next((line for line in reversed(self.news) if line.lead_id == lead.id), None)

    def _go_on(self, lead: Lead, of: tuple[Was, ...], **said: object) -> None:
        line = self._latest(lead)
        if line is not None and line.was in of:
            self.news[self.news.index(line)] = replace(line, **said)  # type: ignore[arg-type]


def _line(entry: Entry, was: Was, lead: Lead) -> News:
    who, company = _names(lead)
    return News(seq=entry.seq, at=entry.at, was=was, lead_id=lead.id, who=who, company=company)


def _names(lead: Lead) -> tuple[str, str]:
    return lead.name or lead.email or lead.phone, lead.company
