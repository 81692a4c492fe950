"""From the terminal's two sentences to the mail that a team lead gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from queue import Empty

import pytest

from app import settings as profile
from app.boot import CANNOT, Session, main, new_floor, opened
from app.cli.mail import VARIABLE
from app.clock import FloorClock, new_id
from app.codec import encode
from app.domain.commands import AddRep, AddSource, CaptureInquiry, PublishRulebook
from app.domain.inquiry import Inquiry
from app.domain.lead import Role
from app.domain.rulebook import DEFAULT, Step, StepKind
from tests.floor.stand import HOT
from tests.messengers.post_box import post_box


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A floor whose team lead is told as soon as a hot lead is a second old."""
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIRSTRING_LOG", str(tmp_path / "log"))
    made = str(tmp_path / "north.floor")
    new_floor(made, "North floor", "Ida Nyberg")
    with opened(made) as floor:
        floor.do(AddRep(name="Tess", role=Role.TEAM_LEAD))
        chain = (Step(kind=StepKind.TEAM_LEAD, after=0),)
        quick = tuple(replace(tier, sla=1) for tier in DEFAULT.tiers)
        floor.do(PublishRulebook(rulebook=replace(DEFAULT, tiers=quick, chain=chain)))
    return made


def test_a_team_lead_is_written_to(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with post_box() as box:
        assert main(["mail", "by", box.account, "--floor", address]) == 0
        assert main(["mail", "to", "tess", "tess@firm.example", "--floor", address]) == 0
        assert "Tess gets mail at tess@firm.example." in capsys.readouterr().out
        with pytest.raises(Empty):
            box.mail.get_nowait()
        session = Session(address, FloorClock())
        try:
            session.keep()
            late_lead(session)
            mail = box.mail.get(timeout=60)
        finally:
            session.close()
    assert mail["Subject"] == "Dana Okafor waits past the deadline"
    assert mail["To"].addresses[0].addr_spec == "tess@firm.example"


def late_lead(session: Session) -> None:
    source = session.floor.do(AddSource(name="Web site", channel="json")).value.id
    said = {"name": "Dana Okafor", "email": "dana@brightline.example", "message": HOT}
    inquiry = Inquiry(
        id=new_id(), channel="json", source_id=source, raw=encode(said), received_at=session.clock.now()
    )
    assert session.floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry)).value.lead_id


def test_what_cannot_be_is_said_in_a_sentence(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["mail", "to", "Nobody", "a@firm.example", "--floor", address]) == CANNOT
    assert main(["mail", "to", "Tess", "not an address", "--floor", address]) == CANNOT
    assert main(["mail", "by", "mail.firm.example", "--floor", address]) == CANNOT
    told = capsys.readouterr().err.splitlines()
    assert [line[:11] for line in told] == ["firstring: "] * 3
    assert profile.load().mail == {}
    monkeypatch.setenv(VARIABLE, "secret")
    with_login = "smtps://floor@mail.firm.example?from=floor@firm.example"
    assert main(["mail", "by", with_login, "--floor", address]) == 0
    settings = profile.load()
    assert settings.mail == {address: with_login}
    assert settings.path is not None
    assert "secret" not in settings.path.read_text(encoding="utf-8")
    assert main(["mail", "off", "--floor", address]) == 0
    assert profile.load().mail == {}


def test_an_account_that_was_spoilt_by_hand_costs_the_mail_and_not_the_floor(address: str) -> None:
    settings = profile.load()
    settings.mail[address] = "nonsense"
    settings.save()
    session = Session(address, FloorClock())
    session.keep()
    session.close()
