"""The mail that a floor sends. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "mail_addresses",
        sa.Column("rep_id", ID, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, primary_key=True),
        sa.Column("dedupe_key", sa.Text, nullable=False),
        sa.Column("rep_id", ID, nullable=False),
        sa.Column("to_address", sa.Text, nullable=False),
        sa.Column("to_name", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("attempt", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("next_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("why", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.UniqueConstraint("dedupe_key", name="outbox_once"),
    )
    op.create_index("outbox_due", "outbox", ["next_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER mail_addresses_bounds BEFORE INSERT OR UPDATE ON mail_addresses "
            "FOR EACH ROW EXECUTE FUNCTION firstring_bounds()"
        )
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 8 WHERE schema_minor < 8")


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("mail_addresses")
