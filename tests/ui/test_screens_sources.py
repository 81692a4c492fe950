"""The sources screen on a real floor: ways in are added and changed, and what it gives out to copy works."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.channels import form, google, json_
from app.clock import SystemClock, new_id
from app.domain.commands import AddSource, CaptureInquiry
from app.domain.inquiry import Inquiry
from app.domain.lead import Role, Source
from app.domain.questions import AllSources
from app.server.capture import CaptureFace
from app.ui.panes import CopyLines
from app.ui.parts import Button, Sheet
from app.ui.sources_parts import SourceSheet, addresses, curl_line, html_form
from app.ui.sources_screen import SourcesScreen
from tests.server.watched_floor import WatchedFloor
from tests.ui.desk_kit import URL, Desks, OpenDesk
from tests.ui.queue_desk import AT

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def sources(desk: OpenDesk) -> SourcesScreen:
    desk.shell.show_screen("sources")
    screen = desk.shell.findChild(SourcesScreen)
    assert isinstance(screen, SourcesScreen)
    return screen


def opened(kind: type[Sheet]) -> Sheet:
    (sheet,) = [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()
    ]
    return sheet


def press(sheet: Sheet, word: str) -> None:
    (button,) = [button for button in sheet.findChildren(Button) if button.words() == word]
    button.click()


def kept(desk: OpenDesk) -> dict[str, Source]:
    return {line.source.name: line.source for line in desk.sample.floor.ask(AllSources()).lines}


def source(channel: str, secret: str = "") -> Source:
    return Source(id="s", key="k3y", name="Here", channel=channel, secret=secret, created_at=AT)


def test_a_way_in_is_added_and_says_where_to_send(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = sources(desk)
    desk.until(screen._empty.isVisible)
    qtbot.keyClick(screen, Qt.Key.Key_A)
    sheet = opened(SourceSheet)
    assert isinstance(sheet, SourceSheet)
    assert not sheet._ok.isEnabled()
    sheet.name.setText("Web <i>site</i>")
    qtbot.keyClick(sheet, Qt.Key.Key_Return)
    desk.until(lambda: screen.page.title.whole() == "Web <i>site</i>")
    key = kept(desk)["Web <i>site</i>"].key
    texts = {
        name: text for lines in screen.page.findChildren(CopyLines) for name, text in lines.texts.items()
    }
    assert texts["Post to"] == f"{URL}/capture/form/{key}"
    assert texts["Ready page"] == f"{URL}/form/{key}"
    assert f'action="{URL}/capture/form/{key}"' in texts["Form"]
    assert screen.list.rows[0].detail == "Web form · nothing yet"


def test_googles_key_is_kept_with_it(desk_on: Desks) -> None:
    desk = desk_on()
    screen = sources(desk)
    desk.until(screen._empty.isVisible)
    screen.add()
    sheet = opened(SourceSheet)
    assert isinstance(sheet, SourceSheet)
    sheet.name.setText("Ads")
    sheet.channel.setCurrentIndex(sheet.channel.findData("google"))
    sheet.secret.setText("s3cret")
    sheet._say()
    desk.until(lambda: "Ads" in kept(desk))
    assert (kept(desk)["Ads"].channel, kept(desk)["Ads"].secret) == ("google", "s3cret")
    desk.until(lambda: screen.page.title.whole() == "Ads")
    screen.page.change_button.click()
    again = opened(SourceSheet)
    assert isinstance(again, SourceSheet)
    assert not again.channel.isEnabled()
    again.name.setText("Google Ads")
    again._say()
    desk.until(lambda: screen.page.title.whole() == "Google Ads")
    assert kept(desk)["Google Ads"].secret == "s3cret"


def test_a_secret_is_made_and_the_one_before_stays_good(desk_on: Desks) -> None:
    desk = desk_on()
    desk.sample.terminal.do(AddSource(name="Shop", channel="json", secret="the old secret of the shop"))
    screen = sources(desk)
    desk.until(lambda: screen.page.title.whole() == "Shop")
    screen.page.change_button.click()
    sheet = opened(SourceSheet)
    assert isinstance(sheet, SourceSheet)
    sheet.make_button.click()
    made = sheet.secret.text()
    sheet._say()
    desk.until(lambda: kept(desk)["Shop"].secret == made)
    assert len(made) >= 43
    assert kept(desk)["Shop"].other_secret == "the old secret of the shop"
    shown = "Secret", "Other secret"

    def texts() -> dict[str, str]:
        found = [lines for lines in screen.page.findChildren(CopyLines) if lines.isVisible()]
        return {name: text for lines in found for name, text in lines.texts.items()}

    desk.until(lambda: [texts().get(word) for word in shown] == [made, "the old secret of the shop"])
    assert "Ready page" not in texts()


def test_it_is_switched_off_after_asking_and_on_at_once(desk_on: Desks) -> None:
    desk = desk_on()
    desk.sample.terminal.do(AddSource(name="Web site", channel="form"))
    screen = sources(desk)
    desk.until(lambda: screen.page.title.whole() == "Web site")
    screen.page.switch_button.click()
    press(opened(Sheet), "Cancel")
    assert kept(desk)["Web site"].active
    screen.page.switch_button.click()
    press(opened(Sheet), "Switch off")
    desk.until(lambda: screen.page.state.words() == "off")
    assert not kept(desk)["Web site"].active
    assert screen.page.notice.isVisible()
    screen.page.switch_button.click()
    desk.until(lambda: screen.page.state.words() == "on")


def test_counts_follow_what_comes_in(desk_on: Desks) -> None:
    desk = desk_on()
    way_in = desk.sample.terminal.do(AddSource(name="Web site", channel="form")).value.id
    screen = sources(desk)
    desk.until(lambda: screen.list.rows)
    raw, now = b"name=Dana&phone=%2B13035550148", desk.sample.clock.now()
    inquiry = Inquiry(
        id=new_id(), channel="form", source_id=way_in, raw=raw, content_type=FORM, received_at=now
    )
    desk.sample.floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry))
    desk.until(lambda: screen.list.rows[0].right == "1")
    assert [figure._value for figure in screen.page.figures] == ["1", "1", "0", "0 s ago"]


def test_a_text_is_copied_whole(desk_on: Desks) -> None:
    desk = desk_on()
    desk.sample.terminal.do(AddSource(name="Web site", channel="form"))
    screen = sources(desk)
    desk.until(lambda: screen.page.findChildren(CopyLines))
    lines = next(lines for lines in screen.page.findChildren(CopyLines) if "Form" in lines.texts)
    (button,) = [button for button in lines.findChildren(Button) if button.accessibleName() == "Copy: Form"]
    button.click()
    assert QGuiApplication.clipboard().text() == lines.texts["Form"]


def test_a_desk_that_takes_no_inquiries_gives_no_address(desk_on: Desks) -> None:
    desk = desk_on()
    desk.context.capture_url = ""
    desk.sample.terminal.do(AddSource(name="Web site", channel="form"))
    screen = sources(desk)
    desk.until(screen.page.notice.isVisible)
    assert not [lines for lines in screen.page.findChildren(CopyLines) if lines.isVisible()]


# what is given out


class Fields(HTMLParser):
    """The form of a page: where it goes, and its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.action = found["action"] or ""
            assert found["method"] == "post"
        elif tag in ("input", "textarea"):
            self.names.append(found["name"] or "")


