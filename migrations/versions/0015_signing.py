"""A second secret of a way in, good while the first one is changed. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("other_secret", sa.Text, nullable=False, server_default=sa.text("''")))
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 15 WHERE schema_minor < 15")


def downgrade() -> None:
    op.drop_column("sources", "other_secret")
