"""Leads go by the rulebook's routes, are offered, taken, declined and handed over, on every kind of floor."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.behaviour import Did
from app.domain.chain import Chain, Step, StepKind
from app.domain.commands import (
    AcceptLead,
    ClaimLead,
    DeclineLead,
    LogOutcome,
    NoteBehaviour,
    RedirectLead,
    SetStatus,
)
from app.domain.errors import LeadAlreadyClaimed, NotAllowed, NotFound, Refused
from app.domain.events import ClockBreached, ClockMet, LeadDeclined, LeadRouted, OfferLapsed
from app.domain.hours import Block, Calendar
from app.domain.lead import Outcome, RepStatus, Role, Tier
from app.domain.order import belongs
from app.domain.questions import WhoGotIt
from app.domain.routes import Member, Profile, Route, Strategy, Team, When
from app.domain.rulebook import DEFAULT
from app.domain.shifts import Shift
from app.domain.sla import ClockKind, ClockRule
from tests.floor.stand import HOT, Stand
from tests.floor.test_keeper import alarms


def decisions(stand: Stand, lead_id: str, by: str = "") -> list[LeadRouted]:
    floor = stand.by(by) if by else stand.setup
    return list(floor.ask(WhoGotIt(lead_id=lead_id)).routed)


def skipped(decision: LeadRouted) -> dict[str, str]:
    """Why not, by name, of the people of the route that decided."""
    return {line.name: line.skipped for line in decision.ledger if not line.route}


def test_a_route_gives_in_turn_by_weight(stand: Stand) -> None:
    ana, ben, cem = stand.rep("Ana"), stand.rep("Ben"), stand.rep("Cem")
    team = Team(name="Inside", members=(Member(rep=ana, weight=2), Member(rep=ben)))
    hot = Route(name="Hot", when=When(tiers=(Tier.HOT,)), team="Inside")
    stand.publish(replace(DEFAULT, routes=(hot, Route(name="Rest")), teams=(team,)))
    leads = [stand.new_lead(HOT) for _ in range(6)]
    assert Counter(lead.owner for lead in leads) == {ana: 4, ben: 2}
    assert {lead.route for lead in leads} == {"Hot"}
    (decision,) = decisions(stand, leads[0].id)
    assert (decision.route, decision.why, decision.passed) == ("Hot", "round robin, 2 available", ())
    assert skipped(decision) == {"Ana": "", "Ben": "it was not their turn"}
    warm = stand.new_lead()
    (decision,) = decisions(stand, warm.id)
    assert [(one.route, one.why) for one in decision.passed] == [("Hot", "it is for HOT leads")]
    assert set(skipped(decision)) == {"Ana", "Ben", "Cem"}
    assert warm.owner in (ana, ben, cem)


def test_everybody_who_is_passed_over_is_named_with_the_reason(stand: Stand) -> None:
    ana, ben, cem, dora, eva, fay = (stand.rep(name) for name in ("Ana", "Ben", "Cem", "Dora", "Eva", "Fay"))
    stand.by(ana).do(SetStatus(status=RepStatus.BREAK))
    local = stand.clock.now()
    shut = Calendar(name="Late", week=((Block(start=18 * 3600, until=20 * 3600),),) * 7)
    always = Calendar(name="Always", week=((Block(start=0, until=86400),),) * 7)
    assert local.hour < 18
    rulebook = replace(
        DEFAULT,
        calendars=(always, shut),
        shifts=(Shift(name="Evening", calendar="Late", reps=(cem,)),),
        people=(
            Profile(rep=ben, languages=("de",)),
            Profile(rep=dora, most_open=((Tier.WARM, 1),)),
            Profile(rep=eva, territories=("US NY",)),
        ),
        routes=(Route(name="All", team="All", strategy=Strategy.LEAST_BUSY),),
        teams=(Team(name="All", members=tuple(Member(rep=rep) for rep in (ana, ben, cem, dora, eva))),),
    )
    stand.publish(rulebook)
    place = {"country": "US", "region": "CO"}
    first = stand.new_lead(**place)
    assert first.owner == dora
    second = stand.new_lead(**place)
    assert (second.owner, second.route, second.offered) == ("", "", ())
    (decision,) = decisions(stand, second.id)
    assert {line.name: line.skipped for line in decision.ledger} == {
        "Ana": "on a break",
        "Ben": "does not speak English",
        "Cem": "off shift until 18:00",
        "Dora": "1 WARM open of 1 at most",
        "Eva": "looks after other places",
    }
    assert {line.route for line in decision.ledger} == {"All"}
    assert decision.why == "nobody of the routes that fit could take it"
    assert decision.passed[0].why.startswith("nobody could take it: 1 ")
    hourly = replace(rulebook, people=(Profile(rep=fay, per_hour=2),), routes=(Route(name="Fay", team="F"),))
    stand.publish(replace(hourly, teams=(Team(name="F", members=(Member(rep=fay),)),)))
    given = [stand.new_lead() for _ in range(3)]
    assert [lead.owner for lead in given] == [fay, fay, ""]
    assert decisions(stand, given[2].id)[0].ledger[0].skipped == "2 within the hour of 2 at most"
    stand.clock.advance(seconds=3601)
    assert stand.new_lead().owner == fay


def offering(stand: Stand, *, seconds: int = 60) -> tuple[str, str, str]:
    ana, ben, cem = stand.rep("Ana"), stand.rep("Ben"), stand.rep("Cem")
    both = Team(name="Both", members=(Member(rep=ana), Member(rep=ben)))
    one = Team(name="One", members=(Member(rep=cem),))
    offer = Route(name="Offer", strategy=Strategy.OFFER, offer_to=2, seconds=seconds, team="Both")
    stand.publish(replace(DEFAULT, routes=(offer, Route(name="Then", team="One")), teams=(both, one)))
    return ana, ben, cem


def test_an_offer_is_taken_by_the_first_who_claims(stand: Stand) -> None:
    ana, ben, cem = offering(stand)
    lead = stand.new_lead()
    assert (lead.owner, set(lead.offered), lead.route) == ("", {ana, ben}, "Offer")
    assert lead.lapse_at == stand.clock.now() + timedelta(seconds=60)
    assert [belongs(lead, rep) for rep in (ana, ben, cem)] == [True, True, False]
    with pytest.raises(NotAllowed, match="offered to"):
        stand.by(cem).do(ClaimLead(lead_id=lead.id))
    with pytest.raises(Refused):
        stand.by(cem).do(AcceptLead(lead_id=lead.id))
    stand.by(ben).do(AcceptLead(lead_id=lead.id))
    with pytest.raises(LeadAlreadyClaimed, match="Ben was faster"):
        stand.by(ana).do(AcceptLead(lead_id=lead.id))
    lead = stand.lead(lead.id)
    assert (lead.owner, lead.offered, lead.lapse_at) == (ben, (), None)
    assert lead.claimed_at == stand.clock.now()
    stand.keep(seconds=61)
    assert stand.lead(lead.id).owner == ben
    assert stand.events(lead.id, OfferLapsed) == []


def test_an_offer_that_nobody_takes_goes_to_the_next_route_and_then_to_the_pool(stand: Stand) -> None:
    ana, ben, cem = offering(stand, seconds=20)
    lead, other = stand.new_lead(), stand.new_lead()
    stand.keep(seconds=19)
    assert set(stand.lead(lead.id).offered) == {ana, ben}
    stand.keep(seconds=1)
    assert (stand.lead(lead.id).owner, stand.lead(lead.id).offered) == (cem, ())
    assert [one.route for one in decisions(stand, lead.id)] == ["Offer", "Then"]
    assert decisions(stand, lead.id)[1].passed[0].why == "it was asked already"
    (lapsed,) = stand.events(other.id, OfferLapsed)
    assert isinstance(lapsed, OfferLapsed)
    assert (set(lapsed.names), lapsed.until) == ({"Ana", "Ben"}, stand.clock.now())
    stand.by(cem).do(SetStatus(status=RepStatus.BREAK))
    third = stand.new_lead()
    stand.keep(seconds=20)
    third = stand.lead(third.id)
    assert (third.owner, third.offered, third.lapse_at) == ("", (), None)
    assert belongs(third, ana)


def test_when_everybody_declines_the_next_route_is_asked(stand: Stand) -> None:
    ana, ben, cem = offering(stand)
    lead = stand.new_lead()
    with pytest.raises(Refused, match="Say why"):
        stand.by(ana).do(DeclineLead(lead_id=lead.id, reason=" "))
    stand.by(ana).do(DeclineLead(lead_id=lead.id, reason="no time"))
    assert stand.lead(lead.id).offered == (ben,)
    with pytest.raises(Refused):
        stand.by(ana).do(DeclineLead(lead_id=lead.id, reason="no time"))
    stand.by(ben).do(DeclineLead(lead_id=lead.id, reason="nor I"))
    assert stand.lead(lead.id).owner == cem
    declined = stand.events(lead.id, LeadDeclined)
    assert [one.reason for one in declined if isinstance(one, LeadDeclined)] == ["no time", "nor I"]


def test_a_partner_accepts_declines_or_lets_it_lapse(stand: Stand) -> None:
    ana = stand.rep("Ana")
    pat = stand.rep("Pat", Role.PARTNER, RepStatus.AWAY)
    route = Route(
        name="France", when=When(countries=("FR",)), strategy=Strategy.PARTNER, partner=pat, seconds=600
    )
    promise = ClockRule(kind=ClockKind.PARTNER, seconds=3600)
    rulebook = replace(DEFAULT, routes=(route, Route(name="Rest")), clocks=(promise,), chain=())
    stand.publish(rulebook)
    lead, other, third = (stand.new_lead(country="FR") for _ in range(3))
    assert [one.offered for one in (lead, other, third)] == [(pat,)] * 3
    stand.by(pat).do(AcceptLead(lead_id=lead.id))
    mine = stand.lead(lead.id)
    assert (mine.owner, mine.claimed_at) == (pat, stand.clock.now())
    stand.by(pat).do(DeclineLead(lead_id=other.id, reason="too far"))
    assert stand.lead(other.id).owner == ana
    with pytest.raises(NotFound):
        stand.by(pat).do(AcceptLead(lead_id=other.id))
    (seen,) = decisions(stand, third.id, by=pat)
    assert ([line.name for line in seen.ledger], seen.passed) == (["Pat"], ())
    with pytest.raises(NotFound):
        decisions(stand, other.id, by=pat)
    stand.keep(seconds=600)
    assert stand.lead(third.id).owner == ana
    assert stand.lead(lead.id).owner == pat
    stand.keep(seconds=3600)
    late = [one.clock for one in stand.events(lead.id, ClockBreached) if isinstance(one, ClockBreached)]
    assert "partner" in late


def test_a_partner_who_owes_a_result_is_told_of_until_it_is_there(stand: Stand) -> None:
    tess = stand.rep("Tess", Role.TEAM_LEAD, RepStatus.AWAY)
    pat = stand.rep("Pat", Role.PARTNER)
    route = Route(name="All", strategy=Strategy.PARTNER, partner=pat)
    owes = ClockRule(kind=ClockKind.RESULT, seconds=7200, chain="Owed")
    chain = Chain(
        name="Owed",
        steps=(Step(kind=StepKind.NEXT_REP, after=0), Step(kind=StepKind.TEAM_LEAD, after=60)),
    )
    stand.publish(replace(DEFAULT, routes=(route,), clocks=(owes,), chain=(), chains=(chain,)))
    owed, paid, moved = (stand.new_lead() for _ in range(3))
    for lead in (owed, paid, moved):
        stand.by(pat).do(AcceptLead(lead_id=lead.id))
        stand.by(pat).do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
    stand.by(pat).do(LogOutcome(lead_id=paid.id, outcome=Outcome.LOST, reason="no budget"))
    stand.by(tess).do(RedirectLead(lead_id=moved.id, to_rep=tess, reason="a friend"))
    assert [one.clock for one in stand.events(paid.id, ClockMet) if isinstance(one, ClockMet)][-1] == "result"
    stand.keep(seconds=7260)
    assert stand.lead(owed.id).owner == pat
    assert {alarm.lead_id: alarm.text for alarm in alarms(stand).values()} == {
        owed.id: f"The partner still owes the result of {owed.title_line}. Tess was told."
    }
    stand.by(pat).do(LogOutcome(lead_id=owed.id, outcome=Outcome.WON, amount=100))
    assert not alarms(stand)


def test_whoever_had_them_before_has_them_again(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben")
    stand.publish(replace(DEFAULT, routes=(Route(name="Again", strategy=Strategy.OWNER), Route(name="Rest"))))
    lead = stand.new_lead(email="dana@firm.example", phone="+13035550999")
    stand.by(lead.owner).do(LogOutcome(lead_id=lead.id, outcome=Outcome.LOST, reason="no budget"))
    for _ in range(2):
        again = stand.new_lead(email="dana@firm.example", phone=None)
        assert (again.owner, again.route) == (lead.owner, "Again")
        stand.by(lead.owner).do(LogOutcome(lead_id=again.id, outcome=Outcome.LOST, reason="no budget"))
    stand.by(lead.owner).do(SetStatus(status=RepStatus.BREAK))
    other = stand.new_lead(email="dana@firm.example", phone=None)
    assert {lead.owner, other.owner} == {ana, ben}
    (decision,) = decisions(stand, other.id)
    assert decision.route == "Rest"
    assert decision.passed[0].why == "nobody could take it: 1 on a break"


def test_a_lead_is_handed_to_somebody_else_with_the_reason(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben", status=RepStatus.AWAY)
    pat = stand.rep("Pat", Role.PARTNER, RepStatus.AWAY)
    admin = stand.rep("Ada", Role.ADMIN)
    lead = stand.new_lead()
    for to, reason in ((ben, ""), (admin, "x"), (ana, "x"), ("nobody", "x")):
        with pytest.raises(Refused):
            stand.by(ana).do(RedirectLead(lead_id=lead.id, to_rep=to, reason=reason))
    with pytest.raises(NotAllowed):
        stand.by(ben).do(RedirectLead(lead_id=lead.id, to_rep=ben, reason="mine"))
    stand.by(ana).do(RedirectLead(lead_id=lead.id, to_rep=ben, reason="he knows them"))
    moved = stand.lead(lead.id)
    assert (moved.owner, moved.claimed_at, moved.claim_no) == (ben, None, lead.claim_no + 1)
    assert decisions(stand, lead.id)[-1].why == "Ana handed it over: he knows them"
    stand.by(ben).do(RedirectLead(lead_id=lead.id, to_rep=pat, reason="their country"))
    assert stand.lead(lead.id).owner == pat


def test_a_lead_that_heats_up_goes_to_those_for_its_tier_while_nobody_works_on_it(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben")
    hot = Route(name="Hot", when=When(tiers=(Tier.HOT,)), team="Hot")
    teams = (Team(name="Hot", members=(Member(rep=ben),)), Team(name="Rest", members=(Member(rep=ana),)))
    stand.publish(replace(DEFAULT, routes=(hot, Route(name="Rest", team="Rest")), teams=teams))
    lead, worked = stand.new_lead(), stand.new_lead()
    assert (lead.owner, worked.owner, lead.tier) == (ana, ana, Tier.WARM)
    stand.by(ana).do(ClaimLead(lead_id=worked.id))
    for one in (lead, worked):
        stand.by("capture").do(NoteBehaviour(lead_id=one.id, kind=Did.CALL_ASKED))
        stand.by("capture").do(NoteBehaviour(lead_id=one.id, kind=Did.REPLY))
    lead, worked = stand.lead(lead.id), stand.lead(worked.id)
    assert (lead.tier, worked.tier) == (Tier.HOT, Tier.HOT)
    assert (lead.owner, worked.owner) == (ben, ana)
    assert decisions(stand, lead.id)[-1].route == "Hot"


def test_a_late_lead_is_given_and_not_offered(stand: Stand) -> None:
    ana, ben, cem = offering(stand, seconds=0)
    lead = stand.new_lead(HOT)
    assert lead.lapse_at is None
    stand.keep(seconds=60)
    late = stand.lead(lead.id)
    assert late.owner in (ana, ben)
    assert late.offered == ()
    assert cem not in [one.to for one in decisions(stand, lead.id)]
