"""The live list: it says what the queue says, keeps the choice and the pointer's lead where they are, and
repaints no more than it must."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.clock import HandClock
from app.domain.lead import ClockState, Lead, Outcome, Tier
from app.domain.rulebook import DEFAULT
from app.floor.board import Changes
from app.floor.queue import Moves, Queue
from app.ui import theme
from app.ui.queue_groups import HEAD, LEAD_IN
from app.ui.queue_list import QueueList
from app.ui.queue_model import QueueModel
from app.ui.queue_rows import CLOCK_LEFT, CLOCK_WIDTH, columns_for
from app.ui.theme import SPACE
from tests.ui.queue_desk import AT, ME, people, person


class Listened(QueueList):
    """The list, with a note of what it was asked to paint."""

    def __init__(self, queue: Queue, clock: HandClock) -> None:
        self.rects: list[QRect] = []
        super().__init__(queue, clock)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.rects.append(event.rect())
        super().paintEvent(event)


class Bench:
    """A queue, a clock moved by hand and the list on them."""

    def __init__(self, leads: list[Lead]) -> None:
        self.clock, self.queue = HandClock(AT), Queue(ME)
        self.view = Listened(self.queue, self.clock)
        self.view.resize(800, 480)
        self.view.show()
        self.view.follow(self.queue.reset(leads, AT, DEFAULT), True)

    def come(self, *leads: Lead) -> None:
        self.view.follow(self.queue.apply(Changes(added=leads), self.clock.now()), True)

    def change(self, lead: Lead, **changes: object) -> Lead:
        new = replace(lead, version=lead.version + 1, **changes)  # type: ignore[arg-type]
        self.view.follow(self.queue.apply(Changes(changed=((lead, new),)), self.clock.now()), True)
        return new

    def go(self, lead: Lead) -> None:
        self.view.follow(self.queue.apply(Changes(removed=(lead,)), self.clock.now()), True)

    def y_of(self, lead_id: str) -> int:
        """Where the lead's row is on the screen."""
        return self.view.visualRect(self.view.rows.index(self.view.rows.row_of(lead_id))).y()

    def point(self, lead_id: str) -> None:
        """Put the pointer on a lead."""
        port = self.view.viewport()
        at = QPointF(200, self.y_of(lead_id) + 20)
        none = Qt.MouseButton.NoButton
        move = QMouseEvent(
            QEvent.Type.MouseMove, at, port.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(port, move)

    def away(self) -> None:
        QApplication.sendEvent(self.view, QEvent(QEvent.Type.Leave))


@pytest.fixture
def look(qapp: QApplication) -> None:
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture
def bench(qtbot: QtBot, look: None) -> Bench:
    made = Bench(people())
    qtbot.addWidget(made.view)
    return made


def many(count: int) -> list[Lead]:
    return [person(f"Lead {number}", score=number % 90, ago=100 + number) for number in range(count)]


# what it says


def test_the_model_keeps_qts_rules_through_every_kind_of_move(
    qtbot: QtBot, look: None, qtmodeltester: ModelTester
) -> None:
    leads = many(30)
    queue, clock = Queue(ME), HandClock(AT)
    model = QueueModel(queue, clock)
    qtmodeltester.check(model)
    model.apply(queue.reset(leads, AT, DEFAULT))
    new = person("New", tier=Tier.HOT, score=99, ago=1)
    model.apply(queue.apply(Changes(added=(new,)), AT))
    moved = replace(leads[3], version=1, score=120)
    model.apply(queue.apply(Changes(changed=((leads[3], moved),), removed=(leads[5],)), AT))
    clock.advance(hours=2)
    model.apply(queue.advance(clock.now()))
    assert model.ids == queue.rows
    qtmodeltester.check(model)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_model_is_the_queue_whatever_happens(data: st.DataObject, qapp: QApplication) -> None:
    queue, clock = Queue(ME), HandClock(AT)
    model = QueueModel(queue, clock)
    known: dict[str, Lead] = {lead.id: lead for lead in many(8)}
    model.apply(queue.reset(known.values(), AT, DEFAULT))
    for _ in range(data.draw(st.integers(1, 12))):
        now = clock.advance(seconds=data.draw(st.integers(0, 4000)))
        added = tuple(many(data.draw(st.integers(0, 3))))
        picked = data.draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=4)) if known else []
        gone = tuple(known.pop(lead_id) for lead_id in picked[:1])
        changed = tuple(
            (known[lead_id], replace(known[lead_id], version=known[lead_id].version + 1,
                                     score=data.draw(st.integers(0, 99))))
            for lead_id in picked[1:]
        )  # fmt: skip
        known.update({lead.id: lead for lead in added})
        known.update({new.id: new for _old, new in changed})
        model.apply(queue.apply(Changes(added=added, changed=changed, removed=gone), now))
        assert model.ids == queue.rows


