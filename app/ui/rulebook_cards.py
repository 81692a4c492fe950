"""The cards of a section: a list of things with their rows, and fields that are changed in place.

A card shows what the draft holds and says each change to it; it keeps nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.domain.rulebook import Rulebook
from app.domain.rulebook_check import Flaw
from app.ui.panes import titled
from app.ui.parts import Button, Card
from app.ui.plain import PlainLabel
from app.ui.rulebook_ask import Around, Ask, put, taken
from app.ui.rulebook_draft import RulebookDraft
from app.ui.rulebook_form import AskForm, AskSheet
from app.ui.rulebook_rows import Rows, Shown
from app.ui.rulebook_words import Line

__all__ = ["FormCard", "ListCard", "Listing", "Part"]


def _no_note(_book: Rulebook) -> str:
    return ""


class Listing(NamedTuple):
    """A list of the rulebook, as a card shows and changes it."""

    section: str
    path: str
    """Where in the rulebook it stands."""
    title: str
    one: str
    """What one of them is called, as the title of its sheet."""
    line: Callable[[Any, Around], Line]
    asks: Callable[[Around], tuple[Ask, ...]]
    blank: Callable[[Around], Any]
    add: str
    empty: str
    """Said while there is none."""
    note: Callable[[Rulebook], str] = _no_note
    numbered: bool = False
    moves: bool = True
    """Whether their order means something."""


class Part(Card):
    """A card of the screen."""

    section = ""

    def __init__(self, draft: RulebookDraft, parent: QWidget) -> None:
        super().__init__(parent)
        self.draft = draft

    @property
    def around(self) -> Around:
        book = self.draft.book
        assert book is not None
        return Around(book, tuple(rep for rep in self.draft.reps if rep.active), self.draft.sources)

    def refresh(self) -> None:
        """Show what the draft holds now."""
        raise NotImplementedError

    def says(self, flaw: Flaw) -> bool:
        """Whether this card says what is wrong there."""
        return False


class ListCard(Part):
    """A list: rows to open, move, copy and take away, and a button for one more."""

    def __init__(self, draft: RulebookDraft, listing: Listing, parent: QWidget) -> None:
        super().__init__(draft, parent)
        self.section, self._listing = listing.section, listing
        self.head = titled(self, listing.title)
        self.rows = Rows(self, numbered=listing.numbered)
        self.empty = PlainLabel(listing.empty, self, ink="ink_soft", wrap=True, lines=4)
        self.add_button = Button(listing.add, "link", self, press=self.add)
        below = QHBoxLayout()
        below.addWidget(self.add_button)
        below.addStretch(1)
        self.inside.addWidget(self.rows)
        self.inside.addWidget(self.empty)
        self.inside.addLayout(below)
        self.rows.opened.connect(self.open)
        self.rows.moved.connect(self.move_row)
        self.rows.removed.connect(self.remove)
        self.rows.menu_wanted.connect(self._menu)

    @property
    def values(self) -> tuple[Any, ...]:
        found: tuple[Any, ...] = taken(self.draft.book, self._listing.path)
        return found

    def refresh(self) -> None:
        book, shelf = self.draft.book, self.draft.shelf
        if book is None or shelf is None:
            return
        around, values = self.around, self.values
        live = set(taken(shelf.live, self._listing.path))
        shown = [
            Shown(self._listing.line(value, around), value not in live, " ".join(self._faults(at)))
            for at, value in enumerate(values)
        ]
        may = self.draft.may_edit
        self.rows.show_lines(shown, may)
        self.empty.setVisible(not values)
        self.head.set(self._listing.title, self._listing.note(book) or (str(len(values)) if values else ""))
        self.add_button.setVisible(may)

    def _faults(self, at: int) -> list[str]:
        return [flaw.text for flaw in self.draft.flaws if self._place(flaw) == at]

    def _place(self, flaw: Flaw) -> int:
        """Which row a flaw is about; −1 for none."""
        start = f"{self._listing.path}."
        number = flaw.at[len(start) :].partition(".")[0] if flaw.at.startswith(start) else ""
        return int(number) if number.isdigit() else -1

    def says(self, flaw: Flaw) -> bool:
        return self._place(flaw) >= 0

    # changing it

    def _put(self, values: Sequence[Any], what: str = "") -> None:
        assert self.draft.book is not None
        self.draft.edit(put(self.draft.book, self._listing.path, tuple(values)), what)

    def add(self) -> None:
        """Ask for one more."""
        self._sheet(self._listing.blank(self.around), len(self.values))

    def open(self, at: int) -> None:
        """Change one."""
        if self.draft.may_edit and at < len(self.values):
            self._sheet(self.values[at], at)

    def _sheet(self, value: Any, at: int) -> None:
        sheet = AskSheet(
            self.window(),
            self._listing.one,
            self._listing.asks(self.around),
            value,
            lambda new: self._wrong(at, new),
        )
        sheet.said.connect(lambda new: self._keep(at, new))
        sheet.open()

    def _with(self, at: int, value: Any) -> tuple[Any, ...]:
        values = self.values
        return (*values[:at], value, *values[at + 1 :])

    def _keep(self, at: int, value: Any) -> None:
        self._put(self._with(at, value))

    def _wrong(self, at: int, value: Any) -> list[tuple[str, str]]:
        assert self.draft.book is not None
        path = self._listing.path
        return self.draft.wrong_with(put(self.draft.book, path, self._with(at, value)), f"{path}.{at}")

    def move_row(self, at: int, step: int) -> None:
        """Put one before or behind its neighbour."""
        values = list(self.values)
        if self._listing.moves and self.draft.may_edit and 0 <= at + step < len(values):
            values.insert(at + step, values.pop(at))
            self._put(values)

    def copy(self, at: int) -> None:
        """One more like it, below it."""
        values = list(self.values)
        new = values[at]
        if hasattr(new, "name"):
            new = replace(new, name=self.tr("{name} (copy)").format(name=new.name))
        values.insert(at + 1, new)
        self._put(values)

    def remove(self, at: int) -> None:
        """Take one away; Ctrl+Z brings it back."""
        if self.draft.may_edit and at < len(self.values):
            self._put((*self.values[:at], *self.values[at + 1 :]))

    def _menu(self, at: int, where: QPoint) -> None:
        menu = QMenu(self)
        last = len(self.values) - 1
        menu.addAction(self.tr("Change…")).triggered.connect(lambda: self.open(at))
        if self._listing.moves:
            up, down = menu.addAction(self.tr("Move up\tAlt+↑")), menu.addAction(self.tr("Move down\tAlt+↓"))
            up.setEnabled(at > 0)
            down.setEnabled(at < last)
            up.triggered.connect(lambda: self.move_row(at, -1))
            down.triggered.connect(lambda: self.move_row(at, 1))
        menu.addAction(self.tr("Copy")).triggered.connect(lambda: self.copy(at))
        menu.addSeparator()
        menu.addAction(self.tr("Take away\tDel")).triggered.connect(lambda: self.remove(at))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)


class FormCard(Part):
    """Fields of the rulebook itself, changed in place."""

    def __init__(
        self,
        draft: RulebookDraft,
        section: str,
        title: str,
        asks: Callable[[Around], tuple[Ask, ...]],
        parent: QWidget,
        *,
        note: str = "",
    ) -> None:
        super().__init__(draft, parent)
        self.section = section
        titled(self, title, note)
        self.form = AskForm(asks(self.around), self)
        self.inside.addWidget(self.form)
        self.form.said.connect(self._said)
        self.form.misread.connect(lambda key, sentence: draft.cannot_read(key, section, sentence))

    def refresh(self) -> None:
        if self.draft.book is None:
            return
        if not self.form.faults or not self.draft.has_unread:
            self.form.show_value(self.draft.book)
        self.form.setEnabled(self.draft.may_edit)
        self.form.tell_all([(flaw.at, flaw.text) for flaw in self.draft.flaws if self.says(flaw)])

    def says(self, flaw: Flaw) -> bool:
        return self.form.has(flaw.at)

    def _said(self, key: str, value: object) -> None:
        assert self.draft.book is not None
        self.draft.edit(put(self.draft.book, key, taken(value, key)), key)
