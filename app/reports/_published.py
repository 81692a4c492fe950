"""Published figures on how fast leads are answered, each with its year, its sample and what it is worth.

They stand beside the floor's own numbers and nothing is fitted to them. A figure that is not here could not be traced
to a text of its authors or to several that agree: such are "78 % buy from the first" and "9 times the conversion".
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "AUDIT",
    "CONTACT_BY_DELAY",
    "FIGURES",
    "HBR",
    "LRM",
    "QUALIFIED_BY_DELAY",
    "SAID",
    "Like",
    "Published",
]

STATUS = "observational, vendor-linked"
_LRM = "6 companies, more than 15,000 leads, more than 100,000 call attempts"
_CRM = "1.25 million leads of 42 firms (29 sell to consumers, 13 to firms)"
_AUDITED = "2,241 US firms that were sent a test inquiry"


class Like(StrEnum):
    """How the floor's own number is made that stands beside a published one."""

    ODDS_CONTACT = "odds of contact"
    ODDS_QUALIFIED = "odds of qualifying"
    TIMES_QUALIFIED = "times as likely to qualify"
    SHARE = "share of all leads"
    MEAN = "mean time to first call"


class Published(NamedTuple):
    what: str
    said: str
    """As it was published."""
    like: Like
    these: tuple[str, ...]
    """Groups of response delays of the floor's own leads that come nearest."""
    those: tuple[str, ...]
    """The groups they are held against; empty for a share."""
    study: str
    year: int
    sample: str
    note: str = ""
    status: str = STATUS


LRM = "LRM study"
HBR = "HBR, March 2011"
STUDIES = (
    "LRM study: Lead Response Management Study, J. Oldroyd with InsideSales.com, 2007; web leads of three years.",
    "HBR: “The Short Life of Online Sales Leads”, Oldroyd, McElheran and Elkington, Harvard Business "
    "Review, March 2011.",
)
_SOON, _HOUR, _DAY = ("1 min", "5 min"), ("1 min", "5 min", "10 min", "30 min", "1 h"), ("24 h",)
AUDIT: dict[str, tuple[tuple[str, ...], float]] = {
    "within 1 h": (_HOUR, 0.37),
    "in 1 to 24 h": (_DAY, 0.16),
    "later": (("later",), 0.24),
    "never": (("never",), 0.23),
}
"""HBR's audit: when firms first answered; groups of delays, share of the firms."""
CONTACT_BY_DELAY = {"5 min": 1.0, "30 min": 1 / 100}
QUALIFIED_BY_DELAY = {"5 min": 1.0, "10 min": 1 / 4, "30 min": 1 / 21}
"""The LRM study's odds, as parts of those at five minutes."""

FIGURES: tuple[Published, ...] = (
    Published("Odds of contact, 5 against 30 minutes", "100×", Like.ODDS_CONTACT, _SOON, ("30 min",), LRM, 2007, _LRM,
              "Odds, not chances. It is often said to be Harvard Business Review's, and is not."),
    Published("Odds of qualifying, 5 against 30 minutes", "21×", Like.ODDS_QUALIFIED, _SOON, ("30 min",), LRM, 2007,
              _LRM),
    Published("Odds of qualifying, 5 against 10 minutes", "4×", Like.ODDS_QUALIFIED, _SOON, ("10 min",), LRM, 2007,
              _LRM),
    Published("Chance to qualify, within 1 h against an hour later", "nearly 7×", Like.TIMES_QUALIFIED, _HOUR, _DAY,
              HBR, 2011, _CRM, "Of the floor: against 1 to 24 h. It is another study than that of the 15,000 leads."),
    Published("Chance to qualify, within 1 h against 24 h or more", "more than 60×", Like.TIMES_QUALIFIED, _HOUR,
              ("later",), HBR, 2011, _CRM),
    *(
        Published(f"First answer {when}", f"{part:.0%}", Like.SHARE, groups, (), HBR, 2011, _AUDITED,
                  "Of firms, each asked once; the floor's is of its leads.")
        for when, (groups, part) in AUDIT.items()
    ),
    Published("Mean time to the first answer", "42 h", Like.MEAN, (), (), HBR, 2011, _AUDITED,
              "Only of those that answered within 30 days. The “42 hours that Drift documented” is this figure: "
              "it is HBR's, and no text of Drift's was found that has it."),
)  # fmt: skip

SAID = (
    "Dashed: what the odds of the LRM study (2007; 6 companies, more than 15,000 leads; observational, vendor-linked) "
    "would make of the floor's own rate within 5 minutes. It stands beside, nothing is fitted to it.",
    "All of it is what was seen: a lead that is called sooner may have been a better one to begin with.",
)
