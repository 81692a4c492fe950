"""The review screen on a real floor: what waits there is read, set right, put aside and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import new_id
from app.domain.commands import AddSource, CaptureInquiry, Command
from app.domain.errors import Unavailable
from app.domain.inquiry import Draft, Inquiry, InquiryState
from app.domain.lead import Role
from app.domain.questions import InquiriesIn, Question, Waiting
from app.floor.floor import Floor, Following, Linked, Receipt, Tell
from app.ui.parts import Sheet
from app.ui.review_parts import AsideSheet, Correction
from app.ui.review_screen import ReviewScreen
from app.ui.verbatim import LONGEST_HEX, LONGEST_TEXT, as_hex, as_text, size_words
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import AT

T = TypeVar("T")
NO_WAY = b"email=%3Cb%3Enowhere%3C%2Fb%3E&company=Nordwind&message=Send+a+catalogue&colour=blue"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


class Failing:
    """A floor that can't answer what waits in review while it is `down`."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.down = floor, True

    def do(self, command: Command[T]) -> Receipt[T]:
        return self.floor.do(command)

    def ask(self, question: Question[T]) -> T:
        if self.down and isinstance(question, InquiriesIn):
            raise Unavailable("The disk is full.")
        return self.floor.ask(question)

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        return self.floor.follow(since, tell, linked)

    def close(self) -> None:
        self.floor.close()


def send(desk: OpenDesk, raw: bytes, kind: str = FORM, channel: str = "form") -> str:
    """Send an inquiry to the floor; its id."""
    capture = desk.sample.floor.as_actor("capture")
    source = desk.sample.terminal.do(AddSource(name="Web site", channel=channel)).value.id
    inquiry = Inquiry(
        id=new_id(),
        channel=channel,
        source_id=source,
        raw=raw,
        content_type=kind,
        headers=(("user-agent", "<img src='file:///etc/passwd'>"),),
        remote="203.0.113.7",
        received_at=desk.sample.clock.now(),
    )
    return capture.do(CaptureInquiry(inquiry=inquiry)).value.inquiry_id


def review(desk: OpenDesk) -> ReviewScreen:
    desk.shell.show_screen("review")
    screen = desk.shell.findChild(ReviewScreen)
    assert isinstance(screen, ReviewScreen)
    return screen


def sheet(desk: OpenDesk) -> Sheet:
    (opened,) = [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, Sheet) and widget.isVisible()
    ]
    return opened


def states(desk: OpenDesk) -> dict[str, InquiryState]:
    found: dict[str, InquiryState] = {}
    for state in InquiryState:
        answer = desk.sample.floor.ask(InquiriesIn(state=state))
        found |= {waiting.inquiry.id: waiting.state for waiting in answer.waiting}
    return found


def test_what_waits_is_shown_byte_for_byte(desk_on: Desks) -> None:
    desk = desk_on()
    send(desk, NO_WAY)
    desk.sample.clock.advance(seconds=5)
    binary = send(desk, bytes(range(256)), "application/octet-stream", "json")
    desk.until(lambda: desk.shell.rail._entries["review"]._badge == 2)
    screen = review(desk)
    desk.until(lambda: len(screen.list.rows) == 2)
    assert screen.list.key == binary
    assert screen.original.views.chosen == "hex"
    assert screen.original.body.toPlainText().startswith("000000  00 01 02 03")
    screen.list.choose(screen.list.rows[1].key)
    assert screen.original.views.chosen == "text"
    assert screen.original.body.toPlainText() == NO_WAY.decode()
    assert screen.original.title.whole() == "<b>nowhere</b>"
    assert screen.list.rows[1].title == "<b>nowhere</b>"
    headers = {
        field.label.whole(): field.value.whole()
        for field in screen.original._fields
        if field.isVisibleTo(screen)
    }
    assert headers["user-agent"] == "<img src='file:///etc/passwd'>"
    assert headers["sent from"] == "203.0.113.7"


def test_a_correction_makes_a_lead_of_it(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on()
    inquiry_id = send(desk, NO_WAY)
    screen = review(desk)
    form = screen.correction
    desk.until(lambda: form.company.text() == "Nordwind")
    assert form.email.text() == "<b>nowhere</b>"
    form.email.setText("")
    assert form.request.toPlainText() == "Send a catalogue"
    form.name.setText("Jan Kowalski")
    form.phone.setText("(303) 555-0148")
    qtbot.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: desk.context.board.leads)
    (lead,) = desk.context.board.leads.values()
    assert (lead.name, lead.phone, lead.company) == ("Jan Kowalski", "+13035550148", "Nordwind")
    assert ("colour", "blue") in lead.answers  # what the form does not show is not lost
    desk.until(lambda: not screen.list.rows)
    assert states(desk)[inquiry_id] is InquiryState.LEAD
    assert not screen.correction.isVisible()
    assert screen._empty.isVisible()
    desk.until(lambda: not desk.shell.rail._entries["review"]._badge)


