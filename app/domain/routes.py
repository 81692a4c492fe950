"""Routes: which leads go to whom, and by which strategy; and what routing knows of people.

The routes of a rulebook are asked in their order; the first whose conditions fit, and that finds somebody, decides.
A rulebook without routes gives every lead to whoever's turn it is. Teams and what people are good at stand in the
rulebook too, so that a decision can be told, and made again, from the version that made it. Pure values;
`domain/routing.py` decides by them.
"""

from __future__ import annotations

from enum import StrEnum

from app.domain.frozen import dataclass
from app.domain.tier import Tier

__all__ = [
    "ANY",
    "EVERYBODY",
    "Alert",
    "Loudness",
    "Member",
    "News",
    "Profile",
    "Route",
    "Strategy",
    "Team",
    "When",
]


class Strategy(StrEnum):
    """How a route chooses among its people."""

    ROUND_ROBIN = "round_robin"  # whoever's turn it is, by weight
    LEAST_BUSY = "least_busy"  # who has the fewest open leads
    BEST_FIT = "best_fit"  # who speaks the language, has the skill, looks after the place
    OWNER = "owner"  # whoever had this person last
    OFFER = "offer"  # offered to several at once: the first to claim has it
    PARTNER = "partner"  # a partner, who accepts or declines


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The conditions of a route: all that are named must hold; of a list, any one. Words are compared case-folded."""

    tiers: tuple[Tier, ...] = ()
    sources: tuple[str, ...] = ()
    """Names of ways in."""
    channels: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    """ISO 3166 alpha-2."""
    regions: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    """Beginnings ("90", "SW1"), or a span of equally long beginnings ("90-96")."""
    languages: tuple[str, ...] = ()
    """ISO 639 codes: what the lead speaks, told by their answers or their country."""
    campaigns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Whole words or phrases in what they asked or answered."""
    least: int | None = None
    """A score no less than this."""
    hours: str = ""
    """Name of a calendar that must be open; empty: at any time."""


ANY = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    name: str
    when: When = ANY
    strategy: Strategy = Strategy.ROUND_ROBIN
    team: str = ""
    """Name of a team; empty: everybody who works leads, but partners."""
    partner: str = ""
    """Of PARTNER: the partner's id."""
    offer_to: int = 3
    """Of OFFER: to how many at once."""
    seconds: int = 0
    """Of OFFER and PARTNER: how long they have; then the lead goes on to the next route that fits. 0: no end."""
    skill: str = ""
    """Only people with this skill; of BEST_FIT they come first."""
    most_open: int | None = None
    """People with so many open leads are full for this route."""


EVERYBODY = Route(name="Everybody")
"""The route of a rulebook that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    rep: str
    """The person's id."""
    weight: int = 1
    """Their share in the team's round robin beside the others'; 0: no turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    name: str
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What routing knows of a person. Whoever has none can take anything."""

    rep: str
    languages: tuple[str, ...] = ()
    """ISO 639 codes: "de", "en"."""
    skills: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    """A country ("DE"), a region of it ("US CO"), or the beginning of its postcodes ("DE 80*")."""
    most_open: tuple[tuple[Tier, int], ...] = ()
    """Open leads of a tier at most; a tier that is not named has no limit."""
    per_hour: int | None = None
    """Leads given to them within an hour at most."""


class News(StrEnum):
    """What somebody may hear of."""

    ARRIVED = "arrived"  # a lead that is theirs, or that is offered to them
    WARNED = "warned"  # a clock of theirs comes near its end
    BREACHED = "breached"
    ALARM = "alarm"
    BEHAVIOUR = "behaviour"  # a lead of theirs did something


class Loudness(StrEnum):
    SILENT = "silent"  # in the window only
    QUIET = "quiet"  # a bubble without sound
    NORMAL = "normal"
    LOUD = "loud"  # sound that repeats until somebody answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """How loudly whom is told of what. The first alert that fits holds; without any the program's own rule does."""

    news: News
    tiers: tuple[Tier, ...] = ()
    """Empty: of any tier."""
    roles: tuple[str, ...] = ()
    """Values of `Role`; empty: whoever it concerns."""
    loudness: Loudness = Loudness.NORMAL
    on_call: Loudness = Loudness.SILENT
    """How loudly for somebody who is on a call, unless a clock is about to breach."""
    quiet_hours: str = ""
    """Name of a calendar: while it is open nothing louder than QUIET, but for alarms."""
