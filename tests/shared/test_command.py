"""`main.py floor …` as an admin types it: what it makes, what it says, and the number it ends with."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pytest

from app.address import parted, with_password
from app.domain.questions import FloorFacts
from app.floor.local import LocalFloor
from app.service.answers import answer
from app.store import schema
from app.store.book import Book, start_floor
from tests.e2e.driver import House
from tests.fresh import START

pytestmark = pytest.mark.timeout(150)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def refused(done: CompletedProcess[str], code: int = 3) -> str:
    """The one sentence that was said, and nothing else."""
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("firstring: ")
    assert line.endswith(".")
    return line


def facts(address: str) -> str:
    book = Book(address, read_only=True)
    try:
        return answer(book, FloorFacts(), "admin").name
    finally:
        book.close()


def test_a_shared_floor_is_made_and_its_people_get_logins(house: House, pg_url: str) -> None:
    bare, password = parted(pg_url)
    done = house.run(
        "floor", "create", pg_url, "--name", "North floor", "--owner", "Ida Nyberg", "--country", "de"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ida Nyberg owns it" in done.stdout
    assert password not in done.stdout
    assert f"--floor '{bare}'" in done.stdout
    profile = json.loads((house.home / "desk.json").read_text(encoding="utf-8"))
    assert password not in json.dumps(profile)
    book = Book(pg_url)
    with book.reading() as r:
        (owner,) = r.reps()
        assert (owner.name, owner.role.value, r.floor_row().name) == ("Ida Nyberg", "owner", "North floor")
        assert r.rulebook().default_country == "DE"
    book.close()
    assert profile["me"] == {bare: owner.id}
    assert "not empty" in refused(house.run("floor", "create", pg_url))

    login = f"ann_{bare.rpartition('_')[2]}"
    done = house.run(
        "floor", "person", "add", "Ann Lee", "--login", login, "--role", "team_lead", "--floor", pg_url
    )
    assert (done.returncode, done.stderr) == (0, "")
    said = {line.split()[0]: line.split()[-1] for line in done.stdout.splitlines() if line.startswith("  ")}
    floor = LocalFloor(Book(with_password(said["address"], said["password"])), None, "me")  # type: ignore[arg-type]
    names = {rep.id: rep for rep in floor.reps()}
    mine = floor.my_rep()
    assert mine is not None
    assert (names[mine].name, names[mine].role.value) == ("Ann Lee", "team_lead")
    floor.close()
    assert "Choose another" in refused(
        house.run("floor", "person", "add", "Ann Lee", "--login", login, "--floor", pg_url)
    )
    assert "small letters" in refused(
        house.run("floor", "person", "add", "X", "--login", "A b", "--floor", pg_url)
    )
    assert house.run("floor", "person", "list", "--floor", pg_url).stdout == f"{login}  Ann Lee\n"

    assert house.run("floor", "person", "remove", "--login", login, "--floor", pg_url).returncode == 0
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(with_password(said["address"], said["password"]))
    assert "Nobody on this floor" in refused(
        house.run("floor", "person", "remove", "--login", login, "--floor", pg_url)
    )


def test_a_floor_is_moved_and_the_desk_goes_along(house: House, pg_url: str) -> None:
    start_floor(house.address, "Small floor", START)
    house.remember(last_floor=house.address, me={house.address: "rep-1"})
    done = house.run("floor", "move", house.address, pg_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "All is there and the same" in done.stdout
    assert "opens it there" in done.stdout
    assert parted(pg_url)[1] not in done.stdout
    assert facts(pg_url) == "Small floor" == facts(house.address)
    profile = json.loads((house.home / "desk.json").read_text(encoding="utf-8"))
    assert profile["last_floor"] == parted(pg_url)[0]
    assert profile["me"][profile["last_floor"]] == "rep-1"
    assert "not empty" in refused(house.run("floor", "move", house.address, pg_url))


def test_what_is_asked_for_is_said_where_nobody_can_be_asked(house: House, pg_url: str) -> None:
    bare = parted(pg_url)[0]
    assert "PGPASSWORD" in refused(house.run("floor", "create", bare))
    assert "not the password" in refused(house.run("floor", "create", with_password(bare, "wrong")))
    nowhere = pg_url.rpartition("/")[0] + "/nowhere"
    assert "no database of that name" in refused(house.run("floor", "upgrade", nowhere))
    assert "verify-full" in refused(
        house.run("floor", "create", "postgresql://a@db.example/f?sslmode=require")
    )
    assert "no floor" in refused(house.run("floor", "upgrade", str(house.folder / "gone.floor")))
    house.env["PGPASSWORD"] = parted(pg_url)[1]
    assert house.run("floor", "create", bare.replace("postgresql+psycopg", "postgresql")).returncode == 0


def test_an_upgrade_says_what_was_and_what_is(house: House, pg_url: str) -> None:
    start_floor(pg_url, "Floor", START)
    now = f"{schema.MAJOR}.{schema.MINOR}"
    assert house.run("floor", "upgrade", pg_url).stdout == f"The floor's schema is {now}, as it was.\n"


def test_a_file_has_no_logins(house: House) -> None:
    start_floor(house.address, "Floor", START)
    assert "shared floor" in refused(house.run("floor", "person", "add", "Ann", "--login", "ann"))
    assert house.run("floor", "frobnicate").returncode == 2
