"""Which schema a database has, and bringing it to ours.

The schema has a major and a minor number. An older program goes on working on a newer minor and says "please
update" on a newer major. A new floor is made in one transaction from the table definitions; an existing one is
brought forward by the migrations in `migrations/`, after a verified copy of a SQLite file was put beside it. What a
first look needs of this module is said without SQLAlchemy, which is loaded by the functions that need it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import Unavailable, WrongVersion

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MAJOR = 1
MINOR = 20
REVISION = "0020"
"""The newest migration; its effect equals `tables.py`."""
_APPLICATION_ID = 0x46697273
"""Marks a SQLite file as a floor ("Firs")."""
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def lay(connection: Connection) -> None:
    """Make the tables, empty and unguarded, in an empty database; the caller commits."""
    from sqlalchemy import text

    from app.store import tables as t

    t.whole_schema().create_all(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={_APPLICATION_ID}")


def create(connection: Connection, floor_id: str, name: str, now: datetime) -> None:
    """Make a new floor in an empty database; the caller commits."""
    from sqlalchemy import insert

    from app.codec import encode_text
    from app.domain.rulebook import DEFAULT
    from app.store import guards
    from app.store import tables as t

    lay(connection)
    guards.install(connection)
    connection.execute(insert(t.feed).values(one=1, last=0, head=""))
    connection.execute(
        insert(t.rulebooks).values(version=DEFAULT.version, published_at=now, body=encode_text(DEFAULT))
    )
    connection.execute(
        insert(t.floor).values(
            one=1,
            id=floor_id,
            name=name,
            started_at=now,
            schema_major=MAJOR,
            schema_minor=MINOR,
            rulebook=DEFAULT.version,
        )
    )


def check_file(path: Path) -> None:
    """Refuse a file that is no floor by its first bytes, before opening it would change it."""
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError as error:
        raise Unavailable(f"{path.name} can't be read as a floor's file.", "Not a floor") from error
    is_floor = head.startswith(b"SQLite format 3\0") and int.from_bytes(head[68:]) == _APPLICATION_ID
    if not is_floor and not Path(f"{path}-wal").exists():
        raise WrongVersion(f"{path.name} is not a Firstring floor.", "Not a floor")


def is_empty(at: Engine | Connection) -> bool:
    """Whether a database holds no table yet."""
    from sqlalchemy import inspect

    return not inspect(at).get_table_names()


def check(connection: Connection) -> None:
    """Refuse what this program must not touch: another program's database, or a newer major schema."""
    from sqlalchemy import inspect

    if not inspect(connection).has_table("floor"):
        raise WrongVersion("This database is not a Firstring floor.", "Not a floor")
    major, minor = version(connection)
    if major > MAJOR:
        raise WrongVersion(
            f"This floor was made by a newer Firstring (its schema is {major}.{minor}, this program knows "
            f"{MAJOR}.{MINOR}). Please update Firstring; nothing was changed."
        )


def version(connection: Connection) -> tuple[int, int]:
    """The schema's (major, minor), as the floor says it."""
    from sqlalchemy import select

    from app.store import tables as t

    major, minor = connection.execute(select(t.floor.c.schema_major, t.floor.c.schema_minor)).one()
    return int(major), int(minor)


def revision(connection: Connection) -> str:
    from sqlalchemy import text

    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, in one transaction."""
    from alembic import command
    from alembic.config import Config

    if not MIGRATIONS.is_dir():
        raise Unavailable("The migrations folder is missing; reinstall Firstring.", "Incomplete installation")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
