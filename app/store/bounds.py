"""What a person's own login may not change in a shared database, however it talks to it.

The journal's guards see to the journal. These see to what decides over others: the people and their roles, the
rulebook and its draft, the ways in, where people get mail, what leads cost. A person's role is looked up by the
login that the session was opened with, so that a desk, a script and a terminal are held to the same. What a desk does
for the floor while it works passes: the round of routing, one's own status, and the status "away" of somebody whose
desk is gone.
Who comes by no login of a person's (the admin, a server) is not held to anything here.

A session that keeps the counter of the feed makes everybody wait at their commit, and whoever does it on purpose
has switched its own time-outs off. `firstring_watch` ends such a session; any desk may ask for it, and the one
that keeps the clocks does.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

RUNNING = "('manager', 'owner', 'admin')"
"""The roles that set the floor up; the program's own table of rights says the same."""
LEADING = "('team_lead', 'manager', 'owner')"
PUBLISHING = "('manager', 'owner')"
WATCH = "firstring_watch()"
FUNCTIONS = ("firstring_gives(text, text)", "firstring_bounds()", WATCH)

POSTGRESQL = (
    """
    CREATE FUNCTION firstring_gives(mine text, theirs text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
      SELECT CASE mine WHEN 'owner' THEN true
                       WHEN 'admin' THEN theirs <> 'owner'
                       WHEN 'manager' THEN theirs NOT IN ('owner', 'admin')
                       ELSE false END
    $$
    """,
    f"""
    CREATE FUNCTION firstring_bounds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp AS $$
    DECLARE person text; mine text;
    BEGIN
      SELECT l.rep_id, coalesce(r.role, '') INTO person, mine
        FROM logins l LEFT JOIN reps r ON r.id = l.rep_id AND r.active WHERE l.login = session_user;
      IF NOT FOUND THEN RETURN new; END IF;
      IF tg_table_name = 'reps' THEN
        IF tg_op = 'UPDATE' AND to_jsonb(old) - ARRAY['status', 'status_since', 'turn', 'version']
                              = to_jsonb(new) - ARRAY['status', 'status_since', 'turn', 'version']
           AND (old.status = new.status OR old.id = person
                OR new.status = 'away' OR mine IN {LEADING}) THEN RETURN new; END IF;
        IF mine IN {RUNNING} AND firstring_gives(mine, new.role)
           AND (tg_op = 'INSERT' OR (old.id = new.id AND firstring_gives(mine, old.role))) THEN RETURN new; END IF;
      ELSIF tg_table_name = 'sources' THEN
        IF mine IN {RUNNING} THEN RETURN new; END IF;
      ELSIF mine IN {PUBLISHING} THEN RETURN new;
      END IF;
      RAISE EXCEPTION USING ERRCODE = '42501',
        MESSAGE = 'a login of this role may not change ' || tg_table_name;
    END $$
    """,  # noqa: S608 - the program's own names of roles
    *(
        f"""
        CREATE TRIGGER {table}_bounds BEFORE INSERT OR UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION firstring_bounds()
        """
        for table in (
            "reps",
            "sources",
            "rulebooks",
            "floor",
            "mail_addresses",
            "drafts",
            "costs",
            "baselines",
        )
    ),
    """
    CREATE FUNCTION firstring_watch() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    DECLARE ended integer := 0; one integer;
    BEGIN
      FOR one IN
        SELECT DISTINCT holder FROM pg_locks waits, unnest(pg_blocking_pids(waits.pid)) AS holder
        WHERE NOT waits.granted AND waits.waitstart < clock_timestamp() - interval '2 seconds'
          AND EXISTS (SELECT 1 FROM pg_locks held WHERE held.pid = holder AND held.granted
                      AND held.relation = 'feed'::regclass AND held.mode = 'RowExclusiveLock')
      LOOP
        IF pg_terminate_backend(one) THEN ended := ended + 1; END IF;
      END LOOP;
      RETURN ended;
    EXCEPTION WHEN insufficient_privilege THEN RETURN 0;
    END $$
    """,
)
"""`CREATE` statements, after the tables; "{schema}" is the floor's. Frozen again in the migration."""

_WATCH = text(f"SELECT {WATCH}")


def watch(connection: Connection) -> int:
    """End the sessions that have kept the feed from others for 2 s; how many. PostgreSQL only."""
    return int(connection.execute(_WATCH).scalar_one())
