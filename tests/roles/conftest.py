"""A floor with a person of every role, on both databases, and a way to see every row of it.

PostgreSQL is come to by the login of a server, so that all that is said here is what such a login may do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.address import is_file
from app.clock import HandClock, new_id
from app.codec import encode
from app.domain.commands import AddRep, AddSource, CaptureInquiry, InviteDesk, JoinFloor
from app.domain.device import new_secret, new_token, secret_sha256, token_sha256
from app.domain.inquiry import Inquiry
from app.domain.lead import Lead, Role
from app.domain.questions import LeadHistory
from app.domain.roles import MACHINES, Machine, Standing
from app.floor.local import LocalFloor
from app.store.book import Book
from app.store.tables import metadata
from tests.fresh import DATABASES, START, fresh_floor
from tests.shared.server_login import server_login


class Cast:
    """The floor and who is on it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.clock = HandClock(START)
        self._count = count(1)
        self.terminal = LocalFloor(book, self.clock, "admin")
        self.people = {
            role: self.terminal.do(AddRep(name=role.value.title(), role=role)).value.id for role in Role
        }
        self.source = self.terminal.do(
            AddSource(name="Web", channel="json", secret="s3cret-of-sixteen")
        ).value.id

    def actor(self, standing: Standing) -> str:
        if isinstance(standing, Machine):
            return next(word for word, machine in MACHINES.items() if machine is standing)
        return self.people[standing]

    def by(self, standing: Standing) -> LocalFloor:
        return self.terminal.as_actor(self.actor(standing))

    def inquiry(self, raw: bytes) -> Inquiry:
        return Inquiry(
            id=new_id(), channel="json", source_id=self.source, raw=raw, received_at=self.clock.now()
        )

    def lead(self, name: str, owner: Role | None = None) -> Lead:
        """Somebody new, in the pool or given to a person."""
        n = next(self._count)
        raw = encode({"name": name, "email": f"{name}{n}@firm.example", "phone": f"+1303555{n:04d}"})
        lead_id = self.by(Machine.CAPTURE).do(CaptureInquiry(inquiry=self.inquiry(raw))).value.lead_id
        if owner is not None:
            self.give(lead_id, owner)
        return self.terminal.ask(LeadHistory(lead_id=lead_id)).lead

    def give(self, lead_id: str, owner: Role | None) -> None:
        """What routing will do: the lead is theirs now."""
        from app.domain.events import LeadRouted

        with self.book.writing("admin", self.clock.now()) as w:
            to = self.people[owner] if owner is not None else ""
            w.save_lead(replace(w.lead(lead_id), owner=to))
            w.record(LeadRouted(to=to, why="given"), lead_id)

    def invited(self, role: Role) -> str:
        """Invite the person of that role; the secret."""
        secret = new_secret()
        self.terminal.do(InviteDesk(rep_id=self.people[role], secret_sha256=secret_sha256(secret)))
        return secret

    def device(self, role: Role) -> str:
        """A computer of the person of that role; its id."""
        command = JoinFloor(
            secret=self.invited(role), device="Laptop", token_sha256=token_sha256(new_token())
        )
        return self.by(Machine.JOINING).do(command).value.device_id

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with self.book.reading() as reading:
            return {
                table.name: sorted((tuple(row) for row in reading.db.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }


def served(address: str) -> AbstractContextManager[str]:
    """The address by which a server comes."""
    return nullcontext(address) if is_file(address) else server_login(address)


@pytest.fixture(params=DATABASES)
def cast(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cast]:
    cluster: Callable[[], Any] = lambda: request.getfixturevalue("pg_cluster")  # noqa: E731
    with fresh_floor(request.param, tmp_path, cluster) as address, served(address) as login:
        book = Book(login)
        made = Cast(book)
        yield made
        made.terminal.close()
