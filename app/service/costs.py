"""What leads cost: entered, taken back, looked at."""

from __future__ import annotations

from dataclasses import replace

from app.clock import new_id
from app.domain import costs as rules
from app.domain.commands import CostsEntered, DropCost, EnterCosts, Made
from app.domain.commands_costs import MOST_LINES
from app.domain.costs import Cost
from app.domain.errors import Refused
from app.domain.events import CostDropped, CostsNoted
from app.domain.questions import CostList, Costs
from app.service.people import names_of
from app.store import costs as rows
from app.store.reading import Reading
from app.store.staging import Staging
from app.store.writing import Writing


def enter(w: Writing, command: EnterCosts) -> CostsEntered:
    """Enter costs, all or none. Raises Refused."""
    if not 1 <= len(command.costs) <= MOST_LINES:
        raise Refused(f"Enter between 1 and {MOST_LINES:,} costs at once.", "No cost")
    if command.import_id:
        Staging(w).check_open(command.import_id)
    lines = tuple(map(rules.checked, command.costs))
    entered = tuple(
        Cost(
            id=new_id(),
            first=line.first,
            last=line.last,
            medium=line.medium,
            campaign=line.campaign,
            ad=line.ad,
            amount=line.amount,
            note=line.note,
            entered_at=w.now,
            entered_by=w.actor,
            import_id=command.import_id,
        )
        for line in lines
    )
    rows.add(w, entered)
    ids = tuple(cost.id for cost in entered)
    w.record(CostsNoted(ids=ids, lines=lines, import_id=command.import_id))
    return CostsEntered(ids=ids)


def drop(w: Writing, command: DropCost) -> Made:
    """Take a cost back; raises NotFound."""
    rows.drop(w, command.cost_id)
    w.record(CostDropped(cost_id=command.cost_id))
    return Made(id=command.cost_id)


def costs(r: Reading, question: Costs) -> CostList:
    for text in (question.since, question.until):
        if text:
            rules.day_of(text)
    names = names_of(r)
    found = rows.counted(r, question.since, question.until)
    return CostList(costs=tuple(replace(one, entered_by=names.get(one.entered_by, "")) for one in found))
