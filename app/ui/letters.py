"""Asks the system to open a new e-mail or text message to somebody.

Only what looks like an address or an E.164 number is ever handed on, quoted, behind a scheme of our own
choice: nothing from outside can name a program, a file or a second recipient.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.lead import Lead

__all__ = ["Letter", "letter_url", "open_letter"]

Letter = Literal["email", "text"]

_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[^@\s<>\"(),:;\\\[\]]{1,255}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def letter_url(way: Letter, lead: Lead) -> str:
    """ "mailto:dana@brightline.example" or "sms:+13035550148"; "" for what is no address."""
    if way == "email":
        return "mailto:" + quote(lead.email, safe="@") if _ADDRESS.fullmatch(lead.email) else ""
    return "sms:" + lead.phone if _E164.fullmatch(lead.phone) else ""


def open_letter(way: Letter, lead: Lead) -> bool:
    """Open it; False when there is no such address, or no program for it."""
    url = letter_url(way, lead)
    return bool(url) and QDesktopServices.openUrl(QUrl(url))
