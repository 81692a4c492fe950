"""A practice floor: invented people write in, some reps call back fast, some do not.

One list of things to come, in floor time, drives everything. First it is played through at once, so that the
floor has had a morning when the window opens; then it goes on at the pace of the floor's clock, with inquiries
that come in by the real capture endpoint. The other reps are played; the person at the desk is not: what goes to
them waits for them. Same seed, same people.
"""

from __future__ import annotations

import heapq
import http.client
import json
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from urllib.parse import urlencode, urlsplit

from app.clock import Clock, HandClock, new_id
from app.domain.commands import (
    AddNote,
    AddRep,
    AddSource,
    CaptureInquiry,
    EndAttempt,
    KeepClocks,
    LogOutcome,
    PublishRulebook,
    SaveDraft,
    SetStatus,
    StartAttempt,
)
from app.domain.errors import AppError, Refused
from app.domain.inquiry import Inquiry
from app.domain.lead import AttemptKind, Lead, Outcome, RepStatus, Role
from app.domain.questions import AllSources, NextDue
from app.floor.board import Board
from app.floor.local import LocalFloor
from app.floor.queue import Queue
from app.floor.wall_face import is_waiting
from app.store.book import Book, start_floor
from app.workers.people import Inventee, invent, shape
from app.workers.practice_past import bring_past
from app.workers.practice_rules import draft_of, live_of

_log = logging.getLogger(__name__)
MORNING = timedelta(minutes=100)
"""How much of a day is played before the window opens."""
SEED = 12
"""Of the practice floor that a newcomer sees, and of its pictures."""
BETWEEN_SECONDS, CROWD = 54.0, 8
"""Mean seconds between two inquiries; more when more leads than the second number wait for their first call."""
FRESH = timedelta(seconds=23)
"""How old the first lead is that waits for the person at the desk."""
_PAST_AFTER, _BREATH = 5.0, 0.1
"""Seconds until the past comes in behind the window, and between two lots of it."""
YOU = ("Mara Keller", Role.MANAGER)
OTHERS = (
    # name, role, seconds until they pick up (median), chance to be at the desk when they look up
    ("Jonas Weber", Role.REP, 14.0, 0.985),
    ("Ana Pereira", Role.REP, 20.0, 0.98),
    ("Kim Tran", Role.REP, 26.0, 0.975),
    ("Leo Martin", Role.REP, 32.0, 0.97),
    ("Sam Osei", Role.REP, 90.0, 0.92),
    ("Nina Falk", Role.REP, 18.0, 0.98),
    ("Owen Blake", Role.REP, 28.0, 0.97),
    ("Ida Nyberg", Role.OWNER, 600.0, 0.0),
    ("Pacific Racks", Role.PARTNER, 600.0, 0.0),
)
_WAYS = (("Quote form", "form"), ("Google Ads", "google"), ("Partner portal", "json"))
_ENDINGS = (
    # outcome, its chance, seconds it takes
    (Outcome.NO_ANSWER, 0.30, 35), (Outcome.VOICEMAIL, 0.16, 50), (Outcome.CALL_BACK, 0.14, 120),
    (Outcome.BOOKED, 0.22, 330), (Outcome.UNFIT, 0.08, 150), (Outcome.LOST, 0.04, 200), (Outcome.WON, 0.06, 420),
)  # fmt: skip
_NOTES = (
    "Wants delivery before the end of the month.",
    "Decides together with the finance director.",
    "Has an offer from a competitor, six weeks lead time.",
    "Prefers to be called in the morning.",
)
_WHY = ("Too small for us", "Only wants spare parts", "Outside our region")


