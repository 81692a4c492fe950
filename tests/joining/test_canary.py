"""Secrets and tokens are nowhere: not in the database, not in its log, not in the program's."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.clock import HandClock
from app.domain.commands import InviteDesk, JoinFloor, RenewToken
from app.domain.device import new_secret, new_token, secret_sha256, token_sha256
from app.domain.errors import Refused
from app.service.handle import handle
from app.service.passes import Passes
from app.store.book import Book


def everything(address: str) -> bytes:
    """All that the floor's database holds."""
    if "://" not in address:
        return b"".join(file.read_bytes() for file in Path(address).parent.iterdir())
    import psycopg

    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [connection.execute(f"SELECT t::text FROM {name} t".encode()).fetchall() for (name,) in tables]
    return repr(rows).encode()


def test_no_secret_and_no_token_is_kept_anywhere(
    address: str, book: Book, clock: HandClock, ana: str, passes: Passes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret, wrong, token, newer = new_secret(), new_secret(), new_token(), new_token()
    handle(book, InviteDesk(rep_id=ana, secret_sha256=secret_sha256(secret)), "admin", clock.now())
    with pytest.raises(Refused):
        passes.join(JoinFloor(secret=wrong, device="x", token_sha256=token_sha256("z")), "192.0.2.1")
    command = JoinFloor(secret=secret, device="Canary", token_sha256=token_sha256(token))
    device = passes.join(command, "192.0.2.1")[0].device_id
    passes.join(command, "192.0.2.1")
    passes.holder(token)
    handle(book, RenewToken(device_id=device, token_sha256=token_sha256(newer)), ana, clock.now())
    clock.advance(minutes=10)
    passes.holder(newer)
    passes.holder(token)  # stolen: logged, and revoked
    kept = everything(address) + caplog.text.encode()
    assert b"Canary" in kept, "the net has no holes"
    assert token_sha256(newer).encode() in kept
    for canary in (secret, secret.replace("-", ""), wrong, wrong.replace("-", ""), token, newer):
        assert canary.encode() not in kept
        assert canary.lower().encode() not in kept
