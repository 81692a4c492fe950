"""What no column of a file says is said of all rows: the medium they are of; those without a name are leads or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.mapping import Mapping, Target
from app.domain.past import ImportKind
from app.domain.questions import Costs, FindLeads
from app.ui.import_screen import ImportScreen
from app.workers import mapping_file
from tests.importing import at_terminal
from tests.importing.conftest import Write, screen_of
from tests.importing.test_command import ASKED, Terminal
from tests.importing.test_screen_past import LEADS, bring, leads, take
from tests.ui.desk_kit import Desks, OpenDesk

SPENT = """Campaign name,Reporting starts,Reporting ends,Amount spent (EUR)
Spring,2024-04-01,2024-04-30,1200.50
Autumn,2024-09-01,2024-09-30,80.00
"""
NOBODY = "age,status\n31,1\n44,0\n"


def type_medium(qtbot: QtBot, screen: ImportScreen, text: str) -> None:
    field = screen.preview_page.reads.medium
    assert field is not None
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, text)


def test_a_platforms_own_bill_names_no_platform(desk_on: Desks, write: Write, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    bring(desk, screen, write(LEADS))
    take(desk, screen, write(SPENT, "spent.csv"))
    page = screen.preview_page
    assert page.kinds.chosen == "costs"
    assert page.sentence.whole() == (
        "No column says which medium the money went to. Choose one, or name one for all rows."
    )
    assert not page.go.isEnabled()
    field = page.reads.medium
    assert field is not None
    offered = field.completer().model()
    assert [offered.data(offered.index(row, 0)) for row in range(offered.rowCount())] == ["Fair", "Google"]
    type_medium(qtbot, screen, "Google ")
    assert page.reads.medium is field, "the field that is typed in stays"
    assert (field.text(), page.mapping.medium) == ("Google ", "Google")
    page.turn()
    model = page.read_table.model()
    assert "Google" in [model.data(model.index(0, column)) for column in range(model.columnCount())]
    page.confirm()
    desk.until(lambda: screen.pages.currentWidget() is screen.done_page)
    costs = desk.sample.floor.ask(Costs()).costs
    assert {(cost.medium, cost.campaign) for cost in costs} == {("Google", "Spring"), ("Google", "Autumn")}


def test_a_column_that_names_the_medium_takes_the_field_away(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    take(desk, screen, write(SPENT))
    page = screen.preview_page
    page._aim(page.mapping.changed("Campaign name", Target.MEDIUM))
    assert page.reads.medium is None
    page._aim(page.mapping.changed("Campaign name", Target.CAMPAIGN))
    assert page.reads.medium is not None
    picks = page.reads.picks
    fields = [page.reads.medium, *(picks[header, ""] for header in SPENT.partition("\n")[0].split(",")[1:])]
    assert after(page.table, len(fields)) == fields, "the keyboard goes from the columns to how they are read"


def after(widget: QWidget, count: int) -> list[QWidget]:
    """The widgets to which the next presses of Tab come, shown or not."""
    found: list[QWidget] = []
    while len(found) < count:
        widget = widget.nextInFocusChain()
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            found.append(widget)
    return found


def rows_known_by_their_line(desk: OpenDesk, screen: ImportScreen, path: Path) -> None:
    take(desk, screen, path)
    page = screen.preview_page
    assert not page.go.isEnabled()
    assert page.reads.numbered is not None
    page.reads.numbered.click()
    assert page.mapping.numbered
    assert page.go.isEnabled()


def test_rows_that_name_nobody(desk_on: Desks, write: Write, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    rows_known_by_their_line(desk, screen, write(NOBODY))
    type_medium(qtbot, screen, "Bank")
    page = screen.preview_page
    assert page.mapping.target("status") is Target.WON
    page.confirm()
    desk.until(lambda: screen.pages.currentWidget() is screen.done_page)
    found = leads(desk)
    assert {name: (row.medium, row.stage) for name, row in found.items()} == {
        "Row 2": ("Bank", "won"),
        "Row 3": ("Bank", "new"),
    }


def test_a_name_takes_the_question_away(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    rows_known_by_their_line(desk, screen, write(NOBODY))
    page = screen.preview_page
    assert page.reads.numbered is not None
    page.reads.numbered.click()
    assert not page.go.isEnabled()
    page._aim(page.mapping.changed("age", Target.NAME))
    assert page.reads.numbered is None
    assert page.go.isEnabled()


# -- by the command line


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "cli.floor")


def test_the_command_is_told_in_a_word(
    write: Write, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spent, nobody = str(write(SPENT, "spent.csv")), str(write(NOBODY, "nobody.csv"))
    assert at_terminal.run(address, "import", spent, "--as", "costs", "--yes") == 2
    assert "name one for all rows" in capsys.readouterr().err
    assert at_terminal.run(address, "import", spent, "--as", "costs", "--yes", "--medium", "meta") == 0
    assert at_terminal.run(address, "import", nobody, "--yes") == 2
    assert "no column is a name, company, e-mail, phone or id" in capsys.readouterr().err
    assert at_terminal.run(address, "import", nobody, "--yes", "--numbered", "--medium", "fair") == 0
    with at_terminal.opened(address) as floor:
        assert {cost.medium for cost in floor.ask(Costs()).costs} == {"meta"}
        found = floor.ask(FindLeads(text="row")).leads
    assert {(lead.name, lead.origin.medium) for lead in found} == {("Row 2", "fair"), ("Row 3", "fair")}


def test_a_person_is_asked_and_types_it(write: Write, address: str, tmp_path: Path) -> None:
    with Terminal(address, "import", str(write(SPENT)), "--as", "costs") as terminal:
        assert "name one for all rows" in terminal.until(ASKED)
        terminal.type("medium=Meta Ads")
        terminal.until("Rows whose cells name no medium are of “Meta Ads”.")
        assert "name one for all rows" not in terminal.until(ASKED)
        terminal.type(f"save {tmp_path / 'kept.toml'}")
        terminal.until(ASKED)
        terminal.type("yes")
        terminal.until("2 costs imported")
        assert terminal.code() == 0
    assert 'medium = "Meta Ads"' in (tmp_path / "kept.toml").read_text()
    with Terminal(address, "import", str(write(NOBODY, "nobody.csv"))) as terminal:
        assert "know the rows by their line" in terminal.until(ASKED)
        terminal.type("yes")
        terminal.until(ASKED)
        terminal.type("numbered")
        terminal.until("Rows that name nobody are leads.")
        terminal.until(ASKED)
        terminal.type("yes")
        terminal.until("2 leads imported")
        assert terminal.code() == 0


@pytest.mark.parametrize("name", ["m.toml", "m.json"])
def test_it_is_kept_with_the_columns(tmp_path: Path, name: str) -> None:
    mapping = Mapping(columns=(("age", Target.ANSWER),), medium='A "fair"', numbered=True)
    mapping_file.save(tmp_path / name, mapping)
    blank = Mapping(columns=mapping.columns, kind=ImportKind.LEADS)
    assert mapping_file.load(tmp_path / name, blank) == mapping
