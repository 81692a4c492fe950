"""The facts of a lead in the card: how to reach them, whence they came, how they were judged, what is wrong.

Labels at the left, plain text at the right. Rows without anything to say are left out.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.lead import Lead, Stage
from app.ui import theme
from app.ui.parts import Bar, Field, SectionHead, paint_card
from app.ui.plain import PlainLabel
from app.ui.theme import RADIUS, SPACE, TEXT, Ink
from app.ui.wording import (
    age,
    amount,
    call_hint,
    channel_name,
    day_and_time,
    local_place,
    local_time,
    phone_kind,
    phone_words,
    reason_words,
    source_words,
    zone_named,
)

__all__ = ["Answers", "Facts"]

_LABEL = 96
_KIND_AFTER_MS = 250
"""The telephone library is loaded this long after a card is shown, so that no card waits for it."""


class _Problems(QWidget):
    """What the validity check found, in a tinted block."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        self.words = PlainLabel("", self, wrap=True, lines=6, ink="danger", size=TEXT.small, weight=500)
        column.addWidget(self.words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), theme.current()
        paint_card(painter, self.rect(), look.danger_tint, look.danger_tint, RADIUS.control)


class _TimeField(QWidget):
    """Their time of day and place, and in its own colour whether to call now."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        name = PlainLabel(label, self, ink="ink_faint")
        name.setFixedWidth(_LABEL)
        self.there = PlainLabel("", self)
        self.hint = PlainLabel("", self, steady=True)
        row.addWidget(name)
        row.addWidget(self.there)
        row.addWidget(self.hint)
        row.addStretch(1)

    def set(self, there: str, hint: str, ink: Ink) -> None:
        self.there.setText(f"{there} · " if there else "")
        self.there.setVisible(bool(there))
        self.hint.setText(hint)
        self.hint.set_ink(ink)
        self.setAccessibleName(f"{there}, {hint}")


class Facts(QWidget):
    """The block of facts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead: Lead | None = None
        self._kinds: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        self.problems = _Problems(self)
        column.addWidget(self.problems)
        names = {
            "phone": self.tr("Phone"),
            "email": self.tr("Email"),
            "address": self.tr("Address"),
            "source": self.tr("Source"),
            "consent": self.tr("Consent"),
            "came": self.tr("Came in"),
            "plan": self.tr("Next"),
            "score": self.tr("Score"),
        }
        self.fields: dict[str, Field] = {}
        for key, label in names.items():
            field = self.fields[key] = Field(label, "", self, label_width=_LABEL, lines=4)
            column.addWidget(field)
            if key == "phone":
                self.time = _TimeField(self.tr("Local time"), self)
                column.addWidget(self.time)
        row = QVBoxLayout()
        row.setContentsMargins(_LABEL, 1, 0, 2)
        row.setSpacing(SPACE.small)
        self.bar = Bar(0.0, self, name=self.tr("Score"))
        self.why = PlainLabel("", self, size=TEXT.small, ink="ink_soft", wrap=True, lines=3)
        row.addWidget(self.bar)
        row.addWidget(self.why)
        column.addLayout(row)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_KIND_AFTER_MS)
        self._later.timeout.connect(self._learn_kind)

    def show_lead(self, lead: Lead, now: datetime) -> None:
        """Show this lead's facts."""
        self._lead = lead
        self.problems.words.setText("\n".join(lead.problems[:8]))
        self.problems.setVisible(bool(lead.problems))
        self._put(
            "email",
            lead.email + (self.tr(" · asked not to get e-mail") if lead.no_email and lead.email else ""),
        )
        where = (
            lead.street,
            " ".join(part for part in (lead.postcode, lead.city) if part),
            lead.region,
            lead.country,
        )
        self._put("address", ", ".join(part for part in where if part) if lead.street or lead.region else "")
        self._put("source", self._source(lead))
        self._put("consent", lead.consent)
        came = f"{day_and_time(lead.captured_at, now)} · {channel_name(lead.channel)}"
        if lead.inquiries > 1:
            came += self.tr(" · asked {count} times").format(count=lead.inquiries)
        if lead.is_test:
            came += self.tr(" · a test")
        self._put("came", came)
        score = self.tr("fit {fit} · intent {intent}").format(fit=lead.fit, intent=lead.intent)
        self.fields["score"].set(score, self.tr("Score {n}").format(n=lead.score))
        self.why.setText(" · ".join(reason_words(reason) for reason in lead.reasons[:8]))
        self.why.setVisible(bool(lead.reasons))
        self.bar.set(max(0.0, min(lead.score / 100, 1.0)))
        self.tick(now)
        if lead.phone.startswith("+") and lead.phone not in self._kinds:
            self._later.start()

    def tick(self, now: datetime) -> None:
        """What depends on the time: whether to call now, and what comes next."""
        lead = self._lead
        if lead is None:
            return
        hint, ink = call_hint(lead, now)
        number = " · ".join(
            part for part in (phone_words(lead.phone), self._kinds.get(lead.phone, "")) if part
        )
        self._put("phone", number or self.tr("none"), faint=not number)
        self.time.set(
            f"{local_time(lead.zone, now)} {local_place(lead)}".strip() if lead.zone else "", hint, ink
        )
        self.time.setVisible(bool(lead.phone or lead.zone))
        self._put("plan", self._plan(lead, now))

    def _put(self, key: str, value: str, *, faint: bool = False) -> None:
        field = self.fields[key]
        field.setVisible(bool(value))
        if value and value != field.value.whole():
            field.set(value)
        field.value.set_ink("ink_faint" if faint else "ink")

    def _source(self, lead: Lead) -> str:
        origin = lead.origin
        more = [text[:80] for text in (origin.ad, origin.page) if text]
        return " · ".join([source_words(lead, keyword=True), *more])

    def _plan(self, lead: Lead, now: datetime) -> str:
        there = zone_named(lead.zone)
        theirs = self.tr(" their time") if there else ""
        if not lead.is_open:
            words = {
                Stage.WON: self.tr("won"),
                Stage.LOST: self.tr("lost"),
                Stage.UNFIT: self.tr("not a fit"),
            }[lead.stage]
            parts = [
                words,
                amount(lead.amount) if lead.amount is not None else "",
                lead.close_reason,
                age(lead.closed_at, now) if lead.closed_at else "",
            ]
            return " · ".join(part for part in parts if part)
        plans = (
            (lead.call_back_at, self.tr("call back {time}")),
            (lead.retry_at, self.tr("try again {time}")),
            (lead.appointment_at, self.tr("appointment {time}")),
        )
        return " · ".join(
            words.format(time=day_and_time(at, now, there) + theirs) for at, words in plans if at is not None
        )

    def _learn_kind(self) -> None:
        lead = self._lead
        if lead is not None and lead.phone.startswith("+"):
            self._kinds[lead.phone] = phone_kind(lead.phone)
            number = " · ".join(part for part in (phone_words(lead.phone), self._kinds[lead.phone]) if part)
            self._put("phone", number)


class Answers(QWidget):
    """What the form asked besides, and what they answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        self.head = SectionHead(self.tr("Answers"), "", self)
        self._column.addWidget(self.head)
        self._column.addSpacing(SPACE.hair)
        self._fields: list[Field] = []

    def show_answers(self, answers: tuple[tuple[str, str], ...]) -> None:
        """Show these; nothing at all when there are none."""
        shown = answers[:40]
        while len(self._fields) < len(shown):
            field = Field("", "", self, label_width=_LABEL + 30, lines=4)
            self._column.addWidget(field)
            self._fields.append(field)
        for number, field in enumerate(self._fields):
            field.setVisible(number < len(shown))
            if number < len(shown):
                question, answer = shown[number]
                field.set(answer or "–", question)
        self.setVisible(bool(answers))
