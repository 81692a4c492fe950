"""Asks the system to dial.

Only an E.164 number is ever handed on, so nothing that came from outside can name a program or a file. For
tests, and for machines without a program that dials, the environment variable FIRSTRING_DIAL names a file:
the address is written there on a line of its own and the system is not asked.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

__all__ = ["dial", "dial_url"]

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_SCHEMES = ("tel", "sip", "callto")


def dial_url(phone: str, scheme: str = "tel") -> str:
    """The address that dials a number, such as "tel:+13035550148"; "" for what is not an E.164 number."""
    return f"{scheme}:{phone}" if _E164.fullmatch(phone) and scheme in _SCHEMES else ""


def dial(phone: str, scheme: str = "tel") -> bool:
    """Have the system dial; False, and nothing is done, if that is no number or no program dials."""
    address = dial_url(phone, scheme)
    if not address:
        return False
    file = os.environ.get("FIRSTRING_DIAL", "")
    if file:
        with Path(file).open("a", encoding="ascii") as out:
            out.write(address + "\n")
        return True
    return QDesktopServices.openUrl(QUrl(address))
