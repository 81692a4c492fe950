"""The words of the queue: countdowns, ages, times, numbers, sources, and a line for every event there is."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import get_type_hints
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import events as e
from app.domain.behaviour import Did
from app.domain.inquiry import Origin
from app.domain.lag import Cause, Lag, Stamp
from app.domain.lead import AttemptKind, ClockState, Lead, Outcome, Reason, Stage, Tier
from app.domain.order import place
from app.domain.presence import DeskState
from app.domain.rulebook import DEFAULT
from app.ui import wording as w
from app.ui.event_line import Line
from app.ui.event_words import line_of
from app.ui.lag_words import stages, why_missed
from app.ui.slots import at_local, call_backs, parse_amount, slots
from app.ui.times import length_words

NOW = datetime(2026, 11, 20, 17, 14, 23, tzinfo=UTC)
LEAD = Lead(id="l", captured_at=NOW - timedelta(minutes=2), name="Grace Lin", phone="+14165550163")


def after(**how_long: float) -> datetime:
    return NOW + timedelta(**how_long)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (after(seconds=37), "0:37"),
        (after(seconds=36.2), "0:37"),
        (after(seconds=0), "0:00"),
        (after(seconds=-0.4), "0:00"),
        (after(seconds=-18), "−0:18"),
        (after(minutes=99, seconds=59), "99:59"),
        (after(minutes=100), "1 h 40"),
        (after(hours=3, minutes=10, seconds=50), "3 h 10"),
        (after(hours=-5, minutes=-44), "−5 h 44"),
        (after(days=2, hours=4), "2 d 4 h"),
        (after(days=2), "2 d"),
        (after(days=40, hours=5), "40 d"),
    ],
)
def test_a_countdown_reads_like_a_clock(at: datetime, words: str) -> None:
    assert w.countdown(at, NOW) == words


@given(st.integers(-(10**7), 10**7))
def test_a_countdown_never_tells_more_time_than_there_is(seconds: int) -> None:
    words = length_words(seconds)
    assert words.startswith("−") == (seconds < 0)
    if abs(seconds) < 6000:
        minutes, rest = words.lstrip("−").split(":")
        assert int(minutes) * 60 + int(rest) == abs(seconds)
        assert len(rest) == 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (23, "23 s"),
        (60, "60 s"),
        (119, "119 s"),
        (240, "4 min"),
        (900, "15 min"),
        (3600, "1 h"),
        (86400, "24 h"),
        (7200, "2 h"),
        (3 * 86400, "3 d"),
    ],
)
def test_a_length_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    assert w.length_of(seconds) == words


def test_a_day_is_named_unless_it_is_today() -> None:
    denver = ZoneInfo("America/Denver")
    assert w.day_and_time(NOW, NOW, denver) == "10:14"
    assert w.day_and_time(after(days=1), NOW, denver) == "Sat 10:14"
    assert w.day_and_time(after(days=-6), NOW, denver) == "Sat 10:14"
    assert w.day_and_time(after(days=7), NOW, denver) == "27 Nov 10:14"
    assert w.day_and_time(after(days=60), NOW, denver) == "19 Jan 2027"
    assert w.day_and_time(datetime(2026, 11, 21, 6, 0, tzinfo=UTC), NOW, denver) == "23:00", (
        "still today there"
    )


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("+13035550148", "+1 303 555 0148"),
        ("+919822055501", "+91 982 205 5501"),
        ("+351255550117", "+351 255 550 117"),
        ("+4930555014", "+49 305 55 014"),
        ("12-34", "12-34"),
        ("+1<script>", "+1<script>"),
        ("", ""),
    ],
)
def test_a_number_can_be_read_aloud(phone: str, words: str) -> None:
    assert w.phone_words(phone) == words


@given(st.text(max_size=40))
def test_no_number_is_lost_or_made_longer_than_it_may_be(phone: str) -> None:
    assert w.phone_words(phone).replace(" ", "")[:60] == phone.replace(" ", "")[:60] or len(phone) > 60


def test_the_kind_of_a_number_is_known() -> None:
    assert w.phone_kind("+4915112345678") == "mobile"
    assert w.phone_kind("+493012345678") == "landline"
    assert w.phone_kind("rubbish") == ""


@pytest.mark.parametrize(
    ("changes", "words", "ink"),
    [
        ({"zone": "America/Denver", "zones": 1}, "may call now", "good"),
        ({"zone": "America/Denver", "zones": 4}, "may probably call now", "good"),
        ({"zone": "Asia/Kolkata", "zones": 1}, "call from 08:00", "warm"),
        ({"zone": "Asia/Kolkata", "zones": 1, "no_call": True}, "asked not to be called", "danger"),
        ({"zone": ""}, "their local time is not known", "ink_faint"),
        ({"zone": "Mars/Olympus"}, "their local time is not known", "ink_faint"),
    ],
)
def test_a_rep_is_told_whether_to_call_now(changes: dict[str, object], words: str, ink: str) -> None:
    assert w.call_hint(replace(LEAD, **changes), NOW) == (words, ink)  # type: ignore[arg-type]


def test_calling_hours_end_at_nine_in_the_evening_there() -> None:
    lead = replace(LEAD, zone="Europe/Lisbon", zones=1)
    assert w.call_hint(lead, datetime(2026, 11, 20, 20, 59, tzinfo=UTC))[1] == "good"
    assert w.call_hint(lead, datetime(2026, 11, 20, 21, 0, tzinfo=UTC))[1] == "warm"


def test_somebody_has_a_name_whatever_is_known() -> None:
    assert w.who(LEAD) == "Grace Lin"
    assert w.who(replace(LEAD, name=" ", email="g@lin.example")) == "g@lin.example"
    assert w.who(replace(LEAD, name="")) == "+1 416 555 0163"
    assert w.who(replace(LEAD, name="", phone="")) == "Somebody"


def test_the_source_is_told_in_the_words_of_marketing() -> None:
    ad = replace(
        LEAD, channel="google", origin=Origin(medium="google", campaign="Roofs", keyword="flat roof")
    )
    assert w.source_words(ad) == "Google Ads · Roofs"
    assert w.source_words(ad, keyword=True) == "Google Ads · Roofs · “flat roof”"
    assert w.source_words(replace(LEAD, channel="form")) == "Web form"
    assert w.source_words(replace(LEAD, channel="form", origin=Origin(medium="Referral"))) == "Referral"
    assert w.source_words(replace(LEAD, channel="telex")) == "telex"


def test_reasons_and_amounts() -> None:
    assert w.reason_words(Reason(text="asked for pricing", points=30)) == "asked for pricing +30"
    assert w.reason_words(Reason(text="free mail", points=-5)) == "free mail −5"
    assert w.amount(125050).endswith("50")
    assert w.tier_mark(Tier.HOT, 60) == "HOT · 60 s"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"last_outcome": Outcome.NO_ANSWER, "retry_at": after(minutes=15)},
            "no answer, next try 10:29 their time",
        ),
        ({"last_outcome": Outcome.VOICEMAIL}, "voicemail, no further try is planned"),
        (
            {"last_outcome": Outcome.BOOKED, "appointment_at": after(days=3)},
            "booked for Mon 10:14 their time",
        ),
        ({"last_outcome": Outcome.CALL_BACK, "call_back_at": after(hours=1)}, "call back 11:14 their time"),
        ({"last_outcome": Outcome.LOST, "close_reason": "price"}, "lost, price"),
        ({"last_outcome": Outcome.UNFIT, "close_reason": "too small"}, "not a fit, too small"),
        ({"last_outcome": None}, "outcome taken back"),
    ],
)
def test_an_outcome_says_what_comes_next(changes: dict[str, object], words: str) -> None:
    lead = replace(LEAD, zone="America/Denver", zones=1, **changes)  # type: ignore[arg-type]
    assert w.outcome_words(lead, NOW) == words


# what a row's clock says


@pytest.mark.parametrize(
    ("changes", "words", "tone"),
    [
        ({"clock": ClockState.RUNNING, "deadline": after(seconds=37)}, "0:37", "running"),
        ({"clock": ClockState.RUNNING, "deadline": after(seconds=-2)}, "−0:02", "breached"),
        (
            {"clock": ClockState.BREACHED, "deadline": after(seconds=-18), "breached_at": after(seconds=-18)},
            "−0:18",
            "breached",
        ),
        ({"clock": ClockState.MET, "attempts": 1, "retry_at": after(minutes=-5)}, "due", "quiet"),
        ({"clock": ClockState.MET, "attempts": 1, "call_back_at": after(minutes=-5)}, "−5:00", "breached"),
        ({"clock": ClockState.NONE}, "–", "quiet"),
        ({"clock": ClockState.MET, "attempts": 1, "owner": "me", "on_call": "a"}, "on call", "calling"),
    ],
)
def test_the_first_cell_says_what_counts(changes: dict[str, object], words: str, tone: str) -> None:
    lead = replace(LEAD, sla_seconds=60, **changes)  # type: ignore[arg-type]
    assert w.clock_cell(lead, place(lead, NOW, DEFAULT, "me"), NOW) == (words, tone)


def test_what_waits_shows_the_time_it_waits_for() -> None:
    retry = replace(LEAD, clock=ClockState.MET, attempts=1, stage=Stage.WORKING, retry_at=after(hours=30))
    words, tone = w.clock_cell(retry, place(retry, NOW, DEFAULT, "me"), NOW)
    assert (words, tone) == (w.day_and_time(after(hours=30), NOW), "quiet")


def test_a_missed_clock_is_forgotten_once_they_were_called() -> None:
    called = replace(
        LEAD,
        clock=ClockState.BREACHED,
        deadline=after(hours=-2),
        breached_at=after(hours=-2),
        attempts=1,
        last_attempt_at=after(hours=-1),
        retry_at=after(minutes=-1),
    )
    assert w.clock_cell(called, place(called, NOW, DEFAULT, "me"), NOW) == ("due", "quiet")


# which times are offered


def test_appointments_are_offered_on_working_days_where_they_are() -> None:
    denver = ZoneInfo("America/Denver")
    assert [choice.words for choice in slots(NOW, denver)] == [
        "today 14:00",
        "today 15:30",
        "Mon 09:00",
        "Mon 10:30",
    ]
    assert all(choice.at > NOW for choice in slots(NOW, None))


@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.sampled_from(["America/Denver", "Europe/Lisbon", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_every_offer_is_to_come_and_in_office_hours_there(minutes: int, zone: str) -> None:
    there, now = ZoneInfo(zone), after(minutes=minutes)
    offered = slots(now, there)
    assert len(offered) == 4
    for choice in offered:
        local = choice.at.astimezone(there)
        assert choice.at > now
        assert 9 <= local.hour < 17
        assert local.weekday() < 5
    backs = [choice.at for choice in call_backs(now, there)]
    assert backs == sorted(backs)
    assert backs[0] > now
    assert backs[-1].astimezone(there).strftime("%H:%M") == "09:00"


def test_a_call_back_this_afternoon_is_offered_only_while_that_is_ahead() -> None:
    denver = ZoneInfo("America/Denver")
    words = [choice.words for choice in call_backs(NOW, denver)]
    assert words == ["in 15 min", "in 1 h", "this afternoon 15:00", "Mon 09:00"]
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert [choice.words for choice in call_backs(late, denver)] == ["in 15 min", "in 1 h", "tomorrow 09:00"]


def test_a_local_time_is_an_instant_there() -> None:
    at = at_local(NOW.date(), datetime.min.time().replace(hour=9), ZoneInfo("Asia/Kolkata"))
    assert at == datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1250", 125000),
        ("1,250.50", 125050),
        ("1.250,50", 125050),
        ("€ 12 500", 1250000),
        ("12.5", 1250),
        ("1,250", 125000),
        ("0", 0),
        ("", None),
        ("ten", None),
        ("-5", None),
        ("12abcdef", None),
        ("9" * 13, None),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, cents: int | None) -> None:
    assert parse_amount(typed) == cents


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_amounts(typed: str) -> None:
    cents = parse_amount(typed)
    assert cents is None or cents >= 0


# a line for every event


def _sample(kind: type[e.Event]) -> e.Event:
    """An event of this class with something in each field that has no default."""
    samples: dict[object, object] = {
        str: "Ana",
        int: 3,
        float: 31.4,
        bool: True,
        datetime: NOW,
        Outcome: Outcome.BOOKED,
        Tier: Tier.HOT,
        AttemptKind: AttemptKind.CALL,
    }
    values: dict[str, object] = {}
    for name, hint in get_type_hints(kind).items():
        if hint in samples:
            values[name] = samples[hint]
        elif "RepStatus" in str(hint):
            values[name] = "break"
        elif hint == tuple[str, ...]:
            values[name] = ("Ana", "Leo")
        elif hint is DeskState:
            values[name] = DeskState.GONE
        elif hint is Did:
            values[name] = Did.PAGE_VIEW
        elif "tuple[tuple" in str(hint):
            values[name] = (("phone", "", "+14165550163"),)
    known = {field.name for field in fields(kind)}
    if "status" in known:
        from app.domain.lead import RepStatus

        values.update(status=RepStatus.BREAK, was=RepStatus.AVAILABLE)
    if kind in (e.LeadsTold, e.CallsTold):
        values.update(leads=(), calls=())
    return kind(**{name: value for name, value in values.items() if name in known})


@pytest.mark.parametrize("kind", e.KINDS.values(), ids=e.KINDS.keys())
def test_every_event_of_the_journal_has_words(kind: type[e.Event]) -> None:
    line = line_of(_sample(kind), NOW)
    assert line.text
    assert line.text != kind.__name__, "it fell through to the name of its class"
    assert "{" not in line.text + line.more


def test_the_words_say_what_happened() -> None:
    booked = e.OutcomeLogged(
        attempt_id="a", number=2, outcome=Outcome.NO_ANSWER, at=after(minutes=15), rep_name="Ana"
    )
    assert line_of(booked, NOW).text.startswith("Call 2: no answer · next try ")
    moved = e.LeadScored(score=67, tier=Tier.WARM, was_score=41, was_tier=Tier.COLD, rulebook=1)
    assert line_of(moved, NOW).text == "Score 41 → 67, COLD → WARM"
    ledger = (
        e.Considered(rep_id="1", name="Ana", skipped="on a break"),
        e.Considered(rep_id="2", name="Leo"),
    )
    routed = e.LeadRouted(to="2", to_name="Leo", why="round robin", ledger=ledger)
    assert line_of(routed, NOW) == Line("Assigned to Leo · round robin", "Ana: on a break")
    assert line_of(e.NoteAdded(text="{braces} <b>", rep_name="Ana"), NOW).more == "{braces} <b>"


# -- clocks


def test_every_event_of_a_clock_has_its_words() -> None:
    due = NOW + timedelta(minutes=30)
    at = f"{due.astimezone():%H:%M}"
    said = {
        e.ClockStarted(
            deadline=due, sla_seconds=300, clock="call_back"
        ): f"A call is promised, at the latest {at}",
        e.ClockStarted(deadline=due, sla_seconds=300, clock="first_contact"): "To be talked to within 5 min",
        e.ClockStarted(deadline=due, sla_seconds=300, clock="partner"): "The partner is to call within 5 min",
        e.ClockMet(after_seconds=5, clock="call_back"): "Called back as promised",
        e.ClockMet(after_seconds=65, clock="first_contact"): "Talked to in time, after 1:05",
        e.ClockWarned(deadline=due, share=0.8): f"80 % of the time is over: due {at}",
        e.ClockBreached(deadline=due, clock="call_back"): f"The promised call was not made by {at}",
        e.ClockBreached(deadline=due, clock="first_contact"): f"Nobody talked to them by {at}",
        e.ClockBreached(deadline=due, clock="partner"): f"The partner had not called by {at}",
        e.ClockPaused(until=due, deadline=due, reason="busy", rep_name="Ana"): (
            f"Clock paused until {at}, then due {at} · Ana"
        ),
        e.ClockResumed(deadline=due, rep_name="Ana"): f"Clock goes on, due {at} · Ana",
        e.LeadEscalated(step=0, what="next_rep", to_names=("Ben",)): "Given to the next rep · Ben",
        e.LeadAcknowledged(rep_id="a", rep_name="Ana", until=due): f"Ana has it; the chain rests until {at}",
        e.LeadSeen(rep_id="a", rep_name="Ana"): "Opened by Ana",
    }
    for event, words in said.items():
        assert line_of(event, NOW).text == words


def test_the_lag_says_why_and_how_long_each_stage_took() -> None:
    stamps = (
        (Stamp.CAPTURE, NOW),
        (Stamp.OFFER, NOW + timedelta(seconds=1)),
        (Stamp.DIAL, NOW + timedelta(seconds=125)),
    )
    missed = Lag(stamps=stamps, deadline=NOW, cause=Cause.NOT_DIALLED, who="Ana")
    assert why_missed(missed) == "Ana had taken it and did not call."
    assert stages(missed) == "offered 0:01 · called 2:05"
    assert len({why_missed(replace(missed, cause=cause)) for cause in Cause}) == len(Cause)
    assert why_missed(replace(missed, cause=None)) == ""
