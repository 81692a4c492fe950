"""Board and queue: whatever batches come and however time passes, they are as if made afresh."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter  # noqa: TID251 - it is the cost that is tested

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.lead import Alarm, ClockState, Lead, Outcome, Rep, Stage, Tier
from app.domain.rulebook import DEFAULT, Rulebook
from app.floor import queue as queue_module
from app.floor.board import Board, Changes, FeedHole
from app.floor.floor import Batch
from app.floor.queue import Moves, Queue
from tests.domain.order_leads import ME, NOON, OTHER, leads

FLAT = replace(DEFAULT, version=2, guard_seconds=600, guard_share=0.5)


def batch(first: int, last: int, *many: Lead, **said: object) -> Batch:
    return Batch(first=first, last=last, at=NOON, leads=many, **said)  # type: ignore[arg-type]


def snapshot(last: int, *many: Lead, **said: object) -> Batch:
    return batch(last, last, *many, snapshot=True, **said)


def lead(id: str, version: int = 1, **said: object) -> Lead:
    base = Lead(id=id, version=version, captured_at=NOON, owner=ME)
    return replace(base, **said)  # type: ignore[arg-type]


# the board


def test_a_batch_says_what_it_changed() -> None:
    board = Board()
    board.apply(snapshot(7, lead("stays"), lead("goes"), lead("changes")))
    changes = board.apply(
        batch(8, 10, lead("new"), lead("goes", 2, stage=Stage.WON), lead("changes", 2, score=9))
    )
    assert [one.id for one in changes.added] == ["new"]
    assert [(was.score, now.score) for was, now in changes.changed] == [(0, 9)]
    assert [one.stage for one in changes.removed] == [Stage.WON]
    assert set(board.leads) == {"stays", "new", "changes"}
    assert board.cursor == 10


def test_a_hole_in_the_feed_is_noticed_and_a_snapshot_heals_it() -> None:
    board = Board()
    with pytest.raises(FeedHole):
        board.apply(batch(1, 1))
    board.apply(snapshot(3))
    with pytest.raises(FeedHole):
        board.apply(batch(5, 5, lead("a")))
    assert board.apply(snapshot(5, lead("a"))).snapshot
    assert set(board.leads) == {"a"}


def test_a_late_or_doubled_batch_does_no_harm() -> None:
    board = Board()
    board.apply(snapshot(0))
    early, late = batch(1, 2, lead("a")), batch(2, 3, lead("a", 2, stage=Stage.LOST), reps=())
    board.apply(early)
    board.apply(late)
    assert board.apply(early) == Changes()
    assert board.apply(batch(3, 4, lead("a"))).added == ()
    assert not board.leads


def test_what_stands_around_the_leads_is_kept_until_it_changes() -> None:
    board = Board()
    rep = Rep(id=ME, name="Mara", status_since=NOON)
    alarm = Alarm(id="x", name="nobody_free", lead_id="a", text="No one can take it", raised_at=NOON)
    board.apply(snapshot(0, reps=(rep,), alarms=(), in_review=2, rulebook=FLAT))
    changes = board.apply(batch(1, 1, alarms=(alarm,)))
    assert (changes.reps, changes.alarms, changes.review, changes.rulebook) == (False, True, False, None)
    assert (board.reps, board.alarms, board.in_review, board.rulebook) == ({ME: rep}, (alarm,), 2, FLAT)


# the queue


class World:
    """Says what happens to a floor; keeps what a fresh look at it would see."""

    def __init__(self, many: Iterable[Lead], rulebook: Rulebook) -> None:
        self.now = NOON
        self.board = Board()
        self.leads = {one.id: replace(one, version=1) for one in many}
        self.rulebook = rulebook
        self.seq = 1
        self.queue = Queue(ME)
        self.view: list[str] = []
        self.take(snapshot(1, *self.open(), rulebook=rulebook))

    def open(self) -> list[Lead]:
        return [one for one in self.leads.values() if one.is_open]

    def take(self, came: Batch) -> None:
        self.follow(self.queue.apply(self.board.apply(came), self.now))

    def change(self, many: Sequence[Lead], rulebook: Rulebook | None) -> None:
        touched = {}
        for one in many:
            known = self.leads.get(one.id)
            touched[one.id] = self.leads[one.id] = replace(one, version=known.version + 1 if known else 1)
        self.rulebook = rulebook or self.rulebook
        self.take(batch(self.seq + 1, self.seq + 3, *touched.values(), rulebook=rulebook))
        self.seq += 3

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.follow(self.queue.advance(self.now))

    def follow(self, moves: Moves) -> None:
        """Do to a view's rows what the queue says it did, and see that both agree."""
        if moves.reset:
            self.view = list(self.queue.rows)
        for row in moves.removed_rows:
            del self.view[row]
        for row in moves.inserted_rows:
            self.view.insert(row, self.queue.rows[row])
        assert self.view == self.queue.rows
        assert all(0 <= row < len(self.view) for row in moves.changed_rows)

    def check(self) -> None:
        fresh = Queue(ME)
        fresh._picks = self.queue._picks
        fresh.reset(self.open(), self.now, self.rulebook)
        assert self.queue.rows == fresh.rows
        assert self.queue.split == fresh.split
        assert self.queue.first == fresh.first
        assert self.queue.next_change == fresh.next_change
        for row, lead_id in enumerate(fresh.rows):
            assert self.queue.row_of(lead_id) == row
            assert self.queue.place_of(lead_id) == fresh.place_of(lead_id)
            assert self.queue.lead_of(lead_id) == self.leads[lead_id]
            assert lead_id in self.queue
        assert len(self.queue) == len(fresh)


