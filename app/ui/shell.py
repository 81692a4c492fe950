"""The window every screen lives in: rail, header, banners, body, foot, and what floats above them.

The shell knows nothing of the floor. It is told what to show by plain setters and says what a person did by
signals; the coordinator stands between it and the floor. Screens are built when they are first shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui import actions
from app.ui.actions import Action, Hint
from app.ui.actions_keys import is_typed_into
from app.ui.plain import one_line
from app.ui.shell_bars import Connection, Foot, Header
from app.ui.shell_floats import Floats
from app.ui.shell_rail import Rail, Status
from app.ui.theme import SPACE, Tint

if TYPE_CHECKING:
    from app.ui.palette import Hit
    from app.ui.parts_overlay import Overlay
    from app.ui.parts_say import Banner, BannerKind

__all__ = ["Shell", "Status"]


class Shell(QMainWindow):
    """The main window.

    `on_close` is asked before the window closes and may keep it open by answering False (into the tray, say).
    """

    screen_shown = Signal(str)
    """A screen came to the front; its key."""
    status_picked = Signal(str)
    """The person picked a status; its key."""
    search_asked = Signal()
    """The palette was asked for, by key or by the search box. The shell opens it itself."""

    def __init__(self, title: str = "Firstring") -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.resize(1440, 900)
        self.setMinimumSize(640, 420)
        self.on_close: Callable[[], bool] | None = None
        self.lead_search: Callable[[str], Sequence[Hit]] | None = None
        self._factories: dict[str, tuple[str, Callable[[], QWidget]]] = {}
        self._built: dict[str, QWidget] = {}
        self._withheld: set[str] = set()
        self._shown = ""
        self._statuses: list[Status] = []
        self._fixed_hints = False
        self._call_bar: QWidget | None = None
        self._loading: QWidget | None = None
        self._painted: Callable[[], object] | None = None

        self.rail = Rail(self)
        self.header = Header(self)
        self.body = QStackedWidget(self)
        self.foot = Foot(self)
        self._top = QStackedWidget(self)
        self._top.addWidget(self.header)
        self._top.setFixedHeight(SPACE.header)
        self._whole = whole = QWidget(self)
        self._floats = Floats(whole)
        across = QHBoxLayout(whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        down = QVBoxLayout()
        down.setSpacing(0)
        down.addWidget(self._top)
        down.addLayout(self._floats.banners)
        down.addWidget(self.body, 1)
        down.addWidget(self.foot)
        across.addLayout(down, 1)
        self.setCentralWidget(whole)

        self.rail.screen_picked.connect(self.show_screen)
        self.rail.person.clicked.connect(self._open_status_menu)
        self.header.search.clicked.connect(self.open_palette)
        actions.registry.changed.connect(self._refresh_hints)
        actions.attach(self)
        self._register()

    # screens

    def add_screen(self, key: str, title: str, icon: str, factory: Callable[[], QWidget]) -> None:
        """Put a screen into the rail. `factory` is called once, when the screen is first shown."""
        self._factories[key] = (title, factory)
        self.rail.add(key, title, icon)
        self._add_way(key)

    def _add_way(self, key: str) -> None:
        number = list(self._factories).index(key) + 1
        actions.add(
            Action(
                id=f"go.{key}",
                title=self.tr("Go to {screen}").format(screen=self._factories[key][0]),
                group=self.tr("Go to"),
                keys=(f"Ctrl+{number}",) if number < 10 else (),
                run=lambda: self.show_screen(key),
            )
        )

    def offer_screen(self, key: str, offered: bool) -> None:
        """Let a screen be gone to, or not; one that is in front then makes room for the first."""
        if offered == (key not in self._withheld):
            return
        self._withheld ^= {key}
        self.rail.set_offered(key, offered)
        if offered:
            self._add_way(key)
        else:
            actions.withdraw(f"go.{key}")
            if key == self._shown:
                self.show_screen(next(iter(self._factories)))

    def show_screen(self, key: str) -> None:
        """Bring a screen to the front, building it if need be. One that is unknown or not offered does nothing."""
        found = self._factories.get(key)
        if found is None or key == self._shown or key in self._withheld:
            return
        title, factory = found
        if key not in self._built:
            widget = factory()
            self._built[key] = widget
            self.body.addWidget(widget)
        self._shown = key
        self.header.set_title(title)
        self.set_header((), ())
        self.set_tools(None)
        self.rail.select(key)
        screen = self._built[key]
        self.body.setCurrentWidget(screen)
        focus = cast("QWidget | None", self.focusWidget())  # the stub forgets None
        if focus is None or not screen.isAncestorOf(focus):
            screen.setFocus()  # not the rail: there Space would press an entry instead of claiming a lead
        self.screen_shown.emit(key)

    def screens(self) -> tuple[str, ...]:
        """The keys of all screens, in the rail's order."""
        return tuple(self._factories)

    @property
    def shown(self) -> str:
        """The key of the screen in front, "" before the first."""
        return self._shown

    def set_badge(self, key: str, count: int) -> None:
        """A number on a screen's entry in the rail; 0 takes it away."""
        self.rail.set_badge(key, count)

    def set_loading(self, on: bool) -> None:
        """Show rows without content in the body while there is no screen yet."""
        if on and self._loading is None:
            from app.ui.parts_show import Skeleton

            self._loading = QWidget(self)
            box = QVBoxLayout(self._loading)
            box.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
            box.addWidget(Skeleton(rows=9, parent=self._loading))
            box.addStretch(1)
            self.body.addWidget(self._loading)
            self.body.setCurrentWidget(self._loading)
        elif not on and self._loading is not None:
            self.body.removeWidget(self._loading)
            self._loading.deleteLater()
            self._loading = None

    def when_painted(self, then: Callable[[], object]) -> None:
        """Call `then` once the window has been painted for the first time."""
        self._painted = then

    # header

    def set_header(
        self,
        chips: Iterable[tuple[str, Tint]] = (),
        figures: Iterable[tuple[str, str, str]] = (),
        note: str = "",
    ) -> None:
        """What stands beside the screen's title: chips (text, tint), figures (label, value, delta), a note.

        What has no room is left out from the right.
        """
        self.header.fill(tuple(chips), tuple(figures), note)

    def set_tools(self, widget: QWidget | None) -> None:
        """Buttons of the screen's own at the right of the header, in the search box's place, or in all the room beside
        the title where they expand; None: the search box."""
        self.header.set_tools(widget)

    def set_top(self, widget: QWidget | None) -> None:
        """Put a bar over the header (the call bar), or take it away with None. The widget stays its
        owner's."""
        if self._call_bar is not None:
            self._top.removeWidget(self._call_bar)
            self._call_bar.hide()
        self._call_bar = widget
        if widget is not None:
            self._top.addWidget(widget)
            self._top.setCurrentWidget(widget)
        self._top.setFixedHeight(max(SPACE.header, widget.sizeHint().height()) if widget else SPACE.header)

    # rail and foot

    def set_person(
        self, initials: str, name: str, status_text: str, status_colour: Tint = "good", time_text: str = ""
    ) -> None:
        """Who sits here, the status as word and dot, and the floor's time."""
        self.rail.person.set(initials, name, status_text, status_colour, time_text)

    def set_time(self, time_text: str) -> None:
        """The floor's time alone."""
        self.rail.person.set_time(time_text)

    def set_statuses(self, statuses: Sequence[Status]) -> None:
        """What the status menu offers; each is in the palette too."""
        actions.withdraw(*(f"status.{status.key}" for status in self._statuses))
        self._statuses = list(statuses)
        actions.add(
            *(
                Action(
                    id=f"status.{status.key}",
                    title=status.text,
                    group=self.tr("Status"),
                    run=partial(self.status_picked.emit, status.key),
                )
                for status in statuses
            )
        )

    def set_connection(self, state: Connection, text: str) -> None:
        """How the desk stands to its floor: "live", "catching" or "away", and a sentence for the foot."""
        self.foot.set_connection(state, text)

    def set_unsent(self, words: str) -> None:
        """What this desk has to tell its floor yet, as a button in the foot; "" takes it away."""
        self.foot.set_unsent(words)

    def set_hints(self, hints: Sequence[Hint] | None) -> None:
        """Fix what the foot says about keys; None goes back to what the registry says."""
        self._fixed_hints = hints is not None
        if hints is not None:
            self.foot.set_hints(hints)
        else:
            self._refresh_hints()

    def _refresh_hints(self) -> None:
        if not self._fixed_hints:
            self.foot.set_hints(actions.hints())

    # what speaks up

    def banner(
        self,
        key: str,
        kind: BannerKind,
        text: str,
        action: str = "",
        run: Callable[[], object] | None = None,
        *,
        closable: bool = False,
    ) -> Banner:
        """Show a strip above the body; one with the same key is replaced."""
        return self._floats.banner(key, kind, text, action, run, closable=closable)

    def clear_banner(self, key: str) -> None:
        """Take that banner away, if it stands."""
        self._floats.clear_banner(key)

    def notice(
        self,
        text: str,
        action: str = "",
        run: Callable[[], object] | None = None,
        *,
        milliseconds: int = 8_000,
    ) -> None:
        """Show the dark notice at the bottom right for that long; a new one replaces the old."""
        self._floats.notice(text, action, run, milliseconds)

    def hide_notice(self) -> None:
        """Take the notice away (what it offered to undo is undone, or gone)."""
        self._floats.hide_notice()

    # palette, keys, status menu

    def open_palette(self) -> None:
        """Open the palette over the window."""
        from app.ui.palette import Palette

        self.search_asked.emit()
        self._floats.open(Palette(self._whole, self.lead_search))

    def open_over(self, make: Callable[[QWidget], Overlay]) -> None:
        """Open an overlay, made for the widget that fills the window, in place of the one that may be open."""
        self._floats.open(make(self._whole))

    def open_keys(self) -> None:
        """Open the sheet of all keys."""
        from app.ui.keysheet import KeySheet

        self._floats.open(KeySheet(self._whole))

    def _open_status_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for status in self._statuses:
            entry = menu.addAction(one_line(status.text, 60).replace("&", "&&"))
            entry.triggered.connect(lambda _checked=False, key=status.key: self.status_picked.emit(key))
            action = actions.find(f"status.{status.key}")
            refusal = actions.refusal(action) if action is not None else ""
            if refusal:
                entry.setText(f"{entry.text()} ({one_line(refusal, 90).replace('&', '&&')})")
                entry.setEnabled(False)
        person = self.rail.person
        menu.popup(person.mapToGlobal(person.rect().topRight()))

    def _register(self) -> None:
        group = self.tr("Everywhere")
        actions.add(
            Action(
                id="palette",
                title=self.tr("Search leads and actions"),
                keys=("Ctrl+K",),
                group=group,
                run=self.open_palette,
                listed=False,
            ),
            Action(
                id="keys",
                title=self.tr("All keys"),
                keys=("?", "F1"),
                group=group,
                run=self.open_keys,
                hint=self.tr("all keys"),
            ),
        )

    # the window

    def come_forward(self) -> None:
        """Show the window before all others, whether it was hidden, minimized or behind them."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def geometry_bytes(self) -> bytes:
        """Size and place of the window, to be kept by the caller."""
        return bytes(self.saveGeometry().data())

    def restore_geometry_bytes(self, kept: bytes) -> bool:
        """Put the window where it was; False when those bytes make no sense."""
        return self.restoreGeometry(QByteArray(kept))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the field one types in, so that the plain keys work again."""
        typed = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape and is_typed_into(typed) and typed is not None:
            typed.clearFocus()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        # the backing store is flushed after all widgets of the window have been painted
        if event.type() == QEvent.Type.UpdateRequest and self._painted is not None:
            then, self._painted = self._painted, None
            then()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._floats.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.on_close is not None and not self.on_close():
            event.ignore()
            return
        super().closeEvent(event)
