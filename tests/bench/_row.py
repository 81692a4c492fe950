"""One row of a queue, painted by an area that knows nothing else: the least that showing a lead can cost."""

from __future__ import annotations

from collections.abc import Callable


def bare_row() -> Callable[[], None]:
    """Show such an area; each call has it paint its row and returns when that is done."""
    from PySide6.QtCore import QPointF, Qt
    from PySide6.QtGui import QPainter, QPaintEvent, QStaticText
    from PySide6.QtWidgets import QApplication, QWidget

    from app.ui import theme

    look = theme.current()
    texts = ("0:37", "HOT", "Dana Okafor", "Brightline Logistics", "Need pricing for 40 pallet bays before")
    texts += ("Google Ads", "10:14 Denver", "91")
    places = (14, 94, 150, 240, 360, 560, 680, 820)
    shaped = [QStaticText(text) for text in texts]
    face = theme.font()
    for text in shaped:
        text.prepare(font=face)

    class Row(QWidget):
        painted = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self)
            painter.fillRect(self.rect(), look.paper)
            painter.setFont(face)
            painter.setPen(Qt.GlobalColor.black)
            for x, text in zip(places, shaped, strict=True):
                painter.drawStaticText(QPointF(x, 14), text)
            self.painted += 1

    row = Row()
    row.resize(870, 47)
    row.show()
    settle = QApplication.processEvents
    settle()

    def paint() -> None:
        before = row.painted
        row.update()
        while row.painted == before:
            settle()

    paint.row = row  # type: ignore[attr-defined]  # lives as long as the function
    return paint
