"""The table of what files told of leads that were on the floor already."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, text

from app.store.columns import Id, metadata

pasts = Table(
    "pasts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("import_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("lead_id", Id, nullable=False),
    Column("key", Text, nullable=False, server_default=text("''")),
    Column("body", Text, nullable=False),
    Index("pasts_by_lead", "lead_id", "key"),
    Index("pasts_by_import", "import_id", "kind", "lead_id"),
)
"""Rows of calls and results, "pending" until their file is finished, then "told" and kept; `key` is a fingerprint of
what a row says, so that it is told once. Of kind "person": somebody whom a file names, `lead_id` being their rep id."""
