"""The one style sheet of the application: only native controls, so that they fit beside the painted parts."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

__all__ = ["sheet"]

# A spin box forgets its left padding in Qt 6.11; its buttons, which we don't show, keep the room free.
_SHEET = Template("""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
  background: $card; color: $ink; border: 1px solid $field_line; border-radius: 8px; padding: 5px 9px;
  placeholder-text-color: $ink_faint; selection-background-color: $select_fill; selection-color: $on_fill; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: 20px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
  border: 1px solid $select; background: $card; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled,
QAbstractSpinBox:disabled {
  background: $paper; color: $ink_faint; }
QComboBox:!editable { padding-left: 11px; }
QComboBox::drop-down, QDateTimeEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateTimeEdit[calendarPopup="true"]::down-arrow { image: url("$arrow");
  width: 14px; height: 14px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; background: transparent;
  min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border;
  width: 10px; height: 1px; border: none; }
QAbstractSpinBox::up-button { subcontrol-position: top left; }
QAbstractSpinBox::down-button { subcontrol-position: top right; }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { width: 0; height: 0; }
QComboBox QAbstractItemView { background: $card; color: $ink; border: 1px solid $field_line; outline: 0;
  selection-background-color: $halo; selection-color: $ink; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $key_line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $ink_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QCheckBox, QRadioButton { color: $ink; spacing: 8px; }
QCheckBox:disabled, QRadioButton:disabled { color: $ink_faint; }
QCheckBox::indicator, QRadioButton::indicator { width: 15px; height: 15px; border: 1px solid $check_line;
  background: $card; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
  border: 2px solid $select; width: 13px; height: 13px; }
QCheckBox::indicator:checked { background: $select_fill; border-color: $select_fill; image: url("$tick"); }
QRadioButton::indicator:checked { background: $on_fill; border: 5px solid $select_fill; width: 7px;
  height: 7px; }
QHeaderView { background: $card; border: none; }
QHeaderView::section { background: $card; color: $ink_faint; border: none; border-bottom: 1px solid $line;
  padding: 6px 8px; }
QTableView { background: $card; border: none; gridline-color: $line; selection-background-color: $select_tint;
  selection-color: $ink; }
QListWidget { background: $card; color: $ink; border: 1px solid $field_line; border-radius: 8px; padding: 4px;
  outline: 0; }
QListWidget::item { padding: 5px 8px; border-radius: 6px; }
QListWidget::item:selected { background: $select_tint; color: $ink; }
QTableCornerButton::section { background: $card; border: none; }
QProgressBar { background: $grey_tint; color: $ink; border: none; border-radius: 4px; text-align: center; }
QProgressBar::chunk { background: $select_fill; border-radius: 4px; }
QMenu { background: $card; color: $ink; border: 1px solid $field_line; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $halo; color: $ink; }
QMenu::item:disabled { color: $ink_faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }
QToolTip { background: $rail; color: $on_rail; border: 1px solid $rail_line; padding: 4px 6px; }
""")


def sheet(colours: Mapping[str, str]) -> str:
    """The style sheet with the colours of a look, by their names in `Look`, and the files `arrow`, `tick`."""
    return _SHEET.substitute(colours)
