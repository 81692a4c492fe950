"""The main job, from the wire to the rep's ear and back into the books: three inquiries, three calls.

Nothing here is called inside the program: inquiries come over HTTP, bubbles are read off the bus and
pressed where the notification daemon has drawn them, keys and clicks come from xdotool, and what came of it
is read from the floor's books. The wall clock of this test says what the times in there have to be.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.domain import events as e
from app.domain.commands import PublishRulebook
from app.domain.lead import ClockState, Lead, Outcome, RepStatus
from app.domain.questions import DayFigures, LeadHistory
from app.domain.rulebook import DEFAULT
from app.floor.local import LocalFloor
from app.ui.theme_look import LIGHT
from tests.e2e.driver import FORM, JSON, House, Program, begin_floor, late_s, lead_named, looking, paths, post
from tests.e2e.places import everywhere
from tests.e2e.screen import Box, Bubble, Desktop, press_until, until

SECRET = "REDACTED-google-key"
"""What the published payload carries as its google_key."""
ASKED = {
    "name": "Dana Okafor",
    "company": "Brightline Logistics",
    "email": "dana@brightline.example",
    "phone": "+1 303 555 0148",
    "message": "Need a quote for 40 pallet bays today, can someone call me?",
}
CRM = {
    "name": "Priya Raman",
    "company": "Northgate Retail",
    "email": "priya@northgate.example",
    "phone": "+91 98220 55501",
    "message": "How much is the enterprise plan for 14 stores?",
}
CARDS = Box(1440 - 392, 60, 392, 600)
"""Where the window's own toasts stand."""
PATIENT = replace(DEFAULT, tiers=tuple(replace(rule, sla=900) for rule in DEFAULT.tiers))
"""Promises that are kept on a slow machine, too."""
STORY = [
    e.LeadCaptured,
    e.LeadScored,
    e.LeadRouted,
    e.ClockStarted,
    e.LeadClaimed,
    e.AttemptStarted,
    e.ClockMet,
    e.AttemptEnded,
    e.OutcomeLogged,
]


class Walk:
    """One desk at work, and the test's own note of when things were done."""

    def __init__(self, house: House, desktop: Desktop, program: Program, floor: LocalFloor, me: str) -> None:
        self.house, self.desktop, self.floor, self.me = house, desktop, floor, me
        self.window = program.window()
        program.ready()
        desktop.move(self.window, 0, 0)
        self.ways = paths(floor)

    def available(self) -> None:
        """The rep says so by key."""
        press_until(
            lambda: self.floor.reps()[0].status == RepStatus.AVAILABLE,
            lambda: self.desktop.keys(self.window, "ctrl+shift+a"),
            "the rep is available",
        )

    def arrives(self, channel: str, body: bytes, kind: str, name: str, status: int) -> tuple[float, Bubble]:
        """Post an inquiry: its lead, its bubble and its sound must come. When it was sent, and the bubble."""
        rung = len(self._sounds())
        sent = time.time()
        assert post(self.house.port, self.ways[channel], body, kind).status == status
        answered = time.time()
        assert self.lead(name).owner == self.me
        heard = self.desktop.ear.bubbles
        bubble = until(lambda: [b for b in heard(sent) if name in b.summary], f"a bubble for {name}")[0]
        assert bubble.actions == ("claim", "Claim", "open", "Open")
        assert bubble.replaces == 0
        assert bubble.at - answered < late_s()
        until(lambda: len(self._sounds()) == rung + 1, "a sound was asked for")
        return sent, bubble

    def _sounds(self) -> list[str]:
        return re.findall(r"sound asked for: (\w+)", self.house.logged)

    @property
    def last_sound(self) -> str:
        return self._sounds()[-1]

    def lead(self, name: str) -> Lead:
        return until(lambda: lead_named(self.floor, name), f"{name} is a lead")

    def becomes(self, name: str, holds: Callable[[Lead], object], what: str) -> Lead:
        def now() -> Lead | None:
            lead = self.lead(name)
            return lead if holds(lead) else None

        return until(now, f"{name}: {what}")

    def call(self, key: str, name: str, number: str) -> tuple[float, Lead]:
        """Press the key that calls: the dial is asked of the system. When it was pressed, and the lead."""
        dialled = len(self.house.lines_dialled())
        pressed = time.time()
        self.desktop.keys(self.window, key)
        lead = self.becomes(name, lambda lead: lead.on_call, "is being called")
        assert (lead.owner, lead.attempts, lead.clock) == (self.me, 1, ClockState.MET)
        until(lambda: len(self.house.lines_dialled()) > dialled, "the dial is asked for")
        assert self.house.lines_dialled()[dialled:] == [f"tel:{number}"]
        until(lambda: self._bar, "the bar of the call is there")
        return pressed, lead

    @property
    def _bar(self) -> bool:
        """Whether the dark bar of a call lies over the window's header."""
        return self.desktop.picture().has(LIGHT.rail, Box(500, 30, 200, 1), 100)

    def no_answer(self, name: str) -> Lead:
        """Hang up, then say how it ended."""
        self.desktop.keys(self.window, "Escape")
        self.becomes(name, lambda lead: lead.hung_up_at, "the line is down")
        self.desktop.keys(self.window, "3")
        lead = self.becomes(name, lambda lead: lead.last_outcome, "the outcome is in the books")
        assert (lead.last_outcome, lead.on_call, lead.attempts) == (Outcome.NO_ANSWER, "", 1)
        assert lead.retry_at is not None
        until(lambda: not self._bar, "the bar of the call is gone")
        return lead

    def story_is_right(self, lead: Lead, sent: float, pressed: float) -> None:
        """The timeline in order, and its times those that the test noted."""
        history = self.floor.ask(LeadHistory(lead_id=lead.id))
        # When the desk says that the lead was looked at depends on what else it has to do.
        entries = [entry for entry in history.entries[::-1] if not isinstance(entry.event, e.LeadSeen)]
        assert [type(entry.event) for entry in entries] == STORY
        assert len(entries) == len(history.entries) - 1, "the lead was seen once"
        assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
        assert [entry.actor for entry in entries[4:]] == [self.me] * 5
        (met,) = (entry.event for entry in entries if isinstance(entry.event, e.ClockMet))
        assert lead.first_attempt_at is not None
        ttfc = (lead.first_attempt_at - lead.captured_at).total_seconds()
        assert met.after_seconds == pytest.approx(ttfc, abs=0.5)
        assert ttfc == pytest.approx(pressed - sent, abs=late_s())
        assert lead.captured_at.timestamp() == pytest.approx(sent, abs=late_s())
        (attempt,) = history.attempts
        assert (attempt.started_at, attempt.outcome) == (lead.first_attempt_at, Outcome.NO_ANSWER)
        assert attempt.ended_at is not None


