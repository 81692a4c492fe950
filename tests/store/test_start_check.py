"""A floor's file is looked over before it is opened: what is not whole is said in a sentence and left as it is."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from app.domain.errors import Damaged
from app.store.book import Book
from app.store.start_check import look_over
from tests.fresh import START
from tests.store.notes import note, only_sqlite

pytestmark = only_sqlite
PAGE = 4096


@pytest.fixture
def killed(address: str, tmp_path: Path) -> Path:
    """A floor as a program leaves it that was killed: most of it in a log beside the file."""
    book = Book(address)
    note(book, *("somebody wrote this " * 20 for _ in range(60)))
    place = tmp_path / "killed"
    place.mkdir()
    for end in ("", "-wal"):
        shutil.copyfile(f"{address}{end}", place / f"k.floor{end}")
    book.close()
    return place / "k.floor"


def contents(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.parent.iterdir()}


def test_one_that_was_closed_or_killed_is_whole(address: str, killed: Path) -> None:
    look_over(Path(address))
    before = contents(killed)
    look_over(killed)
    assert contents(killed) == before
    book = Book(str(killed))
    with book.reading() as r:
        assert r.head()[0] == 60
    book.close()


def test_pages_spoilt_in_a_killed_one_are_found_and_nothing_is_touched(killed: Path) -> None:
    content = bytearray(killed.read_bytes())
    for page in range(1, len(content) // PAGE):
        content[page * PAGE : page * PAGE + 16] = b"\xff" * 16
    killed.write_bytes(content)
    before = contents(killed)
    with pytest.raises(Damaged, match="is damaged and was left as it is"):
        look_over(killed)
    assert contents(killed) == before


def test_an_event_changed_in_a_killed_one_is_found(address: str, killed: Path) -> None:
    """A page can be sound to the database and still not be what was written: the chain says so."""
    book = Book(str(killed))
    with book.writing("x", START) as w:
        for (name,) in w.db.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
        ).fetchall():
            w.db.exec_driver_sql(f"DROP TRIGGER {name}")
        w.db.exec_driver_sql("UPDATE events SET actor = 'somebody else' WHERE seq = 55")
    for end in ("", "-wal"):
        shutil.copyfile(f"{killed}{end}", f"{killed}2{end}")
    book.close()
    with pytest.raises(Damaged):
        look_over(Path(f"{killed}2"))


@pytest.mark.parametrize("cut", [1, PAGE, 3 * PAGE])
def test_a_file_cut_short_is_called_so(address: str, cut: int) -> None:
    path = Path(address)
    content = path.read_bytes()
    path.write_bytes(content[:-cut])
    with pytest.raises(Damaged, match="is cut short and was left as it is"):
        look_over(path)
    assert path.read_bytes() == content[:-cut]


def test_an_empty_file_does_not_cost_its_log(killed: Path) -> None:
    """SQLite would begin a new database and throw the log away, in which everything still stands."""
    killed.write_bytes(b"")
    before = contents(killed)
    with pytest.raises(Damaged, match="is empty"):
        look_over(killed)
    assert contents(killed) == before


def test_a_log_torn_anywhere_leaves_a_floor_that_opens(killed: Path) -> None:
    """What the power left of a log is a beginning of it, in whole transactions."""
    seed = 3
    print(f"seed {seed}")  # noqa: T201 - for whoever looks for a failure
    dice = random.Random(seed)
    log = Path(f"{killed}-wal")
    whole, file = log.read_bytes(), killed.read_bytes()
    for _ in range(30):
        killed.write_bytes(file)
        Path(f"{killed}-shm").unlink(missing_ok=True)
        torn = bytearray(whole[: dice.randrange(len(whole))])
        if torn and dice.random() < 0.5:
            torn[dice.randrange(len(torn))] ^= 1 << dice.randrange(8)
        log.write_bytes(torn)
        look_over(killed)
        book = Book(str(killed))
        with book.reading() as r:
            assert r.head()[0] in (0, 60)
        book.close()
