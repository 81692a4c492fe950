"""Changes to the book, within one transaction. Saying what happened (`record`) is part of every change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, case, func, insert, literal_column, select, text, update

from app.codec import decode, encode_text
from app.domain.errors import LeadChanged, NotFound
from app.domain.events import KIND_OF, Event
from app.domain.inquiry import Inquiry, InquiryState
from app.domain.lead import Attempt, Lead, Outcome, Rep, Source
from app.domain.rulebook import Rulebook
from app.store import tables as t
from app.store.clocks import TICKING, Clocks
from app.store.columns import NOTHING
from app.store.engine import Clashed, translated
from app.store.milestones import changes
from app.store.reading import IN_FORCE, REP, SOURCE, Kept
from app.store.ready import Ready, flush, foresee, forget, mark
from app.store.rows import (
    Values,
    attempt_of,
    inquiry_values,
    lead_of,
    lead_values,
    rep_values,
    words_of,
)
from app.store.selected import ATTEMPT_COLUMNS, LEAD_COLUMNS

_ADD_INQUIRY = Ready(insert(t.inquiries))
_ADD_LEAD = Ready(insert(t.leads))
_REPEAT = Ready(
    select(t.inquiries.c.id, t.inquiries.c.lead_id)
    .where(
        t.inquiries.c.digest == bindparam("digest"),
        t.inquiries.c.received_at >= bindparam("after"),
        t.inquiries.c.source_id == bindparam("source"),
    )
    .limit(1)
)
_SAME_DELIVERY = Ready(
    select(t.inquiries.c.id, t.inquiries.c.lead_id)
    .where(
        t.inquiries.c.source_id == bindparam("source"),
        t.inquiries.c.external_id == bindparam("external"),
        t.inquiries.c.external_id != NOTHING,
        t.inquiries.c.import_id == NOTHING,
        t.inquiries.c.state.in_([literal_column("'lead'"), literal_column("'joined'")]),
    )
    .limit(1)
)
_TURN = Ready(
    update(t.reps)
    .where(t.reps.c.id == bindparam("rep"))
    .values(turn=select(func.max(t.reps.alias().c.turn) + 1).scalar_subquery())
)
_ALONE = Ready(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("key"), 0))))
_LEAD_FOR_CHANGE = Ready(select(*LEAD_COLUMNS).where(t.leads.c.id == bindparam("id")).with_for_update())
_SAVEPOINT = Ready(text("SAVEPOINT inside"))
_RELEASE = Ready(text("RELEASE SAVEPOINT inside"))
_UNDO = Ready(text("ROLLBACK TO SAVEPOINT inside"))
_COMMAND = Ready(
    select(t.commands.c.hash, t.commands.c.tx, t.commands.c.result).where(t.commands.c.id == bindparam("id"))
)
_ADD_COMMAND = Ready(insert(t.commands))
_SEQ_OF_TX = Ready(select(func.max(t.events.c.seq)).where(t.events.c.tx == bindparam("tx")))
_ON_CALL = Ready(
    select(*LEAD_COLUMNS).where(t.leads.c.owner == bindparam("rep"), t.leads.c.on_call != NOTHING).limit(1)
)


@cache
def _save_lead(columns: frozenset[str], milestones: frozenset[str]) -> Ready:
    """The statement that writes these columns of a lead that is as it was read."""
    as_read = t.leads.c.id == bindparam("key"), t.leads.c.version == bindparam("was")
    values: Values = {name: bindparam(name) for name in sorted(columns)}
    values |= changes(milestones)
    return Ready(update(t.leads).where(*as_read).values(values))


class Writing(Clocks):
    """A transaction by somebody. `cursor` is the feed number of its last event once it is committed.

    On SQLite it is alone from its beginning; on PostgreSQL what it read may be changed by others until it locks it
    or writes it, so that changes are made of rows read `for_change`, or only if they are as they were read.
    """

    def __init__(self, connection: Connection, actor: str, now: datetime, tx: str) -> None:
        super().__init__(connection, now)
        self.actor = actor
        self.tx = tx
        self.recorded: list[tuple[str, str, str]] = []
        """(lead, kind, body) of each event."""
        self.cursor = 0
        self.rings = False
        """Whether the bell is to ring though nothing was recorded."""
        self._rulebook: Rulebook | None = None
        self._mine: dict[str, Values] = {}
        """Rows of leads that nobody else can change until the transaction ends, as they are now."""

    def foresee(self, *, rep: str, command: str, lead: str, source: str) -> None:
        """Read in one go what will be asked for, a lead for change with its clocks; "" is nothing. PostgreSQL only."""
        asked: list[tuple[Ready, Values]] = []
        if rep:
            asked.append((REP, {"id": rep}))
        if command:
            asked.append((_COMMAND, {"id": command}))
        if lead:
            asked += [(_LEAD_FOR_CHANGE, {"id": lead}), (TICKING, {"lead": lead})]
        if source:
            asked += [(IN_FORCE, {}), (SOURCE, {"id": source})]
        if asked:
            foresee(self.db, *asked)

    def record(self, event: Event, lead_id: str = "") -> None:
        """Say what happened; it becomes an event of the feed when the transaction commits."""
        self.recorded.append((lead_id, KIND_OF[type(event)], encode_text(event)))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """An exception inside undoes what was written inside, rows and events alike."""
        length, since = len(self.recorded), mark(self.db)
        with translated():
            _SAVEPOINT.later(self.db)
            try:
                yield
                _RELEASE.later(self.db)
                flush(self.db)  # what is wrong with something said inside must be heard inside
            except BaseException:
                del self.recorded[length:]
                self._mine.clear()
                self.milestones.drop()
                # On a line that is down there is nothing left to undo.
                if not self.db.invalidated and not forget(self.db, since):
                    _UNDO.on(self.db)
                raise

    def alone(self, *keys: str) -> None:
        """From what is asked next until the transaction ends, let no other one pass that says the same key.

        "" is no key.
        """
        if self.db.dialect.name == "postgresql":
            for key in sorted({*keys} - {""}):
                _ALONE.later(self.db, {"key": key})

    # answers already given

    def answered(self, command_id: str) -> tuple[str, str, int] | None:
        """(hash, result, cursor) of a command that was carried out before."""
        row = _COMMAND.on(self.db, {"id": command_id}).first()
        if row is None:
            return None
        seq = _SEQ_OF_TX.on(self.db, {"tx": row.tx}).scalar_one()
        return row.hash, row.result, int(seq or 0)

    def keep_answer(self, command_id: str, digest: str, result: str) -> None:
        row = {
            "id": command_id,
            "actor": self.actor,
            "at": self.now,
            "hash": digest,
            "tx": self.tx,
            "result": result,
        }
        _ADD_COMMAND.later(self.db, row)

    # inquiries

    def inquiry_for_change(self, inquiry_id: str) -> Kept:
        """The inquiry, locked until the transaction ends; raises NotFound."""
        self.db.execute(select(t.inquiries.c.id).where(t.inquiries.c.id == inquiry_id).with_for_update())
        return self.inquiry(inquiry_id)

    def add_inquiry(
        self,
        inquiry: Inquiry,
        digest: str,
        state: InquiryState,
        *,
        why: str = "",
        lead_id: str = "",
        external_id: str = "",
    ) -> None:
        values = inquiry_values(inquiry, state)
        values.update(digest=digest, why=why, lead_id=lead_id, external_id=external_id, import_id="")
        _ADD_INQUIRY.later(self.db, values)

    def settle_inquiry(
        self, inquiry_id: str, state: InquiryState, why: str, lead_id: str, external_id: str = ""
    ) -> None:
        """Say what became of an inquiry that is kept already."""
        query = update(t.inquiries).where(t.inquiries.c.id == inquiry_id)
        self.db.execute(query.values(state=state.value, why=why, lead_id=lead_id, external_id=external_id))

    def repeat_of(self, digest: str, source_id: str, after: datetime) -> tuple[str, str] | None:
        """(inquiry, lead) of the same bytes from the same source not long ago."""
        row = _REPEAT.on(self.db, {"digest": digest, "source": source_id, "after": after}).first()
        return None if row is None else (row.id, row.lead_id)

    def same_delivery(self, source_id: str, external_id: str) -> tuple[str, str] | None:
        """(inquiry, lead) of the delivery that had the sender's id before."""
        row = _SAME_DELIVERY.on(self.db, {"source": source_id, "external": external_id}).first()
        return None if row is None else (row.id, row.lead_id)

    # leads

    def add_lead(self, lead: Lead, email_key: str, phone_key: str) -> None:
        row = new_lead_values(lead, email_key, phone_key) | NO_MILESTONES
        _ADD_LEAD.later(self.db, row | self.milestones.of_new(lead))

    def save_lead(self, lead: Lead, *, keys: tuple[str, str] | None = None) -> Lead:
        """Write a lead that was read in this transaction; `keys` (e-mail, phone) when they changed too."""
        newer = replace(lead, version=lead.version + 1)
        row, was = _row(newer), self._mine.get(lead.id)
        if keys is not None:
            row.update(email_key=keys[0], phone_key=keys[1])
        changed = row if was is None else {name: row[name] for name in row if row[name] != was.get(name)}
        milestones = self.milestones.take(lead.id)
        save = _save_lead(frozenset(changed), frozenset(milestones))
        told = changed | milestones | {"key": lead.id, "was": lead.version}
        if was is not None and was["version"] == lead.version:
            save.later(self.db, told)
            self._mine[lead.id] = row
        elif save.on(self.db, told).rowcount != 1:
            raise LeadChanged("Somebody else changed this lead at the same moment. Please look at it again.")
        return newer

    def lead_for_change(self, lead_id: str) -> Lead:
        """The lead, locked until the transaction ends; raises NotFound."""
        found = _LEAD_FOR_CHANGE.on(self.db, {"id": lead_id}).first()
        if found is None:
            raise NotFound("That lead is not on this floor.")
        lead = lead_of(found)
        self._mine[lead_id] = _row(lead)
        return lead

    def on_call(self, rep_id: str) -> Lead | None:
        """The lead a rep is on a call with, or has still to say the outcome of."""
        row = _ON_CALL.on(self.db, {"rep": rep_id}).first()
        return None if row is None else lead_of(row)

    # attempts

    def add_attempt(self, attempt: Attempt, is_test: bool) -> None:
        values: Values = {column.name: getattr(attempt, column.name) for column in ATTEMPT_COLUMNS}
        outcome = attempt.outcome.value if attempt.outcome else ""
        values.update(kind=attempt.kind.value, outcome=outcome, is_test=is_test, before="")
        self.db.execute(insert(t.attempts), values)

    def attempt(self, attempt_id: str) -> Attempt | None:
        row = self.db.execute(select(*ATTEMPT_COLUMNS).where(t.attempts.c.id == attempt_id)).first()
        return None if row is None else attempt_of(row)

    def end_attempt(self, attempt_id: str, at: datetime) -> None:
        self.db.execute(update(t.attempts).where(t.attempts.c.id == attempt_id).values(ended_at=at))

    def set_outcome(self, attempt_id: str, outcome: Outcome, at: datetime, before: Lead | None) -> None:
        """Store how an attempt ended, with the lead as it was before, for undo; None: it did nothing to the lead."""
        values: Values = {
            "outcome": outcome.value,
            "outcome_at": at,
            "undone": False,
            "before": encode_text(before) if before else "",
        }
        self.db.execute(update(t.attempts).where(t.attempts.c.id == attempt_id).values(**values))

    def last_outcome(self, lead_id: str) -> tuple[Attempt, Lead] | None:
        """The newest attempt of a lead whose outcome changed it, and the lead as it was before."""
        query = (
            select(*ATTEMPT_COLUMNS, t.attempts.c.before)
            .where(t.attempts.c.lead_id == lead_id, t.attempts.c.before != "")
            .order_by(t.attempts.c.outcome_at.desc(), t.attempts.c.id.desc())
        )
        row = self.db.execute(query.limit(1)).first()
        if row is None:
            return None
        values = row._asdict()
        before = decode(values.pop("before"), Lead)
        attempt = self.attempt(values["id"])
        assert attempt is not None
        return attempt, before

    def undo_outcome(self, attempt_id: str) -> None:
        query = update(t.attempts).where(t.attempts.c.id == attempt_id)
        self.db.execute(query.values(outcome="", outcome_at=None, undone=True, before=""))

    # reps, sources, rulebooks

    def add_rep(self, rep: Rep) -> None:
        self.changes_reps = True
        self.db.execute(insert(t.reps), rep_values(replace(rep, version=1)))

    def save_rep(self, rep: Rep, *, turn: int | None = None) -> None:
        """Write a rep who was read in this transaction; the turn, which routing keeps, is only ever raised."""
        self.changes_reps = True
        values = rep_values(replace(rep, version=rep.version + 1))
        values.pop("turn")
        if turn is not None:
            values["turn"] = case((t.reps.c.turn < turn, turn), else_=t.reps.c.turn)
        as_read = update(t.reps).where(t.reps.c.id == values.pop("id"), t.reps.c.version == rep.version)
        if self.db.execute(as_read.values(**values)).rowcount != 1:
            raise Clashed

    def give_turn(self, rep_id: str) -> None:
        """Put a rep at the end of the round."""
        self.changes_reps = True
        _TURN.later(self.db, {"rep": rep_id})

    def save_source(self, source: Source, *, new: bool = False) -> None:
        values: Values = {c.name: getattr(source, c.name) for c in t.sources.c}
        if new:
            self.db.execute(insert(t.sources), values)
        else:
            self.db.execute(update(t.sources).where(t.sources.c.id == values.pop("id")).values(**values))

    def rulebook(self) -> Rulebook:
        """The one in force, the same for the whole transaction."""
        if self._rulebook is None:
            self._rulebook = super().rulebook()
        return self._rulebook

    def publish(self, rulebook: Rulebook) -> None:
        self._rulebook = None
        row = {
            "version": rulebook.version,
            "published_at": self.now,
            "body": encode_text(rulebook),
            "published_by": self.actor,
        }
        self.db.execute(insert(t.rulebooks), row)
        self.db.execute(update(t.floor).values(rulebook=rulebook.version))


NO_MILESTONES: Values = {
    "first_call_at": None,
    "first_call_by": "",
    "first_call_worked": None,
    "clocks": 0,
    "clocks_met": 0,
    "clocks_breached": 0,
    "escalated_at": None,
}


def _row(lead: Lead) -> Values:
    return lead_values(lead) | {"words": words_of(lead)}


def new_lead_values(lead: Lead, email_key: str, phone_key: str) -> Values:
    """The row of a new lead."""
    return _row(lead) | {"email_key": email_key, "phone_key": phone_key}
