"""The ninety days of a practice floor, and its day so far: who wrote in, who called them when, what came of it.

It comes in as any past does, by the commands of an import, a week at a time, so that nobody waits long for the floor
meanwhile. All of it is made up to look like a floor: more comes in on working days and around noon, sources differ in
what they cost and what they bring, whoever is called late is reached less often. These shapes are drawn, not fitted to
any study. Hours are those of this computer. Same seed, same ninety days.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.domain.commands import AddImportRows, AddPastRows, BeginImport, EnterCosts, FinishImport, ImportRow
from app.domain.costs import CostLine
from app.domain.inquiry import Draft, Origin
from app.domain.lead import Outcome
from app.domain.past import ImportKind, Past, PastCall, PastRow, Result
from app.domain.tier import Tier
from app.floor.local import LocalFloor
from app.workers.people import Inventee, invent

DAYS = 90
TEAM = (
    # name, how much of the work, how they do: a factor on what becomes of their calls
    ("Jonas Weber", 5, 1.15), ("Ana Pereira", 5, 1.25), ("Kim Tran", 4, 1.0), ("Leo Martin", 4, 0.9),
    ("Mara Keller", 2, 1.3), ("Sam Osei", 3, 0.75), ("Nina Falk", 4, 1.1), ("Owen Blake", 3, 0.95),
    ("Tara Singh", 4, 1.2), ("Pablo Ruiz", 3, 0.85), ("Eva Lindholm", 3, 1.0), ("Chris Dunn", 2, 0.7),
)  # fmt: skip
"""Who worked the floor in these days; the last four of them have left since."""
_OUTSIDE = "Field sales"
"""Who has what is still to be decided: the practice team's own queue is today's."""
_LOT = 250
_A_WEEKDAY = (54, 56, 55, 53, 45, 17, 12)
"""Leads that come in from Monday to Sunday, about."""
_AN_HOUR = (1, 1, 1, 1, 1, 2, 4, 9, 18, 26, 30, 29, 25, 27, 28, 26, 22, 17, 12, 9, 7, 5, 3, 2)
"""How the leads of a day lie on its hours."""
_SLA = {Tier.HOT: 60, Tier.WARM: 3600, Tier.COLD: 86400}
_TIERS = (Tier.COLD, Tier.WARM, Tier.HOT)
_OPENS, _CLOSES = time(8), time(19)
_LATE = 0.06
"""Of the leads of each tier, how many are called after their time."""
_REACHED = ((60, 0.58), (300, 0.50), (1800, 0.40), (3600, 0.34), (86400, 0.27))
"""Up to how many seconds after its capture a first call reaches how many."""
_REACHED_LATER = 0.17
_WON_AMOUNT = (7.9, 0.65)
"""Median, as a logarithm, and spread of what is sold, in whole units."""
_REASONS = ("Went with a competitor", "No budget this year", "Postponed", "Never reached again")
_UNFIT = ("Too small for us", "Only wants spare parts", "Outside our region")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A source: its share of the leads, what one costs (minor units), a factor on what becomes of them."""

    medium: str
    campaign: str
    share: int
    cost: int
    worth: float


WAYS = (
    Way(medium="google", campaign="warehouse racking", share=24, cost=4_300, worth=1.0),
    Way(medium="google", campaign="mezzanine floors", share=14, cost=5_900, worth=1.25),
    Way(medium="bing", campaign="shelving", share=8, cost=2_900, worth=0.75),
    Way(medium="linkedin", campaign="operations leads", share=9, cost=9_400, worth=0.7),
    Way(medium="newsletter", campaign="spring offers", share=12, cost=600, worth=0.55),
    Way(medium="organic", campaign="", share=17, cost=0, worth=1.05),
    Way(medium="referral", campaign="", share=9, cost=0, worth=2.1),
    Way(medium="partner", campaign="fit-out partners", share=7, cost=2_500, worth=1.5),
)


@dataclass(slots=True, kw_only=True)
class _Story:
    """One lead, from its inquiry on."""

    person: Inventee
    way: Way
    number: str
    past: Past
    calls: list[PastCall] = field(default_factory=list)


