"""`main.py rulebook` on a shared database and on a floor behind a server; on a file it is tried with the dry run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from app.boot import main
from app.clock import HandClock
from app.domain.questions import Rulebooks
from app.floor.seat import take_seat
from app.service.answers import answer
from app.store.book import Book
from tests.joining.served import serving
from tests.joining.test_seat import Ring

PERIOD = ("--since", "2026-03-01", "--until", "2026-03-03", "--json")


@pytest.fixture
def where(
    address: str, book: Book, clock: HandClock, owner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A shared database's own address; of a file the seat of the owner's desk behind a server."""
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIRSTRING_LOG", str(tmp_path / "log"))
    if address.startswith("postgresql"):
        yield address
        return
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    with serving(book, clock) as server:
        yield take_seat(server.invite(owner), "Laptop", "", clock.now())[0]
    keyring.set_keyring(before)


def test_a_rulebook_is_exported_tried_and_put_in_force(
    where: str, book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.toml"

    def said(*words: str) -> str:
        assert main(["rulebook", *words, "--floor", where]) == 0
        return capsys.readouterr().out

    said("export", "--out", str(file))
    file.write_text(file.read_text("utf-8").replace("at_least = 80", "at_least = 85"), encoding="utf-8")
    assert "HOT: lowest score was 80 and becomes 85." in said("check", str(file))
    assert json.loads(said("dryrun", str(file), *PERIOD))["leads"] == 0
    assert "Rulebook 2, “First rulebook”, is in force." in said("publish", str(file), "--yes")
    shelf = answer(book, Rulebooks(), "admin")
    assert shelf.live.tiers[0].at_least == 85
    assert shelf.live_by == ("Owner" if where.startswith("firstring") else "this computer's terminal")
