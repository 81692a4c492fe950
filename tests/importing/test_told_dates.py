"""Dates that a column does not tell: a person says what stands first, by an option, a mapping file or an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.columns_seen import seen
from app.domain.dates import Order
from app.floor.local import LocalFloor
from app.store import tables as t
from tests.importing import at_terminal
from tests.importing.conftest import Write
from tests.importing.test_command import ASKED, Terminal

FILE = "Lead ID,Name,Created,First call\nL-1,Dana Fox,03/04/2024 09:30,04/05/2024 10:00\n"
DAY_FIRST = datetime(2024, 4, 3, 9, 30, tzinfo=UTC), datetime(2024, 5, 4, 10, tzinfo=UTC)
MONTH_FIRST = datetime(2024, 3, 4, 9, 30, tzinfo=UTC), datetime(2024, 4, 5, 10, tzinfo=UTC)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "told.floor")


def dates(address: str) -> tuple[datetime, datetime]:
    """When the one lead came in, and when it was called."""
    with at_terminal.opened(address) as floor:
        assert isinstance(floor, LocalFloor)
        with floor._book.reading() as r:
            row = r.db.execute(select(t.leads.c.captured_at, t.leads.c.first_call_at)).one()
    return row.captured_at, row.first_call_at


def test_nothing_comes_in_before_it_is_said(
    write: Write, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert at_terminal.run(address, "import", str(write(FILE)), "--yes") == 2
    assert (
        "“Created” writes its dates so that day and month can't be told apart: “03/04/2024 09:30” may be 3 April 2024 "
        "or 4 March 2024. Say --dates day-first or --dates month-first."
    ) in capsys.readouterr().err


@pytest.mark.parametrize(("said", "wanted"), [("day-first", DAY_FIRST), ("month-first", MONTH_FIRST)])
def test_an_option_says_it_of_all_columns(
    write: Write, address: str, said: str, wanted: tuple[datetime, datetime]
) -> None:
    assert at_terminal.run(address, "import", str(write(FILE)), "--yes", "--dates", said) == 0
    assert dates(address) == wanted


def test_an_option_says_nothing_of_what_a_column_tells_itself(write: Write, address: str) -> None:
    path = write(FILE.replace("04/05/2024", "4 May 2024"))
    assert at_terminal.run(address, "import", str(path), "--yes", "--dates", "month-first") == 0
    assert dates(address) == (MONTH_FIRST[0], DAY_FIRST[1])


def test_a_mapping_says_it_of_one_column(
    write: Write, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = (
        '[columns]\n"Lead ID" = "external_id"\nName = "name"\n'
        'Created = "captured_at"\n"First call" = "first_call_at"\n'
    )
    one = write(columns + '[dates]\nCreated = "month-first"\n', "one.toml")
    assert at_terminal.run(address, "import", str(write(FILE)), "--yes", "--map", str(one)) == 2
    assert "“First call” writes its dates so" in capsys.readouterr().err
    both = write(columns + '[dates]\nCreated = "month-first"\n"First call" = "day-first"\n', "both.toml")
    assert at_terminal.run(address, "import", str(write(FILE)), "--yes", "--map", str(both)) == 0
    assert dates(address) == (MONTH_FIRST[0], DAY_FIRST[1])


def test_a_person_answers_and_what_was_said_is_kept(write: Write, address: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.toml"
    with Terminal(address, "import", str(write(FILE))) as terminal:
        terminal.until("What stands first in “Created”, the day or the month? [d/m] ")
        terminal.type("whatever")
        terminal.until("[d/m] ")
        terminal.type("m")
        terminal.until("What stands first in “First call”, the day or the month? [d/m] ")
        terminal.type("d")
        terminal.until(ASKED)
        terminal.type(f"save {kept}")
        terminal.until(ASKED)
        terminal.type("yes")
        assert terminal.code() == 0
    assert dates(address) == (MONTH_FIRST[0], DAY_FIRST[1])
    assert '[dates]\n"Created" = "month-first"\n"First call" = "day-first"\n' in kept.read_text()


def test_what_a_column_shows_of_itself() -> None:
    rows = [["01/02/2024", "won"], ["13/02/2024", "lost"], ["02/01/2024", "won"], ["", "won"]]
    column, words = seen(2, rows)
    assert (column.order, column.open, column.proof) == (Order.DAY_FIRST, "01/02/2024", "13/02/2024")
    assert dict(zip(words.words, words.counts, strict=True)) == {"won": 3, "lost": 1}


def test_a_column_of_months_is_one_of_days() -> None:
    months, mixed, words = seen(3, [["2024-01", "02/2024", "x"], ["2024-02", "03/04/2024", "y"]])
    assert (months.is_dates, months.is_days) == (False, True)
    assert (mixed.is_dates, mixed.is_days) == (False, True)
    assert not words.is_days
