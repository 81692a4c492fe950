"""A floor made by the program and one made by the migrations are the same, and nothing else is taken for one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError

from app.address import is_file
from app.domain.errors import AppError, Unavailable, WrongVersion
from app.domain.rulebook import DEFAULT
from app.store import engine as engines
from app.store import schema
from app.store import tables as t
from app.store.book import Book, start_floor
from app.store.driver import sqlite_module
from tests.fresh import NAME, START, Database
from tests.store.notes import note, only_postgresql, raw


def writer_of(address: str) -> Any:
    return engines.open_sqlite(Path(address))[0] if is_file(address) else engines.open_postgresql(address)


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", str(schema.MIGRATIONS))
    made.attributes["connection"] = connection
    return made


PG_LOOKS = {
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
    "sequences": "SELECT sequence_name FROM information_schema.sequences ORDER BY 1",
}
SQLITE_LOOKS = {"everything": "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"}


def looks(address: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that a database says of its own structure."""
    engine = writer_of(address)
    with engine.connect() as connection:
        asked = SQLITE_LOOKS if engine.dialect.name == "sqlite" else PG_LOOKS
        found = {name: [_bare(row) for row in connection.exec_driver_sql(sql)] for name, sql in asked.items()}
    engine.dispose()
    return found


def _bare(row: Any) -> tuple[Any, ...]:
    """Without the white space that the writers of SQL differ in."""
    return tuple("".join(value.split()) if isinstance(value, str) else value for value in row)


def test_a_floor_is_made_and_opened(empty_address: str) -> None:
    start_floor(empty_address, "North floor", START)
    book = Book(empty_address)
    with book.reading() as r:
        floor = r.floor_row()
        assert (floor.name, floor.started_at, floor.schema_major) == ("North floor", START, schema.MAJOR)
        assert r.rulebook() == DEFAULT
        assert r.head() == (0, "")
    book.close()


def test_where_something_is_no_floor_is_made(address: str) -> None:
    with pytest.raises(Unavailable) as error:
        start_floor(address, "Another", START)
    assert error.value.title == "Not made"
    Book(address).close()


