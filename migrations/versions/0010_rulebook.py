"""What leads did, whose turn it is, how each decision was made, and what people are good at. Frozen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "behaviours",
        sa.Column("id", ID, primary_key=True),
        sa.Column("lead_id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
    )
    op.create_index("behaviours_by_lead", "behaviours", ["lead_id", "at"])
    op.create_table(
        "turns",
        sa.Column("route", sa.Text, primary_key=True),
        sa.Column("credits", sa.Text, nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("lead_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("rep_id", ID, nullable=False),
        sa.Column("rulebook", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("decisions_by_lead", "decisions", ["lead_id", "at"])
    op.create_index("decisions_by_time", "decisions", ["at", "rep_id"])
    op.add_column("leads", sa.Column("rescore_at", INSTANT))
    _index("leads_rescored", ["rescore_at"], "rescore_at IS NOT NULL")
    op.add_column("leads", sa.Column("route", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("leads", sa.Column("offered", sa.Text, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("leads", sa.Column("lapse_at", INSTANT))
    _index("leads_lapsing", ["lapse_at"], "lapse_at IS NOT NULL")
    _index("leads_by_owner", ["owner", "tier"], "owner <> '' AND stage IN ('new', 'working')")
    op.add_column("reps", sa.Column("profile", sa.Text, nullable=False, server_default=sa.text("'{}'")))
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 10 WHERE schema_minor < 10")


def _index(name: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, "leads", columns, postgresql_where=only, sqlite_where=only)


def downgrade() -> None:
    raise NotImplementedError("A floor is put back from the copy that was made before.")
