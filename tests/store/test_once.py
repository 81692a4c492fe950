"""What the database itself sees to: not written over, not done twice, not by two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from types import NoneType

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.errors import LeadChanged, Unavailable
from app.domain.events import NoteAdded
from app.domain.lead import Rep, RepStatus
from app.store import tables as t
from app.store.book import Book
from app.store.engine import Clashed
from app.store.writing import Writing
from tests.fresh import START
from tests.store.notes import a_lead, note, only_postgresql


def test_a_lead_that_moved_on_is_not_written_over(book: Book) -> None:
    lead = a_lead(name="Dana")
    with book.writing("tester", START) as w:
        w.add_lead(lead, "", "")
        w.save_lead(replace(lead, name="Dana O."))
    with pytest.raises(LeadChanged, match="at the same moment"), book.writing("tester", START) as w:
        w.save_lead(replace(lead, name="lost"))
    with book.reading() as r:
        assert r.lead(lead.id).name == "Dana O."


def test_nobody_is_on_two_calls(book: Book) -> None:
    with book.writing("tester", START) as w:
        w.add_lead(a_lead(owner="ana", on_call="one"), "", "")
        w.add_lead(a_lead(owner="ben", on_call="two"), "", "")
        w.add_lead(a_lead(owner="ana"), "", "")
    refused = IntegrityError if book.is_sqlite else Clashed  # on PostgreSQL the other may be a moment earlier
    with pytest.raises(refused), book.writing("tester", START) as w:
        w.add_lead(a_lead(owner="ana", on_call="three"), "", "")


def test_a_step_is_taken_once(book: Book) -> None:
    with book.writing("tester", START) as w:
        assert w.take_step("clock", 0)
        assert not w.take_step("clock", 0)
        assert w.take_step("clock", 1)
    with book.writing("tester", START) as w:
        assert not w.take_step("clock", 1)
        assert w.take_step("other", 1)


def test_a_turn_and_a_status_are_written_side_by_side(book: Book) -> None:
    with book.writing("tester", START) as w:
        for name in ("ana", "ben"):
            w.add_rep(Rep(id=name, name=name, status_since=START))
        ana, _ = w.reps()
        w.give_turn("ana")
        w.give_turn("ben")
        assert [rep.turn for rep in w.reps()] == [1, 2]
        w.save_rep(replace(ana, status=RepStatus.BREAK))  # a status that was read earlier takes no turn back
        assert [(rep.turn, rep.version) for rep in w.reps()] == [(1, 2), (2, 1)]
        w.save_rep(w.reps()[0], turn=7)
        assert w.reps()[0].turn == 7


def test_the_answer_to_a_command_is_kept_with_the_number_of_its_event(book: Book) -> None:
    note(book, "before")
    with book.writing("tester", START) as w:
        assert w.answered("c") is None
        w.keep_answer("c", "hash", '{"id":"x"}')
    with book.writing("tester", START) as w:
        assert w.answered("c") == ("hash", '{"id":"x"}', 0)
        w.keep_answer("d", "hash", "{}")
        w.record(NoteAdded(text="one"))
        w.record(NoteAdded(text="two"))
    with book.writing("tester", START) as w:
        assert w.answered("d") == ("hash", "{}", 3)


# -- two at once, on PostgreSQL; on SQLite there is one writer at a time


class _Other(threading.Thread):
    """Somebody else's transaction, held open until it is told to go on."""

    def __init__(
        self, book: Book, does: Callable[[Writing], object], then: Callable[[Writing], object] | None = None
    ) -> None:
        super().__init__()
        self._book, self._does, self._then = book, does, then
        self.there, self.go = threading.Event(), threading.Event()
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            with self._book.writing("other", START) as w:
                self._does(w)
                self.there.set()
                assert self.go.wait(60)
                if self._then is not None:
                    self._then(w)
        except Exception as error:  # noqa: BLE001 - looked at by the test
            self.error = error
        finally:
            self.there.set()

    def finish(self) -> Exception | None:
        self.go.set()
        self.join()
        return self.error


