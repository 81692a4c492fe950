"""The password of a shared floor, for a command of the terminal: found where it is kept, or asked for."""

from __future__ import annotations

import sys
from getpass import getpass

from app import secret
from app.address import is_postgresql, parted, with_password
from app.domain.errors import NeedsPassword, Unavailable


def reach(address: str) -> str:
    """The address as the database takes it: with the password told in it, kept in the keyring, or typed in now.

    A password that libpq finds itself (PGPASSWORD, ~/.pgpass) needs nothing of this. One that was typed and
    taken is kept in the keyring where there is a good one. Raises Unavailable where the database says no, or
    where nobody sits here to be asked.
    """
    if not is_postgresql(address):
        return address
    from app.store.engine import try_line

    bare, told = parted(address)
    kept = "" if told else secret.look_up(bare)
    try:
        try_line(with_password(bare, told or kept))
        return with_password(bare, told or kept)
    except NeedsPassword as error:
        if told or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise Unavailable(
                error.message if told else f"{error.message} Set PGPASSWORD, or keep it in ~/.pgpass.",
                error.title,
            ) from error
    typed = getpass(f"Password for {bare}: ")
    try_line(with_password(bare, typed))
    if not secret.keep(bare, typed):
        print(  # noqa: T201
            "This computer has no safe keyring, so the password is not kept.", file=sys.stderr
        )
    return with_password(bare, typed)
