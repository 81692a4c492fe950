"""The chain of escalation as steps side by side.

A step is a box to press: Enter changes it, Del takes it away. Steps stand by their time, so none is ever moved.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.domain.chain import Chain, Step, StepKind
from app.domain.lead import Tier
from app.domain.rulebook import Rulebook
from app.domain.rulebook_check import Flaw
from app.domain.sla import ClockKind, rule_of
from app.ui import theme
from app.ui.panes import titled
from app.ui.parts import Button, Pressable, paint_focus, paint_text
from app.ui.parts_paint import paint_card
from app.ui.plain import PlainLabel, ask, broken, one_line
from app.ui.rulebook_ask import put
from app.ui.rulebook_asks_clocks import chain_asks, step_asks
from app.ui.rulebook_cards import Part
from app.ui.rulebook_draft import RulebookDraft
from app.ui.rulebook_form import AskSheet
from app.ui.rulebook_read import span_said
from app.ui.rulebook_words_clocks import StepWords, hours_words, step_words
from app.ui.theme import RADIUS, SPACE, TEXT

__all__ = ["ChainCard"]

_BOX = 112
_ARROW = 24
_NARROWEST = 108
_CENTRE = Qt.AlignmentFlag.AlignHCenter


def _between(one: QColor, other: QColor) -> QColor:
    """The colour halfway."""
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*((a + b) // 2 for a, b in parts))


class StepBox(Pressable):
    """One step."""

    removed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = StepWords("", "", "", "grey")

    def show_step(self, words: StepWords) -> None:
        self.words = words
        self.setAccessibleName(one_line(words.spoken))
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        tint, frame = {
            "warm": (look.warm_tint, look.warm_line),
            "hot": (look.hot_tint, look.danger_fill if look.dark else look.accent_line),
        }.get(self.words.tint, (look.quote, look.line))
        ground = _between(look.card, tint)
        if self.hovered and self.isEnabled():
            frame = look.select
        paint_card(painter, self.rect(), ground, frame, RADIUS.button)
        wide = self.width() - 24
        y = 9
        lines = [(self.words.when, look.ink_soft, 400, 1), (self.words.what, look.ink, 600, 2)]
        for text, ink, weight, most in (*lines, (self.words.how, look.ink_soft, 400, 2)):
            for part in broken(text, TEXT.body, weight, wide, most):
                if y + 18 <= self.height() - 4:
                    paint_text(painter, QRect(12, y, wide + 4, 19), part, ink, TEXT.body, weight)
                    y += 19
        if self.by_keyboard and self.hasFocus():
            paint_focus(painter, self.rect(), RADIUS.button, ground)


class Steps(QWidget):
    """The boxes with arrows between them, in as many rows as are needed."""

    opened = Signal(int)
    removed = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.boxes: list[StepBox] = []
        self._count = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_steps(self, steps: tuple[Step, ...], may_edit: bool) -> None:
        while len(self.boxes) < len(steps):
            self._add()
        self._count = len(steps)
        for number, box in enumerate(self.boxes):
            box.setVisible(number < len(steps))
            if number < len(steps):
                box.setEnabled(may_edit)
                box.show_step(step_words(steps[number]))
        self._place()
        self.updateGeometry()
        self.update()

    def _add(self) -> None:
        box, at = StepBox(self), len(self.boxes)
        box.clicked.connect(lambda: self.opened.emit(at))
        box.removed.connect(lambda: self.removed.emit(at))
        box.menu_wanted.connect(lambda where: self.menu_wanted.emit(at, where))
        self.boxes.append(box)

    def _across(self, width: int) -> int:
        """How many stand side by side."""
        room = max((width + _ARROW) // (_NARROWEST + _ARROW), 1)
        return min(room, max(self._count, 1), 6)

    def _place(self) -> None:
        across = self._across(self.width())
        wide = (self.width() - _ARROW * (across - 1)) // across
        wide = min(wide, 190)
        for number, box in enumerate(self.boxes[: self._count]):
            x, y = number % across * (wide + _ARROW), number // across * (_BOX + SPACE.gap)
            box.setGeometry(x, y, wide, _BOX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-self._count // self._across(width))
        return max(rows * (_BOX + SPACE.gap) - SPACE.gap, 0)

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(max(self.width(), 400)))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, self.heightForWidth(max(self.width(), 400)))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        for box in self.boxes[: max(self._count - 1, 0)]:
            frame = box.geometry()
            spot = QRect(frame.right() + 1, frame.y(), _ARROW, frame.height())
            paint_text(painter, spot, "→", look.ink_soft, TEXT.strong, 400, _CENTRE)


class ChainCard(Part):
    """One chain: the first of the rulebook, or one with a name."""

    section = "escalation"

    def __init__(self, draft: RulebookDraft, number: int, parent: QWidget) -> None:
        """`number` of the named chains, from 0; −1 is the first chain."""
        super().__init__(draft, parent)
        self._number = number
        self.head = titled(self, "")
        self.steps = Steps(self)
        self.inside.addWidget(self.steps)
        self.note = PlainLabel("", self, ink="ink_soft", wrap=True, lines=3)
        self.inside.addWidget(self.note)
        self.fault = PlainLabel("", self, size=TEXT.small, ink="danger", wrap=True, lines=6)
        self.inside.addWidget(self.fault)
        row = QHBoxLayout()
        row.setSpacing(SPACE.pad)
        self.add_button = Button(self.tr("Add a step"), "link", self, press=self.add)
        self.name_button = Button(self.tr("Rename…"), "link", self, press=self._rename)
        self.away_button = Button(self.tr("Take this chain away"), "link", self, press=self._take_away)
        for button in (self.add_button, self.name_button, self.away_button):
            row.addWidget(button)
        row.addStretch(1)
        self.inside.addLayout(row)
        self.steps.opened.connect(self.open)
        self.steps.removed.connect(self.remove)
        self.steps.menu_wanted.connect(self._menu)

    def _chain(self, book: Rulebook) -> Chain | None:
        if self._number < 0:
            return Chain(name="", steps=book.chain)
        return book.chains[self._number] if self._number < len(book.chains) else None

    def _path(self) -> str:
        return "chain" if self._number < 0 else f"chains.{self._number}.steps"

    def refresh(self) -> None:
        book = self.draft.book
        chain = self._chain(book) if book else None
        self.setVisible(chain is not None)
        if book is None or chain is None:
            return
        may = self.draft.may_edit
        title = chain.name or self.tr("When a clock runs out")
        self.head.set(title, _promise_words(book) if self._number < 0 else self._used_by(book, chain.name))
        self.steps.show_steps(chain.steps, may)
        self.note.setText(
            self.tr(
                "Stops when somebody calls, and rests when somebody says that they have it. With nobody on "
                "shift the alarm “No one can take it” comes at once."
            )
            if chain.steps
            else self.tr("Nothing happens when a clock runs out. Add a step.")
        )
        said = [flaw.text for flaw in self.draft.flaws if self.says(flaw)]
        self.fault.setText("\n".join(said))
        self.fault.setVisible(bool(said))
        self.add_button.setVisible(may)
        for button in (self.name_button, self.away_button):
            button.setVisible(may and self._number >= 0)

    def says(self, flaw: Flaw) -> bool:
        place = "chain" if self._number < 0 else f"chains.{self._number}"
        return flaw.at == place or flaw.at.startswith(f"{place}.")

    def _used_by(self, book: Rulebook, name: str) -> str:
        count = sum(rule.chain == name for rule in book.clocks)
        return self.tr("for {n} clocks").format(n=count) if count != 1 else self.tr("for one clock")

    def _put(self, steps: tuple[Step, ...]) -> None:
        assert self.draft.book is not None
        ordered = tuple(sorted(steps, key=lambda step: step.after))
        self.draft.edit(put(self.draft.book, self._path(), ordered))

    def _steps(self) -> tuple[Step, ...]:
        chain = self._chain(self.draft.book) if self.draft.book else None
        return chain.steps if chain else ()

    def add(self) -> None:
        """Ask for one more step."""
        last = max((step.after for step in self._steps()), default=0)
        self._sheet(Step(kind=StepKind.MANAGER, after=max(last, 0) + 60), len(self._steps()))

    def open(self, at: int) -> None:
        """Change a step."""
        if self.draft.may_edit and at < len(self._steps()):
            self._sheet(self._steps()[at], at)

    def remove(self, at: int) -> None:
        """Take a step away."""
        steps = self._steps()
        if self.draft.may_edit and at < len(steps):
            self._put((*steps[:at], *steps[at + 1 :]))

    def _with(self, at: int, step: Step) -> tuple[Step, ...]:
        steps = self._steps()
        return tuple(sorted((*steps[:at], step, *steps[at + 1 :]), key=lambda one: one.after))

    def _sheet(self, step: Step, at: int) -> None:
        def wrong(new: Step) -> list[tuple[str, str]]:
            assert self.draft.book is not None
            steps = self._with(at, new)
            place = max(number for number, one in enumerate(steps) if one == new)
            return self.draft.wrong_with(put(self.draft.book, self._path(), steps), f"{self._path()}.{place}")

        sheet = AskSheet(self.window(), self.tr("Step"), step_asks(self.around), step, wrong)
        sheet.said.connect(lambda new: self._put(self._with(at, new)))
        sheet.open()

    def _menu(self, at: int, where: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Change…")).triggered.connect(lambda: self.open(at))
        menu.addAction(self.tr("Take away\tDel")).triggered.connect(lambda: self.remove(at))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def _rename(self) -> None:
        book = self.draft.book
        chain = self._chain(book) if book else None
        if chain is None:
            return

        def wrong(new: Chain) -> list[tuple[str, str]]:
            assert self.draft.book is not None
            place = f"chains.{self._number}"
            return self.draft.wrong_with(put(self.draft.book, place, new), place)

        sheet = AskSheet(self.window(), self.tr("Chain"), chain_asks(self.around), chain, wrong)
        sheet.said.connect(self._renamed)
        sheet.open()

    def _renamed(self, chain: Chain) -> None:
        assert self.draft.book is not None
        was = self.draft.book.chains[self._number].name
        book = put(self.draft.book, f"chains.{self._number}", chain)
        clocks = tuple(put(rule, "chain", chain.name) if rule.chain == was else rule for rule in book.clocks)
        self.draft.edit(put(book, "clocks", clocks))

    def _take_away(self) -> None:
        book = self.draft.book
        chain = self._chain(book) if book else None
        if book is None or chain is None:
            return

        def then(yes: bool) -> None:
            if yes and self.draft.book is not None:
                left = tuple(one for n, one in enumerate(self.draft.book.chains) if n != self._number)
                self.draft.edit(put(self.draft.book, "chains", left))

        title = self.tr("Take the chain “{name}” away?").format(name=chain.name)
        text = self.tr("Clocks that set it off have to be given another one. Ctrl+Z brings it back.")
        ask(self.window(), title, text, self.tr("Take away"), self.tr("Cancel"), then)


def _promise_words(book: Rulebook) -> str:
    """ "60 s · Mon–Fri 08:00–18:00 · US holidays": what a HOT lead's clock promises."""
    rule = rule_of(book, ClockKind.FIRST_ATTEMPT, Tier.HOT)
    calendar = next((one for one in book.calendars if rule and one.name == rule.calendar), None)
    parts = [f"{Tier.HOT.value} {span_said(book.tiers[0].sla)}", hours_words(calendar) if calendar else ""]
    return " · ".join(part for part in parts if part)