def test_the_first_row_is_the_heros_and_not_painted_twice(bench: Bench) -> None:
    view = bench.view
    first = bench.queue.rows[0]
    assert view.visualRect(view.rows.index(0)) == QRect()
    assert bench.y_of(bench.queue.rows[1]) == HEAD - LEAD_IN
    view.follow(Moves(), False)
    assert bench.y_of(first) == HEAD - LEAD_IN


def test_two_cards_with_their_counts(bench: Bench) -> None:
    titles = [group.title for group in bench.view.groups.all]
    assert titles == ["Call now · 10", "Waiting · 3"]
    first_waiting = bench.queue.rows[bench.queue.split]
    until = bench.queue.place_of(first_waiting).until
    assert until is not None
    assert bench.view.groups.all[1].aside == f"next at {until.astimezone():%H:%M}"


def test_an_empty_queue_has_no_card(qtbot: QtBot, look: None) -> None:
    empty = Bench([])
    qtbot.addWidget(empty.view)
    assert empty.view.groups.all == ()
    assert empty.view.step(1) == ""
    empty.view.grab()
    only = person("Only One", tier=Tier.HOT, ago=5)
    empty.come(only)
    assert empty.view.groups.all == (), "the only one is the hero's"
    empty.view.follow(Moves(), False)
    assert empty.view.groups.all[0].count == 1


def test_a_screen_reader_hears_each_lead_in_a_sentence(bench: Bench) -> None:
    reader = QAccessible.queryAccessibleInterface(bench.view)
    assert reader.role() == QAccessible.Role.List
    assert reader.childCount() == len(bench.queue.rows)
    row = bench.view.rows.row_of(next(lead.id for lead in bench_leads(bench) if lead.name == "Priya Raman"))
    heard = reader.child(row).text(QAccessible.Text.Name)
    for part in ("Priya Raman", "Northgate Retail", "WARM", "6:12", "22:44 Pune", "67"):
        assert part in heard


def bench_leads(bench: Bench) -> list[Lead]:
    return [bench.queue.lead_of(lead_id) for lead_id in bench.queue.rows]


# the choice


def test_the_choice_follows_the_lead(bench: Bench) -> None:
    told: list[str] = []
    bench.view.chosen.connect(told.append)
    tom = next(lead for lead in bench_leads(bench) if lead.name == "Tom Becker")
    bench.view.choose(tom.id)
    before = bench.view.currentIndex().row()
    bench.come(*(person(f"New {n}", tier=Tier.HOT, score=95, ago=1) for n in range(3)))
    assert bench.view.currentIndex().row() == before + 3
    assert bench.view.rows.id_at(bench.view.currentIndex().row()) == tom.id
    bench.change(tom, score=99, tier=Tier.HOT)
    assert bench.view.rows.id_at(bench.view.currentIndex().row()) == tom.id
    assert told == [], "nobody chose anything"


def test_a_lead_that_goes_leaves_no_row_chosen_and_comes_back_chosen(bench: Bench) -> None:
    tom = next(lead for lead in bench_leads(bench) if lead.name == "Tom Becker")
    bench.view.choose(tom.id)
    bench.go(tom)
    assert not bench.view.currentIndex().isValid()
    assert bench.view.chosen_id == tom.id
    bench.come(replace(tom, version=9))
    assert bench.view.rows.id_at(bench.view.currentIndex().row()) == tom.id


