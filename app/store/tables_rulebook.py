"""The tables of what the rulebook decides by: what people did, whose turn it is, and how each decision was made."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

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

turns = Table(
    "turns",
    metadata,
    Column("route", Text, primary_key=True),
    Column("credits", Text, nullable=False),
)
"""Of each route, what everybody is owed: JSON of rep to millionths of a lead; together nothing."""

decisions = Table(
    "decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lead_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("rep_id", Id, nullable=False),
    Column("rulebook", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index("decisions_by_lead", "lead_id", "at"),
    Index("decisions_by_time", "at", "rep_id"),
)
"""Who was considered for a lead, and what was known of each then. `rep_id` is who got it, "" for nobody."""
