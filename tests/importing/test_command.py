"""`main.py import`: what it shows, asks, answers, and the code it ends with."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app.domain.mapping import Mapping, Target
from app.domain.questions import FindLeads, FloorFacts
from app.workers import mapping_file
from tests.importing import at_terminal
from tests.importing.conftest import Write

pty = pytest.importorskip("pty", reason="there are no terminals of this kind here")

GOOD = "Name,E-mail,Stores\nDana,dana@x.example,14\nTom,tom@x.example,3\n"
ROOT = Path(__file__).parents[2]
ASKED = "save FILE to keep these: "


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "cli.floor")


def leads(address: str) -> int:
    with at_terminal.opened(address) as floor:
        return floor.ask(FloorFacts()).leads


# -- from a script


def test_all_rows_in(write: Write, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(GOOD)
    assert at_terminal.run(address, "import", str(path), "--yes") == 0
    told = capsys.readouterr()
    assert "leads.csv: Comma-separated, UTF-8, 2 rows, 3 columns." in told.out
    assert re.search(r"2  E-mail  +email +dana@x.example \| tom@x.example", told.out)
    assert "100% · 2 rows" in told.out
    assert "2 leads imported, in " in told.out
    assert "\r" not in told.out
    assert told.err == ""
    assert leads(address) == 2


def test_some_rows_refused(write: Write, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(GOOD + "Luis\n")
    assert at_terminal.run(address, "import", str(path), "--yes") == 1
    told = capsys.readouterr().out
    assert "1 row can't be read, in line 4: it has only 1 cell, the header has 3." in told
    assert f"Refused rows: 1, in {path}.rejects.csv" in told
    assert (path.parent / "leads.csv.rejects.csv").exists()


def test_the_same_file_again(write: Write, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(GOOD))
    assert at_terminal.run(address, "import", path, "--yes") == 0
    assert at_terminal.run(address, "import", path, "--yes") == 2
    told = capsys.readouterr()
    assert "This file was imported before: “leads.csv”" in told.out
    assert told.err == "firstring: It was not imported again; say --again to do that.\n"
    assert at_terminal.run(address, "import", path, "--yes", "--again", "--rejects", path + ".r") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "FILE"], "Say --yes to take the guessed columns, or run this in a terminal to be asked."),
        (["import", "nowhere.csv", "--yes"], "There is no file nowhere.csv."),
        (["import", "FILE", "--yes", "--delimiter", "ab"], "--delimiter takes one character."),
        (["import", "FILE", "--yes", "--encoding", "martian"], "There is no text encoding called martian."),
        (["import", "FILE", "--yes", "--mapping", "none.toml"], "There is no mapping file none.toml."),
        (["import", "EMPTY", "--yes"], "There is nothing in this file."),
    ],
)
def test_wrong_use_is_one_line(
    write: Write, address: str, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    files = {"FILE": str(write(GOOD)), "EMPTY": str(write("", "empty.csv"))}
    assert at_terminal.run(address, *(files.get(word, word) for word in words)) == 2
    assert capsys.readouterr().err == f"firstring: {said}\n"


def test_cells_can_not_speak_to_the_terminal(
    write: Write, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("Name\x1b]0;x\x07\x9b1m,E-mail\nDana\x1b[2J\x9b31m,dana@x.example\n")
    at_terminal.run(address, "import", str(path), "--yes")
    told = capsys.readouterr()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", told.out + told.err)


def test_a_mapping_file(
    write: Write, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(GOOD))
    mapping = write('[columns]\n"Name" = "company"\n"Stores" = "ask"\n"E-mail" = "email"\n', "m.toml")
    assert at_terminal.run(address, "import", path, "--yes", "--mapping", str(mapping)) == 0
    with at_terminal.opened(address) as floor:
        (lead,) = floor.ask(FindLeads(text="dana")).leads
    assert (lead.company, lead.ask) == ("Dana", "14")
    for text, said in (
        ('[columns]\n"Nome" = "name"\n', "speaks of a column “Nome” that this file does not have"),
        ('[columns]\n"Name" = "nom"\n', "“nom” is no target for “Name”"),
        ("[columns\n", "is not written right"),
        ("[other]\n", "has no list of columns"),
        ("columns = 3\n", "has no list of columns"),
    ):
        mapping.write_text(text)
        assert at_terminal.run(address, "import", path, "--yes", "--again", "--mapping", str(mapping)) == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["m.toml", "m.json"])
def test_mappings_are_written_and_read_back(tmp_path: Path, name: str) -> None:
    headers = ['He said "so"', "back\\slash", "Straße", "a = b", "#", "1.5", "漢字"]
    mapping = Mapping(columns=tuple(zip(headers, list(Target)[: len(headers)], strict=True)))
    mapping_file.save(tmp_path / name, mapping)
    blank = Mapping(columns=tuple((header, Target.ANSWER) for header in headers))
    assert mapping_file.load(tmp_path / name, blank) == mapping
    text = (tmp_path / name).read_text(encoding="utf-8")
    loaded = json.loads(text) if name.endswith("json") else tomllib.loads(text)
    assert loaded == {"columns": dict(mapping.columns)}


# -- at a terminal


class Terminal:
    """The command at a terminal: what it writes, and a person who types."""

    def __init__(self, address: str, *words: str) -> None:
        self.text = ""
        self._seen = 0
        self._end, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", at_terminal.__name__, address, *words],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._end)

    def until(self, wanted: str) -> str:
        """Read on until `wanted` comes; what came since the last time."""
        start = self._seen
        while (at := self.text.find(wanted, start)) < 0:
            ready, _, _ = select.select([self._end], [], [], 30)
            try:
                more = os.read(self._end, 65536) if ready else b""
            except OSError:
                more = b""
            assert more, f"{wanted!r} did not come; there was: {self.text[start:]}"
            self.text += more.decode()
        self._seen = at + len(wanted)
        return self.text[start : self._seen]

    def type(self, line: str) -> None:
        os.write(self._end, line.encode() + b"\n")

    def code(self) -> int:
        return self.process.wait(60)


def test_a_person_changes_a_column_and_keeps_the_mapping(write: Write, address: str, tmp_path: Path) -> None:
    with Terminal(address, "import", str(write(GOOD))) as terminal:
        asked = terminal.until(ASKED)
        assert "external_id" not in asked
        terminal.type("Stores=ask")
        terminal.until("Stores is ask.")
        terminal.until(ASKED)
        terminal.type("9=ask")
        terminal.until("There is no column “9”.")
        terminal.type("1=nom")
        terminal.until("There is no target “nom”; there are name, first_name")
        terminal.type("?")
        terminal.until("A column is a name or a number")
        terminal.type(f"save {tmp_path / 'kept.toml'}")
        terminal.until(ASKED)
        terminal.type("yes")
        told = terminal.until("2 leads imported")
        assert "[####################] Importing 100%" in told
        assert terminal.code() == 0
    assert '"Stores" = "ask"' in (tmp_path / "kept.toml").read_text()
    with at_terminal.opened(address) as floor:
        assert floor.ask(FindLeads(text="tom")).leads[0].ask == "3"


@pytest.mark.parametrize("answer", ["no\n", "\x04", "\x03"])
def test_a_person_says_no(write: Write, address: str, answer: str) -> None:
    with Terminal(address, "import", str(write(GOOD))) as terminal:
        terminal.until(ASKED)
        if answer == "\x03":
            os.kill(terminal.process.pid, signal.SIGINT)
        else:
            os.write(terminal._end, answer.encode())
        terminal.until("Cancelled; nothing was imported.")
        assert terminal.code() == 130
    assert leads(address) == 0


def test_ctrl_c_while_rows_are_sent(write: Write, address: str) -> None:
    rows = "".join(f"Lead {n},n{n}@x.example,1\n" for n in range(20_000))
    path = write("Name,E-mail,Stores\n" + rows)
    with Terminal(address, "import", str(path), "--yes") as terminal:
        terminal.until("rows/s · ")
        terminal.until("Importing ")
        os.kill(terminal.process.pid, signal.SIGINT)
        terminal.until("Cancelled; nothing was imported.")
        assert "Traceback" not in terminal.text
        assert terminal.code() == 130
    assert leads(address) == 0
    assert [other.name for other in path.parent.iterdir() if "rejects" in other.name] == []


def test_a_person_is_asked_before_a_file_comes_in_again(write: Write, address: str) -> None:
    path = str(write(GOOD))
    assert at_terminal.run(address, "import", path, "--yes") == 0
    with Terminal(address, "import", path) as terminal:
        terminal.until("Import it again? [y/N] ")
        terminal.type("")
        assert terminal.code() == 130
    with Terminal(address, "import", path) as terminal:
        terminal.until("Import it again? [y/N] ")
        terminal.type("y")
        terminal.until(ASKED)
        terminal.type("y")
        assert terminal.code() == 0
