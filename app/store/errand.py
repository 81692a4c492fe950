"""Statements said to PostgreSQL together: one way there and one way back, however many they are.

A way to the database and back costs more than most statements do. What is only to be done waits (`later`) until
something is asked, or the transaction ends, and goes along with it. BEGIN and COMMIT are statements like the others.
The server keeps each statement under a name, so that it reads and plans it once for a connection.

Statements that go together are one packet, and the server is told that they are all (a "sync"): a client that
freezes is either not heard at all or idle to the server, which ends idle transactions. What does not fit into a
packet goes by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

from psycopg import Connection, Error, OperationalError, abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready as Heard
from psycopg.waiting import Wait

_PACKET = 12_000
"""Bytes of values that are sent together; with their statements' names they fit into one record of TLS."""
_DONE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.PIPELINE_SYNC)

Told = Sequence[Any]
"""The values of a statement, as the database's driver takes them."""


class Words:
    """A statement in PostgreSQL's words, its values numbered ("$1"). Known by itself, not by its text."""

    __slots__ = ("formats", "text")

    def __init__(self, text: str, values: int) -> None:
        self.text = text.encode()
        self.formats = [PyFormat.TEXT] * values


class Answer:
    """What the database says to one statement."""

    __slots__ = ("_adapt", "_result")

    def __init__(self, result: PGresult, adapt: abc.Transformer) -> None:
        self._result = result
        self._adapt = adapt

    @property
    def changed(self) -> int:
        """How many rows it changed."""
        return self._result.command_tuples or 0

    def rows(self, make: Callable[[Sequence[Any]], Any] = tuple) -> list[Any]:
        """The rows it found."""
        self._adapt.set_pgresult(self._result)
        return list(self._adapt.load_rows(0, self._result.ntuples, make))


class Errand:
    """What is said on one connection, by one transaction at a time. Errors are psycopg's."""

    def __init__(self, connection: Connection[Any], *, named: bool) -> None:
        """Not `named` where the next transaction may be another session's, which knows no names."""
        self._connection = connection
        self._line: PGconn = connection.pgconn
        self._adapt: abc.Transformer = Transformer(connection)
        self._named = named
        self._names: dict[Words, bytes] = {}
        self._count = 0
        self._said = 0
        self._waiting: list[tuple[Words, Sequence[Any], int]] = []
        self.seen: dict[object, Any] = {}
        """What was read in this transaction and nothing has been written since, by whoever asks."""

    def later(self, words: Words, values: Told) -> None:
        """Say it before whatever is said next. What is wrong with it is heard then."""
        given = self._adapt.dump_sequence(values, words.formats) if values else ()
        size = sum(len(value) for value in given if value is not None)
        self._waiting.append((words, given, size))

    def say(self, words: Words, values: Told) -> Answer:
        """Say it now, after what waits; what the database answers to it."""
        self.later(words, values)
        return self.go()[-1]

    def go(self) -> list[Answer]:
        """Say what waits; an answer to each."""
        answers: list[Answer] = []
        together: list[tuple[Words, Sequence[Any], int]] = []
        size = 0
        waiting, self._waiting = self._waiting, []
        self._said += len(waiting)
        for one in waiting:
            if together and size + one[2] > _PACKET:
                answers += self._exchange(together)
                together, size = [], 0
            together.append(one)
            size += one[2]
        if together:
            answers += self._exchange(together)
        return answers

    @property
    def waits(self) -> int:
        """How many statements wait."""
        return len(self._waiting)

    def mark(self) -> int:
        """How much was said on this line or waits, for `drop`."""
        return self._said + len(self._waiting)

    def drop(self, since: int = 0) -> bool:
        """Forget what waits after a mark, and what was seen; whether nothing after it was said yet."""
        self.seen.clear()
        del self._waiting[max(0, since - self._said) :]
        return since >= self._said

    def _exchange(self, said: list[tuple[Words, Sequence[Any], int]]) -> list[Answer]:
        line = self._line
        new: list[Words | None] = []
        """For each result that is to come, the statement that it gives a name to, if that is what it does."""
        results: list[PGresult] = []
        line.enter_pipeline_mode()
        try:
            for words, given, _ in said:
                if self._named:
                    name = self._names.get(words)
                    if name is None:
                        self._count += 1
                        name = self._names[words] = b"firstring_%d" % self._count
                        line.send_prepare(name, words.text)
                        new.append(words)
                    line.send_query_prepared(name, given)
                else:
                    line.send_query_params(words.text, given)
                new.append(None)
            line.pipeline_sync()
            results = self._connection.wait(_results(line, len(new) + 1))
            for result in results:
                if result.status not in _DONE:
                    raise error_from_result(result, self._connection.info.encoding)
        except BaseException:
            self._unlearn(new, results)
            raise
        finally:
            self._leave()
        return [Answer(result, self._adapt) for result, to in zip(results, new, strict=False) if to is None]

    def _unlearn(self, new: list[Words | None], results: list[PGresult]) -> None:
        """Forget the names that the server has not taken; it keeps the others even if the transaction fails."""
        for number, words in enumerate(new):
            taken = number < len(results) and results[number].status == ExecStatus.COMMAND_OK
            if words is not None and not taken:
                del self._names[words]

    def _leave(self) -> None:
        """Be an ordinary line again; one on which answers are still to come can't be, and is closed."""
        if self._line.status == ConnStatus.OK:
            try:
                self._line.exit_pipeline_mode()
            except Error:
                self._connection.close()


def _results(line: PGconn, count: int) -> Generator[Wait, Heard | int, list[PGresult]]:
    """So many results of what was said, the sync's among them; fewer where the line ended with an error."""
    results: list[PGresult] = []
    while line.flush():
        if (yield Wait.RW) & Heard.R:
            line.consume_input()
    while len(results) < count:
        while line.is_busy():
            if not (yield Wait.R):
                continue
            try:
                line.consume_input()
            except Error:
                if any(result.status == ExecStatus.FATAL_ERROR for result in results):
                    return results  # why the line ended was said before it did
                raise
        result = line.get_result()
        if result is not None:
            results.append(result)
        elif line.status == ConnStatus.BAD:
            if results:
                return results
            raise OperationalError("the line to the database is down")
    return results
