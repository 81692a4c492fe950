"""Looks into the book. Every statement is made once and kept, since building one costs more than running it."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from app.codec import decode
from app.domain.errors import NotFound
from app.domain.events import KINDS, Entry, Unknown
from app.domain.inquiry import Inquiry, InquiryState
from app.domain.lead import OPEN_STAGES, Alarm, Attempt, Lead, Rep, Source, Stage
from app.domain.questions import SourceLine
from app.domain.rulebook import Rulebook
from app.store import tables as t
from app.store.columns import NOTHING
from app.store.ready import Ready
from app.store.rows import (
    alarm_of,
    attempt_of,
    inquiry_of,
    lead_of,
    rep_of,
    source_of,
)
from app.store.selected import ATTEMPT_COLUMNS, INQUIRY_COLUMNS, LEAD_COLUMNS


def written(values: Iterable[str]) -> list[ColumnElement[str]]:
    """For IN, as part of the statement: a list that is bound is written out anew each time."""
    return [literal_column(f"'{value}'", Text) for value in values]


_STAGES = written(Stage)
_SHOWN = written(InquiryState)
"""What is staged by an import that is not finished is in none of these."""
is_open = t.leads.c.stage.in_(written(OPEN_STAGES))
_LEAD = Ready(select(*LEAD_COLUMNS).where(t.leads.c.id == bindparam("id")))
_LEADS = select(*LEAD_COLUMNS).where(t.leads.c.id.in_(bindparam("ids", expanding=True)))
_OPEN_LEADS = Ready(select(*LEAD_COLUMNS).where(is_open))
_FIND = (
    select(*LEAD_COLUMNS)
    .where(t.leads.c.words.like(bindparam("text"), escape="\\"), t.leads.c.stage.in_(_STAGES))
    .order_by(case((is_open, 0), else_=1), t.leads.c.captured_at.desc())
    .limit(bindparam("limit"))
)
_FIND_OF = _FIND.where(t.leads.c.owner == bindparam("owner"))
_REPS = Ready(select(t.reps).order_by(t.reps.c.name, t.reps.c.id))
_REPS_AS_OF = Ready(
    select(
        func.count().label("n"),
        cast(func.sum(t.reps.c.version), BigInteger).label("versions"),
        cast(func.sum(t.reps.c.turn), BigInteger).label("turns"),
        func.max(t.reps.c.status_since).label("since"),
    ).select_from(t.reps)
)
"""Changes with every change of anybody: versions and turns only ever rise."""
REP = Ready(select(t.reps).where(t.reps.c.id == bindparam("id")))
IN_FORCE = Ready(
    select(t.rulebooks.c.version, t.rulebooks.c.published_at).where(
        t.rulebooks.c.version == select(t.floor.c.rulebook).scalar_subquery()
    )
)
_RULEBOOK_OF = Ready(select(t.rulebooks.c.body).where(t.rulebooks.c.version == bindparam("version")))
EVENT_COLUMNS = tuple(t.events.c[name] for name in ("seq", "id", "at", "actor", "lead_id", "kind", "body"))
_SINCE = Ready(
    select(*EVENT_COLUMNS)
    .where(t.events.c.seq > bindparam("since"))
    .order_by(t.events.c.seq)
    .limit(bindparam("limit"))
)
_OF_LEAD = Ready(
    select(*EVENT_COLUMNS)
    .where(t.events.c.lead_id == bindparam("lead"))
    .order_by(t.events.c.seq.desc())
    .limit(1000)
)
_CHAIN = select(*EVENT_COLUMNS, t.events.c.hash).order_by(t.events.c.seq).execution_options(yield_per=2000)
_HEAD = Ready(select(t.feed.c.last, t.feed.c.head))
_ALARMS = Ready(
    select(t.alarms).where(t.alarms.c.cleared_at.is_(None)).order_by(t.alarms.c.raised_at, t.alarms.c.id)
)
_REVIEW_COUNT = Ready(
    select(func.count()).select_from(t.inquiries).where(t.inquiries.c.state == InquiryState.REVIEW.value)
)
_SOURCES = Ready(select(t.sources).order_by(t.sources.c.name, t.sources.c.id))
SOURCE = Ready(select(t.sources).where(t.sources.c.id == bindparam("id")))
_SOURCE_BY_KEY = Ready(select(t.sources).where(t.sources.c.key == bindparam("key"), t.sources.c.active))
_INQUIRY = Ready(
    select(*INQUIRY_COLUMNS, t.inquiries.c.state, t.inquiries.c.why, t.inquiries.c.lead_id).where(
        t.inquiries.c.id == bindparam("id")
    )
)
_NEXT_DUE = Ready(select(func.min(t.clocks.c.next_at)).where(t.clocks.c.next_at.is_not(None)))
_with = (is_open, t.leads.c.is_test == bindparam("is_test"))
_SAME_PERSON = Ready(
    union_all(  # SQLite takes many times as long over an OR, and to put the two or three found in order
        select(t.leads.c.captured_at, t.leads.c.id).where(
            t.leads.c.email_key == bindparam("email"), t.leads.c.email_key != NOTHING, *_with
        ),
        select(t.leads.c.captured_at, t.leads.c.id).where(
            t.leads.c.phone_key == bindparam("phone"), t.leads.c.phone_key != NOTHING, *_with
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An inquiry with what became of it."""

    inquiry: Inquiry
    state: InquiryState
    why: str
    lead_id: str


