"""The two faces of an inquiry in review: what came in, byte for byte, and the form that corrects it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from app.domain.inquiry import Draft, InquiryState
from app.domain.questions import Waiting
from app.ui.panes import Choices, Form, Pane, mono, titled
from app.ui.parts import Banner, Button, Card, Chips, Field, Sheet
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.ui.times import day_and_time
from app.ui.verbatim import as_hex, as_text, size_words
from app.ui.wording import channel_name

__all__ = ["AsideSheet", "Correction", "Original", "headline"]

_FORM_WIDTH = 372
_WIDEST = 16_777_215


def headline(waiting: Waiting) -> str:
    """Whose inquiry it seems to be, in one line."""
    draft = waiting.draft
    name = _name(draft) if draft else ""
    said = (name or draft.email or draft.phone or draft.company) if draft else ""
    unknown = QCoreApplication.translate("review", "Inquiry by {channel}")
    return said or unknown.format(channel=channel_name(waiting.inquiry.channel))


def _name(draft: Draft) -> str:
    return draft.name or " ".join(part for part in (draft.first_name, draft.last_name) if part)


class Original(QWidget):
    """What came in: why it waits, the bytes as text or as numbers, the headers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._waiting: Waiting | None = None
        column = self.column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column.setSpacing(SPACE.snug)
        self._why = Banner("warn", "", parent=self)
        self._aside = Banner("info", "", parent=self)
        for banner in (self._why, self._aside):
            # as tall as its words need at this width
            banner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column.addWidget(self._why)
        column.addWidget(self._aside)
        card = Card(self)
        top = QHBoxLayout()
        top.setSpacing(SPACE.gap)
        self.title = PlainLabel("", size=TEXT.card, weight=700)
        self.views = Choices((("text", self.tr("Text")), ("hex", self.tr("Bytes"))), name=self.tr("Shown as"))
        self.views.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.views.picked.connect(self._show_body)
        top.addWidget(self.title, 1)
        top.addWidget(self.views)
        card.inside.addLayout(top)
        self.facts = Chips(self)
        card.inside.addWidget(self.facts)
        self.body = QPlainTextEdit(self)
        self.body.setReadOnly(True)
        self.body.setFont(mono())
        self.body.setTabChangesFocus(True)
        self.body.setAccessibleName(self.tr("What came in, verbatim"))
        self.body.setMinimumHeight(160)
        card.inside.addWidget(self.body, 1)
        column.addWidget(card, 1)
        self._headers = Card(self)
        titled(self._headers, self.tr("What was sent with it"))
        self._fields: list[Field] = []
        column.addWidget(self._headers)

    def show_inquiry(self, waiting: Waiting, now: datetime) -> None:
        """Show this one."""
        if waiting == self._waiting:
            return
        self._waiting = waiting
        inquiry = waiting.inquiry
        self._tell_why(waiting)
        self.title.setText(headline(waiting))
        kind = inquiry.content_type.partition(";")[0].strip() or self.tr("no type named")
        facts = [
            channel_name(inquiry.channel),
            waiting.source,
            day_and_time(inquiry.received_at, now),
            kind,
            size_words(len(inquiry.raw)),
        ]
        self.facts.set((fact, "grey") for fact in facts if fact)
        text = as_text(inquiry.raw, inquiry.content_type)
        view = "hex" if text is None else "text"
        self.views.choose(view)
        self._show_body(view)
        self._show_headers(waiting)

    def _tell_why(self, waiting: Waiting) -> None:
        aside = waiting.state is InquiryState.ASIDE
        said = self.tr("It was put aside.") if aside else self.tr("It could not be read.")
        for banner, wanted in ((self._aside, aside), (self._why, not aside)):
            banner.set_text(waiting.why or said)
            banner.setVisible(wanted)

    def _show_body(self, view: str) -> None:
        if self._waiting is None:
            return
        inquiry = self._waiting.inquiry
        text = as_text(inquiry.raw, inquiry.content_type)
        if not inquiry.raw:
            shown = self.tr("[nothing: the body was empty]")
        elif view == "hex":
            shown = as_hex(inquiry.raw)
        else:
            shown = text if text is not None else self.tr("[this is no text; look at the bytes]")
        wrap = QPlainTextEdit.LineWrapMode
        self.body.setLineWrapMode(wrap.NoWrap if view == "hex" else wrap.WidgetWidth)
        self.body.setPlainText(shown)

    def _show_headers(self, waiting: Waiting) -> None:
        inquiry = waiting.inquiry
        pairs = [(name, value) for name, value in inquiry.headers]
        if inquiry.content_type:
            pairs.insert(0, ("content-type", inquiry.content_type))
        if inquiry.remote:
            pairs.append((self.tr("sent from"), inquiry.remote))
        for number, (name, value) in enumerate(pairs):
            if number == len(self._fields):
                self._fields.append(Field("", "", self._headers, label_width=128, lines=2))
                self._headers.inside.addWidget(self._fields[number])
            self._fields[number].set(value, name)
        for number, field in enumerate(self._fields):
            field.setVisible(number < len(pairs))
        self._headers.setVisible(bool(pairs))