floors = st.lists(leads(), min_size=5, max_size=25)
changes = st.tuples(st.lists(leads(), min_size=1, max_size=6), st.sampled_from((None, None, DEFAULT, FLAT)))
waits = st.none() | st.sampled_from((0.0, 0.001, 30.0, 60.0, 900.0))
"""None: until something happens by itself."""


@given(floors, st.lists(changes | waits, min_size=2, max_size=8), st.sampled_from((3, 200)))
def test_any_history_ends_where_a_fresh_look_ends(
    begin: list[Lead], history: list[tuple[list[Lead], Rulebook | None] | float | None], many: int
) -> None:
    usual, queue_module.MANY = queue_module.MANY, many
    try:
        world = World(begin, DEFAULT)
        world.check()
        for step in history:
            if isinstance(step, tuple):
                world.change(*step)
            else:
                next_change = world.queue.next_change or world.now
                world.wait(step if step is not None else (next_change - world.now).total_seconds())
            world.check()
    finally:
        queue_module.MANY = usual


STEPS = 45
"""What a lead's worth takes within two hours: each time its age, with the shift of two minutes, has grown by a tenth
."""


@given(floors)
@settings(max_examples=30)
def test_one_long_sleep_is_as_many_short_ones(begin: list[Lead]) -> None:
    world = World(begin, DEFAULT)
    woken = 0
    while (at := world.queue.next_change) is not None and at < NOON + timedelta(hours=2):
        assert at > world.now
        world.now = at
        moves = world.queue.advance(at)
        assert moves, "it was woken for nothing"
        world.follow(moves)
        woken += 1
        if woken % 10 == 0:
            world.check()
    assert woken <= (6 + STEPS) * len(begin)
    world.check()


def test_a_lead_that_stays_in_its_row_is_changed_and_not_moved() -> None:
    queue = Queue(ME)
    queue.reset([lead("a", score=90), lead("b", score=50), lead("c", score=10)], NOON, DEFAULT)
    b = queue.lead_of("b")
    moves = queue.apply(Changes(changed=((b, replace(b, score=60)),)), NOON)
    assert moves == Moves(changed_rows=(1,))
    moves = queue.apply(Changes(changed=((b, replace(b, score=95)),)), NOON)
    assert moves == Moves(removed_rows=(1,), inserted_rows=(0,))
    assert queue.rows == ["b", "a", "c"]


def test_a_lead_taken_by_somebody_else_is_gone() -> None:
    queue = Queue(ME)
    queue.reset([lead("a", owner=""), lead("b")], NOON, DEFAULT)
    a = queue.lead_of("a")
    assert queue.apply(Changes(changed=((a, replace(a, owner=OTHER)),)), NOON).removed_rows == (0,)
    assert "a" not in queue


def test_time_that_goes_back_counts_as_none() -> None:
    queue = Queue(ME)
    deadline = NOON + timedelta(seconds=30)
    hot = lead("a", clock=ClockState.RUNNING, sla_seconds=60, deadline=deadline, tier=Tier.HOT)
    queue.reset([hot], NOON, DEFAULT)
    queue.advance(deadline)
    reason = queue.place_of("a").reason
    queue.apply(Changes(changed=((hot, replace(hot, score=1)),)), NOON)
    assert queue.place_of("a").reason == reason