def test_arrow_keys_reach_the_heros_lead_and_stop_at_the_ends(bench: Bench, qtbot: QtBot) -> None:
    told: list[str] = []
    bench.view.chosen.connect(told.append)
    rows = list(bench.queue.rows)
    bench.view.choose(rows[1])
    qtbot.keyClick(bench.view, Qt.Key.Key_Up)
    qtbot.keyClick(bench.view, Qt.Key.Key_Up)
    qtbot.keyClick(bench.view, Qt.Key.Key_End)
    assert told == [rows[0], rows[-1]]
    assert bench.view.step(5) == rows[-1]


def test_a_click_chooses_the_lead_under_it(bench: Bench, qtbot: QtBot) -> None:
    third = bench.queue.rows[3]
    at = QPoint(200, bench.y_of(third) + 20)
    with qtbot.waitSignal(bench.view.chosen) as chosen:
        qtbot.mouseClick(bench.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == [third]
    with qtbot.waitSignal(bench.view.opened) as opened:
        qtbot.mouseDClick(bench.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened.args == [third]


# nothing moves under the pointer


def test_a_lead_under_the_pointer_stays_where_it_is(bench: Bench) -> None:
    tom = next(lead for lead in bench_leads(bench) if lead.name == "Tom Becker")
    bench.point(tom.id)
    before = bench.y_of(tom.id)
    for number in range(3):
        bench.come(person(f"New {number}", tier=Tier.HOT, score=95, ago=1))
    assert bench.y_of(tom.id) == before
    luis = next(lead for lead in bench_leads(bench) if lead.name == "Luis Ferreira")
    bench.go(luis)
    assert bench.y_of(tom.id) == before


def test_the_list_keeps_still_even_where_it_could_not_scroll(qtbot: QtBot, look: None) -> None:
    short = Bench(many(5))
    qtbot.addWidget(short.view)
    assert short.view.verticalScrollBar().maximum() == 0
    pointed = short.queue.rows[2]
    short.point(pointed)
    before = short.y_of(pointed)
    short.come(person("New", tier=Tier.HOT, score=95, ago=1))
    short.go(short.queue.lead_of(short.queue.rows[0]))
    short.go(short.queue.lead_of(short.queue.rows[0]))
    assert short.y_of(pointed) == before
    short.away()
    assert short.view.verticalScrollBar().maximum() == 0
    assert short.view.verticalOffset() == 0, "what was held is given back"


def test_new_leads_show_at_the_top_when_nobody_points(bench: Bench) -> None:
    bench.come(person("New", tier=Tier.HOT, score=95, ago=1), person("Newer", tier=Tier.HOT, score=96, ago=1))
    assert bench.view.verticalOffset() == 0


def test_who_has_scrolled_keeps_their_place(qtbot: QtBot, look: None) -> None:
    long = Bench(many(200))
    qtbot.addWidget(long.view)
    long.view.verticalScrollBar().setValue(1000)
    row = long.view.groups.row_at(1000 + HEAD)
    seen = long.view.rows.id_at(row)
    before = long.y_of(seen)
    long.come(*(person(f"New {n}", tier=Tier.HOT, score=95, ago=1) for n in range(9)))
    assert long.y_of(seen) == before


def test_choosing_by_key_scrolls_it_into_sight(qtbot: QtBot, look: None) -> None:
    long = Bench(many(200))
    qtbot.addWidget(long.view)
    for lead_id in (long.queue.rows[150], long.queue.rows[10], long.queue.rows[199]):
        long.view.choose(lead_id)
        assert long.view.viewport().rect().contains(QPoint(100, long.y_of(lead_id) + SPACE.row // 2))


# what it costs


class Painted:
    """Listens to what a list is asked to paint."""

    def __init__(self, view: Listened, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rects = view.rects
        self.rects.clear()
        self.rows: list[int] = []
        shape = view.painter.row

        def shaped(*args: object) -> object:
            self.rows.append(1)
            return shape(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(view.painter, "row", shaped)


@pytest.mark.parametrize("count", [30, 3000])
def test_a_tick_paints_only_the_countdowns_in_sight(
    qtbot: QtBot, look: None, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    bench = Bench(many(count))
    qtbot.addWidget(bench.view)
    qtbot.waitExposed(bench.view)
    QApplication.processEvents()
    painted = Painted(bench.view, monkeypatch)
    bench.clock.advance(seconds=1)
    bench.view.tick()
    QApplication.processEvents()
    column = QRect(SPACE.page + CLOCK_LEFT, 0, CLOCK_WIDTH, bench.view.viewport().height())
    assert painted.rects == [column]
    assert len(painted.rows) <= bench.view.viewport().height() // SPACE.row + 1


def test_an_arriving_lead_looks_at_no_other_lead(
    qtbot: QtBot, look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(many(2000))
    qtbot.addWidget(bench.view)
    bench.view.grab()
    painted = Painted(bench.view, monkeypatch)
    asked: list[str] = []
    place_of = bench.queue.place_of
    monkeypatch.setattr(bench.queue, "place_of", lambda lead_id: asked.append(lead_id) or place_of(lead_id))
    bench.come(person("New", tier=Tier.HOT, score=95, ago=1))
    assert len(asked) <= 2, "only for the heading of what waits"
    QApplication.processEvents()
    assert 0 < len(painted.rows) <= bench.view.viewport().height() // SPACE.row + 1


def test_the_countdown_that_is_painted_is_of_this_second(bench: Bench) -> None:
    """The picture after a tick is the picture of a full repaint."""
    bench.view.grab()
    for seconds in (1, 36, 1, 60):
        bench.clock.advance(seconds=seconds)
        bench.view.tick()
        QApplication.processEvents()
        column = QRect(SPACE.page + CLOCK_LEFT, 0, CLOCK_WIDTH, bench.view.viewport().height())
        ticked = bench.view.viewport().grab(column).toImage()
        whole = bench.view.viewport().grab().copy(column).toImage()
        assert ticked == whole


def test_countdowns_are_grey_while_nobody_knows_the_time(bench: Bench) -> None:
    late = next(lead for lead in bench_leads(bench) if lead.clock is ClockState.BREACHED)
    spot = QRect(SPACE.page + CLOCK_LEFT, bench.y_of(late.id), CLOCK_WIDTH, SPACE.row)
    red = theme.current().danger_fill

    def has_red() -> bool:
        image = bench.view.viewport().grab(spot).toImage()
        return any(
            image.pixelColor(x, y) == red
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        )

    assert has_red()
    bench.view.set_live(False)
    assert not has_red()


# any width, any text


@pytest.mark.parametrize("width", [60, 240, 400, 520, 640, 867, 1200, 2400])
def test_no_column_overlaps_another(width: int) -> None:
    columns = columns_for(width)
    places = [(columns.name, columns.name_width), (columns.ask, columns.ask_width),
              (columns.source, columns.source_width), (columns.local, columns.local_width)]  # fmt: skip
    shown = [(left, left + wide) for left, wide in places if wide]
    for (_, right), (left, _wide) in pairwise(shown):
        assert right <= left
    if width >= 400:
        assert shown[-1][1] <= columns.score_right


def test_any_text_of_any_length_is_painted(qtbot: QtBot, look: None) -> None:
    texts = [
        "N" * 100_000,
        "<img src=file:///etc/passwd>",
        "\u202eevil",
        "محمد الأمين",
        "\x00\ud800",
        "a\nb\r\nc",
        "🜚" * 500,
    ]
    leads = [
        replace(
            person("x", text, ask=text, city=text[:5000], medium=text, score=10**9), name=text, zone=text[:30]
        )
        for text in texts
    ]
    hostile = Bench(leads)
    qtbot.addWidget(hostile.view)
    for width in (300, 800, 1500):
        hostile.view.resize(width, 480)
        hostile.view.grab()
    reader = QAccessible.queryAccessibleInterface(hostile.view)
    assert all(reader.child(row).text(QAccessible.Text.Name) for row in range(reader.childCount()))


def test_what_ended_is_not_shown_as_running(bench: Bench) -> None:
    tom = next(lead for lead in bench_leads(bench) if lead.name == "Tom Becker")
    later = AT + timedelta(minutes=20)
    bench.change(tom, attempts=1, clock=ClockState.MET, last_outcome=Outcome.NO_ANSWER, retry_at=later)
    assert bench.view.rows.row_of(tom.id) >= bench.queue.split
    heard = bench.view.rows.data(
        bench.view.rows.index(bench.view.rows.row_of(tom.id)), Qt.ItemDataRole.AccessibleTextRole
    )
    assert heard is not None
    assert f"{later.astimezone():%H:%M}" in heard
