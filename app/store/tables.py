"""The tables, one definition for SQLite and PostgreSQL.

State tables are the truth and the journal (`events`) is written with them, in the same transaction. A lead's
milestones stand in its own row, so that a report is an index scan. Instants are microseconds since 1970 on
SQLite and `timestamptz` on PostgreSQL, aware UTC datetimes in Python. Lists are JSON text. Changes to anything
here need a migration; a test compares the two.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from app.store import (  # noqa: F401 - their tables are of the same schema
    columns,
    tables_keeping,
    tables_past,
    tables_reports,
    tables_rulebook,
    tables_week,
)
from app.store.columns import Id, Instant

metadata = columns.metadata
pasts = tables_past.pasts


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=text("''"))


def _int(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


floor = Table(
    "floor",
    metadata,
    Column("one", SmallInteger, primary_key=True, autoincrement=False),
    Column("id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("schema_major", Integer, nullable=False),
    Column("schema_minor", Integer, nullable=False),
    Column("rulebook", Integer, nullable=False),
)
"""One row: which floor this is, and the rulebook in force."""

feed = Table(
    "feed",
    metadata,
    Column("one", SmallInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("head", String(64), nullable=False),
)
"""One row: the number and hash of the last event. Whoever raises it commits in that order."""

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("seq", BigInteger, unique=True),
    Column("tx", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    _text("lead_id"),
    Column("body", Text, nullable=False),
    Column("hash", String(64)),
    Index("events_by_lead", "lead_id", "seq"),
    Index("events_by_tx", "tx"),
)
"""The journal. Append-only; `seq` and `hash` are stamped at commit."""

commands = Table(
    "commands",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("tx", Id, nullable=False),
    Column("result", Text, nullable=False),
)
"""Answers already given, so that the same command twice is answered the same."""

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", Text, nullable=False),
    _text("source_id"),
    Column("raw", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    _text("content_type"),
    Column("headers", Text, nullable=False, server_default="[]"),
    _text("remote"),
    Column("received_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    _text("why"),
    _text("lead_id"),
    _text("external_id"),
    _text("import_id"),
    Index("inquiries_by_state", "state", "received_at"),
    Index("inquiries_by_lead", "lead_id"),
    Index("inquiries_by_digest", "digest", "received_at"),
)  # fmt: skip
"""What came in, byte for byte. Only `state`, `why` and `lead_id` ever change."""

leads = Table(
    "leads",
    metadata,
    Column("id", Id, primary_key=True),
    _int("version"),
    _text("name"), _text("title"), _text("company"), _text("email"), _text("phone"),
    _text("email_key"), _text("phone_key"), _text("words"),
    _text("street"), _text("city"), _text("region"), _text("postcode"), _text("country"),
    _text("zone"), _int("zones"),
    Column("no_call", Boolean, nullable=False), Column("no_email", Boolean, nullable=False),
    _text("consent"),
    Column("problems", Text, nullable=False, server_default="[]"),
    _text("ask"),
    Column("answers", Text, nullable=False, server_default="[]"),
    _text("channel"),
    _text("medium"), _text("campaign"), _text("ad"), _text("keyword"), _text("click_id"), _text("page"),
    _text("source_id"), _text("import_id"),
    Column("is_test", Boolean, nullable=False),
    Column("captured_at", Instant, nullable=False),
    _int("inquiries", 1),
    Column("tier", Text, nullable=False),
    _int("score"), _int("fit"), _int("intent"),
    Column("reasons", Text, nullable=False, server_default="[]"),
    _int("rulebook"),
    Column("clock", Text, nullable=False),
    _int("sla_seconds"),
    Column("deadline", Instant), Column("breached_at", Instant),
    Column("stage", Text, nullable=False),
    _text("owner"), _int("claim_no"), Column("claimed_at", Instant),
    _text("on_call"), Column("hung_up_at", Instant),
    _int("attempts"),
    Column("first_attempt_at", Instant), Column("last_attempt_at", Instant), _text("last_outcome"),
    Column("contact_at", Instant), Column("booked_at", Instant), Column("appointment_at", Instant),
    Column("call_back_at", Instant), Column("retry_at", Instant), Column("closed_at", Instant),
    Column("amount", BigInteger), _text("close_reason"),
    Column("rescore_at", Instant),
    Column("paused_until", Instant), Column("seen_at", Instant),
    _text("route"), Column("offered", Text, nullable=False, server_default="[]"),
    Column("lapse_at", Instant), Column("given_at", Instant),
    _text("paused_why"),
    Column("qualified_at", Instant),
    Column("origin", BigInteger, nullable=False, server_default=text("0")),
    Column("last_origin", BigInteger, nullable=False, server_default=text("0")),
    Column("first_call_at", Instant), _text("first_call_by"), Column("first_call_worked", BigInteger),
    _int("clocks"), _int("clocks_met"), _int("clocks_breached"), Column("escalated_at", Instant),
    Index("leads_by_stage", "stage"),
    Index(
        "leads_facts", "captured_at", "is_test", "stage", "origin", "last_origin", "tier",
        "first_call_at", "first_call_worked", "contact_at", "qualified_at", "booked_at", "closed_at", "amount",
        "clocks", "clocks_met", "clocks_breached", "escalated_at",
    ),
)  # fmt: skip
"""The leads as they are now. From `origin` on a lead's milestones for reports: no desk has them, `Writing` keeps them.
`first_call_worked` is in microseconds. `leads_facts` is all that most reports read, with `origins` for its words.
`stage` of a lead whose file is still coming in begins with "pending:". Nobody is on two calls at once:
`leads_on_call` is unique."""

attempts = Table(
    "attempts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lead_id", Id, nullable=False),
    Column("rep_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    _text("outcome"),
    Column("outcome_at", Instant),
    Column("undone", Boolean, nullable=False),
    Column("is_test", Boolean, nullable=False),
    _text("before"),
    Column("talked", Boolean, nullable=False, server_default=text("false")),
    Index("attempts_by_lead", "lead_id", "started_at"),
    Index("attempts_by_day", "started_at", "rep_id"),
)
"""Outgoing tries. `before` is the lead before the outcome, for undo."""

clocks = Table(
    "clocks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lead_id", Id, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_at", Instant),
    _text("rep_id"),
    _int("step"),
    Column("next_at", Instant),
    Column("tried", Text, nullable=False, server_default="[]"),
    Column("is_test", Boolean, nullable=False),
    Column("kind", Text, nullable=False, server_default=text("'first_attempt'")),
    _int("seconds"), _int("rulebook"),
    Column("pauses", Text, nullable=False, server_default="[]"),
    Column("held_until", Instant), Column("held_by", Text, nullable=False, server_default="[]"),
    Index("clocks_by_lead", "lead_id"),
    Index("clocks_by_end", "ended_at", "rep_id"),
)  # fmt: skip
"""SLA clocks. `next_at` is when the keeper has to look at it again: a warning, its deadline, a step of the chain.
`seconds` were promised by rulebook `rulebook` (0: the one in force). `step` stays as old programs left it. No step
is due before `held_until`, since one of `held_by` said that they have the lead."""

clock_steps = Table(
    "clock_steps",
    metadata,
    Column("clock_id", Id, nullable=False),
    Column("step", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("clock_id", "step"),
)
"""Steps taken: a step of a clock can be taken once, whoever keeps the clocks."""

reps = Table(
    "reps",
    metadata,
    Column("id", Id, primary_key=True),
    _int("version"),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_since", Instant, nullable=False),
    Column("turn", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
)

logins = Table(
    "logins",
    metadata,
    Column("login", Text, primary_key=True),
    Column("rep_id", Id, nullable=False),
    Column("added_at", Instant, nullable=False),
)
"""Whose a login role of a shared database is. Only an admin writes here; the journal's actors are stamped by it."""

