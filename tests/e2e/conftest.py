"""The desktop that these tests share, and a house for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.driver import House
from tests.e2e.places import FILE, kept
from tests.e2e.screen import Desktop, missing, until


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """A screen with a window manager, a bus and a notification daemon."""
    if lacks := missing():
        pytest.skip(f"no desktop for the program: {lacks}")
    with Desktop() as made:
        yield made


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path, desktop: Desktop) -> Iterator[House]:
    """A house on the desktop; no run in it may log a mistake, or leave a bubble that nobody answers to."""
    made = House(tmp_path, desktop)
    try:
        with kept(getattr(request, "param", FILE), made, request) as made.place:
            yield made
        assert not made.mistakes(), made.logged
        if not made.killed:
            until(lambda: not desktop.ear.standing(), "the program took its bubbles with it")
    finally:
        desktop.sweep()


@pytest.fixture
def bare_house(tmp_path: Path) -> Iterator[House]:
    """A house without any desktop around it."""
    made = House(tmp_path)
    yield made
    assert not made.mistakes(), made.logged
