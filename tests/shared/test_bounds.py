"""A person with their own login and a terminal: what the database itself refuses them, whatever they type."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg import errors

from app.clock import HandClock, new_id
from app.domain.commands import (
    AddNote,
    AddRep,
    AddSource,
    CaptureInquiry,
    ChangeRep,
    ChangeSource,
    HoldLease,
    PublishRulebook,
)
from app.domain.errors import Unavailable
from app.domain.inquiry import Inquiry
from app.domain.lead import Role
from app.domain.roles import GIVES, LEADING, may
from app.domain.rulebook import DEFAULT
from app.floor.local import LocalFloor
from app.store import bounds
from app.store import tables as t
from app.store.book import Book
from app.store.grants import RIGHTS
from app.store.guards import chain_fault
from tests.fresh import START
from tests.shared.conftest import People

Line = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def ann(people: People) -> str:
    """A rep of the floor."""
    return people.rep()


@pytest.fixture
def bob(people: People) -> str:
    return people.rep()


@pytest.fixture
def line(people: People, ann: str) -> Iterator[Line]:
    """Ann's terminal."""
    with psycopg.connect(people.login(ann), autocommit=True) as connected:
        yield connected


@pytest.fixture
def note(people: People) -> str:
    """A lead with a note of the admin's in the journal."""
    floor = LocalFloor(people.admin, HandClock(START), "admin")
    source = floor.do(AddSource(name="Site", channel="json")).value.id
    raw = b'{"name": "Dana", "email": "dana@firm.example", "message": "hello"}'
    inquiry = Inquiry(id=new_id(), channel="json", source_id=source, raw=raw, received_at=START)
    return floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry)).value.lead_id


def journal(people: People) -> list[tuple[object, ...]]:
    with psycopg.connect(people.address) as admin:
        return admin.execute("SELECT seq, id, actor, hash, body FROM events ORDER BY seq").fetchall()


EVENT = (
    "INSERT INTO events (id, tx, at, actor, kind, body) "
    "VALUES (gen_random_uuid(), gen_random_uuid(), {at}, '{actor}', 'note_added', '{{}}')"
)
REFUSED = {
    "rewrites an event": "UPDATE events SET body = 'never happened'",
    "numbers an event anew": "UPDATE events SET seq = seq + 1000",
    "deletes the journal": "DELETE FROM events",
    "empties the journal": "TRUNCATE events",
    "chooses a number": "INSERT INTO events (id, tx, at, actor, kind, body, seq) "
    "VALUES ('x', 'x', now(), 'x', 'note_added', '{}', 7)",
    "chooses a hash": "INSERT INTO events (id, tx, at, actor, kind, body, hash) "
    "VALUES ('x', 'x', now(), 'x', 'note_added', '{}', 'x')",
    "moves the counter": "UPDATE feed SET last = last + 1",
    "takes the counter": "SELECT * FROM feed FOR UPDATE",
    "adds a counter": "INSERT INTO feed VALUES (2, 0, '')",
    "disables the journal's guards": "ALTER TABLE events DISABLE TRIGGER ALL",
    "disables them for the session": "SET session_replication_role = replica",
    "drops a guard": "DROP TRIGGER events_append_only ON events",
    "puts another stamp in place": "CREATE OR REPLACE FUNCTION firstring_stamp() RETURNS trigger LANGUAGE plpgsql "
    "AS 'BEGIN RETURN NULL; END'",
    "stamps a table of their own": "CREATE TEMP TABLE mine (id text); CREATE TRIGGER one AFTER INSERT ON mine "
    "FOR EACH ROW EXECUTE FUNCTION firstring_stamp()",
    "makes tables among the floor's": "CREATE TABLE public.mine (id int)",
    "drops a table": "DROP TABLE leads",
    "becomes the owner": "SET ROLE <owner>",
    "lets themselves be the owner": "GRANT <owner> TO CURRENT_USER",
    "becomes an owner of the floor": "UPDATE reps SET role = 'owner' WHERE id = '<ann>'",
    "takes a colleague off the floor": "UPDATE reps SET active = false WHERE id = '<bob>'",
    "renames themselves": "UPDATE reps SET name = 'Somebody' WHERE id = '<ann>'",
    "is somebody else": "UPDATE reps SET id = 'x' WHERE id = '<ann>'",
    "makes a colleague available": "UPDATE reps SET status = 'available' WHERE id = '<bob>'",
    "adds an owner": "INSERT INTO reps SELECT 'x', 0, 'X', 'owner', status, status_since, 0, true FROM reps LIMIT 1",
    "deletes a colleague": "DELETE FROM reps WHERE id = '<bob>'",
    "publishes a rulebook": "INSERT INTO rulebooks SELECT version + 1, published_at, body FROM rulebooks",
    "rewrites the rulebook": "UPDATE rulebooks SET body = '{}'",
    "puts another rulebook in force": "UPDATE floor SET rulebook = 1",
    "renames the floor": "UPDATE floor SET name = 'mine'",
    "changes a way in": "UPDATE sources SET active = false",
    "adds a way in": "INSERT INTO sources SELECT 'x', 'x', name, channel, secret, per_minute, active, created_at "
    "FROM sources",
    "closes a way in": "DELETE FROM sources",
    "rewrites what came in": "UPDATE inquiries SET raw = ''",
    "deletes what came in": "DELETE FROM inquiries",
    "deletes a lead": "DELETE FROM leads",
    "takes a step of a clock back": "DELETE FROM clock_steps",
    "rewrites an answer": "UPDATE commands SET result = ''",
    "logs in as a colleague": "UPDATE logins SET rep_id = '<bob>'",
    "gives their login away": "INSERT INTO logins VALUES ('x', '<bob>', now())",
    "reads the computers' tokens": "SELECT token FROM devices",
    "reads spent tokens": "SELECT * FROM devices",
    "reads invitations' secrets": "SELECT secret FROM invites",
    "invites themselves": "INSERT INTO invites (id, rep_id, secret, made_at, made_by, expires_at) "
    "VALUES ('x', '<bob>', 'x', now(), 'x', now())",
    "lets a computer in": "INSERT INTO devices (id, rep_id, name, token, joined_at, renewed_at, seen_at) "
    "VALUES ('x', '<bob>', 'x', 'x', now(), now(), now())",
    "reads the passwords of logins": "SELECT rolpassword FROM pg_authid",
    "ends other sessions": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> session_user",
    "reads the server's files": "SELECT pg_read_file('PG_VERSION')",
    "runs a program": "COPY leads TO PROGRAM 'cat'",
}