class _Known:
    """What was read of a floor and has not changed since."""

    def __init__(self) -> None:
        self.in_force: tuple[Any, ...] = ()
        self.rulebook: Rulebook | None = None
        self.reps_as_of: tuple[Any, ...] = ()
        self.reps: tuple[Rep, ...] = ()


_KNOWN: WeakKeyDictionary[Engine, _Known] = WeakKeyDictionary()


def _known(engine: Engine) -> _Known:
    return _KNOWN.setdefault(engine, _Known())


@lru_cache(maxsize=8)
def _rulebook(body: str) -> Rulebook:
    return decode(body, Rulebook)


def entry_of(row: Any) -> Entry:
    """The entry of an event's row; one of a newer program's kinds becomes `Unknown`."""
    kind = KINDS.get(row.kind)
    event = Unknown(kind=row.kind) if kind is None else decode(row.body, kind)
    return Entry(seq=row.seq, id=row.id, at=row.at, actor=row.actor, lead_id=row.lead_id, event=event)


class Reading:
    """A consistent look at a floor, for as long as its transaction."""

    changes_reps = False
    """Whether this transaction has changed people: what it sees of them is nobody else's yet."""
    now: datetime
    """Floor time, where somebody asks or writes."""

    def __init__(self, connection: Connection) -> None:
        self.db = connection

    # leads

    def lead(self, lead_id: str) -> Lead:
        row = _LEAD.on(self.db, {"id": lead_id}).first()
        if row is None:
            raise NotFound("That lead is not on this floor.")
        return lead_of(row)

    def leads(self, ids: Iterable[str]) -> tuple[Lead, ...]:
        """The leads of these ids, in no order; unknown ids are left out."""
        wanted = list(ids)
        if len(wanted) == 1:
            row = _LEAD.on(self.db, {"id": wanted[0]}).first()
            return (lead_of(row),) if row is not None else ()
        return tuple(lead_of(row) for row in self.db.execute(_LEADS, {"ids": wanted})) if wanted else ()

    def open_leads(self) -> tuple[Lead, ...]:
        return tuple(map(lead_of, _OPEN_LEADS.on(self.db)))

    def find(self, text: str, limit: int, owner: str = "") -> tuple[Lead, ...]:
        """Leads (with `owner`, only theirs) whose words contain `text`; a phone number may be written in any way."""
        wanted = " ".join(text.split()).casefold()
        digits = "".join(filter(str.isdigit, wanted))
        if len(digits) >= 4 and not any(map(str.isalpha, wanted)) and "@" not in wanted:
            wanted = digits
        for wild in "\\%_":
            wanted = wanted.replace(wild, "\\" + wild)
        asked = {"text": f"%{wanted}%", "limit": limit}
        found = (
            self.db.execute(_FIND_OF, asked | {"owner": owner}) if owner else self.db.execute(_FIND, asked)
        )
        return tuple(map(lead_of, found))

    def same_person(self, email_key: str, phone_key: str, is_test: bool) -> str | None:
        """The oldest open lead with this e-mail or phone (normalised; "" matches nobody); tests among tests."""
        if not email_key and not phone_key:
            return None
        keys = {"email": email_key, "phone": phone_key, "is_test": is_test}
        found = _SAME_PERSON.on(self.db, keys)
        return str(min(found)[1]) if found else None

    def attempts_of(self, lead_id: str) -> tuple[Attempt, ...]:
        query = (
            select(*ATTEMPT_COLUMNS)
            .where(t.attempts.c.lead_id == lead_id)
            .order_by(t.attempts.c.started_at, t.attempts.c.number, t.attempts.c.id)
        )
        return tuple(map(attempt_of, self.db.execute(query)))

    # people, policies, ways in

    def reps(self) -> tuple[Rep, ...]:
        """Everybody, by name. They are asked for with every lead and seldom change, so they are kept."""
        if self.changes_reps:
            return self._reps()
        known, as_of = _known(self.db.engine), tuple(_REPS_AS_OF.on(self.db).one())
        if known.reps_as_of != as_of:
            known.reps, known.reps_as_of = self._reps(), as_of
        return known.reps

    def _reps(self) -> tuple[Rep, ...]:
        return tuple(rep_of(row._asdict()) for row in _REPS.on(self.db))

    def rep(self, rep_id: str) -> Rep | None:
        row = REP.on(self.db, {"id": rep_id}).first()
        return None if row is None else rep_of(row._asdict())

    def my_rep(self) -> str | None:
        """Whose the login role is that this program came by; None where it is nobody's, as in a file."""
        if self.db.dialect.name == "sqlite":
            return None
        mine = select(t.logins.c.rep_id).where(t.logins.c.login == literal_column("session_user"))
        return self.db.execute(mine).scalar_one_or_none()

    def logins(self) -> dict[str, str]:
        """Rep by login role of a shared database."""
        rows = self.db.execute(select(t.logins.c.login, t.logins.c.rep_id).order_by(t.logins.c.login))
        return {row.login: row.rep_id for row in rows}

    def rulebook(self) -> Rulebook:
        """The one in force. It never changes, so it is read once."""
        known, in_force = _known(self.db.engine), tuple(IN_FORCE.on(self.db).one())
        if known.rulebook is None or known.in_force != in_force:
            body = _RULEBOOK_OF.on(self.db, {"version": in_force[0]}).one().body
            known.rulebook, known.in_force = _rulebook(body), in_force
        return known.rulebook

    def rulebook_at(self, at: datetime) -> Rulebook:
        """The one that was in force at an instant; before the first there was the first."""
        c = t.rulebooks.c
        then = select(c.body).where(c.published_at <= at).order_by(c.version.desc()).limit(1)
        body = self.db.execute(then).scalar_one_or_none()
        return _rulebook(body or self.db.execute(select(c.body).order_by(c.version).limit(1)).scalar_one())

    def rulebook_of(self, version: int) -> Rulebook | None:
        """A rulebook that is or was in force."""
        row = _RULEBOOK_OF.on(self.db, {"version": version}).first()
        return None if row is None else _rulebook(row.body)

    def source(self, source_id: str) -> Source | None:
        row = SOURCE.on(self.db, {"id": source_id}).first()
        return None if row is None else source_of(row)

    def source_by_key(self, key: str) -> Source | None:
        row = _SOURCE_BY_KEY.on(self.db, {"key": key}).first()
        return None if row is None else source_of(row)

    def source_lines(self) -> tuple[SourceLine, ...]:
        """Every way in with what came by it."""
        states = t.inquiries.c.state
        counted = select(
            t.inquiries.c.source_id,
            func.count(),
            func.count(case((states == InquiryState.LEAD.value, 1))),
            func.count(case((states == InquiryState.REVIEW.value, 1))),
            func.max(t.inquiries.c.received_at),
        ).group_by(t.inquiries.c.source_id)
        counts = {row[0]: tuple(row)[1:] for row in self.db.execute(counted)}
        lines = []
        for row in _SOURCES.on(self.db):
            came, made, review, last = counts.get(row.id, (0, 0, 0, None))
            lines.append(
                SourceLine(source=source_of(row), inquiries=came, leads=made, review=review, last_at=last)
            )
        return tuple(lines)

    # inquiries

    def inquiry(self, inquiry_id: str) -> Kept:
        row = _INQUIRY.on(self.db, {"id": inquiry_id}).first()
        if row is None:
            raise NotFound("That inquiry is not on this floor.")
        return _kept(row)

    def inquiries_of(self, lead_id: str) -> tuple[Inquiry, ...]:
        here = t.inquiries.c.lead_id == lead_id, t.inquiries.c.state.in_(_SHOWN)
        query = select(*INQUIRY_COLUMNS).where(*here).order_by(t.inquiries.c.received_at)
        return tuple(map(inquiry_of, self.db.execute(query)))

    def inquiries_in(self, state: InquiryState, limit: int) -> tuple[tuple[Kept, ...], int]:
        """The newest inquiries of a state, and how many there are in all."""
        here = t.inquiries.c.state == state.value
        query = (
            select(*INQUIRY_COLUMNS, t.inquiries.c.state, t.inquiries.c.why, t.inquiries.c.lead_id)
            .where(here)
            .order_by(t.inquiries.c.received_at.desc())
            .limit(limit)
        )
        total = self.db.execute(select(func.count()).select_from(t.inquiries).where(here)).scalar_one()
        return tuple(map(_kept, self.db.execute(query))), total

    def in_review(self) -> int:
        return int(_REVIEW_COUNT.on(self.db).scalar_one())

    # feed, clocks, alarms

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event."""
        last, head = _HEAD.on(self.db).one()
        return int(last), str(head)

    def since(self, cursor: int, limit: int = 500) -> tuple[Entry, ...]:
        return tuple(map(entry_of, _SINCE.on(self.db, {"since": cursor, "limit": limit})))

    def hash_of(self, seq: int) -> str:
        """The hash of an event; "" where there is none."""
        found = self.db.execute(select(t.events.c.hash).where(t.events.c.seq == seq)).scalar_one_or_none()
        return str(found or "")

    def entries_of(self, lead_id: str) -> tuple[Entry, ...]:
        """What happened to a lead, newest first, at most 1,000 entries."""
        return tuple(map(entry_of, _OF_LEAD.on(self.db, {"lead": lead_id})))

    def chain(self, after: int = 0) -> Generator[Any, None, None]:
        """Every event's row after a number in order, with its hash; for checking."""
        with self.db.execute(_CHAIN.where(t.events.c.seq > after) if after else _CHAIN) as rows:
            yield from rows

    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms that stand."""
        return tuple(alarm_of(row._asdict()) for row in _ALARMS.on(self.db))

    def next_due(self) -> datetime | None:
        at: datetime | None = _NEXT_DUE.on(self.db).scalar_one()
        return at

    # counts

    def counts(self) -> tuple[tuple[tuple[str, int], ...], int, int, int]:
        """(inquiries by state, leads, open leads, events)"""
        by_state = self.db.execute(
            select(t.inquiries.c.state, func.count())
            .where(t.inquiries.c.state.in_(_SHOWN))
            .group_by(t.inquiries.c.state)
            .order_by(t.inquiries.c.state)
        )
        states = tuple((str(row[0]), int(row[1])) for row in by_state)
        leads = select(func.count(), func.count(case((is_open, 1)))).where(t.leads.c.stage.in_(_STAGES))
        made = self.db.execute(leads).one()
        happened = self.db.execute(select(func.count()).select_from(t.events)).scalar_one()
        return states, int(made[0]), int(made[1]), int(happened)

    def floor_row(self) -> Any:
        return self.db.execute(select(t.floor)).one()

    def engine_version(self) -> str:
        if self.db.dialect.name == "sqlite":
            return f"SQLite {self.db.execute(select(literal_column('sqlite_version()'))).scalar_one()}"
        version = self.db.exec_driver_sql("SHOW server_version").scalar_one()
        return f"PostgreSQL {str(version).split()[0]}"

    def imported(self, sha256: str, kind: str = "leads") -> Any | None:
        """The row of the last finished import of a file of this content as this kind."""
        query = (
            select(t.imports.c.begun_at, t.imports.c.file, t.imports.c.leads, t.imports.c.told)
            .where(t.imports.c.sha256 == sha256, t.imports.c.state == "done", t.imports.c.kind == kind)
            .order_by(t.imports.c.begun_at.desc())
        )
        return self.db.execute(query.limit(1)).first()


def _kept(row: Any) -> Kept:
    return Kept(inquiry=inquiry_of(row), state=InquiryState(row.state), why=row.why, lead_id=row.lead_id)
