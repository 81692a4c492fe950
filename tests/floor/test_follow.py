"""Following a floor: first all of it, then every event once, in order, from wherever one left off."""

from __future__ import annotations

import random
import threading

import pytest

from app.codec import encode
from app.domain.commands import (
    AddImportRows,
    AddNote,
    BeginImport,
    CaptureInquiry,
    FinishImport,
    ImportRow,
    PutInquiryAside,
    SetStatus,
)
from app.domain.errors import Unavailable
from app.domain.events import ImportFinished, LeadCaptured, LeadsTold, NoteAdded, Unknown
from app.domain.inquiry import Draft
from app.domain.lead import RepStatus
from app.domain.questions import FloorFacts
from app.domain.rulebook import DEFAULT
from app.floor import local
from app.floor.board import Board
from app.floor.floor import Batch, Link
from app.store import tables as t
from app.store.driver import sqlite_module
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, PATIENCE, Ear, Stand
from tests.floor.test_keeper import ring
from tests.fresh import START


def head(stand: Stand) -> int:
    return stand.setup.ask(FloorFacts(check_chain=False)).head


def pictured(board: Board) -> tuple[object, ...]:
    """All that a board shows."""
    return (
        board.leads,
        {
            rep.id: (rep.name, rep.role, rep.status, rep.status_since, rep.active)
            for rep in board.reps.values()
        },
        {alarm.id: alarm for alarm in board.alarms},
        board.in_review,
        board.rulebook,
    )


def afresh(stand: Stand) -> Board:
    ear = Ear(stand.setup).until(head(stand))
    ear.stop()
    return ear.board


def test_the_first_batch_is_the_whole_floor(stand: Stand) -> None:
    ana = stand.rep("Ana")
    hot, closed = stand.new_lead(HOT), stand.new_lead()
    from app.domain.commands import LogOutcome
    from app.domain.lead import Outcome

    stand.by(ana).do(LogOutcome(lead_id=closed.id, outcome=Outcome.WON))
    stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"{")))
    stand.keep(seconds=61)
    ear = Ear(stand.setup)
    ear.until_link(Link.LIVE)
    ear.stop()
    (batch,) = ear.batches
    assert batch.snapshot
    assert (batch.first, batch.last, batch.at) == (head(stand), head(stand), stand.clock.now())
    assert [lead.id for lead in batch.leads] == [hot.id]
    assert batch.leads == (stand.lead(hot.id),)
    assert batch.reps is not None
    assert [rep.name for rep in batch.reps] == ["Ana"]
    assert batch.alarms is not None
    assert [alarm.lead_id for alarm in batch.alarms] == [hot.id]
    assert (batch.in_review, batch.rulebook) == (1, DEFAULT)


def test_what_happens_next_comes_with_the_leads_as_they_are_now(stand: Stand, floor_kind: str) -> None:
    ana = stand.rep("Ana")
    ear = Ear(stand.setup)
    ear.until_link(Link.LIVE)
    inquiry = stand.inquiry(encode(stand.body(HOT)))
    receipt = stand.by("capture").do(CaptureInquiry(inquiry=inquiry))
    ear.until(receipt.cursor).stop()
    batch = ear.batches[-1]
    assert (batch.snapshot, batch.last) == (False, receipt.cursor)
    assert [entry.seq for entry in batch.entries] == list(range(batch.first, batch.last + 1))
    assert {entry.actor.partition("@")[0] for entry in batch.entries} == {"capture"}
    if not floor_kind.startswith("own logins"):  # where the database dates what a person's desk says
        assert {entry.at for entry in batch.entries} == {stand.clock.now()}
    assert isinstance(batch.entries[0].event, LeadCaptured)
    assert batch.leads == (stand.lead(receipt.value.lead_id),)
    assert (batch.reps, batch.alarms, batch.in_review, batch.rulebook) == (None, None, None, None)
    assert stand.lead(receipt.value.lead_id).owner == ana


def test_what_stands_around_the_leads_comes_when_it_changed(stand: Stand) -> None:
    ana = stand.rep("Ana")
    ear = Ear(stand.setup)
    ear.until_link(Link.LIVE)

    def told(cursor: int) -> Batch:
        return ear.until(cursor).batches[-1]

    status = told(stand.by(ana).do(SetStatus(status=RepStatus.BREAK)).cursor)
    assert status.reps is not None
    assert [rep.status for rep in status.reps] == [RepStatus.BREAK]
    waiting = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(b"{")))
    assert told(waiting.cursor).in_review == 1
    aside = stand.setup.do(PutInquiryAside(inquiry_id=waiting.value.inquiry_id, why="x"))
    assert told(aside.cursor).in_review == 0
    stand.publish(DEFAULT)
    assert told(head(stand)).rulebook is not None
    stand.new_lead(HOT)
    stand.keep(seconds=61)
    alarmed = told(head(stand)).alarms
    assert alarmed is not None
    assert [alarm.name for alarm in alarmed] == ["nobody_free"]
    ear.stop()