@everywhere
@pytest.mark.timeout(400)
def test_three_inquiries_become_three_calls(house: House, desktop: Desktop, data_dir: Path) -> None:
    started = datetime.now(UTC)
    me = begin_floor(house, PublishRulebook(rulebook=PATIENT), secret=SECRET)
    with house.start() as program, looking(house.address) as floor:
        walk = Walk(house, desktop, program, floor, me)
        walk.available()
        ttfc: list[float] = []

        # a form: claimed on the bubble that the notification daemon has drawn, called by key
        sent, bubble = walk.arrives("form", urlencode(ASKED).encode(), FORM, "Dana Okafor", 303)
        assert (bubble.summary, bubble.urgency) == ("HOT · Dana Okafor · Brightline Logistics", 2)
        assert "“Need a quote for 40 pallet bays today" in bubble.body
        assert walk.last_sound == "hot"
        assert walk.lead("Dana Okafor").claimed_at is None
        desktop.click(until(desktop.claim_button, "the daemon has drawn the button"))
        until(lambda: desktop.ear.pressed(sent) == ["claim"], "the daemon says that Claim was pressed")
        lead = walk.becomes("Dana Okafor", lambda lead: lead.claimed_at, "is claimed")
        assert (lead.owner, lead.attempts, lead.clock) == (me, 0, ClockState.RUNNING)
        until(lambda: desktop.ear.put_away(sent), "the bubble is gone")
        until(lambda: desktop.active() == walk.window, "the window is in front")
        pressed, _ = walk.call("c", "Dana Okafor", "+13035550148")
        lead = walk.no_answer("Dana Okafor")
        walk.story_is_right(lead, sent, pressed)
        ttfc.append(pressed - sent)

        # JSON: claimed on the toast inside the window
        sent, bubble = walk.arrives("json", json.dumps(CRM).encode(), JSON, "Priya Raman", 201)
        assert (bubble.summary, bubble.urgency) == ("WARM · Priya Raman · Northgate Retail", 1)
        assert walk.last_sound == "warm"
        desktop.click(until(lambda: desktop.filled(LIGHT.accent_fill, CARDS), "the toast in the window"))
        walk.becomes("Priya Raman", lambda lead: lead.claimed_at, "is claimed")
        until(lambda: desktop.ear.put_away(sent), "the bubble is gone as well")
        pressed, _ = walk.call("c", "Priya Raman", "+919822055501")
        lead = walk.no_answer("Priya Raman")
        walk.story_is_right(lead, sent, pressed)
        ttfc.append(pressed - sent)

        # Google's own test delivery: claimed and called with one key
        body = (data_dir / "webhooks" / "google_lead_form_test_roofing.json").read_bytes()
        sent, bubble = walk.arrives("google", body, JSON, "FirstName LastName", 200)
        assert walk.lead("FirstName LastName").is_test
        pressed, _ = walk.call("space", "FirstName LastName", "+16505550123")
        lead = walk.no_answer("FirstName LastName")
        walk.story_is_right(lead, sent, pressed)

        figures = floor.ask(DayFigures(rep_id=me, since=started))
        # a test delivery counts nowhere
        assert (figures.calls, figures.sla_met, figures.sla_missed) == (2, 2, 0)
        assert figures.ttfc_median == pytest.approx(sum(ttfc) / 2, abs=late_s())
        assert floor.reps()[0].status == RepStatus.AVAILABLE
        assert program.leave() == 0
    assert program.complaints == ""
