"""Yesterday's desk on tomorrow's schema, tomorrow's desk on yesterday's, and the admin who brings a floor forward."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.clock import HandClock
from app.domain.commands import AddRep
from app.domain.errors import Unavailable, WrongVersion
from app.domain.lead import Role
from app.floor.local import LocalFloor
from app.store import engine as engines
from app.store import schema
from app.store.book import Book, start_floor
from app.store.upgrading import upgrade_floor
from tests.fresh import DATABASES, START, Database

HERE = (schema.MAJOR, schema.MINOR)
NEWER = (schema.MAJOR, schema.MINOR + 1)
MIGRATION = f"""
from alembic import op
import sqlalchemy as sa
revision = "9999"
down_revision = "{schema.REVISION}"
def upgrade():
    op.create_table("moods", sa.Column("name", sa.Text, primary_key=True))
    op.add_column("leads", sa.Column("mood", sa.Text, nullable=False, server_default="calm"))
    op.execute("UPDATE floor SET schema_minor = {NEWER[1]}")
"""


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> Database:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def address(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A floor of this program's schema."""
    made = str(tmp_path / "a.floor") if database == "sqlite" else str(request.getfixturevalue("pg_url"))
    start_floor(made, "Floor", START)
    return made


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Within it, this is a program whose schema is a minor further."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder)
    (folder / "versions" / "9999_moods.py").write_text(MIGRATION)

    @contextmanager
    def program() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(schema, "MIGRATIONS", folder)
            patch.setattr(schema, "REVISION", "9999")
            patch.setattr(schema, "MINOR", NEWER[1])
            yield

    return program


def work(address: str) -> int:
    """What an ordinary desk does; the feed's number afterwards."""
    floor = LocalFloor(Book(address), HandClock(START), "admin")
    try:
        return floor.do(AddRep(name="Ann", role=Role.REP)).cursor
    finally:
        floor.close()


def change(address: str, *statements: str) -> None:
    def run(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    engine = engines.open_postgresql(address) if "://" in address else engines.open_sqlite(Path(address))[0]
    with engine.begin() as connection:
        run(connection)
    engine.dispose()


def test_an_admin_brings_a_floor_forward_and_older_desks_go_on(
    address: str, database: Database, newer: Callable[[], Any]
) -> None:
    older_desk = Book(address)
    assert work(address) == 1
    older_desk.close()
    with newer():
        if database == "postgresql":
            with pytest.raises(Unavailable) as error:
                Book(address)
            assert error.value.message.count(".") <= 5
            assert f"{HERE[0]}.{HERE[1]}" in error.value.message
            assert "an admin has to upgrade it once, with `firstring floor upgrade`" in error.value.message
        assert upgrade_floor(address) == (HERE, NEWER)
        assert upgrade_floor(address) == (NEWER, NEWER)
        assert work(address) == 2
    assert work(address) == 3  # the older program, on the newer minor
    assert upgrade_floor(address) == (NEWER, NEWER)  # has nothing to bring forward


def test_a_newer_major_is_left_alone_by_everybody(address: str) -> None:
    change(address, "UPDATE floor SET schema_major = schema_major + 1")
    with pytest.raises(WrongVersion, match="Please update Firstring"):
        Book(address)
    with pytest.raises(WrongVersion, match="Please update Firstring"):
        upgrade_floor(address)


def test_desks_that_work_meanwhile_are_not_in_the_way(
    database: Database, address: str, newer: Callable[[], Any]
) -> None:
    """A shared floor is upgraded while its desks are at it; none of what they say is lost or said twice."""
    if database == "sqlite":
        pytest.skip("a file has one desk")
    floor = LocalFloor(Book(address), HandClock(START), "admin")
    stop, done = threading.Event(), []

    def live() -> None:
        while not stop.is_set():
            done.append(floor.do(AddRep(name=f"Rep {len(done)}", role=Role.REP)).cursor)

    desk = threading.Thread(target=live)
    desk.start()
    try:
        with newer():
            assert upgrade_floor(address) == (HERE, NEWER)
        seen = len(done)
        while len(done) < seen + 3 and desk.is_alive():
            pass
    finally:
        stop.set()
        desk.join()
    assert done == list(range(1, len(done) + 1))
    assert len(floor.reps()) == len(done)
    floor.close()


def test_two_admins_at_once_upgrade_once(database: Database, address: str, newer: Callable[[], Any]) -> None:
    if database == "sqlite":
        pytest.skip("a file has one desk")
    with newer():
        found: list[Any] = []
        admins = [threading.Thread(target=lambda: found.append(upgrade_floor(address))) for _ in range(2)]
        for admin in admins:
            admin.start()
        for admin in admins:
            admin.join()
    assert sorted(found) == [(HERE, NEWER), (NEWER, NEWER)]


def test_people_may_use_what_an_upgrade_added(
    database: Database, address: str, newer: Callable[[], Any]
) -> None:
    if database == "sqlite":
        pytest.skip("a file has no logins")
    with newer():
        upgrade_floor(address)
    engine = engines.open_postgresql(address)
    with engine.connect() as connection:
        role = connection.exec_driver_sql("SELECT current_database() || '_people'").scalar_one()
        may = connection.execute(
            text("SELECT has_column_privilege(:role, 'leads', 'mood', 'UPDATE')"), {"role": role}
        )
        assert may.scalar_one()
    engine.dispose()
