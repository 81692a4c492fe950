"""What came from outside is shown as plain text: only `app/ui/plain.py` touches what could render markup.

A label, tooltip or message box that is given a lead's name guesses whether it is markup, and then loads
pictures from files and shares. So the rest of `app/ui` may not even name these.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import modules, parsed

HOME = Path("app/ui/plain.py")
WIDGETS = {"QErrorMessage", "QLabel", "QMessageBox", "QTextBrowser", "QToolTip", "QWhatsThis"}
METHODS = {
    "appendHtml",
    "insertHtml",
    "insertMarkdown",
    "setHtml",
    "setMarkdown",
    "setOpenExternalLinks",
    "setOpenLinks",
    "setRichText",
    "setToolTip",
    "setWhatsThis",
}
VALUES = {"AutoText", "MarkdownText", "RichText", "ToolTipRole", "WhatsThisRole"}
FORBIDDEN = WIDGETS | METHODS | VALUES


def raw_uses(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and name of each use of something that may render markup."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
            found.append((node.lineno, node.attr))
        elif isinstance(node, ast.Name) and node.id in WIDGETS:
            found.append((node.lineno, node.id))
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, alias.name) for alias in node.names if alias.name in WIDGETS]
    return found


def test_only_plain_shows_text_that_could_be_markup() -> None:
    paths = [path for path in modules("app") if path.parts[1] in ("ui", "boot.py") and path != HOME]
    found = [f"{path}:{line}: {name}" for path in paths for line, name in raw_uses(parsed(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "from PySide6.QtWidgets import QLabel",
        "from PySide6.QtWidgets import QLabel as Text",
        "from PySide6 import QtWidgets\nQtWidgets.QMessageBox.warning(None, 'a', lead.name)",
        "button.setToolTip(lead.name)",
        "document.setHtml(lead.note)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "browser.setOpenExternalLinks(True)",
        "if role == Qt.ItemDataRole.ToolTipRole: pass",
    ],
)
def test_the_search_finds_each_way(source: str) -> None:
    assert raw_uses(ast.parse(source))


def test_the_search_leaves_plain_text_alone() -> None:
    assert not raw_uses(
        ast.parse("label = PlainLabel(lead.name)\ntip(button, lead.name)\nedit.setPlainText(x)")
    )
