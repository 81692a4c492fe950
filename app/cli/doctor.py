"""`main.py doctor`: how this installation and its floor are, for a person or as JSON.

It changes nothing and may run beside an open desk. The exit code is 1 when something is wrong: a fault in the
journal's chain, a floor that can't be opened, a driver that must not be used.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from app.domain.errors import AppError
from app.domain.questions import FloorFacts

_PACKAGES = (
    "PySide6-Essentials", "SQLAlchemy", "alembic", "psycopg", "pysqlite3", "msgspec", "aiohttp", "keyring",
    "plyer", "pyqtgraph", "phonenumbers",
)  # fmt: skip


def run(address: str, *, as_json: bool, sbom: bool = False) -> int:
    """Print what there is, or only what the program is made of; 0 when all is well."""
    if sbom:
        from app.cli import sbom as made_of

        return made_of.run()
    findings = examine(address)
    if as_json:
        print(json.dumps(findings, indent=2, ensure_ascii=False, default=str))  # noqa: T201
    else:
        _print(findings)
    return 1 if findings["faults"] else 0


def examine(address: str) -> dict[str, Any]:
    """Everything that doctor says, as plain values; `faults` lists what is wrong, in sentences."""
    from app.store.driver import SAFE_SQLITE, sqlite_module

    faults: list[str] = []
    sqlite = sqlite_module()
    if sqlite.sqlite_version_info < SAFE_SQLITE:
        faults.append(f"SQLite {sqlite.sqlite_version} can damage a file that is read while it is written.")
    findings: dict[str, Any] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "sqlite": sqlite.sqlite_version,
        "keyring": _keyring(),
        "notifications": _notifications(),
        "display": _display(),
        "floor": address,
        "faults": faults,
    }
    try:
        findings["facts"] = _facts(address)
    except AppError as error:
        findings["facts"] = None
        faults.append(error.message)
    else:
        if not findings["facts"]["chain_holds"]:
            faults.append(f"The journal does not hold: {findings['facts']['chain_fault']}.")
    return findings


def _facts(address: str) -> dict[str, Any]:
    from app.service.answers import answer
    from app.store.book import Book

    book = Book(address, read_only=True)
    try:
        return asdict(answer(book, FloorFacts(), "admin"))
    finally:
        book.close()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _keyring() -> str:
    try:
        import keyring

        backend = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - a broken backend is a finding, not a failure
        return f"broken: {error}"
    kind = f"{type(backend).__module__}.{type(backend).__name__}"
    return kind if backend.priority >= 1 else f"none that is safe ({kind})"


def _notifications() -> str:
    if sys.platform != "linux":
        return "the system's own"
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS") and not Path(f"/run/user/{os.getuid()}/bus").exists():
        return "no session bus: in-app only"
    try:
        from jeepney import DBusAddress, new_method_call
        from jeepney.io.blocking import open_dbus_connection

        address = DBusAddress(
            "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
        )
        with open_dbus_connection() as bus:
            name, vendor, number, _ = bus.send_and_get_reply(
                new_method_call(address, "GetServerInformation"), timeout=2
            ).body
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the bus is the finding
        return f"none ({type(error).__name__}): in-app only"
    return f"{name} {number} ({vendor})"


def _display() -> str:
    if sys.platform in ("win32", "darwin"):
        return "native"
    return os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "none"


def _print(findings: dict[str, Any]) -> None:
    lines = [("Python", findings["python"]), ("System", findings["system"]), ("SQLite", findings["sqlite"])]
    lines += list(findings["packages"].items())
    lines += [
        (name.capitalize(), findings[name]) for name in ("keyring", "notifications", "display", "floor")
    ]
    facts = findings["facts"]
    if facts is not None:
        states = ", ".join(f"{count} {state}" for state, count in facts["by_state"])
        lines += [
            ("Name", facts["name"]),
            ("Database", f"{facts['database']}, schema {facts['schema']}"),
            ("Inquiries", f"{facts['inquiries']} ({states})" if states else "0"),
            ("Leads", f"{facts['leads']}, {facts['open_leads']} open"),
            ("Events", f"{facts['events']}, feed at {facts['head']}"),
            ("Chain", "holds" if facts["chain_holds"] else f"broken: {facts['chain_fault']}"),
        ]
    width = max(len(name) for name, _ in lines)
    for name, value in lines:
        print(f"{name:<{width}}  {value}")  # noqa: T201
    for fault in findings["faults"]:
        print(f"! {fault}")  # noqa: T201