class Correction(Pane):
    """The form: what could be understood, to be set right, and what to do with the inquiry."""

    made = Signal(object)
    """Make a lead of this `Draft`."""
    again = Signal()
    """Read it again as it is."""
    aside = Signal()
    """Put it aside."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("left", parent)
        self._draft = Draft()
        self.inside.addWidget(PlainLabel(self.tr("Set it right"), size=TEXT.card, weight=700))
        told = self.tr("What could be read is filled in. A phone number or an e-mail address is enough.")
        self.inside.addWidget(PlainLabel(told, ink="ink_soft", wrap=True, lines=3))
        self.inside.addSpacing(SPACE.gap)
        form = Form(self)
        self.name = form.line(self.tr("Name"))
        self.phone = form.line(self.tr("Phone"), longest=60)
        self.email = form.line(self.tr("E-mail"), longest=254)
        self.company = form.line(self.tr("Company"))
        self.request = form.text(self.tr("What they ask"))
        self.inside.addWidget(form)
        self.make_button = Button(
            self.tr("Make a lead"), "primary", self, key="Ctrl ⏎", height=40, press=self.make
        )
        self.inside.addWidget(self.make_button)
        row = QHBoxLayout()
        row.setSpacing(SPACE.gap)
        self.again_button = Button(self.tr("Read again"), "quiet", self, key="R", press=self.again.emit)
        self.aside_button = Button(self.tr("Put aside…"), "quiet", self, key="A", press=self.aside.emit)
        row.addWidget(self.again_button, 1)
        row.addWidget(self.aside_button, 1)
        self.inside.addLayout(row)
        self.inside.addStretch(1)
        for field in (self.name, self.phone, self.email, self.company):
            field.textChanged.connect(self._settle)
            field.returnPressed.connect(self.make)
        self.request.textChanged.connect(self._settle)
        self._busy = False
        self._settle()
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Take the width there is, instead of its own."""
        self.setMinimumWidth(0 if narrow else _FORM_WIDTH)
        self.setMaximumWidth(_WIDEST if narrow else _FORM_WIDTH)

    def show_draft(self, waiting: Waiting) -> None:
        """Fill the form with what could be understood; what was typed before is gone."""
        draft = self._draft = waiting.draft or Draft()
        self.name.setText(_name(draft))
        self.phone.setText(draft.phone)
        self.email.setText(draft.email)
        self.company.setText(draft.company)
        self.request.setPlainText(draft.ask)
        aside = waiting.state is InquiryState.ASIDE
        self.again_button.set_words(self.tr("Bring it back") if aside else self.tr("Read again"))
        self.aside_button.setVisible(not aside)

    def draft(self) -> Draft:
        """The draft as it stands in the form; what the form does not show is as it was read."""
        name = self.name.text().strip()
        draft = self._draft
        if name != _name(draft):
            draft = replace(draft, first_name="", last_name="")
        return replace(
            draft,
            name=name,
            phone=self.phone.text().strip(),
            email=self.email.text().strip(),
            company=self.company.text().strip(),
            ask=self.request.toPlainText().strip(),
        )

    def make(self) -> None:
        if self.make_button.isEnabled():
            self.made.emit(self.draft())

    def set_busy(self, busy: bool) -> None:
        """While the floor is at it."""
        self._busy = busy
        self._settle()

    def _settle(self) -> None:
        reachable = any(field.text().strip() for field in (self.phone, self.email, self.name))
        self.make_button.setEnabled(reachable and not self._busy)
        self.again_button.setEnabled(not self._busy)
        self.aside_button.setEnabled(not self._busy)


class AsideSheet(Sheet):
    """Asks why an inquiry is no lead; the reason is kept with it."""

    said = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        tr = QCoreApplication.translate
        text = tr("review", "It stays kept and can be brought back. Why is it no lead?")
        super().__init__(parent, tr("review", "Put it aside"), text)
        self.why = QLineEdit(self)
        self.why.setAccessibleName(tr("review", "Why"))
        self.why.setPlaceholderText(tr("review", "Spam, a test, an applicant …"))
        self.why.setMaxLength(200)
        self.body.addWidget(self.why)
        self.add_button(tr("review", "Cancel"), "quiet", self.reject)
        self.put = self.add_button(tr("review", "Put aside"), "primary", self._say, default=True)
        self.put.setEnabled(False)
        self.why.textChanged.connect(lambda text: self.put.setEnabled(bool(text.strip())))
        self.why.setFocus()

    def _say(self) -> None:
        self.said.emit(self.why.text().strip())
        self.accept()