def test_from_any_cursor_everything_after_it_comes_once(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "LIMIT", 5)
    stand.rep("Ana")
    for _ in range(4):
        stand.capture(HOT)
    end = head(stand)
    board = afresh(stand)
    for cursor in range(end + 1):
        ear = Ear(stand.setup, since=cursor, board=_at(cursor))
        ear.until_link(Link.LIVE)
        ear.stop()
        seen = [entry.seq for batch in ear.batches for entry in batch.entries]
        assert seen == list(range(cursor + 1, end + 1))
        assert all(len(batch.entries) <= 5 and not batch.snapshot for batch in ear.batches)
        if cursor <= 2:
            assert ear.board.leads == board.leads


def _at(cursor: int) -> Board:
    board = Board()
    board.apply(Batch(first=cursor, last=cursor, at=START, snapshot=True))
    return board


def test_a_cursor_that_the_floor_has_not_reached_gets_it_whole(stand: Stand) -> None:
    """The floor was put back from a copy; the desk has seen more than it remembers."""
    stand.rep("Ana")
    ear = Ear(stand.setup, since=10**6)
    ear.until_link(Link.LIVE)
    ear.stop()
    assert [batch.snapshot for batch in ear.batches] == [True]
    assert ear.board.cursor == head(stand)


def write_another_history(stand: Stand) -> None:
    """Make the last event another one, as if the floor had been put back and gone on."""
    assert isinstance(stand.house, LocalHouse)
    book, seen, other = stand.house.book, head(stand), "ab" * 32
    if book.is_sqlite:
        line = sqlite_module().connect(book.address)
        line.execute("DROP TRIGGER events_never_change")
        line.execute("UPDATE events SET hash = ? WHERE seq = ?", (other, seen))
        line.execute("UPDATE feed SET head = ?", (other,))
        line.commit()
        line.close()
        return
    with book.writing("nobody", START) as w:
        w.db.exec_driver_sql("SET LOCAL session_replication_role = replica")
        w.db.exec_driver_sql(f"UPDATE events SET hash = '{other}' WHERE seq = {seen}")
        w.db.exec_driver_sql(f"UPDATE feed SET head = '{other}'")


def test_a_floor_that_was_put_back_and_went_on_is_told_whole(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    """What the desk saw last is not what stands there now, though the numbers go on."""
    stand.rep("Ana")
    ear = Ear(stand.setup)
    ear.until_link(Link.LIVE)
    seen = head(stand)
    write_another_history(stand)
    stand.rep("Ben")
    ear.until(head(stand))
    stand.rep("Cem")
    ear.until(head(stand))
    ear.stop()
    assert [batch.went_back for batch in ear.batches if batch.snapshot] == [False, True]
    assert {rep.name for rep in ear.board.reps.values()} == {"Ana", "Ben", "Cem"}
    assert f"event {seen} is not there any more, or is another" in caplog.text


def test_each_batch_says_what_it_goes_on_from_and_where_it_ends(stand: Stand) -> None:
    assert isinstance(stand.house, LocalHouse)
    ear = Ear(stand.setup)
    ear.until_link(Link.LIVE)
    for name in ("Ana", "Ben", "Cem"):
        stand.rep(name)
        ear.until(head(stand))
    ear.stop()
    with stand.house.book.reading() as r:
        assert [batch.mark for batch in ear.batches] == [r.hash_of(batch.last) for batch in ear.batches]
        assert [batch.after for batch in ear.batches[1:]] == [
            r.hash_of(batch.first - 1) for batch in ear.batches[1:]
        ]
    assert ear.batches[-1].mark


def test_batches_that_come_late_or_twice_do_no_harm(stand: Stand) -> None:
    dice = random.Random(4)
    reps = [stand.rep(name) for name in ("Ana", "Ben")]
    ear = Ear(stand.setup)
    for _ in range(30):
        lead = stand.new_lead(HOT)
        if dice.random() < 0.7:
            stand.call(lead.owner, lead.id)
            from app.domain.commands import LogOutcome
            from app.domain.lead import Outcome

            stand.by(lead.owner).do(
                LogOutcome(lead_id=lead.id, outcome=dice.choice([Outcome.WON, Outcome.NO_ANSWER]))
            )  # fmt: skip
    ear.until(head(stand)).stop()
    board = Board()
    for number, batch in enumerate(ear.batches):
        board.apply(batch)
        for again in dice.sample(ear.batches[1 : number + 1], k=min(2, number)):
            assert not board.apply(again).entries
    assert pictured(board) == pictured(ear.board) == pictured(afresh(stand))
    assert reps


def test_once_a_follower_has_seen_a_receipts_number_it_has_seen_what_was_done(stand: Stand) -> None:
    ana = stand.rep("Ana")
    ear = Ear(stand.by(ana)).until(0)  # the snapshot is there
    for _ in range(10):
        answer = stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(encode(stand.body()))))
        assert answer.value.lead_id in ear.until(answer.cursor).board.leads
        receipt = stand.by(ana).do(
            AddNote(lead_id=answer.value.lead_id, text=str(receipt_no := answer.cursor))
        )
        ear.until(receipt.cursor)
        assert ear.batches[-1].entries[-1].event == NoteAdded(text=str(receipt_no), rep_name="Ana")
    ear.stop()