sources = Table(
    "sources",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("channel", Text, nullable=False),
    _text("secret"),
    Column("per_minute", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    _text("other_secret"),
)

rulebooks = Table(
    "rulebooks",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("published_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    _text("published_by"),
)
"""Every rulebook that was ever in force. Added to, never changed."""

alarms = Table(
    "alarms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    _text("lead_id"),
    Column("text", Text, nullable=False),
    _int("step"),
    Column("raised_at", Instant, nullable=False),
    Column("cleared_at", Instant),
    Index("alarms_by_lead", "lead_id"),
)  # fmt: skip

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    _text("holder"),
    _text("place"),
    _int("rank"),
    Column("epoch", BigInteger, nullable=False),
    Column("renewed_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
"""What one program of the floor does for all, and which one does it now; an empty holder is nobody. `epoch` rises
with each change of holder. Instants are the database's own."""

imports = Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("file", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", Text, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    _int("leads"),
    _int("joined"),
    Column("kind", Text, nullable=False, server_default=text("'leads'")),
    _int("told"),
)

devices = Table(
    "devices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("rep_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("spent", String(64), nullable=False, server_default=text("''")),
    Column("joined_at", Instant, nullable=False),
    Column("renewed_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("devices_by_rep", "rep_id"),
    Index("devices_by_spent", "spent"),
)
"""The computers that are let in. `token` is the SHA-256 of what each shows at the door, `spent` of what it showed
before: one that shows that again has had it stolen."""

invites = Table(
    "invites",
    metadata,
    Column("id", Id, primary_key=True),
    Column("rep_id", Id, nullable=False),
    Column("secret", String(64), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    _text("device_id"),
    Index("invites_by_rep", "rep_id"),
)
"""Invitations; `secret` is the SHA-256 of it. An unused one goes when the person is invited again."""

HELD: Final = "owner <> '' AND closed_at IS NULL AND stage NOT IN ('won', 'lost', 'unfit')"
"""Whose a lead is that still is to be worked on; the stages beside, since a file may tell of an end without its day."""

_PARTIAL = (
    ("inquiries_by_external", inquiries, ("source_id", "external_id"), "external_id <> ''"),
    ("inquiries_by_import", inquiries, ("import_id",), "import_id <> ''"),
    ("leads_by_email", leads, ("email_key",), "email_key <> ''"),
    ("leads_by_phone", leads, ("phone_key",), "phone_key <> ''"),
    ("leads_on_call", leads, ("owner",), "on_call <> ''"),
    ("leads_by_import", leads, ("import_id",), "import_id <> ''"),
    ("leads_rescored", leads, ("rescore_at",), "rescore_at IS NOT NULL"),
    ("leads_lapsing", leads, ("lapse_at",), "lapse_at IS NOT NULL"),
    ("leads_given", leads, ("given_at", "owner"), "given_at IS NOT NULL"),
    ("leads_held", leads, ("owner", "tier", "closed_at"), HELD),
    ("clocks_due", clocks, ("next_at",), "next_at IS NOT NULL"),
    ("alarms_standing", alarms, ("raised_at",), "cleared_at IS NULL"),
)
_UNIQUE = ("leads_on_call",)


@cache
def whole_schema() -> MetaData:
    """The metadata with the partial indexes too, for making a schema and for comparing one.

    To say "where" SQLAlchemy loads the dialect it is said for. A desk on a file would carry PostgreSQL's, 5 MB,
    from its start, so these indexes are described only where they are needed.
    """
    for name, table, indexed, only in _PARTIAL:
        where = text(only)
        Index(
            name,
            *(table.c[column] for column in indexed),
            unique=name in _UNIQUE,
            postgresql_where=where,
            sqlite_where=where,
        )
    return metadata
