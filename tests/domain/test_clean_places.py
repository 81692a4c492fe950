"""Countries by name, and the clock a person lives by."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

import pytest

from app.domain.clean import clean
from app.domain.countries import countries, other_names
from app.domain.inquiry import Draft
from app.domain.places import clocks, country_code, zones_of_address
from app.domain.regions import EXCEPTIONS, STATES, regions


def test_every_zone_of_the_tables_is_one() -> None:
    known = available_timezones()
    for _, zones in countries().values():
        assert zones
        assert set(zones) <= known
    for country in (*STATES, *EXCEPTIONS):
        for name, zones in regions(country).items():
            assert set(zones) <= known, (country, name)
    assert len(countries()) > 240
    assert set(other_names().values()) <= set(countries())


def test_a_table_of_states_tells_all_of_a_country_s_clocks() -> None:
    for country in STATES:
        told = {zone for zones in regions(country).values() for zone in zones}
        missing = set(clocks(countries()[country][1])) - set(clocks(told, countries()[country][1]))
        assert missing <= {"America/Noronha"}, country  # an island that is no state of its own


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("US", "US"), ("us", "US"), ("U.S.", "US"), ("U.S.A.", "US"), ("USA", "US"), ("United States", "US"),
        ("United States of America", "US"), ("the Netherlands", "NL"), ("Holland", "NL"), ("UK", "GB"),
        ("Deutschland", "DE"), ("Côte d'Ivoire", "CI"), ("cote d’ivoire", "CI"), ("Österreich", "AT"),
        ("España", "ES"), ("Türkiye", "TR"), ("England", "GB"), ("Россия", "RU"), ("Україна", "UA"),
        ("日本", "JP"), ("South Korea", "KR"), ("Kosovo", "XK"), ("Germany ", "DE"), ("Wonderland", ""),
        ("", ""), ("XX", ""), ("x" * 100, ""),
    ],
)  # fmt: skip
def test_a_country_by_code_or_name(typed: str, code: str) -> None:
    assert country_code(typed) == code


def test_every_country_is_found_by_its_own_name() -> None:
    assert {code for code, (name, _) in countries().items() if country_code(name) != code} == set()


def test_an_unknown_country_is_kept_as_typed() -> None:
    assert clean(Draft(name="x", country="Wonderland"), "US").country == "Wonderland"


@pytest.mark.parametrize(
    ("draft", "zone", "zones"),
    [
        # by the stated address, whatever the number says
        (Draft(country="Germany", phone="+13035550148"), "Europe/Berlin", 1),
        (Draft(country="US", region="Colorado"), "America/Denver", 1),
        (Draft(country="US", region="co", phone="+16505550123"), "America/Denver", 1),
        (Draft(country="AU", region="Queensland"), "Australia/Brisbane", 1),
        (Draft(country="Brazil", region="AM"), "America/Manaus", 2),
        (Draft(country="Canada", region="Québec"), "America/Toronto", 1),
        (Draft(country="RU", region="Novosibirsk Oblast"), "Asia/Novosibirsk", 1),
        (Draft(country="RU", city="Omsk"), "Asia/Omsk", 1),
        (Draft(country="ES", region="Madrid"), "Europe/Madrid", 1),
        (Draft(country="ES", region="Las Palmas"), "Atlantic/Canary", 1),
        (Draft(country="MX", region="Baja California Sur"), "America/Mazatlan", 1),
        (Draft(country="ES"), "Europe/Madrid", 2),
        (Draft(country="IN", region="nonsense"), "Asia/Kolkata", 1),
        # a region without its country, in the country of the number or of the floor
        (Draft(region="California", phone="+16505550123"), "America/Los_Angeles", 1),
        (Draft(region="Texas"), "America/Chicago", 2),
        (Draft(region="NSW", phone="+61412345678"), "Australia/Sydney", 1),
        # where the address leaves two, the number may tell
        (Draft(country="US", region="TX", phone="+19155550148"), "America/Denver", 1),
        (Draft(country="US", phone="+13035550148"), "America/Denver", 1),
        # by the number alone
        (Draft(phone="+13035550148"), "America/Denver", 1),
        (Draft(phone="+4930901820"), "Europe/Berlin", 1),
        (Draft(phone="+447911123456"), "Europe/London", 1),
        (Draft(phone="+61412345678"), "Australia/Sydney", 5),
        # nothing tells
        (Draft(), "", 0),
        (Draft(country="Wonderland"), "", 0),
    ],
)
def test_the_clock_a_person_lives_by(draft: Draft, zone: str, zones: int) -> None:
    found = clean(
        Draft(**{**{n: getattr(draft, n) for n in ("country", "region", "city", "phone")}, "name": "x"}), "US"
    )
    assert found.zone == zone
    if zones == 5:
        assert (
            3 <= found.zones <= 8
        )  # all of Australia; how many clocks that is, is for the time zone database
    else:
        assert found.zones == zones


def test_a_number_that_belongs_to_no_place_says_so() -> None:
    found = clean(Draft(name="x", phone="+1 800 555 0199"), "US")
    assert found.zones > 10
    assert found.zone == "America/New_York"


def test_zones_that_tell_the_same_time_count_once() -> None:
    assert clocks(["Europe/Guernsey", "Europe/Jersey", "Europe/London"], ("Europe/London",)) == (
        "Europe/London",
    )
    assert len(clocks(["America/Phoenix", "America/Denver"])) == 2  # alike in winter only
    assert clocks([]) == ()


def test_a_clock_is_one_that_can_be_read() -> None:
    for code in countries():
        for zone in zones_of_address(code, ""):
            ZoneInfo(zone)