def test_a_file_brings_the_floor_anew_and_the_events_beside_it(stand: Stand) -> None:
    ear = Ear(stand.setup)
    ear.until_link(Link.LIVE)
    begun = stand.do(BeginImport(file="a.csv", sha256="x"))
    rows = tuple(ImportRow(line=n, raw="{}", draft=Draft(email=f"r{n}@firm.example")) for n in range(2, 30))
    stand.setup.do(AddImportRows(import_id=begun, rows=rows))
    assert len(ear.batches) == 1
    receipt = stand.setup.do(FinishImport(import_id=begun))
    ear.until(receipt.cursor).stop()
    last = ear.batches[-1]
    assert last.snapshot
    assert [type(entry.event) for entry in last.entries] == [LeadsTold, ImportFinished]
    assert len(ear.board.leads) == 28


def test_an_event_of_a_newer_program_is_told_as_such(stand: Stand) -> None:
    assert isinstance(stand.house, LocalHouse)
    ear = Ear(stand.setup)
    ear.until_link(Link.LIVE)
    with stand.house.book.writing("newer", START) as w:
        w.recorded.append(("", "lead.sung_to", '{"song":1}'))
    ear.until(w.cursor).stop()
    assert ear.batches[-1].entries[-1].event == Unknown(kind="lead.sung_to")


# -- beginnings and ends


def followers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "follower"]


def test_a_follower_that_is_stopped_is_told_nothing_more_and_leaves_no_thread(stand: Stand) -> None:
    ears = [Ear(stand.setup) for _ in range(5)]
    for ear in ears:
        ear.until(0)
    ears[0].stop()
    ears[0].stop()
    told = len(ears[0].batches)
    stand.rep("Ana")
    for ear in ears[1:]:
        ear.until(head(stand)).stop()
    assert len(ears[0].batches) == told
    assert followers() == []


def test_a_follower_may_be_ended_from_what_it_tells(stand: Stand) -> None:
    done = threading.Event()
    following: list[local.LocalFollower] = []
    ready = threading.Event()

    def tell(_: Batch) -> None:
        ready.wait(PATIENCE)
        following[0].stop()
        done.set()

    following.append(stand.setup.follow(None, tell))  # type: ignore[arg-type]
    ready.set()
    assert done.wait(PATIENCE)
    following[0].join(PATIENCE)
    assert followers() == []


def test_a_floor_that_is_closed_ends_its_followers(stand: Stand) -> None:
    door = stand.house.door("admin")
    ear = Ear(door).until(0)
    door.close()
    assert followers() == []
    stand.rep("Ana")  # the floor goes on for everybody else
    assert len(ear.batches) == 1


@pytest.mark.expects_errors("the follower stopped")
def test_a_desk_that_stumbles_over_a_batch_is_told_so_and_the_others_go_on(stand: Stand) -> None:
    def tell(_: Batch) -> None:
        raise ZeroDivisionError

    links: list[tuple[Link, str]] = []
    away = threading.Event()

    def linked(link: Link, why: str) -> None:
        links.append((link, why))
        away.set()

    good = Ear(stand.setup)
    following = stand.setup.follow(None, tell, linked)
    assert away.wait(PATIENCE)
    assert links[0][0] == following.link == Link.AWAY
    assert "mistake" in links[0][1]
    following.stop()
    stand.rep("Ana")
    good.until(head(stand)).stop()


