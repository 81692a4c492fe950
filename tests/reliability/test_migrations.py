"""R11: killed at every statement of every migration of a file: it is the old floor or the new one, never between."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event

from app.store import schema
from app.store.book import Book
from app.store.engine import open_sqlite
from app.store.start_check import look_over
from tests.reliability.trial import Trial
from tests.store.notes import note

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]
FLOOR = (
    "INSERT INTO feed (one, last, head) VALUES (1, 0, '')",
    "INSERT INTO rulebooks (version, published_at, body) VALUES (1, 0, '{}')",
    "INSERT INTO floor (one, id, name, started_at, schema_major, schema_minor, rulebook) "
    "VALUES (1, 'f', 'Old', 0, 1, 0, 1)",
)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A floor of the first schema there was, closed."""
    path = tmp_path_factory.mktemp("old") / "old.floor"
    writer, reader = open_sqlite(path)
    reader.dispose()
    with writer.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("PRAGMA application_id=1181315699")
        for statement in FLOOR:
            connection.exec_driver_sql(statement)
    writer.dispose()
    return path


def upgraded(path: Path, die_at: int) -> bool:
    """Open the floor in a process of its own, which dies before the statement of that number; whether it did."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            from sqlalchemy import Engine

            count = [0]

            @event.listens_for(Engine, "before_cursor_execute")
            def step(*_: object) -> None:
                if count[0] == die_at:
                    os._exit(9)
                count[0] += 1

            Book(str(path)).close()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9), f"the upgrade failed at {die_at} without being killed"
    return code == 9


def revision(path: Path) -> str:
    book = open_sqlite(path)
    with book[1].connect() as connection:
        found = schema.revision(connection)
    for engine in book:
        engine.dispose()
    return found


@pytest.mark.trial("R11", unit="way up")
def test_killed_at_every_statement_it_is_old_or_new(old: Path, tmp_path: Path, trial: Trial) -> None:
    assert sys.platform != "win32"
    seen, at = set(), 0
    while True:
        path = tmp_path / f"f{at}.floor"
        shutil.copyfile(old, path)
        killed = upgraded(path, at)
        look_over(path)
        seen.add(revision(path))
        assert revision(path) in ("0001", schema.REVISION)
        book = Book(str(path))  # the next start brings it to its end
        assert note(book, "and it works") == 1
        book.close()
        assert revision(path) == schema.REVISION
        for left in tmp_path.glob(f"f{at}*"):
            left.unlink()
        if not killed:
            break
        at += 1
    trial.found(kills=at, in_between=0)
    assert at > 20
    assert seen == {"0001", schema.REVISION}
