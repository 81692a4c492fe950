"""Clocks of several kinds, with pauses and with who has a late lead. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("leads", sa.Column("paused_until", INSTANT))
    op.add_column("leads", sa.Column("seen_at", INSTANT))
    for column in (
        sa.Column("kind", sa.Text, nullable=False, server_default=sa.text("'first_attempt'")),
        sa.Column("seconds", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("rulebook", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("pauses", sa.Text, nullable=False, server_default="[]"),
        sa.Column("held_until", INSTANT),
        sa.Column("held_by", sa.Text, nullable=False, server_default="[]"),
    ):
        op.add_column("clocks", column)
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 11 WHERE schema_minor < 11")


def downgrade() -> None:
    for name in ("kind", "seconds", "rulebook", "pauses", "held_until", "held_by"):
        op.drop_column("clocks", name)
    for name in ("paused_until", "seen_at"):
        op.drop_column("leads", name)
