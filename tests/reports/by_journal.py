"""What became of a floor's leads, told from its journal alone: slow, plain, and without a line of the program's own
counting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.domain import events as e
from app.domain.costs import CostLine
from app.domain.lead import AttemptKind, Outcome
from app.domain.questions import ReadJournal
from app.floor.floor import Floor


@dataclass
class Told:
    """A lead as the journal tells of it."""

    captured: datetime
    calls: list[datetime] = field(default_factory=list)
    outcomes: list[tuple[datetime, Outcome, int | None]] = field(default_factory=list)

    def first(self, *of: Outcome) -> datetime | None:
        return next((at for at, outcome, _ in self.outcomes if outcome in of), None)

    @property
    def contact(self) -> datetime | None:
        return self.first(*(one for one in Outcome if one not in (Outcome.NO_ANSWER, Outcome.VOICEMAIL)))

    @property
    def qualified(self) -> datetime | None:
        return self.first(Outcome.BOOKED, Outcome.WON)

    @property
    def booked(self) -> datetime | None:
        return self.first(Outcome.BOOKED)

    @property
    def end(self) -> tuple[datetime, Outcome, int | None] | None:
        over = (Outcome.WON, Outcome.LOST, Outcome.UNFIT)
        return next((one for one in reversed(self.outcomes) if one[1] in over), None)

    @property
    def won(self) -> datetime | None:
        return self.end[0] if self.end and self.end[1] is Outcome.WON else None


@dataclass
class Floor2:
    """A floor as its journal tells of it."""

    leads: dict[str, Told] = field(default_factory=dict)
    costs: dict[str, CostLine] = field(default_factory=dict)

    def cost(self, first: date, last: date) -> int:
        """What falls on these days, counted a day at a time."""
        total = 0
        for line in self.costs.values():
            begin, end = date.fromisoformat(line.first), date.fromisoformat(line.last)
            days = (end - begin).days + 1
            for k in range(days):
                if first <= begin + timedelta(days=k) <= last:
                    total += line.amount * (k + 1) // days - line.amount * k // days
        return total


def read(floor: Floor) -> Floor2:
    """Go through the whole journal, oldest first."""
    found, after, more = Floor2(), 0, True
    while more:
        page = floor.ask(ReadJournal(after=after, oldest_first=True))
        for entry in page.entries:
            after = entry.seq
            event, lead = entry.event, found.leads.get(entry.lead_id)
            match event:
                case e.LeadCaptured():
                    found.leads[entry.lead_id] = Told(entry.at)
                case e.AttemptStarted(attempt_kind=AttemptKind.CALL) if lead:
                    lead.calls.append(entry.at)
                case e.OutcomeLogged() if lead:
                    lead.outcomes.append((entry.at, event.outcome, event.amount))
                case e.OutcomeUndone() if lead:
                    assert lead.outcomes.pop()[1] == event.outcome
                case e.CostsNoted():
                    found.costs |= dict(zip(event.ids, event.lines, strict=True))
                case e.CostDropped():
                    del found.costs[event.cost_id]
        more = page.more
    return found
