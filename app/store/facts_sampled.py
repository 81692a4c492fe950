"""Leads that stand for all of a cohort: evenly spread by their rank in time, the same ones whenever it is asked.

Ids stand in no index for reports. So the captures of the ranks are looked up first, in the index alone, and the ids of
those few leads after; leads that were captured at one instant are told apart by their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from app.domain.report import Asked
from app.store.facts_spoken import Where, joined

__all__ = ["captures", "ids_at", "ranks"]

Places = Sequence[tuple[Any, int]]
"""Captures as the database keeps them, latest first, with how many leads of that instant come before."""


def ranks(total: int, most: int) -> list[int]:
    """Of so many in a row the places, from 0, of at most `most`, evenly spread."""
    return [n * total // most for n in range(most)] if total > most else list(range(total))


def captures(db: Connection, zone: str, asked: Asked, most: int) -> tuple[Places, int]:
    """(where those who stand for the leads of a question are found, how many leads there are); on PostgreSQL."""
    where = Where(False, zone, asked)
    here = f"FROM {where.origin} WHERE {where.conditions}"
    total = db.execute(text(f"SELECT count(*) {here}"), where.params).scalar_one()
    places = where.bound([rank + 1 for rank in ranks(total, most)])
    query = text(
        "SELECT at, number - first FROM ("  # noqa: S608 - words of this program
        f"SELECT l.captured_at AS at, row_number() OVER late AS number, rank() OVER late AS first {here} "
        "WINDOW late AS (ORDER BY l.captured_at DESC)) AS one "
        f"WHERE number = ANY(CAST({places} AS bigint[])) ORDER BY number"
    )
    return [(row[0], row[1]) for row in db.execute(query, where.params)], total


def ids_at(db: Connection, zone: str, asked: Asked, places: Places) -> tuple[str, ...]:
    """The leads of a question at these places."""
    is_sqlite = db.dialect.name == "sqlite"
    where = Where(is_sqlite, zone, asked)
    table, params = joined(
        is_sqlite, "moment", {"at": ("timestamptz", list(dict.fromkeys(at for at, _ in places)))}
    )
    query = text(
        f"SELECT l.captured_at, l.id FROM {table} CROSS JOIN {where.origin} "  # noqa: S608 - words of this program
        f"WHERE l.captured_at = moment.at AND {where.conditions} ORDER BY l.captured_at, l.id"
    )
    rows = db.execute(query, where.params | params)
    there = {at: [row.id for row in some] for at, some in groupby(rows, key=lambda row: row.captured_at)}
    return tuple(there[at][before] for at, before in places)
