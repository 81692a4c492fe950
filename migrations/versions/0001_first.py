"""The first schema: leads, their journal and their clocks.

Frozen, as every migration is: the table definitions and the triggers of later programs may differ from these.
The rows that make a database a floor (its name, its rulebook, the counter of the feed) are not written here
but by `app/store/schema.py` when a floor is started.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
"""Microseconds since 1970 on SQLite."""
ID = sa.String(36)


def text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=sa.text(f"'{default}'"))


def number(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=sa.text(str(default)))


def index(name: str, table: str, columns: list[str], only: str = "", *, unique: bool = False) -> None:
    """An index, of all rows or `only` of some."""
    where = sa.text(only) if only else None
    op.create_index(name, table, columns, unique=unique, postgresql_where=where, sqlite_where=where)


def upgrade() -> None:
    op.create_table(
        "floor",
        sa.Column("one", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("schema_major", sa.Integer, nullable=False),
        sa.Column("schema_minor", sa.Integer, nullable=False),
        sa.Column("rulebook", sa.Integer, nullable=False),
    )
    op.create_table(
        "feed",
        sa.Column("one", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("id", ID, primary_key=True),
        sa.Column("seq", sa.BigInteger, unique=True),
        sa.Column("tx", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        text("lead_id"),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64)),
    )
    index("events_by_lead", "events", ["lead_id", "seq"])
    index("events_by_tx", "events", ["tx"])
    op.create_table(
        "commands",
        sa.Column("id", ID, primary_key=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("tx", ID, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
    )
    op.create_table(
        "inquiries",
        sa.Column("id", ID, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        text("source_id"),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        text("content_type"),
        text("headers", "[]"),
        text("remote"),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        text("why"),
        text("lead_id"),
        text("external_id"),
        text("import_id"),
    )
    index("inquiries_by_digest", "inquiries", ["digest", "received_at"])
    index("inquiries_by_external", "inquiries", ["source_id", "external_id"], "external_id <> ''")
    index("inquiries_by_import", "inquiries", ["import_id"], "import_id <> ''")
    index("inquiries_by_lead", "inquiries", ["lead_id"])
    index("inquiries_by_state", "inquiries", ["state", "received_at"])
    op.create_table(
        "leads",
        sa.Column("id", ID, primary_key=True),
        number("version"),
        text("name"),
        text("title"),
        text("company"),
        text("email"),
        text("phone"),
        text("email_key"),
        text("phone_key"),
        text("words"),
        text("street"),
        text("city"),
        text("region"),
        text("postcode"),
        text("country"),
        text("zone"),
        number("zones"),
        sa.Column("no_call", sa.Boolean, nullable=False),
        sa.Column("no_email", sa.Boolean, nullable=False),
        text("consent"),
        text("problems", "[]"),
        text("ask"),
        text("answers", "[]"),
        text("channel"),
        text("medium"),
        text("campaign"),
        text("ad"),
        text("keyword"),
        text("click_id"),
        text("page"),
        text("source_id"),
        text("import_id"),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("captured_at", INSTANT, nullable=False),
        number("inquiries", 1),
        sa.Column("tier", sa.Text, nullable=False),
        number("score"),
        number("fit"),
        number("intent"),
        text("reasons", "[]"),
        number("rulebook"),
        sa.Column("clock", sa.Text, nullable=False),
        number("sla_seconds"),
        sa.Column("deadline", INSTANT),
        sa.Column("breached_at", INSTANT),
        sa.Column("stage", sa.Text, nullable=False),
        text("owner"),
        number("claim_no"),
        sa.Column("claimed_at", INSTANT),
        text("on_call"),
        sa.Column("hung_up_at", INSTANT),
        number("attempts"),
        sa.Column("first_attempt_at", INSTANT),
        sa.Column("last_attempt_at", INSTANT),
        text("last_outcome"),
        sa.Column("contact_at", INSTANT),
        sa.Column("booked_at", INSTANT),
        sa.Column("appointment_at", INSTANT),
        sa.Column("call_back_at", INSTANT),
        sa.Column("retry_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("amount", sa.BigInteger),
        text("close_reason"),
    )
    index("leads_by_capture", "leads", ["captured_at"])
    index("leads_by_email", "leads", ["email_key"], "email_key <> ''")
    index("leads_by_import", "leads", ["import_id"], "import_id <> ''")
    index("leads_by_phone", "leads", ["phone_key"], "phone_key <> ''")
    index("leads_by_stage", "leads", ["stage"])
    index("leads_on_call", "leads", ["owner"], "on_call <> ''", unique=True)
    op.create_table(
        "attempts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("lead_id", ID, nullable=False),
        sa.Column("rep_id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        text("outcome"),
        sa.Column("outcome_at", INSTANT),
        sa.Column("undone", sa.Boolean, nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False),
        text("before"),
    )
    index("attempts_by_day", "attempts", ["started_at", "rep_id"])
    index("attempts_by_lead", "attempts", ["lead_id", "started_at"])
    op.create_table(
        "clocks",
        sa.Column("id", ID, primary_key=True),
        sa.Column("lead_id", ID, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ended_at", INSTANT),
        text("rep_id"),
        number("step"),
        sa.Column("next_at", INSTANT),
        text("tried", "[]"),
        sa.Column("is_test", sa.Boolean, nullable=False),
    )
    index("clocks_by_end", "clocks", ["ended_at", "rep_id"])
    index("clocks_by_lead", "clocks", ["lead_id"])
    index("clocks_due", "clocks", ["next_at"], "next_at IS NOT NULL")
    op.create_table(
        "clock_steps",
        sa.Column("clock_id", ID, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("clock_id", "step"),
    )
    op.create_table(
        "reps",
        sa.Column("id", ID, primary_key=True),
        number("version"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("status_since", INSTANT, nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "sources",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(64), unique=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        text("secret"),
        sa.Column("per_minute", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    op.create_table(
        "rulebooks",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "alarms",
        sa.Column("id", ID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        text("lead_id"),
        sa.Column("text", sa.Text, nullable=False),
        number("step"),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("cleared_at", INSTANT),
    )
    index("alarms_by_lead", "alarms", ["lead_id"])
    index("alarms_standing", "alarms", ["raised_at"], "cleared_at IS NULL")
    op.create_table(
        "imports",
        sa.Column("id", ID, primary_key=True),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        number("leads"),
        number("joined"),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement.strip())


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the first schema.")


SQLITE = (
    """
    CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
    """,
    """
    CREATE TRIGGER events_never_go BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION firstring_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE n bigint; h text;
    BEGIN
      SELECT last + 1, head INTO n, h FROM feed WHERE one = 1 FOR UPDATE;
      h := encode(sha256(convert_to(concat_ws('|', h, n, new.id, (extract(epoch FROM new.at) * 1000000)::bigint,
             new.actor, new.kind, new.lead_id, new.body), 'UTF8')), 'hex');
      UPDATE feed SET last = n, head = h WHERE one = 1;
      UPDATE events SET seq = n, hash = h WHERE id = new.id AND seq IS NULL;
      PERFORM pg_notify('firstring_feed', '');
      RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER events_stamped AFTER INSERT ON events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION firstring_stamp()
    """,
    """
    CREATE FUNCTION firstring_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF tg_op = 'INSERT' THEN new.seq := NULL; new.hash := NULL; RETURN new; END IF;
      IF tg_op = 'UPDATE' AND pg_trigger_depth() > 1 AND old.seq IS NULL AND new.seq IS NOT NULL
         AND (old.id, old.tx, old.at, old.actor, old.kind, old.lead_id, old.body)
           = (new.id, new.tx, new.at, new.actor, new.kind, new.lead_id, new.body)
      THEN RETURN new; END IF;
      RAISE EXCEPTION 'events are append-only';
    END $$
    """,
    """
    CREATE TRIGGER events_append_only BEFORE INSERT OR UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION firstring_append_only()
    """,
    """
    CREATE TRIGGER events_never_emptied BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION firstring_append_only()
    """,
)
