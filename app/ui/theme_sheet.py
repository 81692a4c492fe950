"""The one style sheet of the application: only native controls, so that they fit beside the painted parts."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

__all__ = ["sheet"]

_SHEET = Template("""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
  background: $card; color: $ink; border: 1px solid $field_line; border-radius: 8px; padding: 5px 9px;
  selection-background-color: $select_fill; selection-color: $on_fill; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: 20px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
  border: 1px solid $select; background: $card; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
  background: $paper; color: $ink_faint; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox QAbstractItemView { background: $card; color: $ink; border: 1px solid $field_line; outline: 0;
  selection-background-color: $halo; selection-color: $ink; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $quote_bar; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $ink_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenu { background: $card; color: $ink; border: 1px solid $field_line; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $halo; color: $ink; }
QMenu::item:disabled { color: $ink_faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }
QToolTip { background: $rail; color: $on_rail; border: 1px solid $rail_line; padding: 4px 6px; }
""")


def sheet(colours: Mapping[str, str]) -> str:
    """The style sheet with the colours of a look, by their names in `Look`."""
    return _SHEET.substitute(colours)
