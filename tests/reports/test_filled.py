"""What the migration that brought the milestones fills in for an older floor is what the program keeps by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from tests.fresh import Database
from tests.postgres import Cluster
from tests.reports.moves import busy, floor
from tests.store.test_schema import config, writer_of

BEFORE = "0015"
KEPT = (
    "qualified_at", "origin", "first_call_at", "first_call_by", "first_call_worked", "clocks", "clocks_met",
    "clocks_breached", "escalated_at",
)  # fmt: skip
Rows = dict[str, tuple[Any, ...]]


@pytest.mark.parametrize("has_hours", [True, False], ids=["hours", "day and night"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_older_floor_gets_the_milestones_it_would_have_kept(
    database: Database, has_hours: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def cluster() -> Cluster:
        found: Cluster = request.getfixturevalue("pg_cluster")
        return found

    older = str(tmp_path / "older") if database == "sqlite" else str(request.getfixturevalue("pg_url"))
    with floor(database, tmp_path, cluster, has_hours) as made:
        for move in busy(5, 300):
            made.do(*move)
        with made.house.book.reading() as r:
            wanted, origins = kept(r.db), words(r.db)
            engine = writer_of(older)
            try:
                with engine.begin() as db:
                    command.upgrade(config(db), BEFORE)
                    copy(r.db, db)
                    command.upgrade(config(db), "head")
                    found, last = kept(db), last_origins(db)
                    told = words(db)
            finally:
                engine.dispose()
    assert found == wanted
    for place, name in enumerate(KEPT):  # nothing was compared with nothing
        assert len({row[place] for row in wanted.values()}) > 1, name
    # Where a later inquiry came from stood in no column before: the first one's stands in for it.
    assert last == {lead_id: row[KEPT.index("origin")] for lead_id, row in wanted.items()}
    assert {number: told[number] for number in set(last.values())} == told
    assert told.items() <= origins.items()


def kept(db: Connection) -> Rows:
    rows = db.execute(text(f"SELECT id, {', '.join(KEPT)} FROM leads"))
    return {row[0]: tuple(row[1:]) for row in rows}


def last_origins(db: Connection) -> dict[str, int]:
    return {row.id: row.last_origin for row in db.execute(text("SELECT id, last_origin FROM leads"))}


def words(db: Connection) -> dict[int, tuple[str, ...]]:
    rows = db.execute(text("SELECT id, channel, medium, campaign, ad FROM origins"))
    return {row[0]: tuple(row[1:]) for row in rows}


def copy(source: Connection, target: Connection) -> None:
    """What a floor has, into the tables of an older one: each column that it knew."""
    if target.dialect.name == "postgresql":
        target.execute(text("SET LOCAL session_replication_role = replica"))  # the journal's guards look away
    old, new = inspect(target), inspect(source)
    for table in old.get_table_names():
        if table == "alembic_version":
            continue
        columns = {column["name"] for column in old.get_columns(table)}
        names = sorted(columns & {column["name"] for column in new.get_columns(table)})
        rows = source.execute(text(f'SELECT {quoted(names)} FROM "{table}"')).mappings().all()
        target.execute(text(f'DELETE FROM "{table}"'))
        if rows:
            values = ", ".join(f":{name}" for name in names)
            target.execute(
                text(f'INSERT INTO "{table}" ({quoted(names)}) VALUES ({values})'),
                [dict(row) for row in rows],
            )


def quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
