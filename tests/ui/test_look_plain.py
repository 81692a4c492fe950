"""What came from outside is shown as it is: no markup, no file opened, no window blown up, nothing hidden."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui import actions, theme
from app.ui.actions import Action
from app.ui.palette import Hit
from app.ui.parts import (
    Banner,
    Button,
    Card,
    Chip,
    Chips,
    EmptyState,
    Field,
    Figure,
    KeyCap,
    Quote,
    Ring,
    SectionHead,
    TierChip,
    paint_text,
)
from app.ui.plain import PlainLabel, ask, broken, lines_of, one_line, say, tip
from app.ui.shell import Shell, Status

LONG = "x" * 99_999
RLO = "abc\u202egnp.exe"
NUL = "a\x00b"


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, theme.LIGHT)
    yield
    actions.clear()


@pytest.fixture
def bait(tmp_path: Path) -> Path:
    """A picture that markup would show."""
    path = tmp_path / "bait.png"
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    assert image.save(str(path))
    return path


@pytest.fixture
def opened(bait: Path) -> Iterator[Callable[[], bool]]:
    """Tells whether somebody opened the bait since it was last asked (Linux: inotify)."""
    if not sys.platform.startswith("linux"):
        pytest.skip("watching a file being opened is only done on Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_NONBLOCK)
    if handle < 0:
        pytest.skip("this kernel gives no inotify handle")
    assert libc.inotify_add_watch(handle, os.fsencode(bait), 0x20) >= 0

    def asked() -> bool:
        try:
            return len(os.read(handle, 64 * struct.calcsize("iIII"))) > 0
        except BlockingIOError:
            return False

    yield asked
    os.close(handle)


def markup(bait: Path) -> str:
    return f'<img src="{bait.as_uri()}" width="40" height="40"> <b>Dana</b> & <a href="file:///etc">co</a>'


def test_the_bait_works(qtbot: QtBot, bait: Path, opened: Callable[[], bool]) -> None:
    """A label of Qt's own does open the file: so the tests below would see it."""
    label = QLabel(markup(bait))
    qtbot.addWidget(label)
    label.show()
    qtbot.waitExposed(label)
    label.grab()
    assert opened()


def every_part(text: str) -> list[QWidget]:
    field = Field(text, text)
    chips = Chips()
    chips.set([(text, "hot"), (text, "grey")])
    ring = Ring()
    ring.show_time(0.5, text)
    button = Button(text, detail=text, key=text[:9])
    tip(button, text)
    card = Card()
    card.inside.addWidget(PlainLabel(text, wrap=True))
    return [
        PlainLabel(text),
        PlainLabel(text, steady=True),
        PlainLabel(text, wrap=True),
        PlainLabel(text, wrap=True, lines=2),
        Chip(text),
        TierChip(text, text),
        KeyCap(text[:40]),
        Figure(text, text, text),
        Banner("warn", text, text[:30], lambda: None, closable=True),
        EmptyState("check", text, text, text[:30]),
        SectionHead(text, text),
        Quote(text),
        field,
        chips,
        ring,
        button,
        card,
    ]


def test_markup_is_shown_as_text_in_every_part(qtbot: QtBot, bait: Path, opened: Callable[[], bool]) -> None:
    for part in every_part(markup(bait)):
        qtbot.addWidget(part)
        part.resize(600, max(part.sizeHint().height(), 60))
        part.show()
        image = part.grab().toImage()
        pixels = {
            image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(image.height())
        }
        assert "#ff00ff" not in pixels, type(part).__name__
    assert not opened()


def test_the_whole_shell_full_of_markup(qtbot: QtBot, bait: Path, opened: Callable[[], bool]) -> None:
    text = markup(bait)
    shell = Shell(text)
    qtbot.addWidget(shell)
    shell.add_screen("one", text, "queue", lambda: PlainLabel(text))
    shell.show_screen("one")
    shell.set_header([(text, "hot")], [(text, text, text)], text)
    shell.set_person(text, text, text, "good", text)
    shell.set_statuses([Status("a", text)])
    shell.set_connection("away", text)
    shell.banner("b", "danger", text, text[:20], lambda: None)
    shell.notice(text, "Undo", lambda: None)
    actions.add(Action(id="hostile", title=text, group=text, keys=("Q",), run=lambda: None, hint=text))
    shell.lead_search = lambda _typed: [Hit(text, text, lambda: None)]
    shell.resize(1200, 800)
    shell.show()
    qtbot.waitExposed(shell)
    shell.grab()
    shell.open_palette()
    shell.grab()
    shell.open_keys()
    shell.grab()
    dialogs = [say(shell, text, text), ask(shell, text, text, text[:20], "No", lambda _yes: None)]
    for dialog in dialogs:
        dialog.grab()
    labels = [label for window in (shell, *dialogs) for label in window.findChildren(QLabel)]
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert not opened()
    for dialog in dialogs:
        dialog.reject()


