"""The two looks: every colour by its name, for light and for dark.

Fields named *_tint and *_fill are grounds that text stands on; *_line and *_mark are never under or as
text; the rest is drawn on grounds. Text reaches WCAG AA (4.5 to 1) on the grounds it is meant for; a test
computes it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from PySide6.QtGui import QColor

__all__ = ["DARK", "LIGHT", "Ink", "Look", "Tint"]

Ink = Literal[
    "ink",
    "ink_mid",
    "ink_soft",
    "ink_faint",
    "hot",
    "warm",
    "cold",
    "good",
    "danger",
    "link",
    "ring_text",
    "on_rail",
    "on_rail_soft",
    "on_fill",
]
"""A text colour by name."""

Tint = Literal["hot", "warm", "cold", "good", "danger", "select", "grey"]
"""A pair of text colour and ground by name."""


class Look(NamedTuple):
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
    check_line: QColor
    """Around a box or a round to tick; seen at 3 to 1."""
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
    warm_mark: QColor
    """Amber rings and dots; never under or as text."""
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
    """Just outside a glowing card; it fades from there."""
    accent_glow: QColor
    deep_shadow: QColor
    """Just outside what floats above the window."""

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


# fmt: off
LIGHT = Look(
    name="light", dark=False, ink=_c("#1a1d23"), ink_mid=_c("#4b5260"), ink_soft=_c("#626976"),
    ink_faint=_c("#69707d"), paper=_c("#f6f7f9"), card=_c("#ffffff"), line=_c("#e6e8ec"),
    field=_c("#fafbfc"), field_line=_c("#dfe2e7"), quote=_c("#f6f7f9"), quote_bar=_c("#c9ced8"),
    key_line=_c("#d5d9e0"), check_line=_c("#868d9a"), hover=_c("#f3f4f7"), skeleton=_c("#eceef2"),
    rail=_c("#15181e"), rail_select=_c("#262b35"), rail_line=_c("#3b4350"), on_rail=_c("#f9f9f9"),
    on_rail_soft=_c("#9aa3b2"), on_rail_link=_c("#ff9a85"), avatar=_c("#3d4656"), accent=_c("#ff5a3c"),
    accent_fill=_c("#d93a1e"), accent_line=_c("#ffb6a6"), ring_track=_c("#ffe3dc"),
    ring_text=_c("#d3361a"), on_fill=_c("#ffffff"), hot=_c("#c4320f"), hot_tint=_c("#ffe4dd"),
    warm=_c("#96600a"), warm_tint=_c("#fff0d1"), warm_line=_c("#ffdf9e"), warm_mark=_c("#e0930c"),
    cold=_c("#2456b8"), cold_tint=_c("#e2ecff"), good=_c("#187d49"), good_tint=_c("#ecfaf2"),
    good_mark=_c("#2fb36f"), grey=_c("#59606d"), grey_tint=_c("#eef0f3"), danger=_c("#c2281c"),
    danger_tint=_c("#ffeeec"), danger_fill=_c("#cc2430"), link=_c("#2b58d9"), select=_c("#3867f0"),
    select_tint=_c("#f3f6ff"), select_fill=_c("#3867f0"), halo=_c("#e4ebfd"), strong_fill=_c("#1a1d23"),
    on_strong=_c("#ffffff"), scrim=QColor(21, 24, 30, 90), shadow=QColor(21, 24, 30, 12),
    accent_glow=QColor(255, 90, 60, 18), deep_shadow=QColor(0, 0, 0, 38),
)

DARK = Look(
    name="dark", dark=True, ink=_c("#e7eaf0"), ink_mid=_c("#b6bdca"), ink_soft=_c("#98a1b0"),
    ink_faint=_c("#8b92a0"), paper=_c("#0f1217"), card=_c("#181c23"), line=_c("#272d37"),
    field=_c("#12161c"), field_line=_c("#323945"), quote=_c("#141920"), quote_bar=_c("#c9ced8"),
    key_line=_c("#3d4553"), check_line=_c("#6c7585"), hover=_c("#1e232c"), skeleton=_c("#222832"),
    rail=_c("#15181e"), rail_select=_c("#262b35"), rail_line=_c("#3b4350"), on_rail=_c("#f9f9f9"),
    on_rail_soft=_c("#9aa3b2"), on_rail_link=_c("#ff9a85"), avatar=_c("#3d4656"), accent=_c("#ff5a3c"),
    accent_fill=_c("#d93a1e"), accent_line=_c("#ffb6a6"), ring_track=_c("#3a1d16"),
    ring_text=_c("#ff7a5e"), on_fill=_c("#ffffff"), hot=_c("#ff8a70"), hot_tint=_c("#3f1a12"),
    warm=_c("#f2b658"), warm_tint=_c("#3a2c0c"), warm_line=_c("#5c4615"), warm_mark=_c("#e0930c"),
    cold=_c("#86a9ff"), cold_tint=_c("#17264a"), good=_c("#45d08c"), good_tint=_c("#12301f"),
    good_mark=_c("#2fb36f"), grey=_c("#a7afbd"), grey_tint=_c("#262c36"), danger=_c("#ff8d83"),
    danger_tint=_c("#3b1714"), danger_fill=_c("#cc2430"), link=_c("#7ea2ff"), select=_c("#3867f0"),
    select_tint=_c("#1b2436"), select_fill=_c("#3867f0"), halo=_c("#22315a"), strong_fill=_c("#e7eaf0"),
    on_strong=_c("#15181e"), scrim=QColor(0, 0, 0, 130), shadow=QColor(0, 0, 0, 40),
    accent_glow=QColor(255, 90, 60, 30), deep_shadow=QColor(0, 0, 0, 110),
)
# fmt: on
