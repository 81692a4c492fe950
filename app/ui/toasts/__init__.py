"""Notifications: a bridge, and a shelf of backends that show what it says.

The bridge owns what is standing: one bubble a lead, replaced as it gets louder and taken away when somebody
has the lead. It asks the native backends of this shelf in their order; one that can't work says so when it is
built and the next is tried, one that fails later is changed for the next, and better ones are tried again
after a while. The toast inside the window shows besides, always. A desk is never covered with bubbles: beyond
a few, the calmest and latest leads are summed up in one. `FIRSTRING_TOASTS` names the native backends that
may be used ("inapp" for none).
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from app import plugs
from app.clock import Clock
from app.ui.toasts._toast import (
    CALM,
    CRITICAL,
    NORMAL,
    SUMMARY,
    Backend,
    CannotToast,
    Plug,
    Site,
    Toast,
    cleaned,
)

if TYPE_CHECKING:
    from app.ui.toasts.inapp import InAppToasts

__all__ = [
    "BUBBLES",
    "CALM",
    "CRITICAL",
    "LOCKED",
    "NORMAL",
    "SUMMARY",
    "Backend",
    "CannotToast",
    "Plug",
    "Site",
    "Toast",
    "Toasts",
]

BUBBLES = 5
"""Native bubbles on one desk at a time, the summing one included."""
LOCKED = "a locked desk"
"""The lead id of the one bubble of a desk that is locked; no lead has one like it."""
BUILD_MS = 20
"""After so long the card in the window is built: the frame with the lead's row is out by then."""
RETRY_S = 60
"""First wait before better backends are tried again; it doubles each time one of them fails."""
LONGEST_RETRY_S = 3600

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    """A lead that waits for somebody."""

    toast: Toast
    native: bool
    number: int
    dismissed: bool = False