class Practice:
    """The life of one practice floor. `prepare`, then open the floor, then `live`; `stop` ends it."""

    def __init__(self, address: str, *, seed: int) -> None:
        """`seed` 0 is that of the pictures."""
        self.address = address
        self.me = ""
        self._seed = seed or SEED
        self._random = Random(self._seed)  # noqa: S311 - the practice floor's days are repeated from a seed
        self._order = count()
        self._coming: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._number = count(1)
        self._sources: dict[str, tuple[str, str]] = {}
        self._reps: dict[str, tuple[float, float]] = {}
        self._queues: dict[str, Queue] = {}
        self._calls: dict[str, str] = {}
        self._board = Board()
        self._floor: LocalFloor
        self._url = ""
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    # the morning, played at once

    def prepare(self, until: datetime, *, quiet: bool = False, past: bool = False) -> None:
        """Make the floor and play its morning; `until` is when the window opens. On a `quiet` one nobody writes. With
        `past` the ninety days before are there too, which takes some seconds."""
        clock = HandClock(until - MORNING)
        start_floor(self.address, "Practice floor", clock.now())
        book = Book(self.address)
        self._floor = LocalFloor(book, clock, "admin")
        try:
            self._people(clock)
            if past:
                bring_past(self._floor, clock.now(), seed=self._seed)
                self._catch_up(clock.now())
            if not quiet:
                self._at(clock.now(), self._inquiry)
                self._at(until - FRESH, self._one_for_you)
            for rep_id in self._reps:
                self._at(clock.now() + self._seconds(20), partial(self._look, rep_id))
            self._at(clock.now(), self._my_morning)
            while True:
                due = self._floor.ask(NextDue()).at or until
                instant = min(self._coming[0][0], due, until)
                clock.set(max(instant, clock.now()))
                if instant >= until:
                    break
                if due <= clock.now():
                    self._floor.as_actor("keeper").do(KeepClocks())
                else:
                    self._step(clock.now())
            self._catch_up(clock.now())
        finally:
            self._floor.close()

    def _people(self, clock: Clock) -> None:
        self.me = self._floor.do(AddRep(name=YOU[0], role=YOU[1])).value.id
        ids = {YOU[0]: self.me}
        for name, role, pace, presence in OTHERS:
            rep_id = ids[name] = self._floor.do(AddRep(name=name, role=role)).value.id
            if role == Role.REP:
                self._reps[rep_id] = (pace, presence)
        for name, channel in _WAYS:
            self._floor.do(AddSource(name=name, channel=channel))
        for line in self._floor.ask(AllSources()).lines:
            self._sources[line.source.channel] = (line.source.id, line.source.key)
        live = live_of(ids)
        self._as(ids["Ida Nyberg"]).do(PublishRulebook(rulebook=live))
        self._as(self.me).do(SaveDraft(rulebook=draft_of(live, ids)))
        for rep_id in (*self._reps, self.me):
            self._as(rep_id).do(SetStatus(status=RepStatus.AVAILABLE))
            self._queues[rep_id] = Queue(rep_id)
        self._catch_up(clock.now())

    def _one_for_you(self, now: datetime) -> None:
        """Somebody eager writes in just before the window opens, and it is your turn: that is what you came for."""
        for _ in range(len(self._reps) + 2):
            made = self._send(invent(self._random, next(self._number), warmth=2), "google", now)
            self._catch_up(now)
            if made and self._board.leads[made].owner == self.me:
                return

    def _my_morning(self, now: datetime) -> None:
        """The person at the desk had calls in the morning too, and stopped a few minutes ago."""
        self._reps[self.me] = (24.0, 1.0)
        self._at(now + self._seconds(5), partial(self._look, self.me))
        self._at(now + MORNING - timedelta(minutes=5), self._my_morning_ends)

    def _my_morning_ends(self, _now: datetime) -> None:
        self._reps.pop(self.me, None)

    # from now on, at the pace of the clock

    def live(self, floor: LocalFloor, clock: Clock, url: str) -> None:
        """Go on in the open floor; inquiries are sent to the capture endpoints at `url`."""
        self._floor, self._url = floor, url
        self._threads = [
            threading.Thread(target=self._run, args=(clock,), name="practice"),
            threading.Thread(target=self._remember, args=(clock.now() - MORNING,), name="practice-past"),
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, clock: Clock) -> None:
        while not self._ended.is_set():
            wait = clock.seconds_until(self._coming[0][0])
            if wait > 0 and self._ended.wait(wait):
                return
            try:
                self._step(clock.now())
            except (AppError, OSError) as error:
                _log.warning("practice: %s", error)

    def _remember(self, now: datetime) -> None:
        """Bring in what was before `now`, behind a window that is in use: with a breath after each lot."""
        if self._ended.wait(_PAST_AFTER):
            return
        try:
            bring_past(self._floor, now, seed=self._seed, go_on=lambda: not self._ended.wait(_BREATH))
        except (AppError, OSError) as error:
            _log.warning("practice: %s", error)

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    # things to come

    def _at(self, instant: datetime, act: Callable[[datetime], None]) -> None:
        heapq.heappush(self._coming, (instant, next(self._order), act))

    def _seconds(self, median: float) -> timedelta:
        """A time around a median, as people's times are: rarely much shorter, sometimes much longer."""
        return timedelta(seconds=median * self._random.lognormvariate(0, 0.45))

    def _step(self, now: datetime) -> None:
        _, _, act = heapq.heappop(self._coming)
        self._catch_up(now)
        act(now)

    def _catch_up(self, now: datetime) -> None:
        """Bring the played reps' queues up to date."""
        while True:
            batch = self._floor.batch_after(self._board.cursor if self._board.cursor >= 0 else None)
            if batch is None:
                break
            changes = self._board.apply(batch)
            for queue in self._queues.values():
                if changes.snapshot:
                    queue.reset(tuple(self._board.leads.values()), now, self._board.rulebook)
                else:
                    queue.apply(changes, now)
            if batch.snapshot:
                break
        for queue in self._queues.values():
            queue.advance(now)

    def _as(self, rep_id: str) -> LocalFloor:
        return self._floor.as_actor(rep_id)

    # what happens

    def _inquiry(self, now: datetime) -> None:
        """Somebody writes in; the next one is on their way."""
        waiting = sum(map(is_waiting, self._board.leads.values()))
        between = self._random.expovariate(1 / BETWEEN_SECONDS) * max(1.0, waiting / CROWD)
        self._at(now + timedelta(seconds=between), self._inquiry)
        channel = self._random.choices(("form", "google", "json"), (5, 3, 2))[0]
        if self._random.random() < 0.02:
            self._deliver("json", shape(self._random), "application/json", now)
        else:
            self._send(invent(self._random, next(self._number)), channel, now)

    def _send(self, person: Inventee, channel: str, now: datetime) -> str:
        """An inquiry comes in by a channel; the lead it became, where that is told."""
        if channel == "google":
            return self._deliver(channel, json.dumps(person.google()).encode(), "application/json", now)
        if channel == "json":
            return self._deliver(channel, json.dumps(person.form()).encode(), "application/json", now)
        return self._deliver(
            channel, urlencode(person.form()).encode(), "application/x-www-form-urlencoded", now
        )

    def _deliver(self, channel: str, body: bytes, kind: str, now: datetime) -> str:
        source_id, key = self._sources[channel]
        if self._url:
            self._post(f"/capture/{channel}/{key}", body, kind)
            return ""
        inquiry = Inquiry(
            id=new_id(), channel=channel, source_id=source_id, raw=body, content_type=kind, received_at=now
        )
        return self._floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry)).value.lead_id

    def _post(self, path: str, body: bytes, kind: str) -> None:
        place = urlsplit(self._url)
        connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=10)
        try:
            connection.request("POST", path, body, {"Content-Type": kind})
            connection.getresponse().read()
        finally:
            connection.close()

    def _look(self, rep_id: str, now: datetime) -> None:
        """A played rep looks at the screen: calls the next lead, or takes a break, or comes back from one."""
        played = self._reps.get(rep_id)
        if played is None:
            return
        pace, presence = played
        desk = self._as(rep_id)
        if self._board.reps[rep_id].status == RepStatus.BREAK or self._random.random() > presence:
            away = self._board.reps[rep_id].status == RepStatus.BREAK
            desk.do(SetStatus(status=RepStatus.AVAILABLE if away else RepStatus.BREAK))
            self._at(now + self._seconds(pace if away else 300), partial(self._look, rep_id))
            return
        lead = self._board.leads.get(self._queues[rep_id].first or "")
        if lead is None or lead.no_call or not self._reach(desk, lead):
            self._at(now + self._seconds(pace), partial(self._look, rep_id))
            return
        outcome = self._ending(lead)
        talk = self._seconds(next(seconds for kind, _, seconds in _ENDINGS if kind == outcome))
        self._at(now + talk, partial(self._hang_up, rep_id, lead, outcome))

    def _reach(self, desk: LocalFloor, lead: Lead) -> bool:
        """Call the lead, or write where there is no number; whether a call is running now."""
        kind = AttemptKind.CALL if lead.phone else AttemptKind.EMAIL
        try:
            call = desk.do(StartAttempt(lead_id=lead.id, kind=kind)).value
        except Refused:
            return False
        self._calls[lead.id] = call.attempt_id
        return kind == AttemptKind.CALL

    def _ending(self, lead: Lead) -> Outcome:
        weights = [chance for _, chance, _ in _ENDINGS]
        outcome = self._random.choices([kind for kind, _, _ in _ENDINGS], weights)[0]
        # nobody buys on the first call
        return Outcome.BOOKED if outcome == Outcome.WON and lead.attempts == 0 else outcome

    def _hang_up(self, rep_id: str, lead: Lead, outcome: Outcome, now: datetime) -> None:
        self._as(rep_id).do(EndAttempt(attempt_id=self._calls.pop(lead.id)))
        self._at(now + self._seconds(12), partial(self._wrap_up, rep_id, lead, outcome))

    def _wrap_up(self, rep_id: str, lead: Lead, outcome: Outcome, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        at = None
        if outcome == Outcome.BOOKED:
            at = hour + timedelta(hours=self._random.randrange(18, 100))
        elif outcome == Outcome.CALL_BACK:
            at = now + timedelta(minutes=self._random.choice((15, 30, 60, 120)))
        desk = self._as(rep_id)
        reason = self._random.choice(_WHY) if outcome in (Outcome.UNFIT, Outcome.LOST) else ""
        amount = self._random.randrange(12, 240) * 10_000 if outcome == Outcome.WON else None
        desk.do(LogOutcome(lead_id=lead.id, outcome=outcome, at=at, reason=reason, amount=amount))
        if outcome.is_contact and self._random.random() < 0.5:
            desk.do(AddNote(lead_id=lead.id, text=self._random.choice(_NOTES)))
        pace = self._reps.get(rep_id, (60.0, 0.0))[0]
        self._at(now + self._seconds(pace), partial(self._look, rep_id))
