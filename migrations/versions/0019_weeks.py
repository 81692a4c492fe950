"""Frozen weeks, and what is said beside them. Frozen, as every migration is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
SQLITE = tuple(
    f"""
    CREATE TRIGGER {table}_never_{word} BEFORE {change} ON {table}
    BEGIN SELECT RAISE(ABORT, 'a frozen week never changes'); END
    """
    for table in ("frozen_weeks", "week_entries")
    for word, change in (("change", "UPDATE"), ("go", "DELETE"))
)
POSTGRESQL = (
    """
    CREATE FUNCTION firstring_frozen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    BEGIN
      RAISE EXCEPTION 'a frozen week never changes';
    END $$
    """,
    """
    CREATE TRIGGER frozen_weeks_never_change BEFORE UPDATE OR DELETE ON frozen_weeks
    FOR EACH ROW EXECUTE FUNCTION firstring_frozen()
    """,
    """
    CREATE TRIGGER frozen_weeks_never_emptied BEFORE TRUNCATE ON frozen_weeks
    FOR EACH STATEMENT EXECUTE FUNCTION firstring_frozen()
    """,
    """
    CREATE TRIGGER week_entries_never_change BEFORE UPDATE OR DELETE ON week_entries
    FOR EACH ROW EXECUTE FUNCTION firstring_frozen()
    """,
    """
    CREATE TRIGGER week_entries_never_emptied BEFORE TRUNCATE ON week_entries
    FOR EACH STATEMENT EXECUTE FUNCTION firstring_frozen()
    """,
)


def upgrade() -> None:
    op.create_table(
        "frozen_weeks",
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("rep_id", sa.String(36), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("rulebook", sa.Integer, nullable=False),
        sa.Column("frozen_at", INSTANT, nullable=False),
        sa.Column("frozen_by", sa.Text, nullable=False),
        sa.Column("tx", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("week", "rep_id"),
    )
    op.create_table(
        "week_entries",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("dispute_id", sa.String(36), nullable=False),
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("rep_id", sa.String(36), nullable=False),
        sa.Column("about", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_index("week_entries_by_week", "week_entries", ["week", "rep_id"])
    op.create_index("week_entries_by_dispute", "week_entries", ["dispute_id"])
    op.add_column("outbox", sa.Column("attached", sa.Text, nullable=False, server_default=sa.text("''")))
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        statements, schema = SQLITE, ""
    else:
        statements = POSTGRESQL
        schema = str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one())
    for statement in statements:
        connection.exec_driver_sql(statement.strip().replace("{schema}", schema))
    connection.exec_driver_sql("UPDATE floor SET schema_minor = 19 WHERE schema_minor < 19")


def downgrade() -> None:
    raise NotImplementedError("A floor is put back from the copy that was made before.")
