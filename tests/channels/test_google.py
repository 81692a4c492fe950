"""Google's lead forms, against what the recorded deliveries must be read as."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.channels import google
from app.domain.clean import clean
from app.domain.inquiry import Unreadable
from tests.channels.conftest import Make

JSON = "application/json"
DELIVERIES = ("google_lead_form_test_insurance.json", "google_lead_form_test_roofing.json")


@pytest.mark.parametrize("name", DELIVERIES)
def test_a_recorded_delivery_is_read_as_the_facts_say(inquiry: Make, data_dir: Path, name: str) -> None:
    facts = json.loads((data_dir / "facts.json").read_text("utf-8"))["webhooks"][name]
    draft = google.read(inquiry((data_dir / "webhooks" / name).read_bytes(), JSON))
    person = clean(draft, "US")
    assert person.name == facts["name"]
    assert person.email == facts["email"]
    assert person.phone == facts["phone"]
    assert (person.company, person.title, person.city) == tuple(
        facts[key] or "" for key in ("company", "title", "city")
    )
    assert draft.external_id == facts["external_id"]
    assert draft.is_test is facts["is_test"]
    assert draft.origin.medium == "google"
    assert draft.origin.campaign == str(facts["campaign_id"])
    assert draft.origin.click_id == (facts["gcl_id"] or "")
    answers = dict(draft.answers)
    assert answers["Google form"] == str(facts["form_id"])
    assert facts["custom_answers"].items() <= answers.items()
    assert {key for key in answers if not key.startswith("Google ")} == set(facts["custom_answers"])


def test_ids_stay_whole(inquiry: Make) -> None:
    body = _delivery(
        campaign_id=18446744073709551615, adgroup_id=9007199254740993, form_id=2**63, creative_id="77"
    )
    draft = google.read(inquiry(body, JSON))
    assert draft.origin.campaign == "18446744073709551615"
    assert draft.origin.ad == "77"
    assert dict(draft.answers)["Google ad group"] == "9007199254740993"
    assert dict(draft.answers)["Google form"] == "9223372036854775808"


def test_the_broken_delivery_is_refused_by_its_place(inquiry: Make, data_dir: Path) -> None:
    broken = data_dir / "webhooks" / "google_lead_form_test_insurance.trailing-comma.invalid.json"
    with pytest.raises(Unreadable, match="not JSON: expecting value at line 33"):
        google.read(inquiry(broken.read_bytes(), JSON))
    assert google.key_of(inquiry(broken.read_bytes(), JSON)) is None


def test_work_and_private_address(inquiry: Make) -> None:
    columns = [
        {"column_id": "WORK_EMAIL", "column_name": "Work Email", "string_value": "d@brightline.example"},
        {"column_id": "EMAIL", "string_value": "dana@example.com"},
        {"column_id": "WORK_PHONE", "string_value": "+13035550148"},
        {"column_id": "PHONE_NUMBER", "string_value": "+13035550148"},
        {"column_id": "COMPANY_NAME", "string_value": "Brightline"},
        {"column_id": "JOB_TITLE", "string_value": "COO"},
        {"column_id": "STREET_ADDRESS", "string_value": "1 Main St"},
        {"column_id": "CITY", "string_value": "Denver"},
        {"column_id": "REGION", "string_value": "Colorado"},
        {"column_id": "POSTAL_CODE", "string_value": "80202"},
        {"column_id": "COUNTRY", "string_value": "US"},
        {"column_id": "PREFERRED_CONTACT_TIME", "column_name": "When?", "string_value": "mornings"},
        {"column_id": "EMPTY", "string_value": " "},
        {"column_id": "NOVALUE"},
        "not a column",
    ]
    draft = google.read(inquiry(_delivery(user_column_data=columns), JSON))
    assert (draft.email, draft.phone) == ("d@brightline.example", "+13035550148")
    assert draft.answers == (("EMAIL", "dana@example.com"), ("When?", "mornings"))
    place = (draft.street, draft.city, draft.region, draft.postcode, draft.country)
    assert place == ("1 Main St", "Denver", "Colorado", "80202", "US")
    assert (draft.company, draft.title) == ("Brightline", "COO")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"[]", "The body is JSON, but not an object"),
        (b'{"lead_id": "1"}', "There is no list user_column_data in it"),
        (b'{"user_column_data": {}}', "There is no list user_column_data in it"),
        (b'{"user_column_data": []}', "There is neither a phone number nor an e-mail address in it."),
        (b'{"user_column_data": [], "lead_id": "1", "lead_id": "2"}', "The key lead_id stands there twice."),
        (b"", "The body is not JSON"),
    ],
)
def test_what_is_no_delivery_says_why(inquiry: Make, body: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as raised:
        google.read(inquiry(body, JSON))
    assert raised.value.message.startswith(why)


def test_a_doubted_delivery_waits_for_a_person(inquiry: Make) -> None:
    with pytest.raises(Unreadable, match="the key was wrong"):
        google.read(inquiry(_delivery(), JSON, **{google.DOUBT: "the key was wrong"}))


@pytest.mark.parametrize(
    ("sent", "is_test"),
    [(True, True), ("true", True), (False, False), ("false", False), (None, False), (1, False)],
)
def test_test_leads_are_told_apart(inquiry: Make, sent: object, is_test: bool) -> None:
    assert google.read(inquiry(_delivery(is_test=sent), JSON)).is_test is is_test


def _delivery(**more: Any) -> str:
    columns = [{"column_id": "EMAIL", "string_value": "dana@example.com"}]
    return json.dumps({"lead_id": "L1", "user_column_data": columns, **more})
