"""What routing knows of a person: the teams they are in, what they are good at, how much they can take."""

from __future__ import annotations

from app.domain.errors import Refused
from app.domain.frozen import dataclass
from app.domain.tier import Tier

__all__ = ["PLAIN", "Profile", "checked"]

_LONGEST = 60
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Names of teams and skills are the floor's own words, compared without case."""

    teams: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """ISO 639 codes: "de", "en"."""
    skills: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    """A country ("DE"), a region of it ("US CO", "DE Bayern"), or the beginning of its postcodes ("DE 80*")."""
    weight: int = 1
    """The share in a round robin, beside the others'; 0: no turn."""
    waiting: tuple[tuple[Tier, int], ...] = ()
    """Open leads of a tier at most, until they are booked or closed; a tier that is not named has no limit."""
    per_hour: int | None = None
    """Leads given to them within an hour at most; None: any number."""


PLAIN = Profile()


def _tidy(words: tuple[str, ...], what: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(tidy for word in words if (tidy := " ".join(word.split()))))
    if len(found) > _MOST or any(len(word) > _LONGEST or not word.isprintable() for word in found):
        raise Refused(
            f"A person has at most {_MOST} {what} of at most {_LONGEST} letters each.", "Not changed"
        )
    return found


def checked(profile: Profile) -> Profile:
    """The same, tidied; raises Refused with a sentence for what can't be meant."""
    languages = tuple(word.casefold() for word in _tidy(profile.languages, "languages"))
    wrong = next((word for word in languages if not (2 <= len(word) <= 3 and word.isalpha())), None)
    if wrong is not None:
        raise Refused(f"“{wrong}” is no code of a language. Write de, en, fr …", "Not changed")
    territories = _tidy(profile.territories, "territories")
    wrong = next((word for word in territories if not (word[:2].isalpha() and word[2:3] in ("", " "))), None)
    if wrong is not None:
        said = f"“{wrong}” is no territory. Write a country's code, alone or before a region or a postcode: "
        raise Refused(said + "DE, US CO, DE 80*.", "Not changed")
    if not 0 <= profile.weight <= 1000:
        raise Refused("A weight is a number from 0 to 1,000.", "Not changed")
    if any(not 0 <= most <= 100_000 for _, most in profile.waiting):
        raise Refused("A limit of leads is a number from 0 to 100,000.", "Not changed")
    if profile.per_hour is not None and not 0 <= profile.per_hour <= 100_000:
        raise Refused("A limit of leads in an hour is a number from 0 to 100,000.", "Not changed")
    return Profile(
        teams=_tidy(profile.teams, "teams"),
        languages=languages,
        skills=_tidy(profile.skills, "skills"),
        territories=tuple(word[:2].upper() + word[2:] for word in territories),
        weight=profile.weight,
        waiting=tuple(dict(profile.waiting).items()),
        per_hour=profile.per_hour,
    )