def test_the_snippet_is_a_form_that_the_channel_understands() -> None:
    page = Fields()
    page.feed(html_form(addresses(URL, source("form"))["post"]))
    assert page.action == f"{URL}/capture/form/k3y"
    said = {
        "name": "Dana",
        "company": "Brightline",
        "phone": "+13035550148",
        "email": "d@b.example",
        "message": "Call me",
    }
    assert set(page.names) == {*said, "hp_website"}
    draft = form.read(posted("form", urlencode(said | {"hp_website": ""}).encode(), FORM))
    assert (draft.name, draft.company, draft.phone, draft.email, draft.ask) == tuple(said.values())
    assert draft.trap == ""
    assert form.read(posted("form", urlencode(said | {"hp_website": "x"}).encode(), FORM)).trap


def test_the_terminal_lines_send_what_the_channels_understand() -> None:
    for channel in (form, json_, google):
        way_in = source(channel.NAME, "it's s3cret" if channel is google else "")
        words = shlex.split(curl_line(addresses(URL, way_in)["post"], way_in))
        assert words[:3] == ["curl", "-i", f"{URL}/capture/{channel.NAME}/k3y"]
        if channel is form:
            fields = dict(word.split("=", 1) for word in words if "=" in word)
            raw, kind = urlencode(fields).encode(), FORM
        else:
            raw, kind = words[words.index("-d") + 1].encode(), "application/json"
        draft = channel.read(posted(channel.NAME, raw, kind))
        assert (draft.name, draft.phone) == ("Dana Okafor", "+1 303 555 0148")
        if channel is google:
            assert json.loads(raw)["google_key"] == "it's s3cret"
            assert draft.is_test


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="no curl or no openssl here"
)
@pytest.mark.parametrize("channel", ["form", "json"])
def test_the_terminal_line_signs_where_it_has_to(channel: str, tmp_path: Path) -> None:
    floor = WatchedFloor(tmp_path)
    face = CaptureFace(floor, SystemClock(), port=0)
    face.start()
    try:
        way_in = floor.source(channel, secret="it's $ecret and long")
        line = curl_line(addresses(face.url, way_in)["post"], way_in)
        said = subprocess.run(
            ["sh", "-c", line], capture_output=True, text=True, timeout=60, check=True
        ).stdout
        assert said.split()[1] == ("303" if channel == "form" else "201"), said
        assert (floor.last_lead().name, floor.last_lead().phone) == ("Dana Okafor", "+13035550148")
    finally:
        face.stop()
        floor.close()


def test_what_is_signed_has_no_open_page() -> None:
    assert set(addresses(URL, source("form"))) == {"post", "page"}
    assert set(addresses(URL, source("form", "s" * 16))) == {"post"}


def posted(channel: str, raw: bytes, kind: str) -> Inquiry:
    return Inquiry(id="i", channel=channel, raw=raw, content_type=kind, received_at=AT)
