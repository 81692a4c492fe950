"""A real floor in a file with a dozen invented people, and a desk on it, for the tests and pictures of the
queue.

The clock is moved by hand. Leads are written as the capture would write them, each at its own time, so that
every countdown, history and place in the queue is known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.clock import HandClock, new_id
from app.domain import events as e
from app.domain.inquiry import Origin
from app.domain.lead import ClockState, Lead, Outcome, Reason, Rep, RepStatus, Role, Stage, Tier
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor

AT = datetime(2026, 11, 20, 17, 14, 23, tzinfo=UTC)
"""A Friday, 10:14 in Denver."""
ME, ANA = "rep-mara", "rep-ana"
SLA = {Tier.HOT: 60, Tier.WARM: 3600, Tier.COLD: 86400}


def person(
    name: str,
    company: str = "",
    *,
    tier: Tier = Tier.WARM,
    score: int = 50,
    ago: float = 60,
    ask: str = "",
    city: str = "",
    zone: str = "",
    medium: str = "",
    campaign: str = "",
    keyword: str = "",
    channel: str = "form",
    phone: str = "+13035550100",
    owner: str = ME,
    reasons: tuple[tuple[str, int], ...] = (),
    **more: object,
) -> Lead:
    """An invented lead that came in `ago` seconds before `AT`, its clock running."""
    captured = AT - timedelta(seconds=ago)
    deadline = captured + timedelta(seconds=SLA[tier])
    lead = Lead(
        id=new_id(),
        name=name,
        company=company,
        tier=tier,
        score=score,
        fit=score * 3 // 5,
        intent=score - score * 3 // 5,
        captured_at=captured,
        ask=ask,
        city=city,
        zone=zone,
        zones=1 if zone else 0,
        phone=phone,
        owner=owner,
        email=f"{name.split(maxsplit=1)[0].lower()}@{(company.split() or ['mail'])[0].lower()}.example"
        if name.isascii() and name
        else "",
        origin=Origin(medium=medium, campaign=campaign, keyword=keyword),
        channel=channel,
        reasons=tuple(Reason(text=text, points=points) for text, points in reasons),
        rulebook=1,
        clock=ClockState.RUNNING if deadline > AT else ClockState.BREACHED,
        sla_seconds=SLA[tier],
        deadline=deadline,
        breached_at=None if deadline > AT else deadline,
    )
    return replace(lead, **more)  # type: ignore[arg-type]


def tried(lead: Lead, times: int, ago: float, again: float, outcome: Outcome = Outcome.NO_ANSWER) -> Lead:
    """The lead after so many calls without an answer, tried again `again` seconds after `AT`."""
    last = AT - timedelta(seconds=ago)
    return replace(
        lead,
        clock=ClockState.MET,
        attempts=times,
        first_attempt_at=lead.captured_at + timedelta(seconds=40),
        last_attempt_at=last,
        last_outcome=outcome,
        retry_at=AT + timedelta(seconds=again),
        stage=Stage.WORKING,
        claimed_at=last,
        claim_no=1,
        breached_at=None,
    )


def people() -> list[Lead]:
    """Those of the pictures."""
    pricing, phone, company = ("asked for pricing", 30), ("phone valid", 15), ("names a company", 5)
    return [
        person(
            "Dana Okafor",
            "Brightline Logistics",
            tier=Tier.HOT,
            score=91,
            ago=23,
            city="Denver",
            zone="America/Denver",
            ask="Need pricing for 40 pallet bays before Friday, can someone call me?",
            channel="google",
            medium="google",
            keyword="warehouse racking",
            phone="+13035550148",
            title="Warehouse Manager",
            reasons=(pricing, ("answered an ad's form", 25), phone, ("decides", 10), company),
        ),
        person(
            "Luis Ferreira",
            "",
            tier=Tier.HOT,
            score=84,
            ago=78,
            city="Lisbon",
            zone="Europe/Lisbon",
            medium="meta",
            campaign="Spring",
            ask="Demo request, two sites, went from price page to form",
            reasons=(pricing, phone),
            phone="+351255550117",
        ),
        person(
            "Priya Raman",
            "Northgate Retail",
            score=67,
            ago=3228,
            city="Pune",
            zone="Asia/Kolkata",
            medium="Organic",
            title="Operations Director",
            ask="Compare your enterprise plan with what we have, 14 stores.",
            phone="+919822055501",
            reasons=(("asked for a demo", 25), phone, ("decides", 10)),
            owner="",
            consent="Call, email · 2026-11-20 web form v3",
            answers=(("Stores", "14"), ("When", "this quarter")),
        ),
        person(
            "Tom Becker",
            "Halle GmbH",
            score=63,
            ago=2710,
            city="Berlin",
            zone="Europe/Berlin",
            medium="Referral",
            ask="Please phone me about the site visit",
            phone="+4930555014",
            reasons=(("asked for a call", 30), phone),
        ),
        person(
            "Grace Lin",
            "Lin Dental",
            score=58,
            ago=2272,
            city="Toronto",
            zone="America/Toronto",
            medium="Webinar 11/18",
            ask="Can we have both offers by e-mail as well",
            reasons=(pricing, phone),
            phone="+14165550163",
        ),
        person(
            "",
            "",
            score=55,
            ago=1107,
            city="Miami",
            zone="America/New_York",
            channel="phone",
            phone="+13055550190",
            ask="Missed inbound call, 38 s in the queue",
            reasons=(phone,),
        ),
        person(
            "Anders Holm",
            "Holm & Sønner",
            tier=Tier.COLD,
            score=31,
            ago=75000,
            city="Oslo",
            zone="Europe/Oslo",
            medium="Trade show",
            ask="Brochure, please",
            reasons=(phone, company),
            phone="+4721555012",
        ),
        person(
            "Yuki Sato",
            "",
            tier=Tier.COLD,
            score=28,
            ago=65800,
            city="Osaka Prefecture",
            zone="Asia/Tokyo",
            medium="Organic",
            ask="Newsletter sign-up",
            reasons=(phone,),
            phone="+81655550133",
        ),
        tried(
            person(
                "Nia Abara",
                "Abara Foods",
                score=49,
                ago=9000,
                city="Lagos",
                zone="Africa/Lagos",
                medium="newsletter",
                ask="Prices for cold storage",
                phone="+2341555017",
            ),
            1,
            5000,
            -600,
        ),
        tried(
            person(
                "Marcus Webb",
                "Webb Roofing",
                score=61,
                ago=40000,
                city="Tucson",
                zone="America/Phoenix",
                channel="google",
                medium="google",
                campaign="Roofs",
                ask="Quote request overnight",
            ),
            2,
            1800,
            2160,
        ),
        tried(
            person(
                "Ines Duarte",
                "Duarte Hotels",
                score=44,
                ago=90000,
                city="Faro",
                zone="Europe/Lisbon",
                medium="Referral",
                ask="Beds for two houses",
            ),
            3,
            5400,
            5400,
            Outcome.VOICEMAIL,
        ),
        replace(
            tried(
                person(
                    "Olu Mensah",
                    "Mensah Farms",
                    score=40,
                    ago=100000,
                    city="Accra",
                    zone="Africa/Accra",
                    medium="Trade show",
                    ask="Call me when the harvest is in",
                ),
                1,
                80000,
                0,
                Outcome.CALL_BACK,
            ),
            retry_at=None,
            call_back_at=AT + timedelta(hours=3),
        ),
        replace(
            person(
                "Rosa Vidal",
                "Vidal Print",
                tier=Tier.COLD,
                score=12,
                ago=400000,
                city="Valencia",
                zone="Europe/Madrid",
                channel="import",
                medium="old customers",
                phone="",
            ),
            clock=ClockState.NONE,
            deadline=None,
            breached_at=None,
            sla_seconds=0,
            import_id="i",
            email="rosa@vidal.example",
            problems=("The phone number “12-34” is not valid.",),
        ),
    ]


def add(book: Book, lead: Lead) -> None:
    """Write a lead as if it had just come in, with what was noted then."""
    with book.writing("capture", lead.captured_at) as w:
        w.add_lead(lead, "", "")
        w.record(e.LeadCaptured(inquiry_id="", channel=lead.channel, source=""), lead.id)
        w.record(e.LeadScored(score=lead.score, tier=lead.tier, reasons=lead.reasons, rulebook=1), lead.id)
        if lead.owner:
            names = {ME: "Mara Kovac", ANA: "Ana Brito"}
            skipped = (e.Considered(rep_id="x", name="Ana Brito", skipped="on a break"),)
            w.record(
                e.LeadRouted(
                    to=lead.owner, to_name=names[lead.owner], why="round robin, 3 available", ledger=skipped
                ),
                lead.id,
            )
        if lead.deadline is not None:
            w.record(e.ClockStarted(deadline=lead.deadline, sla_seconds=lead.sla_seconds), lead.id)
            if lead.clock is not ClockState.MET:
                w.add_clock(new_id(), lead, lead.owner)
    if lead.breached_at is not None:
        with book.writing("keeper", lead.breached_at) as w:
            w.record(e.ClockBreached(deadline=lead.breached_at), lead.id)
    if lead.attempts and lead.last_attempt_at and lead.last_outcome:
        with book.writing(ME, lead.last_attempt_at) as w:
            attempt = new_id()
            w.record(e.LeadClaimed(rep_id=ME, rep_name="Mara Kovac", claim_no=1), lead.id)
            w.record(
                e.AttemptStarted(
                    attempt_id=attempt, attempt_kind="call", number=lead.attempts, rep_name="Mara Kovac"
                ),  # type: ignore[arg-type]
                lead.id,
            )
            w.record(e.AttemptEnded(attempt_id=attempt, seconds=31), lead.id)
            w.record(
                e.OutcomeLogged(
                    attempt_id=attempt,
                    number=lead.attempts,
                    outcome=lead.last_outcome,
                    at=lead.retry_at or lead.call_back_at,
                    rep_name="Mara Kovac",
                ),
                lead.id,
            )


class SampleFloor:
    """The floor, its clock, and a way to let things happen on it."""

    def __init__(self, folder: Path, leads: Iterable[Lead] = (), role: Role = Role.REP) -> None:
        """`role` is what the rep `ME` is."""
        address = str(folder / "sample.floor")
        self.clock = HandClock(AT)
        start_floor(address, "Sample", AT - timedelta(days=9))
        self.book = Book(address)
        with self.book.writing("setup", AT - timedelta(days=9)) as w:
            for rep_id, name, what in ((ME, "Mara Kovac", role), (ANA, "Ana Brito", Role.REP)):
                w.add_rep(
                    Rep(id=rep_id, name=name, role=what, status=RepStatus.AVAILABLE, status_since=w.now)
                )
                w.record(e.RepAdded(rep_id=rep_id, name=name))
        self.leads = {lead.name: lead for lead in leads}
        for lead in sorted(self.leads.values(), key=lambda lead: lead.captured_at):
            add(self.book, lead)
        self.floor = LocalFloor(self.book, self.clock, ME)
        self.terminal = self.floor.as_actor("admin")

    def lead(self, name: str) -> Lead:
        """The lead of that name, as it is in the books."""
        with self.book.reading() as reading:
            return reading.lead(self.leads[name].id)

    def arrive(self, lead: Lead) -> Lead:
        """Somebody new."""
        self.leads[lead.name] = lead
        add(self.book, lead)
        return lead

    def write(self, actor: str, lead: Lead, *events: e.Event, **changes: object) -> None:
        """Change a lead behind the desk's back."""
        with self.book.writing(actor, self.clock.now()) as w:
            w.save_lead(replace(w.lead(lead.id), **changes))  # type: ignore[arg-type]
            for event in events:
                w.record(event, lead.id)

    def close(self) -> None:
        self.floor.close()