def test_a_tooltip_shows_the_words_as_they_are(qtbot: QtBot, bait: Path, opened: Callable[[], bool]) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    text = markup(bait) + "\nsecond line"
    tip(widget, text)
    document = QTextDocument()
    document.setHtml(widget.toolTip())
    assert document.toPlainText() == text
    assert widget.accessibleDescription() == text
    tip(widget, "")
    assert not widget.toolTip()
    assert not opened()


@pytest.mark.parametrize(
    "text", [LONG, "word " * 20_000, "\n" * 99_999, "\u0301" * 50_000], ids=["x", "words", "ends", "marks"]
)
def test_a_very_long_text_never_grows_the_window(qtbot: QtBot, text: str) -> None:
    for part in every_part(text):
        qtbot.addWidget(part)
        assert part.minimumSizeHint().width() <= 700, type(part).__name__
        assert part.sizeHint().width() <= 1_400, type(part).__name__
        part.resize(500, 80)
        part.show()
        part.grab()
    label = PlainLabel(text)
    qtbot.addWidget(label)
    assert label.whole() == text
    assert len(label.text()) < 1_000


def test_what_hides_or_reverses_becomes_a_visible_mark() -> None:
    assert one_line(RLO) == "abc\ufffdgnp.exe"
    assert one_line(NUL) == "a\ufffdb"
    assert one_line("a\u2066b\u2069c\u200fd") == "a\ufffdb\ufffdc\ufffdd"
    assert one_line("a\r\nb\tc\u2028d") == "a b c d"
    assert lines_of("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert one_line("Grüße 你好 שלום مرحبا 👩‍🚀 e\u0301") == "Grüße 你好 שלום مرحبا 👩‍🚀 e\u0301"
    assert one_line("\ud800") == "\ufffd"
    assert one_line("y" * 700).endswith("y…")


def test_reversing_marks_do_not_reach_the_screen(qtbot: QtBot) -> None:
    for part in every_part(RLO) + every_part(NUL):
        qtbot.addWidget(part)
        assert "\u202e" not in part.accessibleName()
        assert "\x00" not in part.accessibleName()
        for label in part.findChildren(QLabel):
            assert "\u202e" not in label.text()
            assert "\x00" not in label.text()
        part.grab()


def test_lines_break_and_the_last_one_is_elided() -> None:
    text = "Need pricing for 40 pallet bays before Friday, can someone call me?"
    lines = broken(text, 13, 400, 160, 0)
    assert len(lines) > 2
    assert " ".join(lines) == text
    assert all(theme.metrics(13, 400).horizontalAdvance(line) <= 160 for line in lines)
    short = broken(text, 13, 400, 160, 2)
    assert len(short) == 2
    assert short[1].endswith("…")
    assert broken("one\n\ntwo", 13, 400, 160, 0) == ("one", "", "two")
    assert len(broken("w" * 400, 13, 400, 100, 0)) > 10, "a word without end is broken too"


def test_a_label_is_as_tall_as_its_lines(qtbot: QtBot) -> None:
    label = PlainLabel("word " * 40, wrap=True)
    qtbot.addWidget(label)
    assert label.heightForWidth(100) > label.heightForWidth(400) > label.line_height
    assert PlainLabel("word " * 40, wrap=True, lines=2).heightForWidth(100) == 2 * label.line_height


def test_painted_text_is_plain_too(qtbot: QtBot, bait: Path, opened: Callable[[], bool]) -> None:
    image = QImage(600, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    width = paint_text(painter, image.rect(), markup(bait), QColor("#000000"))
    paint_text(painter, image.rect(), LONG, QColor("#000000"))
    painter.end()
    assert width > 300, "the tags themselves are drawn"
    assert not opened()


def test_a_question_answers_once_and_waits_for_nobody(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    heard: list[bool] = []
    dialog = ask(parent, "Give it back?", "Your note stays.", "Give back", "Keep", heard.append)
    assert heard == [], "ask() comes back at once"
    assert [button.accessibleName() for button in dialog.findChildren(Button)] == ["Keep", "Give back"]
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert heard == [True]
    ask(parent, "Give it back?", "Your note stays.", "Give back", "Keep", heard.append).reject()
    assert heard == [True, False]


def test_a_dialog_is_as_tall_as_its_text(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    small = say(parent, "Short", "One line.")
    tall = say(parent, "Long", "Many lines of text that say one thing after the other. " * 8)
    assert tall.height() >= small.height() + 4 * tall.text.line_height
    small.accept()
    tall.accept()
