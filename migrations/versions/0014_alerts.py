"""Why a clock stands still, where people get text messages, and by which way a message goes. Frozen, as every
migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _text(name: str, otherwise: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=sa.text(f"'{otherwise}'"))


def upgrade() -> None:
    op.add_column("leads", _text("paused_why"))
    op.add_column("mail_addresses", _text("number"))
    op.add_column("outbox", _text("way", "email"))
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 14 WHERE schema_minor < 14")


def downgrade() -> None:
    op.drop_column("outbox", "way")
    op.drop_column("mail_addresses", "number")
    op.drop_column("leads", "paused_why")
