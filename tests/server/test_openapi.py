"""The server's description of itself holds: requests made from it, good and bad, are answered as it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.codec import decode
from app.domain.commands import COMMANDS, AddSource, CaptureInquiry
from app.domain.inquiry import Inquiry
from app.domain.questions import QUESTIONS
from app.server.openapi import description
from tests.fresh import DATABASES, START, fresh_floor
from tests.server.desk_house import DeskHouse, desk_house

EXAMPLES = 40
"""Of each operation."""


@pytest.fixture(params=DATABASES)
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[DeskHouse]:
    def cluster() -> Any:
        return request.getfixturevalue("pg_cluster")

    with fresh_floor(request.param, tmp_path, cluster) as address, desk_house(address) as made:
        yield made


def test_every_command_and_question_is_in_it(house: DeskHouse) -> None:
    status, told, _ = house.say("GET", "/openapi.json", token=None)
    assert (status, told["openapi"]) == (200, "3.1.0")
    parts = told["components"]["schemas"]
    for kinds, name in ((COMMANDS, "Command"), (QUESTIONS, "Question")):
        assert [one["properties"]["kind"]["const"] for one in parts[name]["oneOf"]] == list(kinds)
        assert set(kinds) <= set(parts)


@pytest.mark.filterwarnings(
    "ignore:Do not use the `random` module"
)  # other threads may, while a case is made
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "path", ["/api/do", "/api/ask", "/api/join", "/api/join/proof", "/api/time", "/api/me", "/healthz"]
)
def test_what_is_made_from_it_is_answered_as_it_says(house: DeskHouse, path: str) -> None:
    schema = schemathesis.openapi.from_dict(decode(description(), dict))
    schema.config.update(base_url=f"http://127.0.0.1:{house.port}")
    (operation,) = [found.ok() for found in schema.include(path=path).get_all_operations()]
    asked: list[int] = []

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy())
    def holds(case: Any) -> None:
        response = case.call(headers={"Authorization": "Bearer ana's"})
        asked.append(response.status_code)
        assert response.status_code < 500, response.text
        # What the words mean (a date that is one, a lead that is there) a schema can't say.
        case.validate_response(response, excluded_checks=[positive_data_acceptance])

    holds()
    assert asked


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30])
def test_no_number_is_too_large_to_be_answered(house: DeskHouse, number: int) -> None:
    lead = house.local.as_actor("capture").do(
        CaptureInquiry(
            inquiry=Inquiry(id="1", channel="json", raw=b'{"email":"a@b.example"}', received_at=START)
        )
    )
    source = house.local.do(AddSource(name="Web", channel="json")).value.id
    for path, told in (
        ("do", {"kind": "LogOutcome", "body": {"lead_id": lead.value.lead_id, "outcome": "won", "amount": number}}),
        ("do", {"kind": "ChangeSource", "body": {"source_id": source, "name": "Web", "per_minute": number}}),
        ("do", {"kind": "FinishImport", "body": {"import_id": "none", "rejected": number}}),
        ("do", {"kind": "KeepClocks", "body": {"epoch": number}}),
        ("ask", {"kind": "FindLeads", "body": {"text": "a", "limit": number}}),
        ("ask", {"kind": "InquiriesIn", "body": {"limit": number}}),
    ):  # fmt: skip
        status, answer, _ = house.say("POST", f"/api/{path}", json.dumps(told).encode())
        assert status < 500, (told, answer)
