"""A floor that is brought forward learns from its journal which calls of files were conversations."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text

from app.store.instants import micros
from tests.fresh import Database
from tests.store.test_schema import config, writer_of

AT = datetime(2025, 1, 2, 9, tzinfo=UTC)
CALLS = {"a": True, "b": False, "c": True}


def fill(db: Connection) -> None:
    """Calls and the event that tells of them, as the program wrote them before."""
    at: object = AT
    if db.dialect.name == "postgresql":
        db.execute(text("SET LOCAL session_replication_role = replica"))  # the journal's guards look away
    else:
        at = micros(AT)
    for call_id in (*CALLS, "mine"):
        db.execute(
            text(
                "INSERT INTO attempts (id, lead_id, rep_id, kind, number, started_at, undone, is_test) "
                "VALUES (:id, 'lead', 'rep', 'call', 1, :at, false, false)"
            ),
            {"id": call_id, "at": at},
        )
    calls = [
        {"attempt_id": call_id, "lead_id": "lead", "contact": contact} for call_id, contact in CALLS.items()
    ]
    calls[1].pop("contact")  # what is not so is not always said
    for seq, body in enumerate(({"import_id": "i", "calls": calls}, {"import_id": "j", "calls": []}), 1):
        db.execute(
            text(
                "INSERT INTO events (id, tx, at, actor, kind, lead_id, body, seq, hash) "
                "VALUES (:id, 'tx', :at, 'ana', 'import.calls_told', '', :body, :seq, :id)"
            ),
            {"id": f"event {seq}", "at": at, "body": json.dumps(body), "seq": seq},
        )


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_files_told_before(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    older = str(tmp_path / "older") if database == "sqlite" else str(request.getfixturevalue("pg_url"))
    engine = writer_of(older)
    try:
        with engine.begin() as db:
            command.upgrade(config(db), "0019")
            fill(db)
            command.upgrade(config(db), "0020")
            found = {row.id for row in db.execute(text("SELECT id FROM attempts WHERE talked"))}
    finally:
        engine.dispose()
    assert found == {"a", "c"}
