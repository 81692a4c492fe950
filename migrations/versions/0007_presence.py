"""Which desks are there. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("device_id", ID, primary_key=True),
        sa.Column("rep_id", ID, nullable=False),
        sa.Column("place", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("release_at", INSTANT),
        sa.Column("made_away", sa.Boolean, nullable=False),
    )
    op.create_index("presence_by_rep", "presence", ["rep_id"])
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 7 WHERE schema_minor < 7")


def downgrade() -> None:
    op.drop_table("presence")
