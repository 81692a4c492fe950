"""Runs the migrations.

The program hands over its own connection, inside the transaction that the whole upgrade is. From a terminal a
floor is named: `python -m alembic -c migrations/alembic.ini -x floor=PATH|URL upgrade head` (or `check`, or
`revision --autogenerate -m "..."`).
"""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from app.address import is_file
from app.store import engine as engines
from app.store.tables import whole_schema


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=whole_schema(),
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    address = context.get_x_argument(as_dictionary=True).get("floor")
    if not address:
        raise SystemExit("Name the floor: -x floor=PATH or -x floor=postgresql://...")
    if is_file(address):
        engine = engines.open_sqlite(Path(address))[0]
    else:
        engine = engines.open_postgresql(address)
    with engine.begin() as connection:
        run(connection)
    engine.dispose()
