"""What becomes of a draft's particulars: put into form where they have one, kept as typed where not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clean import Person, clean, full_name, plain, warm
from app.domain.inquiry import Draft, Origin, Unreadable
from app.domain.tidy import line, text


def person(default: str = "US", /, **particulars: Any) -> Person:
    return clean(Draft(**{"name": "Dana", **particulars}), default)


def test_a_plain_draft_becomes_a_plain_person() -> None:
    found = person(
        name="Dana Okafor",
        title="Head of Logistics",
        company="Brightline",
        email="Dana.Okafor@Example.COM",
        phone="(303) 555-0148",
        country="United States",
    )
    assert found == Person(
        name="Dana Okafor",
        title="Head of Logistics",
        company="Brightline",
        email="Dana.Okafor@example.com",
        phone="+13035550148",
        country="US",
        zone="America/Denver",
        zones=1,
        email_key="dana.okafor@example.com",
        phone_key="+13035550148",
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zoë \t van  der\nBerg ", "Zoë van der Berg"),
        ("Zoe\u0308", "Zoë"),
        ("O'Brien", "O'Brien"),
        ("山田 太郎", "山田 太郎"),
        ("Dr. Juan Q. Xavier de la Vega III", "Dr. Juan Q. Xavier de la Vega III"),
        ("<b>Dana</b>", "<b>Dana</b>"),
        ("'; DROP TABLE leads; --", "'; DROP TABLE leads; --"),
        ("Da\x00na\x1b[31m", "Dana[31m"),
        ("\u202eanaD\u202c", "anaD"),
        ("Da\ud800na", "Dana"),
        ("نازنین\u200cزهرا", "نازنین\u200cزهرا"),  # a joiner that the name needs
        ("👩‍💻 Ann", "👩‍💻 Ann"),
        ("null", "null"),
    ],
)
def test_a_name_stays_as_it_was_typed(typed: str, kept: str) -> None:
    assert person(name=typed).name == kept


def test_what_is_too_long_is_cut_and_said() -> None:
    found = person(name="x" * 300, company="y" * 200, phone="1" * 500)
    assert len(found.name) == 200
    assert found.name.endswith("…")
    assert found.company == "y" * 200
    assert found.problems[:2] == (
        "The name is cut: it had more than 200 characters.",
        "The phone number is cut: it had more than 60 characters.",
    )


@pytest.mark.parametrize(
    ("name", "first", "last", "whole"),
    [
        ("", "Dana", "Okafor", "Dana Okafor"),
        ("", "", "Okafor", "Okafor"),
        ("Dana Okafor", "Dana", "Okafor", "Dana Okafor"),
        ("OKAFOR Dana", "Dana", "Okafor", "OKAFOR Dana"),
        ("Dana", "", "Okafor", "Dana Okafor"),
        ("Okafor", "Dana", "", "Dana Okafor"),
        ("", "", "", ""),
    ],
)
def test_one_name_of_its_parts(name: str, first: str, last: str, whole: str) -> None:
    assert full_name(name, first, last) == whole


@pytest.mark.parametrize(
    ("typed", "email", "key"),
    [
        ("a@b.com", "a@b.com", "a@b.com"),
        (" A.B+c@EXAMPLE.com ", "A.B+c@example.com", "a.b+c@example.com"),
        ("mailto:a@b.com", "a@b.com", "a@b.com"),
        ("Dana Okafor <dana@b.com>", "dana@b.com", "dana@b.com"),
        ("<dana@b.com>", "dana@b.com", "dana@b.com"),
        ("dana@b.com.", "dana@b.com", "dana@b.com"),
        ("müller@bücher.example", "müller@bücher.example", "müller@bücher.example"),
        ("dana@xn--bcher-kva.example", "dana@bücher.example", "dana@bücher.example"),
    ],
)
def test_an_address_is_put_into_form(typed: str, email: str, key: str) -> None:
    found = person(email=typed)
    assert (found.email, found.email_key, found.problems) == (email, key, ())


@pytest.mark.parametrize(
    "typed", ["dana", "dana@", "@b.com", "dana@b", "da na@b.com", "dana@b..com", "a@b@c.com"]
)
def test_what_is_no_address_is_kept_with_the_reason(typed: str) -> None:
    found = person(email=typed)
    assert (found.email, found.email_key) == (typed, "")
    assert found.problems[0].startswith("The e-mail address is not valid.")
    assert len(found.problems) == 1


def test_of_several_addresses_the_first_valid_one_is_taken() -> None:
    found = person(email="dana@; d@b.com, e@b.com")
    assert found.email_key == "d@b.com"
    assert found.problems == ("Several e-mail addresses were given; this is the first valid one.",)


@pytest.mark.parametrize("typed", ["x@mailinator.com", "x@sub.mailinator.com", "X@Mailinator.Com"])
def test_a_disposable_address_is_a_problem_and_no_bar(typed: str) -> None:
    found = person(email=typed)
    assert found.problems == ("The e-mail address is a disposable one.",)
    assert found.email_key
    assert not found.aside


@pytest.mark.parametrize(
    ("typed", "country", "stated", "phone"),
    [
        ("303.555.0148", "US", "", "+13035550148"),
        ("tel:+1-303-555-0148", "DE", "", "+13035550148"),
        ("030 901820", "US", "Germany", "+4930901820"),
        ("030 901820", "DE", "", "+4930901820"),
        ("0049 30 901820", "US", "", "+4930901820"),
        ("＋１ ３０３ ５５５ ０１４８", "GB", "", "+13035550148"),
        ("٠٣٠ ٩٠١٨٢٠", "DE", "", "+4930901820"),
        ("1-800-GOOG-411", "US", "", "+18004664411"),
    ],
)
def test_a_number_is_put_into_form(typed: str, country: str, stated: str, phone: str) -> None:
    found = person(country, phone=typed, country=stated)
    assert (found.phone, found.phone_key, found.problems) == (phone, phone, ())


@pytest.mark.parametrize(
    ("typed", "country", "why"),
    [
        ("555-0148", "US", "it lacks its area code"),
        ("12", "US", "it is too short"),
        ("hello", "US", "it is not one"),
        ("+999 123 456 789", "US", "its country code does not exist"),
        ("303 555 0148", "", "it needs its country code"),
        ("303 555 0148", "nowhere", "it needs its country code"),
        ("+1 303 555 0148 99999", "US", "it is too long"),
    ],
)
def test_what_is_no_number_is_kept_with_the_reason(typed: str, country: str, why: str) -> None:
    found = person(country, phone=typed)
    assert (found.phone, found.phone_key) == (typed, "")
    assert found.problems == (f"The phone number can't be dialled: {why}.",)


def test_a_number_that_only_might_be_one_is_kept_and_said() -> None:
    found = person(phone="+1 111 555 0148")
    assert (found.phone, found.phone_key) == ("+11115550148", "")
    assert found.problems == ("The phone number has the right length, but no such numbers are given out.",)


def test_an_extension_is_not_lost() -> None:
    found = person(phone="(303) 555-0148 ext. 12")
    assert found.phone == "+13035550148"
    assert found.problems == ("The phone number has an extension: 12.",)


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (Draft(), "There is no name, no phone number and no e-mail address in it."),
        (Draft(company="Brightline"), "There is no name, no phone number and no e-mail address in it."),
        (
            Draft(email="nope", phone="12"),
            "There is no name, and “nope” and “12” can't be used to reach anyone.",
        ),
        (Draft(name="\x00 \u202e"), "There is no name, no phone number and no e-mail address in it."),
    ],
)
def test_nobody_is_unreadable(draft: Draft, why: str) -> None:
    with pytest.raises(Unreadable) as raised:
        clean(draft, "US")
    assert raised.value.message == why


@pytest.mark.parametrize(
    ("ask", "name", "aside"),
    [
        ("http://a.example http://b.example www.c.example", "x", "The message is 3 links and nothing else."),
        (
            "buy [url=http://a]x[/url] [url=http://b]y[/url]",
            "x",
            "The message is full of links written as markup",
        ),
        ("hi", "CLICK https://a.example", "There is a web address where the name should be."),
        ("our shop is http://a.example, please call me", "x", ""),
        (
            "We have three sites, https://a.example, https://b.example and https://c.example, and want to "
            "know what moving all of them to you would cost",
            "x",
            "",
        ),
        ('<a href="x">this</a> is what your page shows me', "x", ""),
    ],
)
def test_only_plain_spam_is_put_aside(ask: str, name: str, aside: str) -> None:
    found = person(name=name, ask=ask)
    assert found.aside.startswith(aside)
    assert bool(found.aside) == bool(aside)


def test_a_trap_puts_aside_even_nobody() -> None:
    assert clean(Draft(trap="A hidden field was filled in."), "US").aside == "A hidden field was filled in."


def test_plain_makes_every_text_of_a_draft_fit_to_store() -> None:
    bad = "a\x00\ud800\u202eb"
    names = [name for name in Draft.__slots__ if isinstance(getattr(Draft(), name), str)]
    draft = plain(
        Draft(
            **dict.fromkeys(names, bad),
            answers=((bad, bad + "\r\n" + bad),),
            origin=Origin(**dict.fromkeys(Origin.__slots__, bad)),
            is_test=True,
        )
    )
    assert {getattr(draft, name) for name in names} == {"ab"}
    assert draft.answers == (("ab", "ab\nab"),)
    assert draft.origin == Origin(**dict.fromkeys(Origin.__slots__, "ab"))
    assert draft.is_test
    assert plain(draft) == draft


def test_a_sender_s_id_fits_an_index() -> None:
    ids = {plain(Draft(external_id="x" * n)).external_id for n in (200, 201, 100_000)}
    assert len(ids) == 3
    assert max(map(len, ids)) == 200


@given(st.text(st.characters(), max_size=200))
def test_tidy_text_is_fit_to_store_and_stays_as_it_is(typed: str) -> None:
    for tidied in (line(typed), text(typed)):
        tidied.encode("utf-8")
        assert not any(ord(ch) < 32 and ch != "\n" for ch in tidied)
    assert line(line(typed)) == line(typed)
    assert text(text(typed)) == text(typed)
    assert "\n" not in line(typed)


@given(
    st.builds(
        Draft,
        **{
            name: st.text(st.characters(), max_size=40)
            for name in (
                "name",
                "first_name",
                "email",
                "phone",
                "country",
                "region",
                "city",
                "postcode",
                "ask",
            )
        },
    )
)
def test_any_draft_is_a_person_or_unreadable(draft: Draft) -> None:
    try:
        found = clean(draft, "US")
    except Unreadable as error:
        error.message.encode("utf-8")
        return
    repr(found).encode("utf-8")
    again = clean(Draft(name=found.name, email=found.email, phone=found.phone, country=found.country), "US")
    assert (again.email_key, again.phone_key) == (found.email_key, found.phone_key)


def test_long_runs_of_accents_take_no_longer_than_their_length() -> None:
    # Composing them in one go takes the square of it: minutes for what fits into an inquiry.
    assert len(text("e" + "\u0316\u0301" * 60_000)) > 60_000


def test_warm_loads_what_is_needed() -> None:
    warm()
