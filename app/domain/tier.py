"""How hot a lead is."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    HOT = "HOT"
    WARM = "WARM"
    COLD = "COLD"
