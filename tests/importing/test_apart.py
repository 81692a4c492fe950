"""The process that reads a file: what it may not do, and what is said when it was ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from app.channels.table import NotATable, TableRow, Wishes
from app.clock import HandClock
from app.domain.commands import AddImportRows
from app.workers import importer as importing
from app.workers.file_reading import TOO_MUCH, WORD, Bounds, Order
from app.workers.importer import Importer
from app.workers.reading_apart import ENDED, TOO_LONG, Cancelled, ReadApart
from tests.conftest import ROOT
from tests.importing.conftest import Write
from tests.importing.memory import MemoryFloor
from tests.importing.test_workbooks import END, SHEET, workbook
from tests.processes import started_for

limited = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the limits")
THOUSANDS = "name,e-mail\n" + "".join(f"Lead {n},n{n}@x.example\n" for n in range(40_000))


def readers() -> list[int]:
    """Processes of ours that read a file."""
    return started_for(WORD)


def rows_of(path: Path, stop: threading.Event | None = None, **bounds: int) -> list[TableRow]:
    order = Order(path=str(path), wishes=Wishes(), bounds=Bounds(**bounds))
    with ReadApart(order, stop or threading.Event()) as source:
        return list(source)


def test_rows_come_as_they_are(write: Write) -> None:
    path = write('name,city\n"Zoë ""Z"" ☎",Rome\nTom,a,b\nLuis,"two\nlines"\n')
    assert rows_of(path) == [
        TableRow(2, ['Zoë "Z" ☎', "Rome"]),
        TableRow(3, ["Tom", "a", "b"], "it has 3 cells, the header has 2"),
        TableRow(4, ["Luis", "two\nlines"]),
    ]


def test_half_a_character_comes_as_a_mark(write: Write) -> None:
    order = Order(
        path=str(write(b"name,city\nA\\ud83d,Rome\n")),
        wishes=Wishes(encoding="raw_unicode_escape", delimiter=",", header=True),
        bounds=Bounds(),
    )
    with ReadApart(order, threading.Event()) as source:
        assert [row.cells for row in source] == [["A?", "Rome"]]


@limited
def test_a_reader_that_is_killed_is_one_sentence_and_nothing_comes_in(write: Write, clock: HandClock) -> None:
    def before(command: object) -> None:
        if isinstance(command, AddImportRows):
            for pid in readers():
                os.kill(pid, signal.SIGKILL)

    floor = MemoryFloor(clock, before)
    path = write(THOUSANDS)
    with pytest.raises(NotATable) as said:
        Importer(floor, clock).run(path)
    assert said.value.message == ENDED
    assert (floor.rows, floor.staged) == ([], {})
    assert floor.commands[-1] == "CancelImport"
    assert readers() == []


@limited
def test_one_that_takes_too_long_is_ended(write: Write, importer: Importer, monkeypatch: Any) -> None:
    monkeypatch.setattr(importing, "BOUNDS", Bounds(seconds=1, seconds_per_megabyte=0))
    with pytest.raises(NotATable) as said:
        importer.look(write(b"name,e-mail\n" + b"a,b\n" * 5_000_000))
    assert said.value.message == TOO_LONG


@limited
def test_one_that_grows_too_large_is_ended(tmp_path: Path, importer: Importer, monkeypatch: Any) -> None:
    names = b'<c t="inlineStr"><is><t>name</t></is></c>' * 12
    cells = b'<c t="inlineStr"><is><t>%s</t></is></c>' % (b"x" * (1 << 20)) * 12
    sheet = SHEET + b"<row>" + names + b"</row><row>" + cells + b"</row>" + END
    path = workbook(tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": sheet})
    assert importer.look(path).rows == 1
    monkeypatch.setattr(importing, "BOUNDS", Bounds(memory=48 << 20))
    with pytest.raises(NotATable) as said:
        importer.look(path)
    assert said.value.message in (TOO_MUCH, ENDED)  # some libraries don't outlive it long enough to say so


def test_a_cancel_ends_it_whatever_it_is_at(tmp_path: Path) -> None:
    """It waits for a pipe that nobody writes into."""
    pipe = tmp_path / "leads.csv"
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no such pipes here")
    os.mkfifo(pipe)
    stop = threading.Event()
    said: list[BaseException] = []

    def read() -> None:
        try:
            rows_of(pipe, stop)
        except Cancelled as error:
            said.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    stop.set()
    thread.join(60)
    assert len(said) == 1


TRY = """
import sys
from pathlib import Path
from app.workers.file_reading import Bounds, confine
confine(Bounds(), Path(sys.argv[1]))
{}
"""


@limited
@pytest.mark.parametrize(
    "deed",
    [
        "import os; os.write(os.open(sys.argv[1] + '.new', os.O_CREAT | os.O_WRONLY), b'x')",
        "files = [open(sys.argv[1]) for _ in range(64)]",
        "bytearray(2 << 30)",
        "import socket; socket.create_connection(('127.0.0.1', int(sys.argv[2])), timeout=20)",
    ],
)
def test_what_a_reader_may_not(write: Write, deed: str) -> None:
    if "socket" in deed and not has_rooms():
        pytest.skip("this system lets nobody leave the network")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        words = [
            sys.executable,
            "-c",
            TRY.format(deed),
            str(write("name\n")),
            str(listening.getsockname()[1]),
        ]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(("OSError", "MemoryError")), done.stderr


def has_rooms() -> bool:
    words = ["unshare", "--net", *(() if os.geteuid() == 0 else ("--user",)), "true"]
    try:
        return subprocess.run(words, capture_output=True, timeout=60, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_whoever_says_the_word_by_hand_gets_no_traceback() -> None:
    words = [sys.executable, "main.py", "read-file"]
    done = subprocess.run(words, cwd=ROOT, input=b"hello", capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")
