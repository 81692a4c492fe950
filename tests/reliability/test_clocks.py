"""R13: computers whose clocks are wrong, are moved, or sleep: what is late is decided on the floor's time alone.

Time is in the tester's hand, that of the computers and that of the database: a function of its own stands before
PostgreSQL's `clock_timestamp()`. A decision is a mistake where a clock is called missed that was not, or met that
was not; a countdown may be off by a second once its desk has heard the floor's time.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from app import clock as clocks
from app.clock import FloorClock, HandClock
from app.domain.commands import AddRep, HoldLease, KeepClocks, LogOutcome, PublishRulebook
from app.domain.errors import LeaseLost
from app.domain.lead import ClockState, Lead, Outcome, RepStatus
from app.domain.rulebook import DEFAULT
from app.floor.local import LocalFloor
from app.floor.remote import RemoteFloor
from app.server.desks import DeskFace
from app.server.face import fast_loop
from app.store.book import Book, start_floor
from app.ui.times import MINUS, countdown, time_of_day
from tests.floor.conftest import KINDS, house
from tests.floor.many import add_due
from tests.floor.stand import Stand
from tests.fresh import NAME, START, fresh_floor
from tests.reliability.doors import known
from tests.reliability.trial import Trial

WEEK_S = 7 * 86400.0
HEAR_S = 10.0
BEGIN = START + timedelta(days=365)
"""Here it begins, so that no step leads to before the floor was made."""
DRIFT = 50e-6
"""By how much a computer's clock may be quick or slow."""
NEAR = (-40.0, -3.0, 3.0, 40.0)
"""Deadlines, in seconds from now, that are looked at whenever something is decided."""
pytestmark = pytest.mark.timeout(600)

FAKE = """
CREATE SCHEMA wrong;
CREATE TABLE wrong.clock (at timestamptz);
INSERT INTO wrong.clock VALUES ('{at}');
CREATE FUNCTION wrong.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at FROM wrong.clock';
ALTER DATABASE "{database}" SET search_path = wrong, pg_catalog, public
"""


class World:
    """A floor on PostgreSQL whose time, and that of every computer, is in the tester's hand."""

    def __init__(self, url: str, trial: Trial, patch: pytest.MonkeyPatch) -> None:
        start_floor(url, NAME, START)
        self.chance = trial.random
        self.trial = trial
        self.seconds = 0.0
        """How much time has truly passed."""
        self.ahead = 0.0
        """By how much the database's clock was moved."""
        self._line = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        fake = FAKE.format(at=BEGIN.isoformat(), database=url.rpartition("/")[2])
        for statement in fake.strip().split(";\n"):
            self._line.execute(statement.encode())
        patch.setattr(clocks, "_steady", lambda: 5000.0 + self.seconds * (1 + self.drift))
        self.drift = 0.0
        self.book = Book(url)
        admin = LocalFloor(self.book, HandClock(START), "admin")
        self.rep = admin.do(AddRep(name="Ana")).value.id
        admin.do(PublishRulebook(rulebook=replace(DEFAULT, chain=())))
        self.worst = 0.0
        self.decisions = self.mistakes = 0

    @property
    def database_time(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds + self.ahead)

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self._set()

    def move_clock(self, seconds: float) -> None:
        """Of the database's computer."""
        self.ahead += seconds
        self._set()

    def _set(self) -> None:
        self._line.execute("UPDATE wrong.clock SET at = %s", (self.database_time,))

    def computer(self, skew: float) -> LocalFloor:
        """The floor as opened on a computer whose clock is wrong by so much."""
        return LocalFloor(self.book, FloorClock(at=self.database_time + timedelta(seconds=skew)), "admin")

    def look_at_countdowns(self, clock: FloorClock, truth: datetime) -> None:
        """How far off is what a desk with this clock draws."""
        for seconds in (-125, -3, 0, 7, 59, 3000):
            drawn = countdown(truth + timedelta(seconds=seconds), clock.now())
            off = abs(seconds_of(drawn) - seconds)
            self.worst = max(self.worst, off)
            assert off <= 1, f"{drawn} where {seconds} s are left"

    def decide(self, desk: LocalFloor, keeper: LocalFloor, truth: datetime, epoch: int = 0) -> None:
        """Half of the leads are called by a rep, the others looked at by a keeper; each must be judged truly."""
        deadlines = [truth + timedelta(seconds=seconds) for seconds in NEAR]
        called = [add_due(self.book, 1, deadline)[0] for deadline in deadlines]
        for lead in called:
            desk.as_actor(self.rep).do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
        left = [add_due(self.book, 1, deadline)[0] for deadline in deadlines]
        keeper.as_actor("keeper").do(KeepClocks(epoch=epoch))
        for leads, in_time in ((called, ClockState.MET), (left, ClockState.RUNNING)):
            for lead, seconds in zip(leads, NEAR, strict=True):
                self._judge(lead, ClockState.BREACHED if seconds <= 0 else in_time)
        for lead in left:  # nobody's clock is left for the next time
            if self.lead(lead).clock == ClockState.RUNNING:
                desk.as_actor(self.rep).do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))

    def lead(self, lead: Lead) -> Lead:
        with self.book.reading() as r:
            return r.lead(lead.id)

    def _judge(self, lead: Lead, wanted: ClockState) -> None:
        now = self.lead(lead)
        self.decisions += 1
        mistaken = now.clock != wanted or (wanted == ClockState.BREACHED and now.breached_at != lead.deadline)
        self.mistakes += mistaken
        assert not mistaken, f"{now.clock} instead of {wanted} at {self.seconds} s, moved by {self.ahead} s"

    def close(self) -> None:
        self.trial.found(decisions=self.decisions, mistakes=self.mistakes)
        self.trial.worst(seconds_off=self.worst)
        self.book.close()
        self._line.close()


