"""What a person's own login may not change, and the end of sessions that hold everybody up. Frozen."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        for statement in POSTGRESQL:
            connection.exec_driver_sql(statement.strip().replace("{schema}", schema))
    op.execute("UPDATE floor SET schema_minor = 6 WHERE schema_major = 1 AND schema_minor < 6")


def downgrade() -> None:
    raise NotImplementedError("A floor is put back from the copy that was made before.")


POSTGRESQL = (
    """
    CREATE FUNCTION firstring_gives(mine text, theirs text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
      SELECT CASE mine WHEN 'owner' THEN true
                       WHEN 'admin' THEN theirs <> 'owner'
                       WHEN 'manager' THEN theirs NOT IN ('owner', 'admin')
                       ELSE false END
    $$
    """,
    """
    CREATE FUNCTION firstring_bounds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    DECLARE person text; mine text;
    BEGIN
      SELECT l.rep_id, coalesce(r.role, '') INTO person, mine
        FROM logins l LEFT JOIN reps r ON r.id = l.rep_id AND r.active WHERE l.login = session_user;
      IF NOT FOUND THEN RETURN new; END IF;
      IF tg_table_name = 'reps' THEN
        IF tg_op = 'UPDATE' AND to_jsonb(old) - ARRAY['status', 'status_since', 'turn', 'version']
                              = to_jsonb(new) - ARRAY['status', 'status_since', 'turn', 'version']
           AND (old.status = new.status OR old.id = person
                OR new.status = 'away' OR mine IN ('team_lead', 'manager', 'owner')) THEN RETURN new; END IF;
        IF mine IN ('manager', 'owner', 'admin') AND firstring_gives(mine, new.role)
           AND (tg_op = 'INSERT' OR (old.id = new.id AND firstring_gives(mine, old.role))) THEN RETURN new; END IF;
      ELSIF tg_table_name = 'sources' THEN
        IF mine IN ('manager', 'owner', 'admin') THEN RETURN new; END IF;
      ELSIF mine IN ('manager', 'owner') THEN RETURN new;
      END IF;
      RAISE EXCEPTION USING ERRCODE = '42501',
        MESSAGE = 'a login of this role may not change ' || tg_table_name;
    END $$
    """,
    """
    CREATE TRIGGER reps_bounds BEFORE INSERT OR UPDATE ON reps
    FOR EACH ROW EXECUTE FUNCTION firstring_bounds()
    """,
    """
    CREATE TRIGGER sources_bounds BEFORE INSERT OR UPDATE ON sources
    FOR EACH ROW EXECUTE FUNCTION firstring_bounds()
    """,
    """
    CREATE TRIGGER rulebooks_bounds BEFORE INSERT OR UPDATE ON rulebooks
    FOR EACH ROW EXECUTE FUNCTION firstring_bounds()
    """,
    """
    CREATE TRIGGER floor_bounds BEFORE INSERT OR UPDATE ON floor
    FOR EACH ROW EXECUTE FUNCTION firstring_bounds()
    """,
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
