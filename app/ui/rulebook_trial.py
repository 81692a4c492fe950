"""The draft tried on last week's leads, beside the cards: asked for, shown, and told when it is of an older draft."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QLocale, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.errors import AppError
from app.domain.questions import DryRun
from app.domain.questions_rulebook import Tried
from app.domain.rulebook import Rulebook
from app.ui.context import Context
from app.ui.rulebook_draft import RulebookDraft
from app.ui.rulebook_tried import TriedPane
from app.ui.times import day_and_time

__all__ = ["Trial"]

_WEEK = timedelta(days=7)


def _day(at: datetime) -> str:
    """ "17 Nov", here."""
    local = at.astimezone()
    return f"{local.day} {QLocale().monthName(local.month, QLocale.FormatType.ShortFormat)}"


class Trial(QObject):
    """The trial and its pane."""

    running = Signal(bool)

    def __init__(self, context: Context, draft: RulebookDraft, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._draft = context, draft
        self._asked = 0
        self._tried: Rulebook | None = None
        self.pane = TriedPane(self._when, over)
        self.pane.wanted.connect(self.run)
        draft.changed.connect(self._compare)
        context.link_changed.connect(self._compare)

    def _when(self, at: object) -> str:
        return day_and_time(at, self._context.now()) if isinstance(at, datetime) else ""

    @Slot()
    def _compare(self) -> None:
        self.pane.may_try(self._context.why_not(DryRun))
        self.pane.set_stale(self._tried is not None and self._draft.book != self._tried)

    @Slot()
    def run(self) -> None:
        """See how the draft would have done with the leads of the last seven days."""
        book = self._draft.book
        if book is None or self._context.why_not(DryRun):
            return
        self._asked += 1
        self.running.emit(True)
        self.pane.show_waiting()
        number, until = self._asked, self._context.now()
        self._context.relay.ask(
            DryRun(rulebook=book, since=until - _WEEK, until=until),
            lambda tried: self._take(number, book, tried),
            lambda error: self._failed(number, error),
            owner=self,
        )

    def _take(self, number: int, book: Rulebook, tried: Tried) -> None:
        if number != self._asked:
            return
        self._tried = book
        self.running.emit(False)
        draft = self._draft
        span = self.tr("{n} leads, {since} to {until}, replayed through {what}").format(
            n=f"{tried.leads:,}",
            since=_day(tried.since),
            until=_day(tried.until),
            what=self.tr("draft {n}").format(n=draft.number) if draft.is_draft else self.tr("live"),
        )
        self.pane.show_tried(tried, self.tr("Tried on last week"), span)
        self._compare()

    def _failed(self, number: int, error: AppError) -> None:
        if number == self._asked:
            self.running.emit(False)
            self.pane.show_trouble(error.message)
