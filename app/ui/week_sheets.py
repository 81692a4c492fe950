"""What somebody says beside a frozen week: a dispute, or the answer to one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QPlainTextEdit, QWidget

from app.domain.scorecard import MEASURES
from app.domain.week import Dispute
from app.ui.parts import Sheet
from app.ui.plain import PlainLabel
from app.ui.theme import TEXT

__all__ = ["AnswerSheet", "DisputeSheet"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("week", text)


class _Words(Sheet):
    def __init__(self, parent: QWidget, title: str, text: str, name: str) -> None:
        super().__init__(parent, title, text, width=470)
        self.words = QPlainTextEdit(self)
        self.words.setAccessibleName(name)
        self.words.setPlaceholderText(name)
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(110)
        self.words.textChanged.connect(self._settle)

    def _finish(self, word: str) -> None:
        self.body.addWidget(self.words)
        self.add_button(_tr("Cancel"), "quiet", self.reject)
        self.ok = self.add_button(word, "primary", self._say)
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self._settle()

    def _settle(self) -> None:
        self.ok.setEnabled(bool(self.words.toPlainText().strip()))

    def _say(self) -> None:
        raise NotImplementedError


class DisputeSheet(_Words):
    """Asks what is wrong with a score."""

    said = Signal(str, str)
    """What it is about, and the words."""

    def __init__(self, parent: QWidget, week: str) -> None:
        text = _tr("The frozen page stays as it is. Your words and the answer stand beside it from now on.")
        super().__init__(
            parent, _tr("Dispute the score of {week}").format(week=week), text, _tr("What is wrong?")
        )
        self.about = QComboBox(self)
        self.about.setAccessibleName(_tr("About"))
        self.about.addItem(_tr("The whole score"), "")
        for measure, name in MEASURES.items():
            self.about.addItem(name, measure.value)
        self.body.addWidget(self.about)
        self._finish(_tr("Dispute"))

    def _say(self) -> None:
        self.said.emit(str(self.about.currentData()), self.words.toPlainText())
        self.accept()


class AnswerSheet(_Words):
    """Asks for the answer to a dispute."""

    said = Signal(str, bool, float)
    """The words, whether it is accepted, and the points."""

    def __init__(self, parent: QWidget, dispute: Dispute) -> None:
        title = _tr("Answer {name}").format(name=dispute.rep_name)
        super().__init__(parent, title, dispute.text, _tr("The answer"))
        row = QHBoxLayout()
        self.agreed = QCheckBox(_tr("Accepted"), self)
        self.agreed.toggled.connect(self._toggled)
        self.points = QDoubleSpinBox(self)
        self.points.setRange(-100, 100)
        self.points.setDecimals(1)
        self.points.setEnabled(False)
        self.points.setAccessibleName(_tr("Points beside the frozen score"))
        row.addWidget(self.agreed)
        row.addStretch(1)
        row.addWidget(PlainLabel(_tr("Points beside the score"), size=TEXT.small, ink="ink_mid"))
        row.addWidget(self.points)
        self.body.addLayout(row)
        self._finish(_tr("Answer"))

    def _toggled(self, on: bool) -> None:
        self.points.setEnabled(on)
        if not on:
            self.points.setValue(0)

    def _say(self) -> None:
        self.said.emit(self.words.toPlainText(), self.agreed.isChecked(), self.points.value())
        self.accept()
