"""A login role for a server, made as docs/serve.md says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import create_engine

from app.address import database_of, with_login, with_password
from app.store import grants

PASSWORD = "s3cret of the server"
_number = count(1)


@contextmanager
def server_login(address: str) -> Iterator[str]:
    """The address of a floor by a server's login, which goes again."""
    bare = address.replace("+psycopg", "")
    login = f"server_{next(_number)}_{database_of(bare)[-12:]}"
    admin = create_engine(bare.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with admin.begin() as connection:
            assert not grants.arrange(connection)
            connection.exec_driver_sql(f"CREATE ROLE \"{login}\" LOGIN PASSWORD '{PASSWORD}'")
            connection.exec_driver_sql(f'GRANT "{database_of(bare)}_server" TO "{login}"')
        yield with_password(with_login(bare, login), PASSWORD)
        with admin.begin() as connection:
            connection.exec_driver_sql(f'DROP ROLE "{login}"')
    finally:
        admin.dispose()
