"""How loudly the rulebook has somebody hear of something, and when a mute may end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.alerting import Heard, concerns_all, heard, next_start
from app.domain.hours import Block, Calendar
from app.domain.lead import RepStatus, Role, Tier
from app.domain.routes import Alert, Loudness, News
from app.domain.rulebook import DEFAULT, Rulebook

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""
LUNCH = Calendar(name="Lunch", week=((Block(start=12 * 3600, until=13 * 3600),),) * 7)
OFFICE = Calendar(
    name="Office", zone="Europe/Berlin", week=((Block(start=9 * 3600, until=17 * 3600),),) * 5 + ((), ())
)


def book(*alerts: Alert, **said: object) -> Rulebook:
    return replace(DEFAULT, alerts=alerts, **said)  # type: ignore[arg-type]


def told(
    rulebook: Rulebook,
    news: News = News.ARRIVED,
    tier: Tier = Tier.HOT,
    role: Role = Role.REP,
    status: RepStatus = RepStatus.AVAILABLE,
    now: datetime = NOON,
    *,
    theirs: bool = True,
    short: bool = False,
) -> Loudness | None:
    found = heard(rulebook, news, tier, role, status, now, is_theirs=theirs, is_short=short)
    return found.loudness if found else None


def test_a_rulebook_without_alerts_says_nothing() -> None:
    for news in News:
        for status in RepStatus:
            assert told(DEFAULT, news, status=status) is None


def test_the_first_alert_that_fits_holds() -> None:
    rulebook = book(
        Alert(news=News.ARRIVED, tiers=(Tier.HOT,), loudness=Loudness.LOUD),
        Alert(news=News.ARRIVED, tiers=(Tier.HOT, Tier.WARM), loudness=Loudness.NORMAL),
        Alert(news=News.ARRIVED, loudness=Loudness.SILENT),
    )
    assert [told(rulebook, tier=tier) for tier in Tier] == [Loudness.LOUD, Loudness.NORMAL, Loudness.SILENT]
    assert told(rulebook, News.BREACHED) is None


def test_roles_hear_of_what_is_not_theirs_and_others_do_not() -> None:
    rulebook = book(
        Alert(news=News.BREACHED, roles=("manager",), loudness=Loudness.LOUD), Alert(news=News.BREACHED)
    )
    assert told(rulebook, News.BREACHED, role=Role.MANAGER, theirs=False) is Loudness.LOUD
    assert told(rulebook, News.BREACHED, role=Role.REP, theirs=False) is None
    assert told(rulebook, News.BREACHED, role=Role.REP) is Loudness.NORMAL
    assert concerns_all(rulebook, Role.MANAGER)
    assert not concerns_all(rulebook, Role.REP)


def test_on_a_call_it_is_softer_until_the_clock_gets_short() -> None:
    rulebook = book(Alert(news=News.WARNED, loudness=Loudness.LOUD, on_call=Loudness.QUIET))
    assert told(rulebook, News.WARNED, status=RepStatus.ON_CALL) is Loudness.QUIET
    assert told(rulebook, News.WARNED, status=RepStatus.ON_CALL, short=True) is Loudness.LOUD
    louder = book(Alert(news=News.WARNED, loudness=Loudness.QUIET, on_call=Loudness.LOUD))
    assert told(louder, News.WARNED, status=RepStatus.ON_CALL) is Loudness.QUIET, (
        "a call makes nothing louder"
    )


@pytest.mark.parametrize("status", [RepStatus.BREAK, RepStatus.AWAY])
def test_who_is_not_there_hears_of_alarms_only(status: RepStatus) -> None:
    rulebook = book(*(Alert(news=news, loudness=Loudness.LOUD) for news in News))
    for news in News:
        loud = Loudness.LOUD if news is News.ALARM else Loudness.SILENT
        assert told(rulebook, news, status=status, short=True) is loud


def test_quiet_hours_are_quiet_but_for_alarms_and_say_when_they_end() -> None:
    rulebook = book(
        Alert(news=News.ARRIVED, loudness=Loudness.LOUD, quiet_hours="Lunch"),
        Alert(news=News.ALARM, loudness=Loudness.LOUD, quiet_hours="Lunch"),
        Alert(news=News.WARNED, loudness=Loudness.SILENT, quiet_hours="Lunch"),
        calendars=(LUNCH,),
    )

    def at(now: datetime, news: News = News.ARRIVED) -> Heard | None:
        return heard(rulebook, news, Tier.HOT, Role.REP, RepStatus.AVAILABLE, now)

    one = NOON + timedelta(hours=1)
    assert at(NOON) == (Loudness.QUIET, one)
    assert at(one - timedelta(microseconds=1)) == (Loudness.QUIET, one)
    assert at(one) == (Loudness.LOUD, NOON + timedelta(days=1))
    assert at(NOON - timedelta(minutes=1)) == (Loudness.LOUD, NOON)
    assert at(NOON, News.ALARM) == (Loudness.LOUD, None)
    assert at(NOON, News.WARNED) == (Loudness.SILENT, one), "quiet hours make nothing louder"


@given(
    st.lists(
        st.builds(
            Alert,
            news=st.sampled_from(News),
            tiers=st.lists(st.sampled_from(Tier), max_size=2).map(tuple),
            roles=st.lists(st.sampled_from([role.value for role in Role]), max_size=2).map(tuple),
            loudness=st.sampled_from(Loudness),
            on_call=st.sampled_from(Loudness),
            quiet_hours=st.sampled_from(["", "Lunch", "Nowhere"]),
        ),
        max_size=5,
    ),
    st.sampled_from(News),
    st.sampled_from(Tier),
    st.sampled_from(Role),
    st.integers(0, 10_000),
)
def test_never_louder_than_its_rule_and_no_hour_or_status_loses_it(
    alerts: list[Alert], news: News, tier: Tier, role: Role, minutes: int
) -> None:
    rulebook = book(*alerts, calendars=(LUNCH,))
    now = NOON + timedelta(minutes=minutes)
    order = list(Loudness)
    fits = next(
        (
            alert
            for alert in alerts
            if alert.news is news
            and (not alert.tiers or tier in alert.tiers)
            and (not alert.roles or role.value in alert.roles)
        ),
        None,
    )
    for status in RepStatus:
        found = heard(rulebook, news, tier, role, status, now)
        assert (found is None) == (fits is None)
        if found is not None and fits is not None:
            assert order.index(found.loudness) <= order.index(fits.loudness)
            assert found.until is None or found.until > now


def test_tomorrow_begins_when_the_floor_does() -> None:
    rulebook = book(calendars=(OFFICE,))
    assert next_start(rulebook, NOON) == datetime(2026, 3, 3, 8, tzinfo=UTC)
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
    assert next_start(rulebook, friday) == datetime(2026, 3, 9, 8, tzinfo=UTC)
    bare = next_start(DEFAULT, NOON).astimezone()
    assert (bare.hour, bare.minute) == (8, 0)
    assert timedelta() < bare - NOON <= timedelta(days=2)
