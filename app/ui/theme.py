"""How Firstring looks: every colour, spacing, radius and font size has its name here and nowhere else.

`LIGHT` and `DARK` are the two looks. `apply` dresses the application in one of them: Fusion, a palette, Inter
with tabular digits, and one small style sheet for the native controls. Own-painted parts ask `current()` while
they paint, so a change of look needs nothing but the repaint that Qt does anyway; `changed` is for those who
keep pictures. Text colours reach WCAG AA (4.5 to 1) on the grounds they are meant for; a test computes it.
All lengths are device-independent pixels, so they grow with the screen's scale.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.theme_sheet import sheet

__all__ = [
    "DARK", "LIGHT", "RADIUS", "SPACE", "TEXT", "Choice", "Ink", "Look", "Radii", "Spaces", "TextSizes", "Tint",
    "apply", "changed", "choose", "current", "font", "metrics", "resources",
]

Ink = Literal[
    "ink", "ink_mid", "ink_soft", "ink_faint", "hot", "warm", "cold", "good", "danger", "link", "ring_text",
    "on_rail", "on_rail_soft", "on_fill",
]
"""A text colour by name."""

Tint = Literal["hot", "warm", "cold", "good", "danger", "select", "grey"]
"""A pair of text colour and ground by name."""

Choice = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class TextSizes:
    """Font sizes in pixels."""

    caption: int = 11
    """Rail captions, chips, key caps."""
    small: int = 12
    """Section heads, the foot bar."""
    body: int = 13
    strong: int = 14
    """Countdowns in rows, sentences that are read rather than scanned."""
    button: int = 15
    title: int = 16
    card: int = 18
    lead: int = 20
    ring: int = 24
    hero: int = 30


@dataclass(frozen=True, slots=True)
class Spaces:
    """Distances in pixels."""

    hair: int = 2
    tight: int = 4
    small: int = 6
    gap: int = 8
    snug: int = 12
    pad: int = 16
    page: int = 22
    """From the edge of a pane to what stands in it."""
    glow: int = 14
    """How far a card's glow reaches outside its frame."""
    rail: int = 76
    header: int = 56
    foot: int = 30
    row: int = 47
    """One lead in a list."""
    control: int = 32
    """Height of a button or a field."""


@dataclass(frozen=True, slots=True)
class Radii:
    """Corner radii in pixels."""

    cap: int = 4
    chip: int = 5
    control: int = 8
    button: int = 10
    card: int = 12
    hero: int = 16


TEXT = TextSizes()
SPACE = Spaces()
RADIUS = Radii()


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of one look. Fields named *_tint and *_fill are grounds; the rest are drawn on grounds."""

    name: str
    dark: bool
    # text
    ink: QColor
    ink_mid: QColor
    """Section heads, the inquiry's words."""
    ink_soft: QColor
    """Second-rank text in rows."""
    ink_faint: QColor
    """Labels and times; the faintest that is still read."""
    # grounds and lines
    paper: QColor
    card: QColor
    line: QColor
    field: QColor
    """Ground of fields and the search box."""
    field_line: QColor
    quote: QColor
    quote_bar: QColor
    key_line: QColor
    hover: QColor
    skeleton: QColor
    # the rail, the call bar and the notice, dark in both looks
    rail: QColor
    rail_select: QColor
    rail_line: QColor
    on_rail: QColor
    on_rail_soft: QColor
    on_rail_link: QColor
    avatar: QColor
    # the orange-red
    accent: QColor
    """Rings, marks, the logo; never under text."""
    accent_fill: QColor
    """Under white text."""
    accent_line: QColor
    ring_track: QColor
    ring_text: QColor
    on_fill: QColor
    """Text on accent_fill, danger_fill, select_fill, avatar."""
    # tiers and states
    hot: QColor
    hot_tint: QColor
    warm: QColor
    warm_tint: QColor
    warm_line: QColor
    cold: QColor
    cold_tint: QColor
    good: QColor
    good_tint: QColor
    good_mark: QColor
    """Dots and frames that say all is well; never under or as text."""
    grey: QColor
    grey_tint: QColor
    danger: QColor
    danger_tint: QColor
    danger_fill: QColor
    link: QColor
    select: QColor
    """The bar beside the chosen row, focus rings, score bars."""
    select_tint: QColor
    select_fill: QColor
    halo: QColor
    strong_fill: QColor
    """The dark button; light in the dark look."""
    on_strong: QColor
    scrim: QColor
    shadow: QColor

    def colour(self, ink: Ink) -> QColor:
        """The text colour of that name."""
        found: QColor = getattr(self, ink)
        return found

    def tint(self, tint: Tint) -> tuple[QColor, QColor]:
        """Text colour and ground of that name."""
        if tint == "select":
            return self.link, self.select_tint
        pair: tuple[QColor, QColor] = getattr(self, tint), getattr(self, tint + "_tint")
        return pair


