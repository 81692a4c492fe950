"""A floor in memory that is honest about imports: staged rows are seen by nobody until the import is
finished."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.clock import Clock
from app.domain.commands import (
    AddImportRows,
    BeginImport,
    CancelImport,
    Command,
    FinishImport,
    Imported,
    ImportRow,
    Made,
)
from app.domain.errors import Refused, Unavailable
from app.domain.questions import Before, ImportedBefore, Question
from app.floor.floor import Following, Linked, Receipt, Tell


class MemoryFloor:
    """Keeps `rows` of finished imports; `before_do` is called with each command and may raise."""

    def __init__(self, clock: Clock, before_do: Callable[[Any], None] = lambda command: None) -> None:
        self.rows: list[ImportRow] = []
        self.staged: dict[str, list[ImportRow]] = {}
        self.finished: list[FinishImport] = []
        self.commands: list[str] = []
        self._clock = clock
        self._before_do = before_do
        self._files: dict[str, tuple[str, str]] = {}
        self._past: dict[str, Before] = {}

    def do(self, command: Command[Any]) -> Receipt[Any]:
        self._before_do(command)
        self.commands.append(type(command).__name__)
        return Receipt(cursor=len(self.commands), value=self._done(command))

    def _done(self, command: Command[Any]) -> object:
        if isinstance(command, BeginImport):
            self.staged[command.id] = []
            self._files[command.id] = (command.file, command.sha256)
            return Made(id=command.id)
        assert isinstance(command, AddImportRows | FinishImport | CancelImport)
        if command.import_id not in self.staged:
            raise Refused("This import is no longer open.")
        if isinstance(command, AddImportRows):
            self.staged[command.import_id] += command.rows
            return Made(id=command.import_id)
        rows = self.staged.pop(command.import_id)
        if isinstance(command, FinishImport):
            file, sha256 = self._files[command.import_id]
            self.rows += rows
            self.finished.append(command)
            self._past[sha256] = Before(at=self._clock.now(), file=file, leads=len(rows))
            return Imported(import_id=command.import_id, leads=len(rows))
        return Made(id=command.import_id)

    def ask(self, question: Question[Any]) -> Any:
        assert isinstance(question, ImportedBefore)
        return self._past.get(question.sha256, Before(at=None))

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        raise Unavailable("This floor can't be followed.")

    def close(self) -> None:
        pass
