"""The tables of the reports: where leads come from, what they cost, and the figures that were frozen to hold later
ones against."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table, Text, text

from app.store.columns import Id, Instant, metadata

costs = Table(
    "costs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("first", String(10), nullable=False),
    Column("last", String(10), nullable=False),
    Column("medium", Text, nullable=False),
    Column("campaign", Text, nullable=False, server_default=text("''")),
    Column("ad", Text, nullable=False, server_default=text("''")),
    Column("amount", BigInteger, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("import_id", Text, nullable=False, server_default=text("''")),
    Column("dropped_at", Instant),
    Index("costs_by_day", "last", "first"),
)
"""Amounts in minor units over ISO days of the floor's zone, the last one included. Those of an import count once it is
done; dropped ones do not."""

baselines = Table(
    "baselines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("frozen_at", Instant, nullable=False),
    Column("frozen_by", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Added to, never changed; `hash` is the SHA-256 of `body`, and stands in the journal too."""

origins = Table(
    "origins",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    *(
        Column(name, Text, nullable=False, server_default=text("''"))
        for name in ("channel", "medium", "campaign", "ad")
    ),
)
"""Where leads come from, each once. The id is made of the words (`rows.origin_id`): who adds one asks nobody. It
stands in the index for reports instead of the words, which can be longer than an index takes."""
