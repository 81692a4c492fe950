"""Rulebooks on every kind of floor: the draft, who put what in force, and that a version never changes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from app.domain.commands import DropDraft, PublishRulebook, SaveDraft
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.lead import Role
from app.domain.questions import RulebookOf, Rulebooks
from app.domain.rulebook import DEFAULT
from app.domain.rulebook_check import flaws
from app.store.driver import sqlite_module
from tests.floor.stand import Stand
from tests.fresh import START


def test_a_draft_is_kept_until_it_is_put_in_force(stand: Stand) -> None:
    ana, ben = stand.rep("Ana", Role.OWNER), stand.rep("Ben", Role.MANAGER)
    shelf = stand.by(ana).ask(Rulebooks())
    assert (shelf.live, shelf.draft, shelf.draft_since, shelf.live_since) == (DEFAULT, None, None, START)
    first, flawed = replace(DEFAULT, name="Second"), replace(DEFAULT, name="Second", tiers=())
    stand.clock.advance(seconds=60)
    stand.by(ana).do(SaveDraft(rulebook=first))
    stand.clock.advance(seconds=60)
    stand.by(ben).do(SaveDraft(rulebook=flawed))  # a draft may be flawed
    shelf = stand.by(ana).ask(Rulebooks())
    assert (shelf.draft, shelf.draft_by) == (flawed, "Ben")
    assert shelf.draft_since == stand.clock.now()
    with pytest.raises(Refused) as refusal:
        stand.by(ben).do(PublishRulebook(rulebook=flawed))
    assert refusal.value.message == flaws(flawed, ())[0].text
    assert stand.by(ana).ask(Rulebooks()).draft == flawed
    stand.by(ben).do(PublishRulebook(rulebook=first))
    shelf = stand.by(ana).ask(Rulebooks())
    assert shelf.live == replace(first, version=2)
    assert (shelf.live_by, shelf.live_since, shelf.draft) == ("Ben", stand.clock.now(), None)
    assert [(one.version, one.name, one.by) for one in shelf.versions] == [
        (2, "Second", "Ben"),
        (1, "First rulebook", ""),
    ]
    assert stand.by(ana).ask(RulebookOf(version=1)) == DEFAULT
    with pytest.raises(NotFound, match="No rulebook 9"):
        stand.by(ana).ask(RulebookOf(version=9))


def test_a_draft_of_somebody_else_is_not_written_over_unseen(stand: Stand) -> None:
    ana, ben = stand.rep("Ana", Role.OWNER), stand.rep("Ben", Role.MANAGER)
    seen = stand.by(ana).ask(Rulebooks()).live_since
    stand.clock.advance(seconds=60)
    hers, his = replace(DEFAULT, name="Hers"), replace(DEFAULT, name="His")
    stand.by(ben).do(SaveDraft(rulebook=his, seen=seen))
    stand.clock.advance(seconds=60)
    with pytest.raises(Refused, match="Meanwhile Ben saved a draft"):
        stand.by(ana).do(SaveDraft(rulebook=hers, seen=seen))
    shelf = stand.by(ana).ask(Rulebooks())
    assert shelf.draft == his
    stand.by(ben).do(SaveDraft(rulebook=his, seen=seen))  # what is his own he may go on with
    stand.by(ana).do(SaveDraft(rulebook=hers, seen=stand.by(ana).ask(Rulebooks()).draft_since))
    assert stand.by(ana).ask(Rulebooks()).draft == hers


def test_a_draft_is_dropped(stand: Stand) -> None:
    ana = stand.rep("Ana", Role.OWNER)
    stand.by(ana).do(SaveDraft(rulebook=replace(DEFAULT, name="Second")))
    stand.by(ana).do(DropDraft())
    shelf = stand.by(ana).ask(Rulebooks())
    assert (shelf.draft, shelf.draft_by, shelf.draft_since) == (None, "", None)
    stand.by(ana).do(SaveDraft(rulebook=replace(DEFAULT, name="Third")))
    drafted = stand.by(ana).ask(Rulebooks()).draft
    assert drafted is not None
    assert drafted.name == "Third"


def test_a_rep_drafts_nothing(stand: Stand) -> None:
    rep = stand.rep("Ana")
    for command in (SaveDraft(rulebook=DEFAULT), DropDraft()):
        with pytest.raises(NotAllowed):
            stand.by(rep).do(command)


def test_a_version_that_was_in_force_never_changes(stand: Stand, address: str) -> None:
    """Whoever opens the database by hand, as its owner, is refused too."""
    stand.publish(replace(DEFAULT, name="Second"))
    for words in ("UPDATE rulebooks SET body = '{}'", "DELETE FROM rulebooks WHERE version = 1"):
        if address.startswith("postgresql"):
            import psycopg

            line = psycopg.connect(address.replace("+psycopg", ""))
            with closing(line), pytest.raises(psycopg.errors.RaiseException, match="never changes"):
                line.execute(words.encode())
        else:
            file = sqlite_module().connect(address)
            with closing(file), pytest.raises(sqlite_module().IntegrityError, match="never changes"):
                file.execute(words)
    assert stand.setup.ask(RulebookOf(version=1)) == DEFAULT
