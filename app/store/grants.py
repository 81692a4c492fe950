"""Who may touch what in a shared database: an owner nobody logs in as, one login role a person, and a server's.

Every table and guard belongs to the owner role. People are members of one role without a login that may do what
a desk does and no more: events are added and never changed, the counter is moved by the guards alone, whose a
login is stands where only an admin writes. This keeps everything attributable and the journal whole; it does
not keep a rep from sabotage by hand in their own name. Who needs that runs the server, whose login is nobody's own
and may besides let computers in.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, text

from app.domain.errors import Refused, Unavailable
from app.store import bounds
from app.store import tables as t
from app.store.guards import here

_CHANGED = "SELECT, INSERT, UPDATE"
RIGHTS = {
    "floor": "SELECT, UPDATE (rulebook)",
    "feed": "SELECT",
    "events": "SELECT, INSERT (id, tx, at, actor, kind, lead_id, body)",
    "logins": "SELECT",
    "alembic_version": "SELECT",
    "commands": "SELECT, INSERT",
    "rulebooks": "SELECT, INSERT",
    "frozen_weeks": "SELECT, INSERT",
    "week_entries": "SELECT, INSERT",
    "clock_steps": "SELECT, INSERT",
    "presence": "SELECT, INSERT, UPDATE, DELETE",
    "behaviours": "SELECT, INSERT",
    "origins": "SELECT, INSERT",
    "inquiries": "SELECT, INSERT, UPDATE (state, why, lead_id, external_id)",
    "costs": _CHANGED,
    "baselines": "SELECT, INSERT",
    "devices": "SELECT (id, rep_id, name, joined_at, renewed_at, seen_at, revoked_at)",
    "invites": "SELECT (id, rep_id, made_at, made_by, expires_at, used_at, device_id)",
    **dict.fromkeys(
        (
            "leads",
            "attempts",
            "clocks",
            "reps",
            "sources",
            "alarms",
            "imports",
            "leases",
            "outbox",
            "mail_addresses",
            "drafts",
            "turns",
            "pasts",
        ),
        _CHANGED,
    ),
}
"""What a person's login may do with a table: all that a desk does. A table that is not named it does not see."""
SERVER_RIGHTS = RIGHTS | {"devices": _CHANGED, "invites": f"{_CHANGED}, DELETE"}
"""What the login of a server may do: all that desks do, and let computers in."""
_FUNCTIONS = (
    "firstring_stamp()",
    "firstring_append_only()",
    "firstring_published()",
    "firstring_frozen()",
    *bounds.FUNCTIONS,
)
_LOGIN = re.compile(r"[a-z_][a-z0-9_.-]{0,62}")
_MAY = text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
_MAY_SIGNAL = text(
    "SELECT rolsuper OR EXISTS (SELECT 1 FROM pg_auth_members WHERE member = pg_roles.oid AND admin_option "
    "AND roleid = 'pg_signal_backend'::regrole) FROM pg_roles WHERE rolname = current_user"
)
"""Whether the owner role can be let end a session that holds everybody up; without it nobody's is ended."""
_OWNED = text(
    "SELECT count(*) FROM pg_class WHERE relname = ANY(:tables) AND relkind = 'r' "
    "AND relnamespace = CAST(:schema AS regnamespace) AND pg_get_userbyid(relowner) = :owner"
)
_IS_PERSON = text("SELECT count(*) FROM logins WHERE login = session_user")
_LACKING = text(
    "SELECT name FROM unnest(CAST(:tables AS text[]), CAST(:rights AS text[])) AS wanted(name, privilege) "
    "WHERE CASE privilege WHEN 'DELETE' THEN NOT has_table_privilege(name, privilege) "
    "ELSE NOT has_any_column_privilege(name, privilege) END ORDER BY name"
)
_IS_ROLE = text("SELECT count(*) FROM pg_roles WHERE rolname = :name")


