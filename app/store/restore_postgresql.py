"""Putting a dump in the place of a floor's database.

It is loaded into a new database beside the old one and verified there; then, in one transaction, the old one is
renamed and the new one gets its name. Nobody may be connected to the old one. Without the right to make
databases a dump can be loaded into an empty one only.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app.domain.errors import AppError, Unavailable
from app.store import schema
from app.store.backup import BadBackup, Facts, digest_of, facts_beside
from app.store.backup_postgresql import (
    NoScratch,
    check_place,
    drop_database,
    load,
    make_database,
    quoted,
    sibling,
)
from app.store.engine import open_postgresql, translated
from app.store.grants import arrange
from app.store.postgres_tools import tools_for
from app.store.restore import Loss
from app.store.restore_doors import doors_of, take_over
from app.store.restore_file import compare

_log = logging.getLogger(__name__)
_MEETING = ("postgres", "template1")
"""Databases of every server, from which others are renamed."""


class DatabaseInUse(AppError):
    """Somebody is connected to the database that is to be replaced."""

    def __init__(self, name: str, count: int) -> None:
        who = "somebody is" if count == 1 else f"{count} programs are"
        super().__init__(
            "Already open", f"The database {name} can't be replaced while {who} connected to it."
        )


def examine(dump: Path) -> Facts:
    """What a dump is, by the facts beside it; it is verified when it is loaded. Raises BadBackup."""
    facts = facts_beside(dump)
    if facts is None:
        raise BadBackup(f"The facts of this backup are missing: {dump.name}.json must lie beside it.")
    if digest_of(dump) != facts.sha256:
        raise BadBackup(f"The backup {dump.name} is damaged: it is not what was written.")
    if int(facts.schema.partition(".")[0]) > schema.MAJOR:
        raise BadBackup("This backup was made by a newer Firstring. Please update this one first.")
    return facts


def loss(address: str, facts: Facts) -> Loss:
    """What restoring to an address would put aside."""
    engine = open_postgresql(address)
    try:
        with translated(), engine.begin() as connection:
            if not inspect(connection).get_table_names():
                return Loss(nothing_there=True)
            return compare(connection, facts)
    except AppError as error:
        if "does not exist" in str(error.__cause__):
            return Loss(nothing_there=True)
        return Loss(unreadable=error.message)
    finally:
        engine.dispose()


def restore(dump: Path, address: str, now: datetime) -> str:
    """Load a verified dump in the place of a database; what the old one is called now ("" if there was none)."""
    facts = examine(dump)
    name = make_url(address).database or ""
    engine = _meeting_place(address)
    try:
        with translated(), engine.begin() as connection:
            tools, there = tools_for(connection), _exists(connection, name)
            _refuse_in_use(connection, name)
        beside = f"{name[:40]}_restoring_{secrets.token_hex(4)}"
        with translated():
            try:
                make_database(engine, beside)
            except NoScratch:
                return _into_empty(address, there, dump, facts)
            try:
                load(tools, sibling(address, beside), dump)
                check_place(sibling(address, beside), facts)
                _keep_doors(address if there else "", sibling(address, beside), facts.floor_id)
                before = _free_name(engine, name, now) if there else ""
                _swap(engine, name, beside, before)
            except BaseException:
                drop_database(engine, beside)
                raise
        _give_to_owner(address)
        return before
    finally:
        engine.dispose()


def _meeting_place(address: str) -> Engine:
    """An engine on another database of the same server."""
    trouble: Exception | None = None
    for name in _MEETING:
        engine = open_postgresql(sibling(address, name))
        try:
            with translated(), engine.connect():
                return engine
        except Unavailable as error:
            trouble = error
            engine.dispose()
    assert trouble is not None
    raise trouble


def _exists(connection: Connection, name: str) -> bool:
    query = text("SELECT 1 FROM pg_database WHERE datname = :name")
    return connection.execute(query, {"name": name}).first() is not None


def _free_name(engine: Engine, name: str, now: datetime) -> str:
    """What the old database will be called."""
    before = wanted = f"{name[:30]}_before_restore_{now:%Y%m%dT%H%M%SZ}"
    number = 2
    with engine.begin() as connection:
        while _exists(connection, before):
            before, number = f"{wanted}_{number}", number + 1
    return before


def _refuse_in_use(connection: Connection, name: str) -> None:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND backend_type = 'client backend'"
    )
    count = int(connection.execute(query, {"name": name}).scalar_one())
    if count:
        raise DatabaseInUse(name, count)


def _swap(engine: Engine, name: str, beside: str, before: str) -> None:
    try:
        with engine.begin() as connection:
            if before:
                connection.exec_driver_sql(
                    f"ALTER DATABASE {quoted(engine, name)} RENAME TO {quoted(engine, before)}"
                )
            connection.exec_driver_sql(
                f"ALTER DATABASE {quoted(engine, beside)} RENAME TO {quoted(engine, name)}"
            )
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "55006":
            raise DatabaseInUse(name, 1) from error
        raise


def _into_empty(address: str, there: bool, dump: Path, facts: Facts) -> str:
    """Load a dump into a database with nothing in it, where no other one may be made."""
    engine = open_postgresql(address)
    try:
        with translated(), engine.connect() as connection:
            if not there or inspect(connection).get_table_names():
                raise BadBackup(
                    "This login role may not make databases, so it can restore into an empty one only. Have "
                    "an empty database made, or restore as a role that may make them.",
                    "Not restored",
                )
            tools = tools_for(connection)
    finally:
        engine.dispose()
    load(tools, address, dump)
    check_place(address, facts)
    _keep_doors("", address, facts.floor_id)
    _give_to_owner(address)
    return ""


def _keep_doors(old: str, new: str, floor_id: str) -> None:
    """Let into the new database whom the one lets in that it replaces."""
    doors = None
    with suppress(AppError):  # what can't be read is put aside as it is
        if old:
            with _at(old) as connection:
                schema.check(connection)
                doors = doors_of(connection, floor_id)
    with _at(new) as connection:
        take_over(connection, doors)


def _give_to_owner(address: str) -> None:
    """The owner role and what people may are of the database's name, and a dump knows neither."""
    with _at(address) as connection:
        why = arrange(connection)
    if why:
        _log.warning("restored without roles for people: %s", why)


@contextmanager
def _at(address: str) -> Iterator[Connection]:
    engine = open_postgresql(address, at_leisure=True)
    try:
        with translated(), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
