"""How loud a lead is on a desk: a table, and what an alert rule makes of it.

A tier has a level to begin with, a warning raises it, a breach raises it to the top, and what was once loud never gets
softer. A rep on a call is left in peace until the clock is about to run out; a rep on a break or away is left in peace
altogether, save for what a team lead must know. In peace means: no bubble and no sound; the toast inside the window is
there all the same, save during a call, where it would lie over the number and the outcomes. Where the rulebook has an
alert rule for it (`domain/alerting.py`), or the desk is muted, that says how loud instead, and is obeyed as it stands.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.domain import routes
from app.domain.routes import News
from app.ui.sound import SOUNDS
from app.ui.toasts import CALM, CRITICAL, NORMAL

SHORT = timedelta(seconds=15)
"""With this much left on its clock a lead breaks into a call."""

NEW, WARNING, BREACHED = 0, 1, 2
"""Steps of an SLA clock; above are the later steps of the escalation chain."""

QUIET = -1
TOP = 3
TIERS = {"COLD": 0, "WARM": 1, "HOT": 2}
"""The level a lead begins with. Level 0 shows, 1 sounds, 2 is critical, 3 is the alarm."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A lead that wants somebody at this desk."""

    lead_id: str
    title: str
    """Who: the name, and the company where known."""
    body: tuple[str, ...]
    """See `told`."""
    tier: str
    """HOT, WARM or COLD."""
    deadline: datetime | None
    """End of the SLA clock, aware, UTC; None when no clock runs."""
    step: int
    """0 new, 1 warning, 2 breached, above: later steps of the chain."""
    kind: Literal["mine", "pool", "lead", "other", "did"]
    """Whether it is this rep's, offered to several, or told to a team lead; somebody else's, which the rulebook has
    this person hear of; or one of theirs that did something."""
    is_claimed: bool = False
    """Its owner has said that it is theirs, so that there is nothing to claim."""

    @property
    def news(self) -> News:
        """What the rulebook calls it."""
        if self.kind == "lead":
            return News.ALARM
        if self.kind == "did":
            return News.BEHAVIOUR
        return (News.ARRIVED, News.WARNED, News.BREACHED)[min(self.step, BREACHED)]

    def is_short(self, now: datetime) -> bool:
        """Whether its clock is about to breach, or has."""
        left = self.deadline - now if self.deadline else None
        return self.step >= BREACHED or (left is not None and left <= SHORT)


@dataclass(frozen=True, slots=True)
class Loudness:
    """How a lead is shown: the level it has reached, and whether it rings now."""

    level: int
    step: int
    rings: bool
    """A bubble comes up and a sound is made now; else what is there stays as it is."""

    @property
    def native(self) -> bool:
        return self.level > QUIET

    @property
    def urgency(self) -> int:
        return (CALM, NORMAL, CRITICAL)[max(0, min(self.level, 2))]

    @property
    def sound(self) -> str | None:
        return (None, *SOUNDS)[self.level] if self.level > 0 else None


def is_tucked(alert: Alert, rep_status: str, now: datetime, by_rule: routes.Loudness | None) -> bool:
    """Whether even the toast inside the window waits until the call is over, or the clock is about to run out."""
    if rep_status != "on_call" or alert.kind == "lead" or alert.is_short(now):
        return False
    return by_rule not in (routes.Loudness.NORMAL, routes.Loudness.LOUD)


def decide(
    alert: Alert,
    rep_status: str,
    now: datetime,
    already: Loudness | None = None,
    by_rule: routes.Loudness | None = None,
) -> Loudness:
    """How loud `alert` is for a rep of this status at this moment; `already` is what was decided last.

    `rep_status` is one of the floor's (available, on_call, wrap_up, break, away); `now` is aware, UTC. `by_rule` is
    what an alert rule, or a mute, has said of this person now; it holds instead of the table.
    """
    own = TIERS.get(alert.tier, 0) + (1 if alert.step == WARNING else 0)
    level = TOP if alert.step >= BREACHED or alert.kind == "lead" else own
    if by_rule is not None:
        once = min(max(own, 1), TOP - 1)
        level = {
            routes.Loudness.SILENT: QUIET,
            routes.Loudness.QUIET: 0,
            routes.Loudness.NORMAL: once,
            routes.Loudness.LOUD: TOP,
        }[by_rule]
    elif alert.kind != "lead" and (
        rep_status in ("break", "away") or (rep_status == "on_call" and not alert.is_short(now))
    ):
        level = QUIET
    before, rung = (already.level, already.step) if already else (QUIET, NEW)
    # A step that came while the desk was quiet is still to be rung.
    rings = level > before or (level > QUIET and alert.step > rung)
    # By the table nothing gets softer; a rule is obeyed as it stands now.
    softer = by_rule is not None and rings
    return Loudness(
        level=level if softer else max(level, before),
        step=max(alert.step, rung) if level > QUIET else rung,
        rings=rings,
    )


def told(asked: str = "", why: Iterable[str] = (), number: str = "", there: str = "") -> tuple[str, ...]:
    """The lines of an alert: what they asked, why it is hot, the number and their local time ("10:14 there").

    What is not known takes no line.
    """
    quoted = f"“{asked}”" if asked else ""
    lines = (quoted, " · ".join(why), " · ".join(part for part in (number, there) if part))
    return tuple(line for line in lines if line)
