"""Who keeps the floor: the lease.

Frozen, as every migration is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
"""Microseconds since 1970 on SQLite."""


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''"))


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(64), primary_key=True),
        text("holder"),
        text("place"),
        sa.Column("rank", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("renewed_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
    )
    op.execute("UPDATE floor SET schema_minor = 1 WHERE schema_minor < 1")
