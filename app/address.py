"""Where a floor is: the path of a file, or a postgresql:// address, which is libpq's own form.

A password is never kept with an address. `parted` takes it out before the address is shown or written down,
`with_password` puts it back just before somebody connects. Beyond this computer the line to a database is
encrypted and its certificate checked, or there is no line: `secured` sees to it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


def is_file(address: str) -> bool:
    """Whether a floor's address is a file, not a server."""
    return "://" not in address


def is_postgresql(address: str) -> bool:
    return address.partition("://")[0].lower() in _SCHEMES and not is_file(address)


def parted(address: str) -> tuple[str, str]:
    """(the address without a password, the password or ""). Anything but a PostgreSQL address stays as it is."""
    if not is_postgresql(address):
        return address, ""
    netloc, path, query = _split(address)
    login, at, hosts = netloc.rpartition("@")
    user, _, password = login.partition(":")
    kept = [(key, value) for key, value in query if key != "password"]
    said = dict(query).get("password", "")
    return _joined(f"{user}{at}{hosts}" if user else hosts, path, kept), unquote(password) or said


def with_password(address: str, password: str) -> str:
    """The address as it is handed to libpq; with "" unchanged."""
    if not password or not is_postgresql(address):
        return address
    netloc, path, query = _split(parted(address)[0])
    login, _, hosts = netloc.rpartition("@")
    if login:
        return _joined(f"{login}:{quote(password, safe='')}@{hosts}", path, query)
    return _joined(netloc, path, [*query, ("password", password)])


def login_of(address: str) -> str:
    """The login role that an address names; "" when it names none."""
    netloc, _, query = _split(address)
    login = netloc.rpartition("@")[0].partition(":")[0]
    return unquote(login) or dict(query).get("user", "")


def with_login(address: str, login: str) -> str:
    """The same floor for another login role, without a password."""
    netloc, path, query = _split(parted(address)[0])
    hosts = netloc.rpartition("@")[2]
    return _joined(f"{quote(login, safe='')}@{hosts}", path, [item for item in query if item[0] != "user"])


def database_of(address: str) -> str:
    """The database's name, for a person."""
    _, path, query = _split(address)
    return unquote(path) or dict(query).get("dbname", "") or login_of(address)


class Unsafe(ValueError):
    """The address asks for a line on which others could listen or pose as the database; said in a sentence."""


def secured(address: str, environ: Mapping[str, str] = os.environ) -> str:
    """The address with what a safe line needs; raises Unsafe for one that asks for less.

    Off this computer `sslmode=verify-full` is demanded and is what an address without an `sslmode` gets; the
    certificate is checked against `sslrootcert`, else libpq's usual file, else the authorities this computer
    trusts.
    """
    netloc, path, query = _split(address)
    said = dict(query)
    if all(map(_is_here, _hosts(netloc, said, environ))) and "service" not in said:
        return _joined(netloc, path, query)
    mode = said.get("sslmode", "")
    if mode not in ("", "verify-full"):
        raise Unsafe(
            f"The address says sslmode={mode}. A floor's database on another computer is reached only by an "
            "encrypted line whose certificate is checked: say sslmode=verify-full, or leave it out."
        )
    if not mode:
        query.append(("sslmode", "verify-full"))
    usual = Path("~/.postgresql/root.crt").expanduser()
    if not said.get("sslrootcert") and not environ.get("PGSSLROOTCERT") and not usual.exists():
        query.append(("sslrootcert", "system"))
    return _joined(netloc, path, query)


def has_several_hosts(address: str) -> bool:
    """Whether an address names several computers and leaves open which of them is to be written to."""
    netloc, _, query = _split(address)
    said = dict(query)
    named = (netloc.rpartition("@")[2], said.get("host", ""), said.get("hostaddr", ""))
    return any("," in part for part in named) and "target_session_attrs" not in said


def _hosts(netloc: str, said: Mapping[str, str], environ: Mapping[str, str]) -> list[str]:
    """Everything that libpq would connect to; "" stands for this computer's socket."""
    told = netloc.rpartition("@")[2] or said.get("host", "") or environ.get("PGHOST", "")
    named = said.get("hostaddr", "") or environ.get("PGHOSTADDR", "")
    return [_bare_host(host) for part in (told, said.get("host", ""), named) for host in part.split(",")]


def _bare_host(host: str) -> str:
    """Without its port and brackets; an address of version 6 has more than one colon."""
    host = unquote(host.strip())
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0]


def _is_here(host: str) -> bool:
    if host in ("", "localhost") or host.startswith(("/", "@")):
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _split(address: str) -> tuple[str, str, list[tuple[str, str]]]:
    """(login and hosts, path, query) of a PostgreSQL address, which may name several hosts."""
    rest = address.partition("://")[2]
    before, _, query = rest.partition("?")
    netloc, _, path = before.partition("/")
    return netloc, path, parse_qsl(query, keep_blank_values=True)


def _joined(netloc: str, path: str, query: list[tuple[str, str]]) -> str:
    words = urlencode(query, quote_via=quote)
    return f"postgresql://{netloc}{'/' + path if path else ''}{'?' + words if words else ''}"
