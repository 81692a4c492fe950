"""How a file's dates, sums and words are read, beside its columns: shown with its own cells, confirmed or changed.

Each column of dates has its order with two examples, each column of sums its decimal mark, a column of results the
meaning of each of its words. What can't be told is asked: its field stands open, and the file does not come in before.
What no column says is said of all rows: their medium, and whether those that name nobody are leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.amounts import Mark
from app.domain.columns_seen import Seen
from app.domain.dates import Order, zone_named
from app.domain.mapping import DATES, TARGETS, Mapping, Target
from app.domain.past import ImportKind, Result
from app.domain.tidy import line
from app.ui.import_said import (
    amount_example,
    call_end_words,
    date_example,
    examples_of,
    mark_note,
    mark_words,
    order_note,
    order_words,
    result_name,
)
from app.ui.parts import Card, SectionHead
from app.ui.plain import PlainLabel, one_line, tip
from app.ui.theme import SPACE, TEXT, Ink
from app.workers.preview import Preview

__all__ = ["Pick", "ReadsPane"]

_LONGEST = 40
_LONGEST_MEDIUM = 200
_ORDERS = (Order.DAY_FIRST, Order.MONTH_FIRST, Order.YEAR_FIRST)
_WORDS = (Result.WON, Result.LOST, Result.UNFIT, Result.OPEN)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Import", text)


class Pick(QComboBox):
    """A choice among values. The wheel scrolls what it lies on, and never chooses."""

    chosen = Signal(object)
    """A person chose another value."""

    def __init__(self, options: Sequence[tuple[Any, str]], value: Any, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._values = [option for option, _ in options]
        for _, words in options:
            self.addItem(one_line(words, 120))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setAccessibleName(one_line(name, 200))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCurrentIndex(self._values.index(value))
        self.activated.connect(lambda number: self.chosen.emit(self._values[number]))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ReadsPane(Card):
    """The pane. Hidden where the columns leave nothing to say."""

    changed = Signal(object)
    """A person says otherwise: the `Mapping` as it is now."""

    def __init__(self, parent: QWidget, after: QWidget) -> None:
        """The keyboard comes to its fields `after` that widget."""
        super().__init__(parent)
        self._after = after
        self.inside.addWidget(SectionHead(self.tr("How cells are read"), strong=True))
        self.zone: ZonePick | None = None
        self.medium: QLineEdit | None = None
        self.numbered: QCheckBox | None = None
        self.picks: dict[tuple[str, str], Pick] = {}
        """By header and "", its order or decimal mark; by header and word, what the word means."""
        self._preview: Preview | None = None
        self._mapping = Mapping(columns=())
        self._about: tuple[object, ...] = ()
        self._body = QWidget(self)
        self.inside.addWidget(self._body)
        self.inside.addStretch(1)

    def show_mapping(self, preview: Preview, mapping: Mapping) -> None:
        """Show how a file is read by a mapping."""
        self._preview, self._mapping = preview, mapping
        telling = (*DATES, Target.AMOUNT, Target.RESULT, Target.OUTCOME)
        aimed = tuple((header, target) for header, target in mapping.columns if target in telling)
        targets = {target for _, target in mapping.columns}
        asks_medium = Target.MEDIUM in TARGETS[mapping.kind] - targets
        asks_numbers = mapping.kind is ImportKind.LEADS and (mapping.numbered or not mapping.names_somebody)
        self.setVisible(bool(aimed) or asks_medium or asks_numbers)
        told = (mapping.kind, mapping.dates, mapping.marks, mapping.values, mapping.zone)
        about = (preview.sha256, preview.reading, aimed, told, asks_medium, asks_numbers)
        if about != self._about:
            self._about = about
            self._build(asks_medium, asks_numbers)
        if self.medium is not None and line(self.medium.text()) != mapping.medium:
            self.medium.setText(mapping.medium)
        if self.numbered is not None:
            self.numbered.setChecked(mapping.numbered)

    def _build(self, asks_medium: bool, asks_numbers: bool) -> None:
        """Lay it all out anew; the field that was in use is in use again."""
        assert self._preview is not None
        used = next((key for key, pick in self.picks.items() if pick.hasFocus()), None)
        used_zone = self.zone is not None and self.zone.hasFocus()
        self.picks, self.zone, self.medium, self.numbered = {}, None, None, None
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tight)
        orders, marks = dict(self._mapping.dates), dict(self._mapping.marks)
        if asks_numbers:
            self._add_numbers(column)
        if asks_medium:
            self._add_medium(column)
        has_dates = False
        for index, (header, target) in enumerate(self._mapping.columns):
            seen = self._preview.columns[index]
            if target in DATES:
                has_dates |= self._mapping.kind is not ImportKind.COSTS  # whose days are days everywhere
                self._add_dates(column, index, header, orders.get(header, Order.PLAIN), seen)
            elif target is Target.AMOUNT:
                self._add_sums(column, index, header, marks.get(header, Mark.POINT), seen)
            elif target is Target.RESULT:
                self._add_words(column, header, seen)
            elif target is Target.OUTCOME:
                self._add_endings(column, header, seen)
        if has_dates:
            self._add_zone(column)
        self.inside.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body
        self._order_fields()
        if used is not None and used in self.picks:
            self.picks[used].setFocus()
        elif used_zone and self.zone is not None:
            self.zone.setFocus()

    def _order_fields(self) -> None:
        """Those that are made anew would come after all of the window, a ringing card's among them."""
        before = self._after
        for field in self._body.findChildren(QWidget):
            if isinstance(field, Pick | QCheckBox | QLineEdit) and not isinstance(field.parent(), Pick):
                QWidget.setTabOrder(before, field)
                before = field

    def _head(self, column: QVBoxLayout, header: str, note: str) -> None:
        column.addSpacing(SPACE.gap)
        column.addWidget(PlainLabel(header, weight=600))
        if note:
            column.addWidget(PlainLabel(note, size=TEXT.small, ink="ink_soft", wrap=True, lines=2))

    def _pick(
        self, header: str, options: Sequence[tuple[Any, str]], value: Any, name: str, word: str = ""
    ) -> Pick:
        pick = self.picks[header, word] = Pick(options, value, name, self)
        return pick

    def _tell(self, mapping: Mapping) -> None:
        self.changed.emit(mapping)

    # what no column says

    def _add_numbers(self, column: QVBoxLayout) -> None:
        self._head(column, self.tr("Who they are"), self.tr("No column is a name, a number or an address."))
        self.numbered = QCheckBox(self.tr("Each row is a lead, known by its line"), self)
        self.numbered.clicked.connect(lambda on: self._tell(replace(self._mapping, numbered=on)))
        column.addWidget(self.numbered)

    def _add_medium(self, column: QVBoxLayout) -> None:
        assert self._preview is not None
        is_bill = self._mapping.kind is ImportKind.COSTS
        went, came = (
            self.tr("No column says where the money went."),
            self.tr("No column says where they come from."),
        )
        name = self.tr("Medium of all rows")
        self._head(column, name, went if is_bill else came)
        field = self.medium = QLineEdit(self)
        field.setMaxLength(_LONGEST_MEDIUM)
        field.setAccessibleName(name)
        field.setPlaceholderText(self.tr("google") if is_bill else self.tr("Trade fair"))
        completer = QCompleter(list(self._preview.before.mediums), field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        field.setCompleter(completer)
        completer.activated.connect(self._say_medium)
        field.textEdited.connect(self._say_medium)
        column.addWidget(field)

    def _say_medium(self, typed: str) -> None:
        self._tell(replace(self._mapping, medium=line(typed)))

    # dates and sums

    def _add_dates(self, column: QVBoxLayout, index: int, header: str, order: Order, seen: Seen) -> None:
        assert self._preview is not None
        self._head(column, header, order_note(order, seen))
        offered = [*_ORDERS]
        if seen.order is Order.PLAIN or order is Order.PLAIN:
            offered.insert(0, Order.PLAIN)
        if order is Order.UNTOLD:
            offered.insert(0, Order.UNTOLD)
        name = self.tr("How “{column}” writes its dates").format(column=header)
        pick = self._pick(header, [(one, order_words(one)) for one in offered], order, name)
        pick.chosen.connect(partial(self._choose_order, header))
        column.addWidget(pick)
        zone = ZoneInfo(self._mapping.zone or self._preview.before.zone)
        ink: Ink = "warm" if order is Order.UNTOLD else "ink_mid"
        for text in examples_of(seen, self._preview.samples(index, 2)):
            example = date_example(one_line(text, _LONGEST), order, zone)
            column.addWidget(PlainLabel(example, size=TEXT.small, ink=ink, wrap=True, lines=2))

    def _choose_order(self, header: str, order: Order) -> None:
        """What is said of one column that could not be told is said of all: the same program wrote them."""
        mapping = self._mapping
        was_untold = header in mapping.untold
        for other in mapping.untold if was_untold else ():
            mapping = mapping.with_order(other, order)
        self._tell(mapping.with_order(header, order))

    def _add_sums(self, column: QVBoxLayout, index: int, header: str, mark: Mark, seen: Seen) -> None:
        assert self._preview is not None
        self._head(column, header, mark_note(mark, seen))
        offered = [Mark.POINT, Mark.COMMA]
        if Mark.NONE in (seen.mark, mark):
            offered.insert(0, Mark.NONE)
        name = self.tr("How “{column}” writes its sums").format(column=header)
        pick = self._pick(header, [(one, mark_words(one)) for one in offered], mark, name)
        pick.chosen.connect(partial(self._choose_mark, header))
        column.addWidget(pick)
        for text in self._preview.samples(index, 2):
            example = amount_example(one_line(text, _LONGEST), mark)
            column.addWidget(PlainLabel(example, size=TEXT.small, ink="ink_mid"))

    def _choose_mark(self, header: str, mark: Mark) -> None:
        rest = tuple(pair for pair in self._mapping.marks if pair[0] != header)
        self._tell(replace(self._mapping, marks=(*rest, (header, mark))))

    # words

    def _add_words(self, column: QVBoxLayout, header: str, seen: Seen) -> None:
        note = self.tr("What each word of this column means.")
        if not seen.words:
            note = self.tr("It has too many different words to list; each is read by what it says.")
        self._head(column, header, note)
        meant = dict(dict(self._mapping.values).get(header, ()))
        options = [(result, result_name(result)) for result in _WORDS]
        rows: list[tuple[str, int, QWidget]] = []
        for word, count in zip(seen.words, seen.counts, strict=True):
            name = self.tr("What “{word}” means").format(word=word)
            pick = self._pick(header, options, meant.get(word, Result.OPEN), name, word)
            pick.chosen.connect(partial(self._choose_word, header, word))
            rows.append((word, count, pick))
        column.addWidget(_grid(rows, self))

    def _choose_word(self, header: str, word: str, result: Result) -> None:
        self._tell(self._mapping.with_value(header, word, result))

    def _add_endings(self, column: QVBoxLayout, header: str, seen: Seen) -> None:
        self._head(column, header, self.tr("How a call ended, by its word."))
        rows: list[tuple[str, int, QWidget]] = [
            (word, count, PlainLabel(call_end_words(word), ink="ink_mid"))
            for word, count in zip(seen.words, seen.counts, strict=True)
        ]
        column.addWidget(_grid(rows, self))

    # the zone

    def _add_zone(self, column: QVBoxLayout) -> None:
        assert self._preview is not None
        self._head(column, self.tr("Time zone"), self.tr("Where times stand that name none."))
        self.zone = ZonePick(self._mapping.zone, self._preview.before.zone, self)
        self.zone.chosen.connect(self._choose_zone)
        column.addWidget(self.zone)

    def _choose_zone(self, zone: str) -> None:
        self._tell(replace(self._mapping, zone=zone))


class ZonePick(Pick):
    """A time zone by its name: chosen from the list, or typed; what is none of them goes back to what stood there."""

    def __init__(self, zone: str, floors: str, parent: QWidget) -> None:
        names = _zones()
        options = [("", _tr("The floor's: {zone}").format(zone=floors)), *((name, name) for name in names)]
        if zone and zone not in names:
            options.insert(1, (zone, zone))
        super().__init__(options, zone, _tr("Time zone"), parent)
        self._zone = zone
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        edit = self.lineEdit()
        assert edit is not None
        edit.setAccessibleName(self.accessibleName())
        edit.editingFinished.connect(self._typed)
        self.chosen.connect(self._keep)

    def _keep(self, zone: str) -> None:
        self._zone = zone

    def _typed(self) -> None:
        text = self.currentText().strip()
        if text == self.itemText(0):
            zone = ""
        else:
            try:
                zone = zone_named(text).key if text else ""
            except ValueError:
                zone = self._zone
        self.setCurrentIndex(self._values.index(zone) if zone in self._values else 0)
        if zone != self._zone:
            self.chosen.emit(zone)


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    """The zones of places, by name."""
    return tuple(
        sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    )


def _grid(rows: Sequence[tuple[str, int, QWidget]], parent: QWidget) -> QWidget:
    """Words with how often they stand there, and beside each what it means."""
    whole = QWidget(parent)
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, SPACE.tight, 0, 0)
    grid.setHorizontalSpacing(SPACE.gap)
    grid.setVerticalSpacing(SPACE.tight)
    grid.setColumnStretch(0, 1)
    for number, (word, count, meaning) in enumerate(rows):
        label = PlainLabel(word)
        tip(label, word)
        grid.addWidget(label, number, 0)
        grid.addWidget(PlainLabel(f"{count:,}", size=TEXT.small, ink="ink_soft", steady=True), number, 1)
        meaning.setMinimumWidth(136)
        grid.addWidget(meaning, number, 2)
    return whole
