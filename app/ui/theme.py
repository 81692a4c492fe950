"""How Firstring looks: every spacing, radius and font size has its name here, every colour in `theme_look`.

`apply` dresses the application in one of them: Fusion, a palette, Inter with tabular digits, and one small
style sheet for the native controls. Own-painted parts ask `current()` while they paint, so a change of look
needs nothing but the repaint that Qt does anyway; `changed` is for those who keep pictures. All lengths are
device-independent pixels, so they grow with the screen's scale.
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.theme_look import DARK, LIGHT, Ink, Look, Tint
from app.ui.theme_sheet import sheet

__all__ = [
    "DARK",
    "LIGHT",
    "RADIUS",
    "SPACE",
    "TEXT",
    "Choice",
    "Ink",
    "Look",
    "Radii",
    "Spaces",
    "TextSizes",
    "Tint",
    "apply",
    "changed",
    "choose",
    "current",
    "font",
    "metrics",
    "prepare",
    "resources",
]

_STYLE = "QT_STYLE_OVERRIDE"

Choice = Literal["system", "light", "dark"]


class TextSizes:
    """Font sizes in pixels."""

    caption: Final = 11
    """Rail captions, chips, key caps."""
    small: Final = 12
    """Section heads, the foot bar."""
    body: Final = 13
    strong: Final = 14
    """Countdowns in rows, sentences that are read rather than scanned."""
    button: Final = 15
    title: Final = 16
    card: Final = 18
    lead: Final = 20
    ring: Final = 24
    hero: Final = 30


class Spaces:
    """Distances in pixels."""

    hair: Final = 2
    tight: Final = 4
    small: Final = 6
    gap: Final = 8
    snug: Final = 12
    pad: Final = 16
    page: Final = 22
    """From the edge of a pane to what stands in it."""
    glow: Final = 20
    """How far a card's glow reaches outside its frame."""
    rail: Final = 76
    header: Final = 56
    foot: Final = 30
    row: Final = 47
    """One lead in a list."""
    control: Final = 32
    """Height of a button or a field."""


class Radii:
    """Corner radii in pixels."""

    cap: Final = 4
    chip: Final = 5
    control: Final = 8
    button: Final = 10
    card: Final = 12
    hero: Final = 16


TEXT = TextSizes
SPACE = Spaces
RADIUS = Radii


class _Announcer(QObject):
    changed = Signal(object)
    """The new Look."""


_announcer = _Announcer()
changed = _announcer.changed


class _State:
    look: Look = LIGHT
    prepared: bool = False
    style_before: str = ""
    dressed: bool = False
    follows: bool = False
    listening: bool = False


def current() -> Look:
    """The look the application wears now."""
    return _State.look


def resources(*parts: str) -> Path:
    """A file of the program's resources folder."""
    return Path(__file__).resolve().parents[2].joinpath("resources", *parts)


@lru_cache(maxsize=1)
def _inter() -> str:
    """The family name of Inter, loaded from its package, which is found without importing it; "" without."""
    spec = find_spec("fontpkg_inter")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        # by its bytes: from a path every size and weight would map the file anew, 0.9 MB each
        letters = Path(place, "files", "Inter[opsz,wght].ttf").read_bytes()
        number = QFontDatabase.addApplicationFontFromData(letters)
        families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        if families:
            return families[0]
    return ""


@lru_cache(maxsize=128)
def font(size: int = TEXT.body, weight: int = 400, tabular: bool = True) -> QFont:
    """Inter at `size` pixels with tabular digits. The object is shared: copy it before changing it.

    The weight is set on the font's own axis and not as `QFont.weight`: Qt knows only one style of the file
    and would thicken the letters itself.
    """
    family = _inter()
    made = QFont(family or QGuiApplication.font().family())
    made.setPixelSize(size)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    if family:
        if weight != 400:
            made.setVariableAxis(QFont.Tag("wght"), weight)
        if size > 14:
            made.setVariableAxis(QFont.Tag("opsz"), min(size, 32))
    else:
        made.setWeight(QFont.Weight(weight))
    return made


@lru_cache(maxsize=128)
def metrics(size: int = TEXT.body, weight: int = 400) -> QFontMetricsF:
    """The metrics of `font(size, weight)`, shared."""
    return QFontMetricsF(font(size, weight))


def prepare() -> None:
    """Ask Qt for the style we dress; called before there is a QApplication, it spares the first paint 11 ms.

    (`setStyle` answers with the style, and the binding then builds all names of that class.) The first
    `apply` puts the environment back, so that no program we start inherits the wish.
    """
    if QCoreApplication.instance() is None:
        _State.style_before = os.environ.get(_STYLE, "")
        os.environ[_STYLE] = "Fusion"
        _State.prepared = True


def apply(app: QApplication, look: Look) -> None:
    """Dress the whole application in `look`, and tell `changed` when it was another one before."""
    if not _State.dressed:
        _State.dressed = True
        if _State.prepared:
            os.environ.pop(_STYLE, None)
            if _State.style_before:
                os.environ[_STYLE] = _State.style_before
        else:
            app.setStyle("Fusion")
        app.setFont(font(TEXT.body))
        for typed in ("QLineEdit", "QPlainTextEdit", "QTextEdit", "QComboBox"):
            # The binding takes a str here, whatever its stub says; bytes raise.
            app.setFont(font(TEXT.body, tabular=False), typed)  # type: ignore[arg-type]
    before, _State.look = _State.look, look
    app.setPalette(_palette(look))
    codes = {name: _code(colour) for name, colour in look._asdict().items() if isinstance(colour, QColor)}
    codes |= {name: resources("icons", f"{name}.svg").as_posix() for name in ("arrow", "tick")}
    app.setStyleSheet(sheet(codes))
    if before is not look:
        changed.emit(look)


def choose(app: QApplication, choice: Choice) -> Look:
    """Wear the look a person chose; "system" follows the system's colour scheme, where it tells."""
    _State.follows = choice == "system"
    hints = QGuiApplication.styleHints()
    if _State.follows and not _State.listening:
        _State.listening = True
        hints.colorSchemeChanged.connect(_scheme_changed)
    dark = hints.colorScheme() == Qt.ColorScheme.Dark if _State.follows else choice == "dark"
    look = DARK if dark else LIGHT
    apply(app, look)
    return look


def _scheme_changed(scheme: Qt.ColorScheme) -> None:
    app = QApplication.instance()
    if _State.follows and isinstance(app, QApplication):
        apply(app, DARK if scheme == Qt.ColorScheme.Dark else LIGHT)


def _code(colour: QColor) -> str:
    return colour.name(QColor.NameFormat.HexArgb if colour.alpha() < 255 else QColor.NameFormat.HexRgb)


def _palette(look: Look) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, look.paper),
        (role.WindowText, look.ink),
        (role.Base, look.card),
        (role.Text, look.ink),
        (role.AlternateBase, look.paper),
        (role.Button, look.card),
        (role.ButtonText, look.ink),
        (role.BrightText, look.on_fill),
        (role.PlaceholderText, look.ink_faint),
        (role.Highlight, look.select_fill),
        (role.HighlightedText, look.on_fill),
        (role.Link, look.link),
        (role.LinkVisited, look.link),
        (role.ToolTipBase, look.rail),
        (role.ToolTipText, look.on_rail),
        (role.Light, look.card),
        (role.Midlight, look.line),
        (role.Mid, look.field_line),
        (role.Dark, look.key_line),
        (role.Shadow, look.rail),
        (role.Accent, look.select),
    ):
        palette.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, look.ink_faint)
    return palette
