"""What a server counts about itself, in the words of Prometheus.

Nothing here names a person, a lead or a source: numbers only, by kind of command and by how it ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from app.domain.commands import Captured, Command
from app.domain.errors import AppError
from app.domain.questions import Question
from app.floor import wire
from app.floor.floor import Floor, Following, Linked, Receipt, Tell

R = TypeVar("R")

CONTENT_TYPE = CONTENT_TYPE_LATEST
_DONE = "done"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One server's figures. Thread-safe."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._captures = Counter(
            "firstring_captures", "Inquiries that came in here, by what became of them", ["state"],
            registry=registry,
        )  # fmt: skip
        self._asked = Counter(
            "firstring_requests", "Commands and questions, by kind and by how they ended", ["kind", "outcome"],
            registry=registry,
        )  # fmt: skip
        self._took = Histogram(
            "firstring_request_seconds", "How long the floor took for one", ["what"], buckets=_BUCKETS,
            registry=registry,
        )  # fmt: skip
        self.desks = Gauge("firstring_desks", "Desks that listen", registry=registry)
        self.behind = Gauge(
            "firstring_desks_behind", "Of these, those not told everything yet", registry=registry
        )
        self.head = Gauge("firstring_feed_head", "Number of the last event told", registry=registry)
        self.lag = Gauge(
            "firstring_feed_lag_seconds", "From the last event's time to its being told", registry=registry
        )
        self.kept = Gauge(
            "firstring_keeper", "1 while some program keeps the floor's clocks, else 0", registry=registry
        )
        self.lost = Gauge("firstring_floor_lost", "1 while the database does not answer", registry=registry)
        self.kept.set(1)

    def text(self) -> bytes:
        """All of it, as it is scraped."""
        return generate_latest(self._registry)

    def time(self, what: str, kind: str, work: Callable[[], R]) -> R:
        """Do a piece of work, a command or a question, and count it."""
        with self._took.labels(what).time():
            try:
                done = work()
            except AppError as error:
                self._asked.labels(kind, wire.code_of(error)).inc()
                raise
            except BaseException:
                self._asked.labels(kind, "mistake").inc()
                raise
        self._asked.labels(kind, _DONE).inc()
        return done

    def captured(self, value: Any) -> None:
        """An inquiry was kept."""
        if isinstance(value, Captured):
            self._captures.labels(value.state.value).inc()


class CountedFloor:
    """A floor whose commands and questions are counted."""

    def __init__(self, floor: Floor, metrics: Metrics) -> None:
        self._floor = floor
        self._metrics = metrics

    def do(self, command: Command[R]) -> Receipt[R]:
        kind = type(command).__name__
        receipt = self._metrics.time("command", kind, lambda: self._floor.do(command))
        self._metrics.captured(receipt.value)
        return receipt

    def ask(self, question: Question[R]) -> R:
        return self._metrics.time("question", type(question).__name__, lambda: self._floor.ask(question))

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        return self._floor.follow(since, tell, linked)

    def close(self) -> None:
        self._floor.close()
