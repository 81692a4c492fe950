"""Computers of a person: an invitation is shown and works, another computer joins, one is let in no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import SystemClock
from app.domain.commands import AddRep, ChangeRep, JoinFloor
from app.domain.device import new_token, token_sha256
from app.domain.lead import Role
from app.domain.questions import Devices
from app.floor.link import read_link
from app.service.passes import ACTOR
from app.settings import Seat
from app.ui import theme
from app.ui.computers_sheet import ComputersSheet
from app.ui.parts import Button, Sheet
from app.ui.plain import PlainLabel
from app.ui.qr import Code, code_lines
from app.ui.team_screen import TeamScreen
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, ME

SEAT = Seat(
    addresses=("floor.example.com:8738", "192.0.2.7:8738"),
    pins=("ab" * 32,),
    device_id="d1",
    rep_id="r1",
    floor_name="Sample",
    renewed_at=SystemClock().now(),
)


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch)
    yield desks
    desks.close()


def led_by(desk: OpenDesk, role: Role) -> OpenDesk:
    """The same desk, of somebody with this role, on a floor behind a server."""
    admin = desk.sample.floor.as_actor("admin")
    admin.do(AddRep(name="Ines", role=Role.OWNER))
    admin.do(ChangeRep(rep_id=ME, name="Mara Kovac", role=role, active=True))
    desk.until(lambda: desk.context.rep is not None and desk.context.rep.role == role)
    desk.context.seat = SEAT
    return desk


def opened(desk: OpenDesk) -> ComputersSheet:
    """The sheet of Ana, opened as a person would."""
    desk.shell.show_screen("team")
    screen = desk.shell.findChild(TeamScreen)
    assert isinstance(screen, TeamScreen)
    desk.until(lambda: screen.list.rows)
    screen.list.choose(ANA)
    screen.person.invite_button.click()
    sheet = screen.findChild(ComputersSheet)
    assert isinstance(sheet, ComputersSheet)
    desk.settled()
    return sheet


def joined(desk: OpenDesk, secret: str, name: str = "Ana’s <b>laptop</b>") -> str:
    command = JoinFloor(secret=secret, device=name, token_sha256=token_sha256(new_token()))
    return desk.sample.floor.as_actor(ACTOR).do(command).value.device_id


def invited(desk: OpenDesk, sheet: ComputersSheet) -> str:
    """The secret of a new invitation."""
    sheet.invite_button.click()
    desk.until(lambda: sheet._invitation.isVisible() and not desk.context.relay.busy)
    assert sheet._copy is not None
    link = read_link(sheet._copy.texts["Link"])
    assert (link.addresses, link.pins) == (SEAT.addresses, SEAT.pins)
    assert sheet._copy.texts["Secret"] == link.secret
    return link.secret


def test_an_invitation_works_and_the_computer_appears(desk_on: Desks) -> None:
    desk = led_by(desk_on(), Role.OWNER)
    sheet = opened(desk)
    assert sheet.none.isVisible()
    secret = invited(desk, sheet)
    assert sheet.expiry.whole().startswith("Good once, until Sat ")
    (copy,) = [button for button in sheet.findChildren(Button) if button.accessibleName() == "Copy: Link"]
    copy.click()
    assert read_link(QGuiApplication.clipboard().text()).secret == secret
    joined(desk, secret)
    desk.until(lambda: sheet.list.isVisible() and sheet.list.rows)
    assert [row.title for row in sheet.list.rows] == ["Ana’s <b>laptop</b>"]
    assert not sheet.none.isVisible()
    second = invited(desk, sheet)
    assert second != secret
    sheet.accept()


def test_a_computer_is_let_in_no_more_after_a_question(desk_on: Desks) -> None:
    desk = led_by(desk_on(), Role.OWNER)
    sheet = opened(desk)
    assert not sheet.revoke_button.isEnabled()
    joined(desk, invited(desk, sheet))
    desk.until(sheet.revoke_button.isEnabled)
    for answer, over in (("Cancel", False), ("Revoke", True)):
        sheet.revoke_button.click()
        (question,) = [
            widget
            for widget in QApplication.topLevelWidgets()
            if isinstance(widget, Sheet) and widget.isVisible() and widget is not sheet
        ]
        (button,) = [one for one in question.findChildren(Button) if one.words() == answer]
        button.click()
        desk.settled()
        (device,) = desk.sample.floor.ask(Devices()).devices
        assert (device.revoked_at is not None) == over
    desk.until(lambda: [row.chip for row in sheet.list.rows] == [("revoked", "grey")])
    assert not sheet.revoke_button.isEnabled()
    sheet.accept()


def test_who_may_not_invite_is_told_so(desk_on: Desks) -> None:
    desk = led_by(desk_on(), Role.TEAM_LEAD)
    change = ChangeRep(rep_id=ANA, name="Ana Brito", role=Role.MANAGER, active=True)
    desk.sample.floor.as_actor("admin").do(change)
    sheet = opened(desk)
    sheet.invite_button.click()
    desk.until(sheet.trouble.isVisible)
    assert "somebody above them" in sheet.trouble.whole()
    assert not sheet._invitation.isVisible()
    sheet.accept()


def test_a_rep_is_told_beforehand(desk_on: Desks) -> None:
    desk = desk_on()
    desk.context.seat = SEAT
    sheet = opened(desk)
    assert not sheet.invite_button.isEnabled()
    assert "may invite" in sheet.invite_button.accessibleDescription()
    sheet.accept()


def test_a_floor_without_a_server_says_what_to_do(desk_on: Desks) -> None:
    sheet = opened(desk_on())
    assert not sheet.invite_button.isEnabled()
    assert any("main.py serve" in label.whole() for label in sheet.findChildren(PlainLabel))
    sheet.accept()


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_a_code_is_painted_module_by_module(qapp: QApplication, text: str) -> None:
    theme.apply(qapp, theme.DARK)
    code, rows = Code(side=400), code_lines(text)
    code.show_text(text, "A link")
    image = code.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    side = image.width()
    module, rest = divmod(side, len(rows) + 8)
    assert (rest, image.height()) == (0, side)
    start = 4 * module
    painted = tuple(
        tuple(
            image.pixelColor(start + x * module + module // 2, start + y * module + module // 2).value() < 128
            for x in range(len(rows))
        )
        for y in range(len(rows))
    )
    assert painted == rows
    edge = 4 * module
    assert all(image.pixelColor(x, y).value() == 255 for x in range(side) for y in (0, edge - 1, side - 1))
    code.deleteLater()


def test_seats_of_several_servers_still_fit_a_code() -> None:
    """The longest link that an invitation gets is one that a code of this size can show."""
    from app.floor.link import JoinLink, format_link

    addresses = tuple(f"server-{n}.floors.example.com:8738" for n in range(8))
    link = JoinLink(addresses=addresses, pins=SEAT.pins, secret="ABCD-EFGH-IJKL-2345")
    assert len(code_lines(format_link(link))) + 8 <= 220 // 2
