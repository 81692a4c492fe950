"""The screen around a wallboard: full screen on a chosen monitor, names hidden or not, pages that turn, a sound.

There is one board; it stands in the screen, or alone in a window that covers a monitor. What was chosen is remembered
on this computer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.ui.actions import Action
from app.ui.beat import Beat
from app.ui.context import Context
from app.ui.parts import Button, EmptyState
from app.ui.theme import SPACE
from app.ui.wallboard import Wallboard, WallFeed
from app.ui.wallboard_hand import Hand
from app.ui.wallboard_plan import Do

__all__ = ["WallWindow", "WallboardScreen"]

TURN_MS = 20_000
"""How long a page stands."""


class WallWindow(QWidget):
    """A monitor with nothing but the board on it."""

    def __init__(self, screen: WallboardScreen) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._screen = screen
        self.setWindowTitle(screen.tr("Wallboard"))
        room = QVBoxLayout(self)
        room.setContentsMargins(0, 0, 0, 0)
        self.room = room

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._screen.press(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._screen.leave()
        event.accept()


class WallboardScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        settings = context.settings
        self.feed = WallFeed(context, self)
        self.board = Wallboard(self.feed, context, self)
        self.board.hidden_names = settings.wall_hides_names
        self.board.turns = settings.wall_turns
        self.window_of_board: WallWindow | None = None
        """The window that covers a monitor, while it does."""
        self._beat: Beat | None = None
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.board)
        text = self.tr("It is shown on another monitor. F11 or Esc brings it back.")
        title = self.tr("The wallboard has a monitor of its own")
        self._gone = EmptyState("wallboard", title, text, parent=self)
        self._pages.addWidget(self._gone)
        self._turning = QTimer(self)
        self._turning.setInterval(TURN_MS)
        self._turning.timeout.connect(self._turn)
        self.hand = Hand(context, self)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.aboutToQuit.connect(self.leave)
        self.board.menu_wanted.connect(self._open_menu)
        self.feed.breached.connect(self._ring)
        context.ticked.connect(self._tick)
        context.link_changed.connect(self._relinked)
        context.shell.screen_shown.connect(self._put_tools)
        self.tools = self._tools()
        context.actions.while_shown(self, self._actions())

    # -- what there is to choose

    def _tools(self) -> QWidget:
        tools = QWidget(self)
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.small)
        self.names_button = Button(
            self.tr("Hide names"), "quiet", tools, chosen="select", press=self.hide_names
        )
        self.turn_button = Button(self._turn_words(), "quiet", tools, press=self.change_turning)
        self.sound_button = Button(self.tr("Sound"), "quiet", tools, chosen="select", press=self.change_sound)
        self.full_button = Button(self.tr("Full screen"), "primary", tools, key="F11", press=self.toggle)
        for button in (self.names_button, self.turn_button, self.sound_button, self.full_button):
            row.addWidget(button)
        tools.hide()
        return tools

    def _actions(self) -> list[Action]:
        group = self.tr("Wallboard")

        def made(name: str, title: str, key: str, run: Callable[[], object], hint: str = "") -> Action:
            return Action(
                id=f"wallboard.{name}",
                title=title,
                run=run,
                keys=(key,),
                group=group,
                where="wallboard",
                hint=hint,
            )

        return [
            made("full", self.tr("Full screen on a monitor"), "F11", self.toggle, self.tr("full screen")),
            made("names", self.tr("Hide or show names"), "N", self.names_button.click, self.tr("names")),
            made("turn", self.tr("Turn pages: by need, always, never"), "P", self.change_turning),
            made("sound", self.tr("Sound on a breach"), "M", self.sound_button.click, self.tr("sound")),
        ]

    @Slot(str)
    def _put_tools(self, screen: str) -> None:
        if screen == "wallboard":
            self._context.shell.set_tools(self.tools)
            self._settle()

    def _settle(self) -> None:
        settings = self._context.settings
        self.names_button.setChecked(settings.wall_hides_names)
        self.sound_button.setChecked(settings.wall_sound)
        self.turn_button.set_words(self._turn_words())

    def _turn_words(self) -> str:
        return {
            "auto": self.tr("Pages turn by need"),
            "on": self.tr("Pages turn"),
            "off": self.tr("Pages stand still"),
        }[self._context.settings.wall_turns]

    def hide_names(self) -> None:
        """Show initials instead of names, or names again."""
        settings = self._context.settings
        settings.wall_hides_names = self.board.hidden_names = not settings.wall_hides_names
        settings.save()
        self._settle()
        self.board.refresh()

    def change_turning(self) -> None:
        """Let the pages turn where not everybody fits on the first, always, or never."""
        settings = self._context.settings
        ways = ("auto", "on", "off")
        settings.wall_turns = self.board.turns = ways[(ways.index(settings.wall_turns) + 1) % len(ways)]
        settings.save()
        self._settle()
        if not self.board.turns_now and self.board.page != "board":
            self.board.page = "reps"
            self.board.turn(-1)

    def change_sound(self) -> None:
        settings = self._context.settings
        settings.wall_sound = not settings.wall_sound
        settings.save()
        self._settle()

    # -- full screen

    def toggle(self) -> None:
        """Cover a monitor with the board, or give it back."""
        if self.window_of_board is not None:
            self.leave()
            return
        screens = QGuiApplication.screens()
        if len(screens) == 1:
            self.cover(screens[0])
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remembered = self._context.settings.wall_monitor
        for number, screen in enumerate(screens, 1):
            size = screen.size()
            words = self.tr("Monitor {n} · {name} · {width} × {height}").format(
                n=number, name=screen.name(), width=size.width(), height=size.height()
            )
            entry = menu.addAction(words.replace("&", "&&"))
            entry.triggered.connect(partial(self.cover, screen))
            if monitor_name(screen) == remembered:
                menu.setActiveAction(entry)
        menu.popup(self.full_button.mapToGlobal(QPoint(0, self.full_button.height())))

    def cover(self, screen: QScreen, _checked: bool = False) -> None:
        """Cover this monitor, and remember it."""
        settings = self._context.settings
        settings.wall_monitor = monitor_name(screen)
        settings.save()
        window = self.window_of_board = WallWindow(self)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.room.addWidget(self.board)
        self._pages.setCurrentWidget(self._gone)
        self._gone.show()
        window.setGeometry(screen.geometry())
        self.board.show()
        window.showFullScreen()
        self._beat = Beat(window, self._context.clock)
        self._beat.beat.connect(self._tick_alone)
        self._beat.start()
        self._turning.start()
        self.board.setFocus()

    @Slot()
    def leave(self) -> None:
        """Give the monitor back."""
        window, self.window_of_board = self.window_of_board, None
        if window is None:
            return
        if self._beat is not None:
            self._beat.stop()
            self._beat = None
        self._pages.insertWidget(0, self.board)
        self._pages.setCurrentWidget(self.board)
        self.board.show()
        window.close()

    def press(self, event: QKeyEvent) -> bool:
        """A key in the window that covers a monitor; whether it was for here."""
        keys = {
            Qt.Key.Key_F11: self.leave,
            Qt.Key.Key_Escape: self.leave,
            Qt.Key.Key_N: self.hide_names,
            Qt.Key.Key_P: self.change_turning,
            Qt.Key.Key_M: self.change_sound,
        }
        found = keys.get(Qt.Key(event.key()))
        if found is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            found()
            return True
        return False

    # -- what happens

    @property
    def _is_seen(self) -> bool:
        return self.board.isVisible()

    @Slot(object)
    def _tick(self, now: object) -> None:
        if self.window_of_board is None:
            self.board.tick(now)  # type: ignore[arg-type]

    @Slot(object)
    def _tick_alone(self, now: object) -> None:
        self.board.tick(now)  # type: ignore[arg-type]

    @Slot(bool)
    def _relinked(self, _live: bool) -> None:
        self.board.update()

    @Slot()
    def _turn(self) -> None:
        if self._is_seen and self.board.turns_now:
            self.board.turn()
        elif self.board.page != "board":
            self.board.page = "reps"
            self.board.turn(-1)

    @Slot()
    def _ring(self) -> None:
        if self._is_seen and self._context.settings.wall_sound:
            self._context.sounder.play("breach")

    @Slot(object, QPoint)
    def _open_menu(self, row: Do, at: QPoint) -> None:
        self.hand.open_menu(row, at, self.board)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._turning.start()
        self._settle()
        if self.window_of_board is None:
            self.board.setFocus(Qt.FocusReason.OtherFocusReason)


def monitor_name(screen: QScreen) -> str:
    """What a monitor is remembered by."""
    place, size = screen.geometry().topLeft(), screen.size()
    named = " ".join(part for part in (screen.manufacturer(), screen.model(), screen.name()) if part)
    return named or f"{size.width()}x{size.height()}+{place.x()}+{place.y()}"
