"""What the database itself enforces: events, rulebooks and frozen weeks are only ever added; events are numbered
as they commit.

A plain sequence loses events when transactions commit out of order, so there is one counter row. On SQLite
there is one writer at a time and the book stamps the events as the last thing before it commits. On PostgreSQL
a deferred constraint trigger does it at COMMIT, when nobody can wait on a client any more: it takes the counter
row, gives the number, chains the hash and rings an empty NOTIFY. The hash of an event is SHA-256 over the hash
before it and the event's own text (`chained`), the same on both.

On PostgreSQL the actor is stamped too. Whoever comes by a login role of their own (`logins`) is the actor of what
they say, whatever they say; machine work that their desk does for the floor is "keeper@" or "capture@" them. Nor
can they date an event otherwise than now. The functions are their owner's and look nowhere but in the floor's
schema, so that no table of a caller's making is taken for one of the floor's.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.store import bounds
from app.store.instants import micros

if TYPE_CHECKING:
    from app.store.reading import Reading

CHANNEL = "firstring_feed"
"""NOTIFY channel of the doorbell; the message is empty."""


def chained(
    head: str, seq: int, event_id: str, at_micros: int, actor: str, kind: str, lead_id: str, body: str
) -> str:
    """The hash of an event, given the hash of the one before it ("" for the first)."""
    line = f"{head}|{seq}|{event_id}|{at_micros}|{actor}|{kind}|{lead_id}|{body}"
    return hashlib.sha256(line.encode()).hexdigest()


SQLITE = (
    """
    CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
    """,
    """
    CREATE TRIGGER events_never_go BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
    """,
    """
    CREATE TRIGGER rulebooks_never_change BEFORE UPDATE ON rulebooks
    BEGIN SELECT RAISE(ABORT, 'a published rulebook never changes'); END
    """,
    """
    CREATE TRIGGER rulebooks_never_go BEFORE DELETE ON rulebooks
    BEGIN SELECT RAISE(ABORT, 'a published rulebook never changes'); END
    """,
    *(
        f"""
        CREATE TRIGGER {table}_never_{word} BEFORE {change} ON {table}
        BEGIN SELECT RAISE(ABORT, 'a frozen week never changes'); END
        """
        for table in ("frozen_weeks", "week_entries")
        for word, change in (("change", "UPDATE"), ("go", "DELETE"))
    ),
)

POSTGRESQL = (
    """
    CREATE FUNCTION firstring_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    DECLARE n bigint; h text;
    BEGIN
      SELECT last + 1, head INTO n, h FROM feed WHERE one = 1 FOR UPDATE;
      h := encode(sha256(convert_to(concat_ws('|', h, n, new.id, (extract(epoch FROM new.at) * 1000000)::bigint,
             new.actor, new.kind, new.lead_id, new.body), 'UTF8')), 'hex');
      UPDATE feed SET last = n, head = h WHERE one = 1;
      UPDATE events SET seq = n, hash = h WHERE id = new.id AND seq IS NULL;
      PERFORM pg_notify('firstring_feed', '');
      RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER events_stamped AFTER INSERT ON events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION firstring_stamp()
    """,
    """
    CREATE FUNCTION firstring_append_only() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    DECLARE person text;
    BEGIN
      IF tg_op = 'INSERT' THEN
        new.seq := NULL; new.hash := NULL;
        SELECT rep_id INTO person FROM logins WHERE login = session_user;
        IF FOUND THEN
          new.actor := CASE WHEN new.actor IN ('keeper', 'capture') THEN new.actor || '@' || person ELSE person END;
          IF new.at NOT BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp() + interval '10 minutes'
          THEN new.at := clock_timestamp(); END IF;
        END IF;
        RETURN new;
      END IF;
      IF tg_op = 'UPDATE' AND pg_trigger_depth() > 1 AND old.seq IS NULL AND new.seq IS NOT NULL
         AND (old.id, old.tx, old.at, old.actor, old.kind, old.lead_id, old.body)
           = (new.id, new.tx, new.at, new.actor, new.kind, new.lead_id, new.body)
      THEN RETURN new; END IF;
      RAISE EXCEPTION 'events are append-only';
    END $$
    """,
    """
    CREATE TRIGGER events_append_only BEFORE INSERT OR UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION firstring_append_only()
    """,
    """
    CREATE TRIGGER events_never_emptied BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION firstring_append_only()
    """,
    """
    CREATE FUNCTION firstring_published() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    BEGIN
      RAISE EXCEPTION 'a published rulebook never changes';
    END $$
    """,
    """
    CREATE TRIGGER rulebooks_never_change BEFORE UPDATE OR DELETE ON rulebooks
    FOR EACH ROW EXECUTE FUNCTION firstring_published()
    """,
    """
    CREATE TRIGGER rulebooks_never_emptied BEFORE TRUNCATE ON rulebooks
    FOR EACH STATEMENT EXECUTE FUNCTION firstring_published()
    """,
    """
    CREATE FUNCTION firstring_frozen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    BEGIN
      RAISE EXCEPTION 'a frozen week never changes';
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_never_{word} BEFORE {change} ON {table}
        FOR EACH {each} EXECUTE FUNCTION firstring_frozen()
        """
        for table in ("frozen_weeks", "week_entries")
        for word, change, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("emptied", "TRUNCATE", "STATEMENT"),
        )
    ),
)


def install(connection: Connection) -> None:
    """Create the triggers of this connection's database."""
    if connection.dialect.name == "sqlite":
        statements = [statement.strip() for statement in SQLITE]
    else:
        written = (*POSTGRESQL, *bounds.POSTGRESQL)
        statements = [statement.strip().replace("{schema}", here(connection)) for statement in written]
    for statement in statements:
        connection.exec_driver_sql(statement)


def here(connection: Connection) -> str:
    """The PostgreSQL schema that the floor's tables are in, quoted; a function that is pinned to it heeds no other."""
    return str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one())


def chain_fault(r: Reading, after: int = 0) -> str:
    """Where the journal's numbers or hashes do not follow on, `after` a number; "" if they all do."""
    seq, head = after, r.hash_of(after) if after else ""
    with closing(r.chain(after)) as rows:
        for row in rows:
            if row.seq != seq + 1:
                return f"event {seq + 1} is missing" if row.seq else "an event has no number"
            seq = row.seq
            head = chained(head, seq, row.id, micros(row.at), row.actor, row.kind, row.lead_id, row.body)
            if head != row.hash:
                return f"event {seq} was changed"
    last, last_head = r.head()
    return "" if (last, last_head) == (seq, head) else f"the journal ends at {seq}, the counter at {last}"
