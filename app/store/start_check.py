"""Is a floor's file whole? Looked at before it is opened, since opening brings a log into it and closing writes.

The first bytes say whether it is a floor, and how long it has to be. A log beside it says that the program
which had it open was killed or the power went: then every page is read once, and the last events' hashes are
computed anew, without a byte being changed. A file that was closed properly is not read through at each start,
which would take half a second for half a million events: the hourly backup does it.
"""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import AppError, Damaged, Unavailable, WrongVersion
from app.store import schema

TAIL = 200
"""Events whose hashes are computed anew."""


def look_over(path: Path) -> None:
    """Raise Damaged, with a sentence for the person, for a file that must not be opened; it is left as it is."""
    if not path.exists():
        raise Damaged(f"There is no floor at {path}.", "No such floor")
    if path.is_file() and path.stat().st_size == 0:
        raise Damaged(f"{path.name} is empty: nothing of the floor is left in it.", "Damaged file")
    try:
        schema.check_file(path)
    except WrongVersion as error:
        raise Damaged(error.message, error.title) from error
    if _has_log(path):
        _read_through(path)
    else:
        _check_length(path)


def _has_log(path: Path) -> bool:
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _check_length(path: Path) -> None:
    """The header counts the pages, and is right whenever its two change counters agree."""
    with path.open("rb") as file:
        head = file.read(100)
    size = int.from_bytes(head[16:18])
    page = 65536 if size <= 1 else size
    pages, there = int.from_bytes(head[28:32]), path.stat().st_size // page
    if head[24:28] == head[92:96] and there < pages:
        raise Damaged(f"{path.name} is cut short and was left as it is.", "Damaged file")


def _read_through(path: Path) -> None:
    # Rarely needed, and every start would wait for it.
    from sqlalchemy.exc import DBAPIError

    from app.store.engine import open_for_reading, translated
    from app.store.guards import chain_fault
    from app.store.reading import Reading
    from app.store.restore_file import tidy

    engine = open_for_reading(path, touch=False)
    try:
        with translated(), engine.begin() as connection:
            found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
            if found != "ok":
                raise _damaged(path)
            schema.check(connection)
            reading = Reading(connection)
            if chain_fault(reading, after=max(reading.head()[0] - TAIL, 0)):
                raise _damaged(path)
    except (Damaged, WrongVersion):
        raise
    except (AppError, DBAPIError) as error:
        cause = error.__cause__ if isinstance(error, AppError) else error
        if isinstance(error, Unavailable) and "unable to open" in str(cause):
            raise
        raise _damaged(path) from error
    finally:
        engine.dispose()
        tidy(path)


def _damaged(path: Path) -> Damaged:
    return Damaged(f"{path.name} is damaged and was left as it is.", "Damaged file")
