"""Who is let in is no part of what a backup brings back.

A computer that was put out since the backup must stay out, and an invitation that was used since must stay used.
So the computers and invitations of the floor that stands in the place are taken over into the restored one, as
they are. Where nothing can be taken over (another floor, a damaged one, none), the backup's computers stay and
its unused invitations go.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, insert, inspect, select

from app.store import tables as t
from app.store.backup import FLOOR_ROW

_DOORS: tuple[Table, ...] = (t.devices, t.invites)
Doors = dict[str, list[dict[str, object]]]
"""The rows of both tables, by its name."""


def doors_of(connection: Connection, floor_id: str) -> Doors | None:
    """Whom a floor lets in; None if it is another one, or its schema is not this program's."""
    if not _is_ours(connection) or connection.execute(FLOOR_ROW).one().id != floor_id:
        return None
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in _DOORS
    }


def take_over(connection: Connection, doors: Doors | None) -> None:
    """Let in whom the floor let in that stood in the place; the caller commits."""
    if not _is_ours(connection):
        return
    if doors is None:
        connection.execute(delete(t.invites).where(t.invites.c.used_at.is_(None)))
        return
    people = set(connection.execute(select(t.reps.c.id)).scalars())
    for table in reversed(_DOORS):
        connection.execute(delete(table))
    for table in _DOORS:
        rows = [row for row in doors[table.name] if row["rep_id"] in people]
        if rows:
            connection.execute(insert(table), rows)


def _is_ours(connection: Connection) -> bool:
    """Whether both tables have the columns that this program knows."""
    look = inspect(connection)
    return all(
        look.has_table(table.name)
        and {column["name"] for column in look.get_columns(table.name)} == set(table.c.keys())
        for table in _DOORS
    )
