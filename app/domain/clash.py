"""A decision that reached the floor late and no longer fits: both values, for the person who has to decide.

A desk without its floor keeps what its rep did. Facts (a call, a note, how it ended) are always merged. A
decision is compared with what stands by then; where somebody else has decided meanwhile, nothing is
overwritten and both values go back to the rep.
"""

from __future__ import annotations

from enum import StrEnum

from app.domain.frozen import dataclass


class Cause(StrEnum):
    """Why a decision is not carried out without being asked for again."""

    TAKEN = "taken"  # somebody else has the lead, or had it meanwhile
    CLOSED = "closed"  # the lead was closed meanwhile
    NEWER = "newer"  # an outcome that was said later stands
    EDITED = "edited"  # the same details were changed meanwhile
    MOVED = "moved"  # what was to be taken back is no longer the last word
    REFUSED = "refused"  # a rule says no
    OLD = "old"  # kept for so long that the floor can't tell any more whether it has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Clashing:
    """What stands on the floor beside what was said, as (name, text); instants are RFC 3339."""

    cause: Cause
    by: str = ""
    """Name of the rep whose change stands; empty when it can't be told."""
    version: int = 0
    """Of the lead as it stands: a decision on top of it names this number."""
    stands: tuple[tuple[str, str], ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    why: str = ""
    """The rule's own sentence, where one said no."""
