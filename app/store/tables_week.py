"""The tables of the weekly review: pages that are frozen, and what was said beside them. Both are only added to."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from app.store.columns import Id, Instant, metadata

frozen_weeks = Table(
    "frozen_weeks",
    metadata,
    Column("week", String(8), nullable=False),
    Column("rep_id", Id, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("rulebook", Integer, nullable=False),
    Column("frozen_at", Instant, nullable=False),
    Column("frozen_by", Text, nullable=False),
    Column("tx", Id, nullable=False),
    PrimaryKeyConstraint("week", "rep_id"),
)
"""A page for each person who has one, and the floor's, of an empty person. `tx` finds the event that has the hashes."""

week_entries = Table(
    "week_entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dispute_id", Id, nullable=False),
    Column("week", String(8), nullable=False),
    Column("rep_id", Id, nullable=False),
    Column("about", Text, nullable=False, server_default=text("''")),
    Column("text", Text, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("points", Float, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Index("week_entries_by_week", "week", "rep_id"),
    Index("week_entries_by_dispute", "dispute_id"),
)
"""Disputes (`id` is `dispute_id`) and their answers."""
