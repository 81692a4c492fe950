"""Passwords and tokens of this desk, in the keyring of the system and nowhere else.

A keyring that would keep them in plain text, or loses them, is no keyring: what was written is read back
before it counts. Where there is none that is good, nothing is kept, and the person is asked each time. A
locked keyring may ask the person to open it, so that none of this is called on the thread of the window.
"""

from __future__ import annotations

import logging
from typing import Any

_SERVICE = "Firstring"
_log = logging.getLogger(__name__)


def keep(name: str, secret: str) -> bool:
    """Keep a secret under a name; False where it can't be kept safely."""
    ring = _keyring()
    if ring is None:
        return False
    try:
        ring.set_password(_SERVICE, name, secret)
        kept: object = ring.get_password(_SERVICE, name)
    except Exception as error:  # noqa: BLE001 - each backend has errors of its own
        _log.warning("the keyring keeps nothing: %s", type(error).__name__)
        return False
    return kept == secret


def look_up(name: str) -> str:
    """The secret of a name; "" when none is kept here."""
    ring = _keyring()
    if ring is None:
        return ""
    try:
        return str(ring.get_password(_SERVICE, name) or "")
    except Exception as error:  # noqa: BLE001
        _log.warning("the keyring gives nothing: %s", type(error).__name__)
        return ""


def forget(name: str) -> None:
    """Take a secret out, if it is there."""
    ring = _keyring()
    if ring is None:
        return
    try:
        ring.delete_password(_SERVICE, name)
    except Exception as error:  # noqa: BLE001 - one that is not there is an error to some
        _log.info("nothing was taken out of the keyring: %s", type(error).__name__)


def _keyring() -> Any | None:
    """The system's keyring; None where there is none that is safe."""
    try:
        import keyring

        ring = keyring.get_keyring()
        return ring if ring.priority >= 1 else None
    except Exception as error:  # noqa: BLE001 - a broken backend is no keyring
        _log.warning("there is no keyring here: %s", type(error).__name__)
        return None
