"""The pages of a frozen week, mailed: drawn by a program of their own, and under the same id however often."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from queue import Empty

import pytest

from app.domain.commands import FreezeWeek, HoldLease, ResignLease, SetMailAddress
from app.domain.errors import Unavailable
from app.domain.post import SENDING
from app.domain.questions import FrozenWeek
from app.workers.drawing_apart import drawn_apart
from app.workers.outbox import Outbox, by_mail
from tests.fresh import fresh_floor
from tests.messengers.post_box import PostBox, post_box
from tests.weeks.test_weekly import WEEK, Worked


def test_a_page_comes_as_a_pdf_and_again_under_the_same_id(tmp_path: Path) -> None:
    box, tried = PostBox(), list[str]()
    box.says = lambda: tried.append("") or ("250 OK" if len(tried) > 1 else "451 later")  # type: ignore[func-returns-value]
    with fresh_floor("sqlite", tmp_path, lambda: None) as address, post_box(box):  # type: ignore[arg-type,return-value]
        worked = Worked(address)
        worked.floor.do(SetMailAddress(rep_id=worked.rep, address="ana@firm.example"))
        keeper = worked.floor.as_actor("keeper")
        keeper.do(HoldLease(name=SENDING, holder="before"))
        keeper.do(ResignLease(name=SENDING, holder="before"))
        worked.clock.advance(hours=7 * 24)
        worked.floor.do(FreezeWeek(week=WEEK))
        sender = Outbox(worked.floor, worked.clock, by_mail(box.account, str), is_alone=True)
        sender.start()
        try:
            mail = _until_it_comes(box, worked)
        finally:
            sender.stop()
            worked.floor.close()
    assert len(tried) == 2
    (page,) = mail.iter_attachments()
    assert page.get_content_type() == "application/pdf"
    assert page.get_filename() == f"{WEEK}.pdf"
    assert page.get_content().startswith(b"%PDF")
    assert mail["Subject"] == f"Test floor: week {WEEK}"
    assert mail["Message-ID"].endswith("@firstring.invalid>")


def _until_it_comes(box: PostBox, worked: Worked) -> EmailMessage:
    for _look in range(240):
        try:
            return box.mail.get(timeout=0.5)
        except Empty:
            worked.clock.advance(seconds=30)  # the wait for the next try is over
            worked.floor.bell.ring()
    raise AssertionError("no mail came")


def test_what_is_no_page_is_not_drawn() -> None:
    with pytest.raises(Unavailable):
        drawn_apart(b"{}")


def test_the_same_page_draws_whoever_it_is_of(tmp_path: Path) -> None:
    with fresh_floor("sqlite", tmp_path, lambda: None) as address:  # type: ignore[arg-type,return-value]
        worked = Worked(address)
        worked.clock.advance(hours=7 * 24)
        worked.floor.do(FreezeWeek(week=WEEK))
        for rep_id in ("", worked.rep):
            pdf = drawn_apart(worked.floor.ask(FrozenWeek(week=WEEK, rep_id=rep_id)).body)
            (tmp_path / f"page{bool(rep_id)}.pdf").write_bytes(pdf)
            assert pdf.startswith(b"%PDF")
        worked.floor.close()