def bring_past(
    floor: LocalFloor, until: datetime, *, seed: int, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Bring in the day of `until` (aware) up to then and the ninety before, the newest week first; how many leads came.

    Asks `go_on` before every lot, and leaves off where it says no."""
    today = until.astimezone().date()
    leads = 0
    for week, (first, last) in enumerate(_weeks(today)):
        draw = Random(f"{seed} {week}")  # noqa: S311 - the practice floor's days are repeated from a seed
        stories = list(_stories(draw, first, last, until, 1_000_000 + week * 10_000))
        if not (_bring_leads(floor, first, stories, go_on) and _bring_calls(floor, first, stories, go_on)):
            return leads
        leads += len(stories)
    if go_on():
        _enter_costs(floor, today, seed)
    return leads


def _weeks(today: date) -> Iterator[tuple[date, date]]:
    """First and last day of each week, the newest first."""
    last, first = today, today - timedelta(days=DAYS)
    while last >= first:
        begins = max(first, last - timedelta(days=last.weekday()))
        yield begins, last
        last = begins - timedelta(days=1)


# what happened


def _stories(draw: Random, first: date, last: date, until: datetime, number: int) -> Iterator[_Story]:
    for days in range((last - first).days + 1):
        on = first + timedelta(days=days)
        grown = 1 - 0.0016 * (until.astimezone().date() - on).days
        for _ in range(round(draw.gauss(_A_WEEKDAY[on.weekday()] * grown * 1.16, 5))):
            number += 1
            hour = draw.choices(range(24), _AN_HOUR)[0]
            at = _instant(on, time(hour, draw.randrange(60), draw.randrange(60)))
            if at < until:
                yield _story(draw, number, at, until)


def _story(draw: Random, number: int, at: datetime, until: datetime) -> _Story:
    way = draw.choices(WAYS, [way.share for way in WAYS])[0]
    person = invent(draw, number, draw.choices((2, 1, 0), (3 * way.worth, 4, 4))[0])
    tier = _TIERS[person.warmth]
    name, _, able = draw.choices(TEAM, [share for _, share, _ in TEAM])[0]
    met = draw.random() >= _LATE
    called = _called_at(draw, at, _SLA[tier], met=met)
    delay = (called - max(at, _opened(at))).total_seconds()
    base = Past(
        captured_at=at,
        owner=name,
        tier=tier,
        in_time=met,
        escalated_at=_opened(at) + timedelta(seconds=_SLA[tier]) if not met and draw.random() < 0.7 else None,
    )
    story = _Story(person=person, way=way, number=f"practice-{number}", past=base)
    chance = next((chance for seconds, chance in _REACHED if delay <= seconds), _REACHED_LATER)
    contact = _call_until_reached(draw, story, name, called, chance)
    if contact is None:
        end = story.calls[-1].at + timedelta(days=draw.uniform(1, 4))
        lost = Past(result=Result.LOST, closed_at=end, reason="Never reached")
        story.past = _so_far(base, lost, until)
    else:
        story.past = _so_far(base, _ending(draw, way.worth * able, tier, contact), until)
    story.calls = [call for call in story.calls if call.at < until]
    return story


def _opened(at: datetime) -> datetime:
    """The instant itself on an open floor, else when it opens next."""
    here = at.astimezone()
    if _OPENS <= here.time() < _CLOSES:
        return at
    on = here.date() if here.time() < _OPENS else here.date() + timedelta(days=1)
    return _instant(on, _OPENS)


def _instant(on: date, at: time) -> datetime:
    """When it is so late on that day at this computer."""
    return datetime.combine(on, at).astimezone(UTC)


def _called_at(draw: Random, at: datetime, sla: int, *, met: bool) -> datetime:
    """When the first call was: in time by a floor that sleeps at night, or late."""
    since = _opened(at)
    if met:
        return since + timedelta(
            seconds=min(sla * 0.98, 24 * draw.lognormvariate(0, 0.5) * (sla / 60) ** 0.45)
        )
    return _opened(since + timedelta(seconds=sla * draw.uniform(1.05, 2.5)))


def _call_until_reached(
    draw: Random, story: _Story, name: str, at: datetime, chance: float
) -> datetime | None:
    """Put the calls into the story; when somebody talked, None where nobody ever did."""
    for _ in range(draw.choices((3, 4, 5, 6), (1, 2, 3, 2))[0]):
        if draw.random() < chance:
            outcome = Outcome.CALL_BACK if draw.random() < 0.2 else None
            seconds = 60 + 150 * draw.lognormvariate(0, 0.6)
            story.calls.append(
                PastCall(at=at, by=name, seconds=round(seconds), outcome=outcome, contact=True)
            )
            return at
        outcome = Outcome.VOICEMAIL if draw.random() < 0.35 else Outcome.NO_ANSWER
        story.calls.append(PastCall(at=at, by=name, seconds=draw.randrange(12, 50), outcome=outcome))
        at = _opened(at + timedelta(hours=draw.uniform(2, 30)))
        chance *= 0.62
    return None


def _ending(draw: Random, worth: float, tier: Tier, contact: datetime) -> Past:
    """What became of somebody who was reached."""
    warm = {Tier.HOT: 1.5, Tier.WARM: 1.0, Tier.COLD: 0.55}[tier]
    after = contact + timedelta(days=draw.lognormvariate(1.2, 0.8))
    if draw.random() < 0.12:
        return Past(contact_at=contact, result=Result.UNFIT, closed_at=contact, reason=draw.choice(_UNFIT))
    if draw.random() >= min(0.85, 0.38 * warm * worth**0.5):
        return Past(contact_at=contact, result=Result.LOST, closed_at=after, reason=draw.choice(_REASONS))
    booked = contact if draw.random() < 0.7 else contact + timedelta(hours=draw.uniform(20, 90))
    decided = booked + timedelta(days=draw.lognormvariate(2.0, 0.6))
    if draw.random() < min(0.8, 0.30 * warm**0.4 * worth):
        amount = round(draw.lognormvariate(*_WON_AMOUNT)) * 100
        return Past(contact_at=contact, booked_at=booked, result=Result.WON, closed_at=decided, amount=amount)
    return Past(
        contact_at=contact,
        booked_at=booked,
        result=Result.LOST,
        closed_at=decided,
        reason=draw.choice(_REASONS),
    )


def _so_far(base: Past, ending: Past, until: datetime) -> Past:
    """As far as it has come by then."""

    def come(at: datetime | None) -> datetime | None:
        return at if at is not None and at < until else None

    is_over = come(ending.closed_at) is not None
    contact, booked = come(ending.contact_at), come(ending.booked_at)
    return replace(
        base,
        owner=base.owner if is_over else _OUTSIDE,
        contact_at=contact,
        booked_at=booked,
        qualified_at=booked,
        result=ending.result if is_over else Result.OPEN,
        closed_at=come(ending.closed_at),
        amount=ending.amount if is_over else None,
        reason=ending.reason if is_over else "",
    )


# bringing it in


def _bring_leads(floor: LocalFloor, week: date, stories: list[_Story], go_on: Callable[[], bool]) -> bool:
    rows = [_row(line, story) for line, story in enumerate(stories, 2)]
    import_id = floor.do(_begin(ImportKind.LEADS, week)).value.id
    for start in range(0, len(rows), _LOT):
        if not go_on():
            return False
        floor.do(AddImportRows(import_id=import_id, rows=tuple(rows[start : start + _LOT])))
    floor.do(FinishImport(import_id=import_id))
    return True


def _bring_calls(floor: LocalFloor, week: date, stories: list[_Story], go_on: Callable[[], bool]) -> bool:
    told = [(story.number, call) for story in stories for call in story.calls]
    rows = [PastRow(line=line, external_id=number, call=call) for line, (number, call) in enumerate(told, 2)]
    import_id = floor.do(_begin(ImportKind.CALLS, week)).value.id
    for start in range(0, len(rows), _LOT):
        if not go_on():
            return False
        floor.do(AddPastRows(import_id=import_id, rows=tuple(rows[start : start + _LOT])))
    floor.do(FinishImport(import_id=import_id))
    return True


def _begin(kind: ImportKind, week: date) -> BeginImport:
    name = f"practice {kind.value} {week.isoformat()}"
    return BeginImport(file=f"{name}.csv", sha256=name, kind=kind)


def _row(line: int, story: _Story) -> ImportRow:
    person, way = story.person, story.way
    draft = Draft(
        name=f"{person.first} {person.last}",
        title=person.title,
        company=person.firm,
        email=person.email,
        phone=person.phone,
        city=person.city,
        region=person.region,
        country=person.country,
        ask=person.ask,
        origin=Origin(medium=way.medium, campaign=way.campaign),
        external_id=story.number,
    )
    raw = json.dumps({"id": story.number, "email": person.email, "ask": person.ask})
    return ImportRow(line=line, raw=raw, draft=draft, past=story.past)


def _enter_costs(floor: LocalFloor, today: date, seed: int) -> None:
    """What the sources cost, month by month, as the bills are."""
    draw = Random(f"{seed} costs")  # noqa: S311 - as above
    days = defaultdict(list)
    for back in range(DAYS, 0, -1):
        on = today - timedelta(days=back)
        days[on.year, on.month].append(on)
    lines = [
        CostLine(
            first=month[0].isoformat(),
            last=month[-1].isoformat(),
            medium=way.medium,
            campaign=way.campaign,
            amount=round(_leads_of(month) * way.share / 100 * way.cost * draw.uniform(0.9, 1.1)),
        )
        for month in days.values()
        for way in WAYS
        if way.cost
    ]
    floor.do(EnterCosts(costs=tuple(lines)))


def _leads_of(days: list[date]) -> int:
    return sum(_A_WEEKDAY[on.weekday()] for on in days)
