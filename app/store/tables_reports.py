"""The tables that reports alone read."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text, text

from app.store.columns import metadata

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