@pytest.mark.parametrize("said", REFUSED.values(), ids=[what.replace(" ", "-") for what in REFUSED])
def test_it_is_refused_and_the_floor_is_as_it_was(
    people: People, ann: str, bob: str, note: str, line: Line, said: str
) -> None:
    owner = people.address.rpartition("/")[2] + "_owner"
    before = whole(people)
    with pytest.raises((errors.InsufficientPrivilege, errors.RaiseException)):
        line.execute(said.replace("<ann>", ann).replace("<bob>", bob).replace("<owner>", owner).encode())
    assert whole(people) == before


def whole(people: People) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the floor."""
    with psycopg.connect(people.address) as admin:
        return {
            name: admin.execute(f'SELECT * FROM "{name}" ORDER BY 1'.encode()).fetchall()
            for name in t.metadata.tables
        }


def test_whoever_they_say_they_are_the_journal_knows_better(
    people: People, ann: str, bob: str, line: Line
) -> None:
    for actor in (bob, "admin", "keeper", "capture", f"keeper@{bob}"):
        line.execute(EVENT.format(actor=actor, at="now()").encode())
    line.execute(b"SET ROLE " + f'"{people.address.rpartition("/")[2]}_people"'.encode())
    line.execute(EVENT.format(actor=bob, at="now() - interval '3 days'").encode())
    actors = [row[2] for row in journal(people)]
    assert actors == [ann, ann, f"keeper@{ann}", f"capture@{ann}", ann, ann]
    with psycopg.connect(people.address) as admin:
        row = admin.execute("SELECT now() - min(at) < interval '1 minute' FROM events").fetchone()
    assert row == (True,)
    with people.admin.reading() as r:
        assert chain_fault(r) == ""


def test_one_s_own_status_and_the_round_are_a_desk_s_work(
    people: People, ann: str, bob: str, line: Line
) -> None:
    for said in (
        f"UPDATE reps SET status = 'available', version = version + 1 WHERE id = '{ann}'",
        f"UPDATE reps SET turn = turn + 1 WHERE id = '{bob}'",
        f"UPDATE reps SET status = 'away' WHERE id = '{bob}'",  # the keeper's desk, when Bob's is gone
    ):
        line.execute(said.encode())


@pytest.mark.parametrize(
    ("role", "to", "passes"),
    [
        (Role.MANAGER, Role.TEAM_LEAD, True),
        (Role.MANAGER, Role.OWNER, False),
        (Role.OWNER, Role.OWNER, True),
        (Role.TEAM_LEAD, Role.TEAM_LEAD, False),
    ],
)
def test_people_are_changed_by_those_who_run_the_floor(
    people: People, bob: str, role: Role, to: Role, passes: bool
) -> None:
    with psycopg.connect(people.login(people.rep(role)), autocommit=True) as line:
        change = f"UPDATE reps SET role = '{to.value}' WHERE id = '{bob}'".encode()
        publish = b"INSERT INTO rulebooks SELECT version + 1, published_at, body FROM rulebooks"
        if passes:
            line.execute(change)
            line.execute(publish)
            return
        with pytest.raises(errors.InsufficientPrivilege):
            line.execute(change)


def test_a_manager_does_not_put_an_owner_down(people: People) -> None:
    owner = people.rep(Role.OWNER)
    change = f"UPDATE reps SET role = 'rep' WHERE id = '{owner}'".encode()
    manager = people.login(people.rep(Role.MANAGER))
    with psycopg.connect(manager) as line, pytest.raises(errors.InsufficientPrivilege):
        line.execute(change)


def test_who_left_the_floor_runs_it_no_more(people: People) -> None:
    gone = people.rep(Role.OWNER)
    with psycopg.connect(people.login(gone), autocommit=True) as line:
        with psycopg.connect(people.address) as admin:
            admin.execute(f"UPDATE reps SET active = false WHERE id = '{gone}'".encode())
        with pytest.raises(errors.InsufficientPrivilege):
            line.execute(f"UPDATE reps SET active = true WHERE id = '{gone}'".encode())


def test_every_table_is_given_or_withheld_on_purpose() -> None:
    assert set(RIGHTS) == {*t.metadata.tables, "alembic_version"}


def test_what_the_guards_say_of_roles_is_what_the_program_s_table_says(people: People) -> None:
    def named(roles: str) -> set[str]:
        return set(roles.strip("()").replace("'", "").split(", "))

    for kind in (AddRep, ChangeRep, AddSource, ChangeSource):
        assert named(bounds.RUNNING) == {role for role in Role if may(role, kind)}
    assert named(bounds.PUBLISHING) == {role for role in Role if may(role, PublishRulebook)}
    assert named(bounds.LEADING) == LEADING
    with psycopg.connect(people.address) as admin:
        for mine in Role:
            for theirs in Role:
                row = admin.execute("SELECT firstring_gives(%s, %s)", (mine.value, theirs.value)).fetchone()
                assert row == (theirs in GIVES.get(mine, frozenset()),), (mine, theirs)


def test_a_person_s_desk_says_so_when_it_may_not(people: People, ann: str) -> None:
    book = Book(people.login(ann))
    try:
        with pytest.raises(Unavailable) as told, book.writing("admin", START) as w:
            w.publish(replace(DEFAULT, version=2))
        assert told.value.message == "Your login may not do that in this floor's database."
    finally:
        book.close()


def test_a_person_s_desk_may_keep_the_clocks(people: People, ann: str) -> None:
    book = Book(people.login(ann))
    try:
        held = LocalFloor(book, HandClock(START), "keeper").do(HoldLease(holder="a", seconds=15)).value
        assert held.epoch == 1
    finally:
        book.close()


def test_who_holds_the_feed_up_is_put_out(people: People, ann: str, bob: str, note: str) -> None:
    """The lock is taken early on purpose, the session's own time-outs are switched off."""
    book = Book(people.login(bob))
    with psycopg.connect(people.login(ann)) as hostage:
        hostage.execute("SET idle_in_transaction_session_timeout = 0")
        hostage.execute("SET CONSTRAINTS ALL IMMEDIATE")
        hostage.execute(EVENT.format(actor=ann, at="now()").encode())
        floor = LocalFloor(book, HandClock(START + timedelta(seconds=1)), bob)
        done: list[object] = []
        waits = threading.Thread(target=lambda: done.append(floor.do(AddNote(lead_id=note, text="I wait"))))
        waits.start()
        ended = 0
        gate = threading.Event()
        while not ended and waits.is_alive():
            ended = book.watch()
            gate.wait(0.1)
        waits.join()
        assert ended == 1
        assert len(done) == 1
        with pytest.raises(psycopg.OperationalError):
            hostage.execute("SELECT 1")
    assert book.watch() == 0
    book.close()


def test_waiting_for_anything_else_ends_nobody(people: People, ann: str, bob: str, line: Line) -> None:
    change = f"UPDATE reps SET status = 'away' WHERE id = '{ann}'".encode()
    with psycopg.connect(people.address) as holder:
        holder.execute(change)
        line.execute("SET lock_timeout = '2500ms'")
        ended: list[int] = []
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(0.1):
                ended.append(people.admin.watch())

        looks = threading.Thread(target=look)
        looks.start()
        with pytest.raises(errors.LockNotAvailable):
            line.execute(change)
        stop.set()
        looks.join()
        assert ended
        assert sum(ended) == 0
        holder.execute("SELECT 1")
