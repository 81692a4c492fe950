"""Bytes as they came, made readable: as text where they are text, else as a table of hexadecimal numbers.

Pure. Whatever is shown is cut to a length that a screen can bear, and says so.
"""

from __future__ import annotations

import re

from app.ui.plain import lines_of

__all__ = ["LONGEST_HEX", "LONGEST_TEXT", "as_hex", "as_text", "size_words"]

LONGEST_TEXT = 100_000
"""Characters shown of a text."""
LONGEST_HEX = 8_192
"""Bytes shown of what is no text."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII | re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def as_text(raw: bytes, content_type: str = "") -> str | None:
    """The text of `raw` in the charset its content type names, else in UTF-8; None for what is no text."""
    named = _CHARSET.search(content_type)
    for charset in (*((named[1],) if named else ()), "utf-8"):
        try:
            text = raw.decode(charset)
        except (LookupError, ValueError):
            continue
        if _CONTROL.search(text):
            return None
        more = len(text) - LONGEST_TEXT
        return lines_of(text, LONGEST_TEXT) + (f"\n[{more:,} more characters]" if more > 0 else "")
    return None


def as_hex(raw: bytes) -> str:
    """Sixteen bytes a line: where, the numbers, and the letters among them."""
    lines = []
    for start in range(0, min(len(raw), LONGEST_HEX), 16):
        part = raw[start : start + 16]
        numbers = f"{part[:8].hex(' ')}  {part[8:].hex(' ')}".rstrip()
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
        lines.append(f"{start:06x}  {numbers:<48}  {letters}")
    if len(raw) > LONGEST_HEX:
        lines.append(f"[{len(raw) - LONGEST_HEX:,} more bytes]")
    return "\n".join(lines)


def size_words(count: int) -> str:
    """ "512 bytes", "14 kB", "2.1 MB"."""
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    if count < 1_000_000:
        return f"{count / 1000:.3g} kB"
    return f"{count / 1_000_000:.3g} MB"