def _c(code: str) -> QColor:
    return QColor(code)


LIGHT = Look(
    name="light", dark=False,
    ink=_c("#1a1d23"), ink_mid=_c("#4b5260"), ink_soft=_c("#626976"), ink_faint=_c("#6a717e"),
    paper=_c("#f6f7f9"), card=_c("#ffffff"), line=_c("#e6e8ec"), field=_c("#fafbfc"), field_line=_c("#dfe2e7"),
    quote=_c("#f6f7f9"), quote_bar=_c("#c9ced8"), key_line=_c("#d3d7de"), hover=_c("#f3f4f7"),
    skeleton=_c("#eceef2"),
    rail=_c("#15181e"), rail_select=_c("#262b35"), rail_line=_c("#3b4350"), on_rail=_c("#f9f9f9"),
    on_rail_soft=_c("#9aa3b2"), on_rail_link=_c("#ff9a85"), avatar=_c("#3d4656"),
    accent=_c("#ff5a3c"), accent_fill=_c("#d93a1e"), accent_line=_c("#ffb6a6"), ring_track=_c("#ffe3dc"),
    ring_text=_c("#d3361a"), on_fill=_c("#ffffff"),
    hot=_c("#c4320f"), hot_tint=_c("#ffe4dd"), warm=_c("#96600a"), warm_tint=_c("#fff0d1"),
    warm_line=_c("#ffdf9e"), cold=_c("#2456b8"), cold_tint=_c("#e2ecff"), good=_c("#187d49"),
    good_tint=_c("#ecfaf2"), good_mark=_c("#2fb36f"), grey=_c("#59606d"), grey_tint=_c("#eef0f3"),
    danger=_c("#c2281c"), danger_tint=_c("#ffeeec"), danger_fill=_c("#d92d20"), link=_c("#2b58d9"),
    select=_c("#3867f0"), select_tint=_c("#f3f6ff"), select_fill=_c("#3867f0"), halo=_c("#e4ebfd"),
    strong_fill=_c("#1a1d23"), on_strong=_c("#ffffff"),
    scrim=QColor(21, 24, 30, 90), shadow=QColor(21, 24, 30, 30),
)

