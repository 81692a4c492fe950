"""Starting a floor: its books, its first person, who owns it, and a first way in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.address import is_file
from app.clock import SystemClock


def new_floor(address: str, name: str, rep_name: str, country: str = "US") -> str:
    """Make a floor with its first person, who owns it, and a web form; the id of that person."""
    from app.domain.commands import AddRep, AddSource, PublishRulebook
    from app.domain.lead import Role
    from app.domain.rulebook import DEFAULT
    from app.floor.local import LocalFloor
    from app.store.book import Book, start_floor
    from app.store.place import check_place, hold

    clock = SystemClock()
    if is_file(address):
        check_place(Path(address))
    start_floor(address, name, clock.now())
    lock = hold(Path(address)) if is_file(address) else None
    try:
        floor = LocalFloor(Book(address), clock, "admin")
        try:
            me = floor.do(AddRep(name=rep_name, role=Role.OWNER)).value.id
            floor.do(AddSource(name="Web site", channel="form"))
            if country != DEFAULT.default_country:
                floor.do(PublishRulebook(rulebook=replace(DEFAULT, default_country=country)))
            return me
        finally:
            floor.close()
    finally:
        if lock is not None:
            lock.release()
