"""A wallboard's picture of the floor: who waits, who is late, what the reps do, what the day has come to. Pure.

A wall stands on a `Board` and is told what each batch changed. What was before it began it asks once, with
`question`, and again at midnight; what happens between the question and its answer is kept and counted after it, so
that nothing is counted twice or left out. `face` is all that is shown, as one value: with instants in it and no
lengths, so that it changes only when something happens.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.domain.chain import Step
from app.domain.events import (
    AttemptStarted,
    ClockBreached,
    ClockMet,
    ClockStarted,
    Entry,
    LeadCaptured,
    LeadEscalated,
    OutcomeLogged,
    OutcomeUndone,
)
from app.domain.lead import AttemptKind, ClockState, Lead, Outcome, Rep, RepStatus, Role, Tier
from app.domain.presence import DeskSeen
from app.domain.rulebook import Rulebook
from app.domain.sla import ClockKind
from app.domain.wall import Spread, Talk, Ticker, WallDay, WallFigures, WeekBefore
from app.floor.board import Board, Changes
from app.floor.wall_face import Face, Hour, Line, RepLine, is_waiting

__all__ = ["Wall"]

LINES = 12
"""Leads next to breach that a face has."""
NEWS = 12
_FIRST = ClockKind.FIRST_ATTEMPT.value
_SELLING = (Role.REP, Role.TEAM_LEAD)


class Wall:
    """What a wallboard knows, as of its board's cursor. Used on one thread."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._order: list[tuple[datetime, str]] = []
        self._hot: list[tuple[datetime, str]] = []
        self._keys: dict[str, tuple[datetime, str, Tier]] = {}
        self._tiers: Counter[Tier] = Counter()
        self._day: WallDay | None = None
        self._asked_at: int | None = None
        """The board's cursor when the day was asked for; None while nothing is awaited."""
        self._since_asked: list[tuple[tuple[Entry, ...], tuple[Lead, ...]]] = []
        self._talks: dict[str, Talk] = {}
        self._arrived: list[int] = []
        self._steps: dict[str, str] = {}
        self._promised: tuple[Rulebook | None, tuple[tuple[Tier, int], ...], tuple[tuple[str, int], ...]]
        self._promised = None, (), ()
        self._clear()
        self._start_afresh(board.leads.values())

    # -- the day

    def needs(self, now: datetime) -> bool:
        """Whether the day has to be asked for."""
        return self._asked_at is None and (self._day is None or now >= self._day.until)

    def question(self, now: datetime) -> WallFigures:
        """The question to ask; its answer is for `take`."""
        self._asked_at = self._board.cursor
        self._since_asked = []
        return WallFigures(at=now)

    def take(self, day: WallDay) -> None:
        """The answer came. One that was given before the board's snapshot is of no use: `needs` says so."""
        asked_at, self._asked_at = self._asked_at, None
        kept, self._since_asked = self._since_asked, []
        if asked_at is None or day.seq < asked_at:
            return
        self._day = day
        self._clear()
        for call in day.firsts:
            self._first(call.rep_id, call.at, call.seconds)
        for one in day.ended:
            self._end(one.lead_id, one.tier, one.met)
        self._calls.update(dict(day.calls))
        self._talks = {talk.attempt_id: talk for talk in day.talks}
        self._arrived = list(day.arrived)
        self._ticker = Ticker(day.news)
        self._steps = dict(day.steps)
        for entries, touched in kept:
            self._count(entries, touched)

    def forget_question(self) -> None:
        """It could not be answered."""
        self._asked_at = None
        self._since_asked = []

    def _clear(self) -> None:
        self._whole = Spread()
        self._by_rep: dict[str, Spread] = {}
        self._by_hour: dict[int, Spread] = {}
        self._calls: Counter[str] = Counter()
        self._ended: dict[str, tuple[Tier, int, int]] = {}
        """By lead: its tier, clocks met, clocks ended."""
        self._met: dict[Tier, list[int]] = {tier: [0, 0] for tier in Tier}
        self._talks = {}
        self._arrived = []
        self._ticker = Ticker()
        self._steps = {}
        self._made_lines: dict[str, tuple[Lead, Rep | None, str, Line]] = {}
        self._made: dict[str, tuple[tuple[Rep, DeskSeen | None, tuple[int, int]], RepLine]] = {}
        self._shown_hours: tuple[Hour, ...] | None = None
        self._said: dict[str, tuple[datetime, datetime]] = {}
        """By lead, when its last try that was told late was noted, and when it was made."""

    # -- what happens

    def follow(self, changes: Changes) -> None:
        """Take in what a batch changed on the board."""
        if changes.snapshot:
            self._start_afresh(changes.added)
            self._day, self._asked_at, self._since_asked = None, None, []
            return
        for lead in changes.removed:
            self._unlist(lead.id)
        for lead in changes.added:
            self._list(lead)
        for _, lead in changes.changed:
            self._list(lead)
        if not changes.entries:
            return
        if self._asked_at is not None:
            self._since_asked.append((changes.entries, changes.touched))
        if self._day is not None:
            self._count(changes.entries, changes.touched)

    def _start_afresh(self, leads: Iterable[Lead]) -> None:
        waiting = [lead for lead in leads if is_waiting(lead)]
        self._keys = {lead.id: (lead.deadline, lead.id, lead.tier) for lead in waiting if lead.deadline}
        self._order = sorted(key[:2] for key in self._keys.values())
        self._hot = sorted(key[:2] for key in self._keys.values() if key[2] is Tier.HOT)
        self._tiers = Counter(key[2] for key in self._keys.values())

    def _list(self, lead: Lead) -> None:
        key = (lead.deadline, lead.id, lead.tier) if lead.deadline and is_waiting(lead) else None
        if self._keys.get(lead.id) == key:
            return
        self._unlist(lead.id)
        if key is not None:
            self._keys[lead.id] = key
            insort(self._order, key[:2])
            if lead.tier is Tier.HOT:
                insort(self._hot, key[:2])
            self._tiers[lead.tier] += 1

    def _unlist(self, lead_id: str) -> None:
        key = self._keys.pop(lead_id, None)
        if key is None:
            return
        _take_out(self._order, key[:2])
        if key[2] is Tier.HOT:
            _take_out(self._hot, key[:2])
        self._tiers[key[2]] -= 1

    def _count(self, entries: Sequence[Entry], touched: Sequence[Lead]) -> None:
        assert self._day is not None
        leads = {lead.id: lead for lead in touched}
        for lead in touched:
            self._know(lead)
        for entry in entries:
            of = leads.get(entry.lead_id)
            if of is not None and entry.seq > self._day.seq and not of.is_test:
                self._happened(entry, of, self._day)
                self._ticker.take(entry, of)

    def _know(self, lead: Lead) -> None:
        """What is told of a lead is told as it is now."""
        ended = self._ended.get(lead.id)
        if ended is not None and ended[0] is not lead.tier:
            tier, met, all_of_them = ended
            self._ended[lead.id] = (lead.tier, met, all_of_them)
            for which, sign in ((tier, -1), (lead.tier, 1)):
                self._met[which][0] += sign * met
                self._met[which][1] += sign * all_of_them
        self._ticker.rename(lead)

    def _happened(self, entry: Entry, lead: Lead, day: WallDay) -> None:
        match entry.event:
            case LeadCaptured():
                hour = day.span.hour_of(lead.captured_at)
                if hour is not None and not lead.import_id:
                    self._arrived[hour] += 1
                    self._shown_hours = None
            case AttemptStarted() as event:
                at = event.said_at or entry.at
                self._said[lead.id] = (entry.at, at)
                if event.attempt_kind is AttemptKind.CALL and day.since <= at < day.until:
                    self._calls[entry.actor] += 1
                    if event.number == 1:
                        self._first(entry.actor, at, (at - lead.captured_at).total_seconds())
            case ClockStarted(clock=clock) if clock == _FIRST:
                self._steps.pop(lead.id, None)
            case LeadEscalated(clock=clock, what=what) if clock == _FIRST:
                self._steps[lead.id] = what
            case ClockMet(clock=clock) if clock == _FIRST:
                noted, at = self._said.get(lead.id, (entry.at, entry.at))
                if day.since <= (at if noted == entry.at else entry.at) < day.until:
                    self._end(lead.id, lead.tier, True)
            case ClockBreached(clock=clock, deadline=missed) if clock == _FIRST:
                if day.since <= missed < day.until:
                    self._end(lead.id, lead.tier, False)
            case OutcomeLogged() as event:
                self._talks.pop(event.attempt_id, None)
                if event.outcome.is_contact and day.since <= (event.said_at or entry.at) < day.until:
                    booked = event.outcome is Outcome.BOOKED
                    talk = Talk(attempt_id=event.attempt_id, lead_id=lead.id, booked=booked)
                    self._talks[event.attempt_id] = talk
            case OutcomeUndone() as event:
                self._talks.pop(event.attempt_id, None)

    def _first(self, rep_id: str, at: datetime, seconds: float) -> None:
        self._whole.add(seconds)
        self._by_rep.setdefault(rep_id, Spread()).add(seconds)
        hour = self._day.span.hour_of(at) if self._day is not None else None
        if hour is not None:
            self._by_hour.setdefault(hour, Spread()).add(seconds)
            self._shown_hours = None

    def _end(self, lead_id: str, tier: Tier, met: bool) -> None:
        _, was_met, was = self._ended.get(lead_id, (tier, 0, 0))
        self._ended[lead_id] = (tier, was_met + met, was + 1)
        self._met[tier][0] += met
        self._met[tier][1] += 1

    # -- what is shown

    def face(self) -> Face:
        """All that is shown now."""
        day, board = self._day, self._board
        if self._promised[0] is not board.rulebook:
            promises = tuple((rule.tier, rule.sla) for rule in board.rulebook.tiers)
            self._promised = board.rulebook, promises, tuple(map(_told, board.rulebook.chain))
        reps = tuple(sorted(map(self._rep_line, filter(self._sells, board.reps.values())), key=_by_name))
        here = [line for line in reps if line.status is not RepStatus.AWAY]
        talked = {talk.lead_id for talk in self._talks.values()}
        booked = {talk.lead_id for talk in self._talks.values() if talk.booked}
        before = day.before if day else WeekBefore()
        shown = self._lines()
        return Face(
            floor=day.floor if day else "",
            zone=day.zone if day else "",
            known=day is not None,
            on=len(here),
            of=len(reps),
            free=sum(line.status is RepStatus.AVAILABLE for line in here),
            waiting=tuple((tier, self._tiers[tier]) for tier in Tier),
            oldest=self._line(self._hot[0][1]) if self._hot else None,
            lines=shown,
            more=len(self._order) - len(shown),
            median=self._whole.median,
            p90=self._whole.at(0.9),
            median_before=before.median,
            met=tuple((tier, *self._met[tier]) for tier in Tier),  # type: ignore[misc]
            met_before=(before.met, before.ended),
            contacted=len(talked),
            booked=len(booked),
            reps=reps,
            hours=self._hours(),
            news=tuple(reversed(self._ticker.news[-NEWS:])),
            promises=self._promised[1],
            chain=self._promised[2],
        )

    def _rep_line(self, rep: Rep) -> RepLine:
        """Made anew only if something about them has changed: there are many, and mostly one of them did something."""
        desk, spread, calls = self._board.desks.get(rep.id), self._by_rep.get(rep.id), self._calls[rep.id]
        kept = self._made.get(rep.id)
        of = (calls, len(spread.values) if spread else 0)
        if kept is None or kept[0][0] is not rep or kept[0][1] is not desk or kept[0][2] != of:
            made = RepLine(
                rep_id=rep.id,
                name=rep.name,
                status=rep.status,
                since=rep.status_since,
                desk=desk.state if desk else None,
                calls=calls,
                ttfc=spread.median if spread else None,
            )
            kept = self._made[rep.id] = (rep, desk, of), made
        return kept[1]

    def _sells(self, rep: Rep) -> bool:
        """Whether somebody stands on the wall: who sells, and who else of the house works leads today."""
        if not rep.active or rep.role in (Role.ADMIN, Role.PARTNER):
            return False
        return rep.role in _SELLING or rep.status is not RepStatus.AWAY or self._calls[rep.id] > 0

    def _lines(self) -> tuple[Line, ...]:
        """Those next to breach; what is kept of others is forgotten."""
        ids = [lead_id for _, lead_id in self._order[:LINES]]
        lines = tuple(map(self._line, ids))
        if len(self._made_lines) > 2 * LINES:
            self._made_lines = {lead_id: self._made_lines[lead_id] for lead_id in ids}
        return lines

    def _line(self, lead_id: str) -> Line:
        """Made anew only if something about the lead or its owner has changed."""
        lead, step = self._board.leads[lead_id], self._steps.get(lead_id, "")
        owner = self._board.reps.get(lead.owner)
        kept = self._made_lines.get(lead_id)
        if kept is None or kept[0] is not lead or kept[1] is not owner or kept[2] != step:
            kept = self._made_lines[lead_id] = lead, owner, step, _line_of(lead, owner, step)
        return kept[3]

    def _hours(self) -> tuple[Hour, ...]:
        """The hours in which the floor is open, and those before and after in which there was something."""
        if self._day is not None and self._shown_hours is None:
            self._shown_hours = self._made_hours(self._day)
        return self._shown_hours or ()

    def _made_hours(self, day: WallDay) -> tuple[Hour, ...]:
        first, last = day.hours
        busy = [
            n
            for n, label in enumerate(day.labels)
            if self._arrived[n] or n in self._by_hour or day.before.leads[label] or first <= label <= last
        ]
        shown = range(busy[0], busy[-1] + 1) if busy else range(0)
        return tuple(
            Hour(
                label=day.labels[n],
                leads=self._arrived[n],
                ttfc=self._by_hour[n].median if n in self._by_hour else None,
                leads_before=day.before.leads[day.labels[n]],
                ttfc_before=day.before.medians[day.labels[n]],
                since=day.since + timedelta(hours=n),
            )
            for n in shown
        )


def _line_of(lead: Lead, owner: Rep | None, step: str) -> Line:
    assert lead.deadline is not None
    return Line(
        lead_id=lead.id,
        tier=lead.tier,
        who=lead.name or lead.email or lead.phone,
        company=lead.company,
        deadline=lead.deadline,
        late=lead.clock is ClockState.BREACHED,
        paused_until=lead.paused_until if lead.clock is ClockState.RUNNING else None,
        owner=lead.owner,
        owner_name=owner.name if owner else "",
        offered=len(lead.offered),
        step=step if lead.clock is ClockState.BREACHED else "",
    )


def _by_name(line: RepLine) -> tuple[str, str]:
    return line.name.casefold(), line.rep_id


def _told(step: Step) -> tuple[str, int]:
    return step.kind.value, step.after


def _take_out(order: list[tuple[datetime, str]], key: tuple[datetime, str]) -> None:
    place = bisect_left(order, key)
    if place < len(order) and order[place] == key:
        del order[place]
