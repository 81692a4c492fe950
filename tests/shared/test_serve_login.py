"""By which login a server works on a shared floor, and by which it refuses to start."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import psycopg
import pytest

from app.address import database_of, with_login, with_password
from app.boot import main
from app.clock import SystemClock
from app.domain.commands import AddRep, AddSource, SayHere
from app.domain.lead import Role
from app.domain.questions import AllSources, Devices, ReadJournal
from app.store.book import Book
from app.store.grants import RIGHTS, SERVER_RIGHTS
from tests.server.serve_house import serve_house
from tests.shared.conftest import PASSWORD, People
from tests.shared.server_login import server_login

pytestmark = pytest.mark.timeout(180)
QUIET = ("--listen", "127.0.0.1:0", "--capture", "off", "--quiet")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIRSTRING_LOG", str(tmp_path / "log"))


@pytest.mark.parametrize("role", [Role.REP, Role.OWNER])
def test_a_person_s_login_serves_nobody_else(
    people: People, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    address = people.login(people.rep(role))
    assert main(["serve", "--database", address, *QUIET]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "is a person's own login" in said.err
    assert f"the role {database_of(people.address)}_server" in said.err
    assert PASSWORD not in said.err
    with people.admin.reading() as reading:
        assert reading.head()[0] == 0, "nothing was done before it was refused"


def test_a_login_that_lacks_a_right_is_told_which(people: People, capsys: pytest.CaptureFixture[str]) -> None:
    people.login(people.rep())  # with the first person the roles are made
    group = f'"{database_of(people.address)}_people"'
    with psycopg.connect(people.address, autocommit=True) as admin:
        admin.execute(b"CREATE ROLE serves_nobody LOGIN PASSWORD 'x'")
        try:
            admin.execute(b"GRANT " + group.encode() + b" TO serves_nobody")
            address = with_password(with_login(people.address, "serves_nobody"), "x")
            assert main(["serve", "--database", address, *QUIET]) == 3
        finally:
            admin.execute(b"DROP ROLE serves_nobody")
    said = capsys.readouterr().err
    assert "serves_nobody may not do all that a server does" in said
    assert "(with devices, invites)" in said


def test_a_server_s_own_login_does_all_of_it(pg_url: str, tmp_path: Path) -> None:
    bare = pg_url.replace("+psycopg", "")
    with serve_house(bare, tmp_path) as house, server_login(bare) as login:
        house.address = login
        server = house.serve()
        door = house.door(house.join(server))
        source = door.do(AddSource(name="Shop", channel="json")).value.id
        key = next(line.source.key for line in door.ask(AllSources()).lines if line.source.id == source)
        rep = door.do(AddRep(name="Ann Lee")).value.id
        door.do(SayHere(device_id="front", place="laptop"))
        body = b'{"name": "Dana", "email": "dana@firm.example", "phone": "+13035550101"}'
        ask = urllib.request.Request(f"{server.capture_url}/capture/json/{key}", body)
        ask.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(ask, timeout=30) as answer:
            assert answer.status == 201
        assert len(door.ask(Devices()).devices) == 1
        actors = {entry.actor for entry in door.ask(ReadJournal()).entries}
        assert {house.owner, "capture"} <= actors, "each in their own name"
        assert rep
        door.close()
        assert server.stop() == 0
        assert " ERROR " not in server.log


def test_the_owner_s_login_may_as_ever(people: People) -> None:
    assert people.admin.why_not_served() == ""


def test_a_server_s_role_may_no_more_than_it_needs(people: People) -> None:
    assert set(SERVER_RIGHTS) == set(RIGHTS)
    with server_login(people.address) as login, psycopg.connect(login, autocommit=True) as line:
        for refused in (
            b"DELETE FROM leads",
            b"DELETE FROM inquiries",
            b"UPDATE events SET actor = 'x'",
            b"DELETE FROM events",
            b"INSERT INTO logins (login, rep_id, added_at) VALUES ('x', gen_random_uuid(), now())",
            b"UPDATE feed SET last = 0",
            b"DROP TABLE leads",
            b"CREATE TABLE mine (a int)",
            b"CREATE ROLE more",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                line.execute(refused)
        book = Book(login)
        try:
            assert book.why_not_served() == ""
            with book.writing("admin", SystemClock().now()) as w:
                assert w.reps() == ()
        finally:
            book.close()
