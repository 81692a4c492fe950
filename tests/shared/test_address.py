"""Addresses: no password is kept with one, and beyond this computer the line is checked or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from app.address import (
    Unsafe,
    database_of,
    is_file,
    is_postgresql,
    login_of,
    parted,
    secured,
    with_login,
    with_password,
)
from app.domain.errors import Unavailable
from app.store import engine as engines


@pytest.mark.parametrize(
    ("address", "bare", "password"),
    [
        ("postgresql://ann:s3cret@db/floor", "postgresql://ann@db/floor", "s3cret"),
        ("postgres://ann:a%40b%2F@db:5433/floor", "postgresql://ann@db:5433/floor", "a@b/"),
        ("postgresql://ann@db/floor?password=x%20y&sslmode=a", "postgresql://ann@db/floor?sslmode=a", "x y"),
        ("postgresql+psycopg://ann:p@127.0.0.1:1/f", "postgresql://ann@127.0.0.1:1/f", "p"),
        ("postgresql://ann:p@a:1,b:2/f?connect_timeout=9", "postgresql://ann@a:1,b:2/f?connect_timeout=9", "p"),
        ("postgresql://db/floor", "postgresql://db/floor", ""),
        ("postgresql://ann:p@[::1]:5432/f", "postgresql://ann@[::1]:5432/f", "p"),
        ("/floors/a.firstring", "/floors/a.firstring", ""),
        ("https://ann:p@floor", "https://ann:p@floor", ""),
    ],
)  # fmt: skip
def test_a_password_is_taken_out_and_put_back(address: str, bare: str, password: str) -> None:
    assert parted(address) == (bare, password)
    assert parted(with_password(bare, password)) == (bare, password)
    assert with_password(bare, "") == bare


@given(st.text(min_size=1).filter(lambda text: "\0" not in text and text.isprintable()))
def test_libpq_reads_the_password_that_was_meant(password: str) -> None:
    for bare in ("postgresql://ann@db/floor", "postgresql://db/floor?user=ann"):
        told = conninfo_to_dict(with_password(bare, password))
        assert (told["password"], told["user"], told["host"]) == (password, "ann", "db")


def test_the_parts_of_an_address() -> None:
    assert login_of("postgresql://ann%2Eb@db/floor") == "ann.b"
    assert login_of("postgresql://db/floor?user=ann") == "ann"
    assert database_of("postgresql://ann@db/north%20floor") == "north floor"
    assert database_of("postgresql://ann@db") == "ann"
    assert with_login("postgresql://admin:x@a:1,b:2/f?user=q&sslmode=verify-full", "ann") == (
        "postgresql://ann@a:1,b:2/f?sslmode=verify-full"
    )
    assert is_file("C:\\floors\\a.floor")
    assert not is_postgresql("https://floor")


HERE = (
    "postgresql://ann@127.0.0.1/f?sslmode=disable",
    "postgresql://ann@localhost:5433/f",
    "postgresql://ann@[::1]/f",
    "postgresql:///f?host=/var/run/postgresql",
    "postgresql:///f",
)


@pytest.mark.parametrize("address", HERE)
def test_on_this_computer_a_line_may_be_plain(address: str) -> None:
    assert conninfo_to_dict(secured(address, {})) == conninfo_to_dict(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann@db.example/f",
        "postgresql://ann@10.0.0.7/f?sslmode=verify-full",
        "postgresql://ann@127.0.0.1:1,db.example:2/f",
        "postgresql:///f?host=db.example",
        "postgresql://ann@localhost/f?hostaddr=10.0.0.7",
        "postgresql:///f?service=floor",
    ],
)
def test_beyond_this_computer_the_certificate_is_checked(address: str) -> None:
    told = conninfo_to_dict(secured(address, {}))
    assert told["sslmode"] == "verify-full"
    assert told.get("sslrootcert")


def test_what_the_environment_adds_counts() -> None:
    assert "verify-full" in secured("postgresql:///f", {"PGHOST": "db.example"})
    assert "verify-full" in secured("postgresql://localhost/f", {"PGHOSTADDR": "10.0.0.7"})
    assert "sslrootcert" not in secured("postgresql://db.example/f", {"PGSSLROOTCERT": "/etc/floor.crt"})


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
def test_a_weaker_line_is_refused_with_a_sentence(mode: str) -> None:
    address = f"postgresql://ann@db.example/f?sslmode={mode}"
    with pytest.raises(Unsafe, match="verify-full"):
        secured(address, {})
    with pytest.raises(Unavailable, match=f"sslmode={mode}.*verify-full") as error:
        engines.open_postgresql(address)
    assert error.value.title == "Not a safe line"


@pytest.mark.parametrize("address", ["postgresql://ann@db:port/f", "postgresql://localhost/f?frobnicate=1"])
def test_what_is_no_address_is_a_sentence(address: str) -> None:
    with pytest.raises(Unavailable) as error:
        engines.try_line(address)
    assert error.value.message.endswith(".")
