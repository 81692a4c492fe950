"""The only places where text that may come from outside is shown: always as plain text.

A label, tooltip or message box of Qt that is fed a lead's name guesses whether it is markup, and markup
opens local and network files. So the rest of the program shows text only through `PlainLabel`, `tip`, `say`
and `ask`. `one_line` and `lines_of` also take the sting out of characters that hide or reverse what stands
around them: each becomes a visible mark. A line is shaped once (`QStaticText`, always plain) and kept by text, face
and width, so that a list repaints ten times a second without laying out its words again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QStaticText,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QMenu, QToolTip, QWidget

from app.ui import theme
from app.ui.theme import TEXT, Ink

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSystemTrayIcon

    from app.ui.parts_sheet import Sheet

__all__ = [
    "PlainLabel",
    "Shaped",
    "ask",
    "broken",
    "drawn",
    "elide",
    "lines_of",
    "one_line",
    "say",
    "tip",
    "tray_tip",
]

_LONGEST_LINE = 600
"""Characters of one line that can ever matter on a screen."""
_LONGEST_SHAPED = 400
_LONGEST_TEXT = 6_000
_WIDEST = 640
"""No text asks for more pixels than this; it gets more when there is room."""

_UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


def one_line(text: str, most: int = _LONGEST_LINE) -> str:
    """`text` for one line: cut to `most` characters, line ends as spaces, hidden or reversing marks
    visible."""
    if len(text) > most:
        text = text[:most] + "…"
    return _UNSAFE.sub("\ufffd", _BLANKS.sub(" ", text))


def lines_of(text: str, most: int = _LONGEST_TEXT) -> str:
    """`text` for several lines: as `one_line`, but line ends stay."""
    if len(text) > most:
        text = text[:most] + "…"
    return _UNSAFE.sub("\ufffd", _BREAKS.sub("\n", text))


def drawn(text: str) -> str:
    """`text` as it is drawn: tabular figures would widen the hyphen in "e-mail", so its typographic twin is
    used."""
    return text.replace("-", "\u2010")


class Shaped(NamedTuple):
    """A text made ready for drawing: its glyphs, its width and its line height in pixels."""

    glyphs: QStaticText
    width: float
    height: float


def elide(text: str, size: int = TEXT.body, weight: int = 400, width: int = 0) -> Shaped:
    """`text` on one line in at most `width` pixels (0: no bound), elided at the right, shaped and kept."""
    return _shaped(text if len(text) <= _LONGEST_SHAPED else text[:_LONGEST_SHAPED], size, weight, width)


@lru_cache(maxsize=8192)
def _shaped(text: str, size: int, weight: int, width: int) -> Shaped:
    fits = theme.metrics(size, weight)
    line = drawn(one_line(text))
    across = fits.horizontalAdvance(line)
    if width and across > width:
        line = fits.elidedText(line, Qt.TextElideMode.ElideRight, width)
        across = fits.horizontalAdvance(line)
    glyphs = QStaticText(line)
    glyphs.setTextFormat(Qt.TextFormat.PlainText)
    glyphs.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    return Shaped(glyphs, across, fits.height())


def broken(text: str, size: int, weight: int, width: int, most: int) -> tuple[str, ...]:
    """`text` in lines of at most `width` pixels; with `most` > 0 at most so many, the last one elided."""
    return _broken(text[: _LONGEST_TEXT + 1], size, weight, width, most)


@lru_cache(maxsize=512)
def _broken(text: str, size: int, weight: int, width: int, most: int) -> tuple[str, ...]:
    fits = theme.metrics(size, weight)
    lines: list[str] = []
    for paragraph in drawn(lines_of(text)).split("\n"):
        if most and len(lines) >= most:
            break
        layout = QTextLayout(paragraph, theme.font(size, weight))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, size))
            start = line.textStart()
            if most and len(lines) == most - 1 and start + line.textLength() < len(paragraph):
                rest = paragraph[start : start + _LONGEST_LINE]
                lines.append(fits.elidedText(rest, Qt.TextElideMode.ElideRight, max(width, size)))
                break
            lines.append(paragraph[start : start + line.textLength()].rstrip())
        layout.endLayout()
    return tuple(lines[:most] if most else lines)


class PlainLabel(QLabel):
    """A label that shows text as it is.

    One line by default, elided at the right when there is no room. `wrap` breaks it over several lines, at
    most `lines` of them when given. `ink` names its colour in the look. `steady` keeps the whole line's
    width reserved (up to a bound), for short figures that must not be cut. `copyable` offers Copy on a
    right click.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: int = TEXT.body,
        weight: int = 400,
        ink: Ink = "ink",
        wrap: bool = False,
        lines: int = 0,
        steady: bool = False,
        copyable: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._size, self._weight, self._ink = size, weight, ink
        self._wrap, self._lines, self._steady, self._copyable = wrap, lines, steady, copyable
        self._side = align
        self._whole = ""
        self.setFont(theme.font(size, weight))
        if wrap:
            policy = self.sizePolicy()
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(text)

    def setText(self, text: str) -> None:
        if text == self._whole and self.text():
            return
        self._whole = text
        super().setText(lines_of(text) if self._wrap else one_line(text))
        self.updateGeometry()
        self.update()

    def set_ink(self, ink: Ink) -> None:
        if ink != self._ink:
            self._ink = ink
            self.update()

    def whole(self) -> str:
        """The text as it was given, uncut."""
        return self._whole

    @property
    def line_height(self) -> int:
        return (
            round(self._size * 1.5) if self._wrap else round(theme.metrics(self._size, self._weight).height())
        )

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        across = margins.left() + margins.right()
        down = margins.top() + margins.bottom()
        text = self.text()
        widest = max(
            (
                theme.metrics(self._size, self._weight).horizontalAdvance(part)
                for part in drawn(text[:_LONGEST_LINE]).split("\n")
            ),
            default=0,
        )
        width = max(min(int(widest) + 1, _WIDEST, self.maximumWidth() - across), 1)
        rows = len(broken(text, self._size, self._weight, width, self._lines)) if self._wrap else 1
        return QSize(width + across, max(rows, 1) * self.line_height + down)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        width = hint.width() if self._steady else min(hint.width(), self._size * 3)
        return QSize(width, self.line_height if self._wrap else hint.height())

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        if not self._wrap:
            return -1
        margins = self.contentsMargins()
        inner = min(width, self.maximumWidth()) - margins.left() - margins.right()
        rows = len(broken(self.text(), self._size, self._weight, inner, self._lines))
        return max(rows, 1) * self.line_height + margins.top() + margins.bottom()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(self._size, self._weight))
        painter.setPen(theme.current().colour(self._ink if self.isEnabled() else "ink_faint"))
        rect = self.contentsRect()
        flags = self._side | Qt.AlignmentFlag.AlignVCenter
        if not self._wrap:
            shaped = elide(self.text(), self._size, self._weight, max(rect.width(), 1))
            # As `QStyle.alignedRect`, which takes 13 ms of the first paint to be told of.
            x, y = rect.x(), rect.y() + rect.height() // 2 - round(shaped.height) // 2
            if self._side & Qt.AlignmentFlag.AlignRight:
                x += rect.width() - round(shaped.width)
            elif self._side & Qt.AlignmentFlag.AlignHCenter:
                x += rect.width() // 2 - round(shaped.width) // 2
            painter.drawStaticText(x, y, shaped.glyphs)
            return
        height = self.line_height
        most = max(1, rect.height() // height)
        if self._lines:
            most = min(most, self._lines)
        lines = broken(self.text(), self._size, self._weight, rect.width(), most)
        if self._side & Qt.AlignmentFlag.AlignVCenter:
            rect.translate(0, max(0, rect.height() - len(lines) * height) // 2)
        for number, line in enumerate(lines):
            painter.drawText(rect.x(), rect.y() + number * height, rect.width(), height, flags, line)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._copyable or not self._whole:
            super().contextMenuEvent(event)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(QCoreApplication.translate("PlainLabel", "Copy"))
        whole = self._whole  # not self: the menu would then own its own parent, and take it down with itself
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(whole))
        menu.popup(event.globalPos())


def _escaped(text: str) -> str:
    """`text` for the one place of Qt that can't be told that it is plain, with its line ends."""
    for letter, code in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "<br>")):
        text = text.replace(letter, code)
    return text