@only_postgresql
def test_of_two_transactions_that_wait_for_each_other_one_is_asked_to_run_again(book: Book) -> None:
    one, two = a_lead(name="one"), a_lead(name="two")
    with book.writing("tester", START) as w:
        w.add_lead(one, "", "")
        w.add_lead(two, "", "")
    other = _Other(book, lambda w: w.lead_for_change(one.id), lambda w: w.lead_for_change(two.id))
    assert other.there.wait(60)
    mine: Exception | None = None
    try:
        with book.writing("tester", START) as w:
            w.lead_for_change(two.id)
            other.go.set()
            w.lead_for_change(one.id)
    except Clashed as error:
        mine = error
    theirs = other.finish()
    assert [type(error) for error in (mine, theirs)] in ([Clashed, NoneType], [NoneType, Clashed])


@only_postgresql
def test_a_key_is_had_by_one_at_a_time(book: Book) -> None:
    other = _Other(book, lambda w: (w.alone("b", "", "a", "a"), w.head()))
    assert other.there.wait(60)
    with book.writing("tester", START) as w:
        w.db.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        w.alone("c", "")
        with pytest.raises(Clashed), w.savepoint():
            w.alone("a")
    assert other.finish() is None
    with book.writing("tester", START) as w:
        w.alone("a", "b")


@only_postgresql
def test_a_clock_whose_lead_is_being_changed_is_left_for_the_next_round(book: Book) -> None:
    busy, idle = a_lead(name="busy", deadline=START), a_lead(name="idle", deadline=START)
    with book.writing("tester", START) as w:
        for lead in (busy, idle):
            w.add_lead(lead, "", "")
            w.add_clock(lead.id, lead, "")
    other = _Other(book, lambda w: w.lead_for_change(busy.id))
    assert other.there.wait(60)
    with book.writing("keeper", START) as w:
        assert [clock.lead_id for clock in w.due_clocks(10)] == [idle.id]
    assert other.finish() is None
    with book.writing("keeper", START) as w:
        assert {clock.lead_id for clock in w.due_clocks(10)} == {busy.id, idle.id}


@only_postgresql
def test_a_rep_who_was_changed_meanwhile_is_not_written_over(book: Book) -> None:
    with book.writing("tester", START) as w:
        w.add_rep(Rep(id="ana", name="ana", status_since=START))
        rep = w.reps()[0]
    with pytest.raises(Clashed), book.writing("tester", START) as w:  # noqa: PT012
        w.save_rep(replace(rep, status=RepStatus.BREAK))
        w.save_rep(replace(rep, status=RepStatus.ON_CALL))


@only_postgresql
def test_who_has_said_something_and_thinks_on_holds_nobody_up(book: Book) -> None:
    """The counter is taken when a transaction ends, not when it says its first event."""
    row = {"id": "x", "tx": "x", "at": START, "actor": "a", "kind": "note.added", "body": '{"text":"slow"}'}
    other = _Other(book, lambda w: w.db.execute(t.events.insert(), row))
    assert other.there.wait(60)
    assert note(book, "quick") == 1
    assert other.finish() is None
    with book.reading() as r:
        assert [entry.event for entry in r.since(0)] == [NoteAdded(text="quick"), NoteAdded(text="slow")]


@only_postgresql
def test_a_silent_client_is_shown_the_door(book: Book) -> None:
    """A client that stops in the middle of a transaction is ended, and gets a sentence when it wakes up."""
    with pytest.raises(Unavailable), book.writing("sleeper", START) as w:  # noqa: PT012
        w.db.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '30ms'")
        threading.Event().wait(0.3)
        w.db.exec_driver_sql("SELECT 1")
    note(book, "the next one finds nothing in its way")
