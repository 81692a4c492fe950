"""What leads did after they first wrote, and when a tier changes by waiting alone. Frozen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
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
    op.add_column("leads", sa.Column("rescore_at", INSTANT))
    waiting = sa.text("rescore_at IS NOT NULL")
    op.create_index("leads_rescored", "leads", ["rescore_at"], postgresql_where=waiting, sqlite_where=waiting)
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 9 WHERE schema_minor < 9")


def downgrade() -> None:
    raise NotImplementedError("A floor is put back from the copy that was made before.")
