"""The toast inside the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QCursor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.clock import FloorClock, HandClock
from app.ui import theme
from app.ui.toasts import CALM, CRITICAL, NORMAL, SUMMARY, Site, Toast, _card, inapp
from app.ui.toasts._card import ToastCard
from app.ui.toasts.inapp import CARDS, InAppToasts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DANA = Toast(
    lead_id="dana",
    title="Dana Okafor · Brightline Logistics",
    body="“Need pricing for 40 pallet bays”\nasked for pricing +30\n+1 303 555 0148 · 10:14 there",
    urgency=CRITICAL,
    mark="HOT",
    tier="HOT",
    deadline=NOW + timedelta(seconds=37),
)


@dataclass
class Desk:
    window: QWidget
    clock: HandClock
    line: QLineEdit
    pressed: list[tuple[str, str]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    toasts: InAppToasts = field(init=False)

    def __post_init__(self) -> None:
        site = Site(
            window=self.window,
            clock=self.clock,
            pressed=lambda lead_id, key: self.pressed.append((lead_id, key)),
            closed=self.closed.append,
            failed=pytest.fail,
        )
        self.toasts = InAppToasts(site)

    def card(self, lead_id: str = "dana") -> ToastCard:
        return self.toasts._cards[lead_id]

    def seen(self) -> list[str]:
        """Lead ids of the cards on the screen, from the top."""
        cards = [card for card in self.toasts._cards.values() if card.isVisible()]
        return [card.toast.lead_id for card in sorted(cards, key=lambda card: card.y())]


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    theme.apply(qapp, theme.LIGHT)
    window = QWidget()
    window.resize(1200, 900)
    line = QLineEdit(window)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    line.setFocus()
    QCursor.setPos(window.mapToGlobal(QPoint(5, 500)))  # not where the cards come
    desk = Desk(window, HandClock(NOW), line)
    yield desk
    desk.toasts.close()


def test_a_card_says_everything(desk: Desk) -> None:
    desk.toasts.show(DANA)
    card = desk.card()
    assert desk.seen() == ["dana"]
    assert card.chip.words() == "HOT"
    assert card.left.text() == "0:37"
    assert card.who.text() == "Dana Okafor · Brightline Logistics"
    assert card.asked.text() == "“Need pricing for 40 pallet bays”"
    assert card.rest.text() == "asked for pricing +30\n+1 303 555 0148 · 10:14 there"
    assert [button.words() for button in card.buttons.values()] == ["Claim", "Open"]
    assert card.accessibleName() == "HOT · Dana Okafor · Brightline Logistics"
    assert card.accessibleDescription() == DANA.body
    for button in card.findChildren(QAbstractButton):
        assert "Dana Okafor" in button.accessibleName()


def test_it_stands_at_the_top_right_and_stays_there(desk: Desk) -> None:
    desk.toasts.show(DANA)
    for width, height in ((1200, 900), (800, 600), (300, 200)):
        desk.window.resize(width, height)
        column = desk.toasts._column
        assert column.geometry().right() == width - 1
        assert column.width() <= width
        assert column.y() < theme.SPACE.header
        assert desk.seen() == ["dana"], "one always has room"
        assert desk.card().height() >= desk.card().wanted_height(column.width())


def test_it_does_not_take_the_keyboard(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(desk.line.hasFocus)
    desk.toasts.show(DANA)
    desk.toasts.show(replace(DANA, ring=1))
    assert desk.line.hasFocus()


@pytest.mark.parametrize("key", ["claim", "open"])
def test_a_press_counts_once(desk: Desk, qtbot: QtBot, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.toasts.show(DANA)
    card = desk.card()
    card._once.setInterval(50)
    for _ in range(3):
        qtbot.mouseClick(card.buttons[key], Qt.MouseButton.LeftButton)
    assert desk.pressed == [("dana", key)]
    qtbot.waitUntil(card.buttons[key].isEnabled)
    desk.toasts.show(replace(DANA, body="it could not be done"))
    qtbot.mouseClick(card.buttons[key], Qt.MouseButton.LeftButton)
    assert desk.pressed == [("dana", key)] * 2


def test_a_click_on_the_card_opens_it(desk: Desk, qtbot: QtBot) -> None:
    desk.toasts.show(DANA)
    qtbot.mouseClick(desk.card(), Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    assert desk.pressed == [("dana", "open")]
    desk.toasts.show(replace(DANA, lead_id="x", actions=(("claim", "Claim"),)))
    qtbot.mouseClick(desk.card("x"), Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    assert desk.pressed == [("dana", "open")]


def test_by_keyboard_alone(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(desk.line.hasFocus)
    desk.toasts.show(DANA)
    reached = set()
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    card = desk.card()
    assert reached >= {card.buttons["claim"], card.buttons["open"], card.away}
    card.buttons["claim"].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card.buttons["claim"], Qt.Key.Key_Return)
    assert desk.pressed == [("dana", "claim")]
    qtbot.keyClick(card.buttons["claim"], Qt.Key.Key_Escape)
    assert desk.seen() == []
    assert desk.closed == ["dana"]


def test_put_away_comes_back_only_louder(desk: Desk, qtbot: QtBot) -> None:
    desk.toasts.show(DANA)
    qtbot.mouseClick(desk.card().away, Qt.MouseButton.LeftButton)
    assert desk.closed == ["dana"]
    desk.toasts.show(replace(DANA, body="a minute later"))
    assert desk.seen() == []
    desk.toasts.show(replace(DANA, ring=2))
    assert desk.seen() == ["dana"]
    desk.toasts.withdraw("dana")
    desk.toasts.withdraw("dana")
    assert desk.seen() == []
    assert not desk.toasts._column.isVisible()
    desk.toasts.show(replace(DANA, ring=2))
    assert desk.seen() == ["dana"], "a lead that went and came is new"


def test_the_countdown_follows_the_floors_clock(desk: Desk) -> None:
    desk.toasts.show(DANA)
    steps = [(0.2, "0:37", "ring_text"), (36.8, "over by 0:00", "danger"), (18, "over by 0:18", "danger")]
    for seconds, text, ink in steps:
        desk.clock.advance(seconds=seconds)
        desk.toasts._count_down()
        assert (desk.card().left.text(), desk.card().left._ink) == (text, ink)
    desk.toasts.show(replace(DANA, lead_id="none", deadline=None))
    assert not desk.card("none").left.isVisible()


def test_the_countdown_wakes_at_each_second(qtbot: QtBot, desk: Desk) -> None:
    floor = FloorClock(NOW, speed=20)
    desk.toasts._site = replace(desk.toasts._site, clock=floor)
    desk.toasts.show(replace(DANA, deadline=floor.now() + timedelta(seconds=37)))
    for text in ("0:36", "0:35", "0:34", "0:33"):
        qtbot.waitUntil(lambda text=text: desk.card().left.text() == text)  # type: ignore[misc]
    desk.toasts.withdraw("dana")
    assert not desk.toasts._tick.isActive()


def test_the_most_urgent_are_on_top_and_the_rest_is_counted(desk: Desk, qtbot: QtBot) -> None:
    for number in range(4):
        desk.toasts.show(replace(DANA, lead_id=f"cold{number}", urgency=CALM, deadline=None))
    assert desk.seen() == ["cold0", "cold1", "cold2"]
    assert desk.toasts._more.words() == "1 more lead waits"
    desk.toasts.show(replace(DANA, lead_id="warm", urgency=NORMAL, deadline=None))
    desk.toasts.show(DANA)
    desk.toasts.show(replace(DANA, lead_id="sooner", deadline=NOW + timedelta(seconds=5)))
    assert desk.seen() == ["sooner", "dana", "warm"]
    assert len(desk.seen()) == CARDS
    assert desk.toasts._more.words() == "4 more leads wait"
    qtbot.mouseClick(desk.toasts._more, Qt.MouseButton.LeftButton)
    assert desk.pressed == [(SUMMARY, "open")]
    desk.window.resize(1200, 420)
    assert desk.seen() == ["sooner"]
    assert desk.toasts._more.words() == "6 more leads wait"
    bottom = desk.toasts._more.mapTo(desk.window, desk.toasts._more.rect().bottomLeft()).y()
    assert bottom < 420


def test_cards_do_not_lie_over_each_other(desk: Desk) -> None:
    for number in range(3):
        desk.toasts.show(replace(DANA, lead_id=str(number)))
    glow = theme.SPACE.glow
    frames = [desk.card(str(number)).geometry().adjusted(glow, glow, -glow, -glow) for number in range(3)]
    for upper, lower in pairwise(frames):
        assert lower.top() - upper.bottom() >= 2


def test_calm_ones_leave_critical_ones_stay(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_card, "LIFE_MS", {CALM: 40, NORMAL: 60})
    desk.toasts.show(DANA)
    desk.toasts.show(replace(DANA, lead_id="calm", urgency=CALM))
    desk.toasts.show(replace(DANA, lead_id="warm", urgency=NORMAL))
    qtbot.waitUntil(lambda: desk.seen() == ["dana"])
    assert not desk.card()._life.isActive()
    assert desk.closed == [], "the desktop's own bubbles have their own time"
    desk.toasts.show(replace(DANA, lead_id="calm", urgency=CALM, body="changed"))
    assert desk.seen() == ["dana"]


def test_a_card_in_use_stays(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_card, "LIFE_MS", {CALM: 40})
    qtbot.waitUntil(desk.line.hasFocus)
    desk.toasts.show(replace(DANA, urgency=CALM))
    card = desk.card()
    card.buttons["open"].setFocus()
    with qtbot.waitSignal(card._life.timeout):
        pass
    assert desk.seen() == ["dana"]
    desk.line.setFocus()
    qtbot.waitUntil(lambda: desk.seen() == [])


def test_text_from_outside_is_plain(desk: Desk) -> None:
    text = '<b>x</b><img src="file:///etc/passwd"> &amp;'
    desk.toasts.show(replace(DANA, title=text, body=f"{text}\n{text}", mark=text, actions=(("claim", text),)))
    labels = desk.card().findChildren(QLabel)
    assert len(labels) == 4
    for label in labels:
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert desk.card().who.text() == text
    assert desk.card().toolTip() == ""


def test_a_very_long_text_does_not_burst_it(desk: Desk) -> None:
    words = "word " * 400
    desk.toasts.show(replace(DANA, title=words, body=f"{words}\n{'y' * 3000}\n{words}", mark="HOT"))
    assert desk.card().width() <= inapp.WIDTH + 2 * theme.SPACE.glow
    assert desk.card().height() < 420
    assert desk.card().away.geometry().right() < desk.card().width()


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=lambda look: look.name)
def test_it_wears_the_look(desk: Desk, qapp: QApplication, look: theme.Look) -> None:
    theme.apply(qapp, look)
    desk.toasts.show(DANA)
    picture = desk.card().grab().toImage()
    ratio = picture.devicePixelRatio()
    inside = QPoint(round(desk.card().width() / 2 * ratio), round((theme.SPACE.glow + 4) * ratio))
    assert picture.pixelColor(inside) == look.card
    theme.apply(qapp, theme.LIGHT)


def test_a_screen_reader_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, QAccessible.AnnouncementPoliteness]] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: told.append((event.message(), event.politeness()))
    )
    desk.toasts.show(DANA)
    desk.toasts.show(replace(DANA, body="changed"))
    desk.toasts.show(replace(DANA, lead_id="calm", urgency=CALM, title="Yuki", body="", mark="COLD"))
    politeness = QAccessible.AnnouncementPoliteness
    assert told == [
        (f"HOT · Dana Okafor · Brightline Logistics\n{DANA.body}", politeness.Assertive),
        ("COLD · Yuki\n", politeness.Polite),
    ]


def test_every_button_has_a_name_for_a_screen_reader(desk: Desk) -> None:
    desk.toasts.show(DANA)
    for button in desk.window.findChildren(QAbstractButton):
        if button.isVisible():
            interface: QAccessibleInterface = QAccessible.queryAccessibleInterface(button)
            assert interface.text(QAccessible.Text.Name)
