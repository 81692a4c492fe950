"""The crossing between threads and window, on a real floor."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from app.domain.commands import AddNote, ClaimLead, Command, SetStatus
from app.domain.errors import AppError, NotFound, Unavailable
from app.domain.lead import RepStatus
from app.domain.questions import FindLeads, LeadHistory, Leads, Question
from app.floor.floor import Batch, Floor, Following, Link, Linked, Receipt, Tell
from app.ui import relay as relay_module
from app.ui.relay import Relay
from tests.ui.queue_desk import SampleFloor, people

T = TypeVar("T")


class Through:
    """The floor, seen through something a test can hold up or break."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.down = 0
        """How often it can't be followed yet."""
        self.tells: list[Tell] = []

    def do(self, command: Command[T]) -> Receipt[T]:
        self.entered.set()
        self.gate.wait()
        return self.floor.do(command)

    def ask(self, question: Question[T]) -> T:
        self.entered.set()
        self.gate.wait()
        return self.floor.ask(question)

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        if self.down:
            self.down -= 1
            raise Unavailable("The floor is down.")
        self.tells.append(tell)
        return self.floor.follow(since, tell, linked)

    def close(self) -> None:
        self.floor.close()


class Heard(QObject):
    """Takes answers and remembers on which thread they came."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[object] = []
        self.threads: set[int] = set()

    def take(self, value: object) -> None:
        self.values.append(value)
        self.threads.add(threading.get_ident())


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[SampleFloor]:
    floor = SampleFloor(tmp_path, people())
    yield floor
    floor.close()


@pytest.fixture
def floor(sample: SampleFloor) -> Through:
    return Through(sample.floor)


@pytest.fixture
def relay(floor: Through, qtbot: QtBot) -> Iterator[Relay]:
    made = Relay()
    yield made
    floor.gate.set()
    made.stop()
    made.deleteLater()


def ours() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("relay")]


def wait(qtbot: QtBot, holds: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(holds()))


def test_batches_come_to_the_window_in_order(
    relay: Relay, floor: Through, sample: SampleFloor, qtbot: QtBot
) -> None:
    heard, links = Heard(), Heard()
    relay.batch.connect(heard.take)
    relay.linked.connect(lambda link, _sentence: links.take(link))
    relay.start(floor)
    wait(qtbot, lambda: Link.LIVE.value in links.values)
    first = heard.values[0]
    assert isinstance(first, Batch)
    assert first.snapshot
    assert len(first.leads) == len(people())
    for name in ("Dana Okafor", "Priya Raman"):
        relay.do(AddNote(lead_id=sample.leads[name].id, text="seen"))
    wait(qtbot, lambda: isinstance(heard.values[-1], Batch) and heard.values[-1].last == first.last + 2)
    rest = [batch for batch in heard.values[1:] if isinstance(batch, Batch)]
    assert [entry.seq for batch in rest for entry in batch.entries] == [first.last + 1, first.last + 2]
    assert heard.threads == {threading.get_ident()}


def test_answers_come_to_the_window(relay: Relay, floor: Through, sample: SampleFloor, qtbot: QtBot) -> None:
    heard = Heard()
    relay.start(floor)
    relay.ask(FindLeads(text="dana"), heard.take)
    lead = sample.leads["Priya Raman"]
    relay.do(ClaimLead(lead_id=lead.id), heard.take)
    assert heard.values == []
    wait(qtbot, lambda: len(heard.values) == 2)
    found = next(value for value in heard.values if isinstance(value, Leads))
    receipt = next(value for value in heard.values if isinstance(value, Receipt))
    assert [one.name for one in found.leads] == ["Dana Okafor"]
    assert receipt.value.id == lead.id
    assert heard.threads == {threading.get_ident()}
    assert relay.busy == 0


def test_commands_keep_their_order(relay: Relay, floor: Through, qtbot: QtBot) -> None:
    heard = Heard()
    floor.gate.clear()
    relay.start(floor)
    for status in (RepStatus.BREAK, RepStatus.AVAILABLE, RepStatus.AWAY) * 5:
        relay.do(SetStatus(status=status), lambda receipt, status=status: heard.take(status), owner=heard)
    floor.gate.set()
    wait(qtbot, lambda: len(heard.values) == 15)
    assert heard.values == [RepStatus.BREAK, RepStatus.AVAILABLE, RepStatus.AWAY] * 5


def test_a_refusal_goes_to_who_asked_else_to_the_shell(relay: Relay, floor: Through, qtbot: QtBot) -> None:
    mine, shells = Heard(), Heard()
    relay.refused.connect(shells.take)
    relay.start(floor)
    relay.ask(LeadHistory(lead_id="nobody"), mine.take, mine.take)
    wait(qtbot, lambda: mine.values)
    assert isinstance(mine.values[0], NotFound)
    assert not shells.values
    relay.do(ClaimLead(lead_id="nobody"), mine.take)
    wait(qtbot, lambda: shells.values)
    assert isinstance(shells.values[0], AppError)
    assert len(mine.values) == 1


def test_a_bug_in_the_floor_is_raised_on_the_gui_thread(relay: Relay, floor: Through, qtbot: QtBot) -> None:
    relay.start(floor)
    with qtbot.capture_exceptions() as caught:
        relay.ask("no question at all", Heard().take)  # type: ignore[arg-type]
        wait(qtbot, lambda: caught)
    assert not issubclass(caught[0][0], AppError)


def test_after_stop_there_is_no_thread_and_nobody_is_called(
    relay: Relay, floor: Through, sample: SampleFloor, qtbot: QtBot
) -> None:
    heard = Heard()
    relay.batch.connect(heard.take)
    relay.linked.connect(lambda link, _sentence: heard.take(link))
    relay.start(floor)
    wait(qtbot, lambda: heard.values)
    assert sorted(ours()) == ["relay-ask-1", "relay-ask-2", "relay-do", "relay-follow"]
    floor.entered.clear()
    floor.gate.clear()
    for _ in range(5):
        relay.do(SetStatus(status=RepStatus.BREAK), heard.take)
        relay.ask(FindLeads(text="a"), heard.take)
    assert floor.entered.wait(60)
    heard.values.clear()
    # The answers to what is under way are on their way to this thread while it waits in `stop`.
    threading.Timer(0.05, floor.gate.set).start()
    relay.stop()
    assert ours() == []
    sample.write("keeper", sample.lead("Dana Okafor"), score=1)
    relay.do(SetStatus(status=RepStatus.BREAK), heard.take)
    for _ in range(5):
        QCoreApplication.processEvents()
    assert heard.values == []
    assert relay.busy == 0


@pytest.mark.parametrize("by_name", [False, True])
def test_a_widget_that_is_gone_is_not_called(
    relay: Relay, floor: Through, qtbot: QtBot, by_name: bool
) -> None:
    gone, other = Heard(), Heard()
    values = gone.values
    floor.gate.clear()
    relay.start(floor)
    if by_name:
        relay.ask(FindLeads(text="a"), values.append, owner=gone)
    else:
        relay.ask(FindLeads(text="a"), gone.take)
    relay.ask(FindLeads(text="a"), other.take)
    shiboken6.delete(gone)
    floor.gate.set()
    wait(qtbot, lambda: other.values and not relay.busy)
    assert values == []


def test_a_fresh_snapshot_drops_what_is_on_its_way(
    relay: Relay, floor: Through, sample: SampleFloor, qtbot: QtBot
) -> None:
    heard = Heard()
    relay.batch.connect(heard.take)
    relay.start(floor)
    wait(qtbot, lambda: heard.values)
    heard.values.clear()
    late = Batch(first=900, last=901, at=sample.clock.now())
    floor.tells[0](late)
    relay.resync()
    floor.tells[0](late)
    wait(qtbot, lambda: heard.values)
    assert late not in heard.values
    assert isinstance(heard.values[0], Batch)
    assert heard.values[0].snapshot


def test_a_floor_that_is_down_is_tried_again(
    relay: Relay, floor: Through, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "FIRST_WAIT_S", 0.01)
    links, heard = Heard(), Heard()
    relay.linked.connect(lambda link, sentence: links.take((link, sentence)))
    relay.batch.connect(heard.take)
    floor.down = 3
    relay.start(floor)
    wait(qtbot, lambda: links.values and links.values[-1] == (Link.LIVE.value, ""))
    assert links.values[:3] == [(Link.AWAY.value, "The floor is down.")] * 3
    assert isinstance(heard.values[0], Batch)
