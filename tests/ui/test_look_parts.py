"""The parts: everything to press has a name and works by keyboard, and each paints itself in both looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QEnterEvent, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.parts import (
    Avatar,
    Banner,
    Bar,
    Button,
    Card,
    Chip,
    Chips,
    Dot,
    EmptyState,
    Field,
    Figure,
    IconSpot,
    KeyCap,
    Kind,
    Notice,
    Quote,
    Ring,
    Scroller,
    SearchBox,
    SectionHead,
    Skeleton,
    TierChip,
    chip_width,
    elide,
    keycap_width,
    paint_text,
    text_width,
    tier_tint,
)
from app.ui.plain import PlainLabel
from app.ui.theme import DARK, LIGHT, SPACE, Look

PRESSED = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, LIGHT)
    yield
    theme.apply(qapp, LIGHT)


def one_of_each() -> list[QWidget]:
    ring = Ring()
    ring.show_time(0.6, "0:37")
    chips = Chips()
    chips.set([("Score 91", "grey"), ("asked for pricing +30", "hot")])
    avatar = Avatar("MK", "Mara Keller")
    avatar.set_person("MK", "Mara Keller", theme.current().good_mark)
    hot = Card(hot=True)
    hot.inside.addWidget(PlainLabel("Dana Okafor"))
    kinds: tuple[Kind, ...] = ("primary", "dark", "quiet", "link", "danger")
    return [
        *(Button("Claim & call", kind, key="C") for kind in kinds),
        Button("Claim & call", "primary", detail="Space · +1 303 555 0148", height=60),
        Button("Booked", key="1", spread=True, chosen="good"),
        Chip("2 hot", "hot"),
        TierChip("warm", "6:12"),
        KeyCap("Space"),
        ring,
        avatar,
        Figure("SLA", "96%", "▲ 4"),
        Field("Phone", "+1 303 555 0148"),
        SearchBox("Search leads, actions…", ("Ctrl", "K")),
        Bar(0.67, name="Score 67"),
        Banner("danger", "Escalations paused", "Why", closable=True),
        EmptyState("check", "Nobody is waiting", "New leads appear here by themselves.", "Import leads"),
        Skeleton(4, name="Loading"),
        Quote("Compare your plan with ours."),
        SectionHead("Call now · 9", "3 open"),
        IconSpot("bell"),
        Dot("good"),
        chips,
        hot,
    ]


def test_everything_to_press_has_a_name(qtbot: QtBot) -> None:
    for part in one_of_each():
        qtbot.addWidget(part)
        for widget in (part, *part.findChildren(QWidget)):
            if isinstance(widget, PRESSED) and not widget.isHidden():
                told = QAccessible.queryAccessibleInterface(widget)
                assert told.text(QAccessible.Text.Name), f"{type(widget).__name__} in {type(part).__name__}"


def test_what_is_only_looked_at_has_words_too(qtbot: QtBot) -> None:
    names = {type(part).__name__: part.accessibleName() for part in one_of_each()}
    assert names["Ring"] == "0:37"
    assert names["TierChip"] == "WARM 6:12"
    assert names["Figure"] == "SLA 96% ▲ 4"
    assert names["Field"] == "Phone: +1 303 555 0148"
    assert names["Chips"] == "Score 91, asked for pricing +30"
    assert names["Avatar"] == "Mara Keller"
    assert names["Banner"] == "Escalations paused"


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
def test_each_part_paints_something_in_this_look(qtbot: QtBot, qapp: QApplication, look: Look) -> None:
    theme.apply(qapp, look)
    for part in one_of_each():
        qtbot.addWidget(part)
        part.resize(max(part.sizeHint().width(), 24), max(part.sizeHint().height(), 9))
        image = part.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert len(colours) > 1, type(part).__name__


def test_a_part_takes_the_new_look_without_being_told(qtbot: QtBot, qapp: QApplication) -> None:
    card = Card()
    qtbot.addWidget(card)
    card.resize(80, 80)
    assert card.grab().toImage().pixelColor(40, 40) == LIGHT.card
    theme.apply(qapp, DARK)
    assert card.grab().toImage().pixelColor(40, 40) == DARK.card


def test_a_button_is_pressed_by_mouse_space_and_enter(qtbot: QtBot) -> None:
    pressed: list[int] = []
    button = Button("Save", press=lambda: pressed.append(1))
    qtbot.addWidget(button)
    button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    qtbot.keyClick(button, Qt.Key.Key_Enter)
    assert len(pressed) == 4
    button.setEnabled(False)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 4


def test_an_ampersand_is_only_an_ampersand(qtbot: QtBot) -> None:
    button = Button("Claim & call")
    qtbot.addWidget(button)
    assert button.shortcut().isEmpty()
    assert button.accessibleName() == "Claim & call"
    button.set_words("R&D", "x")
    assert button.accessibleName() == "R&D"
    assert button.shortcut().isEmpty()


def test_where_the_keyboard_is_can_be_seen(qtbot: QtBot) -> None:
    window = QWidget()
    window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    buttons = [Button("One"), Button("Two", "primary")]
    for button in buttons:
        column.addWidget(button)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for button in buttons:
        window.setFocus()
        before = button.grab().toImage()
        button.setFocus(Qt.FocusReason.TabFocusReason)
        assert button.hasFocus()
        after = button.grab().toImage()
        assert before != after
        assert after.pixelColor(button.width() // 2, 1) == LIGHT.select


def test_a_chosen_button_looks_chosen_and_says_so(qtbot: QtBot) -> None:
    button = Button("This month", chosen="dark")
    qtbot.addWidget(button)
    before = button.grab().toImage()
    button.click()
    assert button.isChecked()
    assert button.grab().toImage() != before
    assert QAccessible.queryAccessibleInterface(button).state().checked


def test_the_ring_shows_what_is_left(qtbot: QtBot) -> None:
    ring = Ring()
    qtbot.addWidget(ring)
    ring.show_time(0.5, "0:30")
    image = ring.grab().toImage()
    middle, edge = ring.width() // 2, 4
    assert image.pixelColor(ring.width() - edge, middle - 6) == LIGHT.accent, "the right half is left"
    assert image.pixelColor(edge, middle - 6) == LIGHT.ring_track, "the left half is gone"


def test_tiers_have_their_tints() -> None:
    assert [tier_tint(name) for name in ("HOT", "Warm", "cold", "platinum")] == [
        "hot",
        "warm",
        "cold",
        "grey",
    ]


def test_chips_wrap_and_leave_out_what_has_no_row(qtbot: QtBot) -> None:
    chips = Chips(rows=2)
    qtbot.addWidget(chips)
    chips.set([(f"reason number {number}", "grey") for number in range(12)])
    one, two = chips.heightForWidth(4_000), chips.heightForWidth(300)
    assert one == 20
    assert two == 46, "never more than its rows"
    assert chips.minimumSizeHint().width() <= 80


def test_text_is_shaped_once_and_elided_to_its_room(qapp: QApplication) -> None:
    text = "Downloaded buyer guide, then visited pricing"
    assert elide(text, 13, 400, 120) is elide(text, 13, 400, 120)
    assert elide(text, 13, 400, 120).width <= 120
    assert elide(text, 13, 400, 120).glyphs.text().endswith("…")
    assert elide(text, 13, 400, 2_000).glyphs.text() == text
    assert elide(text, 13, 400, 120).glyphs.textFormat() == Qt.TextFormat.PlainText
    assert text_width("0:37", 24, 700) == text_width("1:11", 24, 700), "tabular digits"
    assert chip_width("HOT") > text_width("HOT", 11, 600)
    assert keycap_width("K") >= 17


@pytest.mark.parametrize(
    "align", [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter]
)
def test_text_stands_where_it_was_told(qapp: QApplication, align: Qt.AlignmentFlag) -> None:
    image = QImage(200, 30, QImage.Format.Format_RGB32)
    image.fill(LIGHT.card)
    painter = QPainter(image)
    paint_text(painter, QRect(0, 0, 200, 30), "HHH", LIGHT.ink, align=align)
    painter.end()
    inked = [x for x in range(200) for y in range(30) if image.pixelColor(x, y).lightness() < 128]
    middle = (min(inked) + max(inked)) / 2
    if align == Qt.AlignmentFlag.AlignLeft:
        assert min(inked) < 4
    elif align == Qt.AlignmentFlag.AlignRight:
        assert max(inked) > 195
    else:
        assert abs(middle - 99.5) < 3


def test_the_notice_replaces_itself_goes_and_can_be_undone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 400)
    window.show()
    undone: list[str] = []
    notice = Notice(window)
    notice.show_text("Grace Lin: no answer", "Undo", lambda: undone.append("first"))
    notice.show_text("Tom Becker: booked", "Undo", lambda: undone.append("second"))
    assert notice.words.text() == "Tom Becker: booked"
    notice.action.click()
    assert undone == ["second"]
    assert notice.isHidden()
    notice.move(300, 200)  # away from the pointer, under which it would stay
    notice.show_text("Short", milliseconds=5)
    assert not notice.action.isVisible()
    qtbot.waitUntil(notice.isHidden)


def test_the_notice_waits_while_the_pointer_is_on_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    notice = Notice(window)
    notice.show_text("Wait", milliseconds=60_000)
    timer = notice.findChild(QTimer)
    assert isinstance(timer, QTimer)
    assert timer.isActive()
    point = QPoint(5, 5)
    QApplication.sendEvent(notice, QEnterEvent(point, point, point))
    assert not timer.isActive()
    QApplication.sendEvent(notice, QEvent(QEvent.Type.Leave))
    assert timer.isActive()
    window.hide()
    assert not timer.isActive(), "nothing ticks in a window that is hidden"


def test_a_banner_does_what_it_offers_and_can_be_closed(qtbot: QtBot) -> None:
    ran: list[str] = []
    banner = Banner(
        "warn", "8 COLD leads had no one", "Show them", lambda: ran.append("shown"), closable=True
    )
    qtbot.addWidget(banner)
    banner.closed.connect(lambda: ran.append("closed"))
    banner.action.click()
    banner.close_button.click()
    assert ran == ["shown", "closed"]
    assert banner.close_button.accessibleName() == "Close"
    assert not Banner("info", "Only words").close_button.isVisibleTo(banner)


def test_a_scroller_keeps_what_does_not_fit_whole(qtbot: QtBot) -> None:
    inside = QWidget()
    column = QVBoxLayout(inside)
    for number in range(12):
        column.addWidget(Button(f"Outcome {number}"))
    area = Scroller(inside)
    qtbot.addWidget(area)
    area.resize(200, 120)
    area.show()
    assert all(button.height() == SPACE.control for button in inside.findChildren(Button))
    assert area.verticalScrollBar().maximum() > 0


def test_a_value_is_copied_whole_by_the_menu(qtbot: QtBot, qapp: QApplication) -> None:
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QMenu

    label = PlainLabel("+1 303 555 0148", copyable=True)
    qtbot.addWidget(label)
    label.show()
    QApplication.sendEvent(
        label, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(2, 2), QPoint(2, 2))
    )
    menu = label.findChild(QMenu)
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    assert qapp.clipboard().text() == "+1 303 555 0148"
    menu.close()
