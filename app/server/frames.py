"""Texts as WebSocket frames, made once and written to every line."""

from __future__ import annotations

Pieces = tuple[bytes, ...]
"""A message in one frame or more."""
PIECE = 8 * 1024
"""Bytes in a frame, at most."""


def framed(text: bytes) -> Pieces:
    """A text in WebSocket frames (RFC 6455, 5.2 and 5.4), as a server sends it: unmasked. Made by hand because it is
    the same for five hundred desks. A long text is in pieces that can be written one after the other: whatever is
    written at once stays in the memory of every line that it goes through."""
    if len(text) <= PIECE:
        return (_frame(0x81, text),)
    parts = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    middle = [_frame(0x00, part) for part in parts[1:-1]]
    return (_frame(0x01, parts[0]), *middle, _frame(0x80, parts[-1]))


def _frame(kind: int, text: bytes) -> bytes:
    size = len(text)
    if size < 126:
        return bytes((kind, size)) + text
    if size < 1 << 16:
        return bytes((kind, 0x7E)) + size.to_bytes(2) + text
    return bytes((kind, 0x7F)) + size.to_bytes(8) + text
