"""A floor that may be away: work goes on at the desk, is kept on its disk, and is told when the floor is back.

`OfflineFloor` stands around any other kind of `Floor`. What a rep does with leads of their own (calls, notes,
outcomes, corrections) is answered at once while the floor is away: it is written to a journal on the desk's disk,
shown on the board as it will be, and sent later in the same order under the same command ids, so that it arrives
once. What only the floor can decide (whose a lead is, who works here) is refused with the reason. A decision that
no longer fits when it arrives waits in `waiting` until the rep has decided; it is never carried out unseen.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from app.clock import Clock
from app.domain.clash import Cause, Clashing
from app.domain.commands import (
    AddNote,
    CallStarted,
    ClaimLead,
    Command,
    LogOutcome,
    StartAttempt,
    UndoOutcome,
    Work,
)
from app.domain.errors import AppError, CommandReused, Refused, Unavailable
from app.domain.questions import Question
from app.floor.floor import Batch, Floor, Following, Link, Linked, Receipt, Tell
from app.floor.foreseen import Foreseen
from app.floor.keeping import KEPT, answer_to, check, is_keepable, known_as, on_top, running_call
from app.store.journal import Journal, Kept

R = TypeVar("R")
_log = logging.getLogger(__name__)
RETRY_S = 5.0
"""Between tries to send while nothing says that the floor is back."""
PATIENCE_S = 3.0
"""How long a claim waits for work that is just being sent, so that the floor knows of it."""


class OfflineFloor:
    """A `Floor` for the desk of rep `me`, around one that can be away. Closing it closes the inner one too."""

    def __init__(self, inner: Floor, journal: Path, clock: Clock, me: str) -> None:
        """`journal` is the file for unsent work; where it can't be opened, `fault` says why and nothing is kept."""
        self._inner = inner
        self._clock = clock
        self._changed: Callable[[], None] | None = None
        self.fault = ""
        """A sentence about the journal that the rep should read; "" if all is well."""
        self._journal: Journal | None = None
        self._lines: list[Kept] = []
        self._waiting: list[Kept] = []
        self._seen = Foreseen(me)
        self._state = threading.RLock()
        self._sending = threading.Lock()
        """Held while something kept is sent: what the feed says of it comes after its answer."""
        self._tell: Tell | None = None
        self._away = ""
        """Why the floor is away; "" while it is not known to be."""
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._drained = threading.Event()
        self._drained.set()
        self._sender: threading.Thread | None = None
        self._open(journal)

    def _open(self, path: Path) -> None:
        try:
            self._journal = Journal(path)
            lines = self._journal.lines()
        except AppError as error:
            self.fault = error.message
            return
        if self._journal.damaged is not None:
            self.fault = (
                f"The file with unsent work was damaged and was put aside at {self._journal.damaged}."
            )
        self._lines = [line for line in lines if line.clash is None]
        self._waiting = [line for line in lines if line.clash is not None]
        for line in self._lines:
            self._seen.add(line.command)
        if self._lines:
            self._send_soon()

    # -- what a desk asks of it beside the floor

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have this called, on any thread, whenever `unsent` or `waiting` has changed."""
        self._changed = changed

    @property
    def unsent(self) -> tuple[Kept, ...]:
        """What the floor does not have yet, oldest first."""
        with self._state:
            return tuple(self._lines)

    @property
    def waiting(self) -> tuple[Kept, ...]:
        """Decisions that no longer fit, and what a rule refused: they need the rep. Oldest first."""
        with self._state:
            return tuple(self._waiting)

    def put_on_top(self, no: int) -> None:
        """Say a waiting decision again, having seen what stands; it is sent like other work."""
        with self._state:
            line = self._waiting_line(no)
            again = on_top(line)
            if again is None:
                raise Refused("This can only be kept as a note, or dropped.")
            self._replace(line, again)
        self._say_changed()

    def keep_as_note(self, no: int, text: str) -> None:
        """Keep a waiting decision as a note on its lead instead."""
        with self._state:
            line = self._waiting_line(no)
            now = self._clock.now()
            note = AddNote(lead_id=self._seen.lead_id(line.command), text=text, said_at=now)
            check(note, self._seen, now)
            self._replace(line, note)
        self._say_changed()

    def drop(self, no: int) -> None:
        """Leave what stands as it is."""
        with self._state:
            line = self._waiting_line(no)
            self._open_journal().remove(line.no)
            self._waiting.remove(line)
        self._say_changed()

    def _waiting_line(self, no: int) -> Kept:
        for line in self._waiting:
            if line.no == no:
                return line
        raise Refused("That is decided already.", "Done")

    def _replace(self, line: Kept, command: Work[Any]) -> None:
        new = self._open_journal().keep(command, line.who, instead_of=line.no)
        self._waiting.remove(line)
        self._lines.append(new)
        self._seen.add(command)
        self._show(command)
        self._send_soon()

    # -- the door

    def do(self, command: Command[R]) -> Receipt[R]:
        if not isinstance(command, Work):
            return self._do_there(command)
        with self._state:
            known = known_as(command, self._seen)
            keepable = is_keepable(known, self._seen)
            at_once = not self._lines and not self._away
        if not keepable:
            return self._done(known, self._do_there(known))
        if at_once:
            try:
                return self._done(known, self._inner.do(known))
            except Unavailable as error:
                _log.warning("the floor did not answer (%s); the work is kept on this desk", error.message)
        return self._keep(known, sent=at_once)

    def _done(self, command: Work[Any], receipt: Receipt[R]) -> Receipt[R]:
        """The floor has done it. The desk goes by that from now on, and not only when the feed brings it back: should
        the line break in between, the call that was begun is this rep's own all the same."""
        if getattr(receipt.value, "clash", None) is None:
            if isinstance(command, StartAttempt) and isinstance(receipt.value, CallStarted):
                command = replace(command, attempt_id=receipt.value.attempt_id)
            with self._state:
                self._seen.done(command, receipt.cursor, self._clock.now())
        return receipt

    def ask(self, question: Question[R]) -> R:
        return self._inner.ask(question)

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        def link(link: Link, why: str) -> None:
            self._away = why or "The floor does not answer." if link is Link.AWAY else ""
            if link is Link.LIVE:
                self._wake.set()
            if linked is not None:
                linked(link, why)

        self._tell = tell
        return self._inner.follow(since, self._pass, link)

    def close(self) -> None:
        self._ended.set()
        self._wake.set()
        if self._sender is not None:
            self._sender.join()
        self._inner.close()
        if self._journal is not None:
            self._journal.close()

    # -- what only the floor can do

    def _do_there(self, command: Command[R]) -> Receipt[R]:
        if not self._away:
            self._drained.wait(PATIENCE_S)
            try:
                return self._inner.do(command)
            except Unavailable as error:
                if not isinstance(command, (ClaimLead, Work)):
                    raise
                cause: AppError | None = error
        else:
            cause = None
        if isinstance(command, (ClaimLead, StartAttempt, LogOutcome)):
            raise Unavailable(
                "Only the floor can say who has this lead, and it is away. Leads that are yours already can be called.",
                "The floor is away",
            ) from cause
        raise Unavailable(
            "This can be done only with the floor, and it is away. Nothing was changed.", "The floor is away"
        ) from cause

    # -- what the desk can keep

    def _keep(self, command: Work[Any], *, sent: bool) -> Receipt[Any]:
        with self._state:
            now, seen = self._clock.now(), self._seen
            if not sent:  # what was sent may have been done, and the feed may have said so
                check(command, seen, now)
                running = running_call(command, seen)
                if running is not None:
                    return Receipt(cursor=seen.cursor, value=running, kept=True)
            if not self._take_back(command):
                lead = seen.lead(seen.lead_id(command))
                command = replace(command, said_at=command.said_at or now)
                line = self._open_journal().keep(command, lead.title_line if lead else "", sent=sent)
                self._lines.append(line)
                seen.add(command)
                self._send_soon()
            self._show(command)
            value = answer_to(command, seen.lead(seen.lead_id(command)))
            receipt = Receipt(cursor=seen.cursor, value=value, kept=True)
        self._say_changed()
        return receipt

    def _take_back(self, command: Work[Any]) -> bool:
        """Undo an outcome that the floor can't have yet by forgetting it; whether that was possible."""
        outcome = self._seen.outcome_before(command) if isinstance(command, UndoOutcome) else None
        line = next((line for line in self._lines if outcome and line.command.id == outcome.id), None)
        if line is None or line.sent:
            return False
        self._open_journal().remove(line.no)
        self._lines.remove(line)
        self._seen.remove(line.command)
        return True

    def _open_journal(self) -> Journal:
        if self._journal is None:
            raise Unavailable(self.fault, "Not kept")
        return self._journal

    # -- what is shown

    def _show(self, command: Work[Any]) -> None:
        """Tell the board what the lead of a command looks like now."""
        batch = self._seen.look(command, self._clock.now())
        if self._tell is not None and batch is not None:
            self._tell(batch)

    def _pass(self, batch: Batch) -> None:
        """A batch of the feed on its way to the desk."""
        with self._sending, self._state:
            for told in self._seen.take(batch):
                if self._tell is not None:
                    self._tell(told)
        if self._lines:
            self._wake.set()

    # -- sending

    def _send_soon(self) -> None:
        self._drained.clear()
        self._wake.set()
        if self._sender is None:
            self._sender = threading.Thread(target=self._send, name="sender")
            self._sender.start()

    def _send(self) -> None:
        """On a thread of its own: send what is kept whenever the floor may be there."""
        while not self._ended.is_set():
            # While the floor is known to be away, its return wakes this.
            self._wake.wait(RETRY_S if self._lines and not self._away else None)
            self._wake.clear()
            while not self._away and not self._ended.is_set() and self._send_first():
                pass

    def _send_first(self) -> bool:
        """Send the oldest line; whether another one may follow."""
        with self._sending:
            with self._state:
                line = self._next()
            if line is None:
                return False
            try:
                clash, cursor, attempt_id = self._sent(line)
                with self._state:
                    self._settle(line, clash, cursor, attempt_id)
            except AppError as error:  # the floor is away, or this disk is full: it stays as it is
                _log.warning("work stays unsent: %s", error.message)
                return False
        self._say_changed()
        return True

    def _next(self) -> Kept | None:
        if not self._lines:
            self._drained.set()
            return None
        line = self._lines[0]
        if not line.sent:
            with suppress(Unavailable):  # unmarked, it is only undone less simply
                line = self._lines[0] = self._open_journal().mark_sent(line)
        return line

    def _sent(self, line: Kept) -> tuple[Clashing | None, int, str]:
        """What the floor said of a line: (what clashed, the feed number of its effect, the attempt it made)."""
        if self._clock.now() - line.said_at > KEPT:
            return Clashing(cause=Cause.OLD), self._seen.cursor, ""
        try:
            receipt = self._inner.do(line.command)
        except CommandReused:  # the floor has it, as an older program said it
            return None, self._seen.cursor, ""
        except Refused as error:
            return Clashing(cause=Cause.REFUSED, why=error.message), self._seen.cursor, ""
        except AppError:
            raise
        except Exception:  # noqa: BLE001 - one line must not hold up all the others; it waits for the rep
            _log.exception("a mistake while sending what was kept")
            why = "Firstring made a mistake while telling the floor; the log says where."
            return Clashing(cause=Cause.REFUSED, why=why), self._seen.cursor, ""
        clash: Clashing | None = getattr(receipt.value, "clash", None)
        return clash, receipt.cursor, receipt.value.id if isinstance(line.command, LogOutcome) else ""

    def _settle(self, line: Kept, clash: Clashing | None, cursor: int, attempt_id: str) -> None:
        if clash is None:
            self._open_journal().remove(line.no)
            self._seen.arrived(line.command, cursor)
        else:
            self._seen.remove(line.command)
            if attempt_id:
                line = replace(line, command=replace(line.command, attempt_id=attempt_id))  # type: ignore[call-arg]
            self._waiting.append(self._open_journal().put_by(line, clash))
        self._lines.pop(0)
        self._show(line.command)

    def _say_changed(self) -> None:
        if self._changed is not None:
            self._changed()