def arrange(connection: Connection) -> str:
    """Give the floor's tables to their owner role and to people what they may; "" or why that can't be done here.

    May be done again at any time. The caller commits.
    """
    if not connection.execute(_MAY).scalar_one():
        return (
            "People can have no login roles of their own here, because your login may not make roles: "
            "let a database administrator run `firstring floor upgrade` with this address."
        )
    owner, people, server = _roles(connection)
    for role in (owner, people, server):
        if not connection.execute(_IS_ROLE, {"name": role}).scalar_one():
            _say(connection, "CREATE ROLE {} NOLOGIN", role)
    _say(connection, "GRANT {} TO CURRENT_USER", owner)
    schema = here(connection)
    run = connection.exec_driver_sql
    run(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {_quoted(connection, owner)}")
    both = f"{_quoted(connection, people)}, {_quoted(connection, server)}"
    run(f"GRANT USAGE ON SCHEMA {schema} TO {both}")
    run(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC")
    for name in sorted({*t.metadata.tables, "alembic_version"}):
        table = f"{schema}.{_quoted(connection, name)}"
        run(f"ALTER TABLE {table} OWNER TO {_quoted(connection, owner)}")
        run(f"REVOKE ALL ON {table} FROM PUBLIC, {both}")
        for rights, role in ((RIGHTS, people), (SERVER_RIGHTS, server)):
            if name in rights:
                run(f"GRANT {rights[name]} ON {table} TO {_quoted(connection, role)}")
    for function in _FUNCTIONS:
        run(f"ALTER FUNCTION {schema}.{function} OWNER TO {_quoted(connection, owner)}")
        run(f"REVOKE ALL ON FUNCTION {schema}.{function} FROM PUBLIC")
    run(f"GRANT EXECUTE ON FUNCTION {schema}.{bounds.WATCH} TO {both}")
    if connection.execute(_MAY_SIGNAL).scalar_one():
        _say(connection, "GRANT pg_signal_backend TO {}", owner)
    return ""


def _is_arranged(connection: Connection) -> bool:
    """Whether the owner role has every table: to arrange it again would wait for, and stop, whoever is at work."""
    owner = _roles(connection)[0]
    wanted = {"owner": owner, "schema": here(connection), "tables": [*t.metadata.tables, "alembic_version"]}
    return int(connection.execute(_OWNED, wanted).scalar_one()) == len(t.metadata.tables) + 1


def renew(connection: Connection) -> None:
    """After an upgrade: give people what they may in new tables, where they have roles at all."""
    if connection.execute(_IS_ROLE, {"name": _roles(connection)[1]}).scalar_one():
        arrange(connection)


def check_login(login: str) -> None:
    """Raises Refused unless it can be the name of a login role."""
    if not _LOGIN.fullmatch(login) or login.startswith("pg_"):
        raise Refused(
            "A login is a word of small letters, digits, dots, dashes and underscores that begins with a letter.",
            "No login",
        )


def add_person(connection: Connection, login: str, rep_id: str, password: str, now: datetime) -> None:
    """Make a login role for a rep; the caller commits. Raises Refused or Unavailable."""
    check_login(login)
    why = "" if _is_arranged(connection) else arrange(connection)
    if why:
        raise Unavailable(why, "Not allowed")
    if connection.execute(_IS_ROLE, {"name": login}).scalar_one():
        raise Refused(f"There is a role called {login} already. Choose another login.", "Not added")
    line: Any = connection.connection.driver_connection
    # The server sees, and may log, a hash only.
    secret = line.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    _say(connection, f"CREATE ROLE {{}} LOGIN PASSWORD '{secret}'", login)
    _say(connection, "GRANT {} TO {}", _roles(connection)[1], login)
    connection.execute(insert(t.logins).values(login=login, rep_id=rep_id, added_at=now))


def remove_person(connection: Connection, login: str) -> None:
    """Take a person's login role away, at once and for open sessions too; the caller commits. Raises Refused."""
    if connection.execute(delete(t.logins).where(t.logins.c.login == login)).rowcount != 1:
        raise Refused(f"Nobody on this floor has the login {login}.", "Not removed")
    if connection.execute(_IS_ROLE, {"name": login}).scalar_one():
        _say(connection, "REVOKE {} FROM {}", _roles(connection)[1], login)
        _say(connection, "DROP ROLE {}", login)


def why_not_served(connection: Connection) -> str:
    """Why a server can't work by the login that this connection came by, as a sentence; "" if it can. PostgreSQL."""
    login, server = connection.exec_driver_sql("SELECT session_user").scalar_one(), _roles(connection)[2]
    instead = (
        f"Serve with the login that made the floor, or with one of its own that is in the role {server}."
    )
    if connection.execute(_IS_PERSON).scalar_one():
        return (
            f"{login} is a person's own login: the database writes down all it does as done by them, and refuses it "
            f"much of what a server does for others. {instead}"
        )
    wanted = [
        (name, word.split("(")[0].strip())
        for name, rights in SERVER_RIGHTS.items()
        for word in re.split(r",\s*(?![^()]*\))", rights)
    ]
    tables, rights = zip(*wanted, strict=True)
    lacking = connection.execute(_LACKING, {"tables": list(tables), "rights": list(rights)}).scalars().all()
    if lacking:
        named = ", ".join(dict.fromkeys(lacking))
        return f"{login} may not do all that a server does in this database (with {named}). {instead}"
    return ""


def _roles(connection: Connection) -> tuple[str, str, str]:
    """(owner, people, server): the roles of this database."""
    database = str(connection.exec_driver_sql("SELECT current_database()").scalar_one())[:50]
    return f"{database}_owner", f"{database}_people", f"{database}_server"


def _say(connection: Connection, statement: str, *names: str) -> None:
    connection.exec_driver_sql(statement.format(*(_quoted(connection, name) for name in names)))


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
