"""Every kind of floor, as the contract suite has it."""

from __future__ import annotations

from tests.floor.conftest import address, clock, floor_kind, maker, stand

__all__ = ["address", "clock", "floor_kind", "maker", "stand"]