def seconds_of(drawn: str) -> int:
    """What a countdown of minutes and seconds says."""
    found = re.fullmatch(rf"({MINUS}?)(\d+):(\d\d)", drawn)
    assert found is not None, drawn
    return (-1 if found[1] else 1) * (60 * int(found[2]) + int(found[3]))


@pytest.fixture
def world(pg_url: str, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(pg_url, trial, monkeypatch)
    yield made
    made.close()


@pytest.mark.trial("R13", ci=10, full=100, short=4, unit="skews of up to 7 days")
def test_a_wrong_clock_decides_nothing(world: World, trial: Trial) -> None:
    """The desk's, the keeper's, and the server's with a desk behind it, each wrong in its own way."""
    for _ in range(trial.size):
        skew = partial(world.chance.uniform, -WEEK_S, WEEK_S)
        desk, keeper, server = (world.computer(skew()) for _ in range(3))
        for floor in (desk, keeper, server):
            floor.hear_time()
        world.look_at_countdowns(desk._clock, world.database_time)  # type: ignore[arg-type]
        face = DeskFace(server, server._clock, known, port=0, new_loop=fast_loop())
        face.start()
        try:
            own = FloorClock(at=world.database_time + timedelta(seconds=skew()))
            with closing(RemoteFloor([face.url], world.rep, clock=own)) as remote:
                remote.set_clock()
                world.look_at_countdowns(own, world.database_time)
        finally:
            face.stop()
        world.decide(desk, keeper, world.database_time)
        world.decide(server, server, world.database_time)
        world.pass_time(world.chance.uniform(1, 3600))


@pytest.mark.trial("R13", ci=6, full=50, short=4, unit="steps of the floor's clock")
def test_a_floors_clock_that_is_moved_makes_nobody_late(world: World, trial: Trial) -> None:
    """A short step is followed at once; a leap only once it stood for a minute, and not if it is put right before."""
    desk, keeper = world.computer(0), world.computer(0)

    def go_on(seconds: float) -> None:
        world.pass_time(seconds)
        for floor in (desk, keeper):
            floor.hear_time()

    for number in range(trial.size):
        for _ in range(3):
            go_on(HEAR_S)
        kind = ("short", "mistake", "leap")[number % 3]
        sign = world.chance.choice((-1, 1))
        step = sign * world.chance.uniform(1, 280 if kind == "short" else WEEK_S)
        step += sign * 310 if kind != "short" else 0
        truth_ahead = world.ahead
        world.move_clock(step)
        if kind == "mistake":
            for _ in range(world.chance.randint(1, 5)):
                go_on(HEAR_S)
                truth = BEGIN + timedelta(seconds=world.seconds + truth_ahead)
                world.look_at_countdowns(desk._clock, truth)  # type: ignore[arg-type]
                world.decide(desk, keeper, truth)
            world.move_clock(-step)
        elif kind == "leap":
            for _ in range(8):
                go_on(HEAR_S)
        go_on(HEAR_S)
        world.look_at_countdowns(desk._clock, world.database_time)  # type: ignore[arg-type]
        world.decide(desk, keeper, world.database_time)


@pytest.mark.trial("R13", ci=4, full=20, short=2, unit="suspends")
def test_a_computer_that_slept_decides_nothing_of_what_passed(world: World, trial: Trial) -> None:
    """The keeper's computer sleeps; another one keeps meanwhile, and what the sleeper had begun is void."""
    for number in range(trial.size):
        world.drift = world.chance.uniform(-DRIFT, DRIFT)
        sleeper, other = world.computer(0), world.computer(0)
        for floor in (sleeper, other):
            floor.hear_time()
        first = _hold(sleeper, f"sleeper {number}")
        world.decide(sleeper, sleeper, world.database_time, first)
        world.pass_time(world.chance.uniform(60, 8 * 3600))  # asleep
        other.hear_time()
        second = _hold(other, f"other {number}")
        late = add_due(world.book, 1, world.database_time - timedelta(seconds=5))
        with pytest.raises(LeaseLost):  # it wakes up in the middle of a round, with the epoch that it had
            sleeper.as_actor("keeper").do(KeepClocks(epoch=first))
        assert world.lead(late[0]).clock == ClockState.RUNNING
        sleeper.hear_time()
        world.look_at_countdowns(sleeper._clock, world.database_time)  # type: ignore[arg-type]
        world.decide(sleeper, other, world.database_time, second)
        world.pass_time(60)  # nobody holds the lease any more


def _hold(floor: LocalFloor, holder: str) -> int:
    held = floor.as_actor("keeper").do(HoldLease(holder=holder, place=holder, seconds=15.0, rank=0))
    assert held.value.epoch
    return held.value.epoch


ZONES = {
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Europe/London": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "Europe/Berlin": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "Australia/Sydney": (datetime(2026, 4, 4, 16, tzinfo=UTC), datetime(2026, 10, 3, 16, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "America/Santiago": (datetime(2026, 4, 5, 3, tzinfo=UTC), datetime(2026, 9, 6, 4, tzinfo=UTC)),
}
"""When the clocks there change."""
CHANGES = [(zone, at) for zone, both in ZONES.items() for at in both]


@pytest.fixture
def zone() -> Iterator[None]:
    """This computer's zone is put back."""
    before = os.environ.get("TZ")
    yield
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.mark.trial("R13", ci=4, full=12, short=2, unit="changes of summer time")
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="a process can't change its zone here")
@pytest.mark.parametrize("kind", ["local on sqlite", "local on postgresql"])
def test_an_hour_is_an_hour_when_the_clocks_change(
    kind: str, trial: Trial, tmp_path: Path, request: pytest.FixtureRequest, zone: None
) -> None:
    for number, (name, change) in enumerate(trial.random.sample(CHANGES, trial.size)):
        there, before = (at.astimezone(ZoneInfo(name)) for at in (change, change - timedelta(seconds=1)))
        assert there.utcoffset() != before.utcoffset()
        os.environ["TZ"] = name
        time.tzset()
        folder = tmp_path / str(number)
        folder.mkdir()
        clock = HandClock(change - timedelta(minutes=30))
        with fresh_floor(KINDS[kind], folder, lambda: request.getfixturevalue("pg_cluster")) as address:
            stand = Stand(house(kind, address, clock), clock)
            try:
                _over_the_change(stand, trial.random)
            finally:
                stand.close()
        trial.found(decisions=3, mistakes=0)


def _over_the_change(stand: Stand, chance: random.Random) -> None:
    """Half an hour before and half an hour after: the promise is of one hour."""
    hour = tuple(replace(tier, sla=3600) for tier in DEFAULT.tiers)
    stand.publish(replace(DEFAULT, tiers=hour, chain=()))
    rep = stand.rep("Ana", status=RepStatus.AWAY)
    began = stand.clock.now()
    late, called = stand.new_lead(), stand.new_lead()
    assert late.deadline == began + timedelta(hours=1)
    for minutes in sorted(chance.sample(range(1, 59), 6)):
        now = began + timedelta(minutes=minutes)
        stand.clock.set(now)
        assert late.deadline is not None
        assert seconds_of(countdown(late.deadline, now)) == (60 - minutes) * 60
        assert time_of_day(now) == f"{now.astimezone(ZoneInfo(os.environ['TZ'])):%H:%M}"
    stand.clock.set(began + timedelta(seconds=3599))
    assert stand.keep().breached == 0
    stand.call(rep, called.id)
    stand.clock.set(began + timedelta(hours=1))
    assert stand.keep().breached == 1
    assert stand.lead(late.id).breached_at == late.deadline == began + timedelta(hours=1)
    assert stand.lead(called.id).clock == ClockState.MET
