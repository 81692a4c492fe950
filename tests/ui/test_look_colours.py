"""Every text colour can be read on every ground it is meant for, in both looks; the font is our own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import icons, theme
from app.ui.theme import DARK, LIGHT, Look
from app.ui.theme_sheet import sheet

LEAST = 4.5
"""WCAG AA for text."""
LEAST_MARK = 3.0
"""WCAG AA for marks that carry meaning: focus rings, frames of boxes to tick."""

GROUNDS = ("paper", "card", "field", "quote", "select_tint", "hover")
MEANT_FOR: dict[str, tuple[str, ...]] = {
    "ink": (*GROUNDS, "halo", "good_tint", "skeleton"),
    "ink_mid": GROUNDS,
    "ink_soft": (*GROUNDS, "halo"),
    "ink_faint": GROUNDS,
    "hot": ("hot_tint", "card", "paper"),
    "warm": ("warm_tint", "card", "paper"),
    "cold": ("cold_tint", "card", "paper"),
    "good": ("good_tint", "card", "paper", "select_tint"),
    "grey": ("grey_tint", "card"),
    "danger": ("danger_tint", "card", "paper", "select_tint"),
    "link": ("card", "paper", "select_tint", "cold_tint", "warm_tint", "danger_tint"),
    "ring_text": ("card", "paper"),
    "on_rail": ("rail", "rail_select"),
    "on_rail_soft": ("rail",),
    "on_rail_link": ("rail",),
    "on_fill": ("accent_fill", "danger_fill", "select_fill", "avatar"),
    "on_strong": ("strong_fill",),
}


def luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast(QColor("#000"), QColor("#fff")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("#fff")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("ink", MEANT_FOR)
def test_text_can_be_read(look: Look, ink: str) -> None:
    short = {
        ground: round(contrast(getattr(look, ink), getattr(look, ground)), 2)
        for ground in MEANT_FOR[ink]
        if contrast(getattr(look, ink), getattr(look, ground)) < LEAST
    }
    assert not short, f"{ink} in {look.name}"


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
def test_marks_can_be_seen(look: Look) -> None:
    for mark, grounds in (("select", ("card", "paper")), ("check_line", ("card",)), ("accent", ("card",))):
        for ground in grounds:
            assert contrast(getattr(look, mark), getattr(look, ground)) >= LEAST_MARK, (mark, ground)


def test_both_looks_name_the_same_and_every_tint_is_a_pair() -> None:
    assert LIGHT._fields == DARK._fields
    for look in (LIGHT, DARK):
        for tint in ("hot", "warm", "cold", "good", "danger", "select", "grey"):
            ink, ground = look.tint(tint)
            assert contrast(ink, ground) >= LEAST


def test_the_style_sheet_knows_all_its_names() -> None:
    names = dict.fromkeys(LIGHT._fields, "#123456") | {"arrow": "a.svg", "tick": "t.svg"}
    assert "$" not in sheet(names)


def test_a_change_of_look_is_told_once_and_reaches_the_palette(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, LIGHT)
    told: list[Look] = []
    theme.changed.connect(told.append)
    try:
        theme.apply(qapp, DARK)
        theme.apply(qapp, DARK)
    finally:
        theme.changed.disconnect(told.append)
    assert [look.name for look in told] == ["dark"]
    assert theme.current() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == DARK.paper
    theme.apply(qapp, LIGHT)


def test_the_system_decides_when_told_so(qapp: QApplication) -> None:
    from PySide6.QtCore import Qt

    assert theme.choose(qapp, "dark") is DARK
    assert theme.choose(qapp, "light") is LIGHT
    theme._scheme_changed(Qt.ColorScheme.Dark)
    assert theme.current() is LIGHT, "a chosen look does not follow the system"
    theme.choose(qapp, "system")
    theme._scheme_changed(Qt.ColorScheme.Dark)
    assert theme.current() is DARK
    assert theme.choose(qapp, "light") is LIGHT


def test_inter_with_digits_of_one_width(qapp: QApplication) -> None:
    fits = theme.metrics(14, 600)
    assert theme.font(14, 600).family() == "Inter"
    assert len({fits.horizontalAdvance(digit) for digit in "0123456789"}) == 1
    plain = QFont(theme.font(14, 600))
    plain.unsetFeature(QFont.Tag("tnum"))
    assert len({QFontMetricsF(plain).horizontalAdvance(digit) for digit in "0123456789"}) > 1
    assert theme.font(14, 600) is theme.font(14, 600), "kept"


def test_every_icon_is_drawn_in_the_wanted_colour(qapp: QApplication) -> None:
    red = QColor("#ff0000")
    for name in icons.names():
        image = icons.picture(name, red, 24, 2.0).toImage()
        assert image.width() == 48
        solid = {
            image.pixelColor(x, y).name()
            for x in range(48)
            for y in range(48)
            if image.pixelColor(x, y).alpha() > 250
        }
        assert solid, f"{name} is empty"
        if name not in icons._COLOURED:
            assert solid == {"#ff0000"}, name
    assert not icons.app_icon().isNull()


STYLE_PROBE = """
import os
from app.ui import theme
theme.prepare()
from PySide6.QtWidgets import QApplication
app = QApplication([])
theme.apply(app, theme.LIGHT)
app.setStyleSheet("")
print(app.style().name(), os.environ.get("QT_STYLE_OVERRIDE", "-"))
"""


@pytest.mark.parametrize("before", ["", "Windows"])
def test_the_style_is_asked_for_early_and_no_other_program_hears_of_it(before: str) -> None:
    told = probe(STYLE_PROBE, QT_STYLE_OVERRIDE=before)
    assert told[-2].lower() == "fusion"
    assert told[-1] == (before or "-")


def probe(source: str, **environment: str) -> list[str]:
    """What a fresh process prints, as words."""
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    return done.stdout.split()


PROBE = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from app.ui import theme
theme.apply(app, theme.DARK)
from app.ui.parts import Button, Chip
from app.ui.shell import Shell
shell = Shell()
shell.resize(720, 450)
shell.add_screen("queue", "Queue", "queue", lambda: Button("Claim & call", "primary", height=60))
shell.show_screen("queue")
shell.set_header([("2 hot", "hot")], [("Your TTFC today", "0:41", "")])
shell.show()
while not shell.grab().toImage().pixelColor(1, 1).alpha():
    app.processEvents()
picture = shell.grab()
print(picture.devicePixelRatio(), picture.width(), picture.height(), shell.minimumSizeHint().width())
"""


@pytest.mark.parametrize("scale", ["1.25", "2"])
def test_the_window_fits_a_scaled_screen(scale: str) -> None:
    """At 200 % a laptop's screen has half the pixels: the window still fits, and is drawn sharp."""
    told = probe(PROBE, QT_SCALE_FACTOR=scale)
    assert float(told[0]) == float(scale)
    assert abs(int(told[1]) - 720 * float(scale)) <= 1
    assert abs(int(told[2]) - 450 * float(scale)) <= 1
    assert int(told[3]) <= 683
