"""Which part of the journal somebody wants to read or take away."""

from __future__ import annotations

from datetime import datetime

from app.domain.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is left empty restricts nothing."""

    since: datetime | None = None
    until: datetime | None = None
    """Not itself."""
    actor: str = ""
    """A person's id, or a machine's word; "keeper" takes in whoever's desk kept the clocks for the floor."""
    kinds: tuple[str, ...] = ()
    """Names of kinds as they stand in the journal: "lead.claimed"."""
    lead_id: str = ""


GROUPS: dict[str, tuple[str, ...]] = {
    "leads": ("lead.", "offer.", "inquiry.", "import."),
    "work": ("attempt.", "outcome.", "note."),
    "clocks": ("clock.", "alarm."),
    "weeks": ("week.", "score.", "dispute."),
    "people": ("rep.", "desk.", "pin."),
    "floor": ("floor.", "source.", "rulebook.", "journal.", "costs.", "baseline."),
}
"""What belongs together, by the beginning of a kind's name. A test says that each kind has a group."""


def kinds_in(group: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `kinds` that belong to a group; all of them for ""."""
    return tuple(kind for kind in kinds if not group or kind.startswith(GROUPS[group]))
