"""`main.py report` on a file, on a shared database and on a floor behind a server: the numbers that the floor gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from openpyxl import load_workbook

from app.boot import CANNOT, main
from app.clock import HandClock, new_id
from app.domain.commands import CaptureInquiry
from app.domain.inquiry import Inquiry
from app.domain.report import Asked, Reports, RunReport
from app.floor.local import LocalFloor
from app.floor.seat import take_seat
from app.service.answers import answer
from app.store.book import Book
from tests.joining.served import serving
from tests.joining.test_seat import Ring

SPAN = ("--from", "2026-03-01T00:00Z", "--to", "2026-03-09T00:00Z")


@pytest.fixture
def floors(
    address: str, book: Book, clock: HandClock, owner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """A shared database's own address; a file's, and the seat of the owner's desk behind its server."""
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIRSTRING_LOG", str(tmp_path / "log"))
    if address.startswith("postgresql"):
        yield [address]
        return
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    try:
        with serving(book, clock) as server:
            yield [address, take_seat(server.invite(owner), "Laptop", "", clock.now())[0]]
    finally:
        keyring.set_keyring(before)


def test_every_kind_of_floor_gives_the_same_numbers_in_every_kind_of_file(
    floors: list[str],
    book: Book,
    clock: HandClock,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    capture = LocalFloor(book, clock, "capture")
    for number in range(3):
        raw = f'{{"name": "Zoe", "phone": "+1303555017{number}"}}'.encode()
        inquiry = Inquiry(id=new_id(), channel="json", raw=raw, received_at=clock.now())
        capture.do(CaptureInquiry(inquiry=inquiry))
    name = answer(book, Reports(), "admin", clock.now()).reports[0].name
    asked = Asked(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 3, 9, tzinfo=UTC))
    report = answer(book, RunReport(name=name, asked=asked), "admin", clock.now())
    assert 3 in [figure.now.n for figure in report.figures]
    for floor in floors:
        assert main(["report", name, *SPAN, "--format", "json", "--floor", floor]) == 0
        said = json.loads(capsys.readouterr().out)
        assert [figure["now"]["value"] for figure in said["figures"]] == [
            one.now.value for one in report.figures
        ]
        assert [table["key"] for table in said["tables"]] == [table.key for table in report.tables]
        for way in ("xlsx", "pdf"):
            out = tmp_path / f"r.{way}"
            assert main(["report", name, *SPAN, "--format", way, "--out", str(out), "--floor", floor]) == 0
        sheet = load_workbook(tmp_path / "r.xlsx").worksheets[0]
        values = {row[0]: row[2] for row in sheet.iter_rows(values_only=True) if len(row) > 2}
        assert {one.title: values[one.title] for one in report.figures} == {
            one.title: one.now.value for one in report.figures
        }
        assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
        capsys.readouterr()
        assert main(["report", "nonsense", *SPAN, "--floor", floor]) == CANNOT
        assert f"There is no report “nonsense”. There are: {name}" in capsys.readouterr().err
