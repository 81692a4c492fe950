"""Milestones of leads for reports, filled from what the floor has kept. Frozen, as every migration is.

Working time is counted by the program's own rule: to copy that here would be to have two.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
COLUMNS = (
    "captured_at", "is_test", "stage", "origin", "last_origin", "tier",
    "first_call_at", "first_call_worked", "contact_at", "qualified_at", "booked_at", "closed_at", "amount",
    "clocks", "clocks_met", "clocks_breached", "escalated_at",
)  # fmt: skip
_SOME = 5000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    for column in (
        sa.Column("qualified_at", INSTANT),
        sa.Column("origin", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("last_origin", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("first_call_at", INSTANT),
        sa.Column("first_call_by", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("first_call_worked", sa.BigInteger),
        sa.Column("clocks", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("clocks_met", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("clocks_breached", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("escalated_at", INSTANT),
    ):
        op.add_column("leads", column)
    op.create_table(
        "origins",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''"))
            for name in ("channel", "medium", "campaign", "ad")
        ),
    )
    _fill(op.get_bind())
    op.drop_index("leads_by_capture", "leads")
    op.create_index("leads_facts", "leads", list(COLUMNS))
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 16 WHERE schema_minor < 16")


def _fill(db: sa.Connection) -> None:
    say = db.exec_driver_sql
    say(
        "UPDATE leads SET qualified_at = CASE WHEN booked_at IS NOT NULL AND "
        "(stage <> 'won' OR booked_at <= closed_at) THEN booked_at ELSE closed_at END "
        "WHERE booked_at IS NOT NULL OR stage = 'won'"
    )
    for name, which in (
        ("clocks", "true"),
        ("clocks_met", "kind = 'first_attempt' AND state = 'met'"),
        ("clocks_breached", "kind = 'first_attempt' AND state = 'breached'"),
    ):
        say(
            f"UPDATE leads SET {name} = found.n "  # noqa: S608 - names from above
            f"FROM (SELECT lead_id, count(*) AS n FROM clocks WHERE {which} GROUP BY lead_id) AS found "
            "WHERE found.lead_id = leads.id"
        )
    say(
        "UPDATE leads SET escalated_at = found.at FROM (SELECT lead_id, min(at) AS at FROM events "
        "WHERE kind = 'lead.escalated' GROUP BY lead_id) AS found WHERE found.lead_id = leads.id"
    )
    _fill_origins(db)
    _fill_calls(db)


def _fill_origins(db: sa.Connection) -> None:
    rows = db.exec_driver_sql("SELECT DISTINCT channel, medium, campaign, ad FROM leads").all()
    add = sa.text("INSERT INTO origins (id, channel, medium, campaign, ad) VALUES (:id, :a, :b, :c, :d)")
    use = sa.text(
        "UPDATE leads SET origin = :id, last_origin = :id "
        "WHERE channel = :a AND medium = :b AND campaign = :c AND ad = :d"
    )
    told = []
    for row in rows:
        words = "\x1f".join(row).encode("utf-8", "surrogatepass")
        number = int.from_bytes(hashlib.sha256(words).digest()[:8]) >> 11
        told.append({"id": number} | dict(zip("abcd", row, strict=True)))
    if told:
        db.execute(add, told)
        op.create_index("leads_filling", "leads", ["channel", "medium"])
        db.execute(use, told)
        op.drop_index("leads_filling", "leads")


def _fill_calls(db: sa.Connection) -> None:
    db.exec_driver_sql(
        "UPDATE leads SET first_call_at = found.started_at, first_call_by = found.rep_id FROM ("
        "SELECT lead_id, started_at, rep_id, row_number() OVER (PARTITION BY lead_id ORDER BY started_at, id) AS n "
        "FROM attempts WHERE kind = 'call') AS found WHERE found.lead_id = leads.id AND found.n = 1"
    )
    rulebooks = _rulebooks(db)
    if not rulebooks:
        return
    some = sa.text(
        "SELECT id, captured_at, first_call_at FROM leads "
        "WHERE first_call_at IS NOT NULL AND id > :last ORDER BY id LIMIT :some"
    )
    use = sa.text("UPDATE leads SET first_call_worked = :worked WHERE id = :id")
    last = ""
    while rows := db.execute(some, {"last": last, "some": _SOME}).all():
        db.execute(use, [{"id": row[0], "worked": _worked(rulebooks, row[1], row[2])} for row in rows])
        last = rows[-1][0]


def _rulebooks(db: sa.Connection) -> list[tuple[datetime, Any]]:
    """(published, the floor's own hours or None) of every rulebook, in order."""
    from app.codec import convert
    from app.domain.hours import Calendar

    rows = db.exec_driver_sql("SELECT published_at, body FROM rulebooks ORDER BY version").all()
    found = []
    for published, body in rows:
        calendars = convert(json.loads(body).get("calendars", []), tuple[Calendar, ...])
        found.append((_instant(published), calendars[0] if calendars else None))
    return found


def _worked(rulebooks: list[tuple[datetime, Any]], captured: Any, called: Any) -> int:
    """Microseconds of working time, by the rulebook that was in force when it was called."""
    from app.domain.hours import working_seconds

    since, until = _instant(captured), _instant(called)
    then = [calendar for published, calendar in rulebooks if published <= until]
    calendar = then[-1] if then else rulebooks[0][1]
    return round(working_seconds(calendar, since, until) * 1_000_000)


def _instant(stored: Any) -> datetime:
    return stored if isinstance(stored, datetime) else _EPOCH + timedelta(microseconds=stored)


def downgrade() -> None:
    op.drop_index("leads_facts", "leads")
    op.create_index("leads_by_capture", "leads", ["captured_at"])
    op.drop_table("origins")
    for name in ("qualified_at", "origin", "last_origin", "first_call_at", "first_call_by", "first_call_worked",
                 "clocks", "clocks_met", "clocks_breached", "escalated_at"):  # fmt: skip
        op.drop_column("leads", name)
