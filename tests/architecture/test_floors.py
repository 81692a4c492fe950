"""Higher floors import lower ones, and the bootstrap imports nothing that is not there yet."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, modules, parsed

FIRST_READ = ["main.py", "app/__init__.py", "app/bootstrap/__init__.py", "tests/__main__.py"]


def test_imports_keep_to_the_floors() -> None:
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"
    found = subprocess.run(
        [sys.executable, "-c", lint, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_the_bootstrap_needs_only_the_standard_library() -> None:
    found = {name for path in modules("app") if path.parts[1] == "bootstrap" for name in imported(path)}
    assert found
    strange = {name for name in found if name.partition(".")[0] not in sys.stdlib_module_names}
    assert strange == {"app.bootstrap", "app.bootstrap.install"}


@pytest.mark.parametrize("name", FIRST_READ)
def test_an_old_python_can_read_far_enough_to_be_told_so(name: str) -> None:
    tree = ast.parse((ROOT / name).read_bytes(), feature_version=(3, 6))
    futures = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert not futures


def test_starting_loads_nothing_heavy_before_the_program() -> None:
    """What `main.py` brings into the interpreter on its way to `app.boot`, beyond what a bare one has."""
    look = "import sys; before = set(sys.modules); import main; print(*sorted(set(sys.modules) - before))"
    seen = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(seen.stdout.split()) == {"app", "app.bootstrap", "main"}
