"""How hot a lead is."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    HOT = "HOT"
    WARM = "WARM"
    COLD = "COLD"


HEAT = {Tier.COLD: 0, Tier.WARM: 1, Tier.HOT: 2}
"""By tier, how hot: more is hotter."""
