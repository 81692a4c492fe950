"""What every event of the journal is."""

from __future__ import annotations


class Event:
    """Marks the classes that may stand in the journal."""

    __slots__ = ()
