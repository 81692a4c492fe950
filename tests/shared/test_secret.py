"""Secrets are in a keyring that is good, or nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError

from app import secret


class Drawer(KeyringBackend):
    """A keyring in memory, as good as it is told to be."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Plain(Drawer):
    priority = 0.5  # type: ignore[assignment]


class Forgetful(Drawer):
    def get_password(self, service: str, username: str) -> str | None:
        return None


class Locked(Drawer):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise InitError("Prompt dismissed")

    def get_password(self, service: str, username: str) -> str | None:
        raise InitError("Prompt dismissed")


@pytest.fixture
def ring(request: pytest.FixtureRequest) -> Iterator[Drawer]:
    before = keyring.get_keyring()
    made: Drawer = request.param()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.mark.parametrize("ring", [Drawer], indirect=True)
def test_what_is_kept_is_found_and_forgotten(ring: Drawer) -> None:
    assert secret.look_up("postgresql://ann@db/f") == ""
    assert secret.keep("postgresql://ann@db/f", "s3cret ☎")
    assert secret.look_up("postgresql://ann@db/f") == "s3cret ☎"
    assert secret.look_up("postgresql://bob@db/f") == ""
    secret.forget("postgresql://ann@db/f")
    secret.forget("postgresql://ann@db/f")
    assert ring.kept == {}


@pytest.mark.parametrize("ring", [Plain, Forgetful, Locked], indirect=True)
def test_a_keyring_that_is_not_good_keeps_nothing(ring: Drawer) -> None:
    assert not secret.keep("name", "s3cret")
    assert secret.look_up("name") == ""
    assert not isinstance(ring, Plain) or ring.kept == {}


def test_without_a_keyring_nothing_is_kept() -> None:
    assert not secret.keep("name", "s3cret")
    assert secret.look_up("name") == ""
    secret.forget("name")
