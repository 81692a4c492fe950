"""Calls of which a file told that somebody was talked to, though it named no outcome. Frozen, as all migrations are."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attempts", sa.Column("talked", sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    _fill(op.get_bind())
    op.get_bind().exec_driver_sql("UPDATE floor SET schema_minor = 20 WHERE schema_minor < 20")


def _fill(db: sa.Connection) -> None:
    """What files told before stands in the journal."""
    told = db.exec_driver_sql("SELECT body FROM events WHERE kind = 'import.calls_told' ORDER BY seq")
    use = sa.text("UPDATE attempts SET talked = true WHERE id = :id")
    for (body,) in told.all():
        if talked := [
            {"id": call["attempt_id"]} for call in json.loads(body)["calls"] if call.get("contact")
        ]:
            db.execute(use, talked)


def downgrade() -> None:
    raise NotImplementedError("A floor is put back from the copy that was made before.")
