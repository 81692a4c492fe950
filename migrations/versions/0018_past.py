"""What files tell of leads that are on the floor, and as what a file came in. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HELD = "owner <> '' AND closed_at IS NULL AND stage NOT IN ('won', 'lost', 'unfit')"


def upgrade() -> None:
    op.add_column("imports", sa.Column("kind", sa.Text, nullable=False, server_default=sa.text("'leads'")))
    op.add_column("imports", sa.Column("told", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.create_table(
        "pasts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("key", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("pasts_by_lead", "pasts", ["lead_id", "key"])
    op.create_index("pasts_by_import", "pasts", ["import_id", "kind", "lead_id"])
    op.drop_index("leads_held", "leads")
    op.create_index(
        "leads_held",
        "leads",
        ["owner", "tier", "closed_at"],
        sqlite_where=sa.text(HELD),
        postgresql_where=sa.text(HELD),
    )
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 18 WHERE schema_minor < 18")


def downgrade() -> None:
    raise NotImplementedError("A floor is put back from the copy that was made before.")
