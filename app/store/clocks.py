"""The SLA clocks and alarms of a transaction: what the keeper looks at, and what a call puts an end to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, case, func, insert, select, text, update

from app.codec import decode, encode_text
from app.domain.hours import Span
from app.domain.lead import Alarm, Lead
from app.domain.sla import ClockKind
from app.store import tables as t
from app.store.columns import Id, Instant
from app.store.milestones import Milestones
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
TICKING = Ready(
    select(t.clocks)
    .where(t.clocks.c.lead_id == bindparam("lead"), t.clocks.c.next_at.is_not(None))
    .order_by(t.clocks.c.started_at, t.clocks.c.id)
)
_TAKE_STEP = Ready(
    text(
        "INSERT INTO clock_steps (clock_id, step, at) VALUES (:clock_id, :step, :at) ON CONFLICT DO NOTHING"
    ).bindparams(
        bindparam("clock_id", type_=Id), bindparam("step", type_=Integer), bindparam("at", type_=Instant)
    )
)
_STEPS = select(t.clock_steps.c.clock_id, t.clock_steps.c.step).where(
    t.clock_steps.c.clock_id.in_(bindparam("ids", expanding=True))
)
_STANDING = Ready(
    select(t.alarms).where(t.alarms.c.lead_id == bindparam("lead"), t.alarms.c.cleared_at.is_(None))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticking:
    """An SLA clock that the keeper still has to look at. `tried` are the reps who had the lead in this turn."""

    id: str
    lead_id: str
    kind: ClockKind
    started_at: datetime
    deadline: datetime
    state: str
    next_at: datetime
    tried: tuple[str, ...]
    seconds: int
    """Promised; 0 of a clock that an older program started."""
    rulebook: int
    pauses: tuple[Span, ...]
    held_until: datetime | None
    held_by: tuple[str, ...]


@cache
def _change(names: tuple[str, ...]) -> Ready:
    """The statement that changes these columns of a clock."""
    one = update(t.clocks).where(t.clocks.c.id == bindparam("key"))
    return Ready(one.values({name: bindparam(name) for name in names}))


class Clocks(Reading):
    """Changes to clocks and alarms at an instant."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self.now = now
        self.milestones = Milestones(connection)

    def add_clock(
        self,
        clock_id: str,
        lead: Lead,
        rep_id: str,
        *,
        kind: ClockKind = ClockKind.FIRST_ATTEMPT,
        started_at: datetime | None = None,
        deadline: datetime | None = None,
        next_at: datetime | None = None,
        seconds: int = 0,
        rulebook: int = 0,
    ) -> None:
        """Start a clock of a lead, now and to the deadline that the lead carries if nothing else is said."""
        until = deadline or lead.deadline
        values = {
            "id": clock_id,
            "lead_id": lead.id,
            "started_at": started_at or self.now,
            "deadline": until,
            "state": "running",
            "rep_id": rep_id,
            "step": 0,
            "next_at": next_at or until,
            "tried": "[]",
            "is_test": lead.is_test,
            "kind": kind.value,
            "seconds": seconds,
            "rulebook": rulebook,
        }
        _ADD_CLOCK.later(self.db, values)
        self.milestones.count(lead.id, "clocks")

    def due_clocks(self, limit: int) -> tuple[Ticking, ...]:
        """Clocks the keeper has to look at now, earliest first, locked with their leads.

        One whose lead somebody else is changing this moment is left for the next round.
        """
        return tuple(map(_ticking, _DUE.on(self.db, {"now": self.now, "limit": limit})))

    def ticking(self, lead_id: str) -> tuple[Ticking, ...]:
        """The clocks of a lead that still run or escalate."""
        return tuple(map(_ticking, TICKING.on(self.db, {"lead": lead_id})))

    def running_clock(self, lead_id: str, kind: ClockKind = ClockKind.FIRST_ATTEMPT) -> Ticking | None:
        """The clock of a kind that still runs or escalates."""
        return next((clock for clock in self.ticking(lead_id) if clock.kind == kind), None)

    def change_clock(self, clock_id: str, **values: Any) -> None:
        values = {
            name: encode_text(value) if isinstance(value, tuple) else value for name, value in values.items()
        }
        _change(tuple(values)).on(self.db, values | {"key": clock_id})

    def reopen_clock(self, lead: Lead) -> None:
        """Let the newest first-attempt clock of a lead tick, or escalate, again, unless a call has ended it."""
        other, first = t.clocks.alias(), ClockKind.FIRST_ATTEMPT.value
        of_lead = other.c.lead_id == lead.id, other.c.kind == first
        newest = select(func.max(other.c.started_at)).where(*of_lead).scalar_subquery()
        over = t.clocks.c.state.in_(["stopped", "breached"]) & (t.clocks.c.kind == first)
        stopped = update(t.clocks).where(t.clocks.c.lead_id == lead.id, t.clocks.c.started_at == newest, over)
        if lead.last_attempt_at is not None:
            stopped = stopped.where(t.clocks.c.started_at > lead.last_attempt_at)
        state = case((t.clocks.c.state == "stopped", "running"), else_=t.clocks.c.state)
        self.db.execute(stopped.values(state=state, next_at=t.clocks.c.deadline))

    def reopen_contact(self, lead_id: str) -> None:
        """A conversation was taken back: the clock that it met runs again."""
        met = t.clocks.c.state == "met", t.clocks.c.kind == ClockKind.FIRST_CONTACT.value
        query = update(t.clocks).where(t.clocks.c.lead_id == lead_id, *met)
        self.db.execute(query.values(state="running", ended_at=None, next_at=t.clocks.c.deadline))

    def steps_taken(self, clock_ids: tuple[str, ...]) -> dict[str, set[int]]:
        """By clock, the warnings (below 0) and the steps of its chain that were taken."""
        taken: dict[str, set[int]] = {clock_id: set() for clock_id in clock_ids}
        for row in self.db.execute(_STEPS, {"ids": list(clock_ids)}) if clock_ids else ():
            taken[row.clock_id].add(row.step)
        return taken

    def take_step(self, clock_id: str, step: int) -> bool:
        """Note that a step of a clock is taken; False if it was taken before."""
        return _TAKE_STEP.on(self.db, {"clock_id": clock_id, "step": step, "at": self.now}).rowcount == 1

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
        kind=ClockKind(row.kind),
        started_at=row.started_at,
        deadline=row.deadline,
        state=row.state,
        next_at=row.next_at,
        tried=() if row.tried == "[]" else decode(row.tried, tuple[str, ...]),
        seconds=row.seconds,
        rulebook=row.rulebook,
        pauses=() if row.pauses == "[]" else decode(row.pauses, tuple[Span, ...]),
        held_until=row.held_until,
        held_by=() if row.held_by == "[]" else decode(row.held_by, tuple[str, ...]),
    )
