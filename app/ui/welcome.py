"""The first start: where are your leads? A practice floor, a floor on this computer, or the team's floor.

Only signals leave here. What is typed is checked for sense (a name, an address that can be one) and answered in
a sentence under the field; whether the floor can be reached is for the coordinator to find out, who says it
with `refuse`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLocale, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.parts_button import Button
from app.ui.parts_show import Card, Dot
from app.ui.plain import PlainLabel
from app.ui.theme import RADIUS, SPACE, TEXT

__all__ = ["Welcome", "address_trouble", "name_trouble"]
