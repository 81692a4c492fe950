"""Backing a shared database up: pg_dump from one exported look, restored once into a scratch database.

The rows are counted in the same look as the dump is taken from, so that the restored copy can be compared with
it exactly. Where the login role may not make databases, the dump is only unpacked to its end, and its facts say
that it was not restored.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app.store.backup import Facts, check_restored, facts_of, need_space
from app.store.engine import open_postgresql, translated
from app.store.postgres_tools import ToolFailed, Tools, tools_for

_NO_RIGHT = "42501"


def take(address: str, part: Path, now: datetime, wanted: Callable[[Facts], bool]) -> Facts | None:
    """Dump a floor's database to `part` and verify the dump; None when its facts are not wanted. Raises AppError."""
    engine = open_postgresql(address)
    try:
        with translated(), engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                tools, facts = tools_for(connection), _first_look(connection, now)
                if not wanted(facts):
                    return None
                size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
                need_space(part.parent, int(size))
                look = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
                tools.run("pg_dump", address, "--format=custom", f"--snapshot={look}", f"--file={part}")
        with translated():
            return replace(facts, restored=verify(engine, address, part, facts, tools))
    finally:
        engine.dispose()


def _first_look(connection: Connection, now: datetime) -> Facts:
    """The look that the dump shares has to outlast it."""
    for limit in ("idle_in_transaction_session_timeout", "statement_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
    return facts_of(connection, now)


def verify(engine: Engine, address: str, dump: Path, facts: Facts | None, tools: Tools) -> bool:
    """Restore a dump into a scratch database and compare; False where none may be made. Raises BadBackup."""
    try:
        with scratch(engine, address) as place:
            load(tools, place, dump)
            if facts is not None:
                check_place(place, facts)
            return True
    except NoScratch:
        tools.read_through(dump)
        return False


def check_place(address: str, facts: Facts) -> None:
    """Raise BadBackup unless the database at an address is what the facts say."""
    restored = open_postgresql(address)
    try:
        with translated(), restored.begin() as connection:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            check_restored(connection, facts)
    finally:
        restored.dispose()


def load(tools: Tools, address: str, dump: Path) -> bool:
    """Load a dump into an empty database; whether the rights of its people came with it.

    They can't where a role they were given to is not known to the server.
    """
    words = ["--no-owner", *(["--exit-on-error"] if tools.same_version else [])]
    try:
        tools.run("pg_restore", address, *words, "--single-transaction", str(dump))
    except ToolFailed as error:
        if 'role "' not in error.said or "does not exist" not in error.said:
            raise
        tools.run("pg_restore", address, *words, "--single-transaction", "--no-acl", str(dump))
        return False
    return True


class NoScratch(Exception):
    """The login role may not make databases."""


@contextmanager
def scratch(engine: Engine, address: str) -> Iterator[str]:
    """The address of an empty database beside the floor's, dropped at the end."""
    name = f"firstring_check_{secrets.token_hex(6)}"
    make_database(engine, name)
    try:
        yield sibling(address, name)
    finally:
        drop_database(engine, name)


def make_database(engine: Engine, name: str) -> None:
    """Raises NoScratch."""
    try:
        _at_once(engine, f"CREATE DATABASE {quoted(engine, name)} TEMPLATE template0")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == _NO_RIGHT:
            raise NoScratch from error
        raise


def drop_database(engine: Engine, name: str) -> None:
    _at_once(engine, f"DROP DATABASE IF EXISTS {quoted(engine, name)} WITH (FORCE)")


def _at_once(engine: Engine, statement: str) -> None:
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("SET statement_timeout = 0"))
        connection.exec_driver_sql(statement)
        connection.execute(text("SET statement_timeout = '30s'"))


def quoted(engine: Engine, name: str) -> str:
    """A name of a database, as part of a statement: those can't be bound."""
    return engine.dialect.identifier_preparer.quote_identifier(name)


def sibling(address: str, database: str) -> str:
    """The address of another database of the same server."""
    return make_url(address).set(database=database).render_as_string(hide_password=False)
