"""The tables of the rulebook's matters: what leads did, whose turn it is, and the draft of the next version."""

from __future__ import annotations

from sqlalchemy import Column, Index, SmallInteger, Table, Text

from app.store.columns import Id, Instant, metadata

behaviours = Table(
    "behaviours",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lead_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", Text, nullable=False),
    Index("behaviours_by_lead", "lead_id", "at"),
)
"""What leads did after they first wrote."""

drafts = Table(
    "drafts",
    metadata,
    Column("one", SmallInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", Text, nullable=False),
)
"""At most one row: the rulebook that is being drafted, by whom it was saved last; an empty body is none."""

turns = Table(
    "turns",
    metadata,
    Column("route", Text, primary_key=True),
    Column("credits", Text, nullable=False),
)
"""By route, how much of a lead each of its people is owed (below 0: has had too many), in millionths."""
