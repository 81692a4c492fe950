"""Offers of leads, and whose turn it is on each route. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
INDEXES = (
    ("leads_lapsing", ("lapse_at",), "lapse_at IS NOT NULL"),
    ("leads_given", ("given_at", "owner"), "given_at IS NOT NULL"),
    ("leads_held", ("owner", "tier", "closed_at"), "owner <> '' AND closed_at IS NULL"),
)


def upgrade() -> None:
    for column in (
        sa.Column("route", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("offered", sa.Text, nullable=False, server_default="[]"),
        sa.Column("lapse_at", INSTANT),
        sa.Column("given_at", INSTANT),
    ):
        op.add_column("leads", column)
    for name, columns, only in INDEXES:
        where = sa.text(only)
        op.create_index(name, "leads", list(columns), postgresql_where=where, sqlite_where=where)
    op.create_table(
        "turns",
        sa.Column("route", sa.Text, primary_key=True),
        sa.Column("credits", sa.Text, nullable=False),
    )
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 12 WHERE schema_minor < 12")


def downgrade() -> None:
    op.drop_table("turns")
    for name, _, _ in INDEXES:
        op.drop_index(name, "leads")
    for name in ("route", "offered", "lapse_at", "given_at"):
        op.drop_column("leads", name)
