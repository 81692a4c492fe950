"""This program once more: what starts it, and how two of its processes talk.

What is large, slow or in need of Qt is done by a second process of ours: it reads files, draws pages, makes backups
and answers what takes long. They talk over its standard input and output, in parts that are led by their length.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, Any

__all__ = ["own_words", "quietly", "receive", "send"]

_HEAD = 4
"""Bytes of a part's length."""
_LARGEST = 1 << 28
"""Bytes of a part; no program of ours sends one as large."""
_NO_CONSOLE, _BELOW_NORMAL = 0x08000000, 0x00004000


def own_words() -> list[str]:
    """What starts this program again."""
    frozen = getattr(sys, "frozen", False)
    return [sys.executable] if frozen else [sys.executable, str(Path(__file__).parents[1] / "main.py")]


def quietly(*, is_patient: bool = False, **words: str) -> dict[str, Any]:
    """What Popen has to be told for it to keep no log and show no window; `words` for its environment besides.

    One that `is_patient` takes less than its share, on Windows.
    """
    told: dict[str, Any] = {"env": {**os.environ, "FIRSTRING_LOG": os.devnull, **words}}
    if sys.platform == "win32":
        told["creationflags"] = _NO_CONSOLE | (_BELOW_NORMAL if is_patient else 0)
    return told


def send(pipe: IO[bytes], text: bytes) -> None:
    """Send one part. Raises BrokenPipeError when nobody listens any more."""
    pipe.write(len(text).to_bytes(_HEAD))
    pipe.write(text)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """The next part; empty when there is none, because the other process ended or talks nonsense."""
    head = pipe.read(_HEAD)
    size = int.from_bytes(head)
    text = pipe.read(size) if len(head) == _HEAD and size <= _LARGEST else b""
    return text if len(text) == size else b""
