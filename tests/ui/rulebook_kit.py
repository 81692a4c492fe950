"""Hands for the rulebook's screen in tests: bring a section up, type into its sheets and fields, read what it says."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from app.domain.questions import Rulebooks
from app.domain.questions_rulebook import RulebookShelf
from app.ui import actions
from app.ui.parts import Button, Sheet
from app.ui.plain import PlainLabel
from app.ui.rulebook_cards import FormCard, ListCard
from app.ui.rulebook_chain import ChainCard
from app.ui.rulebook_form import AskSheet
from app.ui.rulebook_screen import RulebookScreen
from app.ui.rulebook_sections import SECTIONS
from tests.ui.desk_kit import OpenDesk


def rulebook(desk: OpenDesk, section: str = "routes") -> RulebookScreen:
    desk.shell.show_screen("rulebook")
    screen = desk.shell.findChild(RulebookScreen)
    assert isinstance(screen, RulebookScreen)
    desk.until(lambda: screen.draft.book)
    screen.sections.choose(section)
    desk.until(lambda: screen.page)
    return screen


def sheets() -> list[Sheet]:
    """Those that stand open."""
    shown = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Sheet)]
    return [widget for widget in shown if widget.isVisible()]


def sheet() -> Sheet:
    """The only one that stands open."""
    (opened,) = sheets()
    return opened


def press(word: str) -> None:
    (button,) = [button for button in sheet().findChildren(Button) if button.words() == word]
    button.click()


def sentences() -> list[str]:
    """What is said in the sheet, and can be seen."""
    return [label.whole() for label in sheet().findChildren(PlainLabel) if label.isVisible()]


def typed(key: str, text: str) -> None:
    """Type into a field of the sheet."""
    opened = sheet()
    assert isinstance(opened, AskSheet)
    field = opened.form.cells[key].control.inner()
    assert isinstance(field, QLineEdit)
    field.setText(text)


def picked(key: str, word: str) -> None:
    opened = sheet()
    assert isinstance(opened, AskSheet)
    box = opened.form.cells[key].control.inner()
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findText(word))


def lists(screen: RulebookScreen, number: int = 0) -> ListCard:
    assert screen.page is not None
    return [part for part in screen.page.parts if isinstance(part, ListCard)][number]


def form(screen: RulebookScreen) -> FormCard:
    assert screen.page is not None
    return next(part for part in screen.page.parts if isinstance(part, FormCard))


def chain(screen: RulebookScreen) -> ChainCard:
    assert screen.page is not None
    return next(part for part in screen.page.parts if isinstance(part, ChainCard))


def write(screen: RulebookScreen, key: str, text: str) -> None:
    """Type into a field that stands in its card."""
    field = form(screen).form.cells[key].control.inner()
    assert isinstance(field, QLineEdit)
    field.setText(text)


def kept(desk: OpenDesk) -> RulebookShelf:
    return desk.sample.terminal.ask(Rulebooks())


def mark(screen: RulebookScreen, section: str) -> str:
    return screen.sections.marks[SECTIONS.index(section)]


def refused(screen: RulebookScreen, section: str, says: str) -> None:
    """The section is marked, and nothing is published, with the reason."""
    assert mark(screen, section) == "1 to fix"
    assert not screen.publish_button.isEnabled()
    assert says in screen.publish_button.accessibleDescription()
    assert not actions.run("rulebook.publish")
