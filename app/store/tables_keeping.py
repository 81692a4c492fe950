"""The tables of what is done for the whole floor beside its clocks: who is there."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, Text, text

from app.store.columns import Id, Instant, metadata

presence = Table(
    "presence",
    metadata,
    Column("device_id", Id, primary_key=True),
    Column("rep_id", Id, nullable=False),
    Column("place", Text, nullable=False, server_default=text("''")),
    Column("state", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("release_at", Instant),
    Column("made_away", Boolean, nullable=False),
    Index("presence_by_rep", "rep_id"),
)
"""The desks that were heard of. Of one that is gone, `release_at` is when the keeper gives away what its rep has not
worked on. `made_away`: it was why its rep is away. Instants are the database's own."""
