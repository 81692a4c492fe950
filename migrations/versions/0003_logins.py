"""Login roles of people on a shared database: whose each is, and the journal's guards that stamp by it.

The guards' functions are pinned to the floor's schema too, so that no table of a caller's making is taken for
one of the floor's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "logins",
        sa.Column("login", sa.Text, primary_key=True),
        sa.Column("rep_id", sa.String(36), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        for statement in POSTGRESQL:
            connection.exec_driver_sql(statement.strip().replace("{schema}", schema))
    op.execute("UPDATE floor SET schema_minor = 2 WHERE schema_major = 1 AND schema_minor < 2")


def downgrade() -> None:
    raise NotImplementedError("A floor is put back from the copy that was made before.")


POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION firstring_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    DECLARE n bigint; h text;
    BEGIN
      SELECT last + 1, head INTO n, h FROM feed WHERE one = 1 FOR UPDATE;
      h := encode(sha256(convert_to(concat_ws('|', h, n, new.id, (extract(epoch FROM new.at) * 1000000)::bigint,
             new.actor, new.kind, new.lead_id, new.body), 'UTF8')), 'hex');
      UPDATE feed SET last = n, head = h WHERE one = 1;
      UPDATE events SET seq = n, hash = h WHERE id = new.id AND seq IS NULL;
      PERFORM pg_notify('firstring_feed', '');
      RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION firstring_append_only() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    DECLARE person text;
    BEGIN
      IF tg_op = 'INSERT' THEN
        new.seq := NULL; new.hash := NULL;
        SELECT rep_id INTO person FROM logins WHERE login = session_user;
        IF FOUND THEN
          new.actor := CASE WHEN new.actor IN ('keeper', 'capture') THEN new.actor || '@' || person ELSE person END;
          IF new.at NOT BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp() + interval '10 minutes'
          THEN new.at := clock_timestamp(); END IF;
        END IF;
        RETURN new;
      END IF;
      IF tg_op = 'UPDATE' AND pg_trigger_depth() > 1 AND old.seq IS NULL AND new.seq IS NOT NULL
         AND (old.id, old.tx, old.at, old.actor, old.kind, old.lead_id, old.body)
           = (new.id, new.tx, new.at, new.actor, new.kind, new.lead_id, new.body)
      THEN RETURN new; END IF;
      RAISE EXCEPTION 'events are append-only';
    END $$
    """,
)
