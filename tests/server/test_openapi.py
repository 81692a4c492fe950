"""The server's description of itself holds: requests made from it, good and bad, are answered as it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from app.codec import decode
from app.domain.commands import COMMANDS
from app.domain.questions import QUESTIONS
from app.server.openapi import description
from tests.fresh import fresh_floor
from tests.server.desk_house import DeskHouse, desk_house

EXAMPLES = 60
"""Of each operation."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[DeskHouse]:
    def none() -> Any:
        raise AssertionError

    with fresh_floor("sqlite", tmp_path, none) as address, desk_house(address) as made:
        yield made


def test_every_command_and_question_is_in_it(house: DeskHouse) -> None:
    status, told, _ = house.say("GET", "/openapi.json", token=None)
    assert (status, told["openapi"]) == (200, "3.1.0")
    parts = told["components"]["schemas"]
    for kinds, name in ((COMMANDS, "Command"), (QUESTIONS, "Question")):
        assert [one["properties"]["kind"]["const"] for one in parts[name]["oneOf"]] == list(kinds)
        assert set(kinds) <= set(parts)


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
        case.validate_response(response)

    holds()
    assert asked