# size


def floor_of(count: int) -> list[Lead]:
    """A floor's usual mix, with deadlines and retries that fall one after the other."""

    def one(number: int) -> Lead:
        at = NOON - timedelta(seconds=number * 7 % 80_000)
        calls = number % 3 == 1
        return Lead(
            id=f"{number:07d}",
            owner=ME,
            captured_at=at,
            score=number * 37 % 100,
            clock=ClockState.NONE if number % 3 else ClockState.RUNNING,
            sla_seconds=3600,
            deadline=NOON + timedelta(seconds=number % 90_000 + 1),
            attempts=int(calls),
            last_outcome=Outcome.NO_ANSWER if calls else None,
            last_attempt_at=at if calls else None,
            retry_at=NOON + timedelta(seconds=number % 50_000) if calls else None,
        )

    return [one(number) for number in range(count)]


def test_an_arriving_lead_looks_at_a_few_of_a_hundred_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(ME)
    queue.reset(floor_of(100_000), NOON, DEFAULT)
    looked: list[str] = []
    real = queue_module.place

    def counting(one: Lead, now: datetime, rulebook: Rulebook, me: str, **said: bool) -> object:
        looked.append(one.id)
        return real(one, now, rulebook, me, **said)

    monkeypatch.setattr(queue_module, "place", counting)
    took = []
    for number in range(200):
        new = lead(f"new-{number:03d}", score=number % 100)
        began = perf_counter()
        queue.apply(Changes(added=(new,)), NOON)
        took.append(perf_counter() - began)
    assert len(looked) == 200
    assert sorted(took)[100] < 0.001
    looked.clear()
    second = NOON + timedelta(seconds=1)
    queue.advance(second)
    assert 0 < len(looked) < 100
    assert queue.next_change is not None
    assert queue.next_change > second


def test_the_heap_does_not_grow_with_every_change() -> None:
    queue = Queue(ME)
    hot = lead("a", clock=ClockState.RUNNING, sla_seconds=60, deadline=NOON + timedelta(minutes=1))
    queue.reset([hot], NOON, DEFAULT)
    for second in range(5000):
        new = replace(hot, deadline=NOON + timedelta(minutes=1, seconds=second))
        queue.apply(Changes(changed=((hot, new),)), NOON)
    assert len(queue._heap) < 500


# the age floor, and a pointer that rests on the list


def calling(one: Lead) -> Lead:
    return replace(one, on_call="attempt", version=one.version + 1)


def test_each_tenth_pick_goes_to_who_waits_longest_past_the_deadline() -> None:
    missed = NOON - timedelta(hours=1)
    old = [
        lead(
            f"old-{n}",
            score=0,
            clock=ClockState.BREACHED,
            breached_at=missed,
            deadline=missed,
            captured_at=at,
        )
        for n, at in enumerate((NOON - timedelta(hours=2), NOON - timedelta(hours=3)))
    ]
    fresh = [lead(f"new-{n:02d}", score=90, captured_at=NOON) for n in range(12)]
    queue = Queue(ME)
    queue.reset((*old, *fresh), NOON, DEFAULT)
    picked = []
    for _ in range(11):
        first = queue.first
        assert first is not None
        picked.append(first)
        one = queue.lead_of(first)
        queue.apply(Changes(changed=((one, calling(one)),)), NOON)
        queue.apply(Changes(removed=(one,)), NOON)
    assert picked == [*(f"new-{n:02d}" for n in range(9)), "old-1", "new-09"]


def test_nothing_moves_for_having_cooled_while_the_pointer_rests_on_a_lead() -> None:
    queue = Queue(ME)
    hot = lead("hot", score=60, captured_at=NOON)
    warm = lead("warm", score=90, captured_at=NOON - timedelta(hours=3))
    queue.reset((hot, warm), NOON, DEFAULT)
    assert queue.rows == ["hot", "warm"]
    queue.hold(True)
    later = NOON + timedelta(hours=30)
    while queue.next_change is not None and queue.next_change <= later:
        queue.advance(queue.next_change)
    assert queue.rows == ["hot", "warm"]
    new = lead("new", score=95, captured_at=later)
    queue.apply(Changes(added=(new,)), later)
    assert queue.rows[0] == "new"
    queue.hold(False)
    assert queue.next_change is not None
    queue.advance(queue.next_change)
    assert queue.rows == ["new", "warm", "hot"]
