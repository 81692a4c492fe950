"""A line of a lead's timeline: what an entry of the journal is shown as."""

from __future__ import annotations

from typing import NamedTuple

from app.ui.theme import Tint


class Line(NamedTuple):
    """An entry in words. `tint` colours its dot; the words say the same."""

    text: str
    more: str = ""
    tint: Tint = "grey"
