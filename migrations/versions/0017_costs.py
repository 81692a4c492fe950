"""What leads cost, and the frozen baseline. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
BOUNDS = """
    CREATE TRIGGER {table}_bounds BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION firstring_bounds()
    """


def upgrade() -> None:
    op.create_table(
        "costs",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("first", sa.String(10), nullable=False),
        sa.Column("last", sa.String(10), nullable=False),
        sa.Column("medium", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("ad", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("import_id", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("dropped_at", INSTANT),
    )
    op.create_index("costs_by_day", "costs", ["last", "first"])
    op.create_table(
        "baselines",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("frozen_at", INSTANT, nullable=False),
        sa.Column("frozen_by", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for table in ("costs", "baselines"):
            connection.exec_driver_sql(BOUNDS.strip().replace("{table}", table))
    connection.exec_driver_sql("UPDATE floor SET schema_minor = 17 WHERE schema_minor < 17")


def downgrade() -> None:
    op.drop_table("baselines")
    op.drop_table("costs")
