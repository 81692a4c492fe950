"""A HOT lead that nobody takes, once for real: with a promise of three seconds."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest

from app.domain import events as e
from app.domain.commands import AddRep, PublishRulebook, SetStatus
from app.domain.events import Entry
from app.domain.lead import ClockState, RepStatus, Role, Tier
from app.domain.rulebook import DEFAULT, Step, StepKind
from app.floor.local import LocalFloor
from tests.e2e.driver import FORM, House, begin_floor, entries, late_s, lead_named, looking, paths, post, told
from tests.e2e.places import everywhere
from tests.e2e.screen import Desktop, until

PROMISE_S, LEAD_AFTER_S, OWNER_AFTER_S = 3, 2, 4
QUICK = replace(
    DEFAULT,
    tiers=tuple(replace(rule, sla=PROMISE_S) if rule.tier is Tier.HOT else rule for rule in DEFAULT.tiers),
    chain=(
        Step(kind=StepKind.LOUDER, after=0),
        Step(kind=StepKind.NEXT_REP, after=0),
        Step(kind=StepKind.TEAM_LEAD, after=LEAD_AFTER_S),
        Step(kind=StepKind.OWNER, after=OWNER_AFTER_S),
    ),
)
EAGER = {
    "name": "Dana Okafor",
    "email": "dana@brightline.example",
    "phone": "+1 303 555 0148",
    "message": "Need a quote today, call me",
}


def arrives(house: House, floor: LocalFloor) -> float:
    sent = time.time()
    assert post(house.port, paths(floor)["form"], urlencode(EAGER).encode(), FORM).status == 303
    return sent


def only(floor: LocalFloor, kind: type[e.Event]) -> Entry:
    (entry,) = told(floor, kind)
    return entry


def on_time(entry: Entry, due: datetime) -> bool:
    return timedelta() <= entry.at - due < timedelta(seconds=late_s())


@everywhere
@pytest.mark.timeout(400)
def test_it_goes_to_the_next_rep_then_to_the_team_lead_then_to_the_owner(
    house: House, desktop: Desktop
) -> None:
    me = begin_floor(
        house,
        PublishRulebook(rulebook=QUICK),
        AddRep(name="Ana Brito"),
        AddRep(name="Leo Martin"),
        AddRep(name="Tina Team", role=Role.TEAM_LEAD),
    )
    with looking(house.address) as floor:
        people = {rep.name: rep.id for rep in floor.reps()}
    two = {people["Ana Brito"], people["Leo Martin"]}
    house.carry_out(*((rep, SetStatus(status=RepStatus.AVAILABLE)) for rep in two))
    with house.start() as program, looking(house.address) as floor:
        program.ready()
        sent = arrives(house, floor)
        until(lambda: len(told(floor, e.LeadEscalated)) == 4, "the whole chain was gone through")

        started, breached = only(floor, e.ClockStarted), only(floor, e.ClockBreached)
        assert isinstance(started.event, e.ClockStarted)
        assert isinstance(breached.event, e.ClockBreached)
        deadline = started.event.deadline
        assert deadline - started.at == timedelta(seconds=PROMISE_S)
        assert deadline.timestamp() == pytest.approx(sent + PROMISE_S, abs=late_s())
        assert breached.event.deadline == deadline
        assert on_time(breached, deadline)

        steps = {entry.event.what: entry for entry in told(floor, e.LeadEscalated)}  # type: ignore[attr-defined]
        after = {"louder": 0, "next_rep": 0, "team_lead": LEAD_AFTER_S, "owner": OWNER_AFTER_S}
        assert list(steps) == list(after)
        for what, seconds in after.items():
            assert on_time(steps[what], deadline + timedelta(seconds=seconds)), what
        first, second = (entry.event.to for entry in told(floor, e.LeadRouted))  # type: ignore[attr-defined]
        assert {first, second} == two
        went_to = {what: entry.event.to for what, entry in steps.items()}  # type: ignore[attr-defined]
        assert went_to == {
            "louder": (first,),
            "next_rep": (second,),
            "team_lead": (people["Tina Team"],),
            "owner": (me,),
        }
        lead = lead_named(floor, "Dana Okafor")
        assert lead is not None
        assert (lead.clock, lead.breached_at, lead.owner) == (ClockState.BREACHED, deadline, second)
        raised = [entry.event.name for entry in told(floor, e.AlarmRaised)]  # type: ignore[attr-defined]
        assert raised == ["team_lead_told", "owner_told"]

        # the owner sits at this desk: she is told at once, and loudly
        until(lambda: "sound asked for: breach" in house.logged, "the alarm is sounded")
        bubbles = until(lambda: desktop.ear.bubbles(sent), "a bubble")
        assert bubbles[-1].summary == "HOT · nobody took it · Dana Okafor"
        assert bubbles[-1].urgency == 2
        assert bubbles[0].at - steps["owner"].at.timestamp() < late_s()
        assert program.leave() == 0
        assert len(told(floor, e.ClockBreached)) == 1
    assert program.complaints == ""


@everywhere
@pytest.mark.timeout(400)
def test_with_nobody_free_a_named_alarm_says_so(house: House) -> None:
    begin_floor(house, PublishRulebook(rulebook=QUICK), AddRep(name="Ana Brito"))
    with house.start() as program, looking(house.address) as floor:
        program.ready()
        arrives(house, floor)
        alarm = until(lambda: told(floor, e.AlarmRaised), "an alarm")[0]
        assert alarm.event == e.AlarmRaised(name="nobody_free", text="Nobody is free to take Dana Okafor.")
        breached = only(floor, e.ClockBreached)
        assert isinstance(breached.event, e.ClockBreached)
        assert on_time(breached, breached.event.deadline)
        assert on_time(alarm, breached.event.deadline)
        batch = floor.batch_after(None)
        assert batch is not None
        assert [(stands.name, stands.lead_id) for stands in batch.alarms or ()] == [
            ("nobody_free", alarm.lead_id)
        ]
        lead = lead_named(floor, "Dana Okafor")
        assert lead is not None
        assert lead.owner == ""
        assert program.leave() == 0
        assert entries(floor)[-1].seq == len(entries(floor))
