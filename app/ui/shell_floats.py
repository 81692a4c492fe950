"""What comes and goes in the window: banners above the body, the notice at the bottom right, one overlay.

Their parts are loaded when the first of them is shown, which is after the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.theme import SPACE

if TYPE_CHECKING:
    from app.ui.parts_overlay import Overlay
    from app.ui.parts_say import Banner, BannerKind, Notice

__all__ = ["Floats"]

_FROM_EDGE = 24


class Floats:
    """Keeps them for the widget `over` that fills the window; `banners` is a layout to put above the body."""

    def __init__(self, over: QWidget) -> None:
        self._over = over
        self._shown: dict[str, Banner] = {}
        self._notice: Notice | None = None
        self._overlay: Overlay | None = None
        self.banners = QVBoxLayout()
        self.banners.setSpacing(SPACE.small)
        self._pad_banners()

    def banner(
        self,
        key: str,
        kind: BannerKind,
        text: str,
        action: str,
        run: Callable[[], object] | None,
        *,
        closable: bool,
    ) -> Banner:
        """Show a banner; one with the same key is replaced."""
        from app.ui.parts_say import Banner

        self.clear_banner(key)
        made = Banner(kind, text, action, run, self._over, closable=closable)
        made.closed.connect(lambda: self.clear_banner(key))
        self._shown[key] = made
        self.banners.addWidget(made)
        made.show()
        self._pad_banners()
        return made

    def clear_banner(self, key: str) -> None:
        """Take that banner away, if it stands."""
        gone = self._shown.pop(key, None)
        if gone is not None:
            self.banners.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
            self._pad_banners()

    def _pad_banners(self) -> None:
        self.banners.setContentsMargins(SPACE.page, SPACE.snug if self._shown else 0, SPACE.page, 0)

    def notice(self, text: str, action: str, run: Callable[[], object] | None, milliseconds: int) -> None:
        """Show the notice for that long; a new one replaces the old."""
        from app.ui.parts_say import Notice

        if self._notice is None:
            self._notice = Notice(self._over)
        self._notice.show_text(text, action, run, milliseconds=milliseconds)
        self.place()

    def hide_notice(self) -> None:
        if self._notice is not None:
            self._notice.hide()

    def place(self) -> None:
        """Put the notice where it belongs, after the window changed its size."""
        if self._notice is None:
            return
        self._notice.adjustSize()
        self._notice.move(
            self._over.width() - self._notice.width() - _FROM_EDGE + SPACE.glow,
            self._over.height() - SPACE.foot - self._notice.height() - SPACE.pad + SPACE.glow,
        )

    def open(self, overlay: Overlay) -> None:
        """Show an overlay, in place of the one that may be open."""
        if self._overlay is not None:
            self._overlay.dismiss()
        self._overlay = overlay
        overlay.dismissed.connect(self._overlay_gone)
        overlay.appear()

    def _overlay_gone(self) -> None:
        self._overlay = None
