"""The draft of the next rulebook, who put one in force, and that none in force ever changes. Frozen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
SQLITE = (
    """
    CREATE TRIGGER rulebooks_never_change BEFORE UPDATE ON rulebooks
    BEGIN SELECT RAISE(ABORT, 'a published rulebook never changes'); END
    """,
    """
    CREATE TRIGGER rulebooks_never_go BEFORE DELETE ON rulebooks
    BEGIN SELECT RAISE(ABORT, 'a published rulebook never changes'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION firstring_published() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    BEGIN
      RAISE EXCEPTION 'a published rulebook never changes';
    END $$
    """,
    """
    CREATE TRIGGER rulebooks_never_change BEFORE UPDATE OR DELETE ON rulebooks
    FOR EACH ROW EXECUTE FUNCTION firstring_published()
    """,
    """
    CREATE TRIGGER rulebooks_never_emptied BEFORE TRUNCATE ON rulebooks
    FOR EACH STATEMENT EXECUTE FUNCTION firstring_published()
    """,
    """
    CREATE TRIGGER drafts_bounds BEFORE INSERT OR UPDATE ON drafts
    FOR EACH ROW EXECUTE FUNCTION firstring_bounds()
    """,
)


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("one", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
    )
    op.add_column(
        "rulebooks", sa.Column("published_by", sa.Text, nullable=False, server_default=sa.text("''"))
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        statements, schema = SQLITE, ""
    else:
        statements = POSTGRESQL
        schema = str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one())
    for statement in statements:
        connection.exec_driver_sql(statement.strip().replace("{schema}", schema))
    connection.exec_driver_sql("UPDATE floor SET schema_minor = 13 WHERE schema_minor < 13")


def downgrade() -> None:
    raise NotImplementedError("A floor is put back from the copy that was made before.")
