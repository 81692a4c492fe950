"""What a notification is, and what a backend that shows it must do.

A `Toast` is plain values about one lead. A backend gets a `Site`: the window and clock of this desk and the
three things it may say back. Text that came from outside is made harmless here, once, before any backend sees
it: a daemon drops the connection over a NUL, a person is fooled by text that turns the direction of writing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtWidgets import QWidget

from app.clock import Clock

CALM, NORMAL, CRITICAL = 0, 1, 2
"""Urgencies, as desktops number them."""

SUMMARY = ""
"""The lead id of the one bubble that stands for all the leads that found no place of their own."""

TITLE_LENGTH = 120
LINE_LENGTH = 160
LINES = 6

_NO_END = datetime.max.replace(tzinfo=UTC)
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Toast:
    """One lead's notification. A later toast with the same `lead_id` takes the place of the earlier one."""

    lead_id: str
    title: str
    """Who: the name, and the company where known."""
    body: str
    """Lines of plain text: what they asked first, then why it is hot, the number, their local time."""
    actions: tuple[tuple[str, str], ...] = (("claim", "Claim"), ("open", "Open"))
    """Key and label of each button. A click on the bubble itself is the key `open`."""
    urgency: int = NORMAL
    sound: str | None = field(default=None, compare=False)
    """A sound the desktop is to make (hot, warm, breach); None when this program makes it itself, or none."""
    mark: str = ""
    """A word or two on how it stands: "HOT", "HOT · breached"."""
    tier: str = ""
    deadline: datetime | None = None
    """End of the SLA clock, aware, UTC."""

    tucked: bool = False
    """Not shown inside the window for now either: the person talks, and works where it would lie."""

    ring: int = 0
    """Rises each time the lead rings anew, though nothing else about it has changed."""

    @property
    def loudness(self) -> tuple[int, int]:
        """Changes when the toast is to be noticed again by a person who has put it away."""
        return self.urgency, self.ring

    @property
    def rank(self) -> tuple[int, datetime]:
        """Sorts the most urgent first, among them the one whose clock ends first."""
        return -self.urgency, self.deadline or _NO_END

    @property
    def headline(self) -> str:
        """The title for a bubble that can't draw a chip."""
        return f"{self.mark} · {self.title}" if self.mark else self.title


class CannotToast(Exception):
    """This backend can't work here; the message says why in a few words."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a backend is built with. The three calls may come from any thread."""

    window: QWidget
    clock: Clock
    pressed: Callable[[str, str], None]
    """A button was pressed: lead id and key. The bubble is gone by then."""
    closed: Callable[[str], None]
    """The bubble of this lead was put away by the person or by the desktop."""
    failed: Callable[[str], None]
    """This backend stopped working; the reason. Said once, and the backend is then closed."""


class Backend(Protocol):
    """Shows toasts. Used from the GUI thread only and never blocks it."""

    def show(self, toast: Toast) -> None:
        """Show it, in place of the bubble of the same lead where there is one."""

    def withdraw(self, lead_id: str) -> None:
        """Take the lead's bubble away; nothing happens where there is none."""

    def close(self) -> None:
        """Take all bubbles away and let go of everything. Nothing is said back afterwards."""


class Plug(Protocol):
    """A module of this shelf."""

    NAME: str
    ORDER: int
    """Lower is tried first."""
    SYSTEMS: tuple[str, ...]
    """Beginnings of `sys.platform` where it is tried unasked; empty when it is not a native one."""

    def build(self, site: Site) -> Backend:
        """Start it, or raise `CannotToast`."""


def cleaned(toast: Toast) -> Toast:
    """The toast with text that can be shown anywhere: no control characters, no endless lines."""
    lines = [_line(line, LINE_LENGTH) for line in toast.body[: LINES * LINE_LENGTH * 4].splitlines()]
    return replace(
        toast,
        title=_line(toast.title, TITLE_LENGTH),
        body="\n".join([line for line in lines if line][:LINES]),
        mark=_line(toast.mark, TITLE_LENGTH),
        actions=tuple((key, _line(label, TITLE_LENGTH)) for key, label in toast.actions),
    )


def _line(text: str, length: int) -> str:
    # A lone surrogate can't be sent to anybody.
    text = text[: length * 4].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = " ".join("".join(letter if _shows(letter) else " " for letter in text).split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _shows(letter: str) -> bool:
    code = ord(letter)
    nothing = code < 0x20 or 0x7F <= code < 0xA0 or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not nothing and letter not in _TURNING
