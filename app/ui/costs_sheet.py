"""What leads cost: the costs that were entered, a form for one more, and one taken back.

Many at once come as a file, by the import; this is for the bill of a month and the fair of a day.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.commands import CostsEntered, DropCost, EnterCosts
from app.domain.costs import Cost, CostLine, span_of
from app.domain.errors import AppError, Refused
from app.domain.events import CostDropped, CostsNoted
from app.domain.questions import CostList, Costs
from app.floor.floor import Batch, Receipt
from app.ui.context import Context
from app.ui.parts import Sheet
from app.ui.plain import PlainLabel
from app.ui.rights import guard
from app.ui.rows import Row, RowList
from app.ui.slots import parse_amount
from app.ui.theme import SPACE, TEXT, Tint
from app.ui.wording import amount

__all__ = ["CostsSheet", "parse_cost"]

_ROW = 58
_MOST_ROWS = 5
_MINUS = ("-", "−")


def _tr(text: str) -> str:
    return QCoreApplication.translate("costs", text)


def parse_cost(text: str) -> int | None:
    """Cents of an amount as people write it; with a minus before it a credit. None if it is none."""
    typed = text.strip()
    if typed.startswith(_MINUS):
        cents = parse_amount(typed[1:])
        return None if cents is None else -cents
    return parse_amount(typed)


class CostsSheet(Sheet):
    """The floor's costs, and one more."""

    def __init__(self, parent: QWidget, context: Context) -> None:
        told = _tr(
            "A cost is spread evenly over its days. What is entered for a medium or a campaign as a whole stands "
            "with it and not with its parts."
        )
        super().__init__(parent, _tr("What leads cost"), told, width=640)
        self._context = context
        self._costs: dict[str, Cost] = {}
        self.list = RowList(self, name=_tr("Costs"))
        self.list.chosen.connect(self._settle)
        self.body.addWidget(self.list)
        self.none = PlainLabel(_tr("No cost has been entered yet."), ink="ink_soft")
        self.body.addWidget(self.none)
        self._lay_out_form()
        self.trouble = PlainLabel("", ink="danger", wrap=True, lines=4)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_button(_tr("Close"), "quiet", self.accept)
        self.drop_button = self.add_button(_tr("Take back"), "quiet", self.drop)
        self.enter_button = self.add_button(_tr("Enter cost"), "primary", self.enter, default=True)
        guard(context, self.enter_button, EnterCosts)
        self._show(CostList(costs=()))
        context.relay.batch.connect(self._heard)
        self._ask()
        self.when.setFocus()

    def _lay_out_form(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.gap)
        grid.setVerticalSpacing(SPACE.small)
        self.when = self._field(grid, 0, 0, _tr("Day, month or span"), self._today()[:7])
        self.amount = self._field(grid, 0, 1, _tr("Amount"), "1,250.00")
        self.note = self._field(grid, 0, 2, _tr("Note"), "")
        self.medium = self._field(grid, 1, 0, _tr("Medium"), "google")
        self.campaign = self._field(grid, 1, 1, _tr("Campaign (or none)"), "")
        self.ad = self._field(grid, 1, 2, _tr("Ad (or none)"), "")
        self.body.addLayout(grid)

    def _field(self, grid: QGridLayout, row: int, column: int, label: str, example: str) -> QLineEdit:
        cell = QVBoxLayout()
        cell.setSpacing(SPACE.tight)
        cell.addWidget(PlainLabel(label, size=TEXT.small, weight=600, ink="ink_mid"))
        field = QLineEdit(self)
        field.setMaxLength(200)
        field.setPlaceholderText(example)
        field.setAccessibleName(label)
        cell.addWidget(field)
        grid.addLayout(cell, row, column)
        return field

    def _today(self) -> str:
        return self._context.now().date().isoformat()

    # what there is

    def _ask(self) -> None:
        self._context.relay.ask(Costs(), self._show, self._refused)

    @Slot(object)
    def _heard(self, batch: Batch) -> None:
        if any(isinstance(entry.event, CostsNoted | CostDropped) for entry in batch.entries):
            self._ask()

    def _show(self, told: CostList) -> None:
        self._costs = {cost.id: cost for cost in told.costs}
        self.list.set_rows([_row(cost) for cost in told.costs])
        self.list.setFixedHeight(_ROW * min(max(len(told.costs), 1), _MOST_ROWS))
        self.list.setVisible(bool(told.costs))
        self.none.setVisible(not told.costs)
        self._settle()

    @Slot(str)
    def _settle(self, _key: str = "") -> None:
        why = self._context.why_not(DropCost)
        self.drop_button.setEnabled(self.list.key in self._costs and not why)

    def _refused(self, error: AppError) -> None:
        self._say(f"{error.title}: {error.message}")

    def _say(self, words: str) -> None:
        self.trouble.setText(words)
        self.trouble.setAccessibleName(words)
        self.trouble.setVisible(bool(words))

    # what is done

    def enter(self) -> None:
        """Enter what the form says, or say what is wrong with it."""
        if not self.enter_button.isEnabled():
            return
        cents = parse_cost(self.amount.text())
        if cents is None:
            self._say(_tr("This is no amount."))
            self.amount.setFocus()
            return
        try:
            first, last = span_of(self.when.text())
        except Refused as error:
            self._refused(error)
            self.when.setFocus()
            return
        line = CostLine(
            first=first,
            last=last,
            medium=self.medium.text(),
            campaign=self.campaign.text(),
            ad=self.ad.text(),
            amount=cents,
            note=self.note.text(),
        )
        self._say("")
        self._context.relay.do(EnterCosts(costs=(line,)), self._entered, self._refused, owner=self)

    def _entered(self, _receipt: Receipt[CostsEntered]) -> None:
        for field in (self.amount, self.note):
            field.clear()
        self.amount.setFocus()
        self._ask()

    def drop(self) -> None:
        """Take the chosen cost back."""
        if self.list.key in self._costs:
            command = DropCost(cost_id=self.list.key)
            self._context.relay.do(command, lambda _receipt: self._ask(), self._refused, owner=self)


def _row(cost: Cost) -> Row:
    names = " · ".join(name for name in (cost.medium, cost.campaign, cost.ad) if name)
    parts = [_span(cost.first, cost.last), cost.note, cost.entered_by]
    detail = " · ".join(part for part in parts if part)
    file: tuple[str, Tint] | None = (_tr("from a file"), "grey") if cost.import_id else None
    return Row(key=cost.id, title=names, detail=detail, right=amount(cost.amount), chip=file)


def _span(first: str, last: str) -> str:
    """ "22 Nov 2026", "1 Nov 2026 – 30 Nov 2026"."""
    written = QLocale()
    parts = [date.fromisoformat(day) for day in dict.fromkeys((first, last))]
    days = [written.toString(QDate(day.year, day.month, day.day), "d MMM yyyy") for day in parts]
    return " – ".join(days)
