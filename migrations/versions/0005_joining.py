"""Computers that are let in, and invitations. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("id", ID, primary_key=True),
        sa.Column("rep_id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("token", sa.String(64), nullable=False, unique=True),
        sa.Column("spent", sa.String(64), nullable=False, server_default=sa.text("''")),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("renewed_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
    )
    op.create_index("devices_by_rep", "devices", ["rep_id"])
    op.create_index("devices_by_spent", "devices", ["spent"])
    op.create_table(
        "invites",
        sa.Column("id", ID, primary_key=True),
        sa.Column("rep_id", ID, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False, unique=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.Column("device_id", sa.Text, nullable=False, server_default=sa.text("''")),
    )
    op.create_index("invites_by_rep", "invites", ["rep_id"])
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 4 WHERE schema_minor < 4")


def downgrade() -> None:
    op.drop_table("invites")
    op.drop_table("devices")
