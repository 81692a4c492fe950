"""What the person at a desk may not do is not offered, or stands there disabled with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.domain.commands import AddRep, AddSource, ChangeRep
from app.domain.lead import Role
from app.ui import actions
from app.ui.lead_card import LeadCard
from app.ui.palette import Palette
from app.ui.plain import PlainLabel
from app.ui.review_screen import ReviewScreen
from app.ui.screens.queue import QueueScreen
from app.ui.sources_screen import SourcesScreen
from app.ui.team_screen import TeamScreen
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import ANA, ME, people


@pytest.fixture
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    desks = Desks(qtbot, tmp_path, monkeypatch)
    yield desks
    desks.close()


def offered(desk: OpenDesk) -> set[str]:
    """The screens that can be gone to, by rail and by palette alike."""
    shown = {key for key, entry in desk.shell.rail._entries.items() if not entry.isHidden()}
    assert shown == {action.id[3:] for action in actions.visible() if action.id.startswith("go.")}
    return shown


def notices(desk: OpenDesk) -> list[str]:
    return [label.whole() for label in desk.shell.findChildren(PlainLabel) if label.isVisible()]


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        (Role.REP, {"sources", "import", "rulebook", "audit"}),
        (Role.TEAM_LEAD, {"audit"}),
        (Role.MANAGER, set()),
        (Role.OWNER, set()),
        (Role.ADMIN, {"review", "rulebook"}),
        (Role.PARTNER, {"review", "sources", "import", "rulebook", "audit"}),
    ],
)
def test_screens_are_offered_by_role(desk_on: Desks, role: Role, hidden: set[str]) -> None:
    desk = desk_on(role=role)
    asked = {"queue", "review", "sources", "import", "team", "rulebook", "audit", "settings"}
    assert offered(desk) & asked == asked - hidden
    for key in hidden:
        desk.shell.show_screen(key)
        assert desk.shell.shown == "queue"


def test_a_new_role_takes_effect_at_once(desk_on: Desks) -> None:
    desk = desk_on(role=Role.MANAGER)
    desk.sample.terminal.do(AddRep(name="Ines", role=Role.OWNER))
    desk.shell.show_screen("sources")
    desk.sample.terminal.do(ChangeRep(rep_id=ME, name="Mara Kovac", role=Role.REP))
    desk.until(lambda: desk.shell.shown == "queue")
    assert "sources" not in offered(desk)
    desk.sample.terminal.do(ChangeRep(rep_id=ME, name="Mara Kovac", role=Role.OWNER))
    desk.until(lambda: "sources" in offered(desk))


def test_a_key_that_is_refused_says_why(desk_on: Desks, qtbot: QtBot) -> None:
    desk = desk_on()
    desk.shell.show_screen("team")
    screen = desk.shell.findChild(TeamScreen)
    assert isinstance(screen, TeamScreen)
    desk.until(lambda: screen.list.rows)
    assert not screen.add_button.isEnabled()
    assert screen.add_button.accessibleDescription().startswith("Only a manager, an owner or an admin")
    qtbot.keyClick(screen, Qt.Key.Key_A)
    desk.until(lambda: any("may add people. You are a rep." in text for text in notices(desk)))
    assert "add somebody" not in [hint.text for hint in actions.hints()]
    palette = Palette(desk.shell)
    subtitles = {hit.title: hit.subtitle for hit in palette._found.hits}
    assert subtitles["Add somebody"] == "Only a manager, an owner or an admin may add people. You are a rep."
    palette.deleteLater()


def test_a_rep_reads_the_team_and_changes_nobody(desk_on: Desks) -> None:
    desk = desk_on()
    desk.shell.show_screen("team")
    screen = desk.shell.findChild(TeamScreen)
    assert isinstance(screen, TeamScreen)
    desk.until(lambda: screen.list.rows)
    screen.list.choose(ANA)
    person = screen.person
    assert person.name.isReadOnly()
    for part in (person.role, person.save_button, person.retire_button):
        assert not part.isEnabled()
    assert person.why.whole().startswith("Only a manager")


def test_a_manager_gives_roles_up_to_their_own_and_leaves_owners_alone(desk_on: Desks) -> None:
    desk = desk_on(role=Role.MANAGER)
    owner = desk.sample.terminal.do(AddRep(name="Ines", role=Role.OWNER)).value.id
    desk.settled()
    desk.shell.show_screen("team")
    screen = desk.shell.findChild(TeamScreen)
    assert isinstance(screen, TeamScreen)
    desk.until(lambda: screen.list.rows)

    def roles(box: QComboBox) -> list[str]:
        return [box.itemText(n) for n in range(box.count())]

    screen.list.choose(ANA)
    assert roles(screen.person.role) == ["Rep", "Team lead", "Manager", "Partner"]
    assert screen.person.retire_button.isEnabled()
    screen.list.choose(owner)
    assert roles(screen.person.role) == ["Owner"]
    assert not screen.person.retire_button.isEnabled()
    screen.list.choose(ME)
    assert roles(screen.person.role) == ["Manager"]
    screen.person.name.setText("Mara K")
    screen.person.save_button.click()
    desk.until(lambda: desk.context.board.reps[ME].name == "Mara K")


def test_a_team_lead_reads_the_ways_in(desk_on: Desks) -> None:
    desk = desk_on(role=Role.TEAM_LEAD)
    desk.sample.terminal.do(AddSource(name="Web site", channel="form"))
    desk.shell.show_screen("sources")
    screen = desk.shell.findChild(SourcesScreen)
    assert isinstance(screen, SourcesScreen)
    desk.until(lambda: screen.list.rows)
    for button in (screen.add_button, screen.page.change_button, screen.page.switch_button):
        assert not button.isEnabled()


def test_a_rep_may_mend_what_waits_in_review_but_not_put_it_aside(desk_on: Desks) -> None:
    desk = desk_on()
    desk.shell.show_screen("review")
    screen = desk.shell.findChild(ReviewScreen)
    assert isinstance(screen, ReviewScreen)
    assert not screen.correction.aside_button.isEnabled()
    assert "put an inquiry aside" in screen.correction.aside_button.accessibleDescription()


def test_an_admin_sees_no_numbers_and_calls_nobody(desk_on: Desks) -> None:
    desk = desk_on(people(), role=Role.ADMIN)
    lead = desk.sample.leads["Dana Okafor"]
    desk.settled()
    screen, card = desk.shell.findChild(QueueScreen), desk.shell.findChild(LeadCard)
    assert isinstance(screen, QueueScreen)
    assert isinstance(card, LeadCard)
    desk.context.show_lead(lead.id)
    desk.until(lambda: card.lead is not None)
    assert card.lead is not None
    assert card.lead.phone == "••••48"
    assert not any(button.isEnabled() for button in card.ways.values())
    assert "call or write to a lead" in card.whose.whole()
    assert not screen.hero.lead_id
    shown = " ".join(label.whole() for label in desk.shell.findChildren(PlainLabel))
    assert "0148" not in shown
    assert "555" not in shown
