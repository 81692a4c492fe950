"""`main.py doctor --sbom`: what the program is made of, as CycloneDX 1.6 JSON, for tools that look for known flaws.

Each line of the lock is a component, whether this system needs it or not; of those that are installed here it says in
which version and under which licence.
"""

from __future__ import annotations

import json
import platform
import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from app import VERSION
from app.clock import SystemClock, new_id
from app.domain.errors import Unavailable

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
_PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)
"""A line of the lock: name, version, and where it is needed if not everywhere."""


def run() -> int:
    """Print it; raises Unavailable where there is no lock to tell of."""
    try:
        lock = LOCK.read_text(encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            f"{LOCK} can't be read ({error.strerror}), which names every library.", "No list"
        ) from error
    print(json.dumps(bill(lock), indent=2, ensure_ascii=False))  # noqa: T201
    return 0


def bill(lock: str) -> dict[str, Any]:
    """The bill of materials of a lock's text."""
    parts = [_library(*found) for found in _PIN.findall(lock)]
    own = {"type": "application", "bom-ref": "firstring", "name": "firstring", "version": VERSION}
    python = {
        "type": "platform",
        "bom-ref": "python",
        "name": platform.python_implementation(),
        "version": platform.python_version(),
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{new_id()}",
        "version": 1,
        "metadata": {"timestamp": SystemClock().now().isoformat(timespec="seconds"), "component": own},
        "components": [*parts, python],
        "dependencies": [{"ref": "firstring", "dependsOn": [part["bom-ref"] for part in [*parts, python]]}],
    }


def _library(name: str, version: str, where: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name)}@{version}"
    found: dict[str, Any] = {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "scope": "required",
    }  # fmt: skip
    told = {"firstring:needed-where": where}
    try:
        about = metadata(name)
    except PackageNotFoundError:
        told["firstring:installed"] = "no"
    else:
        told["firstring:installed"] = about["Version"]
        if expression := _said(about, "License-Expression"):
            found["licenses"] = [{"expression": expression}]
        elif licence := _licence(about):
            found["licenses"] = [{"license": {"name": licence}}]
    found["properties"] = [{"name": key, "value": value} for key, value in told.items() if value]
    return found


def _licence(about: PackageMetadata) -> str:
    """What a library says of its licence in its own words, one line; "" if nothing."""
    told = _said(about, "License")
    kinds = [line for line in about.get_all("Classifier") or [] if line.startswith("License :: ")]
    return told if told and "\n" not in told else kinds[0].rpartition(" :: ")[2] if kinds else ""


def _said(about: PackageMetadata, name: str) -> str:
    return about[name] if name in about else ""  # noqa: SIM401 - it knows no `get`
