"""R10: the disk fills up while inquiries come in. Who is answered is kept, who is not hears why, and it goes on."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.clock import SystemClock, new_id
from app.domain.commands import AddRep, AddSource, CaptureInquiry, SetStatus
from app.domain.errors import Unavailable
from app.domain.inquiry import Inquiry, InquiryState
from app.domain.lead import RepStatus
from app.domain.questions import FloorFacts, InquiriesIn
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor
from tests.reliability.test_kill import body

SIZE = 2_500_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two and a half megabytes."""
    if sys.platform != "linux":
        pytest.skip("small disks are made on Linux only")
    folder = tmp_path / "small"
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"size={SIZE}".encode()
    if libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, options) != 0:
        pytest.skip(f"no file system may be mounted here: {os.strerror(ctypes.get_errno())}")
    yield folder
    libc.umount2(str(folder).encode(), 2)


def send(floor: LocalFloor, source: str, number: int) -> InquiryState:
    inquiry = Inquiry(
        id=new_id(), channel="json", source_id=source, raw=body(number), received_at=SystemClock().now()
    )  # fmt: skip
    return floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry)).value.state


def told_full(error: Unavailable) -> bool:
    return (error.title, error.message) == (
        "Disk full", "The disk is full. Free some space; nothing that was saved is lost."
    )  # fmt: skip


@pytest.mark.trial("R10", unit="disk")
def test_a_full_disk_refuses_and_loses_nothing_and_it_goes_on_with_more_space(small_disk: Path) -> None:
    path = str(small_disk / "small.floor")
    start_floor(path, "Small", SystemClock().now())
    ballast = small_disk / "ballast"
    floor = LocalFloor(Book(path), SystemClock(), "admin")
    try:
        source = floor.do(AddSource(name="Web site", channel="json")).value.id
        rep = floor.do(AddRep(name="Ana")).value.id
        floor.as_actor(rep).do(SetStatus(status=RepStatus.AVAILABLE))
        kept: list[int] = []
        told: list[Unavailable] = []
        number = 0
        for space in (0, 30_000, 300_000):
            with ballast.open("wb") as file, suppress(OSError):
                while shutil.disk_usage(small_disk).free > 100_000:
                    file.write(b"\0" * 10_000)
                    file.flush()
            for _ in range(2000):
                number += 1
                try:
                    assert send(floor, source, number) == InquiryState.LEAD
                    kept.append(number)
                except Unavailable as error:
                    told.append(error)
                    break
            else:
                pytest.fail("the disk never filled up")
            facts = floor.ask(FloorFacts())
            assert facts.chain_fault == ""
            assert facts.leads == facts.inquiries == len(kept)
            ballast.unlink()
            for _ in range(3):  # there is space again
                number += 1
                assert send(floor, source, number) == InquiryState.LEAD, space
                kept.append(number)
        assert len(told) == 3
        assert all(map(told_full, told)), told
    finally:
        floor.close()
    again = LocalFloor(Book(path), SystemClock(), "admin")
    try:
        facts = again.ask(FloorFacts())
        assert facts.chain_holds
        waiting = again.ask(InquiriesIn(state=InquiryState.LEAD, limit=10**6)).waiting
        assert sorted(json.loads(one.inquiry.raw)["message"].split()[1] for one in waiting) == sorted(
            f"{n}:" for n in kept
        )
    finally:
        again.close()


@pytest.mark.trial("R10", unit="place")
@pytest.mark.parametrize("pages", range(0, 24, 3))
def test_wherever_in_the_transaction_the_file_can_grow_no_more_it_is_all_or_nothing(
    tmp_path: Path, pages: int
) -> None:
    """SQLite's own limit on the size of a file, a few pages further each time: a full disk at every kind of write."""
    path = str(tmp_path / "limited.floor")
    start_floor(path, "Limited", SystemClock().now())
    book = Book(path)
    floor = LocalFloor(book, SystemClock(), "admin")
    try:
        source = floor.do(AddSource(name="Web site", channel="json")).value.id

        def limit(more: int) -> None:
            with book.writing("tester", SystemClock().now()) as w:
                count = w.db.exec_driver_sql("PRAGMA page_count").scalar_one()
                w.db.exec_driver_sql(f"PRAGMA max_page_count={count + more}")

        limit(pages)
        kept = 0
        told: list[Unavailable] = []
        for number in range(400):
            before = floor.ask(FloorFacts(check_chain=False))
            try:
                assert send(floor, source, number) == InquiryState.LEAD
                kept += 1
            except Unavailable as error:
                told.append(error)
                after = floor.ask(FloorFacts(check_chain=False))
                assert after == before
                if len(told) == 3:
                    break
        assert told
        assert all(map(told_full, told)), told
        limit(100_000)
        assert send(floor, source, 999) == InquiryState.LEAD
        facts = floor.ask(FloorFacts())
        assert facts.chain_holds
        assert facts.leads == facts.inquiries == kept + 1
    finally:
        floor.close()
