"""The lock files hold what pyproject.toml asks for, to the hash, and do not say where it is fetched from."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT

ASKED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock: str) -> dict[str, list[str]]:
    """The hashes of each `name==version` in the lock."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            name = line.split(" ")[0]
            found[name] = []
        elif line.strip().startswith("--hash"):
            found[name].append(line.strip(" \\"))
    return found


def versions(lock: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pin in pins(lock):
        name, _, version = pin.partition("==")
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def unmet(asked: list[str], lock: str) -> list[str]:
    have = versions(lock)
    return [
        ask
        for ask in asked
        for requirement in [Requirement(ask)]
        if not any(
            requirement.specifier.contains(v) for v in have.get(canonicalize_name(requirement.name), [])
        )
    ]


def test_the_locks_hold_what_is_asked_for() -> None:
    program, tests = ASKED["project"]["dependencies"], ASKED["dependency-groups"]["tests"]
    assert not unmet(program, "requirements.lock")
    assert not unmet(program + tests, "requirements-tests.lock")


def test_the_tests_run_on_the_programs_own_libraries() -> None:
    program, tests = pins("requirements.lock"), pins("requirements-tests.lock")
    assert {pin: tests.get(pin) for pin in program} == program


def test_every_pin_has_its_hashes() -> None:
    for lock in ("requirements.lock", "requirements-tests.lock"):
        assert all(hashes for hashes in pins(lock).values())
        assert not re.search(r"https?:|--index|--find-links", (ROOT / lock).read_text(encoding="utf-8"))
