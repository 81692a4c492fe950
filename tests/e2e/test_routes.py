"""Every way of routing, on a floor that is really served, by inquiries that really come in by HTTP.

`main.py serve` runs as a process of its own; people come by its desks' face with tokens, inquiries by its capture face.
`pytest -s tests/e2e/test_routes.py` prints the ledger of each decision.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.commands import (
    AcceptLead,
    AddRep,
    AddSource,
    DeclineLead,
    InviteDesk,
    LogOutcome,
    PublishRulebook,
    SetStatus,
)
from app.domain.device import new_secret, new_token, secret_sha256
from app.domain.errors import AppError
from app.domain.events import LeadDeclined, LeadRouted, OfferLapsed
from app.domain.lead import Lead, Outcome, RepStatus, Role, Tier
from app.domain.questions import AllSources, FindLeads, LeadHistory, WhoGotIt
from app.domain.routes import Member, Profile, Route, Strategy, Team, When
from app.domain.rulebook import DEFAULT, Rulebook
from app.floor.joining import join
from app.floor.link import JoinLink
from app.floor.remote import RemoteFloor
from tests.e2e.screen import until
from tests.server.serve_house import ServeHouse, Serving, serve_house

HOT = "Please call me back with a quote, it is urgent."
WARM = "Hello, we are looking around."
SHORT = 2
"""Seconds that an offer lasts."""


class People:
    """The owner and those who sell, each at a desk of their own."""

    def __init__(self, house: ServeHouse, server: Serving) -> None:
        self.owner = house.door(house.join(server))
        self._house = house
        self._server = server
        self._count = 0
        self.ids: dict[str, str] = {}
        self.doors: dict[str, RemoteFloor] = {}
        source = self.owner.do(AddSource(name="Web site", channel="json")).value.id
        (self._key,) = (
            line.source.key for line in self.owner.ask(AllSources()).lines if line.source.id == source
        )

    def add(self, name: str, role: Role = Role.REP) -> str:
        """Somebody who joined and is available."""
        rep = self.owner.do(AddRep(name=name, role=role)).value.id
        secret = new_secret()
        self.owner.do(InviteDesk(rep_id=rep, secret_sha256=secret_sha256(secret)))
        link = replace(self._server.link, secret=secret)
        assert isinstance(link, JoinLink)
        token = new_token()
        join(link, f"{name}'s desk", token)
        self.ids[name], self.doors[name] = rep, self._house.door(token)
        self.doors[name].do(SetStatus(status=RepStatus.AVAILABLE))
        return rep

    def name(self, rep: str) -> str:
        return next((name for name, known in self.ids.items() if known == rep), "")

    def publish(self, *routes: Route, **more: object) -> None:
        self.owner.do(PublishRulebook(rulebook=rulebook(*routes, **more)))

    def capture(self, message: str = WARM, **said: str) -> Lead:
        """Somebody new writes; the lead that it is by the time they are answered."""
        self._count += 1
        new = {
            "name": f"Person {self._count}",
            "email": f"person{self._count}@firm{self._count}.example",
            "message": message,
        }
        request = urllib.request.Request(
            f"{self._server.capture_url}/capture/json/{self._key}",
            json.dumps(new | said).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 201
        return self.owner.ask(FindLeads(text=str((new | said)["email"]))).leads[0]

    def lead(self, lead_id: str) -> Lead:
        return self.owner.ask(LeadHistory(lead_id=lead_id)).lead

    def told(self, way: str, lead: Lead) -> LeadRouted:
        """Print the decisions on a lead with their ledgers; the last one."""
        decisions = self.owner.ask(WhoGotIt(lead_id=lead.id)).routed
        for one in decisions:
            to = one.to_name or (
                "offered to " + ", ".join(map(self.name, one.offered)) if one.offered else "the pool"
            )
            print(f"\n{way}: {lead.title_line}, {lead.tier}: {to} by “{one.route}”, since {one.why}")  # noqa: T201
            for passed in one.passed:
                print(f"    route {passed.route}: {passed.why}")  # noqa: T201
            for line in one.ledger:
                at = f" ({line.route})" if line.route else ""
                became = line.skipped or ("was offered it" if one.offered else "got it")
                print(f"    {line.name}{at}: {became}")  # noqa: T201
        return decisions[-1]

    def until(self, lead: Lead, holds: Callable[[Lead], bool], what: str) -> Lead:
        until(lambda: holds(self.lead(lead.id)), what)
        return self.lead(lead.id)


def rulebook(*routes: Route, **more: object) -> Rulebook:
    return replace(DEFAULT, routes=routes, **more)  # type: ignore[arg-type]


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with serve_house(str(tmp_path / "floor.firstring"), tmp_path) as house:
        made = People(house, house.serve())
        for name in ("Ana", "Ben", "Cem"):
            made.add(name)
        made.add("Pat", Role.PARTNER)
        yield made


def test_each_way_of_routing(people: People) -> None:
    ana, ben, cem, pat = (people.ids[name] for name in ("Ana", "Ben", "Cem", "Pat"))
    inside = Team(name="Inside", members=(Member(rep=ana, weight=2), Member(rep=ben), Member(rep=cem)))

    # round robin, by weight
    people.publish(Route(name="In turn", team="Inside"), teams=(inside,))
    four = [people.capture() for _ in range(4)]
    assert sorted(people.name(lead.owner) for lead in four) == ["Ana", "Ana", "Ben", "Cem"]
    assert people.told("round robin", four[0]).why == "round robin, 3 available"

    # availability: on a break, and full
    people.doors["Ben"].do(SetStatus(status=RepStatus.BREAK))
    people.publish(
        Route(name="In turn", team="Inside"),
        teams=(inside,),
        people=(Profile(rep=ana, most_open=((Tier.COLD, 2),)),),
    )
    lead = people.capture()
    assert lead.owner == cem
    skipped = {line.name: line.skipped for line in people.told("availability", lead).ledger}
    assert skipped == {"Cem": "", "Ben": "on a break", "Ana": "2 COLD open of 2 at most"}
    people.doors["Ben"].do(SetStatus(status=RepStatus.AVAILABLE))

    # temperature
    hot = Route(name="Hot ones", when=When(tiers=(Tier.HOT,)), team="Closers")
    closers = Team(name="Closers", members=(Member(rep=ben),))
    people.publish(hot, Route(name="Rest", team="Inside"), teams=(inside, closers))
    burning, tepid = people.capture(HOT, phone="+13035550199"), people.capture()
    assert (burning.tier, burning.owner, burning.route) == (Tier.HOT, ben, "Hot ones")
    assert tepid.route == "Rest"
    people.told("temperature", burning)
    people.told("temperature", tepid)

    # geography and language
    people.publish(
        Route(name="Who fits", strategy=Strategy.BEST_FIT, team="Inside"),
        teams=(inside,),
        people=(
            Profile(rep=ana, languages=("en",), territories=("US",)),
            Profile(rep=ben, languages=("en", "de"), territories=("DE", "AT")),
            Profile(rep=cem, languages=("en", "de"), territories=("DE 80*",)),
        ),
    )
    munich, berlin = (people.capture(country="DE", postcode=code) for code in ("80331", "10115"))
    assert (munich.owner, berlin.owner) == (cem, ben)
    assert people.told("geography and language", munich).ledger[0].name == "Cem"
    skipped = {line.name: line.skipped for line in people.told("geography and language", berlin).ledger}
    assert skipped == {"Ben": "", "Ana": "does not speak German", "Cem": "looks after other places"}

    # sticky owner
    people.publish(Route(name="As before", strategy=Strategy.OWNER), Route(name="Rest"), teams=(inside,))
    first = people.capture(email="dana@brightline.example")
    people.doors[people.name(first.owner)].do(
        LogOutcome(lead_id=first.id, outcome=Outcome.LOST, reason="no budget this year")
    )
    again = people.capture(email="dana@brightline.example")
    assert again.id != first.id
    assert (again.owner, again.route) == (first.owner, "As before")
    people.told("sticky owner", again)

    # offered to several, of whom the first to claim has it; and to nobody in time
    several = Route(name="Who wants it", strategy=Strategy.OFFER, offer_to=2, seconds=SHORT, team="Inside")
    people.publish(replace(several, seconds=600), Route(name="Rest", team="Closers"), teams=(inside, closers))
    lead = people.capture()
    assert (lead.owner, len(lead.offered)) == ("", 2)
    second, winner = (people.name(rep) for rep in lead.offered)
    people.doors[winner].do(AcceptLead(lead_id=lead.id))
    with pytest.raises(AppError, match=f"{winner} was faster"):
        people.doors[second].do(AcceptLead(lead_id=lead.id))
    assert people.lead(lead.id).owner == people.ids[winner]
    people.told("offer to several", lead)
    people.publish(several, Route(name="Rest", team="Closers"), teams=(inside, closers))
    lead = people.until(people.capture(), lambda one: bool(one.owner), "the offer lapses")
    assert (lead.owner, lead.offered, lead.route) == (ben, (), "Rest")
    assert happened(people, lead, OfferLapsed)
    people.told("offer that nobody took", lead)

    # a partner: accepts, declines, lets the time go by
    partner = Route(name="France", when=When(countries=("FR",)), strategy=Strategy.PARTNER, partner=pat)
    people.publish(replace(partner, seconds=600), Route(name="Rest", team="Closers"), teams=(closers,))
    taken, declined = people.capture(country="FR"), people.capture(country="FR")
    assert taken.offered == declined.offered == (pat,)
    people.doors["Pat"].do(AcceptLead(lead_id=taken.id))
    assert people.lead(taken.id).owner == pat
    people.told("partner who accepts", taken)
    people.doors["Pat"].do(DeclineLead(lead_id=declined.id, reason="no time before Friday"))
    assert people.lead(declined.id).owner == ben
    assert happened(people, declined, LeadDeclined)
    people.told("partner who declines", declined)
    people.publish(replace(partner, seconds=SHORT), Route(name="Rest", team="Closers"), teams=(closers,))
    lead = people.until(
        people.capture(country="FR"), lambda one: bool(one.owner), "the partner's time is over"
    )
    assert lead.owner == ben
    people.told("partner who lets it lapse", lead)


def happened(people: People, lead: Lead, kind: type[object]) -> bool:
    return any(isinstance(one.event, kind) for one in people.owner.ask(LeadHistory(lead_id=lead.id)).entries)
