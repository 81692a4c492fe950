"""Lengths of time as people write them: "60 s", "15 min", "1 h 30 min", "3 d"."""

from __future__ import annotations

import re

__all__ = ["read_duration", "say_duration"]

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
_SECONDS = dict(_UNITS)
_PART = re.compile(r"\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(d|h|min|s)(?![a-z])")


def say_duration(seconds: float) -> str:
    """Seconds in words that `read_duration` reads back exactly: whole minutes, hours and days by their names."""
    if seconds < 0:
        return f"-{say_duration(-seconds)}"
    if seconds < 60 or seconds % 1:
        return f"{repr(seconds) if seconds % 1 else int(seconds)} s"
    if seconds == 60:
        return "60 s"  # the promise that everybody knows is said so
    parts, left = [], int(seconds)
    for unit, length in _UNITS:
        number, left = divmod(left, length)
        if number:
            parts.append(f"{number} {unit}")
    return " ".join(parts)


def read_duration(text: str) -> float:
    """The seconds of a length of time; raises ValueError for a text that is none."""
    bare = text.strip()
    sign, bare = (-1, bare[1:]) if bare.startswith("-") else (1, bare)
    total, at = 0.0, 0
    for part in _PART.finditer(bare):
        if part.start() != at:
            break
        total += float(part[1]) * _SECONDS[part[2]]
        at = part.end()
    if not bare or bare[at:].strip():
        raise ValueError(text)
    return sign * total
