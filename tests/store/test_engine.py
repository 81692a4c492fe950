"""What a driver says becomes one sentence for a person, and a mistake of ours stays a mistake."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.domain.errors import Damaged, Refused, Unavailable
from app.store import engine as engines
from app.store.backup import BadBackup, back_up
from app.store.backup_sqlite import verify
from app.store.book import Book
from app.store.driver import sqlite_module
from tests.fresh import START
from tests.store.notes import note, only_postgresql, only_sqlite


def said(error: pytest.ExceptionInfo[Unavailable]) -> tuple[str, str]:
    assert error.value.__cause__ is not None  # for the log
    return error.value.title, error.value.message


def limited(book: Book, more: int) -> None:
    """Let the file grow by so many pages only."""
    with book.writing("tester", START) as w:
        pages = w.db.exec_driver_sql("PRAGMA page_count").scalar_one()
        w.db.exec_driver_sql(f"PRAGMA max_page_count={pages + more}")


@only_sqlite
def test_a_full_disk_is_called_so_and_leaves_nothing_half_written(book: Book) -> None:
    note(book, "before")
    limited(book, 4)
    with pytest.raises(Unavailable) as error:
        note(book, *["x" * 5000] * 10)
    assert said(error)[0] == "Disk full"
    with book.reading() as r:
        assert len(r.since(0)) == 1
    limited(book, 10**6)
    assert note(book, "after") == 2


@only_sqlite
def test_a_disk_that_fills_up_behind_a_savepoint_is_not_taken_for_something_else(book: Book) -> None:
    limited(book, 4)
    with pytest.raises(Unavailable) as error, book.writing("tester", START) as w, w.savepoint():  # noqa: PT012
        w.db.execute(text("CREATE TABLE big (x)"))
        for _ in range(100):
            w.db.execute(text("INSERT INTO big VALUES (randomblob(4000))"))
    assert said(error)[0] == "Disk full"
    limited(book, 10**6)
    assert note(book, "after") == 1


@only_sqlite
def test_a_damaged_file_is_called_so(address: str) -> None:
    path = Path(address)
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(Unavailable) as error:
        Book(address)
    assert said(error) == ("Damaged file", "The floor's file is damaged and was left as it is.")
    assert path.read_bytes() == content


@only_sqlite
def test_a_damaged_file_is_called_so_whatever_bytes_sqlite_names(address: str, tmp_path: Path) -> None:
    """Its own words of a schema with a byte that is no text can't be read as text either."""
    path = Path(address)
    made = back_up(address, tmp_path / "b", START)
    assert made is not None
    for file, attempt, error in (
        (path, lambda: Book(address), Damaged),
        (made.path, lambda: verify(made.path), BadBackup),
    ):
        file.write_bytes(file.read_bytes().replace(b"CREATE TABLE leads", b"CREATE TABL\xa8 leads"))
        with pytest.raises(error, match="damaged"):
            attempt()


@only_sqlite
def test_text_that_is_none_is_damage(address: str) -> None:
    book = Book(address)
    with pytest.raises(Damaged), book.reading() as r:
        r.db.execute(text("SELECT CAST(x'a8' AS TEXT)")).all()
    book.close()


@only_sqlite
@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_called_so(address: str) -> None:
    Path(address).chmod(stat.S_IRUSR)
    Path(address).parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(Unavailable) as error:
            Book(address)
        assert said(error)[0] == "Read-only"
    finally:
        Path(address).parent.chmod(stat.S_IRWXU)


@only_sqlite
def test_a_file_that_another_program_holds_is_busy(book: Book) -> None:
    with book.writing("tester", START) as w:
        w.db.exec_driver_sql("PRAGMA busy_timeout=50")
    with closing(sqlite_module().connect(book.address, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="busy"):
            note(book, "waits")
        other.execute("ROLLBACK")
    assert note(book, "goes on") == 1


@only_postgresql
def test_a_server_that_went_away_does_not_answer_and_is_found_again(book: Book) -> None:
    with pytest.raises(Unavailable) as error, book.writing("tester", START) as w:
        w.db.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    assert said(error)[1] == "The floor's database does not answer."
    assert note(book, "again") == 1


def test_a_server_that_is_not_there_does_not_answer() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Book("postgresql://nobody@127.0.0.1:1/nothing")


@only_postgresql
def test_what_only_reads_may_read_but_not_write(book: Book) -> None:
    with pytest.raises(Unavailable) as error, book.writing("tester", START) as w:  # noqa: PT012
        w.db.exec_driver_sql("SET TRANSACTION READ ONLY")
        w.db.exec_driver_sql("UPDATE feed SET last = 7")
    assert said(error)[0] == "Read-only"


def test_a_mistake_of_ours_is_not_dressed_up(book: Book) -> None:
    kind = DBAPIError if book.is_sqlite else ProgrammingError
    with pytest.raises((kind, Unavailable)) as error, book.writing("tester", START) as w:
        w.db.exec_driver_sql("SELECT no_such_column FROM feed")
    assert book.is_sqlite or not isinstance(error.value, Unavailable)
    with pytest.raises(ZeroDivisionError), book.writing("tester", START) as w:
        raise ZeroDivisionError
    with pytest.raises(Refused), book.writing("tester", START) as w:
        raise Refused("No.")


def test_an_older_error_is_not_taken_for_the_new_one(book: Book) -> None:
    """Whoever handles one error and runs into the next is told of the next."""
    try:
        with book.writing("tester", START) as w:
            w.db.exec_driver_sql("INSERT INTO feed (one, last, head) VALUES (1, 0, '')")
    except (engines.Clashed, DBAPIError):
        with pytest.raises((DBAPIError, Unavailable)) as error, book.writing("tester", START) as w:
            w.db.exec_driver_sql("SELECT nothing FROM nowhere")
        assert not isinstance(error.value, engines.Clashed)


def test_the_database_is_set_up_to_keep_what_it_says_it_kept(book: Book) -> None:
    with book.writing("tester", START) as w:
        if book.is_sqlite:
            asked = ("journal_mode", "synchronous", "wal_autocheckpoint")
            found = [w.db.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked]
            assert found == ["wal", 2, 1000]
        else:
            names = (
                "transaction_isolation",
                "lock_timeout",
                "statement_timeout",
                "idle_in_transaction_session_timeout",
            )
            found = [w.db.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]
            assert found == ["read committed", "3s", "30s", "10s"]
    with book.reading() as r:
        if not book.is_sqlite:
            assert r.db.exec_driver_sql("SHOW transaction_isolation").scalar_one() == "repeatable read"
