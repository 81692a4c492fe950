"""A shared floor with login roles for its people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from app.address import with_login, with_password
from app.clock import new_id
from app.domain.lead import Rep, RepStatus, Role
from app.store import grants
from app.store.book import Book
from tests.fresh import START, fresh_floor
from tests.postgres import Cluster

_number = count(1)
PASSWORD = "s3cret of the test"


class People:
    """Gives people of a shared floor their logins, and takes them away at the end."""

    def __init__(self, address: str) -> None:
        self.address = address.replace("+psycopg", "")
        self.admin = Book(self.address)
        self._logins: list[str] = []

    def rep(self, role: Role = Role.REP) -> str:
        """Somebody new on the floor; their id."""
        rep = Rep(
            id=new_id(), name=f"{role} {next(_number)}", role=role, status=RepStatus.AWAY, status_since=START
        )
        with self.admin.writing("setup", START) as w:
            w.add_rep(rep)
        return rep.id

    def login(self, rep_id: str) -> str:
        """The address of the floor by a login role of that person's own."""
        login = f"tester_{next(_number)}_{rep_id[-6:]}"
        self.admin.change_logins(lambda db: grants.add_person(db, login, rep_id, PASSWORD, START))
        self._logins.append(login)
        return with_password(with_login(self.address, login), PASSWORD)

    def close(self) -> None:
        for login in self._logins:
            self.admin.change_logins(lambda db, login=login: grants.remove_person(db, login))  # type: ignore[misc]
        self.admin.close()


@pytest.fixture
def people(pg_cluster: Cluster, tmp_path: Path) -> Iterator[People]:
    with fresh_floor("postgresql", tmp_path, lambda: pg_cluster) as address:
        made = People(address)
        yield made
        made.close()
