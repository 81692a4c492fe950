"""The tiers as one bar, with how the leads of the floor stand by it."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.lead import Lead, Tier
from app.domain.rulebook import Rulebook
from app.ui import theme
from app.ui.context import Context
from app.ui.panes import titled
from app.ui.parts import paint_ground, paint_text
from app.ui.rulebook_cards import Part
from app.ui.rulebook_draft import RulebookDraft
from app.ui.rulebook_words import tier_span
from app.ui.theme import TEXT

__all__ = ["TierBar", "TierCard"]

_CENTRE = Qt.AlignmentFlag.AlignHCenter
_LEAST_SHARE = 0.17
"""Of the bar: so that each tier's words can be read."""


class TierBar(QWidget):
    """Which scores make which tier."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts: tuple[tuple[str, float, str], ...] = ()
        self.setFixedHeight(24)

    def show_parts(self, parts: tuple[tuple[str, float, str], ...]) -> None:
        """Words, share (0 to 1) and tier of each, from the left."""
        self._parts = parts
        self.setAccessibleName(", ".join(words for words, _, _ in parts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setClipPath(frame)
        x = 0.0
        fills = {"COLD": look.select_fill, "WARM": look.warm, "HOT": look.accent_fill}
        for words, share, tier in self._parts:
            wide = self.width() * share
            ground = fills[tier]
            spot = QRectF(x, 0, wide + 1, self.height())
            paint_ground(painter, spot, ground)
            ink = look.on_strong if look.dark and tier == "WARM" else look.on_fill
            inner = spot.adjusted(4, 0, -4, 0)
            paint_text(painter, inner, words, ink, TEXT.caption, 700, _CENTRE)
            x += wide


class TierCard(Part):
    """The tiers as a bar, with how the leads of the floor would stand by it."""

    section = "tiers"

    def __init__(self, draft: RulebookDraft, context: Context, parent: QWidget) -> None:
        super().__init__(draft, parent)
        self._context = context
        self.head = titled(self, self.tr("Tiers by score"))
        self.bar = TierBar(self)
        self.inside.addWidget(self.bar)

    def refresh(self) -> None:
        book = self.draft.book
        if book is None:
            return
        counts = Counter(_tier_by(book, lead) for lead in self._context.board.leads.values())
        total = sum(counts.values())
        shares = {tier: max(counts[tier] / total if total else 1 / 3, _LEAST_SHARE) for tier in Tier}
        whole = sum(shares.values())
        low_first = (Tier.COLD, Tier.WARM, Tier.HOT)
        self.bar.show_parts(
            tuple((tier_span(book, tier), shares[tier] / whole, tier.value) for tier in low_first)
        )
        said = self.tr("of {n} leads on the floor: {shares}")
        parts = " · ".join(f"{round(100 * counts[tier] / total)} %" for tier in Tier) if total else ""
        self.head.set(self.tr("Tiers by score"), said.format(n=f"{total:,}", shares=parts) if total else "")


def _tier_by(book: Rulebook, lead: Lead) -> Tier:
    """The tier its score would have by the draft's bounds."""
    return next((rule.tier for rule in book.tiers if lead.score >= rule.at_least), Tier.COLD)
