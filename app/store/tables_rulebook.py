"""The table of what the rulebook decides by besides the lead itself: what people did."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

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