DARK = Look(
    name="dark", dark=True,
    ink=_c("#e7eaf0"), ink_mid=_c("#b6bdca"), ink_soft=_c("#98a1b0"), ink_faint=_c("#8b92a0"),
    paper=_c("#0f1217"), card=_c("#181c23"), line=_c("#272d37"), field=_c("#12161c"), field_line=_c("#323945"),
    quote=_c("#141920"), quote_bar=_c("#c9ced8"), key_line=_c("#3d4553"), hover=_c("#1e232c"),
    skeleton=_c("#222832"),
    rail=_c("#15181e"), rail_select=_c("#262b35"), rail_line=_c("#3b4350"), on_rail=_c("#f9f9f9"),
    on_rail_soft=_c("#9aa3b2"), on_rail_link=_c("#ff9a85"), avatar=_c("#3d4656"),
    accent=_c("#ff5a3c"), accent_fill=_c("#d93a1e"), accent_line=_c("#ffb6a6"), ring_track=_c("#3a1d16"),
    ring_text=_c("#ff7a5e"), on_fill=_c("#ffffff"),
    hot=_c("#ff8a70"), hot_tint=_c("#3f1a12"), warm=_c("#f2b658"), warm_tint=_c("#3a2c0c"),
    warm_line=_c("#5c4615"), cold=_c("#86a9ff"), cold_tint=_c("#17264a"), good=_c("#45d08c"),
    good_tint=_c("#12301f"), good_mark=_c("#2fb36f"), grey=_c("#a7afbd"), grey_tint=_c("#262c36"),
    danger=_c("#ff8d83"), danger_tint=_c("#3b1714"), danger_fill=_c("#d92d20"), link=_c("#7ea2ff"),
    select=_c("#3867f0"), select_tint=_c("#1b2436"), select_fill=_c("#3867f0"), halo=_c("#22315a"),
    strong_fill=_c("#e7eaf0"), on_strong=_c("#15181e"),
    scrim=QColor(0, 0, 0, 130), shadow=QColor(0, 0, 0, 90),
)


class _Announcer(QObject):
    changed = Signal(object)
    """The new Look."""


_announcer = _Announcer()
changed = _announcer.changed


class _State:
    look: Look = LIGHT
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
    """The family name of Inter, loaded from its package (found without importing it); "" without the package."""
    spec = find_spec("fontpkg_inter")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        number = QFontDatabase.addApplicationFont(str(Path(place, "files", "Inter[opsz,wght].ttf")))
        families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        if families:
            return families[0]
    return ""


@lru_cache(maxsize=128)
def font(size: int = TEXT.body, weight: int = 400) -> QFont:
    """Inter at `size` pixels with tabular digits. The object is shared: copy it before changing it.

    The weight is set on the font's own axis and not as `QFont.weight`: Qt knows only one style of the file and
    would thicken the letters itself.
    """
    family = _inter()
    made = QFont(family or QGuiApplication.font().family())
    made.setPixelSize(size)
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


def apply(app: QApplication, look: Look) -> None:
    """Dress the whole application in `look`, and tell `changed` when it was another one before."""
    if not _State.dressed:
        _State.dressed = True
        app.setStyle("Fusion")
        app.setFont(font(TEXT.body))
    before, _State.look = _State.look, look
    app.setPalette(_palette(look))
    app.setStyleSheet(sheet({f.name: _code(getattr(look, f.name)) for f in fields(look)
                             if isinstance(getattr(look, f.name), QColor)}))
    if before is not look:
        changed.emit(look)


def choose(app: QApplication, choice: Choice) -> Look:
    """Wear the look a person chose; "system" follows the system's colour scheme from now on, where it tells."""
    _State.follows = choice == "system"
    hints = QGuiApplication.styleHints()
    if _State.follows and not _State.listening:
        _State.listening = True
        hints.colorSchemeChanged.connect(lambda scheme: _scheme_changed(scheme))
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
        (role.Window, look.paper), (role.WindowText, look.ink), (role.Base, look.card), (role.Text, look.ink),
        (role.AlternateBase, look.paper), (role.Button, look.card), (role.ButtonText, look.ink),
        (role.BrightText, look.on_fill), (role.PlaceholderText, look.ink_faint), (role.Highlight, look.select_fill),
        (role.HighlightedText, look.on_fill), (role.Link, look.link), (role.LinkVisited, look.link),
        (role.ToolTipBase, look.rail), (role.ToolTipText, look.on_rail), (role.Light, look.card),
        (role.Midlight, look.line), (role.Mid, look.field_line), (role.Dark, look.key_line),
        (role.Shadow, look.rail), (role.Accent, look.select),
    ):
        palette.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, look.ink_faint)
    return palette