def tip(widget: QWidget, text: str) -> None:
    """Give `widget` a tooltip that shows `text` as it is, wrapped; the empty text takes it away."""
    shown = lines_of(text, 800)
    widget.setToolTip(f"<qt>{_escaped(shown)}</qt>" if shown else "")
    widget.setAccessibleDescription(shown)


def hide_tips() -> None:
    """Take a tooltip that is up away."""
    QToolTip.hideText()


def tray_tip(icon: QSystemTrayIcon, text: str) -> None:
    """Give the tray's icon a tooltip."""
    icon.setToolTip(one_line(text, 120))


def say(parent: QWidget | None, title: str, text: str) -> Sheet:
    """Tell something in a dialog of our look and go on at once; Enter, Space or Esc closes it."""
    from app.ui.parts_sheet import Sheet

    sheet = Sheet(parent, title, text)
    sheet.add_button(QCoreApplication.translate("plain", "OK"), "primary", sheet.accept, default=True)
    sheet.open()
    return sheet


def ask(
    parent: QWidget | None, title: str, text: str, yes: str, no: str, then: Callable[[bool], None]
) -> Sheet:
    """Ask in a dialog of our look and go on at once; `then` hears True for `yes`, False for `no` or Esc."""
    from app.ui.parts_sheet import Sheet

    sheet = Sheet(parent, title, text)
    sheet.add_button(no, "quiet", sheet.reject)
    sheet.add_button(yes, "primary", sheet.accept, default=True)
    sheet.finished.connect(lambda result: then(result == Sheet.DialogCode.Accepted))
    sheet.open()
    return sheet