class Toasts(QObject):
    """The bridge between the desk and its notification backends. Lives on the GUI thread."""

    pressed = Signal(str, str)
    """Lead id and key (`claim`, `have`, `open`); the lead id `SUMMARY` with `open` asks for the queue."""
    native_changed = Signal(str)
    """Name of the native backend now in use; empty when there is none."""

    standing_changed = Signal()
    """A lead has come to those that wait, or has left them."""

    _heard = Signal(int, str, str, str)
    """What a backend said, from any thread: which backend, what, lead id or reason, key."""

    def __init__(self, window: QWidget, clock: Clock, allowed: str | None = None) -> None:
        """`allowed`: native backends by name with commas between; None takes `FIRSTRING_TOASTS`."""
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._waiting: dict[str, _Waiting] = {}
        self._shown: dict[str, Toast] = {}
        self._summed_away = 0
        self._arrivals = count()
        self._generations = count(1)
        self._generation = 0
        self._native: Backend | None = None
        self._native_name = ""
        self._started = self._closed = self._discreet = False
        self._put_away: Toast | None = None
        """The bubble of the locked desk that the person has put away."""
        self.refusals: dict[str, str] = {}
        """Why a native backend is not in use, by name."""

        shelf = [cast(Plug, module) for module in plugs.load(__name__)]
        named = os.environ.get("FIRSTRING_TOASTS", "") if allowed is None else allowed
        self._natives = _natives(shelf, named)
        # Queued even on this thread: a backend may fail in the middle of being asked to show something.
        self._heard.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        inapp = next(plug for plug in shelf if plug.NAME == "inapp")
        self._inapp = cast("InAppToasts", inapp.build(self._site(0)))

        # A card takes longer to build than a row to paint, so the row goes first: it says the same.
        self._unshown: dict[str, Toast] = {}
        self._build = QTimer(self, singleShot=True, interval=BUILD_MS)
        self._build.timeout.connect(self._show_inside)
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._try_better)
        self._retry_s = RETRY_S
        QTimer.singleShot(0, self, self._start)

    @property
    def window(self) -> QWidget:
        """The desk's window, which the toasts belong to."""
        return self._window

    @property
    def native(self) -> str:
        """Name of the native backend in use, empty when there is none (yet)."""
        return self._native_name

    @property
    def standing(self) -> tuple[Toast, ...]:
        """The toasts of the leads that wait, as they were shown last."""
        return tuple(waiting.toast for waiting in self._waiting.values())

    def show(self, toast: Toast, native: bool = True) -> None:
        """Show it in the window and, with `native`, as a bubble of the desktop; again and changed as often as
        liked. What the person put away comes back only when it rings differently."""
        if self._closed:
            return
        toast = cleaned(toast)
        if not toast.title:
            toast = replace(toast, title=self.tr("No name given"))
        earlier = self._waiting.get(toast.lead_id)
        number = earlier.number if earlier else next(self._arrivals)
        dismissed = bool(earlier and earlier.dismissed and earlier.toast.loudness == toast.loudness)
        self._waiting[toast.lead_id] = _Waiting(toast, native, number, dismissed)
        if earlier is None:
            self.standing_changed.emit()
        self._start()
        self._arrange()  # first, since the desktop takes longer than the window
        if not earlier or earlier.toast != toast:
            self._unshown[toast.lead_id] = toast
            self._build.start()

    def barred_by(self, why_not: Callable[[str, str], str]) -> None:
        """From now on `why_not` says why a button of a toast inside the window can't be pressed, by lead id and key; ""
        if it can. To be said again whenever that may have changed."""
        self._inapp.barred_by(why_not)

    def withdraw(self, lead_id: str) -> None:
        """The lead no longer waits: take its toasts away, everywhere."""
        if self._waiting.pop(lead_id, None):
            self._unshown.pop(lead_id, None)
            self._inapp.withdraw(lead_id)
            self._arrange()
            self.standing_changed.emit()

    def set_discreet(self, discreet: bool) -> None:
        """Name nobody from now on, while the desk is locked: one bubble says how many wait; or all again."""
        if discreet == self._discreet or self._closed:
            return
        self._discreet, self._put_away = discreet, None
        for waiting in self._waiting.values():
            if discreet:
                self._inapp.withdraw(waiting.toast.lead_id)
            if not waiting.dismissed:
                self._unshown[waiting.toast.lead_id] = waiting.toast
        self._build.start()
        self._arrange(quiet=True)

    def close(self) -> None:
        """Take everything away and end the backends; the desk is closing. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._waiting.clear()
        self._unshown.clear()
        self._retry.stop()
        self._build.stop()
        self._put_down()
        self._inapp.close()

    @Slot()
    def _show_inside(self) -> None:
        """Show in the window what was asked for."""
        if self._discreet:
            return
        unshown, self._unshown = self._unshown, {}
        for toast in unshown.values():
            self._inapp.show(toast)

    # -- which backend

    @Slot()
    def _start(self) -> None:
        if not self._started and not self._closed:
            self._started = True
            self._take_up(self._natives)

    def _take_up(self, plugs_: list[Plug]) -> bool:
        """Use the first of these that works here; whether there is one."""
        for plug in plugs_:
            generation = next(self._generations)
            try:
                backend = plug.build(self._site(generation))
            except CannotToast as reason:
                self.refusals[plug.NAME] = str(reason)
                log.info("notifications: %s can't be used: %s", plug.NAME, reason)
                continue
            self._put_down()
            self._native, self._native_name, self._generation = backend, plug.NAME, generation
            self.refusals.pop(plug.NAME, None)
            log.info("notifications: %s is used", plug.NAME)
            self.native_changed.emit(plug.NAME)
            break
        if self._natives and self._native_name != self._natives[0].NAME:
            self._retry.start(self._retry_s * 1000)
        return self._native is not None

    def _put_down(self) -> None:
        self._generation = 0
        self._shown.clear()
        if self._native:
            self._native.close()
            self._native, self._native_name = None, ""

    @Slot()
    def _try_better(self) -> None:
        names = [plug.NAME for plug in self._natives]
        better = names.index(self._native_name) if self._native_name else len(names)
        before = self._native
        self._take_up(self._natives[:better])
        if self._native is not before:
            self._arrange(quiet=True)

    def _site(self, generation: int) -> Site:
        say = self._heard.emit
        return Site(
            window=self._window,
            clock=self._clock,
            pressed=lambda lead_id, key: say(generation, "pressed", lead_id, key),
            closed=lambda lead_id: say(generation, "closed", lead_id, ""),
            failed=partial(self._say_failed, generation),
        )

    def _say_failed(self, generation: int, reason: str) -> None:
        self._heard.emit(generation, "failed", reason, "")

    # -- what a backend says

    @Slot(int, str, str, str)
    def _answer(self, generation: int, what: str, text: str, key: str) -> None:
        if self._closed or generation not in (0, self._generation):
            return  # a backend that was put down in the meantime
        if what == "failed":
            self._fall(text)
            return
        if generation:
            self._gone(text)
        if key in ("open", "have"):
            self._unshown.pop(text, None)
            self._inapp.withdraw(text)  # the lead itself is on the screen now, or the person has it
        if not generation and key != "claim":
            self._dismiss(text)
        if what == "pressed":
            self.pressed.emit(text, key)

    def _gone(self, lead_id: str) -> None:
        """A native bubble is off the screen; its place is free."""
        self._shown.pop(lead_id, None)
        self._dismiss(lead_id)

    def _dismiss(self, lead_id: str) -> None:
        """The person has seen the bubble and needs it no more."""
        if lead_id == LOCKED:
            self._put_away = self._locked_one()
        elif lead_id == SUMMARY:
            self._summed_away = max(0, len(self._ranked()) - BUBBLES + 1)
        elif waiting := self._waiting.get(lead_id):
            waiting.dismissed = True
        self._arrange()

    def _fall(self, reason: str) -> None:
        """The native backend broke: go on with the next."""
        fallen = self._native_name
        log.warning("notifications: %s stopped working: %s", fallen, reason)
        names = [plug.NAME for plug in self._natives]
        self.refusals[fallen] = reason
        self._retry_s = min(self._retry_s * 2, LONGEST_RETRY_S)
        self._put_down()
        if self._take_up(self._natives[names.index(fallen) + 1 :]):
            self._arrange(quiet=True)
        else:
            self.native_changed.emit("")

    # -- what stands where

    def _ranked(self) -> list[_Waiting]:
        """The leads that want a bubble: the first in rank first, then the longest there."""
        wanting = [one for one in self._waiting.values() if one.native and not one.dismissed]
        return sorted(wanting, key=lambda one: (one.toast.rank, one.number))

    def _arrange(self, quiet: bool = False) -> None:
        """Make the native bubbles what they should be; `quiet` where they are only shown over again."""
        if not self._native:
            return
        wanted = self._wanted_locked() if self._discreet else self._wanted()
        for lead_id in [lead_id for lead_id in self._shown if lead_id not in wanted]:
            del self._shown[lead_id]
            self._native.withdraw(lead_id)
        for lead_id, toast in wanted.items():
            if self._shown.get(lead_id) != toast:
                self._shown[lead_id] = toast
                self._native.show(replace(toast, sound=None) if quiet else toast)

    def _wanted(self) -> dict[str, Toast]:
        ranked = self._ranked()
        places = BUBBLES if len(ranked) <= BUBBLES else BUBBLES - 1
        wanted = {one.toast.lead_id: one.toast for one in ranked[:places]}
        more = len(ranked[places:])
        if more > self._summed_away:
            wanted[SUMMARY] = self._summary(more)
            self._summed_away = 0
        self._summed_away = min(self._summed_away, more)
        return wanted

    def _wanted_locked(self) -> dict[str, Toast]:
        one = self._locked_one()
        return {LOCKED: one} if one is not None and one != self._put_away else {}

    def _locked_one(self) -> Toast | None:
        """The one bubble of a locked desk: as urgent and as loud as what waits, and nothing of it."""
        ranked = self._ranked()
        if not ranked:
            return None
        count = len(ranked)
        return Toast(
            lead_id=LOCKED,
            title=self.tr("A lead is waiting") if count == 1 else self.tr("%n leads are waiting", "", count),
            body="",
            actions=(("open", self.tr("Open")),),
            urgency=max(one.toast.urgency for one in ranked),
            sound=next((one.toast.sound for one in ranked if one.toast.sound), None),
            ring=sum(one.toast.ring for one in ranked),
        )

    def _summary(self, more: int) -> Toast:
        title = self.tr("1 more lead waits") if more == 1 else self.tr("%n more leads wait", "", more)
        return Toast(
            lead_id=SUMMARY,
            title=title,
            body=self.tr("The queue has them in order."),
            actions=(("open", self.tr("Open")),),
            urgency=CALM,
        )


def _natives(shelf: list[Plug], named: str) -> list[Plug]:
    """The native backends to try, in order: those named, else those of this system."""
    chosen = [name.strip() for name in named.split(",") if name.strip()]
    for name in set(chosen) - {plug.NAME for plug in shelf}:
        log.warning("notifications: FIRSTRING_TOASTS names %r, which there is not", name)
    natives = [plug for plug in shelf if plug.SYSTEMS]
    if chosen:
        return [plug for plug in natives if plug.NAME in chosen]
    return [plug for plug in natives if sys.platform.startswith(plug.SYSTEMS)]
