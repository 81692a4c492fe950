"""The SLA clocks and alarms of a transaction: what the keeper looks at, and what a call puts an end to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.codec import decode, encode_text
from app.domain.lead import Alarm, Lead
from app.store import tables as t
from app.store.reading import Reading
from app.store.ready import Ready
from app.store.rows import alarm_of

_ADD_CLOCK = Ready(insert(t.clocks))
_DUE = Ready(
    select(t.clocks)
    .join(t.leads, t.leads.c.id == t.clocks.c.lead_id)
    .where(t.clocks.c.next_at <= bindparam("now"))
    .order_by(t.clocks.c.next_at, t.clocks.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=(t.clocks, t.leads), skip_locked=True)
)
_RUNNING = Ready(
    select(t.clocks).where(t.clocks.c.lead_id == bindparam("lead"), t.clocks.c.next_at.is_not(None))
)
_STANDING = Ready(
    select(t.alarms).where(t.alarms.c.lead_id == bindparam("lead"), t.alarms.c.cleared_at.is_(None))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticking:
    """An SLA clock that the keeper still has to look at. `tried` are the reps who had the lead in this turn."""

    id: str
    lead_id: str
    started_at: datetime
    deadline: datetime
    state: str
    step: int
    next_at: datetime
    tried: tuple[str, ...]


class Clocks(Reading):
    """Changes to clocks and alarms at an instant."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self.now = now

    def add_clock(self, clock_id: str, lead: Lead, rep_id: str) -> None:
        """Start the SLA clock that the lead carries (its deadline is set)."""
        values = {
            "id": clock_id,
            "lead_id": lead.id,
            "started_at": self.now,
            "deadline": lead.deadline,
            "state": "running",
            "rep_id": rep_id,
            "step": 0,
            "next_at": lead.deadline,
            "tried": "[]",
            "is_test": lead.is_test,
        }
        _ADD_CLOCK.later(self.db, values)

    def due_clocks(self, limit: int) -> tuple[Ticking, ...]:
        """Clocks the keeper has to look at now, earliest first, locked with their leads.

        One whose lead somebody else is changing this moment is left for the next round.
        """
        return tuple(map(_ticking, _DUE.on(self.db, {"now": self.now, "limit": limit})))

    def running_clock(self, lead_id: str) -> Ticking | None:
        """The clock of a lead that still ticks or escalates."""
        row = _RUNNING.on(self.db, {"lead": lead_id}).first()
        return None if row is None else _ticking(row)

    def change_clock(self, clock_id: str, **values: Any) -> None:
        if isinstance(values.get("tried"), tuple):
            values["tried"] = encode_text(values["tried"])
        self.db.execute(update(t.clocks).where(t.clocks.c.id == clock_id).values(**values))

    def reopen_clock(self, lead: Lead) -> None:
        """Let the newest clock of a lead tick, or escalate, again, unless a call has ended it."""
        other = t.clocks.alias()
        newest = select(func.max(other.c.started_at)).where(other.c.lead_id == lead.id).scalar_subquery()
        over = t.clocks.c.state.in_(["stopped", "breached"])
        stopped = update(t.clocks).where(t.clocks.c.lead_id == lead.id, t.clocks.c.started_at == newest, over)
        if lead.last_attempt_at is not None:
            stopped = stopped.where(t.clocks.c.started_at > lead.last_attempt_at)
        state = case((t.clocks.c.state == "stopped", "running"), else_=t.clocks.c.state)
        self.db.execute(stopped.values(state=state, next_at=t.clocks.c.deadline))

    def take_step(self, clock_id: str, step: int) -> bool:
        """Note that a step of the chain is taken; False if it was taken before."""
        try:
            with self.db.begin_nested():
                self.db.execute(insert(t.clock_steps), {"clock_id": clock_id, "step": step, "at": self.now})
        except IntegrityError:
            return False
        return True

    def alarms_of(self, lead_id: str) -> tuple[Alarm, ...]:
        return tuple(alarm_of(row._asdict()) for row in _STANDING.on(self.db, {"lead": lead_id}))

    def add_alarm(self, alarm: Alarm) -> None:
        self.db.execute(insert(t.alarms), {c.name: getattr(alarm, c.name) for c in t.alarms.c})

    def clear_alarm(self, alarm_id: str) -> Alarm | None:
        """Clear an alarm that stands; None if it does not."""
        standing = select(t.alarms).where(t.alarms.c.id == alarm_id, t.alarms.c.cleared_at.is_(None))
        row = self.db.execute(standing).first()
        if row is None:
            return None
        self.db.execute(update(t.alarms).where(t.alarms.c.id == alarm_id).values(cleared_at=self.now))
        return alarm_of(row._asdict())


def _ticking(row: Any) -> Ticking:
    return Ticking(
        id=row.id,
        lead_id=row.lead_id,
        started_at=row.started_at,
        deadline=row.deadline,
        state=row.state,
        step=row.step,
        next_at=row.next_at,
        tried=decode(row.tried, tuple[str, ...]),
    )
