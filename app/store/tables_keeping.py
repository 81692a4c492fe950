"""The tables of what is done for the whole floor beside its clocks: who is there, and the mail it sends."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, text

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

mail_addresses = Table(
    "mail_addresses",
    metadata,
    Column("rep_id", Id, primary_key=True),
    Column("address", Text, nullable=False),
    Column("number", Text, nullable=False, server_default=text("''")),
)
"""Where people get the floor's mail, and its text messages. Who is not here, or has an empty one, gets none."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dedupe_key", Text, nullable=False),
    Column("rep_id", Id, nullable=False),
    Column("to_address", Text, nullable=False),
    Column("to_name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False, server_default=text("0")),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("next_at", Instant),
    Column("ended_at", Instant),
    Column("why", Text, nullable=False, server_default=text("''")),
    Column("way", Text, nullable=False, server_default=text("'email'")),
    Column("attached", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("dedupe_key", name="outbox_once"),
    Index("outbox_due", "next_at"),
)
"""Messages to send: pending, sending (whose `epoch`, which `attempt`), retry; then sent or dead, without address,
subject and body. `attached` names the page of a frozen week that goes with one ("2026-W47 rep"). `next_at` is when one
is tried next, or again if whoever began never said how it ended."""
