"""The one door to a floor: change it, ask it, follow it.

`Floor` is the same on a database file, on a shared database and through a server; nothing above this door
knows which. A desk calls `follow(None, tell)` once: the first batch is a snapshot, the next ones are what
happened since, without a gap. A `Batch` carries the leads it touched *as they are now*, so applying one is
"keep the newer version", and a late or doubled batch does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from app.domain.commands import Command
from app.domain.events import Entry
from app.domain.frozen import dataclass
from app.domain.lead import Alarm, Lead, Rep
from app.domain.presence import DeskSeen
from app.domain.questions import Question
from app.domain.rulebook import Rulebook

if TYPE_CHECKING:
    from app.store.journal import Kept

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Generic[T]):
    """The answer to a command. `cursor` is the feed number of its last event: once a follower has
    seen that number, it has seen the command's effect."""

    cursor: int
    value: T
    kept: bool = False
    """True: the floor is away, and the desk keeps it on its disk until it is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What happened from feed number `first` to `last`, and what it left behind."""

    first: int
    last: int
    at: datetime
    """The floor's time when the batch was read."""
    snapshot: bool = False
    """True: `leads` are all open leads and everything else is complete; forget what you had."""
    entries: tuple[Entry, ...] = ()
    leads: tuple[Lead, ...] = ()
    """The leads that the entries touched, as they are now; closed ones too, so that they can be dropped."""
    reps: tuple[Rep, ...] | None = None
    """All reps, when one of them changed; None: as before."""
    alarms: tuple[Alarm, ...] | None = None
    """All alarms that stand, when one changed."""
    in_review: int | None = None
    """How many inquiries wait in review, when that changed."""
    rulebook: Rulebook | None = None
    desks: tuple[DeskSeen, ...] | None = None
    """The desks that were heard of, when one of them changed."""
    kept: bool | None = None
    """Whether somebody keeps the clocks, when that changed: a batch may say nothing else, and then has no entries
    and a `last` before its `first`."""
    mark: str = ""
    """Hash of the event `last`, and so of all before it: two who hold the same mark have seen the same."""
    after: str = ""
    """Hash of the event before `first`: the mark of whoever this goes on from. "" for a snapshot."""
    went_back: bool = False
    """True, of a snapshot: what was told last is no longer so. The floor was put back from a copy, or a standby
    took over that did not have all of it, and it went on from there."""
    foreseen: bool = False
    """True: not from the feed, but what this desk did since; `leads` are as they will be once the floor has it."""


class Link(StrEnum):
    """How a follower stands to its floor."""

    CATCHING_UP = "catching_up"
    LIVE = "live"
    AWAY = "away"


class Following(Protocol):
    """A running subscription."""

    @property
    def link(self) -> Link: ...

    def stop(self) -> None:
        """End it and wait until `tell` will not be called again. Not to be called from `tell`."""


Tell = Callable[[Batch], None]
Linked = Callable[[Link, str], None]
"""Told when the link changes, with a sentence for the foot of the window."""


class Floor(Protocol):
    """The door. All three may be called from any thread; `tell` and `linked` are called on a thread of the floor's."""

    def do(self, command: Command[T]) -> Receipt[T]:
        """Carry out a command, durably, or raise Refused (a rule said no) or Unavailable (try again)."""

    def ask(self, question: Question[T]) -> T:
        """The answer, of the type that the question names; raises NotFound or Unavailable."""

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        """Call `tell` with everything after feed number `since`; with None, with a snapshot first."""

    def close(self) -> None: ...


@runtime_checkable
class KeepsWork(Protocol):
    """What a `Floor` is besides if it keeps its rep's work on this computer while it is away."""

    fault: str
    """A sentence about the file with unsent work that the rep should read; "" if all is well."""

    @property
    def unsent(self) -> tuple[Kept, ...]:
        """What the floor does not have yet, oldest first."""

    @property
    def waiting(self) -> tuple[Kept, ...]:
        """What needs the rep's decision, oldest first."""

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have this called, on any thread, whenever `unsent` or `waiting` has changed."""

    def put_on_top(self, no: int) -> None:
        """Say a waiting decision again, having seen what stands. Raises Refused where that is not possible."""

    def keep_as_note(self, no: int, text: str) -> None:
        """Keep a waiting decision as a note on its lead instead."""

    def drop(self, no: int) -> None:
        """Leave what stands as it is."""