def test_a_floor_that_does_not_answer_is_away_and_comes_back(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear(stand.setup)
    ear.until_link(Link.LIVE)
    with monkeypatch.context() as patch:

        def fails(*_: object) -> None:
            raise Unavailable("The floor's database does not answer.")

        patch.setattr(local, "linked_after", fails)
        ring(stand)
        assert ear.until_link(Link.AWAY) == "The floor's database does not answer."
    stand.rep("Ana")
    ear.until(head(stand))
    ear.until_link(Link.LIVE)
    ear.stop()
    assert [link for link, _ in ear.links] == [Link.LIVE, Link.AWAY, Link.LIVE]


@pytest.mark.expects_errors("has a hole after event 3")
def test_a_hole_in_the_feed_is_an_alarm_and_a_fresh_snapshot(stand: Stand) -> None:
    assert isinstance(stand.house, LocalHouse)
    stand.rep("Ana")
    for _ in range(2):
        stand.capture()
    book = stand.house.book
    if book.is_sqlite:
        other = sqlite_module().connect(book.address)
        other.execute("DROP TRIGGER events_never_go")
        other.execute("DELETE FROM events WHERE seq = 5")
        other.commit()
        other.close()
    else:
        with book.writing("nobody", START) as w:
            w.db.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER USER")
            w.db.execute(t.events.delete().where(t.events.c.seq == 5))
    ear = Ear(stand.setup, since=3, board=_at(3))
    ear.until_link(Link.LIVE)
    ear.stop()
    assert [batch.snapshot for batch in ear.batches] == [True]
    assert ear.board.cursor == head(stand)
    assert len(ear.board.leads) == 2


def test_many_followers_all_hear_everything_in_order(stand: Stand) -> None:
    ears = [Ear(stand.setup) for _ in range(12)]
    for _ in range(10):
        stand.capture(HOT)
    end = head(stand)
    for ear in ears:
        ear.until(end)
    for ear in ears:
        ear.stop()
        numbers = [entry.seq for batch in ear.batches for entry in batch.entries]
        assert numbers == list(range(ear.batches[0].last + 1, end + 1))
    assert len({str(pictured(ear.board)[0]) for ear in ears}) == 1


def test_another_program_on_the_same_floor_hears_at_once(stand: Stand, maker, clock, floor_kind: str) -> None:  # type: ignore[no-untyped-def]
    if "sqlite" in floor_kind:
        second = stand.house  # a file has one program; its second desk is a second door
    else:
        second = maker(clock)
    try:
        ear = Ear(second.door("admin"))
        ear.until_link(Link.LIVE)
        lead = stand.new_lead(HOT)
        ear.until(head(stand))
        assert lead.id in ear.board.leads
        ear.stop()
    finally:
        if second is not stand.house:
            second.close()


def test_batches_can_be_asked_for_one_by_one(stand: Stand) -> None:
    """What the server's face sends its desks is what a follower is told."""
    assert isinstance(stand.house, LocalHouse)
    stand.rep("Ana")
    whole = stand.house.local.batch_after(None)
    assert whole is not None
    assert whole.snapshot
    assert stand.house.local.batch_after(whole.last) is None
    stand.capture()
    next_one = stand.house.local.batch_after(whole.last)
    assert next_one is not None
    assert (next_one.first, next_one.last) == (whole.last + 1, head(stand))


def test_whoever_is_far_behind_is_shown_the_floor_as_it_is(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "LIMIT", 4)
    monkeypatch.setattr(local, "FAR", 12)
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    cursor = 0
    for number in range(20):
        cursor = stand.by(ana).do(AddNote(lead_id=lead.id, text=f"Note {number}")).cursor
    far, near = (
        Ear(stand.setup, since=1, board=at(1)),
        Ear(stand.setup, since=cursor - 9, board=at(cursor - 9)),
    )
    for ear in (far, near):
        ear.until(cursor).stop()
    assert [batch.snapshot for batch in far.batches if batch.last == cursor] == [True]
    assert far.board.leads[lead.id].id == lead.id
    assert not any(batch.snapshot for batch in near.batches)


def at(cursor: int) -> Board:
    board = Board()
    board.cursor = cursor
    return board


def test_alarms_of_one_moment_stand_in_one_order_for_everybody(stand: Stand) -> None:
    """A database reads rows of one moment as it finds them: a row that was changed may lie elsewhere."""
    with stand.house.book.writing("tester", START) as w:  # type: ignore[attr-defined]
        rows = [
            {"id": name, "name": name, "lead_id": "", "text": name, "raised_at": START, "step": 0}
            for name in ("c", "a", "b")
        ]
        w.db.execute(t.alarms.insert(), rows)
    ear = Ear(stand.setup)
    assert [alarm.id for alarm in ear.until(head(stand)).board.alarms] == ["a", "b", "c"]
    ear.stop()
