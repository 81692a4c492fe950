"""Text from outside made fit to be stored and shown, with nothing of its sense taken away.

Out go control characters, halves of characters (lone surrogates, which no database takes), and the marks
that turn the direction of the text around them, by which a name can be made to look like another. Accents
are composed (NFC), so that the same name is the same text whoever typed it.
"""

from __future__ import annotations

import re
import unicodedata

_OUT = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls, but for breaks
    "\ud800-\udfff"  # halves of characters
    "\u202a-\u202e\u2066-\u2069"  # overrides and isolates of direction
    "\ufeff\ufffe\uffff]"  # stray byte order mark, noncharacters
)
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile("[^\\S\n]+|\x1f+")


def text(typed: str) -> str:
    """Several lines: breaks are newlines, other blanks one space, no blank lines at the ends."""
    if not typed:
        return ""
    kept = _BREAK.sub("\n", _OUT.sub("", typed))
    kept = _composed(_BLANKS.sub(" ", kept))
    return "\n".join(part.strip() for part in kept.split("\n")).strip()


def line(typed: str) -> str:
    """One line: all white space folded to single spaces."""
    if typed.isascii() and typed.isprintable():
        return " ".join(typed.split())
    return " ".join(text(typed).split())


def folded(name: str) -> str:
    """By what two names of a source are one: without regard to capital letters and blanks."""
    return " ".join(name.split()).casefold()


def _composed(typed: str) -> str:
    """NFC, piece by piece: its cost grows with the square of a run of accents, and a run may be forged."""
    pieces = []
    start = 0
    while start < len(typed):
        end = start + 256
        while end < min(len(typed), start + 512) and typed[end] > "\x7f":
            end += 1  # nothing is ever composed with an ASCII character that follows it
        pieces.append(unicodedata.normalize("NFC", typed[start:end]))
        start = end
    return "".join(pieces)
