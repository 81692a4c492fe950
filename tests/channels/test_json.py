"""JSON as connected systems send it, and as nobody should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.channels import json_
from app.domain.inquiry import Unreadable
from tests.channels.conftest import Make

JSON = "application/json"


def test_an_object_with_an_object_in_it(inquiry: Make) -> None:
    body = {
        "customer": {"firstName": "Dana", "lastName": "Okafor", "email": "dana@example.com"},
        "company": {"name": "Brightline"},
        "address": {"city": "Denver", "zip": 80202},
        "message": "40 bays",
        "sizes": [1, 2.50, True, None],
        "ok": False,
        "nothing": None,
        "items": [{"sku": "A"}, {"sku": "B", "n": 2}],
    }
    draft = json_.read(inquiry(json.dumps(body), JSON))
    assert (draft.first_name, draft.last_name, draft.email) == ("Dana", "Okafor", "dana@example.com")
    assert (draft.company, draft.city, draft.postcode, draft.ask) == (
        "Brightline",
        "Denver",
        "80202",
        "40 bays",
    )
    assert draft.answers == (
        ("sizes", "1, 2.5, yes"),
        ("ok", "no"),
        ("items.0.sku", "A"),
        ("items.1.sku", "B"),
        ("items.1.n", "2"),
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"fields": [{"name": "email", "value": "a@b.com"}, {"name": "budget", "value": ["x", "y"]}]}',
        '[{"fields": [{"name": "email", "value": "a@b.com"}, {"name": "budget", "values": ["x", "y"]}]}]',
        '{"data": {"fields": [{"key": "q1", "label": "Your Email", "value": "a@b.com"},'
        ' {"key": "q2", "label": "budget", "value": "x, y"}]}}',
        '{"field_data": [{"name": "email", "values": ["a@b.com"]},'
        ' {"name": "budget", "values": ["x", "y"]}]}',
        '[{"name": "email", "value": "a@b.com"}, {"name": "budget", "value": "x, y"}]',
    ],
)
def test_lists_of_names_and_values(inquiry: Make, body: str) -> None:
    draft = json_.read(inquiry(body, JSON))
    assert draft.email == "a@b.com"
    assert draft.answers == (("budget", "x, y"),)


def test_numbers_stay_as_they_were_written(inquiry: Make) -> None:
    digits = "9" * 10_000
    body = (
        '{"email": "a@b.com", "id": 12345678901234567890, "small": 1e-7, "zero": 0.10, "long": '
        + digits
        + "}"
    )
    assert json_.read(inquiry(body, JSON)).answers == (
        ("id", "12345678901234567890"),
        ("small", "1e-7"),
        ("zero", "0.10"),
        ("long", digits),
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"a": {"b": [1, NaN]}}', "The value of a.b[1] is NaN, which is not a JSON number."),
        ('{"a": -Infinity}', "The value of a is -Infinity, which is not a JSON number."),
        ('{"a": {"b": 1, "c": 2, "b": 1}}', "The key a.b stands there twice."),
        ('{"a": ["x", "\\ud800"]}', "The text of a[1] contains half a character (a lone surrogate)."),
        ('{"\\udfff": 1}', "A key in the body contains half a character (a lone surrogate)."),
        ('{"a":' * 33 + "1" + "}" * 33, "The JSON is nested more than 32 deep, in a.a.a."),
        ("[" * 100_000, "The JSON is nested more than 32 deep, in the body."),
        ('{"email": "a@b.com",}', "The body is not JSON: expecting property name"),
        ('{"email": "a@b.com"} {}', "The body is not JSON: extra data at line 1, column 22."),
        ("[]", "The body holds 0 things; an inquiry is one object."),
        ('[{"a": 1}, {"b": 2}]', "The body holds 2 things; an inquiry is one object."),
        ('"a@b.com"', "The body is JSON, but not an object with names and values."),
        ("[[1]]", "The body holds"),
        (
            '{"name": "Dana"}',
            "There is neither a phone number nor an e-mail address in it. Its fields are: name.",
        ),
        ("{" + ",".join(f'"k{n}": 1' for n in range(1001)) + "}", "The body has more than 1000 fields."),
        ('{"\\u0000\\u202ek": {"\\u0000": NaN}}', "The value of k. is NaN"),
    ],
)
def test_what_is_refused_names_the_place(inquiry: Make, body: str, why: str) -> None:
    with pytest.raises(Unreadable) as raised:
        json_.read(inquiry(body, JSON))
    assert raised.value.message.startswith(why)


def test_thirty_two_deep_is_not_too_deep(inquiry: Make) -> None:
    body = '{"email": "a@b.com", "x": ' + '{"a":' * 31 + "1" + "}" * 32
    assert json_.read(inquiry(body, JSON)).answers[0][1] == "1"


def test_a_form_at_this_door_is_read(inquiry: Make) -> None:
    assert json_.read(inquiry("name=Dana&email=a%40b.com", JSON)).email == "a@b.com"


def test_control_characters_go_and_the_rest_stays(inquiry: Make) -> None:
    draft = json_.read(
        inquiry('{"email": "a@b.com", "name": "D\\u0000a\tn\na\\u202e", "message": "a\\r\\n\\u2028b"}', JSON)
    )
    assert (draft.name, draft.ask) == ("Da n a", "a\n\nb")


def test_a_long_key_over_many_fields_takes_no_memory(inquiry: Make) -> None:
    inner = ",".join(f'"a{n}": 1' for n in range(900))
    body = '{"email": "a@b.com", "' + "k" * 200_000 + '": {' + inner + "}}"
    draft = json_.read(inquiry(body, JSON))
    assert max(len(question) for question, _ in draft.answers) <= 200


def test_other_providers_deliveries_are_for_review(inquiry: Make, data_dir: Path) -> None:
    for name in ("meta_leadgen_numeric_ids", "hubspot_contact_creation_and_property_change"):
        with pytest.raises(Unreadable):
            json_.read(inquiry((data_dir / "webhooks" / f"{name}.json").read_bytes(), JSON))
    lead = json_.read(inquiry((data_dir / "webhooks" / "meta_lead_graph_object.json").read_bytes(), JSON))
    assert (lead.name, lead.email) == ("Joe Example", "joe@example.com")