def test_the_migrations_make_what_the_program_makes(
    address: str, database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    other = str(tmp_path / "migrated") if database == "sqlite" else str(request.getfixturevalue("pg_url"))
    engine = writer_of(other)
    with engine.begin() as connection:
        command.upgrade(config(connection), "head")
    engine.dispose()
    made, migrated = looks(address), looks(other)
    assert migrated.keys() == made.keys()
    for what, rows in made.items():
        assert rows == migrated[what], what
        assert rows or what == "sequences"


def test_alembic_finds_nothing_left_to_migrate(address: str) -> None:
    engine = writer_of(address)
    with engine.begin() as connection:
        command.check(config(connection))
    engine.dispose()


def set_version(address: str, **values: int) -> None:
    engine = writer_of(address)
    with engine.begin() as connection:
        connection.execute(update(t.floor).values(**values))
    engine.dispose()


def test_a_newer_major_is_refused_and_left_alone(address: str) -> None:
    set_version(address, schema_major=schema.MAJOR + 1, schema_minor=3)
    with pytest.raises(WrongVersion, match=rf"schema is {schema.MAJOR + 1}\.3.*Please update") as error:
        Book(address)
    assert error.value.title == "Please update Firstring"


def test_a_newer_minor_is_worked_with(address: str) -> None:
    set_version(address, schema_minor=schema.MINOR + 1)
    book = Book(address)
    assert note(book, "written by the older program") == 1
    book.close()


# -- what is no floor


def test_a_database_of_another_program_is_refused_and_not_touched(
    database: Database, empty_address: str, tmp_path: Path
) -> None:
    if database == "sqlite":
        path = tmp_path / "other.db"
        with sqlite_module().connect(path) as made:
            made.execute("CREATE TABLE songs (title TEXT)")
        made.close()
        before = path.read_bytes()
        with pytest.raises(WrongVersion, match=r"other\.db is not a Firstring floor"):
            Book(str(path))
        assert path.read_bytes() == before
        assert [file.name for file in tmp_path.iterdir()] == ["other.db"]
    else:
        engine = writer_of(empty_address)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE songs (title TEXT)")
        engine.dispose()
        with pytest.raises(WrongVersion, match="not a Firstring floor"):
            Book(empty_address)
        with pytest.raises(Unavailable, match="not empty"):
            start_floor(empty_address, NAME, START)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\3\4" + b"\0" * 5000, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database_is_refused_and_not_touched(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "letters.floor"
    path.write_bytes(content)
    with pytest.raises(AppError, match="not a Firstring floor"):
        Book(str(path))
    assert path.read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


def test_a_floor_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no floor at"):
        Book(str(tmp_path / "gone.floor"))


def test_what_a_broken_off_beginning_left_is_in_nobodys_way(tmp_path: Path) -> None:
    path = tmp_path / "new.floor"
    (tmp_path / "new.floor.making").write_bytes(b"half a floor")
    (tmp_path / "new.floor.making-wal").write_bytes(b"and its log")
    (tmp_path / "new.floor-wal").write_bytes(b"the log of an older floor of this name")
    start_floor(str(path), NAME, START)
    Book(str(path)).close()
    assert [file.name for file in tmp_path.iterdir()] == ["new.floor"]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(AppError) as error:
        start_floor(str(tmp_path / "file" / "new.floor"), NAME, START)
    assert error.value.message.endswith(".")


# -- an older floor


NOW = schema.REVISION
NEWER = """
from alembic import op
import sqlalchemy as sa
revision = "9999"
down_revision = "{now}"
def upgrade():
    op.create_table("moods", sa.Column("name", sa.Text, primary_key=True))
    with op.batch_alter_table("reps") as reps:
        reps.add_column(sa.Column("mood", sa.Text, nullable=False, server_default="calm"))
    {then}
"""


@pytest.fixture
def newer_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with one more migration; the path of that migration."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder)
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    monkeypatch.setattr(schema, "REVISION", "9999")
    path = folder / "versions" / "9999_moods.py"
    path.write_text(NEWER.format(now=NOW, then=""))
    return path


def moods(address: str) -> list[Any]:
    connection = sqlite_module().connect(address)
    rows = connection.execute("SELECT mood FROM reps").fetchall()
    connection.close()
    return rows


def test_an_older_file_is_copied_and_brought_forward(
    address: str, database: Database, newer_program: Path
) -> None:
    if database == "postgresql":
        with pytest.raises(Unavailable, match="an admin has to upgrade it"):
            Book(address)
        return
    Path(address).with_suffix(".copying").write_bytes(b"a copy that was broken off")
    book = Book(address)
    assert note(book, "goes on") == 1
    book.close()
    assert moods(address) == []
    copy = Path(address).with_suffix(".before-9999.floor")
    with pytest.raises(sqlite_module().OperationalError, match="no such column"):
        moods(str(copy))
    assert not Path(address).with_suffix(".copying").exists()
    Book(address).close()


def test_a_migration_that_fails_leaves_the_floor_as_it_was(
    tmp_path: Path, newer_program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "a.floor")
    with monkeypatch.context() as older:
        older.setattr(schema, "REVISION", NOW)
        start_floor(path, NAME, START)
        before = looks(path)
    newer_program.write_text(NEWER.format(now=NOW, then='op.execute("DROP TABLE nothing_of_this_name")'))
    with pytest.raises(Unavailable):
        Book(path)
    assert looks(path) == before
    newer_program.write_text(NEWER.format(now=NOW, then=""))
    Book(path).close()  # the repaired program finds everything as it needs it
    assert moods(path) == []


# -- only ever added to


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = '{}'",
        "UPDATE events SET seq = 9",
        "DELETE FROM events",
        "UPDATE events SET hash = ''",
    ],
)
def test_events_are_never_changed_and_never_go(book: Book, statement: str) -> None:
    note(book, "one", "two")
    with pytest.raises(DBAPIError, match="append-only"), raw(book) as connection:
        connection.exec_driver_sql(statement)
    with book.reading() as r:
        assert [entry.seq for entry in r.since(0)] == [1, 2]


@only_postgresql
def test_postgresql_gives_the_numbers_itself(book: Book) -> None:
    note(book, "one")
    row = {"id": "x", "tx": "x", "at": START, "actor": "a", "kind": "note.added", "body": '{"text":"mine"}'}
    with raw(book) as connection:
        connection.execute(t.events.insert(), row | {"seq": 77, "hash": "mine"})
    with pytest.raises(DBAPIError, match="append-only"), raw(book) as connection:  # noqa: PT012
        connection.execute(t.events.insert(), row | {"id": "y"})
        connection.exec_driver_sql("UPDATE events SET seq = 99, hash = 'mine' WHERE id = 'y'")
    with pytest.raises(DBAPIError, match="append-only"), raw(book) as connection:
        connection.exec_driver_sql("TRUNCATE events")
    with book.reading() as r:
        assert [(entry.seq, entry.id == "x") for entry in r.since(0)] == [(1, False), (2, True)]
