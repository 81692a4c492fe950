"""The list of what is inside: every line of the lock is in it, in a form that scanners read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import version
from typing import Any

import pytest

from app.cli import sbom
from app.domain.errors import Unavailable
from tests.architecture.test_locks import pins
from tests.architecture.tree import ROOT


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    words = [sys.executable, "main.py", "doctor", "--sbom"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_line_of_the_lock_is_in_it(told: dict[str, Any]) -> None:
    parts = [part for part in told["components"] if part["type"] == "library"]
    assert [f"{part['name']}=={part['version']}" for part in parts] == list(pins("requirements.lock"))
    assert len({part["bom-ref"] for part in parts}) == len(parts)
    needed = {part["name"]: dict(map(dict.values, part["properties"])) for part in parts}
    assert needed["aiohttp"]["firstring:installed"] == version("aiohttp")
    assert "win32" in needed["pywin32-ctypes"]["firstring:needed-where"]


def test_it_is_what_cyclonedx_asks_for(told: dict[str, Any]) -> None:
    assert (told["bomFormat"], told["specVersion"], told["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", told["serialNumber"]
    )
    assert told["metadata"]["component"]["name"] == "firstring"
    for part in told["components"]:
        assert part["name"]
        assert part["version"]
        if part["type"] == "library":
            assert re.fullmatch(r"pkg:pypi/[a-z0-9-]+@[^\s@]+", part["purl"])
    (needs,) = told["dependencies"]
    assert set(needs["dependsOn"]) == {part["bom-ref"] for part in told["components"]}


def test_without_a_lock_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom, "LOCK", ROOT / "gone.lock")
    with pytest.raises(Unavailable, match="which names every library"):
        sbom.run()
