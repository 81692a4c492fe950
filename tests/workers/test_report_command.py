"""`main.py report`: its words, what it asks for, and what it writes, on a floor whose reports are made up."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.cli import report as command
from app.cli.rulebook import Door
from app.domain.errors import Refused
from app.domain.report import By
from tests.ui.report_samples import ReportingFloor


@pytest.fixture
def floor(monkeypatch: pytest.MonkeyPatch) -> ReportingFloor:
    made = ReportingFloor(None)  # type: ignore[arg-type]

    @contextmanager
    def looking(address: str) -> Iterator[Door]:
        yield Door((), made.ask, lambda said: None)

    monkeypatch.setattr(command, "looking", looking)
    return made


def run(*words: str, until: str = "2026-11-23T00:00-05:00") -> int:
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers())
    span = ("--from", "2026-11-16T00:00-05:00", "--to", until)
    return command.run(parser.parse_args(["report", *words, *span]), "somewhere")


def test_the_terminal_gets_what_was_asked_for(
    floor: ReportingFloor, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--where", "medium=google", "--where", "medium=meta", "--where", "won=yes")
    assert run("response", "--by", "rep", "--compare", "before", *where, "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["name"] == "response"
    asked = floor.asked[0].asked
    assert asked.since == datetime(2026, 11, 16, 5, tzinfo=UTC)
    assert (asked.was_since, asked.was_until) == (datetime(2026, 11, 9, 5, tzinfo=UTC), asked.since)
    assert asked.by is By.REP
    assert asked.segment.where == (("medium", ("google", "meta")), ("won", ("yes",)))


def test_without_a_format_it_is_csv(floor: ReportingFloor, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("response") == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert rows[0] == ["Report", "Response"]
    assert floor.asked[0].asked.was_since is None


@pytest.mark.parametrize(
    ("way", "start"), [("xlsx", b"PK"), ("pdf", b"%PDF"), ("csv", b"Report"), ("json", b"{")]
)
def test_a_file_is_written(
    floor: ReportingFloor,
    tmp_path: Path,
    way: str,
    start: bytes,
    qapp: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / f"r.{way}"
    assert run("funnel", "--format", way, "--out", str(out)) == 0
    assert out.read_bytes().startswith(start)
    assert str(out) in capsys.readouterr().out


def test_what_can_not_be_made_is_said_in_a_sentence(floor: ReportingFloor) -> None:
    with pytest.raises(Refused, match=r"no report “nonsense”\. There are: response, funnel"):
        run("nonsense")
    with pytest.raises(Refused, match="can't be put together by rep, but by: tier"):
        run("funnel", "--by", "rep")
    with pytest.raises(Refused, match="--out"):
        run("response", "--format", "pdf")
    with pytest.raises(Refused, match="ends before it begins"):
        run("response", until="2026-11-01")


@pytest.mark.parametrize("condition", ["colour=red", "medium", "won=perhaps"])
def test_a_wrong_condition_is_wrong_use(floor: ReportingFloor, condition: str) -> None:
    with pytest.raises(SystemExit):
        run("response", "--where", condition)
    assert not floor.asked