def test_what_still_cannot_be_read_keeps_what_was_typed(desk_on: Desks) -> None:
    desk = desk_on()
    inquiry_id = send(desk, NO_WAY)
    screen = review(desk)
    desk.until(screen.correction.isVisible)
    screen.correction.name.setText("")
    screen.correction.email.setText("not an address")
    assert screen.correction.make_button.isEnabled()
    screen.correction.make()
    desk.until(lambda: not screen.correction._busy and not desk.context.relay.busy)
    assert states(desk)[inquiry_id] is InquiryState.REVIEW
    assert screen.correction.email.text() == "not an address"
    screen.correction.email.setText("")
    assert not screen.correction.make_button.isEnabled()


def test_it_is_put_aside_with_a_reason_and_brought_back(desk_on: Desks) -> None:
    desk = desk_on()
    inquiry_id = send(desk, NO_WAY)
    screen = review(desk)
    desk.until(screen.correction.isVisible)
    screen.correction.aside_button.click()
    opened = sheet(desk)
    assert isinstance(opened, AsideSheet)
    assert not opened.put.isEnabled()
    opened.why.setText("An applicant")
    opened.put.click()
    desk.until(lambda: not screen.list.rows)
    assert states(desk)[inquiry_id] is InquiryState.ASIDE

    screen.switch._buttons["aside"].click()
    desk.until(lambda: screen.list.rows)
    assert screen.list.rows[0].detail == "An applicant"
    desk.until(screen.correction.again_button.isVisible)
    assert not screen.correction.aside_button.isVisible()
    screen.correction.again_button.click()
    desk.until(lambda: states(desk)[inquiry_id] is InquiryState.REVIEW)
    desk.until(lambda: not screen.list.rows)
    screen.switch._buttons["review"].click()
    desk.until(lambda: screen.list.key == inquiry_id)


def test_what_is_being_typed_is_left_alone(desk_on: Desks) -> None:
    desk = desk_on()
    first = send(desk, NO_WAY)
    screen = review(desk)
    desk.until(screen.correction.isVisible)
    screen.correction.phone.setText("+1 303")
    desk.sample.clock.advance(seconds=5)
    send(desk, b"company=Later")
    desk.until(lambda: len(screen.list.rows) == 2)
    assert screen.list.key == first
    assert screen.correction.phone.text() == "+1 303"


def test_a_floor_that_fails_is_said_and_tried_again(desk_on: Desks) -> None:
    failing: list[Failing] = []

    def through(floor: Floor) -> Floor:
        failing.append(Failing(floor))
        return failing[0]

    desk = desk_on(through=through)
    send(desk, NO_WAY)
    screen = review(desk)
    desk.until(screen._trouble.isVisible)
    assert screen._trouble.text.whole() == "The disk is full."
    failing[0].down = False
    screen._trouble.action.click()
    desk.until(screen.correction.isVisible)


def test_a_narrow_screen_has_the_form_below(desk_on: Desks) -> None:
    desk = desk_on()
    send(desk, NO_WAY)
    screen = review(desk)
    desk.until(screen.correction.isVisible)
    assert screen.correction.parent() is screen
    desk.shell.resize(720, 450)
    desk.until(lambda: screen.correction.parent() is screen.original)
    assert screen.correction.isVisible()
    desk.shell.resize(1440, 900)
    desk.until(lambda: screen.correction.parent() is screen)


def test_a_changed_name_is_whole(qtbot: QtBot) -> None:
    draft = Draft(first_name="Jan", last_name="Kowalski", phone="1", answers=(("a", "b"),))
    parent = Sheet(None, "here")
    qtbot.addWidget(parent)
    form = Correction(parent)
    inquiry = Inquiry(id="i", channel="form", raw=b"", received_at=AT)
    form.show_draft(Waiting(inquiry=inquiry, state=InquiryState.REVIEW, why="", draft=draft))
    assert form.name.text() == "Jan Kowalski"
    assert form.draft().first_name == "Jan"
    form.name.setText("Jana Kowalska")
    said = form.draft()
    assert (said.name, said.first_name, said.last_name) == ("Jana Kowalska", "", "")
    assert said.answers == draft.answers


# bytes made readable


@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_can_be_shown(raw: bytes, content_type: str) -> None:
    as_text(raw, content_type)
    numbers = "".join(line[8:56] for line in as_hex(raw).splitlines())
    assert bytes.fromhex(numbers) == raw


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
    )
)
def test_text_is_shown_as_it_is(text: str) -> None:
    assert as_text(text.encode()) == text


def test_charsets_are_believed_when_they_fit() -> None:
    assert as_text("Müller".encode("latin-1"), "text/plain; charset=ISO-8859-1") == "Müller"
    assert as_text("Müller".encode("latin-1"), "text/plain") is None
    assert as_text("Müller".encode(), "text/plain; charset=no-such-thing") == "Müller"
    assert as_text(b"GIF89a\x01\x00\x01\x00") is None


def test_what_is_long_is_cut_and_says_so() -> None:
    text = as_text(b"a" * (LONGEST_TEXT + 1234))
    assert text is not None
    assert text.endswith("[1,234 more characters]")
    assert as_hex(b"a" * (LONGEST_HEX + 10)).endswith("[10 more bytes]")
    assert [size_words(n) for n in (1, 999, 1400, 14_000, 2_100_000)] == [
        "1 byte", "999 bytes", "1.4 kB", "14 kB", "2.1 MB",
    ]  # fmt: skip
