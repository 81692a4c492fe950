"""What is done about costs and the baseline from the Reports screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.domain.commands import EnterCosts, FreezeBaseline
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.costs_sheet import CostsSheet
from app.ui.plain import ask

__all__ = ["report_actions"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("costs", text)


def report_actions(context: Context, screen: QWidget, done: Callable[[], object]) -> list[Action]:
    """Costs and the baseline, for a screen of reports; `done` is called once the floor has frozen one."""

    def costs() -> None:
        sheet = CostsSheet(screen, context)
        sheet.finished.connect(lambda _result: done())
        sheet.open()

    def freeze() -> None:
        text = _tr(
            "The figures of the floor's first thirty days are kept as they are now, and what comes later is held "
            "against them. Nothing changes them any more."
        )
        ask(screen, _tr("Freeze the baseline?"), text, _tr("Freeze"), _tr("Cancel"), frozen)

    def frozen(yes: bool) -> None:
        if yes:
            context.relay.do(FreezeBaseline(), lambda _receipt: done(), owner=screen)

    group = _tr("Reports")
    return [
        Action(
            id="reports.costs",
            title=_tr("Enter what leads cost"),
            run=costs,
            keys=("C",),
            group=group,
            where="reports",
            says=EnterCosts,
            hint=_tr("costs"),
        ),
        Action(
            id="reports.freeze",
            title=_tr("Freeze the baseline"),
            run=freeze,
            keys=("Z",),
            group=group,
            where="reports",
            says=FreezeBaseline,
        ),
    ]
